"""What a model is told, and that what it is told can be answered."""

from __future__ import annotations

import ast
import os
import time

import pytest

from jitc_import.model.budget import Budget, Spent
from jitc_import.model.client import Client, Request
from jitc_import.model.found import statements_of
from jitc_import.model.prompts import (
    DRAFTS,
    HINTS,
    LONGEST_REPLY,
    METHODS,
    Message,
    check_template,
    first_messages,
    repair_messages,
)
from jitc_import.model.reply import Candidate, read_reply
from jitc_import.settings import Settings
from jitc_import.source.definitions import definitions
from jitc_import.source.digest import canonical
from jitc_import.source.stubs import SourceModule, read_module
from server import ScriptedServer, asked_keys, script_from

SHAPES = '''
import math

class Circle:
    radius: float

    @property
    def size(self) -> float:
        """Area."""

    @size.setter
    def size(self, value: float) -> None:
        """Set the radius so that the area is `value`."""

def perimeter(c: Circle,
              exact: bool = True) -> float:
    """2 pi r."""

def outer(n):
    def inner(x):
        """x + n"""
    return inner
'''


def module_of(source: str) -> SourceModule:
    return read_module(f"# jitc: enable all\n{source}".encode(), "/p/shapes.py", "shapes")


def told(source: str, context: str = "class Circle: ...") -> str:
    return first_messages(context, module_of(source).stubs, None)[-1]["content"]


class TestTheFirstRequest:
    def test_names_each_function_with_its_signature(self) -> None:
        text = told(SHAPES)
        assert text.startswith("Complete these 4 functions in the following Python module.")
        assert text.partition("\n\nWrite a method")[0].splitlines()[-4:] == [
            "- `Circle.size`: `@property def size(self) -> float:`",
            "- `Circle.size`: `@size.setter def size(self, value: float) -> None:`",
            "- `perimeter`: `def perimeter(c: Circle, exact: bool = True) -> float:`",
            "- `outer.inner`: `def inner(x):`",
        ]

    def test_holds_the_context_in_a_fence_that_nothing_in_it_closes(self) -> None:
        context = 'def f():\n    """\n    ```\n    {code} {these}\n    ```\n    """'
        assert f"````python\n{context}\n````\n" in told(SHAPES, context)

    def test_one_function(self) -> None:
        text = told("def f(x): ...\n")
        assert text.startswith("Complete the function `f` in the following Python module.")
        assert "leave out" not in text
        assert METHODS not in text
        assert DRAFTS not in text
        assert HINTS not in text

    def test_a_draft_is_said_to_be_one(self) -> None:
        module = read_module(b"# jitc: enable\ndef f(x):  # jitc: complete\n    y = 'twice x'\n", "/p/m.py", "m")
        assert first_messages("", module.stubs)[-1]["content"].endswith(f"```\n\n{DRAFTS}")

    def test_hints_are_said_to_be_instructions(self) -> None:
        module = read_module(b"# jitc: enable\n# jitc: complete without recursion\ndef f(x): ...\n", "/p/m.py", "m")
        assert first_messages("", module.stubs)[-1]["content"].endswith(f"```\n\n{HINTS}")

    def test_the_roles(self) -> None:
        assert [message["role"] for message in first_messages("", module_of(SHAPES).stubs)] == ["system", "user"]

    def test_the_users_template_takes_the_place_of_the_task(self) -> None:
        messages = first_messages("the {context}", module_of(SHAPES).stubs, "Do {code}! {other} {{}}")
        assert messages[-1]["content"] == "Do the {context}! {other} {{}}"
        assert messages[0]["role"] == "system"

    def test_a_template_without_a_place_for_the_code(self) -> None:
        check_template("{code}")
        with pytest.raises(ValueError, match=r"must hold \{code\}"):
            first_messages("", module_of(SHAPES).stubs, "Do it!")


