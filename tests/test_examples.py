"""The examples run from their kept bodies and answers: no key, no network, no model; and do what they say."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT

MODULES = (
    "draw_cows",
    "fibonacci",
    "fish_age",
    "time_decorator",
    "semver.version",
    "semver.ranges",
    "semver.__main__",
    "inventory.items",
    "inventory.stock",
)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this Python in a copy of the examples, where no model may be asked."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "JITC_MODE": "locked"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    shutil.copytree(ROOT / "examples", folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.mark.parametrize("module", MODULES)
def test_every_doctest_of_an_example_passes(examples: Path, module: str) -> None:
    code = (
        "import doctest, importlib, sys, jitc_import.activate\n"
        f"result = doctest.testmod(importlib.import_module({module!r}))\n"
        "sys.exit(0 if result.attempted and not result.failed else f'{result}')"
    )
    done = run(examples, "-c", code)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (
            ["draw_cows.py", "1"],
            [r" ^__^", r" (oo)\_______", r" (__)\       )\/\\"[:-1], r"     ||----w |", r"     ||     ||"],
        ),
        (["fibonacci.py", "8"], ["0 1 1 2 3 5 8 13", "fibonacci(8) = 21", "8 is a Fibonacci number"]),
        (["fish_age.py"], ["Wanda is 5.0 years old, 40.0 in human years."]),
        (
            ["time_decorator.py"],
            ["primes below 100000: 9592", "the second call was faster: True", "the mock was timed too: True"],
        ),
        (["on_this_day.py", "7", "20"], ["1969: Neil Armstrong became the first human to walk on the moon."]),
        (["-m", "semver", "sort", "1.10.0", "1.9.0", "1.10.0-rc.1"], ["1.9.0", "1.10.0-rc.1", "1.10.0"]),
        (["-m", "semver", "bump", "minor", "1.4.2"], ["1.5.0"]),
        (["-m", "semver", "match", "^1.2.0", "1.1.0", "1.3.0", "2.0.0"], ["1.3.0"]),
        (
            ["-m", "inventory"],
            [
                "2 items delivered, the stock is worth 306.00",
                "three hammers cost 74.70",
                "the customer changed her mind: 5 of milk again",
            ],
        ),
    ],
)
def test_an_example_prints_what_it_promises(examples: Path, arguments: list[str], lines: list[str]) -> None:
    done = run(examples, "-m", "jitc_import", "run", *arguments)
    assert done.returncode == 0, done.stderr
    printed = done.stdout.splitlines()
    assert [line for line in lines if line not in printed] == [], done.stdout
    assert done.stderr == ""


def test_a_version_that_is_none_is_refused_on_the_command_line(examples: Path) -> None:
    done = run(examples, "-m", "jitc_import", "run", "-m", "semver", "sort", "1.x")
    assert done.returncode == 1
    assert "not a semantic version: '1.x'" in done.stderr


@pytest.mark.slow
def test_every_example_is_complete(examples: Path) -> None:
    done = run(examples, "-m", "jitc_import", "check", ".")
    assert done.returncode == 0, done.stdout
    assert "edited" not in run(examples, "-m", "jitc_import", "status", ".").stdout, "no body is written by hand"
