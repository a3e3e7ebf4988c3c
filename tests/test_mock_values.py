"""What a mock shows of arguments, and how it reads answers: nothing hidden goes out, nothing of the caller's runs."""

# mypy: disable-error-code="empty-body"

from __future__ import annotations

import csv
import enum
import importlib
import io
import json
import random
import re
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn

import pytest
import typing_extensions
from pydantic import BaseModel, ConfigDict

from conftest import Project
from jitc_import import JitcWarning, MockError, llm_mock
from jitc_import.mocks.arguments import WHOLE, AlikeError, shown_value
from mocking import KEY, answer, asked
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


class Mocked:
    def __init__(self) -> None:
        self.size = 3

    @llm_mock
    def __repr__(self) -> str:
        """How it looks."""


class Failing:
    def __init__(self) -> None:
        self.size = 3

    def __repr__(self) -> str:
        raise RuntimeError


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
        (Mocked(), "Mocked(size=3)"),
        (Failing(), "Failing(size=3)"),
        (Half(), "\\ud800"),
        ([Login, len, Login.__init__], "[Login, len, Login.__init__]"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_objects_are_shown_without_running_their_code_or_telling_what_they_hide(value: object, shown: str) -> None:
    assert shown_value(value) == shown


class Holder:
    def __init__(self, items: Iterable[int]) -> None:
        self.items = iter(items)


def nested(value: object, levels: int) -> object:
    for _ in range(levels):
        value = [value]
    return value


KINDS: dict[str, Callable[[int], object]] = {
    "map": lambda x: map(str, [x]),
    "enumerate": lambda x: enumerate([x]),
    "list iterator": lambda x: iter([x]),
    "StringIO": lambda x: io.StringIO(str(x)),
    "BytesIO": lambda x: io.BytesIO(bytes([x])),
    "Random": random.Random,
    "holder": lambda x: Holder([x]),
    "method": lambda x: [x].append,
    "deep": lambda x: nested(x, 20),
}


@pytest.mark.parametrize("kind", KINDS)
def test_objects_that_keep_what_they_hold_apart_are_told_from_others(kind: str) -> None:
    first, other, same = (shown_value(KINDS[kind](number), WHOLE) for number in (1, 2, 1))
    assert first != other
    assert first == same


NO_KEYS = {
    "generator": (x for x in [1]),
    "lambda": lambda: 1,
    "memoryview": memoryview(b"a"),
    "reader": csv.reader(["a"]),
    "stream": io.TextIOWrapper(io.BytesIO(b"a")),
    "deep": nested(1, 45),
    "holder": Holder(x for x in [1]),
}


@pytest.mark.parametrize("value", NO_KEYS.values(), ids=NO_KEYS)
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


class Pair(enum.Enum):
    A = (1, 2)
    B = (3, 4)


class Thing(enum.Enum):
    A = object()
    B = b"b"


class Number(enum.IntEnum):
    ONE = 1


@dataclass
class Listed:
    numbers: Iterable[int]


TYPES: list[tuple[Any, object, object]] = [
    (Pair, "A", Pair.A),
    (Thing, "B", Thing.B),
    (Literal[Pair.A, "x"], "A", Pair.A),
    (dict[Number, int], {"1": 2}, {Number.ONE: 2}),
    (dict[Pair, int], {"A": 2}, {Pair.A: 2}),
    (dict[Literal[1, 2], int], {"2": 2}, {2: 2}),
    (Iterable[int] | None, ["2"], [2]),
    (Listed, {"numbers": ["2"]}, Listed([2])),
]


@pytest.mark.parametrize(("kind", "sent", "expected"), TYPES, ids=[str(one[0]) for one in TYPES])
def test_what_python_alone_can_say_is_said_in_json_by_name_or_text(
    live: ScriptedServer, kind: Any, sent: object, expected: object
) -> None:
    def some() -> object:
        """Something."""

    some.__annotations__["return"] = kind
    live.script = [answer(sent)]
    assert llm_mock(some)() == expected


UNSAID: list[tuple[Any, str]] = [
    (Literal[b"a"], "no values such as b'a'"),
    (Literal[Number.ONE, 1], "says the same"),
    (dict[tuple[int, int], str], "its tuple keys"),
    (dict[None, int], "its none keys"),
    (list[type[int]], "no classes such as those of int"),
]


@pytest.mark.parametrize(("kind", "why"), UNSAID, ids=[str(one[0]) for one in UNSAID])
def test_a_type_that_no_answer_can_have_is_refused_where_the_function_is_defined(kind: Any, why: str) -> None:
    def some() -> object:
        """Something."""

    some.__annotations__["return"] = kind
    with pytest.raises(MockError, match=rf"some: its return type .* has no JSON schema \(.*{why}.*Next: annotate"):
        llm_mock(some)


class Unsaid:
    pass


@dataclass
class Defaulted:
    x: int = Unsaid()  # type: ignore[assignment]


@pytest.mark.filterwarnings("error")
def test_a_default_that_json_cannot_say_needs_no_warning(live: ScriptedServer) -> None:
    @llm_mock
    def some() -> Defaulted:
        """Something."""

    live.script = [answer({"x": 1})]
    assert some() == Defaulted(1)


@dataclass
class Picky:
    x: int

    def __post_init__(self) -> None:
        if self.x < 0:
            raise LookupError(self.x)


def test_whatever_a_type_raises_makes_an_answer_wrong(live: ScriptedServer) -> None:
    @llm_mock
    def some() -> Picky:
        """Something. Raises LookupError."""

    live.script = [answer({"x": -1}), answer({"x": 1})]
    assert some() == Picky(1)
    assert "LookupError: -1" in live.requests[1]["messages"][-1]["content"]


def test_items_inside_an_answer_are_looked_at_at_once(live: ScriptedServer) -> None:
    @llm_mock
    def some() -> dict[str, Iterable[int]]:
        """Something."""

    live.script = [answer({"a": ["one"]}), answer({"a": [1]})]
    assert some() == {"a": [1]}


def test_words_that_name_exceptions_in_passing_raise_none(live: ScriptedServer) -> None:
    @llm_mock
    def careless() -> int:
        """A number. Exception handling is left to the caller. Warning: slow."""

    @llm_mock
    def warned() -> int:
        """A number. Raises Warning where it is large."""

    live.script = [answer(1), answer(2)]
    assert careless() + warned() == 3
    assert ["raise" in str(request["response_format"]) for request in live.requests] == [False, True]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"model": 3}, "model must be str, not 3"),
        ({"client": "x"}, "client must be an openai.OpenAI or openai.AsyncOpenAI, not 'x'"),
        ({"temperature": "hot"}, "temperature must be float or int, not 'hot'"),
        ({"seed": True}, "seed must be int, not True"),
        ({"prompt_template": 3}, "prompt_template must be str, not 3"),
    ],
    ids=str,
)
def test_options_of_another_type_are_refused_where_the_function_is_defined(options: Any, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        llm_mock(**options)


@dataclass(frozen=True)
class Credentials:
    user: str
    password: str = field(default="hunter2", repr=False)
    api_key: str = "s3cr3t-key"


@dataclass
class Door:
    login: Credentials = field(default_factory=lambda: Credentials("ann"))
    second: Credentials = Credentials("bob")
    name: str = "front"


def test_defaults_that_are_not_to_be_shown_are_in_no_schema(live: ScriptedServer) -> None:
    @llm_mock
    def door() -> Door:
        """A door."""

    live.script = [answer({})]
    assert door() == Door()
    sent = json.dumps(live.requests[0])
    assert "front" in sent
    assert "hunter2" not in sent
    assert "s3cr3t-key" not in sent


@dataclass
class Gate:
    password: str
    code: int

    @llm_mock
    def opens(self, *names: str, token: str = "tok-default", **more: object) -> bool:  # noqa: S107
        """Whether it opens."""


def test_texts_whose_names_call_them_secret_are_neither_sent_nor_kept(
    project: Project, live: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate("hunter2", 7)
    live.script = [answer(value=True)]
    assert gate.opens("ann", token="tok-1", userPassword="hunter3", nested={"client_secret": "hunter4", "n": 2})  # noqa: S106
    told = asked(live)
    for shown in ("code=7", "'ann'", "token='…'", "password='…'", "userPassword='…'", "{'client_secret': '…', 'n': 2}"):
        assert shown in told
    assert not re.search("hunter|tok-", told)

    monkeypatch.setenv("JITC_MOCK", "record")
    file = project.write(
        "doors.py",
        '''
        from jitc_import import llm_mock

        @llm_mock
        def login(user: str, password: str = "hunter0") -> str:
            """A greeting."""
        ''',
    )
    monkeypatch.syspath_prepend(str(project.root))
    doors = importlib.import_module("doors")
    live.script = [answer("no")] + [answer(word) for word in ("no", "ann", "who")]
    assert [doors.login("ann", word) for word in ("hunter1", "hunter2", "hunter1")] == ["no", "ann", "no"]
    assert doors.login("ann") == "who"
    kept = (file.parent / "__jitc__" / "doors.mocks.json").read_text()
    assert "login('ann', '…')" in kept
    assert "hunter" not in kept + json.dumps(live.requests)


def test_many_arguments_are_shortened(live: ScriptedServer) -> None:
    @llm_mock
    def show(*numbers: int, **named: int) -> int:
        """Their sum."""

    live.script = [answer(1)]
    show(*range(2000), **{f"n{number}": number for number in range(100)})
    assert "58, 59, … (1,940 more), n0=0" in asked(live)
    assert "n59=59, … (40 more))" in asked(live)


class Mixed(enum.Enum):
    RED = "red"
    BLUE = (0, 0, 255)


def test_enums_with_one_value_that_json_lacks_go_by_the_other_values_too(live: ScriptedServer) -> None:
    @llm_mock
    def colour() -> Mixed:
        """A colour."""

    live.script = [answer("red"), answer("RED"), answer("BLUE")]
    assert [colour(), colour(), colour()] == [Mixed.RED, Mixed.RED, Mixed.BLUE]


class OfTwo(Exception):  # noqa: N818 -- a user's own
    def __init__(self, one: int, two: int) -> None:
        super().__init__(one, two)


def test_what_no_message_makes_is_no_answer(live: ScriptedServer) -> None:
    @llm_mock
    def read() -> str:
        """Raises UnicodeDecodeError, ValueError, OfTwo or json.JSONDecodeError."""

    live.script = [answer("x")]
    assert read() == "x"
    schema = live.requests[0]["response_format"]["json_schema"]["schema"]
    assert '{"enum": ["ValueError"]}' in json.dumps(schema)


@pytest.mark.parametrize("kind", [NoReturn, typing_extensions.Never])
def test_a_function_that_never_returns_raises(live: ScriptedServer, kind: Any) -> None:
    def fails(x: int) -> None:
        """Raises ValueError, always."""

    def silent(x: int) -> None:
        """Does nothing at all."""

    fails.__annotations__["return"] = silent.__annotations__["return"] = kind
    live.script = [answer(1), '{"raise": {"exception": "ValueError", "message": "no"}}']
    with pytest.raises(ValueError, match="no"):
        llm_mock(fails)(1)
    assert "it must raise" in asked(live)
    assert live.requests[0]["response_format"]["json_schema"]["schema"]["required"] == ["raise"]
    with pytest.raises(MockError, match="it never returns, and its docstring names no exception"):
        llm_mock(silent)


def test_a_generator_promises_no_value_at_its_end() -> None:
    def some() -> Generator[int, str, bool]:
        """Numbers."""

    with pytest.raises(MockError, match=r"promises a value \(bool\) at the end.*Next: annotate the items alone"):
        llm_mock(some)


def test_a_mock_of_a_mock_is_said_to_be_one() -> None:
    def some() -> int:
        """A number."""

    with pytest.warns(JitcWarning, match="llm_mock stands above it twice"):
        llm_mock(llm_mock(some))
    with pytest.raises(ValueError, match="temperature lies between 0 and 2, and is 5"):
        llm_mock(temperature=5)


def test_a_placeholder_that_type_checkers_accept_is_shown_as_none(live: ScriptedServer) -> None:
    @llm_mock
    def capital(country: str) -> str:
        """The capital."""
        raise NotImplementedError

    live.script = [answer("Oslo")]
    assert capital("Norway") == "Oslo"
    assert "NotImplementedError" not in asked(live)


def test_a_builtin_exception_may_be_named_with_its_module(live: ScriptedServer) -> None:
    @llm_mock
    def some(x: int) -> int:
        """Something. Raises builtins.ValueError below zero."""

    live.script = [json.dumps({"answer": None, "raise": {"exception": "builtins.ValueError", "message": "below"}})]
    with pytest.raises(ValueError, match="below"):
        some(-1)
