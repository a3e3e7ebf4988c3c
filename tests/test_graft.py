"""Grafting: bodies from another file behave, and name their lines, as if they had always stood in the module."""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import itertools
import marshal
import sys
import textwrap
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jitc_import.errors import StoreError
from jitc_import.graft.fitting import splices_of
from jitc_import.graft.raw import raw_of
from jitc_import.graft.splice import UnfitError, read_splices, spliced
from jitc_import.graft.tree import graft
from jitc_import.source.definitions import definitions, docstring_statement, start_line
from splitting import COMPANION, SOURCE, Choice, Split, expected_line, leaves, outermost, pairs, split

REAL_MODULES = [
    "_pydecimal", "argparse", "ast", "asyncio.queues", "asyncio.tasks", "collections", "configparser", "contextlib",
    "copy", "csv", "dataclasses", "datetime", "difflib", "enum", "fractions", "functools", "heapq", "html.parser",
    "inspect", "logging", "pathlib", "pickle", "statistics", "string", "tempfile", "textwrap", "traceback", "typing",
    "unittest.mock",
]  # fmt: skip


def grafted(made: Split, optimize: int = -1) -> CodeType:
    return graft(ast.parse(made.stubs), made.donors, SOURCE, COMPANION, optimize=optimize)


def joined(made: Split) -> CodeType:
    """The same code by way of the texts. Raises UnfitError where that way is closed."""
    splices = read_splices(" ".join(map(str, splices_of(made.stubs, made.companion, made.donors))), 0)
    return spliced(made.stubs, made.companion.split("\n"), splices, SOURCE, COMPANION, raw=False)


def assert_same(original: CodeType, made: Split, after: CodeType) -> int:
    """Same bytecode in every code object, lines where the texts have them; returns how many were moved."""
    count = 0
    for before, now, moved in pairs(original, after, made):
        where = (before.co_name, before.co_firstlineno)
        assert now.co_name == before.co_name
        assert now.co_filename == (COMPANION if moved else SOURCE), where
        for name in ("co_names", "co_varnames", "co_freevars", "co_cellvars", "co_flags", "co_argcount"):
            assert getattr(now, name) == getattr(before, name), where
        if "__firstlineno__" not in before.co_names:  # a constant of class bodies that depends on the line
            assert now.co_code == before.co_code, where
            assert plain_constants(now) == plain_constants(before), where
        expected = [expected_line(line, made, moved=moved, code=before) for _, _, line in before.co_lines()]
        assert without_repeats([line for _, _, line in now.co_lines()]) == without_repeats(expected), where
        if before.co_name != "<module>":
            assert now.co_firstlineno == expected_line(before.co_firstlineno, made, moved=moved, code=before), where
        if moved and sys.version_info >= (3, 11):
            assert [spot[2:] for spot in now.co_positions()] == [spot[2:] for spot in before.co_positions()], where
        count += moved
    return count


def without_repeats(lines: list[int | None]) -> list[int | None]:
    """A header of several lines may be a single one in the companion file, and some Pythons join equal ranges."""
    return [line for line, _ in itertools.groupby(lines)]


def plain_constants(code: CodeType) -> list[str]:
    return [repr(const) for const in code.co_consts if not isinstance(const, CodeType)]


@pytest.mark.parametrize("choose", [outermost, leaves])
@pytest.mark.parametrize("name", REAL_MODULES)
def test_a_real_module_comes_back_unchanged(name: str, choose: Choice) -> None:
    source = source_of(name)
    made = split(source, choose)
    original = compile(source, SOURCE, "exec", dont_inherit=True)
    assert assert_same(original, made, grafted(made)) >= len(made.donors)


