"""Mocks of every form, under and over other decorators; callers that leave before the answer is there."""

# mypy: disable-error-code="empty-body"

from __future__ import annotations

import asyncio
import contextlib
import enum
import functools
import inspect
import pickle
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from collections.abc import Iterable as It
from dataclasses import dataclass
from typing import Any

import openai
import pytest
from typing_extensions import Self

from conftest import Project
from jitc_import import JitcWarning, MockError, llm_mock
from jitc_import.mocks.waiting import in_thread
from mocking import answer, asked
from server import Response, ScriptedServer

ITEMS = '{"items": [1, 2]}'


@llm_mock
def known(x: int = 3) -> int:
    """A mock that the module knows."""


@dataclass
class Point:
    x: int

    @llm_mock
    def moved(self) -> Self:
        """One further."""

    @classmethod
    @llm_mock
    def some(cls) -> list[Self]:
        """Some points."""


class Point3(Point):
    pass


def test_self_is_the_class_that_the_method_is_called_on(live: ScriptedServer) -> None:
    live.script = [answer({"x": 2}), answer({"x": 3}), answer([{"x": 4}])]
    assert Point(1).moved() == Point(2)
    assert type(Point3(1).moved()) is Point3
    assert Point.some() == [Point(4)]


def test_a_method_may_return_its_own_class_in_a_function_too(live: ScriptedServer) -> None:
    @dataclass
    class Local:
        x: int

        @llm_mock
        def moved(self) -> Local:
            """One further."""

    live.script = [answer({"x": 2})]
    assert Local(1).moved() == Local(2)


def test_an_iterable_is_a_stream_and_a_coroutine_may_return_one(live: ScriptedServer) -> None:
    @llm_mock
    def numbers() -> Iterable[int]:
        """Numbers."""

    @llm_mock
    async def later() -> AsyncIterator[int]:
        """Numbers."""

    @llm_mock
    async def at_once() -> Iterator[int]:
        """Numbers."""

    async def collect() -> list[int]:
        return [*[number async for number in await later()], *await at_once()]

    live.script = lambda _: ITEMS
    assert list(numbers()) == [1, 2]
    assert asyncio.run(collect()) == [1, 2, 1, 2]


def test_decorators_above_work_and_those_below_are_said_to_be_lost(live: ScriptedServer) -> None:
    @contextlib.contextmanager
    @llm_mock
    def opened() -> Iterator[int]:
        """One number."""

    @functools.singledispatch
    @llm_mock
    def kind(x: object) -> str:
        """What it is."""

    @kind.register
    @llm_mock
    def _(x: int) -> str:
        """The number."""

    live.script = ['{"items": [1]}', answer("text"), answer("number")]
    with opened() as number:
        assert number == 1
    assert (kind("a"), kind(3)) == ("text", "number")
    with pytest.warns(JitcWarning, match=r"below: decorators below llm_mock have no effect.*Next: put llm_mock right"):

        @llm_mock
        @functools.lru_cache
        def below(x: int) -> int:
            """One more."""


def test_a_mock_is_pickled_and_shown_as_what_it_was() -> None:
    assert pickle.loads(pickle.dumps(known)) is known  # noqa: S301 -- its own
    assert str(inspect.signature(known)) == "(x: 'int' = 3) -> 'int'"
    assert inspect.getsource(known).startswith("@llm_mock\ndef known")


@pytest.mark.skipif("sys.version_info < (3, 12)")
def test_type_parameters_are_known_to_the_annotation(live: ScriptedServer) -> None:
    source = 'from __future__ import annotations\n@llm_mock\ndef f[T](x: T) -> list[T]:\n    "Twice."\n'
    names: dict[str, Any] = {"llm_mock": llm_mock, "__name__": "generic"}
    exec(source, names)  # noqa: S102 -- newer syntax
    live.script = [answer([1, 1])]
    assert names["f"](1) == [1, 1]


