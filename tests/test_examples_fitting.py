"""Which examples in prose are run, given the annotations of their function; and what is run in their stead."""

from __future__ import annotations

import ast
from fractions import Fraction
from typing import NamedTuple

import pytest

from jitc_import.checks.examples import Example, examples_of
from jitc_import.checks.examples.fitting import is_comparable


class Point(NamedTuple):
    x: int
    y: int


def comparable(signature: str, docstring: str) -> list[str]:
    """The sources of the examples that are run."""
    function = ast.parse(f"{signature}: ...").body[0]
    assert isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
    parameters = tuple(one.arg for one in function.args.args)
    found = examples_of(docstring, function.name, parameters).good
    return [one.source for one in found if is_comparable(one, function, docstring)]


@pytest.mark.parametrize(
    ("signature", "docstring"),
    [
        ("def f(x: int) -> str", "f(5) -> 101"),
        ("def f(x) -> bool", "f(5) -> 1"),
        ("def f(x) -> int", "f(5) -> 1.5"),
        ("def f(x) -> 'Optional[list[int]]'", "f(5) -> (1, 2)"),
        ("def f(edges: list[tuple[int, int]]) -> int", "Examples:\n1 -> 2\n3 -> 4"),
        ("def f(x) -> Iterable[int]", "Yield them: f(3) -> [3, 2, 1]"),
        ("def f(x) -> collections.abc.Iterator[int]", "f(3) -> [3, 2, 1]"),
        ("def f(x)", "Yield x to 1: f(3) -> [3, 2, 1]"),
        ("async def f(x)", "f(3) -> 4"),
    ],
)
def test_what_does_not_fit_is_not_run(signature: str, docstring: str) -> None:
    assert comparable(signature, docstring) == []


@pytest.mark.parametrize(
    ("signature", "docstring"),
    [
        ("def f(x: int) -> str", "f(5) -> '101'"),
        ("def f(x: float) -> float", "f(5) -> 1"),
        ("def f(x: int) -> int", "f(5) -> 1.0"),
        ("def f(x: list[int]) -> list[int] | None", "f((1, 2)) -> None"),
        ("def f(x: 'Sequence[int]') -> Any", "Examples:\n[1] -> 2"),
        ("def f(x) -> Union[int, str]", "f(5) -> 'five'"),
        ("def f(x) -> Iterator[int]", "list(f(3)) -> [3, 2, 1]"),
        ("def f(x) -> Iterator[int]", "assert list(f(3)) == [3, 2, 1]"),
        ("def f(x)", "f(3) should yield 4"),
        ("def f(x) -> str", "len(f(5)) -> 3"),
        ("def f(x) -> str", ">>> f(5)\n101"),
    ],
)
def test_what_fits_is_run(signature: str, docstring: str) -> None:
    assert len(comparable(signature, docstring)) == 1


@pytest.mark.parametrize(
    ("given", "want", "asserted", "shown"),
    [
        (Point(1, 2), "(1, 2)", False, "(1, 2)"),
        (Fraction(1, 2), "0.5", False, "0.5"),
        (Point(1, 2), "(2, 1)", True, "Point(x=1, y=2)"),
        (1, "True", False, "1"),
        (1, "True", True, "True"),
        (4, "4.0", False, "4"),
        (float("inf"), "inf", False, "inf"),
    ],
)
def test_what_equals_the_literal_shows_it(given: object, want: str, *, asserted: bool, shown: str) -> None:
    example = Example("f(3)", want, "value", 0, 1, asserted=asserted)
    assert repr(eval(example.snippet, {"f": lambda _: given})) == shown  # noqa: S307
