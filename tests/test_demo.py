"""The README's first command, in a copy of the checkout: it makes its environment and runs the examples."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT

PRINTED = (
    "$ python -m jitc_import run examples/draw_cows.py 2",
    r" (oo)\_______",
    "$ python -m jitc_import run examples/fibonacci.py 10",
    "fibonacci(10) = 55",
    "$ python -m jitc_import run examples/fish_age.py",
    "Wanda is 5.0 years old, 40.0 in human years.",
    "$ python -m jitc_import run examples/time_decorator.py",
    "primes below 100000: 9592",
    "$ python -m jitc_import run examples/on_this_day.py 7 20",
    "1969: Neil Armstrong became the first human to walk on the moon.",
    "examples$ python -m jitc_import run -m semver sort 1.10.0 1.9.0 1.10.0-rc.1",
    "1.10.0-rc.1",
    "examples$ python -m jitc_import run -m semver match ^1.2.0 1.1.0 1.3.0 2.0.0",
    "1.3.0",
    "examples$ python -m jitc_import run -m inventory",
    "2 items delivered, the stock is worth 306.00",
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what is versioned here, without the environments that were made in it."""
    unwanted = shutil.ignore_patterns(".*", "__pycache__", "benchmarks", "tests", "build", "dist")
    return Path(shutil.copytree(ROOT, tmp_path / "checkout", ignore=unwanted))


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=900, check=False)


def refuse_without_packages(folder: Path) -> None:
    """Skip the test where pip comes by no packages: the demo downloads some."""
    found = run(folder, "-m", "pip", "-q", "download", "--retries", "0", "--no-deps", "--dest", "..", "filelock>=4")
    if found.returncode:
        pytest.skip(f"pip comes by no packages here: {found.stderr.strip()[-200:]}")


@pytest.mark.slow
def test_the_demo_without_a_model_runs_the_other_examples(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_without_packages(checkout)
    kept = {path: path.read_bytes() for path in checkout.glob("examples/**/__jitc__/*.jitc.py")}
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")  # asking anything would fail
    done = run(checkout, os.path.join("scripts", "demo.py"), "--no-model")
    assert done.returncode == 0, done.stderr
    printed = iter(done.stdout.splitlines())
    assert [line for line in PRINTED if line not in printed] == [], done.stdout  # each, and in this order
    assert "made .venv in" in done.stdout
    assert "model pull" not in done.stdout
    assert done.stderr == ""
    assert kept
    assert kept == {path: path.read_bytes() for path in checkout.glob("examples/**/__jitc__/*.jitc.py")}
