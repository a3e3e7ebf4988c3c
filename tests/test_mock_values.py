"""What a mock shows of arguments, and how it reads answers: nothing hidden goes out, nothing of the caller's runs."""

# mypy: disable-error-code="empty-body"

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from jitc_import import MockError, llm_mock
from jitc_import.mocks.arguments import WHOLE, AlikeError, shown_value
from mocking import KEY, answer
from server import ScriptedServer


class Careful:
    __slots__ = ("inside", "unset")

    def __init__(self) -> None:
        self.inside = 1

    @property
    def costly(self) -> int:
        raise RuntimeError


class Shadowed:
    def __init__(self) -> None:
        self.__dict__["size"] = 3

    @property
    def size(self) -> int:
        raise RuntimeError


class Closed:
    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError


@dataclass
class Login:
    user: str
    password: str = field(repr=False)


@dataclass
class Masked:
    number: str

    def __repr__(self) -> str:
        return "Masked(****)"


class Half:
    def __repr__(self) -> str:
        return "\ud800"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Careful(), "Careful(inside=1)"),
        (Shadowed(), "Shadowed(size=3)"),
        (Closed(), "Closed()"),
        (Login("ann", "hunter2"), "Login(user='ann')"),
        (Masked("4111"), "Masked(****)"),
        (Half(), "\\ud800"),
        ([Login, len, Login.__init__], "[Login, len, Login.__init__]"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_objects_are_shown_without_running_their_code_or_telling_what_they_hide(value: object, shown: str) -> None:
    assert shown_value(value) == shown


@pytest.mark.parametrize("value", [(x for x in [1]), lambda: 1], ids=["generator", "lambda"])
def test_what_nothing_tells_apart_is_shown_but_is_no_key_of_a_record(value: object) -> None:
    assert "0x" not in shown_value(value)
    with pytest.raises(AlikeError):
        shown_value([value], WHOLE)


def test_an_untyped_answer_in_prose_with_brackets_is_a_text(live: ScriptedServer) -> None:
    @llm_mock
    def note(x):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        """A note."""

    live.script = ["See [1] for more.", 'So it is {"answer": [2]}.']
    assert note(1) == "See [1] for more."
    assert note(1) == [2]


def test_the_answer_is_found_behind_other_json(live: ScriptedServer) -> None:
    @llm_mock
    def double(x: list[int]) -> int:
        """Twice x."""

    live.script = ['For double([2]) that is {"answer": 4}.']
    assert double([2]) == 4


@dataclass
class Reply:
    answer: str


def test_an_object_with_one_field_answer_is_no_wrapping(live: ScriptedServer) -> None:
    @llm_mock
    def reply(x: int) -> Reply:
        """A reply."""

    live.script = ['{"answer": "yes"}', answer({"answer": "no"})]
    assert reply(1) == Reply("yes")
    assert reply(1) == Reply("no")


class Strict(BaseModel):
    model_config = ConfigDict(strict=True)
    pair: tuple[int, int]


def test_answers_are_read_as_json_also_by_strict_models(live: ScriptedServer) -> None:
    @llm_mock
    def pair() -> Strict:
        """A pair."""

    live.script = [answer({"pair": [1, 2]})]
    assert pair().pair == (1, 2)


@pytest.mark.parametrize("written", ["int, str", "not a type!", "pytest.Missing"])
def test_a_return_type_that_cannot_be_read_is_named_where_the_function_is_defined(written: str) -> None:
    def some() -> None:
        """Something."""

    some.__annotations__["return"] = written
    with pytest.raises(MockError, match=rf"some: its return type '{written}' cannot be read: .*Next: annotate"):
        llm_mock(some)


def test_a_secret_that_is_not_sent_is_not_told_or_recorded_either(
    live: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    @llm_mock(prompt_template="{name}")
    def length(text: str) -> int:
        """How long it is."""

    for way, cause in (("record", "an OpenAI or compatible API key"), ("replay", "no answer is recorded for")):
        monkeypatch.setenv("JITC_MOCK", way)
        with pytest.raises(MockError, match=cause) as caught:
            length(KEY)
        assert KEY not in str(caught.value)
    assert not live.requests
