"""Which examples are read out of docstrings, what counts as their result, and how a failure is told."""

from __future__ import annotations

import doctest
import inspect
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jitc_import.checks.examples import Example, Examples, examples_of, failure_text, left_open, matches


def read(docstring: str, name: str = "f", *parameters: str) -> Examples:
    """The examples of a docstring; of one with one parameter where none is named."""
    return examples_of(inspect.cleandoc(docstring), name, parameters or ("x",))


def pairs(docstring: str, name: str = "f", *parameters: str) -> list[tuple[str, str]]:
    """Source and expected result of each example."""
    return [(example.source, example.want) for example in read(docstring, name, *parameters).good]


def doctest_example(source: str, want: str, exception: str | None = None, **options: bool) -> Example:
    flags = {doctest.OPTIONFLAGS_BY_NAME[name]: value for name, value in options.items()}
    return Example(source, want, "doctest", 0, 1, flags, exception)


def value_example(want: str) -> Example:
    return Example("f(3)", want, "value", 0, 1)


# At the prompt ---------------------------------------------------------------------------------------------------


def test_doctests_are_read_in_order_with_their_lines_and_their_set_up() -> None:
    good = read(
        """Area of a circle.

        >>> c = Circle(2)
        >>> c.area()
        12.57
        >>> for r in (1, 2):
        ...     print(r)
        1
        2
        """,
        "area",
        "self",
    ).good
    assert [(example.source, example.want) for example in good] == [
        ("c = Circle(2)", ""),
        ("c.area()", "12.57"),
        ("for r in (1, 2):\n    print(r)", "1\n2"),
    ]
    assert [(example.line, example.lines) for example in good] == [(2, 1), (3, 2), (5, 4)]
    assert {example.form for example in good} == {"doctest"}


def test_flags_and_expected_exceptions_are_those_of_doctest() -> None:
    first, second = read(
        """
        >>> f(1)  # doctest: +ELLIPSIS, -NORMALIZE_WHITESPACE
        [1, ...]
        >>> f(-1)
        Traceback (most recent call last):
            ...
        ValueError: negative
        """
    ).good
    assert first.options == {doctest.ELLIPSIS: True, doctest.NORMALIZE_WHITESPACE: False}
    assert second.exception == "ValueError: negative"
    assert second.lines == 4


def test_a_broken_doctest_is_told_and_the_others_are_read() -> None:
    examples = read(
        """
        >>> f([1, 2)
        3
        >>> f([1])
        [1, 2
        >>> f('a
        'a'
        >>> f(2)
        'two
        >>> f(3)
        3
        >>> f(4)
        [1, 2)
        """
    )
    assert [example.source for example in examples.good] == ["f(3)"]
    assert [text.split("\n")[0] for text, _ in examples.broken] == [
        ">>> f([1, 2)",
        ">>> f([1])",
        ">>> f('a",
        ">>> f(2)",
        ">>> f(4)",
    ]
    assert "not Python" in examples.broken[0][1]
    assert "no end" in examples.broken[1][1]


@pytest.mark.parametrize("shown", ["(a, b", "[cut", "'tis"])
def test_what_is_printed_may_look_cut(shown: str) -> None:
    assert pairs(f">>> print(f(1))\n{shown}") == [("print(f(1))", shown)]


def test_prompts_without_a_blank_and_uneven_indentation_are_read_where_the_meaning_is_plain() -> None:
    text = "About.\n\n  >>>f(1)\n  1\n    >>> f(2)\n  2\n  >>> f(3)\nReturns three\n  >>> f(4)\n  4"
    examples = examples_of(text, "f", ("x",))
    assert [(example.source, example.want) for example in examples.good] == [
        ("f(1)", "1"),
        ("f(2)", "2"),
        ("f(4)", "4"),
    ]
    assert [text.strip().split("\n")[0] for text, _ in examples.broken] == [">>> f(3)"]


def test_a_fence_ends_what_a_prompt_shows() -> None:
    assert pairs("```python\n>>> f(1)\n1\n```\nand\n~~~\n>>> f(2)\n2\n~~~") == [("f(1)", "1"), ("f(2)", "2")]


@pytest.mark.parametrize(
    "line",
    [
        "f(3) ➞ 4",
        "f(3) -> 4",
        "f(3) => 4",
        "f(3) == 4",
        "f(3)  # 4",
        "f(3)  # => 4",
        "f(3)  # returns 4",
        "f(3)  # -> 4 (since 3 + 1)",
    ],
)
def test_a_prompt_line_that_holds_its_own_result_is_read_for_its_value(line: str) -> None:
    (example,) = read(f">>> {line}\n\nMore.").good
    assert (example.source, example.want, example.form) == ("f(3)", "4", "value")


@pytest.mark.parametrize(
    "line",
    ["f(3)  # doctest: +ELLIPSIS", "f(3)  # the first", "y = f(3)  # 4 calls", "f(3) + 1 # 2 more", "f(12) // 4"],
)
def test_other_comments_at_a_prompt_are_comments(line: str) -> None:
    assert [example.form for example in read(f">>> {line}").good] == ["doctest"]


def test_an_example_to_be_skipped_is_none() -> None:
    (example,) = read(">>> f(3)  # doctest: +SKIP\n4\n>>> f(4)\n5").good
    assert example.source == "f(4)"


@pytest.mark.parametrize(("want", "output"), [("", "4"), ("None", "")])
def test_what_an_example_does_not_show_is_not_denied(want: str, output: str) -> None:
    assert matches(doctest_example("f(3)", want), output, None)


def test_what_a_candidate_prints_is_compared_in_bounded_time() -> None:
    begun = time.monotonic()
    assert not matches(Example("f(3)", "4", "value", 0, 1), "defaultdict(" + ", {" * 340_000, None)
    assert not matches(Example("f(3)", "4", "value", 0, 1), "defaultdict(" + ", {" * 30_000, None)
    assert time.monotonic() - begun < 5