@pytest.mark.parametrize("name", REAL_MODULES)
def test_a_real_module_comes_back_unchanged_from_text(name: str) -> None:
    source = source_of(name)
    made = split(source, lambda tree: [node for node in leaves(tree) if start_line(node.body[0]) > node.lineno])
    original = compile(source, SOURCE, "exec", dont_inherit=True)
    if made.donors:
        assert assert_same(original, made, joined(made)) >= len(made.donors)


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("name", ["argparse", "enum", "functools", "typing"])
def test_every_level_of_optimisation_counts(name: str, level: int) -> None:
    source = source_of(name)
    made = split(source, outermost)
    tree = ast.parse(source)
    if level == 2:  # up to 3.12 a docstring that is left out is still a place to stop at; here it is in the other file
        for node in outermost(tree):
            del node.body[: docstring_statement(node) is not None and len(node.body) > 1]
    original = compile(tree, SOURCE, "exec", dont_inherit=True, optimize=level)
    assert_same(original, made, grafted(made, level))


def source_of(name: str) -> str:
    file = importlib.import_module(name).__file__
    assert file
    return Path(file).read_text(encoding="utf-8")


PIECES = {
    "plain": """
        def {name}(a, b=2, *rest, c: int = 3, **named) -> int:
            return a * b + c + len(rest) + len(named)
    """,
    "loop": """
        def {name}(a, b=1):
            total = 0
            for x in range(a):
                if x % 2:
                    continue
                total += x
            else:
                total -= b
            return total
    """,
    "generator": """
        def {name}(a):
            got = yield a
            yield from (x * a for x in range(3))
            return got
    """,
    "closure": """
        def {name}(a):
            count = a

            def step():
                nonlocal count
                count += 1
                return count

            step()
            return [step() for _ in range(a)], (lambda y=a: y + count)()
    """,
    "local class": """
        def {name}(a):
            class Local:
                size = a

                def twice(self):
                    return self.size * 2
            return Local().twice()
    """,
    "coroutine": """
        async def {name}(a):
            async def inner():
                return a + 1
            return await inner()
    """,
    "raising": """
        def {name}(a):
            try:
                return a // 0
            except ZeroDivisionError as error:
                return f"{{type(error).__name__}} {{a!r:>4}}"
            finally:
                a = None
    """,
    "text": '''
        def {name}(a):
            return f"""first {{a}}
          second {{a + 1}}
        """ + 'x' \\
                'y'
    ''',
    "match": """
        def {name}(a):
            match a:
                case 1 | 2:
                    return 'few'
                case int(n) if n > 5:
                    return n
                case _:
                    return None
    """,
    "one line": """
        def {name}(a): return [y for x in range(a) if (y := x * 2) > 2]
    """,
    "documented": '''
        def {name}(a):
            """Say what it does.

            >>> no
            """
            assert a
            return 'documented'
    ''',
}


@st.composite
def modules(draw: st.DrawFn) -> str:
    text = "import functools\n\n\ndef kept(f):\n    return functools.wraps(f)(lambda *a, **k: f(*a, **k))\n"
    calls = []
    for number in range(draw(st.integers(1, 6))):
        piece = textwrap.dedent(PIECES[draw(st.sampled_from(sorted(PIECES)))])
        name, placed = draw(st.sampled_from(PLACES))(f"f{number}", piece.lstrip("\n").format(name=f"f{number}"))
        text += placed + "\n" * draw(st.integers(0, 3))
        calls.append(f"lambda: {name}({draw(st.integers(1, 9))})")
    return f"{text}CALLS = [{', '.join(calls)}]\n"


PLACES = [
    lambda name, text: (name, text),
    lambda name, text: (f"C_{name}.{name}", f"class C_{name}:\n    x = 1\n\n" + indented("@staticmethod\n" + text)),
    lambda name, text: (name, "@kept\n@(\n    kept\n)\n" + text),
    lambda name, text: (name, f"if not kept:\n{indented(text)}else:\n{indented(text)}"),
    lambda name, text: (f"o_{name}()", f"def o_{name}():\n    here = 1\n{indented(text)}    return {name}\n"),
]


def indented(text: str) -> str:
    return textwrap.indent(text, "    ")


def outcomes(code: CodeType) -> list[object]:
    space: dict[str, Any] = {"__name__": "module"}
    exec(code, space)  # noqa: S102
    return [settled(call()) for call in space["CALLS"]]


def settled(value: Any) -> object:
    if hasattr(value, "gi_code"):
        return [value.send(None), value.send(7), *value]
    if hasattr(value, "cr_code"):
        with pytest.raises(StopIteration) as stop:
            value.send(None)
        return stop.value.value
    return value


