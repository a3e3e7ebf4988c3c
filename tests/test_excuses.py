"""Which examples that do not come out are held against a body, and which that come out speak for it."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from jitc_import.checks.sandbox.session import Sandbox
from jitc_import.heldout import stub_examples
from jitc_import.judging.example_verdict import verdict_of_examples
from jitc_import.judging.footing import footing_of
from jitc_import.judging.printing import prints, prints_text
from jitc_import.judging.verdicts import Verdict
from jitc_import.source.definitions import definitions, first_line, qualname_of
from jitc_import.source.stubs import read_module
from sandboxes import job, sandbox

NOT_RUN = "doubtful: 1 of the examples not run"
UNSURE = "doubtful: 1 of the examples seem wrong"


@pytest.fixture(scope="module")
def child(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, Path]]:
    path = tmp_path_factory.mktemp("excuses") / "m.py"
    path.write_text("")
    with sandbox(path) as opened:
        yield opened, path


def judged(child: tuple[Sandbox, Path], source: str) -> Verdict:
    """What the examples of the one marked function of a module say of its body."""
    opened, path = child
    source = textwrap.dedent(source)
    (found,) = read_module(f"# jitc: enable\n{source}".encode(), str(path), "m").stubs
    stub = replace(found, draft="")
    examples = stub_examples(stub).good
    (node,) = (node for key, node in definitions(ast.parse(source)) if key == stub.key)
    lines = (first_line(node), node.end_lineno or 0)
    ordered = job(path, *(example.snippet for example in examples), source=source)
    outcome = opened.run(replace(ordered, watched=(lines,)))
    name = qualname_of(stub.key).rpartition(".")[2]
    footing, may_print, text = footing_of(stub, examples), prints(stub), prints_text(stub)
    return verdict_of_examples(
        examples, outcome, name, footing=footing, prints=may_print, prints_text=text, lines=lines
    )


def function(signature: str, examples: str, body: str, *, words: str = "It does.", before: str = "") -> str:
    docstring = textwrap.indent(f'"""{words}\n\n{textwrap.dedent(examples).strip()}\n"""', "    ")
    return f"{before}\ndef {signature}:  # jitc: complete\n{docstring}\n{textwrap.indent(body, '    ')}\n"


CIRCLE = '''
class Circle:
    def __init__(self, radius):  # jitc: complete
        """A circle.

        >>> Circle(3).radius
        3
        >>> Circle(3).diameter
        6
        """
        self.radius = radius
'''
SUM = '''
class V:
    def __init__(self, x):
        self.x = x

    def __add__(self, other):  # jitc: complete
        """The sum.

        >>> (V(1) + 2).x
        3
        """
        return self.x + other
'''


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (CIRCLE, "no attribute 'diameter'"),
        (SUM, "no attribute 'x'"),
        (function("f(text)", '>>> eval(f("1 plus 2"))\n3', "return text"), "SyntaxError"),
        (function("f(xs)", ">>> f([1])\n[1]\n>>> SEEN[1]\n1", "return xs", before="SEEN = {}"), "KeyError"),
        (function("f(xs)", ">>> it = f([1])\n>>> other = it\n>>> other.x\n1", "return xs"), "AttributeError"),
        (function("f(text)", '>>> exec(f("a = 1"))\n>>> a\n1', "return ''"), "NameError"),
        (function("f(xs)", ">>> for x in f([1]):\n...     a = x\n>>> a\n1", "return []"), "NameError"),
        (function("f(x)", ">>> f(1)\n1", "raise PermissionError(1, 'no')"), "PermissionError"),
        (
            function(
                "f(x)",
                ">>> f('USER')\nTraceback (most recent call last):\nValueError: no",
                "import os\nreturn os.environ[x]",
            ),
            "KeyError",
        ),
        (function("f(x)", ">>> f(2)\n4", "print(2 * x)"), "printed 4 instead of returning it"),
    ],
)
def test_what_lies_in_the_body_is_held_against_it(child: tuple[Sandbox, Path], source: str, told: str) -> None:
    assert told in (judged(child, source).problem or "")


@pytest.mark.parametrize(
    ("examples", "checked"),
    [
        (">>> f(1)\n1\n>>> import os; home = os.environ['HOMEDRIVE']", ("examples 1/1", NOT_RUN)),
        (">>> f(1)\n1\n>>> import math; math.nothing", ("examples 1/1", UNSURE)),
        (">>> data = [1]\n>>> data\n[2]\n>>> f(1)\n1", ("examples 1/1",)),
        (">>> import nothing_here as nope\n>>> x = nope.make(1)\n>>> f(x)\n1\n>>> f(1)\n1", ("examples 1/1",)),
        (">>> import nothing_here; f(1)\n>>> f(1)\n1", ("examples 1/1",)),
        (">>> data = {'a': 1}\n>>> data\n{'a': 1}\n>>> f(data)", ()),
        (">>> from m import f as g\n>>> g(1)\n1", ("examples 1/1",)),
    ],
)
def test_what_lies_in_an_example_is_not(child: tuple[Sandbox, Path], examples: str, checked: tuple[str, ...]) -> None:
    verdict = judged(child, function("f(x)", examples, "return x if x == 1 else None"))
    assert verdict.problem is None
    assert verdict.checked == checked


@pytest.mark.parametrize(
    ("examples", "body", "count"),
    [
        (
            ">>> f('http://127.0.0.1:9/')\n200",
            "import urllib.request\nreturn urllib.request.urlopen(x).status",
            1,
        ),
        (">>> f('http://no.example/')\n200", "import urllib.request\nreturn urllib.request.urlopen(x).status", 1),
        (">>> f('a')\n'a'", "import os\nreturn os.mkdir(x)", 1),
        (">>> f('/tmp/some.db')\n0", "import sqlite3\nreturn sqlite3.connect(x)", 1),
        (">>> f('/tmp/x')\n1", "try:\n    open(x, 'w')\nexcept OSError as e:\n    raise ValueError('bad') from e", 1),
        (">>> f('USER')\n'bob'", "import os\nreturn os.environ[x]", 1),
        (
            ">>> with open('x.txt', 'w') as file:\n...     _ = file.write('a')\n>>> f('x.txt')\n1",
            "return len(list(open(x)))",
            2,
        ),
        (
            ">>> open('x.txt', 'w').close()\n>>> f('x.txt')\nTrue",
            "import os\nreturn os.path.exists(x)",
            2,
        ),
    ],
)
def test_what_is_denied_in_the_child_is_not_either(
    child: tuple[Sandbox, Path], examples: str, body: str, count: int
) -> None:
    verdict = judged(child, function("f(x)", examples, body))
    assert verdict.problem is None
    assert verdict.checked == (f"doubtful: {count} of the examples not run",)
    assert all("cannot be run confined" in told for told in verdict.doubtful)


@pytest.mark.parametrize(
    ("signature", "words", "want", "checked"),
    [
        ("f(x)", "Prints x.", "2", ()),
        ("f(x) -> None", "x.", "2", ()),
        ("print_it(x)", "x.", "2", ()),
        ("f(x)", "x.", "Point(1)", ("doubtful: it prints what it may have to give",)),
        ("f(x)", "x.", "Hello Bob", ()),
    ],
)
def test_what_is_printed_counts_where_it_may_be_meant_so(
    child: tuple[Sandbox, Path], signature: str, words: str, want: str, checked: tuple[str, ...]
) -> None:
    call = f"{signature.partition('(')[0]}({want!r})"
    verdict = judged(child, function(signature, f">>> {call}\n{want}", "print(x)", words=words))
    assert verdict.problem is None
    assert verdict.checked == ("examples 1/1", *checked)


def test_what_one_example_can_only_print_the_others_may_print_too(child: tuple[Sandbox, Path]) -> None:
    body = "for i in range(x): print(i)"
    assert judged(child, function("f(x)", ">>> f(2)\n0\n1\n>>> f(1)\n0", body)).checked == ("examples 2/2",)


FRACTION = "from fractions import Fraction\n"
SCALE = function("f(xs)", "f([2, 4]) == [1, 2]", "return [Fraction(x, 2) for x in xs]", before=FRACTION)
HALVES = function("f(xs)", "f([2, 4]) == [1, 2]", "return [Fraction(x, 3) for x in xs]", before=FRACTION)
GREET = function("hello(name)", "hello('Bo') -> 'Hello, Bo!'", "print(f'Hello, {name}!')", words="Prints a greeting.")


@pytest.mark.parametrize(
    "source",
    [
        SCALE,
        GREET,
        function("f(x, y, /)", "Input: x = 3, y = 4\nOutput: 7", "return x + y"),
        function("f(x, *, y)", "Input: 3, 4\nOutput: 7", "return x + y"),
        function("f(x) -> float", ">>> f(4)\n2", "return x / 2"),
        function("f(x) -> list[float]", ">>> f(4)\n[2.0]", "return [x // 2]"),
        function("f(x)", "f(-1) raises ValueError", "return '\\ud800'.encode()"),
        function("f(x)", "print(f(3))  # 4", "return str(x + 1)"),
        function("f(day)", "f(date(2020, 1, 1)) == 5", "return 5", before="from datetime import date\n"),
        function("f(x)", "f(3) == Fraction(3, 2)", "return Fraction(x, 2)", before=FRACTION),
    ],
)
def test_what_is_right_in_other_words_counts(child: tuple[Sandbox, Path], source: str) -> None:
    verdict = judged(child, source)
    assert (verdict.problem, verdict.checked) == (None, ("examples 1/1",))


@pytest.mark.parametrize(
    "source",
    [
        HALVES,
        GREET.replace("'Hello, {", "'Hi, {"),
        GREET.replace("Prints a greeting", "Return a greeting"),
        function("f(x) -> float", ">>> f(4)\n2", "return x / 3"),
        function("f(x) -> list[float]", ">>> f(4)\n[1]", "return [True]"),
        function("f(x)", ">>> f(4)\n2", "return x / 2"),
        function("f(x)", "f(-1) raises ValueError", "return x"),
        function("f(x)", "f(-1) raises ValueError", "raise KeyError(x)"),
        function("f(x)", "print(f(3))  # 4", "return x"),
        function("f(x)", "f(3) == Fraction(3, 2)", "return 1", before=FRACTION),
        function("f(x) -> float", ">>> f(1)\n0.333", "return x / 3", words="A third, rounded."),
        function("f(x)", ">>> f('b')\n'B'", "return x"),
        function("f(x) -> str", ">>> f('b')\nB", "return x"),
        function("f(x)", "f(2) == True", "return 1"),
    ],
)
def test_what_is_wrong_in_other_words_does_not(child: tuple[Sandbox, Path], source: str) -> None:
    assert judged(child, source).problem


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (function("f(x)", ">>> f(1)\n0.333", "return x / 3"), "may be rounded"),
        (function("f(x) -> str", ">>> f('b')\nB", "return x.upper()"), "differs only in its quotes"),
        (function("f(xs)", "f([3, 1]) -> [3, 1]", "return sorted(xs)", words="In any order."), "in another order"),
        (function("f(xs)", ">>> f([3, 1])\n[3, 1]", "return sorted(xs)", words="The order doesn't matter."), "order"),
        (function("f(x)", "f(3) -> 4.1", "return 4.2", words="Results are approximate."), "near enough"),
        (function("f(x)", "f(3) raises ValueError", "raise E", before="class E(Exception): ...\n"), "may be the same"),
    ],
)
def test_what_may_be_right_neither_counts_nor_condemns(child: tuple[Sandbox, Path], source: str, why: str) -> None:
    verdict = judged(child, source)
    assert (verdict.problem, verdict.checked) == (None, ())
    assert why in verdict.doubtful[0]
