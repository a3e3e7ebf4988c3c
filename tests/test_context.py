"""What a model sees of a module: in source order, within a budget, and nothing that is nobody's business."""

from __future__ import annotations

import ast
import sys
import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jitc_import.source.context import render_context, reply_cost, split_stubs
from jitc_import.source.stubs import SourceModule, Stub, read_module
from jitc_import.source.tokens import count_tokens

ROOMY = 100_000


def read(text: str, path: str = "/src/shapes.py", name: str = "shapes") -> SourceModule:
    return read_module(textwrap.dedent(text).lstrip("\n").encode(), path, name)


def stub_of(module: SourceModule, key: str) -> Stub:
    return next(stub for stub in module.stubs if stub.key == key)


def context(text: str, *keys: str, budget: int = ROOMY) -> str:
    module = read(text)
    stubs = [stub for stub in module.stubs if stub.key in keys] if keys else module.stubs
    rendered = render_context(module, stubs, budget, [])
    ast.parse(rendered)
    return rendered


SHAPES = '''
# jitc: enable
"""Shapes in the plane.

More words.
"""
from __future__ import annotations
import math
from dataclasses import dataclass
from enum import Enum
from jitc_import import llm_complete

SECRET = "hunter2"
secret = "hunter3"
RATE: float = 0.25  # of the price
TABLE = {RATE: "quarter"}
a = 1; b = "hunter4"

class Color(Enum):
    RED = 1
    GREEN = "g"

class ShapeError(ValueError):
    """A shape that is none."""
    token = "hunter5"

@dataclass
class Circle(Shape):
    """A circle."""
    radius: float = 1.0
    origin: tuple[int, int] = (0, 0)

    @llm_complete(model="x")
    def area(self) -> float:
        """Area, taxed by RATE; a secret."""
        # quickly
        ...

    def grow(self, by: float) -> None:
        """Grow.

        Long words.
        """
        self.radius += by

class Shape:
    def __init__(self, name: str, size):
        """Make it."""
        print("hunter6")
        self.name = name
        self.size: int = int(size)

    def label(self) -> str:
        return "hunter7"

class Far:
    """Far away."""
    def method(self):
        return 1

def price(c: Circle, color: Color) -> float:  # jitc: complete
    """Price: TABLE[RATE] times c.area().

    >>> price(Circle(2), b)
    3
    """

def total(circles):
    # all of them
    return sum(price(c, Color.RED) for c in circles)

def other(x: int) -> int:
    """Another."""
    return "hunter8"

if __name__ == "__main__":
    print(price(Circle(1), Color.RED))
'''


def test_the_module_as_a_model_sees_it() -> None:
    assert context(SHAPES, "Circle.area") == textwrap.dedent(
        '''\
        """Shapes in the plane.

        More words.
        """

        from __future__ import annotations
        import math
        from dataclasses import dataclass
        from enum import Enum

        SECRET = ...
        secret = ...
        RATE: float = 0.25  # of the price
        TABLE = ...
        a = ...
        b = ...

        class Color(Enum):
            RED = 1
            GREEN = "g"

        class ShapeError(ValueError):
            """A shape that is none."""
            token = ...

        @dataclass
        class Circle(Shape):
            """A circle."""
            radius: float = 1.0
            origin: tuple[int, int] = (0, 0)

            # complete this
            def area(self) -> float:
                """Area, taxed by RATE; a secret."""
                # quickly
                ...

            def grow(self, by: float) -> None:
                """Grow.

                Long words.
                """
                ...

        class Shape:
            def __init__(self, name: str, size):
                """Make it."""
                self.name = name
                self.size: int = int(size)

            def label(self) -> str:
                ...

        class Far:
            """Far away."""

        def price(c: Circle, color: Color) -> float:
            """Price: TABLE[RATE] times c.area()."""
            ...

        def total(circles):
            ...

        def other(x: int) -> int:
            """Another."""
            ...
        '''
    )


def test_callers_and_what_they_show() -> None:
    text = context(SHAPES, "price")
    assert 'TABLE = {RATE: "quarter"}' in text
    assert "def total(circles):\n    # all of them\n    return sum(" in text
    assert 'if __name__ == "__main__":\n    print(price(Circle(1), Color.RED))' in text
    assert "# complete this\ndef price(" in text
    assert text.count("complete this") == 1


