"""What annotations promise, tried on generated arguments in the confined child."""

from __future__ import annotations

import marshal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, NewType, Optional, Union

import pytest

from conftest import Project
from jitc_import.checks.properties import (
    IMPORTS,
    Advice,
    hypothesis_available,
    property_snippet,
    read_properties,
    wrong_value,
)
from jitc_import.checks.sandbox.session import Job, Limits, Ran, Sandbox, Snippet
from server import ScriptedServer
from test_complete import endpoint

pytestmark = pytest.mark.skipif(not hypothesis_available(), reason="hypothesis is not installed")

BODIES = """
from __future__ import annotations
from dataclasses import dataclass
from typing import Generic, Optional, TypeVar

T = TypeVar("T")

def is_even(n: int) -> bool:
    return n % 2

def first(values: list[int]) -> int:
    return values[0]

def names(values: list[int], *, by: float = 1.5) -> list[str]:
    return [value for value in values]

def pair(text: str, /) -> tuple[int, str]:
    return len(text), text, text

def maybe(n: int) -> Optional[str]:
    return n or None

def falls_through(n: int) -> int:
    if n > 3:
        return n

def refuses(n: int) -> int:
    if n < 0:
        raise TypeError("negative")
    if n > 9:
        raise ValueError("large")
    return n

def looks_up(d: dict[str, int]) -> int:
    return d["a"]

def halves(n: int) -> float:
    return n

def prints(n: int) -> None:
    print(10 * "x", n)

def plain(x): return x
def anything(x: object) -> int: return x
def variable(x: T) -> T: return x
def unknown(x: NoSuchType) -> int: return ""
def divides(n: int, by: float = 2.0) -> float: return by / n
def divides_by_sum(xs: list[int]) -> float: return 1 / sum(xs)
def stars(*args: int, **more: int) -> str: return 1
async def later(x: int) -> str: return x
def stream(x: int) -> str: yield x

@dataclass
class Square:
    side: int

    def area(self) -> str:
        return self.side ** 2

    def share(self) -> float:
        return 1 / self.side

    @staticmethod
    def of(side: int) -> Square:
        return side

    @classmethod
    def unit(cls, side: int) -> str:
        return cls

class Opaque:
    def __init__(self, x): pass
    def area(self) -> str: return 1

class Node:
    def __init__(self, child: Node): pass
    def area(self) -> str: return 1
"""


