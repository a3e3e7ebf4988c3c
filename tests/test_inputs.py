"""Which inputs are made for comparing candidates: like those of the examples, none of them, the same each time."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jitc_import.checks.examples import Example, examples_of
from jitc_import.checks.inputs import Input, made_inputs


def made(
    docstring: str, *parameters: str, name: str = "f", annotations: tuple[str | None, ...] = (), count: int = 40
) -> tuple[Input, ...]:
    """Inputs for the function `name`, as its docstring has examples."""
    examples = examples_of(inspect.cleandoc(docstring), name, parameters).good
    return made_inputs(examples, parameters, annotations or (None,) * len(parameters), count, 0, name)


def arguments(inputs: tuple[Input, ...]) -> list[list[object]]:
    """The arguments of the outermost call of each input."""
    calls = [ast.parse(one.call, mode="eval").body for one in inputs]
    assert all(isinstance(call, ast.Call) for call in calls)
    return [[ast.literal_eval(argument) for argument in call.args] for call in calls if isinstance(call, ast.Call)]


def test_arguments_keep_the_types_of_the_examples() -> None:
    given_arguments = arguments(made("f([1, 2], 'ab', 1.5, {'a': 1}, (1, 'x')) == 4", "a", "b", "c", "d", "e"))
    assert len(given_arguments) == 40
    for numbers, text, number, mapping, pair in given_arguments:
        assert isinstance(numbers, list)
        assert all(type(item) is int for item in numbers)
        assert isinstance(text, str)
        assert isinstance(number, float)
        assert isinstance(mapping, dict)
        assert isinstance(pair, tuple)
        assert [type(item) for item in pair] == [int, str]


def test_numbers_stay_in_the_order_of_magnitude_and_negative_ones_need_an_example() -> None:
    assert all(0 <= number <= 36 for (number,) in arguments(made("f(12) == 4\nf(3) == 2", "n")))  # type: ignore[operator]
    assert any(number < 0 for (number,) in arguments(made("f(-12) == 4\nf(3) == 2", "n")))  # type: ignore[operator]


@pytest.mark.parametrize(
    ("docstring", "rule"),
    [
        ("f('(()())') == 4\nf('()') == 1", lambda text: set(text) <= set("()") and text.count("(") == text.count(")")),
        ("f('12') == 4\nf('7') == 1", str.isdecimal),
        ("f('09:30') == 4\nf('17:05') == 1", lambda text: len(text) == 5 and text[2] == ":"),
        ("f('abca') == 4", lambda text: set(text) <= set("abc")),
        ("f('a') == 4\nf('c') == 4", lambda text: len(text) == 1),
        ("f([1, 2, 5]) == 4\nf([3, 4]) == 1", lambda values: values == sorted(set(values))),
        ("f([[1, 2], [3, 4]]) == 4\nf([[1]]) == 1", lambda rows: all(len(row) == len(rows) for row in rows)),
        ("f([[1, 2], [3, 4], [5, 6]]) == 4", lambda rows: all(len(row) == 2 for row in rows)),
        ("f([(1, 'a'), (2, 'b')]) == 4", lambda pairs: all(len(pair) == 2 for pair in pairs)),
        (
            "f([{'n': 1, 'm': 2}, {'n': 2, 'm': 1}]) == 4",
            lambda records: all(set(one) == {"n", "m"} for one in records),
        ),
        ("f({1, 2}) == 4", lambda values: isinstance(values, set)),
        ("f(True) == 4", lambda value: value is False),
    ],
)
def test_what_the_examples_have_in_common_is_kept(docstring: str, rule: object) -> None:
    given_arguments = arguments(made(docstring, "x"))
    assert given_arguments
    assert all(rule(value) for (value,) in given_arguments)  # type: ignore[operator]


def test_sizes_that_belong_together_stay_together() -> None:
    both = arguments(made("f([1, 2], ['a', 'b']) == 4\nf([3], ['c']) == 1", "a", "b"))
    assert all(len(one) == len(other) for one, other in both)  # type: ignore[arg-type]
    within = arguments(made("f([4, 2, 5], 2) == 4\nf([3, 9], 1) == 1", "a", "k"))
    assert all(index <= len(values) for values, index in within)  # type: ignore[operator, arg-type]


def test_arguments_of_several_examples_are_combined() -> None:
    calls = {one.call for one in made("f('ab', 1) == 4\nf('xy', 2) == 3", "text", "n", count=200)}
    assert {"f('ab', 2)", "f('xy', 1)"} & calls


def test_methods_are_called_on_other_objects_after_their_set_up() -> None:
    inputs = made("Circle(2).area(3) == 12.5", "self", "digits", name="area")
    assert {one.call.partition(".")[0] for one in inputs} > {"Circle(2)", "Circle(3)"}
    with_setup = made(">>> import math\n>>> c = Circle(2)\n>>> c.area(3)\n12.5", "self", "digits", name="area")
    assert with_setup
    assert {one.setup for one in with_setup} == {("import math", "c = Circle(2)")}


def test_calls_inside_larger_expressions_are_varied() -> None:
    assert all(one.call.startswith("sorted(f([") for one in made(">>> sorted(f([1, 2], 3)) == [1]\nTrue", "a", "b"))
    assert made(">>> sorted(f([1, 2], 3)) == [1]\nTrue", "a", "b")


def test_examples_that_raise_are_not_varied() -> None:
    text = ">>> f(-1)\nTraceback (most recent call last):\nValueError: no"
    assert made(text, "n") == ()


def test_without_examples_the_annotations_tell() -> None:
    inputs = made("Nothing.", "a", "b", annotations=("list[Tuple[int, str]]", "'Optional[typing.Dict[str, float]]'"))
    assert len(inputs) == 40
    for pairs, mapping in arguments(inputs):
        assert isinstance(pairs, list)
        assert all([type(item) for item in pair] == [int, str] for pair in pairs)
        assert mapping is None or all(isinstance(value, float) for value in mapping.values())  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "annotation",
    ["int", "float", "str", "bool", "set[int]", "tuple[int, ...]", "int | None", "Literal['a', 'b']", "FrozenSet[str]"],
)
def test_plain_types_can_be_made(annotation: str) -> None:
    assert made("", "x", annotations=(annotation,))


@pytest.mark.parametrize(
    "annotation", ["Path", "list", "Callable[[int], int]", "list[Path]", "int[", "", None, "Any", "'"]
)
def test_other_types_cannot(annotation: str | None) -> None:
    assert made("", "x", annotations=(annotation,)) == ()


def test_methods_and_functions_of_unknown_name_need_examples() -> None:
    assert made("", "self", "x", annotations=(None, "int")) == ()
    assert made_inputs((), ("x",), ("int",), 5, 0) == ()


def test_the_name_is_the_one_that_the_examples_call() -> None:
    examples = examples_of("f(1) == 2\nf(3) == 4", "f", ("n",)).good
    assert made_inputs(examples, ("n",), (None,), 5, 0) == made_inputs(examples, ("n",), (None,), 5, 0, "f")


def test_the_same_seed_makes_the_same_inputs_in_every_process() -> None:
    program = (
        "from jitc_import.checks.examples import examples_of\n"
        "from jitc_import.checks.inputs import made_inputs\n"
        "found = examples_of('f({\"a\", \"b\", \"c\"}, [1]) == 4', 'f', ('a', 'b')).good\n"
        "print(made_inputs(found, ('a', 'b'), (None, None), 30, 7, 'f'))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(runs) == 1


LITERALS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sets(st.integers() | st.text()),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=12,
)


@pytest.mark.slow
@given(st.lists(st.tuples(LITERALS, LITERALS), min_size=1, max_size=4), st.integers())
def test_every_input_compiles_and_is_no_example(calls: list[tuple[object, object]], seed: int) -> None:
    examples = [Example(f"f({one!r}, {other!r})", "4", "value", 0, 1) for one, other in calls]
    inputs = made_inputs(examples, ("a", "b"), (None, None), 12, seed, "f")
    assert inputs == made_inputs(examples, ("a", "b"), (None, None), 12, seed, "f")
    assert len(inputs) == len(set(inputs)) <= 12
    known = {ast.unparse(ast.parse(example.source)) for example in examples}
    for one in inputs:
        compile(one.call, "<input>", "eval")
        assert one.call not in known


@given(
    st.lists(st.text(max_size=40), max_size=3), st.lists(st.none() | st.text(max_size=20), max_size=3), st.integers()
)
def test_making_never_fails(sources: list[str], annotations: list[str | None], seed: int) -> None:
    examples = [Example(source, source[:3], "doctest", 0, 1) for source in sources]
    parameters = tuple(f"p{number}" for number in range(len(annotations)))
    for name in ("", "f"):
        for one in made_inputs(examples, parameters, annotations, 5, seed, name):
            compile(one.call, "<input>", "eval")
