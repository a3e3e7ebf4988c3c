"""Runs a user's tests in the confined child. Its source is sent there.

Of this package it imports only what the child has already.

What comes of each test, and which functions of the bodies are called in it, is told at once: a body may end the run.

    {"start": TEST, "names": […]}         a test begins, whose code uses these names; or a file is collected
    {"call": LINE}                        a function of the bodies is called for the first time in it
    {"end": TEST, "passed": …, "failure": …}
    {"tests": N}                          so many tests are to be run
    {"status": …, "also": …, "said": …}   the end

The child may read, write into its temporary folder (where `tmp_path` lies), but not start processes or open sockets. A
test that needs this cannot be run here, which says nothing of the bodies.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import io
import json
import linecache
import os
import re
import signal
import sys
import unittest
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

import pytest

from jitc_import.checks.sandbox.absent import absent_in, met, met_since  # the child has these already
from jitc_import.checks.sandbox.calls import Calls
from jitc_import.checks.sandbox.denial import denial_of

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_FAILURES = 20  # that are told of at length
LONGEST, SHORT = 600, 80  # characters of a message
MOST_NAMES = 200
MOST_OVERTIMES = 3  # tests that do not end after which no more are run

_ADVICE = re.compile(r"\bUse -v to get |\buse '-vv' to show")  # of pytest, for a person at a terminal

_SKIPPED = (unittest.SkipTest, pytest.skip.Exception)

# Without files that catch output, processes for tests, and a watch over descriptors: there are none here.
_OPTIONS = (
    *("-p", "no:jitc", "-p", "no:faulthandler", "--capture=sys", "-q", "--tb=short"),
    "--continue-on-collection-errors",
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # plugins were imported beforehand
)
_IF_THERE = {"xdist": "-n0", "pytest_cov": "--no-cov"}


def main(namespace: dict[str, Any], root: str, paths: list[str], bodies: str, seconds: float, token: str) -> None:
    """Run the tests at `paths` against the module of `namespace`, and tell what comes of them, `token` before each.

    `bodies` is the file that its bodies name, `seconds` the time that each part of a test may compute.
    """
    sink: Any = sys.stdout.buffer

    def tell(**event: object) -> None:
        sink.send(f"{token}{json.dumps(event)}\n")

    sys.dont_write_bytecode = True
    with contextlib.suppress(OSError):
        os.chdir(root)
    module = vars(sys.modules[namespace["__name__"]])  # the namespace is a copy, of which its functions know nothing
    quiet = io.StringIO()
    base = [f"--basetemp={folder}/pytest"] if (folder := os.environ.get("TMPDIR")) else []  # where one may write
    options = [*_OPTIONS, *base, *(option for name, option in _IF_THERE.items() if importlib.util.find_spec(name))]
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet), Calls(bodies, tell) as calls:
        watcher = Watcher(module, calls, seconds, tell)
        status = int(pytest.main([*options, f"--rootdir={root}", *paths], [watcher]))
    tell(status=status, also=_second_copy(module), said=_end_of(quiet.getvalue()))


def _second_copy(own: dict[str, Any]) -> str | None:
    """The name under which tests imported the module's file once more, without the bodies."""
    path = own.get("__file__")
    for name, module in list(sys.modules.items()):
        there = getattr(module, "__dict__", own)
        if path and there is not own and there.get("__file__") == path:
            return name
    return None


class OutOfTime(BaseException):
    """A part of a test computed for longer than it may; not for an `except Exception` of a body to take."""


