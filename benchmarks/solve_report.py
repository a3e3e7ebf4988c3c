"""Tables of solved problems: one way alone, or the baseline and the tool on the same problems, paired.

`requests` and `candidates` are those that the problem took; `believed` is what the tool said of its own body before
the benchmark's tests ran: verified (an example or a test passed), unverified, or failed (no body). The precision of
"verified" is the share of verified bodies that pass. Tokens per solved problem are those of all problems, the unsolved
too, over the number solved.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Record = dict[str, Any]

BELIEFS = ("verified", "unverified", "failed")

COLUMNS = ("requests", "candidates", "tokens_in", "tokens_out", "seconds")

VERDICT = 60
"""Characters of a verdict that a table shows."""


def line(record: Record) -> str:
    """A row for one problem."""
    figures = (_figure(record.get(name)) for name in COLUMNS)
    solved = "yes" if record["solved"] else "no"
    verdict = record["verdict"].replace("\n", " ").replace("|", "/")[:VERDICT]
    return _row(record["problem"], record["entry"], solved, record["belief"] or "", *figures, verdict)


def table(records: Sequence[Record]) -> str:
    """A row for each problem, and their sum."""
    heads = ("problem", "function", "solved", "believed", *(name.replace("_", " ") for name in COLUMNS), "verdict")
    sums = (_figure(_sum(records, name)) for name in COLUMNS)
    total = _row("all", "", f"{_solved(records)} of {len(records)}", _counts(records), *sums, "")
    return "\n".join((*_head(*heads), *(line(record) for record in records), total))


def report(baseline: Mapping[int, Record], tool: Mapping[int, Record]) -> str:
    """Both ways on the problems that both have: pass rates, who solved what, tokens, and what "verified" is worth."""
    both = sorted(baseline.keys() & tool.keys())
    pairs = [(baseline[number], tool[number]) for number in both]
    left_out = sorted(baseline.keys() ^ tool.keys())
    parts = [
        *_head(
            "problem", "function", "baseline", "tool", "believed", "requests", "candidates", "tokens in", "tokens out"
        ),
        *(_paired(*pair) for pair in pairs),
        "",
        *_ways([first for first, _ in pairs], [second for _, second in pairs]),
        "",
        *_only(pairs),
        "",
        *_beliefs([second for _, second in pairs]),
    ]
    if left_out:
        parts += ["", f"Left out, as only one of the files has them: {_list(left_out)}."]
    return "\n".join(parts)


def _paired(first: Record, second: Record) -> str:
    marks = ("yes" if record["solved"] else "no" for record in (first, second))
    figures = (_figure(second.get(name)) for name in COLUMNS[:-1])
    return _row(second["problem"], second["entry"], *marks, second["belief"] or "", *figures)


def _ways(first: Sequence[Record], second: Sequence[Record]) -> list[str]:
    """A row for each way: how many it solved, and what that took."""
    rows = _head("way", "solved", "pass rate", "tokens in", "tokens out", "tokens per solved problem", "seconds")
    for name, records in (("baseline", first), ("tool", second)):
        tokens = _sum(records, "tokens_in"), _sum(records, "tokens_out")
        each = _share(sum(tokens), _solved(records), "{:,.0f}")
        rate = _share(_solved(records), len(records), "{:.3f}")
        figures = (_figure(value) for value in tokens)
        solved = f"{_solved(records)} of {len(records)}"
        rows.append(_row(name, solved, rate, *figures, each, _figure(_sum(records, "seconds"))))
    return rows


def _only(pairs: Sequence[tuple[Record, Record]]) -> list[str]:
    """What one way alone solved, and how likely so lopsided a split is by chance (McNemar's exact test, two-sided)."""
    tool = [second["problem"] for first, second in pairs if second["solved"] and not first["solved"]]
    baseline = [first["problem"] for first, second in pairs if first["solved"] and not second["solved"]]
    return [
        f"Solved by both: {sum(first['solved'] and second['solved'] for first, second in pairs)}.",
        f"Solved by neither: {sum(not first['solved'] and not second['solved'] for first, second in pairs)}.",
        f"Solved by the tool alone: {len(tool)} ({_list(tool)}).",
        f"Solved by the baseline alone: {len(baseline)} ({_list(baseline)}).",
        f"McNemar's exact test: p = {chance(len(tool), len(baseline)):.3g}.",
    ]


def chance(one: int, other: int) -> float:
    """The two-sided exact probability of a split of fair coins at least as uneven as this."""
    count = one + other
    tail = sum(math.comb(count, heads) for heads in range(min(one, other) + 1))
    return min(1.0, 2 * tail * 0.5**count)


def _beliefs(records: Sequence[Record]) -> list[str]:
    """How often each belief of the tool came true, and which verified bodies are wrong."""
    rows = _head("believed", "problems", "pass the tests", "share")
    for belief in BELIEFS:
        held = [record for record in records if record["belief"] == belief]
        rows.append(_row(belief, len(held), _solved(held), _share(_solved(held), len(held), "{:.3f}")))
    wrong = [record["problem"] for record in records if record["belief"] == BELIEFS[0] and not record["solved"]]
    return [*rows, "", f"Verified, and wrong: {len(wrong)} ({_list(wrong)})."]


def _counts(records: Sequence[Record]) -> str:
    counts = ((sum(record["belief"] == belief for record in records), belief) for belief in BELIEFS)
    return ", ".join(f"{count} {belief}" for count, belief in counts if count)


def _solved(records: Sequence[Record]) -> int:
    return sum(record["solved"] for record in records)


def _sum(records: Sequence[Record], name: str) -> float:
    return sum(record.get(name) or 0 for record in records)


def _share(part: float, whole: float, form: str) -> str:
    return form.format(part / whole) if whole else "?"


def _figure(value: float | None) -> str:
    return "?" if value is None else f"{round(value, 1):,}"


def _list(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers)) or "none"


def _head(*names: str) -> list[str]:
    return [_row(*names), "|" + "---|" * len(names)]


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"