@given(modules(), st.data())
def test_any_module_behaves_as_before(source: str, data: st.DataObject) -> None:
    made = split(source, data.draw(st.sampled_from([outermost, leaves])), lambda: data.draw(st.integers(0, 40)))
    original = compile(source, SOURCE, "exec", dont_inherit=True)
    with contextlib.suppress(UnfitError):
        assert_same(original, made, joined(made))
    after = grafted(made)
    assert_same(original, made, after)
    assert outcomes(marshal.loads(marshal.dumps(after))) == outcomes(original)  # noqa: S302


def graft_text(stubs: str, donors: dict[str, str], optimize: int = -1) -> dict[str, Any]:
    """Graft donors given as text, and run the module; returns its namespace."""
    text = "# head\n"
    found = {}
    for key, donor in donors.items():
        text += f"# --- {key}\n"
        start = text.count("\n")
        text += textwrap.dedent(donor).lstrip("\n").removesuffix("\n") + "\n"
        found[key] = next(node for _, node in definitions(ast.parse(text)) if node.lineno > start)
    lines = text.splitlines(keepends=True)
    tree = ast.parse(textwrap.dedent(stubs))
    space: dict[str, Any] = {"__name__": "module"}
    exec(graft(tree, found, SOURCE, COMPANION, raw_lines=lines, optimize=optimize), space)  # noqa: S102
    return space


def test_the_users_header_wins() -> None:
    stubs = """
        calls = []
        def note(f):
            calls.append(f.__name__)
            return f
        @note
        def area(r: float = 2.0, *, unit: str = "m") -> float:
            '''The user's.'''
    """
    donor = """
        def area(r: int = 9, *, unit='km') -> int:
            '''The model's.'''
            return r * 3, unit
    """
    space = graft_text(stubs, {"area": donor})
    area = space["area"]
    assert (area(), area.__doc__, space["calls"]) == ((6.0, "m"), "The user's.", ["area"])
    assert str(inspect.signature(area)) == "(r: float = 2.0, *, unit: str = 'm') -> float"


@pytest.mark.parametrize("body", ["'''Doc.'''\n    return 1", "'''Doc.'''\n    'again'\n    return 1", "'Doc.'"])
def test_a_docstring_of_the_model_is_not_taken(body: str) -> None:
    space = graft_text("def f(): ...", {"f": f"def f():\n    {body}\n"})
    assert space["f"].__doc__ is None
    assert space["f"]() in (1, None)


@pytest.mark.parametrize(("level", "docstring"), [(0, "Doc."), (1, "Doc."), (2, None)])
def test_docstrings_go_where_python_drops_them(level: int, docstring: str | None) -> None:
    space = graft_text("def f():\n    'Doc.'\n", {"f": "def f():\n    assert __debug__\n    return 1\n"}, level)
    assert (space["f"](), space["f"].__doc__) == (1, docstring)


def test_functions_of_one_name_get_their_own_bodies() -> None:
    stubs = """
        class Circle:
            @property
            def radius(self): ...
            @radius.setter
            def radius(self, value): ...
        if not Circle:
            def pick(): ...
        else:
            def pick(): ...
    """
    donors = {
        "Circle.radius": "class Circle:\n    def radius(self):\n        return self.__r\n",
        "Circle.radius#2": "class Circle:\n    def radius(self, value):\n        self.__r = value * 2\n",
        "pick": "def pick():\n    return 'first'\n",
        "pick#2": "def pick():\n    return 'second'\n",
    }
    space = graft_text(stubs, donors)
    circle = space["Circle"]()
    circle.radius = 4
    assert (circle.radius, circle._Circle__r, space["pick"]()) == (8, 8, "second")


def test_super_and_the_class_cell_work() -> None:
    stubs = """
        class A:
            def f(self): return "A"
        class B(A):
            def f(self): ...
            def g(self): ...
    """
    donors = {"B.f": "def f(self):\n    return super().f() + 'B'\n", "B.g": "def g(self):\n    return __class__\n"}
    space = graft_text(stubs, donors)
    assert (space["B"]().f(), space["B"]().g()) == ("AB", space["B"])


