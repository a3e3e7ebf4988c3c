"""Replies to mocks that go wrong: reasoning without a beginning, items of the wrong type, half an answer."""

# mypy: disable-error-code="empty-body"

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from conftest import Project
from jitc_import import MockError, llm_mock
from mocking import answer, asked
from server import Response, ScriptedServer, error


@llm_mock
def number(x: int) -> int:
    """A number."""


@llm_mock
def numbers(count: int) -> Iterator[int]:
    """Numbers."""


@llm_mock
def untyped(x: int):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Whatever."""


@llm_mock
def bath(degrees: int) -> int:
    """How warm it feels. Raises ValueError below -273."""


@llm_mock
def steps(count: int) -> Iterator[int]:
    """Steps. Raises ValueError where there are none."""


@pytest.mark.parametrize(
    "reply",
    [
        'let me see {"answer": 1}</think>{"answer": 42}',
        '{"answer": 1}</think>{"answer": 42}',
        'I close </think> and say {"answer": 1}.\n</think>\n\n```json\n{"answer": 42}\n```',
        'It is {"answer": 42}',
    ],
)
def test_a_thought_that_began_before_the_reply_is_no_answer(live: ScriptedServer, reply: str) -> None:
    live.script = [reply]
    assert number(1) == 42


def test_the_end_of_a_thought_within_an_answer_is_part_of_it(live: ScriptedServer) -> None:
    live.script = ['Here: {"answer": "a </think> b"}', "hm, so </think>Paris", '{"answer": 1}</think>', answer(2)]
    assert untyped(1) == "a </think> b"
    assert untyped(2) == "Paris"
    assert number(2) == 2  # what came was the thought alone


def test_items_of_a_thought_are_held_back_or_said_to_be_some(live: ScriptedServer) -> None:
    live.script = ['so {"items": [1]} or</think>{"items": [7, 8]}', '{"items": []}</think>{"items": [3]}']
    assert list(numbers(2)) == [7, 8]
    assert list(numbers(1)) == [3]
    live.script = ["", "", '{"items": [1, 2]} hm</think>{"items": [7, 8]}']
    with pytest.raises(MockError, match=r"reasoning.*Next: .*JITC_MOCK=record"):
        list(numbers(3))
    assert len(live.requests) == 3


def test_what_came_before_a_wrong_item_is_quoted_and_sent(live: ScriptedServer) -> None:
    live.script = [Response('{"items": ["x", 2]}', piece=4), '{"items": [1]}', '{"items": [1, "two", 4]}']
    assert list(numbers(1)) == [1]
    assert '{"items": ["x"' in live.requests[1]["messages"][2]["content"]
    with pytest.raises(MockError, match=r"it said '\{\"items\": \[1, \"two\""):
        list(numbers(2))


def test_a_reply_answers_or_raises(live: ScriptedServer) -> None:
    raised = {"exception": "ValueError", "message": "cold"}
    both = json.dumps({"answer": 1, "raise": raised})
    live.script = [both, "{}", json.dumps({"answer": 5, "raise": None}), json.dumps({"answer": None, "raise": raised})]
    assert bath(5) == 5
    assert "either answer or raise" in asked(live, 1)
    assert live.requests[2]["messages"][-1]["content"].startswith("That is no answer: it must")
    with pytest.raises(ValueError, match="cold"):
        bath(-300)
    schema = live.requests[0]["response_format"]["json_schema"]["schema"]
    assert schema["type"] == "object"
    assert schema["required"] == ["answer", "raise"]
    assert {"type": "null"} in schema["properties"]["answer"]["anyOf"]


def test_a_stream_yields_or_raises(live: ScriptedServer) -> None:
    raised = {"exception": "ValueError", "message": "none"}
    live.script = [
        json.dumps({"items": [], "raise": raised}),
        json.dumps({"items": [1, 2], "raise": None}),
        json.dumps({"items": None, "raise": raised}),
        json.dumps({"items": [1, 2], "raise": raised}),
    ]
    with pytest.raises(ValueError, match="none"):
        list(steps(0))
    assert list(steps(2)) == [1, 2]
    with pytest.raises(ValueError, match="none"):
        list(steps(0))
    with pytest.raises(MockError, match="either items or raise"):
        list(steps(2))


def test_reasoning_without_end_is_not_blamed_on_a_setting(live: ScriptedServer) -> None:
    @llm_mock(model="thinker")
    def deep() -> int:
        """A number."""

    live.script = [Response("<think>hm", finish="length")] * 2
    with pytest.raises(MockError) as caught:
        deep()
    assert "still reasoning" in str(caught.value)
    assert "JITC_CONTEXT" not in str(caught.value)
    live.script = [*[""] * 2, Response("  ", finish="length")]
    with pytest.raises(MockError, match="4,096 tokens were used up") as caught:
        number(1)
    assert "JITC_CONTEXT" not in str(caught.value)


def test_recorded_answers_are_offered_only_where_they_help(
    live: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    @llm_mock(model="a @ b")
    def elsewhere() -> int:
        """A number."""

    live.script = [error(401, "no")]
    with pytest.raises(MockError, match=r"refuses the key.*Next: mend that, or use recorded answers"):
        number(1)
    with pytest.raises(MockError, match=r"no endpoint is called .*Next: mend that$"):
        elsewhere()
    monkeypatch.setenv("JITC_MAX_TOKENS", "1")
    with pytest.raises(MockError, match=r"the budget .*JITC_MAX_TOKENS sets it. Next: mend that$"):
        number(1)


def test_the_time_that_imports_take_is_no_time_of_a_call(project: Project, server: ScriptedServer) -> None:
    project.write(
        "slow.py",
        """
        import sys, time
        from importlib.abc import MetaPathFinder

        class Slow(MetaPathFinder):
            def find_spec(self, name, path=None, target=None):
                if name in {"openai", "h11", "openai.resources"}:
                    time.sleep(2)

        sys.meta_path.insert(0, Slow())
        from jitc_import import llm_mock

        @llm_mock
        def one() -> int:
            "One."

        print(one(), one())
        """,
    )
    server.script = [answer(1), answer(2)]
    there = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-test", "JITC_MODEL": "m", "JITC_TIMEOUT": "4"}
    done = project.run("-c", "import slow", env=there)
    assert done.stdout == "1 2\n", done.stderr


def test_the_ways_to_a_model_and_the_next_step_stand_on_lines_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "JITC_MODEL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(MockError, match="three ways") as caught:
        number(1)
    *_, last_way, step = str(caught.value).splitlines()
    assert last_way.endswith("model pull")
    assert step == "Next: mend that, or use recorded answers with JITC_MOCK=replay"
