"""What the import path costs beside plain Python, and beside other import hooks.

    python benchmarks/import_path.py [--modules 500] [--rounds 15] [--peers] [--set FOLDER]

Writes modules of several sizes, has the product complete them against a scripted server on this machine, and measures
every way in pairs, in random order, in one run. Prints two tables: what the hook costs, and with `--peers` how
others' hooks do on the same modules, in an environment of their own below `.venvs`. Ratios are to be trusted,
microseconds vary with the machine; times are CPU time, what the clock said stands beside them.

`--set FOLDER` keeps the completed modules there and takes them from there the next time.
"""

from __future__ import annotations

import argparse
import contextlib
import glob
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import processes
from module_set import HAND, JITI, MARKED, MARKS, OUTSIDE, ROOT, complete_set, write_set
from peers import PEERS, peers_python

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Ways = Mapping[str, Mapping[str, Mapping[str, Sequence[float]]]]

HERE = os.path.dirname(os.path.abspath(__file__))
OWN = ("plain", "hooked", "outside", "outside, hooked", "completed")


@dataclass(frozen=True)
class Row:
    """A line of the table; `figure` is a ratio or a difference, `spread` its quartiles over the rounds."""

    what: str
    plain: str
    hooked: str
    figure: str
    spread: str
    wall: str
    limit: str = ""

    def line(self) -> str:
        """As a line of a Markdown table."""
        cells = (self.what, self.plain, self.hooked, self.figure, self.spread, self.wall, self.limit)
        return f"| {' | '.join(cells)} |"


