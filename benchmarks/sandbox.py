"""Benchmark of the confined child: milliseconds of the first job and of each further one, and the memory it takes."""

from __future__ import annotations

import argparse
import marshal
import os
import statistics
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)

from jitc_import.checks.sandbox import session  # noqa: E402
from jitc_import.checks.sandbox.session import Job, Limits, Sandbox, Snippet  # noqa: E402

_SOURCE = "import {imports}\n\ndef double(x):\n    return 2 * x\n"
_SNIPPETS = (Snippet("double(4)"), Snippet("double('a')"))


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="processes that are started")
    parser.add_argument("--jobs", type=int, default=30, help="jobs that each runs")
    parser.add_argument("--files", type=int, default=100, help="files in the project")
    parser.add_argument("--imports", default="json, re, math", help="what the module imports")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.files):
            open(os.path.join(folder, f"file{number}.txt"), "wb").close()
        rounds = [_round(folder, options.imports, options.jobs) for _ in range(options.rounds)]
    print(f"Python {sys.version.split()[0]}, import {options.imports}, {options.files} files, {rounds[0][3]}")
    print(f"first job     {statistics.median(one[0] for one in rounds):7.1f} ms  (its process with it)")
    further = [time for one in rounds for time in one[1]]
    print(f"further jobs  {statistics.median(further):7.1f} ms  (at most {max(further):.1f})")
    print(f"memory        {rounds[-1][2]:7.1f} MiB between jobs")


def _round(folder: str, imports: str, jobs: int) -> tuple[float, list[float], float, str]:
    session._levels.clear()  # noqa: SLF001 -- the first job of a process finds out
    path = os.path.join(folder, "shapes.py")
    code = marshal.dumps(compile(_SOURCE.format(imports=imports), path, "exec"))
    job = Job(code, "", path, _SNIPPETS)
    begun = time.perf_counter()
    search_path = [folder, *(entry for entry in sys.path[1:] if entry != ROOT)]
    with Sandbox(path, "shapes", search_path, imports.split(", "), Limits()) as sandbox:
        first = _timed(sandbox, job, begun)
        further = [_timed(sandbox, job, time.perf_counter()) for _ in range(jobs)]
        return first, further, _resident(sandbox), sandbox.level


def _timed(sandbox: Sandbox, job: Job, begun: float) -> float:
    outcome = sandbox.run(job)
    if outcome.ended or outcome.import_failure:
        raise RuntimeError(outcome)
    return 1000 * (time.perf_counter() - begun)


def _resident(sandbox: Sandbox) -> float:
    process = sandbox._process  # noqa: SLF001
    if process is None or sys.platform != "linux":
        return 0
    with open(f"/proc/{process.pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


if __name__ == "__main__":
    main()