class Watcher:
    """A pytest plugin that tells what comes of each test."""

    def __init__(self, module: dict[str, Any], calls: Calls, seconds: float, tell: Callable[..., None]) -> None:
        self._module = module
        self._calls = calls
        self._seconds = seconds
        self._tell = tell
        self._passed = False
        self._failure: dict[str, Any] | None = None
        self._skips: list[BaseException] = []
        self._at_import = [*met]
        self._met = met.copy()
        self._absent: list[str] = []
        self._failures = self._overtimes = 0
        signal.signal(signal.SIGPROF, self._end_part)

    def _end_part(self, *_: object) -> None:
        raise OutOfTime(f"it did not end within {self._seconds:g} s")

    def pytest_addoption(self, parser: pytest.Parser) -> None:
        """Know the settings of a plugin that is switched off: a project may have them."""
        parser.addini("faulthandler_timeout", "not used here")
        parser.addini("faulthandler_exit_on_timeout", "not used here")

    def pytest_configure(self, config: pytest.Config) -> None:
        """Let pytest remember nothing of this run: it would have to write, and a user's own runs would see it."""
        cache = getattr(config, "cache", None)
        if cache is not None:
            cache.set = lambda key, value: None  # noqa: ARG005

    def pytest_collectstart(self, collector: pytest.Collector) -> None:
        """Tell of a file, or a class, that is collected."""
        self._start(collector.nodeid, set())

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Tell how many tests are to be run."""
        self._tell(tests=len(session.items))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        """Tell of a test that begins."""
        self._start(item.nodeid, _names_in(getattr(item, "function", None)))

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Tell what came of a test."""
        self._end(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note whether a test passed; that it failed, for the case that no exception is told of."""
        if report.failed:
            self._note(around=report.when != "call", details={"message": _end_of(report.longreprtext)})
        elif report.when == "call" and report.passed:
            self._passed = True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        """Begin to count the time of a part of a test, as below."""
        self._count_time()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """Keep what a TestCase is skipped by: before Python 3.11 unittest forgets where that came from."""
        if sys.version_info < (3, 11) and isinstance(getattr(item, "instance", None), unittest.TestCase):
            item.obj = self._keeping_skips(item.obj)  # type: ignore[attr-defined]
        self._count_time()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self) -> None:
        """Begin to count its time."""
        self._count_time()

    def _count_time(self) -> None:
        """Computing counts, not waiting. What heeds no exception is ended by the signal of the other timer."""
        signal.setitimer(signal.ITIMER_PROF, self._seconds, self._seconds)
        signal.setitimer(signal.ITIMER_VIRTUAL, 2 * self._seconds + 1)

    def _keeping_skips(self, method: Callable[..., object]) -> Callable[..., object]:
        @functools.wraps(method)
        def kept(*arguments: object) -> object:
            try:
                return method(*arguments)
            except _SKIPPED as skip:
                self._skips.append(skip)
                raise

        return kept

    @pytest.hookimpl(tryfirst=True)  # before the exception is made one of pytest's own
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Note a test that the module itself has skipped: nothing else says that it did not pass."""
        for timer in (signal.ITIMER_PROF, signal.ITIMER_VIRTUAL):
            signal.setitimer(timer, 0)
        told = [call.excinfo, *(getattr(item, "_excinfo", None) or [])]  # the second are those of a TestCase
        for skipped in [*self._skips, *(one.value for one in told if one and isinstance(one.value, _SKIPPED))]:
            details = self._details(skipped.__context__ or skipped, item.path)
            if details["frames"]:
                self._note(around=False, details=details)
        if call.excinfo is not None and isinstance(call.excinfo.value, OutOfTime):
            self._overtimes += 1
            if self._overtimes == MOST_OVERTIMES:
                item.session.shouldstop = "too many tests do not end"

    def pytest_exception_interact(
        self, node: pytest.Item | pytest.Collector, call: pytest.CallInfo[Any], report: Any
    ) -> None:
        """Note the exception of a test that failed, or of a file that cannot be collected."""
        around = getattr(report, "when", "collect") != "call"
        if call.excinfo is not None:
            error = call.excinfo.value
            self._absent += absent_in(error)
            if isinstance(error, pytest.Collector.CollectError):  # an import that failed, told at length
                error = error.__cause__ or error
            self._note(around=around, details=self._details(error, getattr(node, "path", "")))
            if isinstance(node, pytest.Collector):
                self._end(node.nodeid)

    def _start(self, test: str, names: set[str]) -> None:
        self._passed, self._failure = False, None
        self._met, self._absent = met.copy(), [*self._at_import]
        self._skips.clear()
        self._tell(start=test, names=sorted(names)[:MOST_NAMES])
        self._calls.forget()

    def _note(self, *, around: bool, details: dict[str, Any]) -> None:
        empty: dict[str, Any] = {"message": "", "line": "", "where": "", "frames": [], "kind": "", "denied": None}
        self._failure = {**empty, "around": around, **details}

    def _end(self, test: str) -> None:
        failure = self._failure
        if failure is not None:
            self._failures += 1
            if self._failures > MOST_FAILURES:
                failure = {**failure, "message": failure["message"][:SHORT], "line": "", "where": ""}
        absent = [*self._absent, *met_since(self._met)]
        self._tell(end=test, passed=self._passed and failure is None, failure=failure, absent=absent)

    def _details(self, error: BaseException, path: object) -> dict[str, Any]:
        line, where, frames = "", "", []
        traceback = error.__traceback__
        while traceback is not None:
            code, number = traceback.tb_frame.f_code, traceback.tb_lineno
            text = linecache.getline(code.co_filename, number).strip()
            if traceback.tb_frame.f_globals is self._module:
                frames.append(getattr(code, "co_qualname", code.co_name))
                where = f"line {number}: {text}" if text else f"line {number}"
            elif code.co_filename == str(path):
                line = text
            traceback = traceback.tb_next
        kind = type(error).__name__
        words = "\n".join(line for line in str(error).splitlines() if not _ADVICE.search(line)).strip()
        message = words if isinstance(error, OutOfTime) else f"{kind}: {words}" if words else kind
        shown = {"message": message[:LONGEST], "line": line[:LONGEST], "where": where[:LONGEST]}
        denied = denial_of(error, self._calls.bodies, linecache.getlines(self._calls.bodies))
        return {**shown, "frames": frames[::-1][:LONGEST], "kind": kind, "denied": denied}


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
