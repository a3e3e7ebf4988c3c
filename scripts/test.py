"""Lint, format, types, and the tests on every supported Python that is found; arguments go to pytest.

The last line is the closing line of a pytest run: of one that failed, if any did.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from environments import ROOT, SUPPORTED, environment, find_pythons

CHECKS = (
    ("ruff", "check"),
    ("ruff", "format", "--check"),
    ("mypy", "--python-version", SUPPORTED[0]),
    ("mypy", "--python-version", SUPPORTED[-1]),
)


def main(arguments: list[str]) -> int:
    """Run everything; the exit code is 0 only if all of it passed."""
    pythons = find_pythons()
    missing = [version for version in SUPPORTED if version not in pythons]
    print(f"Pythons found: {', '.join(pythons) or 'none'}; not found: {', '.join(missing) or 'none'}", flush=True)
    if not pythons:
        return 1
    environments = make_environments(pythons)
    newest = list(environments.values())[-1]
    codes = [run_check(newest, check) for check in CHECKS]
    if any(codes):
        return 1
    runs = {
        version: run_tests(version, python, [*thoroughness(version, list(environments)), *arguments])
        for version, python in environments.items()
    }
    return report(runs, missing)


def thoroughness(version: str, versions: list[str]) -> list[str]:
    """What pytest is told: the slow tests on the oldest and the newest Python, and on the newest many inputs, too."""
    slow = ["-m", "not live"] if version in (versions[0], versions[-1]) else []
    return [*slow, *(["--hypothesis-profile", "thorough"] if version == versions[-1] else [])]


def make_environments(pythons: dict[str, str]) -> dict[str, str]:
    """One virtual environment a Python, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        made = {version: pool.submit(make_environment, version, python) for version, python in pythons.items()}
    return {version: future.result() for version, future in made.items()}


def make_environment(version: str, python: str) -> str:
    """The Python of the environment `.venvs/VERSION`."""
    return environment(python, os.path.join(ROOT, ".venvs", version), "--group", "dev")


def run_check(python: str, check: tuple[str, ...]) -> int:
    """Run a checker as a module; its exit code."""
    print(f"\n--- {' '.join(check)}", flush=True)
    return subprocess.run([python, "-m", *check], cwd=ROOT, check=False).returncode


def run_tests(version: str, python: str, arguments: list[str]) -> tuple[int, str]:
    """Run the tests on one Python; its exit code and the closing line of its output."""
    print(f"\n--- Python {version}", flush=True)
    command = [python, "-m", "pytest", "--numprocesses", "auto", *arguments]
    closing = ""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            closing = line.rstrip() or closing
    return process.returncode, closing


def report(runs: dict[str, tuple[int, str]], missing: list[str]) -> int:
    """A line a Python, then the closing line of a failed run, or of the last; the exit code."""
    failed = [version for version, (code, _) in runs.items() if code]
    print()
    for version in SUPPORTED:
        print(f"Python {version}: {'not found' if version in missing else 'failed' if version in failed else 'passed'}")
    print(runs[(failed or list(runs))[-1]][1], flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
