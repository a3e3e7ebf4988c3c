"""Which exceptions on generated inputs say more of the input than of the body."""

from __future__ import annotations

import pytest

from jitc_import.checks.examples import examples_of
from jitc_import.checks.inputs import Input, made_inputs
from jitc_import.checks.natural import divides_by, is_natural

TEXT = Input((), "f('a=')", like_examples=True, has_new_text=True)
NUMBER = Input((), "f(1, 0)", like_examples=True, zeros=("b",))
GUESSED = Input((), "f([])")


@pytest.mark.parametrize(
    ("exception", "line", "made", "natural"),
    [
        ("ValueError: invalid literal for int() with base 10: ''", "return int(text)", TEXT, True),
        ("ValueError: not enough values to unpack (expected 2, got 1)", "a, b = text.split('=')", TEXT, True),
        ("json.decoder.JSONDecodeError: Expecting value: line 1", "return json.loads(text)", TEXT, True),
        ("ValueError: max() iterable argument is empty", "return max(words)", TEXT, False),
        ("ValueError: max() arg is an empty sequence", "return max(words)", TEXT, False),
        ("ValueError: substring not found", "return text.index('a')", TEXT, False),
        ("ValueError: invalid literal for int() with base 10: '7.0'", "return int(str(a / b))", NUMBER, False),
        ("IndexError: list index out of range", "return text.split('=')[1]", TEXT, False),
        ("KeyError: 'b'", "return found[text]", TEXT, False),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'a'", "with open(text) as f:", TEXT, True),
        ("ZeroDivisionError: division by zero", "return a / b", NUMBER, True),
        ("ZeroDivisionError: integer modulo by zero", "if a % (b) == 0:", NUMBER, True),
        ("ZeroDivisionError: division by zero", "return a / (b - 1)", NUMBER, False),
        ("ZeroDivisionError: division by zero", "return b / a", NUMBER, False),
        ("ZeroDivisionError: division by zero", "return sum(xs) / len(xs)", NUMBER, False),
        ("IndexError: list index out of range", "return xs[0]", GUESSED, True),
    ],
)
def test_what_comes_of_the_input(exception: str, line: str, made: Input, natural: bool) -> None:  # noqa: FBT001
    assert is_natural(exception, line, made) is natural


@pytest.mark.parametrize("line", ["q, r = divmod(a, b)", "a //= b", "x = a/b+1", "return a / float(b)"])
def test_divisions_by_a_name(line: str) -> None:
    assert divides_by(line, ["b"])
    assert not divides_by(line, ["a"])


@pytest.mark.parametrize("line", ["return a / b.size", "a / b[0]", "a / b(1)", "a / b ** 2", "a / by"])
def test_no_divisions_by_the_name_itself(line: str) -> None:
    assert not divides_by(line, ["b"])


def test_inputs_tell_what_no_example_has() -> None:
    examples = examples_of("f('a=1', 2) == 4\nf('b=2', 4) == 1", "f", ("text", "b")).good
    inputs = made_inputs(examples, ("text", "b"), (None, None), 60, 0, "f")
    assert all(one.like_examples for one in inputs)
    assert all(one.has_new_text != one.call.startswith(("f('a=1',", "f('b=2',")) for one in inputs)
    assert {one.zeros for one in inputs if one.call.endswith(", 0)")} == {("b",)}
    assert {one.zeros for one in inputs if not one.call.endswith(", 0)")} == {()}
    assert not any(one.like_examples for one in made_inputs((), ("n",), ("int",), 5, 0, "f"))