def main() -> None:
    """Run everything and print the tables."""
    options = _options()
    with _folder(options.set) as folder:
        prepare(folder, options.modules)
        print(f"Python {sys.version.split()[0]}, {options.modules} modules, {options.rounds} rounds\n")
        print("| what | plain or by hand | with jitc | ratio | quartiles | by the clock | to reach |")
        print("|---|---|---|---|---|---|---|")
        for row in own_rows(folder, options.modules, options.rounds):
            print(row.line(), flush=True)
        if options.peers:
            print_peers(folder, options.modules, max(3, options.rounds // 3))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What the import path costs.")
    parser.add_argument("--modules", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--peers", action="store_true", help="measure other import hooks beside")
    parser.add_argument("--set", metavar="FOLDER", help="keep the modules in this folder for the next time")
    return parser.parse_args()


@contextlib.contextmanager
def _folder(kept: str | None) -> Iterator[str]:
    if kept:
        os.makedirs(kept, exist_ok=True)
        yield os.path.abspath(kept)
        return
    with tempfile.TemporaryDirectory() as folder:
        yield os.path.realpath(folder)


def prepare(folder: str, count: int) -> None:
    """The sets of modules below `folder`, unless they are there.

    Raises SystemExit where they are others: what another state of the product wrote may take a slower way.
    """
    done = os.path.join(folder, f"complete-{count}-{product_digest()}")
    if os.path.exists(done):
        return
    if os.listdir(folder):
        raise SystemExit(f"{folder} holds something else, or what another state of jitc_import completed: name another")
    for name, style in ((HAND, HAND), (OUTSIDE, HAND), (JITI, JITI), (MARKED, MARKED)):
        write_set(os.path.join(folder, name), count, style)
    complete_set(os.path.join(folder, MARKED), count)
    with open(done, "w", encoding="utf-8"):
        pass


def product_digest() -> str:
    """What tells one state of the product's source from another."""
    found = hashlib.sha256()
    for path in sorted(glob.glob(os.path.join(ROOT, "jitc_import", "**", "*.py"), recursive=True)):
        with open(path, "rb") as file:
            found.update(file.read())
    return found.hexdigest()[:12]


def own_rows(folder: str, count: int, rounds: int) -> Iterator[Row]:
    """What the hook costs."""
    ways = _child(sys.executable, "warm_imports.py", folder, count, rounds, *OWN)["ways"]
    yield warm_row("warm import, unmarked, in scope", ways, "plain", "hooked", "≤ 0.95")
    yield warm_row("warm import, out of scope", ways, "outside", "outside, hooked", "≤ 1.01")
    yield warm_row("warm import, completed / by hand", ways, "plain", "completed", "≤ 1.05")
    for place, mark in enumerate(MARKS):
        part = {way: ways[way] | {"cpu": _every_third(ways[way]["cpu"], place)} for way in ("plain", "completed")}
        yield warm_row(f"… marked by {mark}", part, "plain", "completed", "")
    slow = max(3, rounds // 3)
    yield from first_rows(processes.first_imports(folder, count, slow))
    one = processes.first_imports(folder, 1, rounds)
    yield difference_row("a process whose one module has no cache", one["plain"], one["hooked"], "")
    yield from start_rows(processes.starts(folder, 2 * rounds))
    yield call_row(_child(sys.executable, "calls.py", folder, count, 4 * rounds))
    yield from memory_rows(folder, count, slow)


def _child(python: str, script: str, *arguments: object) -> Any:
    variables = processes.environment() | {"LITELLM_LOCAL_MODEL_COST_MAP": "True"}  # wishful's would ask the network
    command = [python, os.path.join(HERE, script), *map(str, arguments)]
    done = subprocess.run(command, env=variables, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout)


def _every_third(times: Mapping[str, Sequence[float]], start: int) -> dict[str, Sequence[float]]:
    return {"modules": times["modules"][start :: len(MARKS)], "rounds": []}


def warm_row(what: str, ways: Ways, plain: str, hooked: str, limit: str) -> Row:
    """Microseconds an import, and the ratio: of the sums of each module's median."""
    first, second = (ways[way]["cpu"] for way in (plain, hooked))
    walls = (sum(ways[way]["wall"]["modules"]) for way in (hooked, plain))
    return Row(
        what,
        f"{statistics.mean(first['modules']):.1f} µs",
        f"{statistics.mean(second['modules']):.1f} µs",
        f"**{sum(second['modules']) / sum(first['modules']):.3f}**",
        _quartiles(y / x for x, y in zip(first["rounds"], second["rounds"])),  # noqa: B905 -- Python 3.10 as well
        f"{next(walls) / next(walls):.3f}" if first["rounds"] else "",
        limit,
    )


def _quartiles(figures: Iterable[float], form: str = ".3f") -> str:
    found = sorted(figures)
    if len(found) < 2:  # noqa: PLR2004 -- quantiles needs two
        return ""
    low, _, high = statistics.quantiles(found, n=4)
    return f"{low:{form}} to {high:{form}}"


def first_rows(measured: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[Row]:
    """First imports of all modules: compiled by hand, and grafted from companion files that are fresh."""
    loaded = {name for each in measured["hooked"] for name in each["loaded"]}
    if loaded & {"libcst", "openai", "pydantic"}:
        raise AssertionError(f"a first import loaded {loaded}")
    yield ratio_row("first import without any cache", measured, "cpu", 1, "ms", "≤ 1.5, no libcst")


def ratio_row(
    what: str, measured: Mapping[str, Sequence[Mapping[str, Any]]], field: str, unit: float, name: str, limit: str
) -> Row:
    """The median of the ratios of each round, and the medians themselves."""
    plain, hooked = ([each[field] for each in measured[how]] for how in ("plain", "hooked"))
    ratios = [y / x for x, y in zip(plain, hooked)]  # noqa: B905
    walls = [y["wall"] / x["wall"] for x, y in zip(measured["plain"], measured["hooked"])]  # noqa: B905
    return Row(
        what,
        f"{statistics.median(plain) / unit:,.1f} {name}",
        f"{statistics.median(hooked) / unit:,.1f} {name}",
        f"**{statistics.median(ratios):.3f}**",
        _quartiles(ratios),
        f"{statistics.median(walls):.3f}" if field == "cpu" else "",
        limit,
    )


def difference_row(
    what: str, plain: Sequence[Mapping[str, float]], hooked: Sequence[Mapping[str, float]], limit: str
) -> Row:
    """The median of the differences of each round, in milliseconds."""
    more, wall = ([y[field] - x[field] for x, y in zip(plain, hooked)] for field in ("cpu", "wall"))  # noqa: B905
    return Row(
        what,
        f"{statistics.median(each['cpu'] for each in plain):.1f} ms",
        f"{statistics.median(each['cpu'] for each in hooked):.1f} ms",
        f"**+{statistics.median(more):.1f} ms**",
        _quartiles(more, "+.1f"),
        f"+{statistics.median(wall):.1f} ms",
        limit,
    )


def start_rows(measured: Mapping[str, Sequence[Mapping[str, float]]]) -> Iterator[Row]:
    """What it takes to start a program."""
    rows = (
        ("`import jitc_import.activate` over `pass`", "pass", "activate", "≤ 5 ms"),
        ("`-m jitc_import run script.py` over `script.py`", "script", "run", "≤ 15 ms"),
        ("… a script that imports a completed module", "script, importing", "run, importing", ""),
        ("… of which `-m` itself, with a module of one line", "script", "-m", ""),
    )
    for what, plain, hooked, limit in rows:
        yield difference_row(what, measured[plain], measured[hooked], limit)


def call_row(found: Mapping[str, Any]) -> Row:
    """A call of a completed function; says so where the code of one is another than by hand."""
    low, middle, high = found["quartiles"]
    same = found["functions"] - len(found["different"])
    what = f"a call; same code: {same} of {found['functions']} functions"
    return Row(what, f"{found['kinds']} kinds", "", f"**{middle:.3f}**", f"{low:.3f} to {high:.3f}", "", "1.00")


def memory_rows(folder: str, count: int, rounds: int) -> Iterator[Row]:
    """The memory of a process that imported all modules from warm caches."""
    measured = processes.memory(folder, count, rounds)
    mebibyte = 2**20
    yield ratio_row("warm, in a process of its own", measured, "cpu", 1, "ms", "")
    for field, what in (("rss", "memory, resident"), ("peak", "… its peak"), ("private", "… private")):
        yield ratio_row(what, measured, field, mebibyte, "MiB", "≤ 1.02" if field == "rss" else "")
    for place, mark in enumerate(MARKS):
        part = processes.memory(folder, count, 3, f"third={place}")
        yield ratio_row(f"… resident, the third marked by {mark}", part, "rss", mebibyte, "MiB", "")
    traced = processes.memory(folder, count, 2, "tracemalloc")
    yield ratio_row("… Python's objects (tracemalloc)", traced, "traced", mebibyte, "MiB", "")


def print_peers(folder: str, count: int, rounds: int) -> None:
    """How others' hooks do on the same modules, beside ours in one process."""
    python, missing = peers_python()
    wanted = [name for name in PEERS if name not in missing]
    calls = _child(python, "peers.py", folder, count) if "jiti" in wanted else 0.0
    found = _child(python, "warm_imports.py", folder, count, rounds, "plain", "hooked", "completed", *wanted)
    ways, missing = found["ways"], {**missing, **found["failed"]}
    print("\n| warm import, matching | an import | times plain | quartiles | what is measured |\n|---|---|---|---|---|")
    notes = {"plain": "Python itself", "hooked": "jitc, unmarked modules", "completed": "jitc, completed modules"}
    for name in ("plain", "hooked", "completed", *PEERS):
        note = notes.get(name) or f"{PEERS[name].package} {found['versions'].get(name, '')}: {PEERS[name].note}"
        if name in missing:
            print(f"| {name} | - | - | - | {note}; {missing[name]} |")
            continue
        row = warm_row(name, ways, "plain", name, "")
        print(f"| {name} | {row.hooked} | {row.figure} | {row.spread} | {note} |")
    if calls:
        print(f"| jiti, the first calls | {calls:,.1f} µs | | | of the stubs of a module: what loads their bodies |")


if __name__ == "__main__":
    main()
