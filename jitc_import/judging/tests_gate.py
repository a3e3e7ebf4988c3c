"""The user's own tests as a gate: which are run, and what they say of the bodies that passed all before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jitc_import.checks.tests_told import read_test_report
from jitc_import.checks.user_tests import (
    TestReport,
    concerned,
    failures_of,
    find_tests,
    pytest_available,
    raising,
    tests_job_snippets,
    untouched,
)
from jitc_import.harmless import harmless
from jitc_import.judging.assembly import NO_BODY
from jitc_import.judging.verdicts import with_check
from jitc_import.progress import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from jitc_import.checks.sandbox.session import Outcome
    from jitc_import.checks.user_tests import TestFailure
    from jitc_import.judging.assembly import Assembly
    from jitc_import.judging.confinement import Confinement
    from jitc_import.judging.denials import Denials
    from jitc_import.judging.remarks import Remarks
    from jitc_import.judging.verdicts import Verdict


LEAST_SECONDS, TIMES = 60, 10
"""How long all tests may take together: so many times as long as a candidate, and at least so many seconds."""

_LONGEST_REASON = 80


@dataclass(frozen=True)
class WantedTests:
    """The paths of the tests that are to be run; `lacking` says, where some cannot be had, why."""

    paths: tuple[str, ...] = ()
    lacking: str = ""


def wanted_tests(root: str, wanted: Iterable[str], remarks: Remarks) -> WantedTests:
    """The tests that are to be run, from the project's folder `root`; says which cannot be had."""
    wanted = tuple(wanted)
    if not wanted:
        return WantedTests()
    if not pytest_available():
        remarks.say("its tests are not run: pytest is not installed")
        return WantedTests((), "pytest is not installed")
    found, lacking = find_tests(root, wanted)
    for text in lacking:
        remarks.say(f"its tests are not run: {text}")
    return WantedTests(found, "not all are there" if lacking else "")