@pytest.mark.parametrize("key", ["Circle.area", "price"])
def test_nothing_that_is_not_referred_to(key: str) -> None:
    text = context(SHAPES, key)
    assert not [number for number in "2356789" if f"hunter{number}" in text]
    assert "jitc" not in text


def test_a_value_in_an_example_is_referred_to() -> None:
    assert '\nb = "hunter4"' in context(SHAPES, "price")
    assert "a = 1" not in context(SHAPES, "price")
    assert "hunter4" not in context(SHAPES, "Circle.area")


@pytest.mark.parametrize("budget", [0, 60, 100, 150, 200, 250, 300, 400, 600])
@pytest.mark.parametrize("key", ["Circle.area", "price"])
def test_budget(key: str, budget: int) -> None:
    module = read(SHAPES)
    stub = stub_of(module, key)
    text = render_context(module, [stub], budget, [])
    ast.parse(text)
    least = render_context(module, [stub], 0, [])
    assert count_tokens(text) <= max(budget, count_tokens(least))
    assert stub.text.split("\n")[0] in text
    if key == "Circle.area":
        assert "class Circle(Shape):" in least
    assert "Far" not in least


def test_nearest_stays() -> None:
    text = context(SHAPES, "Circle.area", budget=150)
    assert "radius: float = 1.0" in text
    assert "RATE: float" in text
    assert "Far" not in text
    assert "def other" not in text


def test_nested_stub_and_closure() -> None:
    text = context(
        """
        # jitc: enable
        def outer(n):
            '''Outer.'''
            total = n * 2  # doubled
            words = '''
        kept'''
            def sibling(): return 1
            class Inner:
                size = total
                def deep(self):  # jitc: complete
                    '''Deep.'''
            if n:
                return Inner().deep()
            return None
        """
    )
    assert text == textwrap.dedent(
        """\
        def outer(n):
            '''Outer.'''
            total = n * 2  # doubled
            words = '''
        kept'''

            def sibling(): return 1

            class Inner:
                size = ...

                # complete this
                def deep(self):
                    '''Deep.'''
                    ...

            if n:
                return Inner().deep()

            return None
        """
    )


def test_nested_twins() -> None:
    source = "# jitc: enable\n" + "def outer():\n    x = 1\n    def inner(): ...  # jitc: complete {}\n" * 2
    text = context(source.format("one", "two"), "outer.<locals>.inner#2")
    assert "# complete this\n    def inner():\n        # two\n" in text
    assert text.count("complete this") == 1


def test_blocks() -> None:
    source = """
    # jitc: enable all
    import sys
    try:
        import tomllib
    except ImportError:  # older
        tomllib = None
    else:
        x = 1
    if sys.version_info >= (3, 11):
        def f(): ...
    elif sys:
        def f(): ...
    else:
        def g(): return 1
    with open("x") as y:
        def h(): ...
    for z in y:
        class C:
            def i(self): ...
    match z:
        case 1 if z > 0:
            def j(): ...
        case [_, *rest]:
            def j(): ...
    """
    text = context(source)
    assert text.count("# complete this") == 6
    assert "elif sys:\n    # complete this\n    def f():" in text
    assert "try:\n    import tomllib\nexcept ImportError:\n    pass\n" in text
    assert "match z:\n    case 1 if z > 0:\n        # complete this\n        def j():\n            ...\n" in text


def test_deep_nesting() -> None:
    deep = "".join(f"{' ' * n}if x:\n" for n in range(60)) + " " * 60 + "def f(): ...\n"
    chain = "if x:\n    pass\n" + "elif x:\n    def g(): ...\n" * 300
    assert context(f"# jitc: enable all\n{deep}{chain}").count("# complete this") == 301


@pytest.mark.parametrize("literal", ["'''\n a\n'''", "'a\\\n  b'", '"""\nx\n"""', "f'''\n {x}\n'''"])
@pytest.mark.parametrize("docstring", ["", '"""D."""\n        ', '"""D.\n\n        d\n        """\n        '])
def test_strings_of_a_draft(literal: str, docstring: str) -> None:
    source = f"# jitc: enable\nclass C:\n    def f(self):  # jitc: complete\n        {docstring}return g({literal})\n"
    (shown,), (whole,) = ast.parse(context(source)).body, ast.parse(source).body
    assert isinstance(shown, ast.ClassDef)
    assert isinstance(whole, ast.ClassDef)
    assert ast.dump(shown.body[0]).rpartition("Return(")[2] == ast.dump(whole.body[0]).rpartition("Return(")[2]


