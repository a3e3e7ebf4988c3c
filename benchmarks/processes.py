"""Benchmarks of whole processes: first imports, memory, start-up. Always in pairs, in random order."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from module_set import HAND, MARKED, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Measured = dict[str, Any]

_CHILD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "one_process.py")
_PAIR = {"plain": HAND, "hooked": MARKED}

STARTS: dict[str, tuple[str, ...]] = {
    "pass": ("-c", "pass"),
    "activate": ("-c", "import jitc_import.activate"),
    "script": (os.path.join(HAND, "empty.py"),),
    "run": ("-m", "jitc_import", "run", os.path.join(HAND, "empty.py")),
    "script, importing": (os.path.join(HAND, "script.py"),),
    "run, importing": ("-m", "jitc_import", "run", os.path.join(MARKED, "script.py")),
    "-m": ("-m", "launched"),
}
"""Command lines, relative to the folder with the sets; the last shows what `-m` takes with a module of one line."""


def environment() -> dict[str, str]:
    """That of the processes: no settings, this checkout on the path."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JITC_", "OPENAI_", "PYTHON"))}
    return {**kept, "PYTHONPATH": ROOT}


def alternate(ways: Mapping[str, Callable[[], Measured]], rounds: int) -> dict[str, list[Measured]]:
    """What each way measured in each round; the first, which fills caches, is left out."""
    results: dict[str, list[Measured]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name in random.sample(list(ways), len(ways)):
            measured = ways[name]()
            if number:
                results[name].append(measured)
    return results


def first_imports(folder: str, count: int, rounds: int) -> dict[str, list[Measured]]:
    """Processes that import all modules without any cache, and write it."""
    ways = {how: lambda how=how: _imported(folder, how, count, fresh=True) for how in _PAIR}
    return alternate(ways, rounds)


def memory(folder: str, count: int, rounds: int, *options: str) -> dict[str, list[Measured]]:
    """Processes that import all modules from warm caches."""
    ways = {how: lambda how=how: _imported(folder, how, count, *options) for how in _PAIR}
    return alternate(ways, rounds)


def starts(folder: str, rounds: int) -> dict[str, list[Measured]]:
    """Processes from start to end, in milliseconds of CPU time and by the clock."""
    with open(os.path.join(folder, "launched.py"), "w", encoding="utf-8") as file:
        file.write("import sys\n")
    ways = {name: lambda how=how: _started(folder, how) for name, how in STARTS.items()}
    return alternate(ways, rounds)


def _imported(folder: str, how: str, count: int, *options: str, fresh: bool = False) -> Measured:
    home = os.path.join(folder, _PAIR[how])
    if fresh:
        shutil.rmtree(os.path.join(home, "__pycache__"), ignore_errors=True)
    command = [sys.executable, _CHILD, home, str(count), how, *options]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    measured: Measured = json.loads(done.stdout)
    return measured


def _started(folder: str, arguments: tuple[str, ...]) -> Measured:
    """By what the system counted for this very process, where it does."""
    begun, before = time.perf_counter(), os.times()
    child = subprocess.Popen([sys.executable, *arguments], env=environment(), cwd=folder)
    if hasattr(os, "wait4"):
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        cpu = usage.ru_utime + usage.ru_stime
    else:
        child.wait()
        after = os.times()
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
    wall = time.perf_counter() - begun
    if child.returncode:
        raise RuntimeError(f"{arguments} ended with {child.returncode}")
    return {"cpu": 1000 * cpu, "wall": 1000 * wall}
