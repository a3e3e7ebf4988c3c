"""Run by import_path.py in a process of its own: CPU time of warm imports, every way of importing in random order.

    python warm_imports.py FOLDER COUNT ROUNDS WAY...

Prints JSON: for each way the microseconds of each module (the median of the rounds, thread CPU time), the sums of
each round, and the same in wall-clock time.
"""

from __future__ import annotations

import gc
import json
import os
import pkgutil
import random
import statistics
import sys
from typing import TYPE_CHECKING

from module_set import HAND, MARKED, OUTSIDE, names
from peers import PEERS, Way

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_COLLECT_EVERY = 25


def own_ways(folder: str) -> dict[str, Callable[[], Way]]:
    """Plain Python's and ours, by name; each is set up when it is called."""
    import jitc_import

    plain_hooks = list(sys.path_hooks)
    jitc_import.install(children=False)
    finder, hooks = sys.meta_path[0], list(sys.path_hooks)

    def way(name: str, *, hooked: bool) -> Way:
        """Ours or Python's, each with what finds modules in the folder; the other's is put aside meanwhile."""
        place = os.path.join(folder, name)
        sys.path_hooks[:] = hooks if hooked else plain_hooks
        sys.path_importer_cache.pop(place, None)
        entry = pkgutil.get_importer(place)
        sys.path_hooks[:] = plain_hooks
        return Way(place, finder if hooked else None, entry=entry)

    return {
        "plain": lambda: way(HAND, hooked=False),
        "hooked": lambda: way(HAND, hooked=True),
        "outside": lambda: way(OUTSIDE, hooked=False),
        "outside, hooked": lambda: way(OUTSIDE, hooked=True),
        "completed": lambda: way(MARKED, hooked=True),
    }


def measure(ways: Mapping[str, Way], count: int, rounds: int) -> dict[str, dict[str, list[list[int]]]]:
    """Nanoseconds of each import, by way and clock: a list a module, in which each round is an entry."""
    modules = names(count)
    times = {way: {clock: [[] for _ in modules] for clock in ("cpu", "wall")} for way in ways}  # type: ignore[var-annotated]
    order = list(range(count))
    for round_number in range(rounds + 1):
        random.shuffle(order)
        for place, number in enumerate(order):
            if place % _COLLECT_EVERY == 0:
                gc.collect()
            for name in random.sample(list(ways), len(ways)):
                cpu, wall = ways[name].time(modules[number])
                if round_number:  # the first round fills the caches
                    times[name]["cpu"][number].append(cpu)
                    times[name]["wall"][number].append(wall)
    return times


def summary(times: Sequence[Sequence[int]]) -> dict[str, list[float]]:
    """Microseconds: the median of each module, and the sum of each round."""
    return {
        "modules": [statistics.median(each) / 1000 for each in times],
        "rounds": [sum(each) / 1000 for each in zip(*times)],  # noqa: B905 -- Python 3.10 as well
    }


def versions(wanted: Iterable[str]) -> dict[str, str]:
    """The versions of the peers among `wanted`."""
    from importlib.metadata import version

    return {name: version(PEERS[name].package) for name in wanted if name in PEERS}


def main() -> None:
    """Measure what the command line names."""
    folder, count, rounds, *wanted = sys.argv[1:]
    sys.path.insert(0, "")
    sys.dont_write_bytecode = False
    told = versions(wanted)  # before anything replaces the finders of metadata, as importlib_metadata does
    hooks = list(sys.path_hooks)
    makers = own_ways(folder)
    sys.meta_path.pop(0)
    sys.path_hooks[:] = hooks
    ways, failed = {}, {}
    for name in wanted:
        finders, hooks = list(sys.meta_path), list(sys.path_hooks)
        try:
            ways[name] = makers[name]() if name in makers else PEERS[name].way(folder, names(int(count)))
        except Exception as error:  # noqa: BLE001 -- a peer that does not work here is said to be so
            failed[name] = f"{type(error).__name__}: {error}"
        sys.meta_path[:], sys.path_hooks[:] = finders, hooks  # a way puts its own finder in when it is timed
    gc.disable()  # or an import would pay for the modules that others left behind
    gc.collect()
    gc.freeze()
    times = measure(ways, int(count), int(rounds))
    result = {way: {clock: summary(each) for clock, each in clocks.items()} for way, clocks in times.items()}
    json.dump({"ways": result, "failed": failed, "versions": told}, sys.stdout)


if __name__ == "__main__":
    main()
