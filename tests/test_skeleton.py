"""Definitions under the skeleton of their classes and functions, and the bodies read back from them."""

from __future__ import annotations

import argparse
import ast
import dataclasses
import difflib
import inspect
import textwrap
import typing
from collections.abc import Iterator
from types import ModuleType

import pytest

from jitc_import.errors import StoreError
from jitc_import.source.definitions import FUNCTIONS, first_line
from jitc_import.store.body_text import body_digest, body_in
from jitc_import.store.skeleton import render_definition


def dedent(text: str) -> str:
    return textwrap.dedent(text).strip("\n")


@pytest.mark.parametrize(
    ("key", "signature", "expected"),
    [
        ("area", "def area(r: float) -> float:", "def area(r: float) -> float:\n    return 1"),
        ("Circle.area", "def area(self):", "class Circle:\n    def area(self):\n        return 1"),
        ("Circle.radius#2", "def radius(self, v):", "class Circle:\n    def radius(self, v):\n        return 1"),
        ("o.<locals>.i", "def i():", "def o():\n    def i():\n        return 1"),
        ("A.B.m", "async def m(self):", "class A:\n    class B:\n        async def m(self):\n            return 1"),
        (
            "A.make.<locals>.Helper.run",
            "def run(self):",
            "class A:\n    def make():\n        class Helper:\n            def run(self):\n                return 1",
        ),
        ("f.<locals>.g.<locals>.h", "def h():", "def f():\n    def g():\n        def h():\n            return 1"),
    ],
)
def test_skeleton(key: str, signature: str, expected: str) -> None:
    assert render_definition(key, signature, "return 1") == expected


def test_multi_line_signature_keeps_its_form() -> None:
    signature = 'def m(\n    self,\n    text: str = """a\n  b""",\n) -> str:'
    code = render_definition("A.m", signature, "return text")
    assert code.startswith('class A:\n    def m(\n        self,\n        text: str = """a\n  b""",\n    ) -> str:\n')


