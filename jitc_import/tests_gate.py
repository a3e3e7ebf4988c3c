"""The user's own tests as a gate: which are run, and what they say of the bodies that passed all before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jitc_import.assembly import NO_BODY
from jitc_import.checks.user_tests import (
    failures_of,
    find_tests,
    pytest_available,
    read_test_report,
    tests_job_snippets,
    unblamed,
)
from jitc_import.harmless import harmless
from jitc_import.progress import counted
from jitc_import.verdicts import with_check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jitc_import.assembly import Assembly
    from jitc_import.checks.sandbox.session import Outcome
    from jitc_import.checks.user_tests import TestReport
    from jitc_import.confinement import Confinement
    from jitc_import.remarks import Remarks
    from jitc_import.verdicts import Verdict


def wanted_tests(root: str, wanted: Iterable[str], remarks: Remarks) -> tuple[str, ...]:
    """The paths of the tests that are to be run, from the project's folder `root`; says which cannot be had."""
    wanted = tuple(wanted)
    if not wanted:
        return ()
    if not pytest_available():
        remarks.say("its tests are not run: pytest is not installed")
        return ()
    found, lacking = find_tests(root, wanted)
    for text in lacking:
        remarks.say(f"its tests are not run: {text}")
    return found


@dataclass
class TestsGate:
    """The tests at `paths`, run in the child of one module. `bare` makes that module without any candidate."""

    __test__ = False

    paths: tuple[str, ...]
    root: str
    confinement: Confinement
    remarks: Remarks
    bare: Callable[[], Assembly | None]
    _without: TestReport | None = field(default=None, init=False)

    def judged(
        self, found: Mapping[str, Verdict], assembly: Assembly, failed_import: Callable[[Outcome, str], Verdict]
    ) -> dict[str, Verdict]:
        """The verdicts, with what the tests say of the bodies of which all came out so far."""
        good = [key for key, verdict in found.items() if verdict.problem is None]
        if not self.paths or not good:
            return dict(found)
        outcome, report = self._run(assembly)
        if outcome is None:
            return dict(found)
        if not outcome.imported:
            return {**found, **{key: failed_import(outcome, key) for key in good}}
        report = self._without_foreign_failures(report, list(found))
        self._say_of(report)
        failures = {key: harmless(text) for key, text in failures_of(report, list(found)).items()}
        return {**found, **{key: self._tested(found[key], failures.get(key), report) for key in good}}

    def _run(self, assembly: Assembly) -> tuple[Outcome | None, TestReport]:
        (snippet,) = tests_job_snippets(self.paths, self.root)
        outcome = self.confinement.run(assembly, [snippet])
        ran = outcome.ran[0] if outcome and outcome.ran else None
        return outcome, read_test_report(snippet, ran, outcome.ended if outcome else None)

    def _without_foreign_failures(self, report: TestReport, keys: list[str]) -> TestReport:
        """The report without tests that fail just so while no candidate has a body, and come to none of the stubs."""
        suspects = unblamed(report, keys)
        bare = self.bare() if suspects and self._without is None else None
        if bare:
            self._without = self._run(bare)[1]
        before = {(one.test, one.message) for one in self._without.failed} if self._without else set()
        foreign = [one for one in suspects if (one.test, one.message) in before and NO_BODY not in one.message]
        for one in foreign:
            self.remarks.say(f"{one.test} fails whatever the bodies do, and does not count: {harmless(one.message)}")
        return replace(report, failed=tuple(one for one in report.failed if one not in foreign))

    def _tested(self, verdict: Verdict, failure: str | None, report: TestReport) -> Verdict:
        """The verdict after the tests; those that only miss another stub's body are not held against this one."""
        if report.error is not None or not report.counted or (failure and NO_BODY in failure):
            return verdict
        tested = with_check(verdict, f"tests {report.passed}/{report.counted}", failure)
        if report.unrun and not failure:  # what passed is not all that there is
            tested = with_check(tested, f"doubtful: {counted(len(report.unrun), 'test')} not run", None)
        return replace(tested, confined=self.confinement.level)

    def _say_of(self, report: TestReport) -> None:
        if report.error is not None:
            self.remarks.say(f"its tests say nothing: {report.error}")
        for test, why in report.unrun:
            self.remarks.say(f"{test} cannot be run confined, and does not count: {why}")