@dataclass
class TestsGate:
    """The tests that are wanted, run in the child of one module. `bare` makes that module without any candidate."""

    __test__ = False

    wanted: WantedTests
    root: str
    confinement: Confinement
    remarks: Remarks
    bare: Callable[[], Assembly | None]
    _without: set[tuple[str, str]] | None = field(default=None, init=False)

    def judged(
        self,
        found: Mapping[str, Verdict],
        assembly: Assembly,
        denials: Denials,
        failed_import: Callable[[Outcome, str], Verdict],
    ) -> dict[str, Verdict]:
        """The verdicts, with what the tests say of the bodies of which all came out so far."""
        good = [key for key, verdict in found.items() if verdict.problem is None]
        judged = dict(found)
        if good and self.wanted.lacking:
            judged.update({key: _unrun(found[key], self.wanted.lacking) for key in good})
        if not self.wanted.paths or not good:
            return judged
        outcome, report = self._run(assembly)
        if outcome is None:
            return {**judged, **{key: _unrun(judged[key], "there is no child to run them") for key in good}}
        if not outcome.imported:
            return {**judged, **{key: failed_import(outcome, key) for key in good}}
        report = self._without_foreign_failures(report, list(found))
        report = _without_held(report, denials)
        self._say_of(report)
        lacking = assembly.lacking | report.absent
        report, waiting = _without_open(report, good, lacking, set(found).difference(good))
        unproven = [key for key in good if not (found[key].passed or any(key in one for one in report.called))]
        failures = {key: harmless(text) for key, text in failures_of(report, list(found), unproven).items()}
        tested = {key: self._tested(judged[key], key, failures.get(key), report) for key in good}
        held = {key: _held(tested[key]) for key in waiting if key not in failures}
        return {**judged, **tested, **held}

    def _run(self, assembly: Assembly) -> tuple[Outcome | None, TestReport]:
        seconds = self.confinement.settings.candidate_seconds
        (snippet,) = tests_job_snippets(self.wanted.paths, self.root, assembly.path, seconds)
        outcome = self.confinement.run(assembly, [snippet], seconds=max(LEAST_SECONDS, TIMES * seconds))
        return outcome, read_test_report(snippet, outcome, assembly.key_at) if outcome else TestReport()

    def _without_foreign_failures(self, report: TestReport, keys: Sequence[str]) -> TestReport:
        """The report without tests that call no candidate, and fail alike while none has a body."""
        suspects = [one for one in untouched(report, keys) if one.kind]
        if suspects and self._without is None:
            self._without = self._failures_without()
        foreign = [one for one in suspects if (one.test, one.kind) in (self._without or ())]
        for one in foreign:
            self.remarks.say(f"{one.test} fails whatever the bodies do, and does not count: {harmless(one.message)}")
        return replace(report, failed=tuple(one for one in report.failed if one not in foreign))

    def _failures_without(self) -> set[tuple[str, str]]:
        """The tests that fail while no candidate has a body, though they call none, and their kinds of exception."""
        bare = self.bare()
        failed = self._run(bare)[1].failed if bare else ()
        return {(one.test, one.kind) for one in failed if bare and not _lacks_body(one, bare.lacking)}

    def _tested(self, verdict: Verdict, key: str, failure: str | None, report: TestReport) -> Verdict:
        """The verdict on one body after the tests, of which those count that call it."""
        tested = replace(verdict, confined=self.confinement.level)
        if failure:
            return replace(tested, problem=failure)
        passed, failed = sum(key in one for one in report.called), sum(key in one.called for one in report.failed)
        if passed or failed:
            tested = with_check(tested, f"tests {passed}/{passed + failed}", None)
        if failed:
            tested = with_check(tested, "doubtful: not all tests that call it pass", None)
        if unrun := len(report.unrun) + report.left:  # what passed is not all that there is
            tested = with_check(tested, f"doubtful: {counted(unrun, 'test')} not run", None)
        if report.error is not None:
            tested = _unrun(tested, report.error)
        return replace(tested, waiting=bool(failed or (report.left and report.failed)))

    def _say_of(self, report: TestReport) -> None:
        if report.error is not None:
            self.remarks.say(f"its tests say nothing: {harmless(report.error)}")
        for test, why in report.unrun:
            self.remarks.say(f"{test} cannot be run confined, and does not count: {harmless(why)}")


def _without_held(report: TestReport, denials: Denials) -> TestReport:
    """The report without the tests that were cut short by what is held against a body."""
    held = {one.test for one in report.denied if denials.culprit(one.denial, one.test, one.message, one.where)}
    return replace(report, unrun=tuple(one for one in report.unrun if one[0] not in held))


def _without_open(
    report: TestReport, good: Sequence[str], lacking: frozenset[str], wrong: set[str]
) -> tuple[TestReport, set[str]]:
    """The report without the tests that met a stub without a body, and the `good` ones that these tests are about.

    A test that calls a body that is known to be `wrong` fails because of a good one only where that raised.
    """
    called_wrong = [one for one in report.failed if one.called & wrong and not raising(one, good)]
    met = [one for one in report.failed if _lacks_body(one, lacking) or one in called_wrong]
    waiting = {key for one in met for key in concerned(one, good)}
    waiting.update(key for called in report.called if called & lacking for key in called.intersection(good))
    failed = tuple(one for one in report.failed if one not in met)
    return replace(report, failed=failed, called=tuple(one for one in report.called if not one & lacking)), waiting


def _lacks_body(failure: TestFailure, lacking: frozenset[str]) -> bool:
    return NO_BODY in failure.message or bool(failure.called & lacking)


def _held(verdict: Verdict) -> Verdict:
    """The verdict on a body whose tests met a stub without one that passed so far."""
    return replace(with_check(verdict, "doubtful: a stub that its tests call has no good body", None), waiting=True)


def _unrun(verdict: Verdict, why: str) -> Verdict:
    """The verdict on a body whose tests were asked for and not run; paths are no matter of the companion file."""
    brief = why if len(why) <= _LONGEST_REASON and "/" not in why and "\n" not in why else "pytest gives no result"
    return with_check(verdict, f"doubtful: the tests did not run ({harmless(brief)})", None)
