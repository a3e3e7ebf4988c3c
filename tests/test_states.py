"""The states of stubs, and which section is whose."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import pytest

from jitc_import.store.companion import Companion, Section, body_digest
from jitc_import.store.states import State, assign, state_of

if TYPE_CHECKING:
    from jitc_import.source.stubs import Stub

KEPT = Section("f", "spec", body_digest("return 1"), code="def f():\n    return 1")
EDITED = replace(KEPT, code="def f():\n    return 2")
FAILED = Section("f", "spec", failure="no reply", fingerprint="then")


@dataclass(frozen=True)
class Wanted:
    """As much of a stub as counts here."""

    key: str
    spec: str


def assigned(stubs: list[tuple[str, str]], *sections: Section) -> dict[str, Section]:
    wanted = [cast("Stub", Wanted(key, spec)) for key, spec in stubs]
    return assign(wanted, Companion("x", None, sections))


@pytest.mark.parametrize(
    ("spec", "section", "state"),
    [
        ("spec", None, State.MISSING),
        ("spec", KEPT, State.FRESH),
        ("other", KEPT, State.STALE),
        ("spec", EDITED, State.EDITED),
        ("other", EDITED, State.CONFLICT),
        ("spec", FAILED, State.FAILED),
        ("other", FAILED, State.MISSING),
        ("spec", replace(FAILED, fingerprint="now"), State.FAILED),
        ("spec", replace(KEPT, code=""), State.MISSING),
        ("spec", replace(KEPT, failure="kept all the same"), State.FRESH),
        ("spec", replace(KEPT, code="@cache\ndef f(a, b=1):\n    '''Doc.'''\n\n    return  1"), State.FRESH),
        ("spec", replace(KEPT, code="def f():\n    return 1  # why"), State.EDITED),
        ("spec", replace(KEPT, body_digest=""), State.EDITED),
    ],
)
def test_state(spec: str, section: Section | None, state: State) -> None:
    assert state_of(spec, section) is state


def test_a_failure_counts_for_its_settings() -> None:
    assert state_of("spec", FAILED, "then") is State.FAILED
    assert state_of("spec", FAILED, "now") is State.MISSING


def test_states_are_words() -> None:
    assert f"{State.FRESH}" == str(State.FRESH) == "fresh"
    assert {str(state) for state in State} == {
        "missing",
        "fresh",
        "stale",
        "edited",
        "conflict",
        "drifted",
        "failed",
    }


def test_same_key() -> None:
    assert assigned([("f", "spec"), ("g", "spec")], KEPT) == {"f": KEPT}
    assert assigned([("f", "other")], KEPT) == {"f": KEPT}
    assert assign([], None) == {}


def test_a_section_of_another_name_is_never_taken() -> None:
    assert assigned([("g", "spec"), ("A.f", "spec"), ("f.<locals>.f", "spec")], KEPT) == {}


def test_twins_change_places() -> None:
    first, second = replace(KEPT, spec="one"), replace(KEPT, key="f#2", spec="two")
    assert assigned([("f", "two"), ("f#2", "one")], first, second) == {"f": second, "f#2": first}


def test_first_twin_is_deleted() -> None:
    first, second = replace(KEPT, spec="one"), replace(KEPT, key="f#2", spec="two")
    assert assigned([("f", "two")], first, second) == {"f": second}


def test_a_twin_is_put_before() -> None:
    assert assigned([("f", "new"), ("f#2", "spec")], KEPT) == {"f#2": KEPT}


def test_one_twin_changes() -> None:
    first, second = replace(KEPT, spec="one"), replace(KEPT, key="f#2", spec="two")
    assert assigned([("f", "one"), ("f#2", "new")], first, second) == {"f": first, "f#2": second}
    assert assigned([("f", "new"), ("f#2", "two")], first, second) == {"f": first, "f#2": second}


def test_equal_twins_keep_their_places() -> None:
    first, second = KEPT, replace(KEPT, key="f#2", code="def f():\n    return 3")
    assert assigned([("f", "spec"), ("f#2", "spec")], second, first) == {"f": first, "f#2": second}


def test_unused_section_comes_back_for_its_spec_only() -> None:
    unused = replace(KEPT, unused=True)
    assert assigned([("f", "spec")], unused) == {"f": unused}
    assert assigned([("f", "other")], unused) == {}


def test_old_body_of_a_failed_stub_comes_back_with_its_spec() -> None:
    old, new = replace(KEPT, unused=True), replace(FAILED, spec="new")
    assert assigned([("f", "new")], new, old) == {"f": new}
    assert assigned([("f", "spec")], new, old) == {"f": old}
