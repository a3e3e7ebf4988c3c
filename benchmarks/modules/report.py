"""The tables of runs over whole modules, and their comparison in pairs."""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Record = dict[str, Any]
    Runs = dict[str, dict[str, Record]]

COLUMNS = ("module", "stubs", "bodies", "right", "all right", "verified", "requests", "read", "written", "seconds")


def print_report(records: Iterable[Record]) -> None:
    """A table for each label, then each pair of labels on the modules that both have."""
    runs: Runs = {}
    for record in records:
        runs.setdefault(record["label"], {})[record["module"]] = record
    for label, run in runs.items():
        models = ", ".join(sorted({str(record["model"]) for record in run.values()}))
        print(f"\n### {label}: {models}\n")
        _print_table([COLUMNS, *(_row(run[name]) for name in sorted(run)), _total(list(run.values()))])
        print(f"\n{_verified(list(run.values()))}")
    for one, other in combinations(runs, 2):
        _print_pair(one, other, runs)


def _row(record: Record) -> tuple[str, ...]:
    stubs = record["stubs"]
    return (
        record["module"],
        str(len(stubs)),
        str(sum(stub["body"] for stub in stubs)),
        str(sum(stub["right"] for stub in stubs)),
        "yes" if record["right"] else "no",
        _share(_verified_stubs([record])),
        *(str(record[name]) for name in ("requests", "tokens_in", "tokens_out")),
        f"{record['seconds']:.0f}",
    )


def _total(records: Sequence[Record]) -> tuple[str, ...]:
    stubs = [stub for record in records for stub in record["stubs"]]
    return (
        f"{len(records)} modules",
        str(len(stubs)),
        str(sum(stub["body"] for stub in stubs)),
        f"{sum(stub['right'] for stub in stubs)} ({_percent([stub['right'] for stub in stubs])})",
        f"{sum(record['right'] for record in records)} ({_percent([record['right'] for record in records])})",
        _share(_verified_stubs(records)),
        *(str(sum(record[name] for record in records)) for name in ("requests", "tokens_in", "tokens_out")),
        f"{sum(record['seconds'] for record in records):.0f}",
    )


def _verified_stubs(records: Iterable[Record]) -> list[Record]:
    return [stub for record in records for stub in record["stubs"] if stub["body"] and stub.get("verified")]


def _share(stubs: Sequence[Record]) -> str:
    return f"{sum(stub['right'] for stub in stubs)}/{len(stubs)}" if stubs else "-"


def _verified(records: Sequence[Record]) -> str:
    """How often what the tool called verified, and what it did not, is right."""
    verified = _verified_stubs(records)
    others = [stub for record in records for stub in record["stubs"] if stub["body"] and not stub.get("verified")]
    told = _percent([stub["right"] for stub in verified])
    return f"Verified and right: {_share(verified)} ({told}); a body that is not verified and right: {_share(others)}."


def _print_pair(one: str, other: str, runs: Runs) -> None:
    """On the modules that both runs have: what only one of them got right."""
    common = sorted(runs[one].keys() & runs[other].keys())
    pairs = {"modules": [(runs[one][name]["right"], runs[other][name]["right"]) for name in common]}
    pairs["stubs"] = [pair for name in common for pair in _stub_pairs(runs[one][name], runs[other][name])]
    print(f"\n### {one} against {other}: {len(common)} modules\n")
    rows: list[Sequence[str]] = [("", one, other, "both", f"only {one}", f"only {other}", "neither", "p (sign test)")]
    for what in ("stubs", "modules"):
        found = pairs[what]
        counts = [found.count(pair) for pair in ((True, True), (True, False), (False, True), (False, False))]
        shares = [_percent([pair[side] for pair in found]) for side in (0, 1)]
        rows.append((what, *shares, *map(str, counts), f"{_sign_test(counts[1], counts[2]):.3f}"))
    _print_table(rows)


def _stub_pairs(one: Record, other: Record) -> list[tuple[bool, bool]]:
    others = {stub["key"]: stub["right"] for stub in other["stubs"]}
    return [(stub["right"], others[stub["key"]]) for stub in one["stubs"] if stub["key"] in others]


def _sign_test(wins: int, losses: int) -> float:
    """How likely a difference at least as large is if each one-sided pair falls either way by chance."""
    count = wins + losses
    tail: int = sum(comb(count, k) for k in range(min(wins, losses) + 1))
    return min(1.0, 2 * tail / float(2**count))


def _percent(values: Sequence[bool]) -> str:
    return f"{100 * sum(values) / len(values):.0f} %" if values else "-"


def _print_table(rows: Sequence[Sequence[str]]) -> None:
    """Rows as a Markdown table, the first one its head."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    print("\n".join(lines))
