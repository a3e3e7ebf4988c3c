"""What an import costs with the hook and without: thread CPU time, warm, both in one process, in random order.

    python benchmarks/import_path.py [MODULES]

Prints, for modules that are in scope and unmarked, out of scope, and marked and completed (against the same written
by hand), microseconds an import without the hook and with it, and the ratio. Ratios can be trusted; microseconds vary
with the load of the machine.
"""

from __future__ import annotations

import importlib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import jitc_import  # noqa: E402
from companions import write_companion  # noqa: E402

ROUNDS = 15
STARTS = 60
DIGEST = "0" * 32
BODIES = 4

HEAD = '"""Module {name}."""\nimport math\n\nLIMIT = {number}\n\n\n'
CLASS = (
    'class Shape:\n    """A shape."""\n\n    def __init__(self, size: float) -> None:\n        self.size = size\n\n\n'
)
STUB = 'def part_{n}(shape: Shape, scale: float = 1.0) -> float:\n    """Part {n}, scaled."""\n'
BODY = (
    "    total = 0.0\n    for step in range(LIMIT):\n        total += math.sqrt(step) * scale * shape.size\n"
    "    return total\n"
)


def write_modules(folder: Path, count: int, *, marked: bool) -> None:
    """Modules of four functions each, the bodies in the module or in its companion file."""
    for number in range(count):
        name = f"bench_{number}"
        text = ("# jitc: enable\n" if marked else "# by hand here\n") + HEAD.format(name=name, number=number) + CLASS
        text += "\n\n".join(STUB.format(n=n) + ("" if marked else BODY) for n in range(BODIES))
        path = folder / f"{name}.py"
        path.write_text(text, encoding="utf-8")
        if marked:
            write_companion(path, {f"part_{n}": STUB.format(n=n) + BODY for n in range(BODIES)})


def import_time(name: str) -> int:
    """Nanoseconds of CPU time that importing `name` anew takes this thread."""
    sys.modules.pop(name, None)
    start = time.thread_time_ns()
    importlib.import_module(name)
    return time.thread_time_ns() - start


def measure(count: int, plain: Callable[[], None], hooked: Callable[[], None]) -> tuple[float, float, float]:
    """Microseconds an import, plain and hooked, and their ratio: the mean over the modules of each one's best."""
    names = [f"bench_{number}" for number in range(count)]
    best: dict[Callable[[], None], dict[str, int]] = {plain: {}, hooked: {}}
    for round_number in range(ROUNDS + 1):
        random.shuffle(names)
        for name in names:
            for prepare in random.sample((plain, hooked), 2):
                prepare()
                spent = import_time(name)
                if round_number:  # the first round fills the caches
                    best[prepare][name] = min(spent, best[prepare].get(name, spent))
    first, second = (statistics.mean(each.values()) / 1000 for each in (best[plain], best[hooked]))
    return first, second, second / first


def switch(path: str, finder: object, *, hook: bool) -> Callable[[], None]:
    """A function that puts `path` first on the module search path and the finder in or out.

    Installing would read the sources of what is imported already, and leave the processor's caches cold.
    """

    def prepare() -> None:
        sys.path[0] = path
        if (finder in sys.meta_path) is not hook:
            if hook:
                sys.meta_path.insert(0, finder)  # type: ignore[arg-type]
            else:
                sys.meta_path.remove(finder)  # type: ignore[arg-type]

    return prepare


def start_up(code: str) -> float:
    """Milliseconds of CPU time of `python -c code`, start to end, on average."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    times = []
    for _ in range(STARTS):
        before = os.times()
        subprocess.run([sys.executable, "-c", code], env=environment, check=True)
        after = os.times()
        times.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return statistics.mean(times) * 1000


def main() -> None:
    """Run every benchmark and print a line for each."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    sys.path.insert(0, "")
    sys.dont_write_bytecode = False
    print(f"Python {sys.version.split()[0]}, {count} modules, {ROUNDS} rounds\n{'':24}  plain  hooked  ratio")
    with tempfile.TemporaryDirectory() as temporary:
        folders = {}
        for name, marked in {"inside": False, "marked": True, "out/site-packages": False}.items():
            folders[name] = os.path.join(temporary, name)
            os.makedirs(folders[name])
            write_modules(Path(folders[name]), count, marked=marked)
        inside, marked_folder, outside = folders["inside"], folders["marked"], folders["out/site-packages"]
        jitc_import.install(children=False)
        finder = sys.meta_path[0]
        pairs = {
            "in scope, unmarked": (switch(inside, finder, hook=False), switch(inside, finder, hook=True)),
            "out of scope": (switch(outside, finder, hook=False), switch(outside, finder, hook=True)),
            "completed / by hand": (switch(inside, finder, hook=False), switch(marked_folder, finder, hook=True)),
        }
        for name, (plain, hooked) in pairs.items():
            first, second, ratio = measure(count, plain, hooked)
            print(f"{name:24} {first:5.1f}µs {second:5.1f}µs  {ratio:5.3f}")
    bare, active = start_up("pass"), start_up("import jitc_import.activate")
    print(f"{'start-up, activate':24} {bare:5.1f}ms {active:5.1f}ms  +{active - bare:.1f} ms")


if __name__ == "__main__":
    main()