def test_a_stub_inside_a_grafted_function_goes_with_its_body() -> None:
    stubs = "def outer():\n    def inner(): ...\n    return inner\n"
    donors = {"outer": "def outer():\n    return 'new'\n", "outer.<locals>.inner": "def inner():\n    return 1\n"}
    assert graft_text(stubs, donors)["outer"]() == "new"


def test_keys_that_the_module_lacks_are_passed_over() -> None:
    space = graft_text("def f(): ...", {"f": "def f():\n    return 1\n", "gone": "def gone():\n    return 2\n"})
    assert space["f"]() == 1
    assert "gone" not in space


def test_one_donor_may_go_into_two_stubs() -> None:
    donor = next(iter(definitions(ast.parse("\n\ndef f():\n    return 1 / 0\n"))))[1]
    code = graft(ast.parse("def f(): ...\n\n\ndef g(): ...\n"), {"f": donor, "g": donor}, SOURCE, COMPANION)
    moved = [const for const in code.co_consts if isinstance(const, CodeType)]
    assert [(one.co_firstlineno, [line for *_, line in one.co_lines()][-1]) for one in moved] == [(3, 4), (3, 4)]


def test_equal_code_on_one_line_has_the_qualified_name_of_its_own_place() -> None:
    stubs = """
        def first(): ...
        def second(): ...

        if True:
            answer = lambda: lambda: 7
    """
    rest = "    answer = lambda: lambda: 7\n    return answer\n"
    donors = {"first": f"def first():\n    0\n    0\n    0\n{rest}", "second": f"def second():\n    0\n    0\n{rest}"}
    space = graft_text(stubs, donors)
    names = [
        made.__qualname__ for each in (space["first"](), space["second"](), space["answer"]) for made in (each, each())
    ]
    assert names == [
        f"{outer}{inner}"
        for outer in ("first.<locals>.", "second.<locals>.", "")
        for inner in ("<lambda>", "<lambda>.<locals>.<lambda>")
    ]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters came with 3.12")
@pytest.mark.parametrize("choose", [outermost, leaves])
def test_functions_with_type_parameters(choose: Choice) -> None:
    source = textwrap.dedent(
        """
        class Box[T]:
            def put[U: (int, str)](self, value: U, *more: T, n=3) -> U:
                '''Doc.'''
                kept = [value] * n
                return kept

        @staticmethod
        def first[K](items: dict[K, int]) -> K:
            for key in items:
                return key
        """
    )
    made = split(source, choose)
    original = compile(source, SOURCE, "exec", dont_inherit=True)
    assert_same(original, made, joined(made))
    assert_same(original, made, grafted(made))


def test_a_future_import_in_a_body_is_refused() -> None:
    donor = "def f():\n    x = 1\n    from __future__ import annotations\n    return x\n"
    with pytest.raises(StoreError, match=r"module\.jitc\.py:5: the body of f does not compile: .*__future__"):
        graft_text("def f(): ...", {"f": donor})


@pytest.mark.parametrize(
    ("body", "line", "cause"),
    [
        ("x = 1\n    nonlocal y", 10, "nonlocal"),
        ("pass\n    return await x", 10, "await"),
        ("def f(a, a): 0", 9, "dup"),
    ],
)
def test_a_body_that_does_not_compile_is_named(body: str, line: int, cause: str) -> None:
    stubs = "def first(): ...\n\n\ndef second(): ...\n\n\n" + "x = 1\n" * 50
    donors = {"first": "def first():\n    return 1\n\n\n", "second": f"def second():\n    {body}\n"}
    with pytest.raises(StoreError, match=rf"jitc\.py:{line}: the body of second does not compile: .*{cause}") as caught:
        graft_text(stubs, donors)
    assert (caught.value.path, caught.value.lineno) == (COMPANION, line)


def test_a_fault_of_the_module_itself_stays_one() -> None:
    with pytest.raises(SyntaxError) as caught:
        graft_text("def f(): ...\n\nreturn 5\n", {"f": "def f():\n    return 1\n"})
    assert (caught.value.filename, caught.value.lineno) == (SOURCE, 3)


