"""The tests of the user, as a gate: run by pytest in the confined child, against the module with candidates in place.

What comes of them is told line by line, each behind a token that only this run knows, and read by `tests_told`.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jitc_import.checks.in_child import in_child
from jitc_import.source.definitions import qualname_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from jitc_import.checks.sandbox.outcome import Denial
    from jitc_import.checks.sandbox.session import Snippet

_IMPORTS = ("pytest", "json", "linecache", "unittest.mock", "difflib", "pdb", "xml.etree.ElementTree", "zoneinfo")

_SHOWN = 3


@dataclass(frozen=True)
class TestFailure:
    """A test that failed: its id, why in words, the functions of the module in its traceback (innermost first).

    `names` are the names that the test's own code uses, `called` the stubs that were called in it, `kind` the type of
    its exception.
    """

    __test__ = False  # pytest takes classes called Test... for tests

    test: str
    message: str
    frames: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    called: frozenset[str] = frozenset()
    kind: str = ""


@dataclass(frozen=True)
class TestDenied:
    """A test that was cut short by what is denied in the child, in words, and where in the bodies."""

    __test__ = False

    test: str
    message: str
    where: str
    denial: Denial


@dataclass(frozen=True)
class TestReport:
    """What came of a run: how many tests passed, those that failed, and those that cannot be run confined, with why.

    `left` is the number of those that it did not come to, `called` holds for each that passed the stubs that were
    called in it; `denied` are those of `unrun` that were denied something; `absent` are the stubs of other modules,
    `module:name`, that have no body and were called, too. `error`: why nothing can be said of the bodies; then the rest
    is empty.
    """

    __test__ = False

    passed: int = 0
    failed: tuple[TestFailure, ...] = ()
    unrun: tuple[tuple[str, str], ...] = ()
    error: str | None = None
    left: int = 0
    called: tuple[frozenset[str], ...] = field(default=(), compare=False)
    denied: tuple[TestDenied, ...] = field(default=(), compare=False)
    absent: frozenset[str] = frozenset()

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


def tests_job_snippets(paths: Sequence[str], root: str, bodies: str, seconds: float) -> tuple[Snippet, ...]:
    """What to run in the child for the tests at `paths` (absolute): one snippet, to be read by `read_test_report`.

    The module that a test imports is the one that the snippet is run in; `bodies` is the file that its bodies name.
    `seconds` is how long a test may compute.
    """
    token = f"jitc-{secrets.token_hex(16)}"
    return (in_child("jitc_import.checks.tests_in_child", root, list(paths), bodies, seconds, token=token),)


def failures_of(report: TestReport, keys: Sequence[str], unproven: Collection[str] = ()) -> dict[str, str]:
    """Which of the stubs `keys` have failed tests, and those tests in words.

    Blamed is the stub whose code raised; else those that were called and that the test names; else those that were
    called, or that it names; where there is none, all. Who raised may have been given what is wrong: stubs for which
    nothing speaks (`unproven`) share the blame where they were called and are named.
    """
    told: dict[str, list[str]] = {}
    for failure in report.failed:
        shared = [key for key in unproven if key in failure.called and _is_named(key, failure.names)]
        for key in dict.fromkeys([*(_blamed(failure, keys) or keys), *shared]):
            told.setdefault(key, []).append(f"{failure.test} fails: {failure.message}")
    return {key: _shortened(messages) for key, messages in told.items()}


def untouched(report: TestReport, keys: Sequence[str]) -> tuple[TestFailure, ...]:
    """The failed tests in which none of the stubs `keys` was called."""
    return tuple(one for one in report.failed if not (one.called.intersection(keys) or raising(one, keys)))


def concerned(failure: TestFailure, keys: Sequence[str]) -> Sequence[str]:
    """The stubs that a failed test is about: those that it calls or names; all where it calls none that is known of."""
    found = [key for key in keys if key in failure.called or _is_named(key, failure.names)]
    return found if found or failure.called else keys


def _shortened(messages: Sequence[str]) -> str:
    more = len(messages) - _SHOWN
    return "\n".join([*messages[:_SHOWN], *([f"and {more} more tests fail"] if more > 0 else [])])


def _blamed(failure: TestFailure, keys: Sequence[str]) -> Sequence[str]:
    called = [key for key in keys if key in failure.called]
    named = [key for key in called or keys if _is_named(key, failure.names)]
    return raising(failure, keys) or named or called


def raising(failure: TestFailure, keys: Sequence[str]) -> Sequence[str]:
    """The stubs whose code raised, of the innermost; its name may be that of several."""
    for frame in failure.frames:
        if raised := [key for key in keys if frame in _names_of(key)]:
            return raised
    return ()


def _names_of(key: str) -> tuple[str, str]:
    """What a frame calls the function: its qualified name, and before Python 3.11 only its own."""
    qualname = qualname_of(key)
    return qualname, qualname.rpartition(".")[2]


def _is_named(key: str, names: Sequence[str]) -> bool:
    """Whether a stub is among the names: itself, or its class where it is run without being named (`__init__`)."""
    owner, _, name = qualname_of(key).rpartition(".")
    return name in names or (name.startswith("__") and owner.rpartition(".")[2] in names)
