"""Runs a user's tests in the confined child. Its source is sent there: it imports nothing of this package.

The child may read, but not write, start processes or open sockets. A test that needs this cannot be run here, which
says nothing of the bodies.
"""

from __future__ import annotations

import contextlib
import errno
import importlib.util
import io
import json
import linecache
import os
import sys
import unittest
from types import CodeType, FunctionType
from typing import Any

import pytest

MOST_FAILURES = 20
LONGEST = 600  # characters of a message
_DENIED = {errno.EPERM, errno.EACCES, errno.EROFS, errno.ENOSYS, errno.EAFNOSUPPORT}

_SKIPPED = (unittest.SkipTest, pytest.skip.Exception)

# Without files that catch output, processes for tests, and a watch over descriptors: there are none here.
_OPTIONS = (
    *("-p", "no:jitc", "-p", "no:faulthandler", "--capture=sys", "-q", "--tb=short"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # plugins were imported beforehand
)
_IF_THERE = {"xdist": "-n0", "pytest_cov": "--no-cov"}


def main(namespace: dict[str, Any], root: str, paths: list[str], token: str) -> None:
    """Run the tests at `paths` against the module of `namespace`; print what came of them between two `token`s."""
    out = sys.stdout
    sys.dont_write_bytecode = True
    with contextlib.suppress(OSError):
        os.chdir(root)
    module = vars(sys.modules[namespace["__name__"]])  # the namespace is a copy, of which its functions know nothing
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        watcher, status = _run(module, root, paths)
    found = {**watcher.found(), "status": status, "also": _second_copy(module), "said": _end_of(quiet.getvalue())}
    out.write(f"\n{token}{json.dumps(found)}{token}\n")


def _run(module: dict[str, Any], root: str, paths: list[str]) -> tuple[Watcher, int]:
    options = [*_OPTIONS, *(option for name, option in _IF_THERE.items() if importlib.util.find_spec(name))]
    watcher = Watcher(module)
    return watcher, int(pytest.main([*options, f"--rootdir={root}", *paths], [watcher]))


def _second_copy(own: dict[str, Any]) -> str | None:
    """The name under which tests imported the module's file once more, without the bodies."""
    path = own.get("__file__")
    for name, module in list(sys.modules.items()):
        there = getattr(module, "__dict__", own)
        if path and there is not own and there.get("__file__") == path:
            return name
    return None


class Watcher:
    """A pytest plugin that notes what came of each test."""

    def __init__(self, module: dict[str, Any]) -> None:
        self.module = module
        self.passed = 0
        self.left: set[str] = set()
        self.failures: dict[str, dict[str, Any]] = {}

    def found(self) -> dict[str, Any]:
        """The number of tests that passed, and what is known of those that did not."""
        return {"passed": self.passed, "left": len(self.left), "failures": list(self.failures.values())[:MOST_FAILURES]}

    def pytest_addoption(self, parser: pytest.Parser) -> None:
        """Know the settings of a plugin that is switched off: a project may have them."""
        parser.addini("faulthandler_timeout", "not used here")
        parser.addini("faulthandler_exit_on_timeout", "not used here")

    def pytest_configure(self, config: pytest.Config) -> None:
        """Let pytest remember nothing of this run: it would have to write, and a user's own runs would see it."""
        cache = getattr(config, "cache", None)
        if cache is not None:
            cache.set = lambda key, value: None  # noqa: ARG005

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Take down the tests that are to be run."""
        self.left = {item.nodeid for item in session.items}

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Take down that a test came to its end."""
        self.left.discard(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test that passed; note one that failed, for the case that no exception is told of."""
        if report.failed:
            self._note(report.nodeid, report.when != "call", {"message": _end_of(report.longreprtext)})
        elif report.when == "call" and report.passed:
            self.passed += 1

    @pytest.hookimpl(tryfirst=True)  # before the exception is made one of pytest's own
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Note a test that the module itself has skipped: nothing else says that it did not pass."""
        told = [call.excinfo, *(getattr(item, "_excinfo", None) or [])]  # the second are those of a TestCase
        for skipped in [one.value for one in told if one and isinstance(one.value, _SKIPPED)]:
            details = self._details(skipped.__context__ or skipped, item.path)
            if details["frames"]:
                self._note(item.nodeid, around=False, details=details)

    def pytest_exception_interact(
        self, node: pytest.Item | pytest.Collector, call: pytest.CallInfo[Any], report: Any
    ) -> None:
        """Note the exception of a test that failed, or of a file that cannot be collected."""
        around = getattr(report, "when", "collect") != "call"
        if call.excinfo is not None:
            error = call.excinfo.value
            if isinstance(error, pytest.Collector.CollectError):  # an import that failed, told at length
                error = error.__cause__ or error
            details = self._details(error, getattr(node, "path", ""))
            names = sorted(_names_in(getattr(node, "function", None)))
            self._note(node.nodeid, around, {**details, "names": names})

    def _note(self, test: str, around: bool, details: dict[str, Any]) -> None:  # noqa: FBT001
        empty = {"test": test, "message": "", "line": "", "where": "", "frames": [], "names": [], "denied": False}
        self.failures[test] = {**empty, "around": around, **details}

    def _details(self, error: BaseException, path: object) -> dict[str, Any]:
        line, where, frames = "", "", []
        traceback = error.__traceback__
        while traceback is not None:
            code, number = traceback.tb_frame.f_code, traceback.tb_lineno
            text = linecache.getline(code.co_filename, number).strip()
            if traceback.tb_frame.f_globals is self.module:
                frames.append(getattr(code, "co_qualname", code.co_name))
                where = f"line {number}: {text}" if text else f"line {number}"
            elif code.co_filename == str(path):
                line = text
            traceback = traceback.tb_next
        kind = type(error).__name__
        words = str(error).strip()
        message = f"{kind}: {words}" if words else kind
        shown = {"message": message[:LONGEST], "line": line[:LONGEST], "where": where[:LONGEST]}
        return {**shown, "frames": frames[::-1][:LONGEST], "denied": _is_denied(error)}


def _is_denied(error: BaseException | None) -> bool:
    """Whether an exception, or one that it came from, is what the confinement answers."""
    seen = 0
    while error is not None and seen < MOST_FAILURES:
        if isinstance(error, OSError) and error.errno in _DENIED:
            return True
        if isinstance(error, RuntimeError) and "can't start new thread" in str(error):
            return True
        error, seen = error.__cause__ or error.__context__, seen + 1
    return False


def _names_in(function: object) -> set[str]:
    """The names that a test's code uses, that of functions in it included."""
    waiting: list[Any] = [getattr(getattr(function, "__func__", function), "__code__", None)]
    names: set[str] = set()
    while waiting:
        code = waiting.pop()
        if isinstance(code, CodeType):
            names.update(code.co_names)
            waiting.extend(code.co_consts)
        elif isinstance(code, FunctionType):
            waiting.append(code.__code__)
    return names


def _end_of(text: str) -> str:
    """The last words of a text, where pytest says what went wrong."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return "\n".join(lines[-6:])[-LONGEST:]
