"""`llm_mock`: each call is answered by a model, typed, bounded, recorded and replayed."""

# mypy: disable-error-code="empty-body"

from __future__ import annotations

import asyncio
import datetime as dt
import enum
import functools
import inspect
import json
import time
from collections.abc import AsyncIterator, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import TypedDict  # pydantic wants that one before 3.12

from conftest import Project
from jitc_import import MockError, llm_mock
from jitc_import.mocks.arguments import shown_value
from jitc_import.mocks.items import ItemReader
from mocking import KEY, answer, asked
from server import Response, ScriptedServer, error


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Point:
    x: int
    y: int


class Entry(TypedDict):
    word: str
    count: int


class TooCold(Exception):  # noqa: N818 -- a user's own
    """Raised by nobody but mocks."""


def test_the_model_sees_the_definition_its_draft_and_the_call(live: ScriptedServer) -> None:
    @llm_mock
    def shout(text: str, times: int = 2) -> str:
        """The text in capitals, so many times."""
        return f"{text}, but louder, {times} times"

    live.script = [answer("HI HI")]
    assert shout("hi") == "HI HI"
    told = asked(live)
    assert "The text in capitals" in told
    assert "louder" in told
    assert "shout('hi', 2)" in told
    assert "@llm_mock" not in told


def test_a_mock_is_what_the_function_was(live: ScriptedServer) -> None:
    @llm_mock()
    def shout(text: str) -> str:
        """The text in capitals."""

    assert shout.__name__ == "shout"
    assert shout.__doc__ == "The text in capitals."
    assert list(inspect.signature(shout).parameters) == ["text"]
    with pytest.raises(TypeError, match=r"shout\(\) missing a required argument: 'text'"):
        shout()  # type: ignore[call-arg]
    assert not live.requests


TYPED: list[tuple[Any, object, object]] = [
    (int, 3, 3),
    (str, "x", "x"),
    (Decimal, "1.50", Decimal("1.50")),
    (dt.date, "2026-02-03", dt.date(2026, 2, 3)),
    (Color, "red", Color.RED),
    (Point, {"x": 1, "y": 2}, Point(1, 2)),
    (Entry, {"word": "a", "count": 2}, {"word": "a", "count": 2}),
    (Literal["a", "b"], "b", "b"),
    (int | None, None, None),
    (dict[str, list[Point]], {"a": [{"x": 1, "y": 2}]}, {"a": [Point(1, 2)]}),
    (set[int], [1, 2], {1, 2}),
    (tuple[int, str], [1, "a"], (1, "a")),
    (list[Color | int], ["blue", 3], [Color.BLUE, 3]),
    (None, None, None),
]


@pytest.mark.parametrize(("kind", "sent", "expected"), TYPED, ids=[str(one[0]) for one in TYPED])
def test_answers_have_the_type_of_the_annotation(
    live: ScriptedServer, kind: Any, sent: object, expected: object
) -> None:
    def some(x: int) -> object:
        """Something."""

    some.__annotations__["return"] = kind
    live.script = [answer(sent)]
    assert llm_mock(some)(1) == expected
    wanted = live.requests[0]["response_format"]["json_schema"]["schema"]
    assert wanted["required"] == ["answer"]


def test_an_answer_of_the_wrong_type_is_asked_for_again_with_what_is_wrong(live: ScriptedServer) -> None:
    @llm_mock
    def place(name: str) -> Point:
        """Where something is."""

    live.script = [answer({"x": "far", "y": 2}), answer({"x": 1, "y": 2})]
    assert place("home") == Point(1, 2)
    assert "x: Input should be a valid integer" in asked(live, 1)
    assert live.requests[1]["messages"][:2] == live.requests[0]["messages"]


def test_after_three_wrong_answers_the_error_names_function_and_cause(live: ScriptedServer) -> None:
    @llm_mock
    def count(word: str) -> int:
        """Its letters."""

    live.script = ["many"] * 3
    with pytest.raises(MockError, match=r"test_mocks\..*count: the model gave no valid answer to count\('a'\).*many"):
        count("a")
    assert len(live.requests) == 3


@pytest.mark.parametrize(
    "reply", ['```json\n{"answer": 4}\n```', '<think>2 + 2</think>{"answer": 4}', "4", 'It is\n\n{"answer": 4}\n']
)
def test_replies_are_read_generously(live: ScriptedServer, reply: str) -> None:
    @llm_mock
    def double(x: int) -> int:
        """Twice x."""

    live.script = [reply]
    assert double(2) == 4


