"""The local model from a cold start: seconds, memory and tokens a second, for each of the weights that are named.

python benchmarks/local_model.py WEIGHTS.gguf… [--examples FILE…] [--rounds N]

Each example is a copy without its companion file. `complete` runs once on the first, with nothing loaded, then on each
with the model loaded. Memory is that of the process that runs the model: after the first completion, and at its end.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from jitc_import.local.running import turn
from jitc_import.model.client import Request, shared_client
from jitc_import.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = [ROOT / "examples" / name for name in ("draw_cows.py", "fibonacci.py", "fish_age.py")]

READ = "x = 1\n" * 700
"""Some 2,800 tokens to read."""

WRITE = 200
"""Tokens to write."""


@dataclass(frozen=True)
class Completed:
    """What completing an example took."""

    seconds: float
    stubs: str
    tokens: int


def main() -> None:
    """Measure, and print tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", nargs="+", type=Path)
    parser.add_argument("--examples", nargs="+", type=Path, default=EXAMPLES)
    parser.add_argument("--rounds", type=int, default=3, help="cold starts; the median counts")
    arguments = parser.parse_args()
    for name in [name for name in os.environ if name.startswith(("OPENAI_", "JITC_"))]:
        del os.environ[name]
    os.environ["JITC_MODEL"] = "local"
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the first measurement\n")
    for weights in arguments.weights:
        os.environ["JITC_LOCAL_MODEL"] = str(weights.resolve())
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_CACHE_HOME"] = folder
            _measure(weights, arguments.examples, arguments.rounds)


def _measure(weights: Path, examples: list[Path], rounds: int) -> None:
    print(f"{weights.stem}, {weights.stat().st_size / 2**20:,.0f} MiB\n")
    print("| what | stubs | tokens | seconds |\n|---|---|---|---|")
    colds, memories = [], []
    for _ in range(rounds):
        colds.append(_complete(examples[0]))
        memories.append(_memory(weights))
        _end(weights)
    seconds = statistics.median(one.seconds for one in colds)
    print(f"| {examples[0].name}, cold: nothing loaded | {colds[0].stubs} | {colds[0].tokens} | {seconds:.1f} |")
    print(f"| … memory of the process after it, resident | | | {statistics.median(memories):,.0f} MiB |")
    loads = [_load(weights) for _ in range(rounds)]
    print(f"| … of which loading the weights | | | {statistics.median(loads):.1f} |")
    for example in examples:
        done = _complete(example)
        print(f"| {example.name}, loaded | {done.stubs} | {done.tokens} | {done.seconds:.1f} |")
    _speed()
    print(f"| memory of the process at the end, resident | | | {_memory(weights):,.0f} MiB |\n")


def _complete(example: Path) -> Completed:
    """Complete a copy of an example in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(example, folder)
        command = [sys.executable, "-m", "jitc_import", "complete", example.name]
        variables = {**os.environ, "PYTHONPATH": str(ROOT)}
        begun = time.monotonic()
        ran = subprocess.run(command, cwd=folder, env=variables, check=False, capture_output=True, encoding="utf-8")
        seconds = time.monotonic() - begun
    told = re.search(r"(\d+ of \d+) stubs? completed[^;]*; (\d+) tokens", ran.stderr)
    if told is None:
        raise SystemExit(ran.stderr)
    return Completed(seconds, told[1], int(told[2]))


def _load(weights: Path) -> float:
    """Seconds until a model that is not loaded can be asked; it stays loaded for this process."""
    _end(weights)
    begun = time.monotonic()
    with turn(load_settings(None).context):
        return time.monotonic() - begun


def _speed() -> None:
    """Tokens a second, read and written."""
    client = shared_client(load_settings(None))
    read = client.ask(Request(({"role": "user", "content": READ},), max_tokens=1))
    asked = "Write a Python class for a bank account with twelve methods, each with a docstring and an example."
    write = client.ask(Request(({"role": "user", "content": asked},), max_tokens=WRITE))
    print(f"| reading, tokens a second | | {read.tokens_in} | {read.tokens_in / read.seconds:.0f} |")
    print(f"| writing, tokens a second | | {write.tokens_out} | {write.tokens_out / write.seconds:.1f} |")


def _memory(weights: Path) -> float:
    """MiB that the process which runs the model takes, resident."""
    return max(process.memory_info().rss for process in _runners(weights)) / 2**20


def _end(weights: Path) -> None:
    for process in _runners(weights):
        process.kill()
        process.wait(10)


def _runners(weights: Path) -> list[Any]:
    """The processes that run the weights for this benchmark."""
    place = os.environ["XDG_CACHE_HOME"]
    commands = [(process, process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])]
    named = str(weights.resolve())
    return [one for one, command in commands if named in command and any(place in word for word in command)]


if __name__ == "__main__":
    main()
