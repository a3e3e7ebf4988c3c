"""How much of a call a model is shown: all of it together fits the context, beside the answer."""

# mypy: disable-error-code="empty-body"

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jitc_import import llm_mock
from jitc_import.mocks.arguments import fitted_value
from mocking import answer, asked
from server import ScriptedServer

RECORD = {"title": "t" * 50, "text": "y" * 1900, "notes": ["n" * 300] * 20}
SAME: Any = [1] * 60
for _ in range(4):
    SAME = [SAME] * 60


@dataclass
class Shelf:
    books: list[Any]

    @llm_mock
    def find(self, wanted: object, **more: object) -> int:
        """Its place."""


@llm_mock
def weigh(*things: object, **more: object) -> int:
    """Its weight."""


BIG = {
    "texts in lists": [["w" * 2000] * 60] * 60,
    "records": [RECORD] * 60,
    "a dict": {str(number): "y" * 1900 for number in range(60)},
    "deep": SAME,
    "an object": SimpleNamespace(**{f"{number}{'k' * 3000}": "v" * 2000 for number in range(60)}),
}


@pytest.mark.parametrize("context", [1_000, 32_000, 1_000_000])
@pytest.mark.parametrize("kind", BIG)
def test_a_call_fits_the_context_beside_its_answer(
    live: ScriptedServer, monkeypatch: pytest.MonkeyPatch, kind: str, context: int
) -> None:
    monkeypatch.setenv("JITC_CONTEXT", str(context))
    live.script = lambda _: answer(1)
    value = BIG[kind]
    assert weigh(value) == Shelf([value] * 9).find(value, also=value) == 1
    assert weigh(*[value] * 70, **{f"{'k' * 2000}{number}": value for number in range(70)}) == 1
    for number, request in enumerate(live.requests):
        told = asked(live, number)
        assert "…" in told
        assert len(told) < min(context, 60_000) + 1_200
        assert len(told) / 3 + request["max_tokens"] < context + 400


def test_what_is_long_is_shortened_first(live: ScriptedServer) -> None:
    live.script = lambda _: answer(1)
    assert weigh([RECORD] * 60, "x" * 1_900, which="the heaviest of them") == 1
    told = asked(live)
    assert "x" * 1_900 in told
    assert "which='the heaviest of them'" in told
    assert "more)" in told
    assert len(told) > 10_000


def test_a_call_that_fits_is_shown_as_ever(live: ScriptedServer) -> None:
    live.script = lambda _: answer(1)
    assert weigh(["y" * 1_900] * 10, 3) == 1
    assert f"weigh({['y' * 1_900] * 10}, 3)" in asked(live)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5000) | st.binary(max_size=5000),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=500), inner),
        max_leaves=12,
    ),
    st.integers(1, 3000),
)
def test_what_is_shown_of_a_value_fits_or_is_marked(value: object, room: int) -> None:
    shown = fitted_value(value, room)
    assert len(shown) <= room
    assert shown == repr(value) or "…" in shown or "\\ud" in shown