class Child:
    """Runs the properties of the functions above."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def advice(self, key: str, docstring: str = "", bodies: str = BODIES) -> list[Advice]:
        snippet = property_snippet(key)
        assert snippet is not None
        return list(read_properties(snippet, self.ran(snippet, bodies), docstring, ["self", "n"]))

    def wrong_value(self, key: str, words: str, bodies: str) -> str | None:
        snippet = property_snippet(key, only_values=True)
        assert snippet is not None
        return wrong_value(snippet, self.ran(snippet, bodies), words)

    def ran(self, snippet: Snippet, bodies: str) -> Ran:
        code = compile(bodies, "/nowhere/__jitc__/shapes.jitc.py", "exec", dont_inherit=True)
        outcome = self.sandbox.run(Job(marshal.dumps(code), bodies, code.co_filename, (snippet,)))
        assert (outcome.ended, outcome.import_failure, outcome.ran[0].exception) == (None, None, None)
        return outcome.ran[0]


@pytest.fixture(scope="module")
def child(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Child]:
    path = tmp_path_factory.mktemp("project") / "shapes.py"
    path.write_text("")
    with Sandbox(str(path), "shapes", [str(path.parent), *sys.path], IMPORTS, Limits(seconds=20)) as sandbox:
        yield Child(sandbox)
    assert [entry.name for entry in Path(path.parent).iterdir()] == ["shapes.py"]


BROKEN = {
    "is_even": "is_even(0) returned 0, the annotation says bool",
    "first": "first([]) raised IndexError: list index out of range at `return values[0]`",
    "names": "names([0], by=0.0) returned [0], the annotation says list[str]",
    "pair": "pair('') returned (0, '', ''), the annotation says tuple[int, str]",
    "maybe": "maybe(1) returned 1, the annotation says Optional[str]",
    "falls_through": "falls_through(0) returned None, the annotation says int",
    "looks_up": "looks_up({}) raised KeyError: 'a' at `return d[\"a\"]`",
    "divides_by_sum": "divides_by_sum([]) raised ZeroDivisionError: division by zero at `def divides_by_sum(xs: list[int]) -> float: return 1 / sum(xs)`",  # noqa: E501
    "stars": "stars() returned 1, the annotation says str",
    "Square.area": "Square(side=0).area() returned 0, the annotation says str",
    "Square.of": "Square.of(0) returned 0, the annotation says Square",
    "Square.unit": "Square.unit(0) returned <class 'shapes.Square'>, the annotation says str",
}


@pytest.mark.parametrize("key", BROKEN)
def test_a_broken_promise_is_advice(key: str, child: Child) -> None:
    said = child.advice(key)
    assert [(one.text.replace("str | None", "Optional[str]"), one.verdict) for one in said] == [(BROKEN[key], False)]


KEPT = [
    "refuses",
    "divides",
    "Square.share",
    "halves",
    "prints",
    "plain",
    "anything",
    "variable",
    "unknown",
    "later",
    "stream",
]


@pytest.mark.parametrize("key", [*KEPT, "Opaque.area", "Node.area", "no_such_name", "is_even.deeper"])
def test_what_is_kept_or_cannot_be_tried_gives_no_advice(key: str, child: Child) -> None:
    assert child.advice(key) == []


def test_a_function_that_counts_up_to_its_argument_ends(child: Child) -> None:
    bodies = "def f(n: int) -> int:\n    return sum(1 for _ in range(n)) + len('x' * n)\n"
    assert child.advice("f", bodies=bodies) == []


def test_what_is_printed_is_left_out_and_the_same_is_found_again(child: Child) -> None:
    bodies = "def f(xs: list[int]) -> int:\n    print(xs)\n    return 1 // (sum(xs) - 7)\n"
    once, again = (child.advice("f", bodies=bodies) for _ in range(2))
    assert once == again


@pytest.mark.parametrize(
    ("key", "docstring", "verdict"),
    [
        ("is_even", "Returns a bool.", True),
        ("is_even", "Return a boolean: whether n is even.", True),
        ("is_even", "Whether.\n\nReturns:\n    bool: whether n is even.", True),
        ("is_even", "Return True if n is even.", False),
        ("is_even", "Returns the bool that was given.", False),
        ("first", "The first value. Never raises.", True),
        ("first", "The first value; never fails", True),
        ("first", "Never raises IndexError.", False),
        ("first", "The first value. Never fails for a list that is not empty.", False),
        ("first", "For a list with values it never fails.", False),
        ("first", "Never raises an exception\n    for any list.", True),
        ("first", "Never fails for any list of numbers.", False),
        ("first", "Never fails if there are values.", False),
        ("first", "Never raises an `IndexError`.", False),
        ("first", "Raises IndexError.", False),
        ("falls_through", "Returns an integer.", False),
        ("pair", "Returns a tuple.", False),
        ("names", "Returns a list.", False),
        ("Square.area", "Returns a string.", True),
    ],
)
def test_a_verdict_only_where_the_docstring_promises_it(key: str, docstring: str, verdict: bool, child: Child) -> None:  # noqa: FBT001
    assert [one.verdict for one in child.advice(key, docstring)] == [verdict]


@pytest.mark.slow
def test_a_body_that_breaks_a_promise_of_the_docstring_goes_back(project: Project, server: ScriptedServer) -> None:
    stub = 'def odd(n: int) -> bool:  # jitc: complete\n    """Returns a bool.\n\n    >>> odd(3)\n    True\n    """\n'
    project.write("odds.py", f"# jitc: enable\n{stub}")
    server.script = ["def odd(n):\n    return n > 2 or n % 2", "def odd(n):\n    return n % 2 == 1"]
    done = project.run("-m", "jitc_import", "complete", "odds.py", env={**endpoint(server), "WITH_HYPOTHESIS": "1"})
    assert done.returncode == 0, done.stderr
    assert "odd(0) returned 0, the annotation says bool" in server.requests[1]["messages"][-1]["content"]


def test_what_did_not_end_or_failed_says_nothing() -> None:
    snippet = property_snippet("f")
    assert snippet is not None
    assert read_properties(snippet, None, "") == ()
    for output in ("", "[]", "jitc-", snippet.source):
        assert read_properties(snippet, Ran(output, None, None, inside=False), "") == ()
        assert read_properties(snippet, Ran(output, "ImportError: x", None, inside=False), "") == ()


def test_a_function_in_a_function_cannot_be_reached() -> None:
    assert property_snippet("f.<locals>.g") is None


ALONE = """
import math
_current: str | None = None
_names = {}
_EVEN = (0, 2)
class Config:
    user = None
