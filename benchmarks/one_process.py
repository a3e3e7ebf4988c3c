"""Run by import_path.py in a process of its own: import a set of modules once, and tell what that took.

    python one_process.py FOLDER COUNT plain|hooked [tracemalloc] [third=NUMBER]

Prints JSON: milliseconds of CPU time and by the clock from before the hook is activated, memory in bytes.
"""

import os
import sys
import time

FOLDER, COUNT, HOW, *OPTIONS = sys.argv[1:]
TRACED = 0
START, STEP = next(((int(option[6:]), 3) for option in OPTIONS if option.startswith("third=")), (0, 1))
sys.path[0] = FOLDER
if "tracemalloc" in OPTIONS:
    import tracemalloc

    tracemalloc.start()
CPU, WALL = time.process_time_ns(), time.perf_counter_ns()
if HOW == "hooked":
    import jitc_import.activate  # noqa: F401
for number in range(START, int(COUNT), STEP):
    __import__(f"bench_{number}")
CPU, WALL = time.process_time_ns() - CPU, time.perf_counter_ns() - WALL
if "tracemalloc" in OPTIONS:
    import tracemalloc

    TRACED = tracemalloc.get_traced_memory()[0]


def memory_of(name: str, file: str) -> int:
    """Bytes that a line of a file of Linux's about this process tells; 0 elsewhere."""
    try:
        with open(f"/proc/self/{file}") as lines:
            return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))
    except (OSError, StopIteration):
        return 0


def main() -> None:
    """Print what was measured; what this loads is no part of it."""
    measured = {
        "cpu": CPU / 1e6,
        "wall": WALL / 1e6,
        "rss": memory_of("VmRSS:", "status"),
        "peak": memory_of("VmHWM:", "status"),
        "private": memory_of("Private_Dirty:", "smaps_rollup") + memory_of("Private_Clean:", "smaps_rollup"),
        "traced": TRACED,
        "loaded": [name for name in ("libcst", "openai", "pydantic", "ast") if name in sys.modules],
    }
    import json

    print(json.dumps(measured))
    sys.stdout.flush()
    os._exit(0)


main()