def test_python_source_is_never_evaluated(live: ScriptedServer, tmp_path: Path) -> None:
    @llm_mock
    def anything(x: int):  # type: ignore[no-untyped-def]  # noqa: ANN202
        """Whatever."""

    trap = tmp_path / "trap"
    live.script = [f"__import__('pathlib').Path({str(trap)!r}).write_text('x')", "(1, 2)", '{"a": 1}', "[1, 2]"]
    assert "__import__" in anything(1)
    assert anything(1) == "(1, 2)"
    assert anything(1) == {"a": 1}
    assert anything(1) == [1, 2]
    assert not trap.exists()
    assert "response_format" not in live.requests[0]


def test_an_endpoint_without_schemas_is_asked_in_words_and_that_is_remembered(live: ScriptedServer) -> None:
    @llm_mock
    def double(x: int) -> int:
        """Twice x."""

    refusal = error(400, "response_format is not supported")
    live.script = [refusal, refusal, refusal, answer(4), answer(6)]
    assert (double(2), double(3)) == (4, 6)
    assert ["response_format" in request for request in live.requests] == [True, True, True, False, False]
    assert '"integer"' in asked(live)


def test_exceptions_that_the_docstring_names_can_be_the_answer(live: ScriptedServer) -> None:
    @llm_mock
    def bath(degrees: int) -> str:
        """How it feels. Raises ValueError below -273, TooCold below 10, and json.JSONDecodeError in vain."""

    def raised(name: str) -> str:
        return json.dumps({"raise": {"exception": name, "message": "brr"}})

    live.script = [raised("TooCold"), raised("ValueError"), raised("KeyboardInterrupt"), answer("fine")]
    with pytest.raises(TooCold, match="brr"):
        bath(5)
    with pytest.raises(ValueError, match="brr"):
        bath(-300)
    assert bath(20) == "fine"
    assert "it may only be one of ValueError, TooCold\n" in asked(live)


def test_methods_show_the_fields_of_what_they_are_called_on(live: ScriptedServer) -> None:
    class Account:
        def __init__(self) -> None:
            self.owner = "Ann"
            self.me = self

        @llm_mock
        def greeting(self, loud: bool) -> str:  # noqa: FBT001
            """A greeting for the owner."""

        @classmethod
        @llm_mock
        def kind(cls) -> str:
            """What it is."""

        @llm_mock()
        @staticmethod
        def rate(year: int) -> float:
            """The interest."""

        @property
        @llm_mock
        def motto(self) -> str:
            """A motto."""

    live.script = [answer("Hi Ann"), answer("giro"), answer(1.5), answer("save")]
    account = Account()
    assert account.greeting(loud=True) == "Hi Ann"
    assert "owner='Ann'" in asked(live)
    assert "me=…" in asked(live)
    assert "greeting(True)" in asked(live)
    assert account.kind() == "giro"
    assert account.rate(2026) == 1.5
    assert account.motto == "save"


def test_coroutines_run_side_by_side(live: ScriptedServer) -> None:
    @llm_mock
    async def double(x: int) -> int:
        """Twice x."""

    async def all_of_them() -> list[int]:
        return await asyncio.gather(*(double(x) for x in range(3)))

    live.script = lambda _: Response(answer(7), wait=0.3)
    assert asyncio.run(all_of_them()) == [7, 7, 7]
    assert live.at_once > 1
    assert inspect.iscoroutinefunction(double)


def test_items_are_yielded_while_the_reply_is_still_coming(live: ScriptedServer) -> None:
    @llm_mock
    def words(text: str) -> Iterator[str]:
        """The words."""

    items = [f"word{number}" for number in range(40)]
    live.script = [Response(json.dumps({"items": items}), drip=0.02)]
    begun = time.monotonic()
    stream = words("…")
    assert next(stream) == "word0"
    first = time.monotonic() - begun
    assert list(stream) == items[1:]
    assert first < (time.monotonic() - begun) / 2


def test_an_async_generator_yields_too_and_a_generator_can_be_left(live: ScriptedServer) -> None:
    @llm_mock
    def numbers(count: int) -> AsyncIterator[int]:
        """Numbers."""

    @llm_mock
    def endless(count: int) -> Generator[int, None, None]:
        """Numbers."""

    async def collect() -> list[int]:
        return [number async for number in numbers(3)]

    live.script = ['{"items": [1, 2, 3]}', Response('{"items": [1, 2, 3, 4, 5, 6, 7, 8, 9]}', drip=0.05)]
    assert asyncio.run(collect()) == [1, 2, 3]
    stream = endless(9)
    assert next(stream) == 1
    stream.close()


