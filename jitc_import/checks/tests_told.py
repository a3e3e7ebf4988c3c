"""What the child tells of the user's tests while they run (see `tests_in_child`), read into a report.

Where the run is cut short, by a body that crashes or that nothing can interrupt, what was told until then still counts,
and the test that was under way has failed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from jitc_import.checks.sandbox.outcome import denial_in
from jitc_import.checks.user_tests import TestDenied, TestFailure, TestReport

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitc_import.checks.sandbox.session import Outcome, Snippet

_TOKEN = re.compile(r"jitc-[0-9a-f]{32}")
_NOTHING_COLLECTED = 5
_OVERTIME = "OutOfTime"
_WHOLE = "the run of the tests"


def read_test_report(snippet: Snippet, outcome: Outcome, key_at: Callable[[int], str | None]) -> TestReport:
    """What a run of `snippet` came to; `key_at` knows the stub whose body holds a line."""
    ran = outcome.ran[0] if outcome.ran else None
    if ran is None and not outcome.ended:
        return TestReport(error="they were not run")
    if ran and ran.exception is not None:
        return TestReport(error=ran.exception.strip().splitlines()[-1])
    told = _Told(key_at)
    try:
        for line in (ran.output if ran else outcome.told).split(_TOKEN.findall(snippet.source)[-1])[1:]:
            told.take(json.loads(line))
        return told.report(None if ran else (outcome.ended or "").replace("it crashed (SIGVTALRM)", "it did not end"))
    except (ValueError, TypeError, KeyError, AttributeError):  # nothing was told, or something else by a body
        return TestReport(failed=(TestFailure(_WHOLE, "it ended without a result"),))


@dataclass
class _Told:
    """What was told so far; `running` is the test, or the file under collection, that is under way."""

    key_at: Callable[[int], str | None]
    running: str = ""
    names: tuple[str, ...] = ()
    called: set[str] = field(default_factory=set)
    left: int | None = None
    absent: set[str] = field(default_factory=set)
    passed: list[frozenset[str]] = field(default_factory=list)
    failed: list[TestFailure] = field(default_factory=list)
    unrun: list[tuple[str, str]] = field(default_factory=list)
    denied: list[TestDenied] = field(default_factory=list)
    end: dict[str, Any] | None = None

    def take(self, event: dict[str, Any]) -> None:
        """Raises TypeError, KeyError or AttributeError for what is none."""
        if "start" in event:
            self.running, self.names = event["start"], tuple(event["names"])
            self.called.clear()
        elif "call" in event:
            key = self.key_at(event["call"])
            self.called.update([key] if key else [])
        elif "tests" in event:
            self.running, self.left = "", event["tests"]
            self.called.clear()
        elif "end" in event:
            self._take_end(event)
        else:
            self.end = {"status": event["status"], "also": event["also"], "said": event["said"]}

    def _take_end(self, event: dict[str, Any]) -> None:
        test, failure = event["end"], event["failure"]
        self.running = ""
        self.left = self.left - 1 if self.left else self.left
        self.called.update(event["absent"])
        self.absent.update(event["absent"])
        if event["passed"]:
            self.passed.append(frozenset(self.called))
        elif failure and (_says_nothing(failure) or (failure["kind"] == _OVERTIME and not self.called)):
            self.unrun.append((test, failure["message"]))
            if denial := denial_in(failure["denied"]):
                self.denied.append(TestDenied(test, failure["message"], failure["where"], denial))
        elif failure:
            at = f" (in the body, {failure['where']})" if failure["where"] else ""
            line = f"`{failure['line']}`: " if failure["line"] else ""
            self._fail(test, f"{line}{failure['message']}{at}", tuple(failure["frames"]), failure["kind"])

    def _fail(self, test: str, message: str, frames: tuple[str, ...] = (), kind: str = "") -> None:
        self.failed.append(TestFailure(test, message, frames, self.names, frozenset(self.called), kind))

    def report(self, cut: str | None) -> TestReport:
        """The report; `cut` is how the run was cut short, where it was. Raises TypeError where nothing was told."""
        if cut is None and self.end is None:
            raise TypeError(self.end)
        if self.end and self.end["also"]:
            return TestReport(
                error=f"they import the module under another name, {self.end['also']}, where it has no bodies"
            )
        self._blame_end(cut)
        if not (self.passed or self.failed or self.unrun):
            return TestReport(error=self._nothing(cut))
        told = TestReport(len(self.passed), tuple(self.failed), tuple(self.unrun), left=self.left or 0)
        absent = frozenset(self.absent)
        return replace(told, called=tuple(self.passed), denied=tuple(self.denied), absent=absent)

    def _blame_end(self, cut: str | None) -> None:
        """Have the test that was under way when the run ended fail; one in which no stub was called is not run."""
        if self.running and (cut or self.left):
            self.left = self.left - 1 if self.left else self.left
            why = cut or f"it ended the run with {self.left} more left to run"
            if self.called:
                self._fail(self.running, why)
            else:
                self.unrun.append((self.running, why))
        elif self.left and not (cut or self.failed or self.unrun):
            self._fail(_WHOLE, f"it ended with {self.left} left to run")

    def _nothing(self, cut: str | None) -> str:
        if cut or not self.end:
            return cut or ""
        if self.end["status"] == _NOTHING_COLLECTED:
            return "there are no tests in them"
        return self.end["said"] or f"pytest ends with status {self.end['status']}"


def _says_nothing(failure: dict[str, Any]) -> bool:
    """Whether a test failed for a reason that lies outside the module: what is denied here, a fixture, an import."""
    return bool(failure["denied"] or (failure["around"] and not failure["frames"]))
