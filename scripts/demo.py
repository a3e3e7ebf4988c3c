"""Run the examples from their committed companion files and records: no key, no network, no model."""

from __future__ import annotations

import os
import subprocess
import sys

from environments import ROOT, environment, find_pythons

RUNS = (
    ("examples/draw_cows.py", "2"),
    ("examples/fibonacci.py", "10"),
    ("examples/fish_age.py",),
    ("examples/time_decorator.py",),
    ("examples/on_this_day.py", "7", "20"),
    ("-m", "semver", "sort", "1.10.0", "1.9.0", "1.10.0-rc.1"),
    ("-m", "semver", "match", "^1.2.0", "1.1.0", "1.3.0", "2.0.0"),
    ("-m", "inventory"),
)


def main() -> int:
    """Run each example; the exit code is 0 only if all of them ran."""
    pythons = find_pythons()
    if not pythons:
        print("no Python from 3.10 to 3.14 that can make virtual environments was found", file=sys.stderr)
        return 1
    python = environment(list(pythons.values())[-1], os.path.join(ROOT, ".venv"))
    codes = [run_example(python, arguments) for arguments in RUNS]
    return 1 if any(codes) else 0


def run_example(python: str, arguments: tuple[str, ...]) -> int:
    """Run an example, a package from the folder that holds it; its exit code."""
    folder = "examples" if arguments[0] == "-m" else ""
    print(f"\n{folder}$ python -m jitc_import run {' '.join(arguments)}", flush=True)
    command = [python, "-m", "jitc_import", "run", *arguments]
    return subprocess.run(command, cwd=os.path.join(ROOT, folder), env=without_a_model(), check=False).returncode


def without_a_model() -> dict[str, str]:
    """The environment without key or endpoint, in the mode that never asks a model."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "JITC_"))}
    return {**kept, "JITC_MODE": "locked"}


if __name__ == "__main__":
    sys.exit(main())