def test_an_item_of_the_wrong_type_at_the_beginning_is_asked_again(live: ScriptedServer) -> None:
    @llm_mock
    def numbers(count: int) -> Iterator[int]:
        """Numbers."""

    live.script = ['{"items": ["one"]}', '{"items": [1]}', '{"items": [1, "two"]}']
    assert list(numbers(1)) == [1]
    with pytest.raises(MockError, match="valid integer"):
        list(numbers(2))
    assert len(live.requests) == 3


def test_an_asynchronous_client_is_used_on_its_own_loop(live: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL")

    async def ask() -> tuple[int, list[int]]:
        client = openai.AsyncOpenAI(base_url=live.url, api_key="own")

        @llm_mock(client=client, model="theirs", temperature=0.3, seed=4)
        async def double(x: int) -> int:
            """Twice x."""

        @llm_mock(client=client)
        def some() -> AsyncIterator[int]:
            """Numbers."""

        return await double(2), [number async for number in some()]

    live.script = [answer(4), '{"items": [1, 2]}']
    assert asyncio.run(ask()) == (4, [1, 2])
    assert (live.requests[0]["model"], live.requests[0]["temperature"], live.requests[0]["seed"]) == ("theirs", 0.3, 4)


def test_an_asynchronous_client_serves_functions_that_are_not(live: ScriptedServer) -> None:
    @llm_mock(client=openai.AsyncOpenAI(base_url=live.url, api_key="own"), model="theirs")
    def plain() -> int:
        """One."""

    async def within_a_loop() -> int:
        return plain()

    live.script = [answer(1), answer(2)]
    assert (plain(), asyncio.run(within_a_loop())) == (1, 2)


def test_a_template_has_its_fields_filled_in_once(live: ScriptedServer) -> None:
    template = "{name}|{annotations}|{docstring}|{func_args}|{func_kwargs}|{other}"

    @llm_mock(prompt_template=template)
    def pair(x: int, /, *, y: str) -> str:
        """A {name} of things."""

    live.script = [answer("ok")]
    assert pair(1, y="{docstring}") == "ok"
    expected = "pair|{'x': 'int', 'y': 'str', 'return': 'str'}|A {name} of things.|(1,)|{'y': '{docstring}'}|{other}"
    assert live.requests[0]["messages"][1]["content"] == expected
    with pytest.raises(ValueError, match="prompt_template must hold"):
        llm_mock(prompt_template="answer!")


def test_other_decorators_above_and_below_stay(live: ScriptedServer) -> None:
    def twice(function: Any) -> Any:
        @functools.wraps(function)
        def wrapper(*args: Any) -> Any:
            return [function(*args), function(*args)]

        return wrapper

    @twice
    @llm_mock
    def above(x: int) -> int:
        """One more."""

    @functools.lru_cache
    @llm_mock
    def cached(x: int) -> int:
        """One more."""

    live.script = [answer(2), answer(3), answer(4)]
    assert above(1) == [2, 3]
    assert (cached(1), cached(1)) == (4, 4)


def test_long_arguments_are_shortened_with_a_mark(live: ScriptedServer) -> None:
    @llm_mock
    def length(text: object) -> int:
        """How long it is."""

    class Odd:
        def __repr__(self) -> str:
            raise RuntimeError

    class Plain:
        def __init__(self) -> None:
            self.size = 3

    live.script = lambda _: answer(1)
    length("a" * 100_000)
    assert len(asked(live)) < 5_000
    assert "… (100,000 characters in all)" in asked(live)
    length(list(range(1_000)))
    assert "… (940 more)" in asked(live)
    length(Odd())
    assert "Odd, which cannot be shown>" in asked(live)
    length(Plain())
    assert "Plain(size=3)" in asked(live)
    length(object())
    assert "0x" not in asked(live)


def test_a_mock_that_a_repr_calls_is_not_asked_to_show_an_argument(live: ScriptedServer) -> None:
    class Thing:
        @llm_mock
        def __repr__(self) -> str:
            """How it looks."""

    @llm_mock
    def weigh(thing: Thing) -> int:
        """Its weight."""

    live.script = [answer(3)]
    assert weigh(Thing()) == 3
    assert len(live.requests) == 1


def test_no_secret_is_sent(live: ScriptedServer) -> None:
    @llm_mock
    def length(text: str) -> int:
        """How long it is."""

    with pytest.raises(MockError, match="an OpenAI or compatible API key") as caught:
        length(KEY)
    assert KEY not in str(caught.value)
    assert not live.requests


def test_a_type_without_schema_is_refused_where_the_function_is_defined() -> None:
    class Socket:
        pass

    with pytest.raises(MockError, match=r"opened: its return type .*Socket.* has no JSON schema.*Next: annotate"):

        @llm_mock
        def opened() -> Socket:
            """A connection."""


def test_a_lambda_and_a_class_are_refused() -> None:
    with pytest.raises(TypeError, match="lambda"):
        llm_mock(lambda x: x)
    with pytest.raises(TypeError, match="functions, not type objects"):
        llm_mock(Point)


def test_time_and_budget_end_a_call(live: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    @llm_mock
    def double(x: int) -> int:
        """Twice x."""

    monkeypatch.setenv("JITC_TIMEOUT", "0.5")
    live.script = [Response(answer(4), wait=5)]
    with pytest.raises(MockError, match=r"no complete reply within 0\.5 seconds"):
        double(2)
    monkeypatch.setenv("JITC_MAX_CALLS", "0")
    with pytest.raises(MockError, match="the budget of this process is 0 requests"):
        double(2)


SKETCH = '''
from collections.abc import Iterator

from jitc_import import llm_mock


@llm_mock
def weigh(thing: str, times: int = 1) -> float:
    """Its weight. Raises ValueError for what weighs nothing."""


@llm_mock
def parts(thing: str) -> Iterator[str]:
    """What it is made of."""


print(weigh("cow"), list(parts("cow")))
try:
    weigh("ghost")
except ValueError as error:
    print(error)
'''


@pytest.mark.slow
def test_recorded_answers_are_replayed_without_a_model(project: Project, server: ScriptedServer) -> None:
    project.write("sketch.py", SKETCH)
    server.script = [
        answer(600.5),
        '{"items": ["head", "rest"]}',
        '{"raise": {"exception": "ValueError", "message": "no"}}',
    ]
    there = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-test", "JITC_MODEL": "scripted"}
    expected = "600.5 ['head', 'rest']\nno\n"
    recorded = project.run("sketch.py", env={**there, "JITC_MOCK": "record"})
    assert recorded.stdout == expected, recorded.stderr
    again = project.run("sketch.py", env={**there, "JITC_MOCK": "record"})
    assert again.stdout == expected, again.stderr
    for env in ({"JITC_MOCK": "replay"}, {"JITC_MODE": "locked"}, {"CI": "1"}):
        assert project.run("sketch.py", env=env).stdout == expected
    assert len(server.requests) == 3
    kept = json.loads((project.root / "__jitc__" / "sketch.mocks.json").read_text())
    assert kept["mocks"]["weigh"][0] | {"date": ""} == {
        "call": "weigh('cow', 1)",
        "answer": 600.5,
        "model": "scripted",
        "date": "",
        "digest": kept["mocks"]["weigh"][0]["digest"],
    }


def test_a_call_without_a_record_says_how_to_record_it(project: Project) -> None:
    project.write("sketch.py", SKETCH)
    done = project.run("sketch.py", env={"JITC_MOCK": "replay"})
    assert "MockError: __main__.weigh: no answer is recorded for weigh('cow', 1)" in done.stderr
    assert "JITC_MOCK=record" in done.stderr


def test_records_that_do_not_fit_or_cannot_be_read_are_named(project: Project) -> None:
    project.write("sketch.py", SKETCH)
    path = project.write("__jitc__/sketch.mocks.json", "{")
    done = project.run("sketch.py", env={"JITC_MOCK": "replay"})
    assert "MockError: __main__.weigh" in done.stderr
    assert str(path) in done.stderr


def test_threads_and_processes_record_side_by_side(
    live: ScriptedServer, monkeypatch: pytest.MonkeyPatch, project: Project
) -> None:
    path = project.write(
        "side.py",
        '''
        from jitc_import import llm_mock


        @llm_mock
        def double(x: int) -> int:
            """Twice x."""
        ''',
    )
    namespace: dict[str, Any] = {"__name__": "side"}
    exec(compile(path.read_text(), str(path), "exec"), namespace)  # noqa: S102 -- as an import would
    monkeypatch.setenv("JITC_MOCK", "record")
    live.script = lambda _: answer(8)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(namespace["double"], range(16))) == {8}
    kept = json.loads((project.root / "__jitc__" / "side.mocks.json").read_text())
    assert len(kept["mocks"]["double"]) == 16


def test_without_the_hook_and_from_standard_input(project: Project, server: ScriptedServer) -> None:
    server.script = lambda _: answer(600.5)
    there = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-test", "JITC_MODEL": "scripted"}
    code = "from jitc_import import llm_mock\n@llm_mock\ndef f(x: int) -> float:\n  'Its weight.'\nprint(f(3))"
    done = project.run("-c", code, env=there)
    assert done.stdout == "600.5\n", done.stderr
    assert "Its weight." in asked(server)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=8))