LATE = '''
from jitc_import import llm_mock


@llm_mock
def place(where: Missing) -> Place:
    """Where it is."""


class Place:
    """No JSON stands for this."""


try:
    place(1)
except Exception as error:
    print(type(error).__name__, error)
'''


@pytest.mark.parametrize("first", ["from __future__ import annotations\n", ""], ids=["text", "late"])
def test_names_that_come_later_are_looked_up_at_the_call(project: Project, first: str) -> None:
    if not first and "annotationlib" not in __import__("sys").stdlib_module_names:
        pytest.skip("annotations are evaluated at the def before Python 3.14")
    project.write("late.py", first + LATE)
    assert "MockError __main__.place: its return type" in project.run("late.py").stdout


def at_work() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("jitc")]


def assert_all_ends(within: float) -> None:
    begun = time.monotonic()
    while at_work():
        assert time.monotonic() - begun < within, at_work()
        time.sleep(0.02)


SLOW = Response('{"items": [1, 2' + ", 3" * 200 + "]}", drip=0.5, piece=16)


@pytest.mark.slow
def test_a_stream_that_is_left_ends_its_request_though_nothing_comes(live: ScriptedServer) -> None:
    @llm_mock
    def numbers() -> Iterator[int]:
        """Numbers."""

    live.script = [Response(SLOW.text, drip=1.5, piece=len(SLOW.text) - 5)]
    stream = numbers()
    assert next(stream) == 1
    stream.close()  # type: ignore[attr-defined]
    assert_all_ends(within=1.2)


@pytest.mark.parametrize("own", [False, True], ids=["by default", "own client"])
def test_a_coroutine_that_is_cancelled_returns_at_once_and_ends_its_request(live: ScriptedServer, own: bool) -> None:  # noqa: FBT001
    async def ask() -> float:
        given = llm_mock(client=openai.AsyncOpenAI(base_url=live.url, api_key="own")) if own else llm_mock

        async def number() -> int:
            """A number."""

        mock: Callable[[], Awaitable[int]] = given(number)
        begun = time.monotonic()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(mock(), 0.3)
        took = time.monotonic() - begun
        await asyncio.sleep(0.1)
        return took

    live.script = [SLOW]
    assert asyncio.run(ask()) < 1
    assert_all_ends(within=1.2)


NOTEBOOK = """
from IPython.core.interactiveshell import InteractiveShell
import os

shell = InteractiveShell()
shell.compile.get_code_name = lambda *_: os.path.join(os.sep, "nowhere", "ipykernel_1", "2.py")
shell.compile.get_filename = shell.compile.get_code_name
done = shell.run_cell('''
from jitc_import import llm_mock
@llm_mock
def f(x: int) -> int:
    "Twice."
print(f(2))
''')
done.raise_error()
"""


@pytest.mark.slow
def test_a_notebook_s_records_stand_where_it_runs(project: Project, server: ScriptedServer) -> None:
    pytest.importorskip("IPython")
    project.write("cell.py", NOTEBOOK)
    server.script = [answer(4)]
    there = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-test", "JITC_MODEL": "scripted"}
    done = project.run("cell.py", env={**there, "JITC_MOCK": "record"})
    assert done.stdout == "4\n", done.stdout + done.stderr
    assert (project.root / "__jitc__" / "interactive.mocks.json").is_file()
    assert "Twice." in asked(server)
    assert project.run("cell.py", env={"JITC_MOCK": "replay"}).stdout == "4\n"


Numbers = Iterator[int]


def test_a_stream_is_one_by_whatever_name_it_goes(live: ScriptedServer) -> None:
    class AsyncThing(enum.Enum):
        A = "a"

    @llm_mock
    def renamed() -> It[int]:
        """Numbers."""

    @llm_mock
    def alias() -> Numbers:
        """Numbers."""

    @llm_mock
    def things() -> Iterator[AsyncThing]:
        """Things."""

    live.script = [ITEMS, ITEMS, '{"items": ["a"]}']
    assert (list(renamed()), list(alias()), list(things())) == ([1, 2], [1, 2], [AsyncThing.A])


