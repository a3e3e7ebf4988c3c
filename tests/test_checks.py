"""What the checks that run nothing accept and refuse."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from jitc_import.checks.names import Scope
from jitc_import.checks.static import Problem, Surroundings, effects_in_place, static_problem

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
    def plain(self, x: int): ...
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


@pytest.mark.parametrize(
    ("stub", "body"),
    [
        ("def f() -> Iterator[int]: ...", "yield 1"),
        ("def f() -> Iterator[int]: ...", "return iter([1])"),
        ("def f() -> Iterator[int]: ...", "return (i for i in range(3))"),
        ("def f() -> Iterator[int]: ...", "return map(int, '123')"),
        ("def f() -> Iterable[int]: ...", "return [1]"),
        ("def f() -> 'Generator[int, None, None]': ...", "yield from [1]"),
        ("def f() -> Iterator[int] | None: ...", "yield 1"),
        ("def f() -> list[int]: ...", "def inner():\n  yield 1\nreturn list(inner())"),
        ("def f(): ...", "yield 1"),
        ("def f() -> Rows: ...", "yield 1"),
        ("async def f() -> AsyncIterator[int]: ...", "yield 1"),
        ("async def f() -> AsyncIterator[int]: ...", "return other()"),
        ("@contextmanager\ndef f() -> Iterator[int]: ...", "yield 1"),
        ("@pytest.fixture\ndef f() -> int: ...", "yield 1"),
        ("def f(x) -> int: ...", "raise ValueError"),
        ("def f(x) -> int: ...", "while True:\n  if x(): return 3"),
        ("def f(x) -> int: ...", "while True:\n  x()"),
        ("def f(x) -> int: ...", "if x:\n  raise ValueError\nelse:\n  raise KeyError"),
        ("def f(x) -> int: ...", "import sys\nsys.exit(x)"),
        ("def f(x) -> int | None: ...", "x()"),
        ("def f(x) -> Optional[int]: ...", "x()"),
        ("def f(x) -> None: ...", "x()"),
        ("def f(x) -> NoReturn: ...", "x()"),
        ("def f(x) -> Alias: ...", "x()"),
        ("def f():\n    yield 1\n    ...", "yield 2"),
        ("def f(x): ...", "x = x + 1\nreturn x"),
        ("def f(x): ...", "if x: return 1\nx = 2\nreturn x"),
        ("def f(x): ...", "x: int = int(x)\nreturn x"),
        ("def f(x): ...", "for x in [1]: pass"),
        ("def f(x): ...", "def inner(): return x\nx = 1\nreturn inner"),
        ("def f(x, _unused): ...", "_unused = 3\nreturn x"),
        ("def f(x):\n    '''x is ignored.'''", "x = 3\nreturn x"),
        ("def f(x):\n    x = 1\n    ...", "x = 1\nreturn x"),
        ("def f(x): ...", "return 1"),
    ],
)
def test_bodies_of_the_right_shape_pass(stub: str, body: str) -> None:
    assert _shape(stub, body) is None


@pytest.mark.parametrize(
    ("stub", "body", "words"),
    [
        ("def f() -> Iterator[int]: ...", "return [1]", "it returns a list"),
        ("def f() -> Iterator[int]: ...", "return sorted([1])", "iter("),
        ("def f() -> 'Generator[int]': ...", "return {1: 2}", "it returns a dict"),
        ("def f() -> typing.Iterator[int]: ...", "print(1)", "never returns a value"),
        ("def f() -> int: ...", "yield 1", "it yields, but the annotation says int"),
        ("def f() -> list[int]: ...", "for i in range(3):\n  yield i", "it yields"),
        ("def f() -> str | None: ...", "yield 'a'", "it yields"),
        ("def f() -> None: ...", "yield 'a'", "it yields"),
        ("def f() -> AsyncIterator[int]: ...", "yield 1", "a plain generator"),
        ("async def f() -> Iterator[int]: ...", "yield 1", "an async generator"),
        ("async def f() -> int: ...", "yield 1", "it yields"),
        ("@contextmanager\ndef f(): ...", "print(1)", "context manager"),
        ("def f():\n    yield 1\n    ...", "print(1)", "the draft does"),
        ("def f(x):\n    total = 0\n    ...\n    return total", "yield 1", "the draft returns"),
        ("def f(x) -> int: ...", "print(x)", "it never returns a value, but the annotation says int"),
        ("def f(x) -> int: ...", "if x:\n  raise ValueError\nprint(x)", "never returns"),
        ("def f(x) -> int: ...", "return", "never returns"),
        ("def f(x) -> list[int]: ...", "def g(): return 1\ng()", "never returns"),
        ("def f(x) -> int: ...", "with x:\n  x.y = 1", "never returns"),
        ("@property\ndef f(x) -> int: ...", "x.y = 1", "never returns"),
        ("def f(x): ...", "x = [1, 2]\nreturn x", "the parameter x is overwritten before it is read"),
        ("def f(x): ...", "import os\nx: int = 3\nreturn x", "the parameter x is overwritten"),
    ],
)
def test_bodies_of_another_shape_are_refused(stub: str, body: str, words: str) -> None:
    found = _shape(stub, body)
    assert found is not None
    assert found.check == "shape"
    assert words in found.text


def _shape(stub: str, body: str) -> Problem | None:
    imports = "import pytest, typing\nfrom typing import *\nfrom contextlib import contextmanager\n"
    tree = ast.parse(f"{imports}Rows = Alias = int\ndef other(): ...\n{stub}")
    scope = Scope.of(tree)
    return static_problem("f", scope.functions["f"], body, scope, "pkg", sys.path)


def _with_effects(body: str, docstring: str = "", *, strict: bool = False) -> Problem | None:
    tree = ast.parse(f"import math\ndef f(x):\n    '''{docstring}'''\n")
    scope = Scope.of(tree)
    around = Surroundings(tree, strict=strict)
    return static_problem("f", scope.functions["f"], body, scope, "", sys.path, around=around)


def test_what_is_never_accepted_is_refused_in_every_mode() -> None:
    assert _with_effects("return eval(x)") == Problem("effects", "it uses eval, which is never accepted")


def test_effects_that_nothing_calls_for_are_refused_in_strict_mode_only() -> None:
    body = "print(x)\nreturn open(x).read()"
    assert _with_effects(body) is None
    assert _with_effects(body, "Print and read the file.", strict=True) is None
    found = _with_effects(body, "Twice the number.", strict=True)
    assert found == Problem("effects", "effects that nothing in its stub or module calls for: prints, reads files")


def test_strict_mode_takes_what_the_module_itself_calls_for() -> None:
    module = (
        "import redis\ndef _save(x): open('out', 'w')\ndef _get(x): return getattr(x, x)\ndef f(x):\n    'Twice.'\n"
    )
    tree = ast.parse(module)
    scope, around = Scope.of(tree), Surroundings(tree, strict=True)

    def found(body: str) -> Problem | None:
        return static_problem("f", scope.functions["f"], body, scope, "", sys.path, around=around)

    assert found("return redis.Redis().get(x)") is None
    assert found("return _get(x)") is None
    assert found("return _save(x)") == Problem(
        "effects", "effects that nothing in its stub or module calls for: writes files"
    )


def test_the_effects_of_a_body_are_told_in_place() -> None:
    tree = ast.parse("import subprocess\ndef f(x): ...\n")
    effects = effects_in_place("f", "return subprocess.run(x)", Scope.of(tree), "", Surroundings(tree))
    assert str(effects) == "processes"
