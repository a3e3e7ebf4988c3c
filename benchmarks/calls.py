"""Run by import_path.py in a process of its own: completed functions beside the same by hand.

    python calls.py FOLDER COUNT ROUNDS

Prints JSON: how many functions have the same instructions, constants and names, and for each kind of function the
nanoseconds of a call, by hand and completed, in pairs.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import statistics
import sys
import time
from types import CodeType, ModuleType
from typing import TYPE_CHECKING

from module_set import HAND, MARKED, definitions, names

import jitc_import

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    Call = Callable[..., object]

CALLS = 300
FIELDS = ("co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_flags", "co_stacksize", "co_name")


def load(folder: str, count: int) -> list[ModuleType]:
    """The modules of a set, which makes way for the next set."""
    sys.path.insert(0, folder)
    modules = [importlib.import_module(name) for name in names(count)]
    del sys.path[0]
    for module in modules:
        del sys.modules[module.__name__]
    return modules


def pairs(hand: list[ModuleType], made: list[ModuleType]) -> Iterator[tuple[Any, ...]]:
    """The completed functions with their like by hand, and the arguments of a call."""
    for number, modules in enumerate(zip(hand, made)):  # noqa: B905 -- Python 3.10 as well
        for owner, name, kind, stub in definitions(number):
            if stub:
                homes: list[Any] = [getattr(module, owner) if owner else module for module in modules]
                given = [((home(),) if owner else ()) + kind.arguments for home in homes]
                yield kind.name, *(getattr(home, name) for home in homes), *given


def same(one: CodeType, other: CodeType) -> bool:
    """Whether two code objects are the same but for files and lines, and the text kept for `.raw`."""
    if any(getattr(one, field) != getattr(other, field) for field in FIELDS):
        return False
    last = other.co_consts[-1] if other.co_consts else None
    raw = type(last) is tuple and last[:1] == (StopIteration,)
    consts = other.co_consts[:-1] if raw else other.co_consts
    return len(one.co_consts) == len(consts) and all(map(_same_const, one.co_consts, consts))


def _same_const(one: object, other: object) -> bool:
    if isinstance(one, CodeType):
        return isinstance(other, CodeType) and same(one, other)
    return type(one) is type(other) and one == other


def call_time(function: Call, arguments: tuple[object, ...]) -> float:
    """Nanoseconds of a call, on average."""
    start = time.thread_time_ns()
    for _ in range(CALLS):
        function(*arguments)
    return (time.thread_time_ns() - start) / CALLS


def ratio(hand: Call, made: Call, *given: tuple[object, ...]) -> float:
    """The time of a call of a completed function over that of the same by hand, in random order."""
    both = [(hand, given[0]), (made, given[1])]
    times = {each[0]: call_time(*each) for each in random.sample(both, 2)}
    return times[made] / times[hand]


def main() -> None:
    """Compare all code objects, and time one function of each kind."""
    folder, count, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    hand = load(os.path.join(folder, HAND), count)
    jitc_import.install(children=False)
    made = load(os.path.join(folder, MARKED), count)
    jitc_import.uninstall()
    found = list(pairs(hand, made))
    different = [one.__qualname__ for _, one, other, *_ in found if not same(one.__code__, other.__code__)]
    timed = {name: (one, other, first, second) for name, one, other, first, second in found}
    ratios = [ratio(*each) for _ in range(rounds) for each in timed.values()]
    result = {"functions": len(found), "different": different, "kinds": len(timed)}
    result["quartiles"] = statistics.quantiles(ratios, n=4)
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