@pytest.mark.parametrize("deep", ["1 + " * 950 + "1", "-" * 950 + "1", "[" * 90 + "]" * 90, "1 + " * 2500 + "1"])
def test_deep_code_compiles_where_python_compiles_it(deep: str) -> None:
    source = f"def f():\n    x = {deep}\n    return x\nx = {deep}\n"
    limit = sys.getrecursionlimit()
    try:
        compile(source, SOURCE, "exec")
    except (RecursionError, MemoryError) as error:
        pytest.skip(f"Python itself does not: {error}")
    made = split(source, outermost)
    space: dict[str, Any] = {}
    try:
        exec(grafted(made), space)  # noqa: S102
    except RecursionError:
        assert sys.version_info[:2] == (3, 12)  # its limit for syntax trees is fixed, and lower than for source
        pytest.skip("Python 3.12 compiles no tree that deep")
    assert space["f"]() == space["x"]
    assert sys.getrecursionlimit() == limit


def test_a_long_chain_of_elifs() -> None:
    chain = "if x == 0:\n    y = 0\n" + "".join(f"elif x == {n}:\n    y = {n}\n" for n in range(1, 900))
    source = f"def f(x):\n{indented(chain)}    return y\nx = 899\n{chain}"
    made = split(source, outermost)
    space: dict[str, Any] = {}
    exec(grafted(made), space)  # noqa: S102
    assert space["f"](899) == space["y"] == 899


def test_what_the_model_wrote_is_kept_for_decorated_stubs() -> None:
    stubs = """
        def same(f): return f
        class Cow:
            @same
            def moo(self): ...
            def plain(self): ...
    """
    written = 'class Cow:\n    def moo(self):\n        """D\n        oc."""\n        return """m\n        oo"""'
    space = graft_text(stubs, {"Cow.moo": written, "Cow.plain": "def plain(self):\n    return 1\n"})
    moo = space["Cow"].moo
    assert raw_of(moo.__code__) == 'def moo(self):\n    """D\n        oc."""\n    return """m\n        oo"""'
    assert raw_of(space["Cow"].plain.__code__) is None
    assert raw_of(marshal.loads(marshal.dumps(moo.__code__))) == raw_of(moo.__code__)  # noqa: S302
    assert isinstance(hash(moo.__code__), int)
    assert space["Cow"]().moo() == "m\n        oo"


@pytest.mark.parametrize("text", ["x = ('a', 'b')", "x in {('jitc', 'b')}", "", "x = (1, 'text')"])
def test_ordinary_constants_are_not_what_a_model_wrote(text: str) -> None:
    assert raw_of(compile(text, "x.py", "exec")) is None


@pytest.mark.parametrize("constants", [0, 300])
def test_a_class_tells_its_line_and_nothing_else_changes(constants: int) -> None:
    """From 3.13 on the line of a class is a constant of its code, which other code may have, too."""
    many = "".join(f"    a{n} = 'v{n}'\n" for n in range(constants))
    source = f"""
def f():
    n = 2
    n = n or n.__firstlineno__
    return n


class Plain:
{many}    x = 9
    y = __firstlineno__ if "__firstlineno__" in dir() else -1


def g():
    class Local:
{indented(many)}        x = 7
        y = 21
    n = 6
    return Local, n or n.__firstlineno__


def h():
    n = 7
    return n or n.__firstlineno__
"""
    for make in joined, grafted:
        made = split(source, lambda tree: [node for node in outermost(tree) if node.name != "h"], lambda: 3)
        space: dict[str, Any] = {"__name__": "module"}
        exec(make(made), space)  # noqa: S102
        local, number = space["g"]()
        assert (space["f"](), number, space["h"](), local.x, local.y) == (2, 6, 7, 7, 21)
        if sys.version_info >= (3, 13):
            line = made.stubs.split("\n").index("class Plain:") + 1
            assert space["Plain"].__firstlineno__ == space["Plain"].y == line
            assert made.companion.split("\n")[local.__firstlineno__ - 1].strip() == "class Local:"