class Session:
    def __init__(self, n: int): self.n = _names.get(n)
def is_even(n: int) -> bool:
    return n % 2 == 0 or n
def word(text: str) -> str:
    return text.split()[0] if text else None
def refuses(n: int) -> str:
    if n < 0: raise TypeError(n)
    return [][n]
def table(n: int) -> int:
    return math.sqrt(abs(n)) if n in _EVEN else 0
def current(n: int) -> str:
    return _current
def through(n: int) -> str:
    return current(n)
def of_class(n: int) -> str:
    return Config.user
def named(n: int) -> str:
    return _names.get(n)
def parts(n: int) -> list[str]:
    return [n]
def own(n: int) -> str:
    return Config()
def made(n: int) -> str:
    return Session(n).n
"""


@pytest.mark.parametrize(
    ("key", "words", "wrong"),
    [
        ("is_even", "Returns a bool.", "is_even(1) returned 1, the annotation says bool"),
        ("word", "The first word.", "word('') returned None, the annotation says str"),
        ("word", "The first word, or None.", None),
        ("table", "", "table(0) returned 0.0, the annotation says int"),
        *((key, "", None) for key in ("refuses", "current", "through", "of_class", "named", "parts", "own", "made")),
    ],
)
def test_of_what_nothing_else_ran_only_a_value_of_another_type_counts(
    key: str, words: str, wrong: str | None, child: Child
) -> None:
    assert child.wrong_value(key, words, ALONE) == wrong


Number = NewType("Number", int)


@pytest.mark.parametrize(
    ("value", "hint", "wanted"),
    [
        (True, int, True),
        (1, float, True),
        (True, float, False),
        (1.0, int, False),
        (1, bool, False),
        (None, None, True),
        (0, None, False),
        (1, Any, True),
        (1, Optional[str], False),  # noqa: UP045
        (None, Optional[str], True),  # noqa: UP045
        ("a", Union[int, str], True),  # noqa: UP007
        ("a", int | None, False),
        ("c", Literal["a", "b"], False),
        (1, Annotated[int, "x"], True),
        (1, Number, True),
        ("", Number, False),
        ([1, "a"], list[int], False),
        ((1, 2, 3), tuple[int, ...], True),
        ((1, "a"), tuple[int, ...], False),
        ((1, "a"), tuple[int, str], True),
        ((1,), tuple[int, str], False),
        ({"a": 1}, dict[str, int], True),
        ({"a": "b"}, dict[str, int], False),
        ({"a": [1, None]}, dict[str, list[int]], False),
        (iter([1]), list[int], False),
        (len, "unresolved", True),
    ],
)
def test_values_against_annotations(value: object, hint: object, wanted: bool) -> None:  # noqa: FBT001
    from jitc_import.checks.properties_in_child import agrees

    assert agrees(value, hint) is wanted