# In other words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "f(3) == 4",
        "f(3) -> 4",
        "f(3) --> 4",
        "f(3) ➞ 4",
        "f(3) → 4",
        "f(3) ⇒ 4",
        "f(3) => 4",
        "f(3) ==> 4",
        "f(3) # => 4",
        "f(3)  # 4",
        "f(3) // 4",
        "f(3) = 4",
        "f(3)=4",
        "f(3): 4",
        "f(3) returns 4",
        "f(3) should return 4",
        "f(3) should be 4.",
        "f(3) must give 4",
        "f(3) is 4",
        "f(3) evaluates to 4",
        "f(3) returns exactly 4",
        "f(3), the result is 4",
        "1. f(3) == 4",
        "1) f(3) == 4",
        "(a) f(3) == 4",
        "- f(3) == 4",
        "* `f(3)` returns `4`",
        "• ``f(3) == 4``",
        "`f(3) -> 4` as you would think",
        "**f(3)** → 4",
        "Example: f(3) == 4",
        "e.g. f(3) == 4, as 3 is odd",
        "If it is odd: f(3) == 4",
        "Adds one (f(3) == 4).",
        "Adds one, so that f(3) == 4.",
        "For f(3) return 4",
        "for f(3) it should return 4",
        "for f(3), the output should be 4",
        "assert f(3) == 4",
        "assert f(3) == 4, 'three and one'",
        "`assert f(3) == 4`",
        "- assert f(3) == 4  # three and one",
        "f(3) -> 4  since 3 + 1 = 4",
        "f(3) == 4; f is quick",
        "f(3) == 4, because",
        "f(3) == 4 # comment",
        "f(3) -> 4 (three and one)",
        "f(3) -> 4 - three and one",
        "f(3)\n-> 4",
        "f(3)\n    # => 4",
        "f(3) ==\n    4",
        "f(3)\u00a0➞\u00a04",
        "Input: 3 Output: 4",
        "Input: 3, Output: 4",
        "Input: 3 -> Output: 4",
        "**Input:** x = 3\n**Output:** 4\n**Explanation:** 3 + 1",
        "Input: x = 3\nOutput: 4",
        "Input:\n    3\nOutput:\n    4",
        "Sample Input: `3`\nExpected Output: `4`",
        "input = 3\noutput = 4",
        "Example 1:\n\n    Input: x = 3\n    Output: 4\n    Explanation: one more",
        "For x = 3, return 4.",
        "For x = 3 the output should be 4",
        "For 3 return 4",
        "For input 3 the result is 4.",
        "Given x = 3, the function should return 4.",
        "If x = 3, return 4.",
        "x = 3 -> 4",
        "Examples:\n    3 -> 4",
        "Examples\n--------\n3 ➞ 4",
        "f(3) == 4, which is even",
        "f(3) == 4  # starts with 3, counted once",
        "f(3) ->\n    4\n    because of the three",
        "In other words, f(3) == 4",
        "Given a number, add one:\nf(3) == 4",
        "Adds with a carry.\nf(3) == 4",
        "Adds one; for 3 it gives 4",
        "### Example\n- `3` => `4`",
        "Sample Input: 3\nSample Output: 4",
        "f(3) yields 4",
        "Numbers may be negative, so f(3) == 4",
        "The other way round is as good: f(3) == 4",
        "Right:\n    f(3) == 4",
        "Invalid input:\n    f(3) == 4",
        "This gives f(3) == 4",
        "f(3) == 4, but f is slow",
        "It is no mistake: f(3) == 4",
        "f(3) -> 19 - 5 * 3 = 4",
        "f(3) = (3 + 1) * 1 = 4, as you see",
        "f(3) returns 8 / 2 = 4",
        "f(3) // => 4",
        "f(3) // returns 4",
        "f(3) -> 4  // one more",
        "f(3) -> 4 (an int)",
        "f(3) returns 4 as an integer.",
        "f(3) -> 4, as a list has one more",
        "f(3) -> 4 (empty list)",
        "f(3) -> 4 (binary 100)",
        "f(3) -> 4 (100 in binary)",
        "f(3) -> 4 (base 10)",
        "f(3) -> 4 (set bits)",
        "f(3) -> 4 (fails the check of two)",
        "Invalid inputs:\n    f(3) == 4",
        "Known issues: none.\n\nf(3) == 4",
        "Known issues:\n    It is slow.\n\nf(3) == 4",
        "Known issues:\n\n- It is slow.\n\nExamples:\n\n- f(3) == 4",
        "There is no carry, so that f(3) == 4",
        "Contrary to round, f(3) == 4",
        "Excel has it, too. Odd: f(3) == 4",
        "What does it do? f(3) == 4",
        "f(3) == 4. No rounding is done.",
        "f(3)\n# 4",
        "f(3)\n# 4\n\nMore of it.",
        "```\nf(3)\n# 4\n```",
    ],
)
def test_common_forms_are_examples(line: str) -> None:
    (example,) = read(f"Adds one.\n\n{line}\n").good
    assert example.form == "value"
    assert example.want == "4"
    assert example.source in {"f(3)", "f(x=3)"}
    assert example.line >= 2


@pytest.mark.parametrize("word", ["True", "False", "None"])
def test_a_result_in_words_may_end_a_sentence(word: str) -> None:
    sentences = (
        f"f(3) returns {word}.",
        f"f(3) should return {word}. So be it.",
        f"f(3) == {word}.",
        f"For x = 3, return {word}.",
    )
    assert [read(sentence).good[0].want for sentence in sentences] == [word] * 4
    assert not read(f"f(3) == {word}.real").good


