"""Whether a completed module passes the benchmark's tests: found out in a process of its own, within limits.

The tests come to that process by its standard input, after the tool has ended: neither the tool nor a body sees them.
It is no prison: bodies run with the rights of whoever runs the benchmark.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from human_eval_set import Problem

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

SECONDS = 10.0
"""Wall time that a module and its tests have."""

MEMORY = 2 << 30
"""Bytes of address space of that process."""

PASSED = "passed"

_DRIVER = """\
import importlib, json, os, sys
told = json.load(sys.stdin)
out, err = sys.stdout, sys.stderr
sys.stdout = sys.stderr = open(os.devnull, "w")
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (told["memory"],) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20,) * 2)
except ImportError:
    pass
sys.path.insert(0, os.getcwd())
try:
    names = dict(vars(importlib.import_module(told["module"])))
    exec(compile(told["test"], "<test>", "exec"), names)
    names["check"](names[told["entry"]])
except BaseException as error:
    print(f"{type(error).__name__}: {error}"[:500], file=out)
else:
    print(told["word"], file=out)
out.flush()
os._exit(0)
"""


def judge_text(problem: Problem, text: str) -> str:
    """PASSED if the module with this text passes the tests of the problem, or what went wrong."""
    with tempfile.TemporaryDirectory(prefix="judge-") as folder:
        with open(os.path.join(folder, f"{problem.module}.py"), "w", encoding="utf-8") as file:
            file.write(text)
        return _judge(problem, folder, ())


def judge_completed(problem: Problem, home: str) -> str:
    """As `judge_text`, for the marked module in the folder `home`, as any program imports it that has the hook."""
    with tempfile.TemporaryDirectory(prefix="judge-") as scratch:
        folder = shutil.copytree(home, os.path.join(scratch, "copy"))
        return _judge(problem, folder, ("-m", "jitc_import", "run"))


def _judge(problem: Problem, folder: str, launch: tuple[str, ...]) -> str:
    driver, word = os.path.join(folder, "judge_driver.py"), secrets.token_hex()
    with open(driver, "w", encoding="utf-8") as file:
        file.write(_DRIVER)
    told = {"module": problem.module, "entry": problem.entry, "test": problem.test, "memory": MEMORY, "word": word}
    child = subprocess.Popen(
        (sys.executable, *launch, driver),
        cwd=folder,
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        said = child.communicate(json.dumps(told), timeout=SECONDS)[0].strip()
    except subprocess.TimeoutExpired:
        return f"it did not end within {SECONDS:.0f} s"
    finally:
        _end(child)
    return PASSED if said == word else said or f"the process ended with {child.returncode}"


def _environment() -> dict[str, str]:
    """No settings and no key; nothing but kept bodies."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JITC_", "OPENAI_", "PYTHON"))}
    return {**kept, "PYTHONPATH": ROOT, "JITC_MODE": "locked"}


def _end(child: subprocess.Popen[str]) -> None:
    """End what is left of the child, and of what it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
