"""What the checks that run nothing accept and refuse."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from jitc_import.checks.names import Scope
from jitc_import.checks.static import Problem, static_problem

MODULE = """
from __future__ import annotations
import math
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from decimal import Decimal
LIMIT = 3
try:
    import tomllib as toml
except ImportError:
    toml = None
class Base:
    def plain(self, x: int) -> int: ...
    async def later(self, *, y): ...
    def all_kinds(self, a, /, b, *args, c, d=1, **options): ...
def outer(a):
    total = 0
    def inner(b):
        nonlocal total
    return inner
class Outer:
    class Inner:
        def deep(self): ...
class Stack:
    def top(self, depth): ...
SQUARES = [inside * 2 for inside in range(3)]
try:
    pass
except ValueError as caught:
    pass
def use():
    global made_later
    made_later = 1
"""


def problem(key: str, definition: str, *, module: str = MODULE, path: list[str] | None = None) -> Problem | None:
    """What is wrong with a definition as the body of the stub `key`."""
    node = ast.parse(definition).body[0]
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    body = "\n".join(map(ast.unparse, node.body))
    return static_problem(key, node, body, Scope.of(ast.parse(module)), "pkg", path or sys.path)


@pytest.mark.parametrize(
    ("key", "definition"),
    [
        ("Base.plain", "def plain(self, x): return math.pi * x + LIMIT"),
        ("Base.plain", "def plain(self, x: str = 'other') -> float: return x"),
        ("Base.plain", "def plain(self, x): return super().plain(x) + len(__class__.__name__)"),
        (
            "Base.plain",
            "def plain(self, x):\n  import os.path, xml.dom.minidom\n  from math import sqrt\n  return sqrt(x)",
        ),
        (
            "Base.plain",
            "def plain(self, x):\n  y: List[int] = []\n  z: Dict\n  return [i for i in y if (w := i)] and w",
        ),
        ("Base.plain", "def plain(self, x):\n  def helper(q: List): return q\n  return helper"),
        ("Base.plain", "def plain(self, x): return __name__, __file__, made_later, toml, Outer.Inner"),
        ("Base.plain", "def plain(self, x):\n  try: return 1\n  except ValueError as error: return error"),
        (
            "Base.plain",
            "def plain(self, x):\n  match x:\n    case {'k': v, **rest}: return v, rest\n    case [a, *b]: return a, b",
        ),
        ("Base.all_kinds", "def all_kinds(self, a, /, b, *args, c, d, **options): return a, b, args, c, d, options"),
        ("Base.later", "async def later(self, *, y):\n  await y\n  yield 3"),
        ("outer.<locals>.inner", "def inner(b):\n  nonlocal total\n  total += b + a\n  return total"),
        ("Outer.Inner.deep", "def deep(self): return Outer.Inner"),
        ("Stack.top", "def top(self, depth):\n  import os\n  last = self.items[depth]\n  return last, os"),
        ("Base.plain", "def plain(self, x):\n  global made_later\n  made_later = x"),
        ("Base.plain", "def plain(self, x):\n  global made_here\n  import math as made_here\n  return made_here"),
        ("Base.plain", "def plain(self, x):\n  import __main__\n  return __main__.__dict__, __cached__"),
        (
            "Base.plain",
            "def plain(self, x):\n  import msvcrt, fcntl\n  from multiprocessing.popen_spawn_win32 import Popen",
        ),
        (
            "Base.plain",
            "def plain(self, x):\n  try:\n    import nope\n  except ImportError:\n    import nope_too as nope",
        ),
        ("Base.plain", "def plain(self, x):\n  import sys\n  if sys.platform == 'win32':\n    import win32api"),
        ("Base.plain", "def plain(self, x):\n  import os\n  if os.name == 'nt':\n    from os import startfile_"),
        ("outer", "def outer(a):\n  super = a.super\n  return super"),
        ("outer", "def outer(a):\n  class Local:\n    place = __module__, __qualname__\n  return Local"),
        ("outer", "def outer(a):\n  return super(a, a).plain"),
    ],
)
def test_right_bodies_pass(key: str, definition: str) -> None:
    assert problem(key, definition) is None


@pytest.mark.parametrize(
    ("key", "definition", "check", "words"),
    [
        ("Base.plain", "def plain(self, y): return 1", "signature", "(self, y)"),
        ("Base.plain", "def plain(x, self): return 1", "signature", "(self, x)"),
        ("Base.plain", "def plain(self, x, z=1): return 1", "signature", "(self, x, z)"),
        ("Base.plain", "def plain(self, *, x): return 1", "signature", "(self, *, x)"),
        ("Base.plain", "async def plain(self, x): return 1", "signature", "async"),
        ("Base.later", "def later(self, *, y): return 1", "signature", "async"),
        ("Base.plain", "def plain(self, x): return foo", "names", "foo"),
        ("Base.plain", "def plain(self, x): return plain(x)", "names", "write self.plain"),
        ("Base.plain", "def plain(self, x): return [bar for _ in x]", "names", "bar"),
        ("Base.plain", "def plain(self, x): return Decimal(3)", "names", "type checkers"),
        ("Base.plain", "def plain(self, x): return inner", "names", "inner"),
        ("Base.plain", "def plain(self, x): return inside", "names", "inside"),
        ("Base.plain", "def plain(self, x): return caught", "names", "caught"),
        ("Base.plain", "def plain(self, x):\n  global _count\n  _count += 1", "names", "_count"),
        ("Stack.top", "def top(self, depth): return lost", "names", "lost"),
        ("Base.plain", "def plain(self, x):\n  from os import nothing_of_the_kind", "imports", "nothing_of_the_kind"),
        ("Outer.Inner.deep", "def deep(self): return Inner", "names", "Inner"),
        ("Base.plain", "def plain(self, x):\n  import numpyx", "imports", "numpyx"),
        ("Base.plain", "def plain(self, x):\n  from math import sqrtt, pi", "imports", "sqrtt"),
        ("Base.plain", "def plain(self, x):\n  from collections import Foo", "imports", "Foo"),
        ("Base.plain", "def plain(self, x):\n  import email.mime.nope", "imports", "email.mime.nope"),
        ("Base.plain", "def plain(self, x):\n  from . import sibling", "imports", "pkg"),
        ("Base.plain", "def plain(self, x):\n  try:\n    import nope\n  finally:\n    pass", "imports", "nope"),
        ("Base.plain", "def plain(self, x):\n  if x == 'nothing':\n    import nope", "imports", "nope"),
        ("outer", "def outer(a): return super().plain", "names", "__class__"),
        ("outer", "def outer(a): return __class__", "names", "__class__"),
        ("outer", "def outer(a): return __qualname__", "names", "__qualname__"),
        ("Base.plain", "def plain(self, x):\n  from __future__ import annotations", "syntax", "__future__"),
        ("outer.<locals>.inner", "def inner(b):\n  nonlocal totl", "syntax", "totl"),
        ("outer.<locals>.inner", "def inner(b):\n  await b", "syntax", "await"),
        ("Base.plain", "def plain(self, x):\n  continue", "syntax", "continue"),
    ],
)
def test_wrong_bodies_are_refused_with_the_reason(key: str, definition: str, check: str, words: str) -> None:
    found = problem(key, definition)
    assert found is not None
    assert found.check == check
    assert words in found.text


def test_without_future_annotations_those_of_nested_functions_must_exist() -> None:
    module = MODULE.replace("from __future__ import annotations", "")
    found = problem(
        "Base.plain", "def plain(self, x):\n  def helper(q: List): return q\n  return helper", module=module
    )
    assert found is not None
    assert "List" in found.text


def test_a_star_import_leaves_names_open() -> None:
    module = "from tkinter import *\ndef f(): ...\n"
    assert problem("f", "def f(): return Tk()", module=module) is None


@pytest.mark.parametrize(
    "statement",
    [
        "globals().update(vars(signal))",
        "globals()['lost'] = 1",
        "namespace = globals()",
        "exec('lost = 1')",
        "exec(TEXT, globals())",
        "def fill():\n    exec(TEXT, globals())",
        "def fill():\n    globals()['lost'] = 1",
        "setattr(sys.modules[__name__], 'lost', 1)",
        "sys.modules[__name__].__dict__.update(lost=1)",
        "IntEnum._convert_('Lost', __name__, lambda name: True)",
    ],
)
def test_a_module_that_adds_to_its_own_namespace_leaves_names_open(statement: str) -> None:
    assert problem("f", "def f(): return lost", module=f"def f(): ...\n{statement}\n") is None


@pytest.mark.parametrize(
    "statement",
    [
        "globals()['lost']",
        "names = sorted(globals())",
        "text = '{}'.format(**globals())",
        "def fill():\n    exec('lost = 1')",
        "def fill():\n    other = locals()",
        "other = vars(signal)",
    ],
)
def test_a_module_that_reads_its_own_namespace_does_not(statement: str) -> None:
    assert problem("f", "def f(): return lost", module=f"def f(): ...\n{statement}\n")


def test_the_members_of_a_global_enumeration_are_names_of_the_module() -> None:
    module = "import enum\n@enum.global_enum\nclass Day(enum.IntEnum):\n    MONDAY = 0\ndef f(): ...\n"
    assert problem("f", "def f(): return MONDAY", module=module) is None
    assert problem("f", "def f(): return TUESDAY", module=module)


def test_what_only_another_platform_defines_may_import_what_only_that_has() -> None:
    module = "import sys\nif sys.platform == 'win32':\n    def f(): ...\nelse:\n    def g(): ...\ndef h(): ...\n"
    body = "():\n  from socket import ioctl_\n  import win32api"
    assert problem("f", f"def f{body}", module=module) is None
    assert problem("g", f"def g{body}", module=module) is None
    assert problem("h", f"def h{body}", module=module)


def test_first_party_imports_are_resolved_from_their_sources_without_running_them(tmp_path: Path) -> None:
    package = tmp_path / "pkg"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('imported')\n")
    (package / "tools.py").write_text("raise SystemExit('imported')\ndef hammer(): ...\n")
    path = [str(tmp_path), *sys.path]
    assert problem("Base.plain", "def plain(self, x):\n  from .tools import hammer", path=path) is None
    assert problem("Base.plain", "def plain(self, x):\n  from . import tools", path=path) is None
    found = problem("Base.plain", "def plain(self, x):\n  from pkg.tools import nail", path=path)
    assert found is not None
    assert "pkg.tools has no nail" in found.text


@pytest.mark.skipif(sys.version_info < (3, 12), reason="PEP 695")
def test_type_parameters_exist_in_the_body() -> None:
    module = "def f[T](x: T) -> T: ...\nclass G[K]:\n    def m[V](self, v: V) -> K: ...\n"
    assert problem("f", "def f[T](x: T) -> T:\n  y: list[T] = [x]\n  print(T)\n  return y[0]", module=module) is None
    assert problem("G.m", "def m(self, v): return K, V", module=module) is None