@pytest.mark.parametrize(
    "line",
    [
        "f(n) == f(n-1) + f(n-2)",
        "f(3) == f(4)",
        "f(3) == 4 + 1",
        "f(3) == 3 + 2 = 4",
        "f(3) == 2 + 2 = 4 + 1",
        "f(3) == 4 / 0 = 4",
        "f(3) == 9 - x = 4",
        "f(3) == 2 ** 2 = 4",
        "f(3) == 4 == 4",
        "f(3) == 4 or 5",
        "f(3) -> 4, or 5",
        "f(3) -> 4 (or 5)",
        "f(3) -> 4, 5",
        "f(3) -> 4 items",
        "f(3) is 4 times as large",
        "f(3) is 4\ntimes as large",
        "f(3) -> 4%",
        "f(3) -> 10,000",
        "f(3) -> 3rd",
        "f(3) -> int",
        "f(3) -> true",
        "f(3) -> hello",
        "f(3) != 4",
        "f(3) >= 4",
        "f(3) <= 4",
        "f(3) ~= 4",
        "f(3) == 4 == f(2)",
        "f(3) == [1, 2][0]",
        "f(3) == 'a'.upper()",
        "f(3) == 4\n    + 1",
        "f(3) should not return 4",
        "not f(3) == 4",
        "it is not so that f(3) == 4",
        "if f(3) == 4 then stop",
        "whenever f(3) or f(2) == 4",
        "f(3) == 4 is wrong",
        "wrong: f(3) == 4",
        "Previously f(3) == 4.",
        "2 * f(3) == 4",
        "2*f(3) == 4",
        "-1 + f(3) == 4",
        "y = f(3) == 4",
        "total(f(3) == 4)",
        "g(3) == 4",
        "gf(3) == 4",
        "obj.f(3) == 4",
        "obj.f(3).x == 4",
        "f(x) == 4",
        "f(list) == 4",
        "f(3, 4) == 4",
        "f(y=3) == 4",
        "f(*[3]) == 4",
        "f(...) == 4",
        "f() -> None",
        "def f(x=3) -> 4",
        "f(3) == ...",
        "f(3) == f'{4}'",
        "f([1, 2) == 4",
        "f(3 == 4",
        "f(3) == [4",
        "Input: 3, 4\nOutput: 4",
        "Input: y = 3\nOutput: 4",
        "Input: how_many = 3, x = 4\nOutput: 4",
        "f(3) == [1, 2] (in any order)",
        "f(3) == 1.41 (approximately)",
        "Old: f(3) == 4",
        "Deprecated: f(3) == 4",
        "TODO: f(3) == 4",
        "Counter-example: f(3) == 4",
        "Input: three\nOutput: 4",
        "Input: 3\nOutput: four",
        "Input: 3",
        "Input: a list of ints\nOutput: an int",
        "For y = 3 return 4",
        "For 3 or more, return 4",
        "with 3 return 4",
        "3 -> 4",
        "Transitions:\n    3 -> 4",
        "Examples:\n    see below\nMapping:\n    3 -> 4",
        "assert g(3) == 4",
        "assert f(y) == 4",
        "We assert that f is right.",
        "f(3) -> 4 (with comma=True)",
        "f(3) == 4, if half_even is set; f(3) == 5, otherwise.",
        "f(3) returns 4, unless strict",
        "f(3) returns 4,\nunless strict",
        "f(3) -> 4\nunless strict",
        "f(3) == 4 # if strict",
        "f(3) -> 4 - when strict",
        "f(3) -> 4 (one more), if strict",
        "`f(3)` is `4` if strict",
        "`f(3)` is `4` or `5`",
        "In a German locale f(3) == 4",
        "With strict=True, f(3) == 4",
        "With strict=True, it is\nclear that f(3) == 4",
        "With strict=True:\n    f(3) == 4\n    assert f(4) == 5",
        "On Windows:\n\n    f(3) == 4",
        "If strict,\n    f(3) == 4",
        "It is so and, on Windows, f(3) == 4",
        "After `set_base(2)`, f(3) == 11",
        "f(3) -> [1, 3], in any order",
        "f(3) -> [1, 3], order does not matter",
        "f(3) -> [1, 3] (unordered)",
        "f(3) => 4, approximately",
        "f(3) == 4. (approximately)",
        "f(3) returns 4, say.",
        "f(3) -> 4; or 5",
        "f(3) -> 0.42 (random)",
        "f(1)  # 2. switches it off",
        "f(2) ->\n[1, 0]\n[0, 1]",
        "f(2) ->\n1\n2 2",
        "Input: x = 2\nOutput:\n1\n2 2",
        "The greatest number for 3 is 4.",
        "The greatest number\nfor 3 is 4.",
        "The greatest number for 3 should be 4.",
        "Example:\n    1 -> 2\n    2 -> 3",
        "Wrong:\n    f(3) == 4",
        "**Don't:**\n\n```python\nf(3) == 4\n```",
        "Bad\n---\nf(3) == 4",
        "Invalid:\n    f(3) == 4",
        "No: f(3) == 4",
        "Should not happen: f(3) == 4",
        "One might think f(3) == 4, but it is 5",
        "f(3) == 4, but that is too small",
        "f(3) == 4 but it is slow",
        "It's a mistake to think\nthat f(3) == 4",
        "It is a myth that\nf(3) == 4",
        "It cannot be that f(3) == 4",
        "Avoid f(3) == 4",
        "The other library gives f(3) == 4",
        "Excel says f(3) = 4",
        "f(3) = 4 (mod 7)",
        "f(3) == 4.0 (up to 0.1)",
        "Slow: f(3) == 4\nFixed: f(3) == 5",
        "f(3) raises",
        "f(3) raises an error",
        "f(3) raises ValueError if strict",
        "f(3) raises ValueError or TypeError",
        "f(3) does not raise ValueError",
        "f(3) -> ValueError",
        "print(f(3))  # 'four'",
        "print(f(3), 4)  # 4",
        "print(f(3)) -> 4",
        "f(date) == 4",
        "f(random.random()) == 4",
        "f(3) == Point(x)",
        "equivalent to f(12) // 4.",
        "It is the same as f(3) // 4",
        "f(3) -> 4 // 5",
        "f(3) // 4.",
        "`f(3) // 4`",
        "Like `f(3) // 4`",
        "f(3) -> 4 //5",
        "f(3) == 4 // 5.",
        "f(3) // 4, f(4) // 5",
        "f(3) -> 11 (binary)",
        "f(3) -> 10 (base 4)",
        "f(3) -> 10 (in octal)",
        "f(3) -> 10 # hex",
        "f(3) -> 10, in binary",
        "f(3) -> 10 (as binary)",
        "f(3) -> 10 (hexadecimal)",
        "f(3) gives [3, 3] as a tuple",
        "f(3) -> [3, 3], as a tuple",
        "f(3) -> 4 (as a string)",
        "f(3) returns 4 (a str)",
        'f(3) returns "4" as bytes',
        "f(3) returns 4 as str",
        "f(3) -> 4 (a string)",
        "f(3) -> 4 (string)",
        "f(3) -> [1] (a generator)",
        "f(3) -> [1] (as an iterator)",
        "f(3) -> [1] (tuple)",
        "f(3) -> 4 # as a string",
        "f(3) -> 4 - as a string",
        "f(3) -> 4 (radix 7)",
        "f(3) -> 40 (percent)",
        "f(3) -> 40 (in percent)",
        "Known issues:\n    f(3) == 4",
        "Known issues:\n\n    f(3) == 4",
        "Known issues:\n\n- f(3) == 4",
        "Known issues\n------------\n\n- f(3) == 4",
        "## Known issues\n\n- f(3) == 4",
        "Known limitations:\n    f(3) == 4",
        "Limitations:\n\n    f(3) == 4",
        "Not implemented yet:\n    f(3) == 4",
        "Not yet implemented:\n    f(3) == 4",
        "Not supported:\n    f(3) == 4",
        "Unsupported:\n    f(3) == 4",
        "To do:\n    f(3) == 4",
        "TODO:\n    f(3) == 4",
        "Old behaviour:\n    f(3) == 4",
        "Previous behaviour:\n    f(3) == 4",
        "Fails for:\n    f(3) == 4",
        "Fails:\n    f(3) == 4",
        "Caveats:\n    f(3) == 4",
        "Caveat: f(3) == 4",
        "Known bugs:\n\n    f(3) == 4",
        "Does not work for:\n    f(3) == 4",
        "Doesn't work:\n    f(3) == 4",
        "Deprecated:\n    f(3) == 4",
        "Future work:\n    f(3) == 4",
        "Planned:\n    f(3) == 4",
        "This differs from the built-in, where f(3) == 4.",
        "This differs from the built-in,\nwhere f(3) == 4.",
        "in contrast to X, where f(3) == 4",
        "In contrast with round, f(3) == 4",
        "as opposed to round, where f(3) == 4",
        "compared to round, where f(3) == 4",
        "Is f(3) == 4?",
        "f(3) == 4? No!",
        "f(3) == 4?",
        "Does f(3) return 4?",
        "Why is f(3) == 4?",
        "Is `f(3) == 4`?",
        "`f(3) == 4`?",
        "Do we have f(3) == 4",
        "Should f(3) be 4?",
        "At most f(3) == 4",
        "At least f(3) == 4",
        "Roughly f(3) == 4",
        "Approximately f(3) == 4",
        "About f(3) == 4",
        "Almost f(3) == 4",
        "f(3) -> 4 (deprecated)",
        "f(3) -> 4 (fails)",
        "f(3) -> 4 (bug)",
        "f(3) -> 4 (known bug)",
        "f(3) -> 4 (not yet implemented)",
        "f(3) -> 4 (unsupported)",
        "f(3) -> 4 # fails",
        "f(3) -> 4 # broken",
        "Currently f(3) returns 4 (bug).",
        "Currently f(3) returns 4.",
        "Currently, f(3) == 4",
        "At present f(3) == 4",
        "For now, f(3) == 4",
        "Naively, f(3) == 4",
        "Naive: f(3) == 4",
        "NumPy: f(3) == 4",
        "Excel: f(3) == 4",
        "Python: f(3) == 4",
        "NumPy:\n    f(3) == 4",
        "NumPy's: f(3) == 4",
        "There is no n with f(3) == 4",
        "There is no n such that f(3) == 4",
        "Nothing has f(3) == 4",
        "There are no numbers with f(3) == 4",
        "None of them has f(3) == 4",
        "Like f(3) -> 4 // number of all",
        "Equivalent to:\n\n    f(3) // 4",
        "f(3) -> 11 (5 in binary)",
        "f(3) gives [3, 3]\nas a tuple",
        "Known issues:\n\n- Odd numbers: f(3) == 4",
        "Known issues:\n    It is slow, and for odd ones f(3) == 4",
        "Known issues\n------------\n\nIt is slow.\n\n- Odd: f(3) == 4",
        "Known issues with odd numbers:\n\n    f(3) == 4",
        "f(3) == 4. No!",
        "math.ceil: f(3) == 4",
        "It fails for f(3) == 4",
        "# 3\nf(3)\n# 4",
        "f(3)\n# 4\n# and more",
        "f(3)\n# 4 calls",
        "So it is with f(3)\n# 4",
        "f(3)\n\n# 4",
    ],
)
def test_what_is_not_certain_is_no_example(line: str) -> None:
    assert pairs(f"Adds one.\n\n{line}\n") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f([1, 2], 'a') == {'a': [1, 2]}", ("f([1, 2], 'a')", "{'a': [1, 2]}")),
        ("f(-1, y=(2, 3)) -> -0.5e-3.", ("f(-1, y=(2, 3))", "-0.5e-3")),
        ("f('(', '[') -> ')'", ("f('(', '[')", "')'")),
        ("f(set(), 1+2j) == set()", ("f(set(), 1+2j)", "set()")),
        ("f(“a”, “b”) → “ab”", ('f("a", "b")', '"ab"')),
        ("f('it\u2019s', 1) → 'it\u2019s 1'", ("f('it\u2019s', 1)", "'it\u2019s 1'")),
        ("f([1,\n   2],\n  3) ➞ [1,\n 2]", ("f([1, 2], 3)", "[1,\n2]")),
        ("f(1, 2)[0] == 1", ("f(1, 2)[0]", "1")),
        ("list(f(1, 2)) == [1, 2]", ("list(f(1, 2))", "[1, 2]")),
        ("len(f(1, 2)) == 2", ("len(f(1, 2))", "2")),
        ("f(Point(1, 2), 3).x == 4", ("f(Point(1, 2), 3).x", "4")),
        ("f(1, 2) == 3. Then f is done", ("f(1, 2)", "3")),
        ("f(1, 2) == '3'. f", ("f(1, 2)", "'3'")),
        ("f(True, None) is None", ("f(True, None)", "None")),
        ("f(1, 0) -> float('inf')", ("f(1, 0)", "float('inf')")),
        ("f(1, 2) -> 'a\\\\b'", ("f(1, 2)", "'a\\\\b'")),
        ("assert f(1, 2) is True", ("f(1, 2)", "True")),
        ("assert abs(f(1, 2) - 0.5) < 1e-6", ("abs(f(1, 2) - 0.5) < 1e-06", "True")),
        ("assert f(1, 2)", ("bool(f(1, 2))", "True")),
        ("assert not f(1, 2)", ("not f(1, 2)", "True")),
        ("assert f(1, [\n    2,\n]) == [\n    3,\n]", ("f(1, [2])", "[3]")),
        ("Input: x = [1, 2], y = 3\nOutput: 6", ("f(x=[1, 2], y=3)", "6")),
        ("Input:\n  x = [1, 2]\n  y = 3\nOutput:\n  6", ("f(x=[1, 2], y=3)", "6")),
        ("Input: x: 'a'; y: 3\nOutput: 6", ("f(x='a', y=3)", "6")),
        ("Input: [1, 2], 3\nOutput: 6", ("f([1, 2], 3)", "6")),
        ("Input:\n  x : [1, 2]\n  how_many : 3\nOutput: 6", ("f([1, 2], 3)", "6")),
        ("Input:\n[1, 2]\n3\nOutput: 6", ("f([1, 2], 3)", "6")),
        ("For x = 1 and y = 2 the output should be 3", ("f(x=1, y=2)", "3")),
        ("Given x = 1, y = 2, return 3.", ("f(x=1, y=2)", "3")),
        ("For [1, 2], 3 the result should be 6.", ("f([1, 2], 3)", "6")),
        ("x = 'a', y = 2 => 'aa'", ("f(x='a', y=2)", "'aa'")),
        ("Examples:\n  'a', 2 => 'aa'", ("f('a', 2)", "'aa'")),
        ("f('1', 1) -> '11' (as a string, in binary)", ("f('1', 1)", "'11'")),
        ("f(3, 16) -> 0x3 (hex)", ("f(3, 16)", "0x3")),
        ("f('a', 1) -> [1] (a new list)", ("f('a', 1)", "[1]")),
        ("f('a', 1) is False and g('a?', 2) is 2", ("f('a', 1)", "False")),
    ],
)
def test_calls_and_results_are_read_whole(text: str, expected: tuple[str, str]) -> None:
    assert pairs(text, "f", "x", "y") == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f(-1) raises ValueError", [("f(-1)", "", "ValueError")]),
        ("`f(-1)` should raise a `TypeError`, since it is negative.", [("f(-1)", "", "TypeError")]),
        (">>> f(-1)  # raises ValueError", [("f(-1)", "", "ValueError")]),
        ("f(1) raises ValueError\nf(3) returns 4", [("f(1)", "", "ValueError"), ("f(3)", "4", None)]),
        ("print(f(3))  # 4", [("print(f(3))", "4", None)]),
        ("f(date(2020, 1, 1)) == 5", [("f(date(2020, 1, 1))", "5", None)]),
        ("f(3) == Decimal('1.5')", [("f(3) == Decimal('1.5')", "True", None)]),
        ("Twice: f(3) == 4\n>>> f(3)\n5", [("f(3)", "5", None)]),
        ("f(3) -> 0.33\n\nf(3) == 0.3333", [("f(3)", "0.33", None), ("f(3)", "0.3333", None)]),
    ],
)
def test_what_is_raised_printed_or_made_is_read_too(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert [(one.source, one.want, one.exception) for one in read(text).good] == expected


def test_arguments_are_given_by_place_or_by_name_as_the_signature_has_them() -> None:
    text = "Input: x = 1, y = 2, z = 3\nOutput: 6"
    assert pairs(text, "f", "x", "/", "y", "*", "z") == [("f(1, y=2, z=3)", "6")]
    assert pairs("Input: 1, 2, 3\nOutput: 6", "f", "x", "/", "y", "*", "z") == [("f(1, 2, z=3)", "6")]


def test_a_result_behind_a_blank_line_is_missed() -> None:
    found = read(">>> f(5)\n\n120\n\n>>> x = f(5)\n\n>>> f(6)\n\nSix.")
    assert [one.want for one in found.good] == ["", "", ""]
    assert [(text, "blank line" in why) for text, why in found.broken] == [(">>> f(5)", True)]


@pytest.mark.parametrize(
    ("want", "output"),
    [("5.0", "np.float64(5.0)"), ("5", "np.int64(5)"), ("[1.0, 2.0]", "[np.float64(1.0), np.float64(2.0)]")],
)
def test_what_only_numpy_shows_otherwise_is_the_same(want: str, output: str) -> None:
    assert matches(doctest_example("f(3)", want), output, None)
    assert not matches(doctest_example("f(3)", want), output.replace("5", "6").replace("2.0", "3.0"), None)
    assert not matches(doctest_example("f(3)", "1"), "np.True_", None)


def test_several_on_a_line_are_several() -> None:
    assert pairs("f(1) -> 2, f(2) -> 3 and f(3) -> 4. `f(4)` is `5`; f(5)=6") == [
        (f"f({number})", str(number + 1)) for number in range(1, 6)
    ]


def test_a_function_that_takes_any_number_says_so_by_its_stars() -> None:
    assert pairs("f(1, 2, 3) == 6", "f", "*values") == [("f(1, 2, 3)", "6")]
    assert pairs("f(1, key=3) == 6", "f", "value", "**options") == [("f(1, key=3)", "6")]


def test_a_method_is_called_on_what_its_class_makes() -> None:
    text = "Circle(2).area(1) == 12.57. c.area(1) -> 3, area(1) == 2, self.area(1) == 4; Circle.area(1) == 5"
    assert pairs(text, "area", "self", "digits") == [("Circle(2).area(1)", "12.57"), ("Circle.area(1)", "5")]
    assert pairs("Input: 1\nOutput: 2", "area", "self", "digits") == []


def test_nothing_is_read_twice() -> None:
    text = """
    f(1) == 2
    f( 1 ) -> 2

    >>> f(1)
    2
    >>> f(1)
    2

    assert f(2) == 3
    f(2) → 3
    """
    assert pairs(text) == [("f(1)", "2"), ("f(1)", "2"), ("f(1)", "2"), ("f(2)", "3")]


GOOGLE = """Count the vowels of a text.

Args:
    text: what to look at.

Returns:
    How many there are; vowels('') is 0.

Raises:
    TypeError: if text is no string.

Example:
    >>> vowels("Banana")
    3

    vowels("sky") == 0
"""
NUMPY = """Scale a list.

Parameters
----------
values : list of float
    The values.
factor : float

Returns
-------
list of float

Examples
--------
Whole numbers:

>>> scale([1, 2], 2)
[2, 4]

None at all:

>>> scale([], 2)
[]

See Also
--------
shift : scale(x) -> list
"""
REST = """Join words.

:param words: the words
:type words: list
:returns: one text, e.g. ``join(['a', 'b']) == 'a b'``
:rtype: str

.. code-block:: python

    join(["x"])  # => 'x'
    join([])     # => ''
"""
JUDGE = """
Given an array of integers nums and an integer k, return how many pairs differ by k.

Example 1:

Input: nums = [3,1,4,1,5], k = 2
Output: 2
Explanation: There are two pairs: (1, 3) and (3, 5).

Example 2:

Input: nums = [1,3,1,5,4], k = 0
Output: 1

Constraints:
    1 <= nums.length <= 10^4
    0 <= k <= 10^7
"""
KATA = """
Write a function that reverses each word!!

### Examples
rev("ab cd") ➞ "ba dc"

rev("a") ➞ "a"   # nothing to do

rev("") ➞ ""

### Notes
- Words are separated by one blank.
- rev(text) is never None.
"""
PROSE = """Tell whether a year is a leap year. So leap(2024) is True, while leap(2023) is False; `leap(1900)` returns
`False` since 1900 is divisible by 100, and leap(2000) == True, because it is divisible by 400."""


@pytest.mark.parametrize(
    ("docstring", "name", "parameters", "expected"),
    [
        (GOOGLE, "vowels", ("text",), [("vowels('')", "0"), ('vowels("Banana")', "3"), ('vowels("sky")', "0")]),
        (NUMPY, "scale", ("values", "factor"), [("scale([1, 2], 2)", "[2, 4]"), ("scale([], 2)", "[]")]),
        (REST, "join", ("words",), [("join(['a', 'b'])", "'a b'"), ('join(["x"])', "'x'"), ("join([])", "''")]),
        (
            JUDGE,
            "pairs",
            ("nums", "k"),
            [("pairs(nums=[3,1,4,1,5], k=2)", "2"), ("pairs(nums=[1,3,1,5,4], k=0)", "1")],
        ),
        (KATA, "rev", ("text",), [('rev("ab cd")', '"ba dc"'), ('rev("a")', '"a"'), ('rev("")', '""')]),
        (
            PROSE,
            "leap",
            ("year",),
            [("leap(2024)", "True"), ("leap(1900)", "False"), ("leap(2000)", "True")],
        ),
    ],
)
def test_docstrings_of_many_styles(
    docstring: str, name: str, parameters: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    found = pairs(docstring, name, *parameters)
    assert [pair for pair in expected if pair not in found] == []
    assert {source for source, _ in found} - {"leap(2023)"} == {source for source, _ in expected}


def test_an_example_can_be_cut_out_of_its_docstring() -> None:
    docstring = inspect.cleandoc(JUDGE)
    lines = docstring.split("\n")
    first, second = examples_of(docstring, "pairs", ("nums", "k")).good
    assert lines[first.line : first.line + first.lines] == ["Input: nums = [3,1,4,1,5], k = 2", "Output: 2"]
    assert second.line == lines.index("Input: nums = [1,3,1,5,4], k = 0")


@pytest.mark.parametrize("docstring", [GOOGLE, NUMPY, REST, JUDGE, KATA, PROSE])
@pytest.mark.parametrize("name", ["vowels", "scale", "join", "pairs", "rev", "leap"])
def test_line_ends_and_trailing_blanks_do_not_matter(docstring: str, name: str) -> None:
    parameters = {"scale": ("values", "factor"), "pairs": ("nums", "k")}.get(name, ("text",))
    plain = inspect.cleandoc(docstring)
    expected = examples_of(plain, name, parameters)
    assert examples_of(plain.replace("\n", "\r\n"), name, parameters) == expected
    assert examples_of(plain.replace("\n", "  \n"), name, parameters) == expected


# Comparing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("want", "output"),
    [
        ("4", "4\n"),
        ("1", "True"),
        ("'a'", "'a'"),
        ('"a"', "'a'"),
        ("[1,2]", "[1, 2]"),
        ("{'b': 1, 'a': 2}", "{'a': 2, 'b': 1}"),
        ("{2, 1}", "{1, 2}"),
        ("0.0000001", "1e-07"),
        ("0.30000000000000004", "0.3"),
        ("4 # because", "4"),
        ("4\nThis is because of the three.", "4"),
        ("a\n<BLANKLINE>\nb", "a\n\nb\n"),
        ("a\nb", "a  \nb"),
        ("float('nan')", "nan"),
        ("", ""),
    ],
)
def test_doctests_hold(want: str, output: str) -> None:
    assert matches(doctest_example("f(3)", want), output, None)


@pytest.mark.parametrize(
    ("want", "output"),
    [
        ("4", "5"),
        ("4", "4.0"),
        ("4", ""),
        ("[1]", "[True]"),
        ("{1: 2}", "{True: 2}"),
        ("{1}", "{True}"),
        ("[1, 2]", "(1, 2)"),
        ("'4'", "4"),
        ("3.14", "3.14159"),
        ("[1, ...]", "[1, 2]"),
        ("4\n5", "4"),
        ("4\nThis is because of the three.", "5"),
        ("{1, 2}", "{1}"),
        ("[1, 2]", "[1, 2, 3]"),
        ("a  b", "a b"),
    ],
)
def test_doctests_do_not_hold(want: str, output: str) -> None:
    assert not matches(doctest_example("f(3)", want), output, None)


def test_flags_are_obeyed() -> None:
    assert matches(doctest_example("f(3)", "[1, ...]", ELLIPSIS=True), "[1, 2, 3]", None)
    assert not matches(doctest_example("f(3)", "[1, ...]", ELLIPSIS=False), "[1, 2, 3]", None)
    assert matches(doctest_example("f(3)", "a  b", NORMALIZE_WHITESPACE=True), "a b", None)


@pytest.mark.parametrize(
    ("want", "got", "options"),
    [
        ("ValueError: no", "ValueError: no", {}),
        ("ValueError: no", "ValueError: no\n", {}),
        ("ValueError", "ValueError", {}),
        ("NoneError: x", "shapes.NoneError: x", {}),
        ("shapes.NoneError: x", "shapes.NoneError: x", {}),
        ("ValueError: two\nlines", "ValueError: two\nlines", {}),
        ("ValueError: no", "ValueError: yes", {"IGNORE_EXCEPTION_DETAIL": True}),
        ("other.NoneError: x", "shapes.NoneError", {"IGNORE_EXCEPTION_DETAIL": True}),
        ("ValueError: a...z", "ValueError: abcz", {"ELLIPSIS": True}),
        ("ValueError", "ValueError: no", {}),
        ("ValueError: ...", "ValueError: no", {}),
    ],
)
def test_exceptions_as_expected(want: str, got: str, options: dict[str, bool]) -> None:
    assert matches(doctest_example("f(3)", "Traceback", want, **options), "", got)


@pytest.mark.parametrize(
    ("want", "got", "options"),
    [
        ("ValueError: no", "ValueError: yes", {}),
        ("ValueError: no", "TypeError: no", {}),
        ("ValueError: no", None, {}),
        (None, "ValueError: no", {}),
        ("ValueError: no", "TypeError: no", {"IGNORE_EXCEPTION_DETAIL": True}),
        ("other.NoneError: x", "shapes.NoneError: x", {}),
    ],
)
def test_exceptions_otherwise(want: str | None, got: str | None, options: dict[str, bool]) -> None:
    assert not matches(doctest_example("f(3)", "", want, **options), "", got)


@pytest.mark.parametrize(
    ("want", "output"),
    [
        ("4", "4.0"),
        ("4.0", "4"),
        ("0.333333", "0.3333333333"),
        ("{1, 2}", "frozenset({1, 2})"),
        ('"ab"', "'ab'"),
        ("None", ""),
        ("{'a': 1}", "Counter({'a': 1})"),
        ("{'a': 1}", "defaultdict(<class 'int'>, {'a': 1})"),
        ("{'a': 1}", "OrderedDict([('a', 1)])"),
        ("1.5", "np.float64(1.5)"),
        ("True", "np.True_"),
        ("4", "looking at 3\n4"),
        ("[1,\n 2]", "[1, 2]"),
        ("float('inf')", "inf"),
    ],
)
def test_values_hold(want: str, output: str) -> None:
    assert matches(value_example(want), output, None)


@pytest.mark.parametrize(
    ("want", "output"),
    [
        ("4", "5"),
        ("1", "True"),
        ("True", "1"),
        ("(1, 2)", "[1, 2]"),
        ("'4'", "4"),
        ("4", ""),
        ("None", "4"),
        ("4", "<generator object f at 0x7f>"),
        ("0.33", "0.3333333"),
        ("{'a': 1}", "Counter({'a': 2})"),
        ("4", "{[]: 1}"),
        ("4", "-" * 50_000),
        ("4", "[" * 50_000),
        ("4", "9" * 5_000),
    ],
)
def test_values_do_not_hold(want: str, output: str) -> None:
    assert not matches(value_example(want), output, None)
    assert not matches(value_example(want), "", "ValueError: no")


@pytest.mark.parametrize(
    ("want", "output"),
    [
        ("3.14", "3.141592653589793"),
        ("[0.33, 0.67]", "[0.3333, 0.6666]"),
        ("(1, 2)", "Point(x=1, y=2)"),
        ("[(1, 2)]", "[Point(x=1, y=2)]"),
        ("1", "<Color.RED: 1>"),
        ("[1, 2]", "looking\narray([1, 2])"),
    ],
)
def test_what_may_be_meant_in_prose_is_left_open(want: str, output: str) -> None:
    assert not matches(value_example(want), output, None)
    assert left_open(value_example(want), output)
    assert not left_open(Example("f(3)", want, "value", 0, 1, asserted=True), output)


@pytest.mark.parametrize(
    ("want", "output"),
    [
        ("3.14", "3.15"),
        ("3.14", "3.131"),
        ("0.5", "inf"),
        ("4.0", "4.04"),
        ("4", "4.1"),
        ("[1]", "<generator object f at 0x7f>"),
        ("4", "Ellipsis"),
    ],
)
def test_what_cannot_be_meant_is_wrong(want: str, output: str) -> None:
    assert not left_open(value_example(want), output)


def test_values_left_out_at_a_prompt_are_left_open_where_no_flag_is_set() -> None:
    squares = "[0, 1, 4, 9]"
    assert left_open(doctest_example("f(3)", "[0, ..., 9]"), squares)
    assert not left_open(doctest_example("f(3)", "[0, ..., 8]"), squares)
    assert not left_open(doctest_example("f(3)", "[0, ..., 9]", ELLIPSIS=False), squares)
    assert not left_open(doctest_example("print(f(3))", "[0, ..., 9]"), squares)


# Telling ---------------------------------------------------------------------------------------------------------


def test_a_failure_is_told_in_a_line() -> None:
    example = Example("f([1, 2])", "4", "doctest", 0, 2)
    assert failure_text(example, "3\n", None, None) == "f([1, 2]) gave 3, expected 4"
    assert failure_text(example, "", None, None) == "f([1, 2]) gave nothing (None), expected 4"
    assert (
        failure_text(example, "", "IndexError: list index out of range", "line 3: return x[0]")
        == "f([1, 2]) raised IndexError: list index out of range (line 3: return x[0]), expected 4"
    )
    assert (
        failure_text(Example("x = f(1)", "", "doctest", 0, 1), "7\n", None, None)
        == "x = f(1) gave 7, expected no output"
    )
    raising = doctest_example("f(-1)", "Traceback", "ValueError: negative")
    assert failure_text(raising, "3", None, None) == "f(-1) gave 3, expected it to raise ValueError: negative"


def test_a_failure_with_long_values_takes_three_lines() -> None:
    told = failure_text(
        Example("f([1, 2])", "[" + "1, " * 200 + "]", "value", 0, 1), "[" + "2, " * 200 + "]", None, None
    )
    assert [line.split(":")[0] for line in told.split("\n")] == ["example", "expected", "got"]


# Anything at all -------------------------------------------------------------------------------------------------

LITERALS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.complex_numbers(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=8,
)
PIECES = st.sampled_from(
    [
        *(
            ">>> ",
            ">>>",
            "... ",
            "f(",
            "f(3)",
            ")",
            "]",
            "[1, 2",
            "'a",
            '"',
            "`",
            " == ",
            " -> ",
            "4",
            "4.",
            ", ",
            "\n",
        ),
        *(
            "    ",
            "\r\n",
            "# ",
            "Input: ",
            "Output: ",
            "For ",
            "x = ",
            "Examples:\n",
            "assert ",
            "returns ",
            "Traceback",
        ),
        *("```", "➞", "“", "True", "C(1).f(2)", "{", "é", "\x0c", "\\", "-" * 50, "(" * 300, "\x00", "\ud800"),
    ]
)
DOCSTRINGS = st.lists(PIECES | st.text(max_size=5), max_size=25).map("".join)


@given(DOCSTRINGS, st.sampled_from([("x",), ("self", "x"), (), ("x", "y"), ("*x",)]))
def test_reading_never_fails_and_what_is_good_compiles(docstring: str, parameters: tuple[str, ...]) -> None:
    cleaned = inspect.cleandoc(docstring)
    count = cleaned.count("\n") + 1
    for example in examples_of(cleaned, "f", parameters).good:
        if not (example.exception or "").startswith("SyntaxError"):
            compile(example.source, "<example>", "single" if example.form == "doctest" else "eval")
        assert 0 <= example.line < example.line + example.lines <= count
        assert isinstance(matches(example, "4\n", None), bool)


@pytest.mark.parametrize(
    "piece",
    [
        "f(",
        "f(1) -> [",
        "Input: [",
        "for x = [",
        "assert f(\n",
        ">>> f([\n",
        " " * 100_000,
        "'",
        "`*",
        "f(1)" + " " * 9_000,
    ],
)
def test_what_opens_and_never_ends_is_read_in_bounded_time(piece: str) -> None:
    assert pairs(piece * 500) == []


@given(LITERALS)
def test_the_repr_of_a_value_is_that_value(value: object) -> None:
    shown = "" if value is None else repr(value)
    assert matches(value_example(repr(value)), shown, None)
    assert matches(doctest_example("f(3)", shown), shown, None)


@given(
    st.lists(st.integers() | st.text("ab'\"\\n( ,") | st.booleans()), st.integers() | st.text("ab)'\n ") | st.booleans()
)
def test_a_call_behind_any_arrow_is_read_as_written(argument: list[object], result: object) -> None:
    (example,) = read(f"So f({argument!r}) -> {result!r}, as it should.").good
    assert (example.source, example.want) == (f"f({argument!r})", repr(result))


@given(DOCSTRINGS, st.text(max_size=30), st.none() | st.text(max_size=700), st.none() | st.text(max_size=700))
def test_what_is_told_is_bounded(source: str, output: str, exception: str | None, where: str | None) -> None:
    example = Example(source, source, "doctest", 0, 1)
    assert len(failure_text(example, output * 50, exception, where)) <= 500


def test_nearness_is_relative() -> None:
    assert matches(value_example(repr(math.pi * 1e9)), repr(math.pi * 1e9 + 1), None)
    assert not matches(value_example("3.14"), "3.15", None)


def test_addresses_are_others_in_each_run() -> None:
    example = doctest_example("f(3)", "<function f at 0x7f0000000010>")
    assert matches(example, "<function f at 0x7fea75db60f0>", None)
    assert not matches(example, "<function g at 0x7fea75db60f0>", None)


@pytest.mark.parametrize(("want", "got"), [("'a\tb'", r"'a\tb'"), ("'a\nb'", r"'a\nb'"), ("b'\x00'", r"b'\x00'")])
def test_an_escape_in_a_docstring_that_is_not_raw_is_what_it_stands_for(want: str, got: str) -> None:
    assert matches(doctest_example("f(3)", want), got, None)
    assert not matches(doctest_example("f(3)", want), got.replace("'", "' ", 1), None)


@pytest.mark.parametrize("before", ["Before: ", "Do not expect ", "In Python 2 "])
def test_what_does_not_hold_is_no_example(before: str) -> None:
    assert examples_of(f"{before}f(3) == 4", "f", ("x",)).good == ()