def test_strings_are_kept_as_they_are() -> None:
    source = """
    # jitc: enable
    class C:
        TEXT = '''
      two
    none'''
        def f(self):  # jitc: complete
            '''Doc of TEXT.

              More.'''
            x = '''
      two
    none'''
            y = "a\\
    b"
            return x
    """
    text = context(source)
    (shown,), (whole,) = ast.parse(text).body, ast.parse(textwrap.dedent(source)).body
    assert isinstance(shown, ast.ClassDef)
    assert isinstance(whole, ast.ClassDef)
    assert ast.dump(shown.body[0]) == ast.dump(whole.body[0])
    shown_method, method = shown.body[1], whole.body[1]
    assert isinstance(shown_method, ast.FunctionDef)
    assert isinstance(method, ast.FunctionDef)
    assert list(map(ast.dump, shown_method.body[1:])) == list(map(ast.dump, method.body[1:]))


def test_tabs_and_odd_indentation() -> None:
    tabs = "class C:\n\tx: int = 1\n\tdef f(self):\n\t\t'''Doc.\n\t\tMore.'''\n\n"
    source = f"# jitc: enable all\n{tabs}class D:\n x: int\n def g(self): ...\n"
    assert "    # complete this\n    def f(self):\n        '''Doc.\n        More.'''\n        ..." in context(source)


def test_long_values_give_way() -> None:
    value = list(range(300))
    source = f"# jitc: enable\nTABLE: list[int] = {value}\ndef f():  # jitc: complete\n    '''Look into TABLE.'''\n"
    assert "TABLE: list[int] = ...\n" in context(source, budget=200)
    assert "299]" in context(source)


def test_long_callers_are_not_shown() -> None:
    lines = "    x = 1\n" * 40
    source = f"# jitc: enable\ndef f(): ...  # jitc: complete\ndef g():\n{lines}    return f()\n"
    assert context(source).endswith("def g():\n    ...\n")


# --- other modules of the project


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"))


PROJECT = {
    "pkg/__init__.py": "from .errors import Oops\nfrom .cycle import Turn\nraise SystemError('never run')\n",
    "pkg/errors.py": """
        class Base(Exception):
            '''The root.'''
            code: int = 3
        class Oops(Base):
            '''Went wrong.'''
            def __init__(self, why: str) -> None:
                self.why = why
                print("hunter1")
        KEY = "hunter2"
    """,
    "pkg/cycle.py": "from . import Turn\n",
    "pkg/geometry.py": """
        def area(x: int) -> int:
            '''Area of x.'''
            return 3
        def volume(x: int) -> int:
            '''Volume.'''
        PI = 3
        def unused(): ...
    """,
    "pkg/broken.py": "def f(:\n",
    "pkg/sub/__init__.py": "",
    "pkg/sub/shapes.py": """
        # jitc: enable
        import math, json
        import pkg.geometry as geo
        from .. import Oops, Turn, geometry
        from ..broken import f
        from ..errors import KEY, Base
        from .missing import g
        from ....beyond import h
        from pkg.geometry import PI, volume
        from installed import thing

        def fit(x: int) -> int:  # jitc: complete
            '''Sum of geo.area and geometry.volume by PI, else raise Oops; Turn, f, g, h and thing.'''
    """,
    "lib/site-packages/installed.py": "def thing():\n    '''hunter3'''\n",
}


def foreign(tmp_path: Path, budget: int = ROOMY, search_path: tuple[str, ...] = ()) -> str:
    path = tmp_path / "pkg/sub/shapes.py"
    module = read_module(path.read_bytes(), str(path), "pkg.sub.shapes")
    text = render_context(module, module.stubs, budget, [*search_path, str(tmp_path / "lib/site-packages"), *sys.path])
    ast.parse(text)
    return text