BODIES = {
    "comment first": "# why\nreturn 1",
    "comment last": "return 1\n# the end",
    "comment after a block": "if x:\n    y()\n    # no else\nreturn 1",
    "comment at the margin in a block": "if x:\n# odd\n    y()\nreturn 1",
    "string": 's = """one\n two\n    three\n"""\nreturn s',
    "string that looks like a section": 's = """\n# --- Circle.area\n# spec: 0\n"""\nreturn s',
    "string that looks like the end": 's = """\n# --- end of file\n"""\nreturn s',
    "f-string": "s = f'''a\n  {x}\n'''\nreturn s",
    "backslashes": "x = 1 + \\\n        2\ns = 'a\\\nb'\nreturn x",
    "brackets": "return [\n  1,\n        2,\n]",
    "blank lines": "x = 1\n\n\ny = 2\n\nreturn x",
    "nested": "def helper(a):\n    '''Doc.\n\n    More.\n    '''\n    return a\n\nreturn helper(1)",
    "decorated": "@cache\n# why\ndef helper(a):\n    return a\nreturn helper",
    "semicolons": "x = 1; y = 2; return x",
    "await and yield": "async with a() as b:\n    yield await b",
    "match": "match x:\n    case 1:\n        return 2",
    "tabs": "if x:\n\treturn 1\nreturn 2",
    "wide characters": "größe = 'ü' ; return größe",
    "one-line block": "if x: return 1\nelse: return 2",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("key", ["f", "A.f", "A.g.<locals>.B.f"])
def test_body_reads_back(key: str, body: str) -> None:
    code = render_definition(key, "async def f(x):", body)
    assert body_digest(body_in(code, key)) == body_digest(body)
    assert ast.dump(ast.parse(body_in(code, key))) == ast.dump(ast.parse(body))


@pytest.mark.slow
@pytest.mark.parametrize(
    "module", [argparse, dataclasses, difflib, inspect, typing], ids=lambda module: module.__name__
)
def test_real_bodies_read_back(module: ModuleType) -> None:
    for key, text, node in functions_of(inspect.getsource(module)):
        node.body, node.decorator_list = [ast.Pass()], []
        signature = ast.unparse(node).removesuffix("\n    pass")
        body = body_in(text, key)
        if body:
            code = render_definition(key, signature, body)
            assert body_in(code, key) == body
            assert render_definition(key, signature, body_in(code, key)) == code


def functions_of(source: str) -> Iterator[tuple[str, str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    lines = source.split("\n")
    for outer in ast.parse(source).body:
        for node in outer.body if isinstance(outer, ast.ClassDef) else [outer]:
            if isinstance(node, FUNCTIONS):
                text = "\n".join(lines[first_line(node) - 1 : node.end_lineno])
                in_class = isinstance(outer, ast.ClassDef)
                yield (f"X.{node.name}", f"class X:\n{text}", node) if in_class else (node.name, text, node)


def test_lines_inside_strings_are_not_set_in() -> None:
    code = render_definition("A.B.f", "def f():", 'return """a\n  b\nc"""')
    assert code.endswith('            return """a\n  b\nc"""')


def test_docstring_of_a_body_is_left_out() -> None:
    body = '"""Doc."""\n# why\nreturn 1'
    assert render_definition("f", "def f():", body) == "def f():\n    # why\n    return 1"
    assert body_digest(body) == body_digest("# why\nreturn 1")


def test_nonlocal_names_are_bound_so_that_the_file_compiles() -> None:
    code = render_definition("A.make.<locals>.B.run", "def run(self):", "nonlocal count, also\ncount += 1")
    compile(code, "x", "exec")
    assert code.split("\n")[2:4] == ["        also = None", "        count = None"]


def test_carriage_returns_become_line_feeds() -> None:
    assert "\r" not in render_definition("f", "def f(\r\n    a,\r\n):", "x = 1\r\nreturn x\r\n")


@pytest.mark.parametrize(
    ("signature", "body"),
    [
        ("def g():", "return 1"),
        ("def f()", "return 1"),
        ("def f(:", "return 1"),
        ("x = 1", "return 1"),
        ("def f():", ""),
        ("def f():", "# only words"),
        ("def f():", '"""Only a docstring."""'),
        ("def f():", "return ("),
        ("def f():", "  return 1"),
        ("def f():", 'return """'),
        ("def f():", "return 1\0"),
        ("def f():", "return " + "-" * 100_000 + "1"),
        ("def f():\n    return 2\ndef f(a):", "return 1"),
    ],
)
def test_what_makes_no_definition_is_refused(signature: str, body: str) -> None:
    with pytest.raises(StoreError, match=r"\bbody\b|the definition of f"):
        render_definition("f", signature, body)


HAND_EDITED = {
    "one line": ("def f(): return 1", "return 1"),
    "one line with comment": ("def f(): x = 1; return x  # why", "x = 1; return x  # why"),
    "one line over two": ("def f(): return (1 +\n    2)", "return (1 +\n    2)"),
    "docstring and statement on one line": ('def f():\n    """Doc."""; return 1', "return 1"),
    "docstring added": (
        'def f():\n    """Doc.\n    # not a comment\n    """\n    # why\n    return 1',
        "# why\nreturn 1",
    ),
    "signature over lines": (
        "def f(\n    a,  # one\n    b=2,\n) -> int:  # two\n\n    # why\n    return 1",
        "# why\nreturn 1",
    ),
    "decorator": ("@a(\n    1)\n@b\ndef f():\n    return 1", "return 1"),
    "decorated function first": (
        "def f():\n    # why\n    @a\n    def g(): ...\n    return g",
        "# why\n@a\ndef g(): ...\nreturn g",
    ),
    "second function": ("def g():\n    return 2\n\ndef f():\n    return 1\n\n# end", "return 1"),
    "comment below, set in": ("def f():\n    return 1\n\n    # end\n# not this", "return 1\n\n# end"),
    "import at the top": ("import os\n\ndef f():\n    return 1", "return 1"),
    "two spaces": ("def f():\n  if x:\n    return 1\n  return 2", "if x:\n  return 1\nreturn 2"),
    "tabs": ("def f():\n\tif x:\n\t\treturn 1", "if x:\n\treturn 1"),
    "twice: the last counts": ("def f():\n    return 1\ndef f():\n    return 2", "return 2"),
    "docstring only": ('def f():\n    """Doc."""', ""),
}


@pytest.mark.parametrize(("code", "body"), HAND_EDITED.values(), ids=HAND_EDITED)
def test_body_of_a_definition_edited_by_hand(code: str, body: str) -> None:
    assert body_in(code, "f") == body


def test_missing_definition_is_named() -> None:
    with pytest.raises(StoreError, match=r"no definition of A\.f"):
        body_in("def f():\n    return 1", "A.f")


def test_formatting_does_not_change_the_digest_and_comments_do() -> None:
    assert body_digest("return f( 'a',\n  1 ) # why") == body_digest('#why\nreturn f("a", 1)\n')
    assert body_digest("return 1  # why") != body_digest("return 1  # why not")
    assert body_digest("return 1") != body_digest("return 2")