def test_what_ends_iterators_is_no_answer_of_a_stream_or_coroutine(live: ScriptedServer) -> None:
    @llm_mock
    async def later() -> int:
        """The next. Raises StopIteration at the end."""

    @llm_mock
    def numbers() -> Iterator[int]:
        """Numbers. Raises StopIteration at the end, ValueError before."""

    @llm_mock
    def plain() -> int:
        """The next. Raises StopIteration at the end."""

    live.script = lambda _: '{"raise": {"exception": "StopIteration", "message": "end"}}'
    with pytest.raises(MockError, match="it raises StopIteration"):
        asyncio.run(asyncio.wait_for(later(), 20))
    with pytest.raises(MockError, match="it may only be one of ValueError"):
        list(numbers())
    with pytest.raises(StopIteration):
        plain()


def test_a_coroutine_ends_whatever_is_raised_for_it() -> None:
    def work() -> None:
        raise StopIteration

    async def wait() -> None:
        await asyncio.wait_for(in_thread(work), 5)

    with pytest.raises(RuntimeError, match="StopIteration"):
        asyncio.run(wait())


def test_a_draft_may_use_what_is_not_there_yet(live: ScriptedServer) -> None:
    def made() -> Any:
        @llm_mock
        def some() -> list[Later]:
            """Some."""
            return [Later(known_later)]

        if live.url:
            return some
        known_later = 1

        @dataclass
        class Later:
            x: int

        return known_later

    with pytest.raises(MockError, match="name 'Later' is not defined"):
        made()()
    assert not live.requests


def test_init_returns_none(live: ScriptedServer) -> None:
    class Thing:
        @llm_mock
        def __init__(self, a: int):  # noqa: ANN204 -- as many are written
            """Make it."""

    live.script = [answer(3), answer(None)]
    assert isinstance(Thing(1), Thing)
    assert len(live.requests) == 2


def test_two_mocks_of_one_name_are_said_to_share_their_records(project: Project) -> None:
    project.write(
        "twice.py",
        """
        from jitc_import import llm_mock

        for _ in range(2):
            @llm_mock
            def same(x: int) -> int:
                "The same."


        @llm_mock
        def same(x: int) -> int:
            "Another."
        """,
    )
    said = project.run("twice.py").stderr
    assert said.count("same: two mocks of this name in one module share their records. Next: give one of") == 1


def test_wrong_arguments_are_refused_at_the_call(live: ScriptedServer) -> None:
    class Farm:
        @llm_mock
        def items(self, x: int, /, *, y: int = 2) -> Iterator[int]:
            """Numbers."""

        @llm_mock
        async def later(self, x: int, *more: int, y: int, **others: int) -> int:
            """A number."""

        @llm_mock
        async def stream(self, x: int = 1) -> AsyncIterator[int]:
            """Numbers."""
            yield x

        @llm_mock
        async def listed(self, x: int) -> Iterator[int]:
            """Numbers."""

    farm: Any = Farm()
    for wrong in (farm.items, lambda: farm.later(1), lambda: farm.stream(z=1), farm.listed):
        with pytest.raises(TypeError, match=r"Farm\.\w+\(\) (?:missing|got an unexpected)"):
            wrong()
    live.script = [ITEMS, answer(3), ITEMS, ITEMS]
    assert list(farm.items(1)) == [1, 2]
    assert asyncio.run(farm.later(1, 2, y=3, z=4)) == 3
    assert "later(1, 2, y=3, z=4)" in asked(live)

    async def collect() -> list[int]:
        return [*[number async for number in farm.stream()], *await farm.listed(x=1)]

    assert asyncio.run(collect()) == [1, 2, 1, 2]
    assert "stream(1)" in asked(live, 2)
    assert inspect.isgeneratorfunction(farm.items)
    assert inspect.isasyncgenfunction(farm.stream)
    assert inspect.iscoroutinefunction(farm.later)
    assert inspect.iscoroutinefunction(farm.listed)