def test_short_values_are_shown_as_they_are(value: object) -> None:
    assert shown_value(value) == repr(value) or "…" in shown_value(value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@given(st.lists(JSON, max_size=6), st.integers(1, 7), st.sampled_from(['{"items": %s}', "%s", "```json\n%s\n```"]))
def test_items_come_out_as_they_went_in_however_the_text_is_cut(items: list[Any], width: int, form: str) -> None:
    text = form % json.dumps(items)
    reader = ItemReader()
    pieces = [text[start : start + width] for start in range(0, len(text), width)]
    assert [item for piece in pieces for item in reader.feed(piece)] == items
    assert reader.ended


def test_status_lists_mocks_and_complete_leaves_them_alone(project: Project, server: ScriptedServer) -> None:
    project.write(
        "sketch.py",
        '''
        # jitc: enable all
        from jitc_import import llm_mock


        class Farm:
            @llm_mock
            def weigh(self, thing: str) -> float:
                """Its weight."""


        def double(x: int) -> int:
            """Twice x."""
        ''',
    )
    project.write("plain.py", 'import jitc_import\n@jitc_import.llm_mock()\ndef f() -> int:\n    """One."""\n')
    server.script = ["def double(x):\n    return 2 * x"]
    there = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-test", "JITC_MODEL": "scripted"}
    assert project.run("-m", "jitc_import", "complete", ".", env=there).returncode == 0
    status = json.loads(project.run("-m", "jitc_import", "status", "--json").stdout)
    found = {module["module"]: ([one["key"] for one in module["stubs"]], module["mocks"]) for module in status}
    weigh = {"key": "Farm.weigh", "line": 6, "recorded": 0}
    assert found == {"plain": ([], [{"key": "f", "line": 2, "recorded": 0}]), "sketch": (["double"], [weigh])}
    shown = project.run("-m", "jitc_import", "status").stdout
    assert "1 stub in 2 modules: 1 fresh; 2 mocks" in shown


def test_recorded_calls_go_to_the_model_and_to_the_checks_when_a_mock_becomes_a_stub(
    project: Project, server: ScriptedServer
) -> None:
    sketch = """
        # jitc: enable
        from jitc_import import llm_complete, llm_mock


        @llm_mock
        def legs(animal: str, count: int = 1) -> int:
            \"\"\"How many legs so many of them have.\"\"\"


        print(legs("cow"), legs("ant", 2))
        """
    project.write("farm.py", sketch)
    there = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-test", "JITC_MODEL": "scripted"}
    there["JITC_CANDIDATE_SECONDS"] = "60"  # to import takes long on a busy machine
    server.script = [
        answer(4),
        answer(11),
        "def legs(animal, count=1):\n    return {'cow': 4, 'ant': 6}[animal] * count",
    ]
    assert project.run("farm.py", env={**there, "JITC_MOCK": "record"}).stdout == "4 11\n"
    project.write("farm.py", sketch.replace("@llm_mock", "@llm_complete"))
    done = project.run("-m", "jitc_import", "complete", "farm.py", env=there)
    assert done.returncode == 0, done.stderr
    assert "A mock of `legs`, which may have been wrong" in asked(server, 2)
    assert "`legs('ant', 2) == 11`" in asked(server, 2)
    assert (
        "legs: differs from 1 of 2 recorded answers of its mock, e.g. legs('ant', 2) gave 12, recorded 11"
        in done.stderr
    )
    assert "from a mock 1/2" in (project.root / "__jitc__" / "farm.jitc.py").read_text()


@pytest.mark.slow
def test_a_project_that_names_the_endpoint_is_told_of_once(project: Project, server: ScriptedServer) -> None:
    project.write("pyproject.toml", f'[tool.jitc]\nbase_url = "{server.url}"\nmodel = "m"\n')
    project.write("m.py", 'from jitc_import import llm_mock\n@llm_mock\ndef f() -> int:\n    "A number."\nf() + f()\n')
    server.script = ["1", "2"]
    said = project.run("m.py", env={"OPENAI_API_KEY": "sk-test"}).stderr
    assert said.count(f"requests go to {server.url}, as ") == 1
