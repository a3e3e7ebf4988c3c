"""Judges one module in a process of its own.

A job comes as JSON on stdin; a line with all checks goes to stdout, then one for each check that is done.

The job: `checks`, the path of a file of checks; `name` of the module; and either `folder`, where the completed module
lies, which is imported through the hook in locked mode, or `text`, the source to run as that module. Every check gets
a module of its own, so that none sees what another one left behind. A check that takes longer than `seconds` fails.
"""

from __future__ import annotations

import json
import os
import runpy
import signal
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
MEMORY = 2 << 30


class TooLong(BaseException):
    """A check took too long; no `except Exception` of a body stops it."""


def load_checks(path: str) -> list[Callable[[Any], None]]:
    """The checks in a file, in the order in which they stand there."""
    if HERE not in sys.path:
        sys.path.insert(0, HERE)
    return [value for value in runpy.run_path(path).values() if hasattr(value, "stubs")]


def run_text(text: str, name: str) -> ModuleType:
    """The module `name` made by running its source."""
    module = ModuleType(name)
    sys.modules[name] = module
    exec(compile(text, f"{name}.py", "exec"), module.__dict__)  # noqa: S102 -- that is what is judged
    return module


def run_check(check: Callable[[Any], None], make: Callable[[], Any], seconds: float) -> str | None:
    """How a check fails, in a line; None if it passes."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        check(make())
    except TooLong:
        return f"not done within {seconds:g} s"
    except BaseException as error:  # noqa: BLE001 -- a body may raise anything
        signal.setitimer(signal.ITIMER_REAL, 0)
        return f"{type(error).__name__}: {_shown(error)}"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return None


def judge(job: dict[str, Any]) -> Iterator[object]:
    """First the checks, their names and the stubs they judge; then each of them again with how it failed, if it did."""
    make = _maker(job)
    signal.signal(signal.SIGALRM, _too_long)
    checks = load_checks(job["checks"])
    plans = [{"check": check.__name__, "stubs": check.stubs} for check in checks]  # type: ignore[attr-defined]
    yield plans
    for check, plan in zip(checks, plans, strict=True):
        yield {**plan, "failure": run_check(check, make, job["seconds"])}


def _maker(job: dict[str, Any]) -> Callable[[], ModuleType]:
    name = job["name"]
    if "text" in job:
        return lambda: run_text(job["text"], name)
    import importlib

    import jitc_import.activate  # noqa: F401 -- installs the hook

    sys.path.insert(0, job["folder"])

    def make() -> ModuleType:
        sys.modules.pop(name, None)
        return importlib.import_module(name)

    return make


def _shown(error: BaseException) -> str:
    try:
        return str(error).strip().partition("\n")[0][:200]
    except Exception:  # noqa: BLE001 -- an error of the module may not even know its own text
        return "?"


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise TooLong


def main() -> None:
    """Judge the job on stdin; what the module prints is not heard."""
    import resource

    job = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.path.insert(0, ROOT)
    for record in judge(job):
        print(json.dumps(record), file=told, flush=True)
    told.flush()
    os._exit(0)  # threads and exit handlers of the module are not waited for


if __name__ == "__main__":
    main()