class TestARepair:
    FIRST: tuple[Message, ...] = ({"role": "system", "content": "s"}, {"role": "user", "content": "u"})

    def test_keeps_what_was_said_and_asks_for_what_failed(self) -> None:
        stubs = module_of(SHAPES).stubs
        messages = repair_messages(self.FIRST, "my reply", {"perimeter": "it is wrong\nat the end"}, stubs)
        assert messages[:3] == (*self.FIRST, {"role": "assistant", "content": "my reply"})
        assert asked_keys({"messages": messages}) == ["perimeter"]
        assert "This function is not right yet:" in messages[-1]["content"]
        assert "float:`\n  it is wrong\n  at the end\n" in messages[-1]["content"]
        assert "correct it. Reply with the whole function in one" in messages[-1]["content"]

    def test_of_several(self) -> None:
        failures = {"Circle.size#2": "a", "outer.<locals>.inner": "b" * 10_000, "gone": "c"}
        messages = repair_messages(self.FIRST, "", failures, module_of(SHAPES).stubs)
        assert "These functions are not right yet:" in messages[-1]["content"]
        assert asked_keys({"messages": messages}) == ["Circle.size", "outer.inner"]
        assert len(messages[-1]["content"]) < 1_500

    def test_an_endless_reply_is_not_sent_back_whole(self) -> None:
        messages = repair_messages(self.FIRST, "x" * 1_000_000, {"perimeter": "no"}, module_of(SHAPES).stubs)
        assert len(messages[2]["content"]) < LONGEST_REPLY + 10


BIG = '''
import math
from dataclasses import dataclass

class Error(Exception):
    """Bad."""

@dataclass
class Circle:
    radius: float

    def area(self) -> float:
        """Area.

        ```
        x
        ```
        """
        # pi r squared
        return math.pi * self.radius**2

    @property
    def size(self) -> float:
        return self.area()

    @size.setter
    def size(self, value: float) -> None:
        if value < 0:
            raise Error("negative")
        self.radius = math.sqrt(value / math.pi)

    class Inner:
        @staticmethod
        def make(*args: int, **kwargs: int) -> str:
            text = f"""{args}
        and
    {kwargs}"""
            return text

    async def wait(self) -> None:
        async with self:
            await self

    @classmethod
    def unit(cls): return cls(1)

if math.pi > 3:
    def twin(x):
        return 1
else:
    def twin(x):
        return 2

def outer(n):
    def inner(x):
        nonlocal n
        n += x
        yield n
    return inner
'''


def without_bodies(original: str) -> str:
    """The module with every innermost function's body left out."""
    tree = ast.parse(original)
    for _, node in definitions(tree):
        if not any(isinstance(each, ast.FunctionDef) for each in node.body):
            node.body = [ast.Expr(ast.Constant(...))]
    return ast.unparse(ast.fix_missing_locations(tree))


def complete(original: str, template: str | None = None) -> tuple[dict[str, Candidate], ScriptedServer]:
    module = module_of(without_bodies(original))
    with ScriptedServer(script_from(original)) as server:
        settings = Settings.model_validate({"model": "m", "base_url": server.url})
        client = Client(settings, Budget(9, None, Spent()))
        reply = client.ask(Request(first_messages(module.text, module.stubs, template)))
    answers = read_reply(reply.text, module, module.stubs, cut=reply.cut)
    return {key: answer for key, answer in answers.items() if isinstance(answer, Candidate)}, server


@pytest.mark.parametrize("template", [None, "Complete {code}"])
def test_the_whole_way_of_a_module(monkeypatch: pytest.MonkeyPatch, template: str | None) -> None:
    monkeypatch.setitem(os.environ, "OPENAI_API_KEY", "none")
    candidates, server = complete(BIG, template)
    originals = {key: node for key, node in definitions(ast.parse(BIG)) if key != "outer"}
    assert set(candidates) == set(originals)
    for key, node in originals.items():
        assert canonical(ast.parse(candidates[key].body).body) == canonical(statements_of(node)), key
    assert len(server.requests) == 1


@pytest.mark.slow
def test_a_thousand_stubs_take_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "OPENAI_API_KEY", "none")
    body = "\n".join(f"    y{line} = [re.escape(str(x)) for x in range({line})]" for line in range(8))
    original = "".join(f"def f{number}(x: int) -> int:\n{body}\n    return {number}\n\n" for number in range(1_000))
    begun = time.monotonic()
    candidates, _ = complete(f"import re\n\n{original}")
    assert len(candidates) == 1_000
    assert time.monotonic() - begun < 20
