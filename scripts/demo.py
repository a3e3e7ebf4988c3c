"""Complete an example with a model on this machine, then run the others from committed bodies and recorded answers.

No key is needed. The first run downloads the weights of the model, 1.1 GB, once for all projects of the user;
`--no-model` leaves that out, and the example that is completed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile

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

NO_MODEL = "--no-model"


def main(arguments: list[str]) -> int:
    """Run the examples; the exit code is 0 only if all of them ran."""
    if arguments not in ([], [NO_MODEL]):
        print(f"usage: demo.py [{NO_MODEL}]", file=sys.stderr)
        return 2
    pythons = find_pythons()
    if not pythons:
        print("no Python from 3.10 to 3.14 that can make virtual environments was found", file=sys.stderr)
        return 1
    python = list(pythons.values())[-1]
    if arguments:
        return run_examples(environment(python, os.path.join(ROOT, ".venv")))
    return complete_example(environment(python, os.path.join(ROOT, ".venv"), extra="local"))


def complete_example(python: str) -> int:
    """Have a copy of an example without a companion file completed by the local model, then run the others."""
    jitc = (python, "-m", "jitc_import")
    print("\n$ python -m jitc_import model pull", flush=True)
    if code := subprocess.run([*jitc, "model", "pull"], env=environment_for("auto"), check=False).returncode:
        print(f"\nWithout the model: python3 scripts/demo.py {NO_MODEL}", file=sys.stderr)
        return code
    with tempfile.TemporaryDirectory(prefix="jitc-demo-") as folder:
        shutil.copy(os.path.join(ROOT, "examples", "draw_cows.py"), folder)
        print("\nA copy of examples/draw_cows.py, without its bodies:", flush=True)
        print("\n$ JITC_MODEL=local python -m jitc_import run draw_cows.py 2", flush=True)
        command = [*jitc, "run", "draw_cows.py", "2"]
        first = subprocess.run(command, cwd=folder, env={**environment_for("auto"), "JITC_MODEL": "local"}, check=False)
        if first.returncode == 0:
            print("\n$ cat __jitc__/draw_cows.jitc.py", flush=True)
            with open(os.path.join(folder, "__jitc__", "draw_cows.jitc.py"), encoding="utf-8") as file:
                print(file.read().rstrip(), flush=True)
    print("\nThe examples with the bodies they came with:", flush=True)
    return run_examples(python) or first.returncode


def run_examples(python: str) -> int:
    """Run each example from its committed bodies; 1 if one of them failed."""
    codes = [run_example(python, arguments) for arguments in RUNS]
    return 1 if any(codes) else 0


def run_example(python: str, arguments: tuple[str, ...]) -> int:
    """Run an example, a package from the folder that holds it; its exit code."""
    folder = "examples" if arguments[0] == "-m" else ""
    print(f"\n{folder}$ python -m jitc_import run {' '.join(arguments)}", flush=True)
    command = [python, "-m", "jitc_import", "run", *arguments]
    return subprocess.run(
        command, cwd=os.path.join(ROOT, folder), env=environment_for("locked"), check=False
    ).returncode


def environment_for(mode: str) -> dict[str, str]:
    """The environment without key or endpoint, in a mode: `locked` never asks a model."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "AZURE_", "JITC_"))}
    return {**kept, "JITC_MODE": mode}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