def test_first_party_names(tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    text = foreign(tmp_path)
    here, _, others = text.partition("\n\n\n# In ")
    assert "from pkg.geometry import PI, volume" in here
    assert "class Oops(Base):\n    '''Went wrong.'''" in others
    assert "self.why = why" in others
    assert "class Base(Exception):\n    '''The root.'''\n    code: int = 3" in others
    assert "def area(x: int) -> int:\n    '''Area of x.'''\n    ..." in others
    assert others.count("def volume(") == 1
    assert "\nPI = 3" in others
    assert "unused" not in others
    assert not [n for n in "123" if f"hunter{n}" in text]
    assert "pkg" not in sys.modules


def test_first_party_is_found_on_the_search_path(tmp_path: Path) -> None:
    write(tmp_path, {"src/helpers.py": "def ease(x):\n    '''Ease x.'''\n    return x\n"})
    module = read(
        "# jitc: enable\nfrom helpers import ease\ndef f(): ...  # jitc: complete with ease\n", "/nowhere/m.py"
    )
    assert "Ease" not in render_context(module, module.stubs, ROOMY, [])
    assert "def ease(x):\n    '''Ease x.'''\n    ...\n" in render_context(
        module, module.stubs, ROOMY, [str(tmp_path / "src")]
    )


def test_first_party_sees_edits(tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    assert "Area of x." in foreign(tmp_path)
    write(tmp_path, {"pkg/geometry.py": "def area(y):\n    '''Another.'''\n"})
    assert "def area(y):\n    '''Another.'''" in foreign(tmp_path)


@pytest.mark.parametrize("budget", [100, 150, 200, 250, 300])
def test_budget_with_first_party(tmp_path: Path, budget: int) -> None:
    write(tmp_path, PROJECT)
    least = count_tokens(foreign(tmp_path, 0))
    assert count_tokens(foreign(tmp_path, budget)) <= max(budget, least)


# --- splitting, counting, size


def many(count: int, classes: int = 0) -> SourceModule:
    text = "".join(f"def f{n}(x):\n    '''Do number {n} and then some more of it.'''\n" for n in range(count))
    inner = "".join(f"    def m{n}(self):\n        '''Method {n}.'''\n" for n in range(10))
    return read("# jitc: enable all\n" + text + "".join(f"class C{n}:\n{inner}" for n in range(classes)))


def test_one_group_if_it_fits() -> None:
    module = many(40)
    assert split_stubs(module, module.stubs, 16_000) == [module.stubs]
    assert split_stubs(module, [], 16_000) == []


@given(st.integers(0, 30), st.integers(0, 4), st.integers(100, 6000))
def test_groups(count: int, classes: int, budget: int) -> None:
    module = many(count, classes)
    groups = split_stubs(module, module.stubs, budget)
    assert tuple(stub for group in groups for stub in group) == module.stubs
    costs = [sum(map(reply_cost, group)) for group in groups]
    assert all(cost <= budget or len(group) == 1 for cost, group in zip(costs, groups, strict=True))
    if budget > 2500:
        homes = [{stub.key.split(".")[0] for stub in group if "." in stub.key} for group in groups]
        assert sum(map(len, homes)) == classes


def test_tokens() -> None:
    """Against counts by Qwen2.5's own tokenizer."""
    assert count_tokens("") == 0
    known = {
        "def perimeter(c: Circle) -> float:\n    return 2 * math.pi * c.radius\n": 21,
        "x = 1\n": 5,
        '"""Area of the circle, in square metres.\n\n    >>> round(Circle(2).area(), 2)\n    12.57\n    """\n': 33,
    }
    for text, count in known.items():
        assert abs(count_tokens(text) - count) <= 2, text


@pytest.mark.slow
def test_a_large_module_in_linear_time() -> None:
    def seconds(count: int) -> float:
        source = "# jitc: enable all\n" + "".join(
            f"class C{n}:\n    '''Number {n}.'''\n    size: int = {n}\n\n"
            f"    def grow(self, by: C{n}) -> int:\n        '''Grow by C{n}.'''\n\n"
            f"def f{n}(c: C{n}) -> int:\n    '''Use C{n}.grow.'''\n    # quickly\n    ...\n\n"
            for n in range(count // 2)
        )
        start = time.process_time()
        module = read_module(source.encode(), "m.py", "m")
        assert len(module.stubs) == count
        for group in split_stubs(module, module.stubs, 12_000):
            render_context(module, group, 8_000, [])
        return time.process_time() - start

    seconds(20)
    small, large = min(seconds(250) for _ in range(2)), seconds(1000)
    assert large < 6
    assert large < 4 * small * 2.5
