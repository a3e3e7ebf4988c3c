"""The tests of the user, as a gate: run by pytest in the confined child, against the module with candidates in place.

What a test says is brought back as text between two tokens that only this run knows, and read here.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jitc_import.checks.in_child import framed, in_child
from jitc_import.source.definitions import qualname_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jitc_import.checks.sandbox.session import Ran, Snippet

_IMPORTS = ("pytest", "json", "linecache", "unittest.mock", "difflib", "pdb", "xml.etree.ElementTree", "zoneinfo")

_NOTHING_COLLECTED = 5
_SHOWN = 3


@dataclass(frozen=True)
class TestFailure:
    """A test that failed: its id, why in words, the functions of the module in its traceback (innermost first).

    `names` are the names that the test's own code uses.
    """

    __test__ = False  # pytest takes classes called Test... for tests

    test: str
    message: str
    frames: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class TestReport:
    """What came of a run: how many tests passed, those that failed, and those that cannot be run confined, with why.

    `error`: why nothing can be said of the bodies; then the rest is empty.
    """

    __test__ = False

    passed: int = 0
    failed: tuple[TestFailure, ...] = ()
    unrun: tuple[tuple[str, str], ...] = ()
    error: str | None = None

    @property
    def counted(self) -> int:
        """How many tests were run to their end."""
        return self.passed + len(self.failed)


def pytest_available() -> bool:
    """Whether pytest is installed."""
    return importlib.util.find_spec("pytest") is not None


def imports_for_tests() -> tuple[str, ...]:
    """What the child needs for tests, pytest's installed plugins included: imported beforehand, it is paid for once."""
    plugins = importlib.metadata.entry_points(group="pytest11")
    return *_IMPORTS, *sorted({plugin.module for plugin in plugins if plugin.name != "jitc"})


def find_tests(root: str, tests: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tests that are asked for as absolute paths, and, in words, those that cannot be had.

    `tests` are files or folders from the project's folder `root`, each with `::` and a test's name where wanted.
    """
    found: list[str] = []
    lacking: list[str] = []
    for test in dict.fromkeys(tests):
        path, colons, name = test.partition("::")
        whole = os.path.normpath(os.path.join(root, path))
        if os.path.isabs(path) or not whole.startswith(os.path.join(os.path.normpath(root), "")):
            lacking.append(f"{test} lies outside of {root}")
        elif not os.path.exists(whole):
            lacking.append(f"there is no {whole}")
        else:
            found.append(f"{whole}{colons}{name}")
    return tuple(found), tuple(lacking)


def tests_job_snippets(paths: Sequence[str], root: str) -> tuple[Snippet, ...]:
    """What to run in the child for the tests at `paths` (absolute): one snippet, to be read by `read_test_report`.

    The module that a test imports is the one that the snippet is run in.
    """
    token = f"jitc-{secrets.token_hex(16)}"
    return (in_child("jitc_import.checks.tests_in_child", root, list(paths), token=token),)


def read_test_report(snippet: Snippet, ran: Ran | None, ended: str | None = None) -> TestReport:
    """What a run of `snippet` came to; `ran` is None where it did not end, `ended` says why.

    A body that loops or crashes fails the tests as a whole: that is a failure without the name of a test.
    """
    if ran is None:
        return TestReport(failed=(TestFailure("the tests", ended),)) if ended else TestReport(error="they were not run")
    if ran.exception is not None:
        return TestReport(error=ran.exception.strip().splitlines()[-1])
    try:
        return _report(framed(snippet, ran.output))
    except (TypeError, KeyError, AttributeError):  # nothing was printed, or something else by a body
        return TestReport(failed=(TestFailure("the tests", "they ended without a result"),))


def failures_of(report: TestReport, keys: Sequence[str]) -> dict[str, str]:
    """Which of the stubs `keys` have failed tests, and those tests in words.

    Blamed is the stub whose code raised; else those that the test names; where it names none, all.
    """
    told: dict[str, list[str]] = {}
    for failure in report.failed:
        for key in _blamed(failure, keys) or keys:
            told.setdefault(key, []).append(f"{failure.test} fails: {failure.message}")
    return {key: _shortened(messages) for key, messages in told.items()}


def unblamed(report: TestReport, keys: Sequence[str]) -> tuple[TestFailure, ...]:
    """The failures that no stub is to blame for more than another: its code did not raise, and it is not named."""
    return tuple(one for one in report.failed if not _blamed(one, keys))


def _shortened(messages: Sequence[str]) -> str:
    more = len(messages) - _SHOWN
    return "\n".join([*messages[:_SHOWN], *([f"and {more} more tests fail"] if more > 0 else [])])


def _blamed(failure: TestFailure, keys: Sequence[str]) -> Sequence[str]:
    for frame in failure.frames:
        if raised := [key for key in keys if frame in _names_of(key)]:
            return raised
    return [key for key in keys if _is_named(key, failure.names)]


def _names_of(key: str) -> tuple[str, str]:
    """What a frame calls the function: its qualified name, and before Python 3.11 only its own."""
    qualname = qualname_of(key)
    return qualname, qualname.rpartition(".")[2]


def _is_named(key: str, names: Sequence[str]) -> bool:
    """Whether a stub is among the names: itself, or its class where it is run without being named (`__init__`)."""
    owner, _, name = qualname_of(key).rpartition(".")
    return name in names or (name.startswith("__") and owner.rpartition(".")[2] in names)


def _report(found: dict[str, Any]) -> TestReport:
    if found["also"]:
        return TestReport(error=f"they import the module under another name, {found['also']}, where it has no bodies")
    unrun = tuple((one["test"], one["message"]) for one in found["failures"] if _says_nothing(one))
    failed = tuple(_failure(one) for one in found["failures"] if not _says_nothing(one))
    if found["left"] and not failed:
        failed = (TestFailure("the tests", f"they ended with {found['left']} left to run"),)
    if found["status"] == _NOTHING_COLLECTED:
        return TestReport(error="there are no tests in them")
    if not (failed or unrun or found["passed"]):
        return TestReport(error=found["said"] or f"pytest ends with status {found['status']}")
    return TestReport(found["passed"], failed, unrun)


def _says_nothing(failure: dict[str, Any]) -> bool:
    """Whether a test failed for a reason that lies outside the module: what is denied here, a fixture, an import."""
    return bool(failure["denied"] or (failure["around"] and not failure["frames"]))


def _failure(failure: dict[str, Any]) -> TestFailure:
    at = f" (in the body, {failure['where']})" if failure["where"] else ""
    line = f"`{failure['line']}`: " if failure["line"] else ""
    return TestFailure(
        failure["test"], f"{line}{failure['message']}{at}", tuple(failure["frames"]), tuple(failure["names"])
    )
