"""Attributes that do not exist are found before anything runs; what may exist is let be."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from jitc_import.checks.names import Scope
from jitc_import.checks.static import Problem, Surroundings, static_problem

MODULE = """
import math, os, enum, threading, collections
import os.path as osp
import xml.dom.minidom
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol
class Shape:
    sides = 0
    def __init__(self, name): self.name = name
    def area(self): ...
    @property
    def label(self): return self.name
    @classmethod
    def make(cls, name): ...
    @staticmethod
    def plain(value): ...
class Circle(Shape):
    __slots__ = ("radius",)
    def grow(self, by): ...
    def _hidden(self): self._cache = 1
@dataclass
class Item:
    sku: str
    tags: list = field(default_factory=list)
    def show(self): ...
class Color(enum.Enum):
    RED = 1
    def describe(self): ...
class Point(NamedTuple):
    x: int
    y: int = 0
    def length(self): ...
class Names(dict):
    def __init__(self): ...
    def first(self): ...
class Worker(threading.Thread):
    def __init__(self): ...
    def work(self): ...
class Open:
    def __init__(self): ...
    def __getattr__(self, name): return 1
    def read(self): ...
class Loose:
    def __init__(self, **all): self.__dict__.update(all)
    def read(self): ...
class HelperMixin:
    def help(self): ...
@some_decorator
class Decorated:
    def __init__(self): ...
    def read(self): ...
class Meta(metaclass=type):
    def __init__(self): ...
    def read(self): ...
def use(c: Circle, shape: "Shape", other, *, item: Item = None): ...
def mark(shape):
    shape.marked = True
def guarded(math): ...
"""


def problem(  # noqa: PLR0913
    key: str,
    body: str,
    *,
    module: str = MODULE,
    bodies: dict[str, str] | None = None,
    lacking: tuple[str, ...] = (),
    path: list[str] | None = None,
    package: str = "",
) -> Problem | None:
    """What is wrong with a body of the stub `key`."""
    tree = ast.parse(module)
    scope = Scope.of(tree, frozenset({"some_decorator"}))
    around = Surroundings(tree, bodies or {}, lacking)
    return static_problem(key, scope.functions[key], body, scope, package, path or sys.path, around=around)


@pytest.mark.parametrize(
    ("key", "body"),
    [
        ("use", "return math.sqrt(1), os.path.join('a', 'b'), osp.exists('a'), xml.dom.minidom.parseString('a')"),
        ("use", "import collections.abc\nreturn collections.abc.Mapping, collections.OrderedDict"),
        ("use", "return os.startfile('a')"),
        ("use", "return os.made_up if hasattr(os, 'made_up') else None"),
        ("use", "try:\n  return os.made_up\nexcept AttributeError:\n  return None"),
        ("use", "import sys\nif sys.platform == 'win32':\n  return os.made_up"),
        ("guarded", "return math.anything"),
        ("use", "math = other\nreturn math.anything"),
        ("Shape.area", "return self.sides, self.name, self.label, self.area(), self.plain(1)"),
        ("Shape.area", "return self.__class__, self.__dict__"),
        ("Shape.area", "self.total = 3\nreturn self.total"),
        ("Shape.area", "return self.radius, self.marked"),
        ("Shape.area", "return [self.size for self in self.sides]"),
        ("Shape.make", "return cls(name), cls.sides, cls.__name__, cls.mro()"),
        ("Shape.plain", "return value.anything"),
        ("Circle.grow", "self.radius += by\nreturn self.name, self._cache, super().anything"),
        ("Item.show", "return self.sku, self.tags, self.__dataclass_fields__"),
        ("Color.describe", "return self.name, self.value, self.RED, Color.BLUE"),
        ("Point.length", "return self.x, self.y, self._asdict(), self.count(1)"),
        ("Names.first", "return self.keys(), self.get(1)"),
        ("Worker.work", "return self.anything"),
        ("Open.read", "return self.anything"),
        ("Loose.read", "return self.anything"),
        ("HelperMixin.help", "return self.anything"),
        ("Decorated.read", "return self.anything"),
        ("Meta.read", "return self.anything"),
        ("use", "return c.radius, c.name, shape.name, shape.radius, other.anything, item.sku"),
        ("use", "print(c)\nc = other\nreturn c.anything"),
        ("use", "if isinstance(c, dict):\n  return c.anything\nreturn 1"),
        ("use", "match c:\n  case Circle(): return c.anything\nreturn 1"),
        ("use", "return [c.anything for c in other]"),
        ("use", "c.anything = 1\nreturn c.anything"),
    ],
)
def test_attributes_that_exist_or_may_exist_pass(key: str, body: str) -> None:
    assert problem(key, body) is None


@pytest.mark.parametrize(
    ("key", "body", "words"),
    [
        ("use", "return math.squareroot(2)", "math has no `squareroot`"),
        ("use", "return math.sqr(2)", "math has no `sqr`; it has sqrt"),
        ("use", "return os.path.exist('a')", "os.path has no `exist`; it has exists"),
        ("use", "return osp.exist('a')", "os.path has no `exist`"),
        ("use", "import itertools\nreturn itertools.flatten(other)", "itertools has no `flatten`"),
        ("use", "import json as j\nreturn [j.parse(o) for o in other]", "json has no `parse`"),
        ("use", "from xml import dom\nreturn dom.nothing", "xml.dom has no `nothing`"),
        ("use", "def inner(): return math.nothing\nreturn inner", "math has no `nothing`"),
        ("Shape.area", "return self.nam", "Shape has no attribute `nam`; it has name"),
        ("Shape.make", "return cls.side", "Shape has no attribute `side`; it has sides"),
        ("Circle.grow", "return self.radus", "Circle has no attribute `radus`; it has radius"),
        ("Circle.grow", "def inner(): return self.radus\nreturn inner", "radus"),
        ("Item.show", "return self.price", "Item has no attribute `price`; it has marked, show, sku, tags"),
        ("Color.describe", "return self.colour", "colour"),
        ("Point.length", "return self.z", "Point has no attribute `z`"),
        ("Names.first", "return self.frist()", "first"),
        ("use", "return c.radus", "Circle has no attribute `radus`"),
        ("use", "return shape.aera()", "Shape has no attribute `aera`; it has area"),
        ("use", "return item.prize", "Item has no attribute `prize`"),
    ],
)
def test_attributes_that_do_not_exist_are_named(key: str, body: str, words: str) -> None:
    found = problem(key, body)
    assert found is not None
    assert found.check == "attributes"
    assert words in found.text


def test_what_other_bodies_assign_exists() -> None:
    assert problem("Shape.area", "return self.height")
    for others in ({"Shape.make": "shape = cls(name)\nshape.height = 1"}, {"Circle.grow": "self.height = by"}):
        assert problem("Shape.area", "return self.height", bodies=others) is None


def test_nothing_is_known_of_a_class_whose_stubs_lack_bodies() -> None:
    assert problem("Shape.area", "return self.height", lacking=("Shape.make",)) is None
    assert problem("Shape.area", "return self.height", bodies={"Shape.make": "return return"}) is None
    assert problem("Shape.area", "return self.height", lacking=("use",))


def test_modules_of_the_user_are_read_not_run(tmp_path: Path) -> None:
    package = tmp_path / "pkg"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('imported')\n")
    (package / "tools.py").write_text("raise SystemExit('imported')\ndef hammer(): ...\n")
    (package / "lazy.py").write_text("def __getattr__(name): return 1\n")
    module = "from . import tools, lazy\nimport pkg.tools\ndef f(): ...\n"
    path = [str(tmp_path), *sys.path]
    body = "return tools.hammer, lazy.anything, pkg.tools.hammer"
    assert problem("f", body, module=module, path=path, package="pkg") is None
    found = problem("f", "return tools.hamer", module=module, path=path, package="pkg")
    assert found is not None
    assert found.text == "pkg.tools has no `hamer`; it has hammer"


def test_modules_of_others_are_let_be(tmp_path: Path) -> None:
    installed = tmp_path / "site-packages"
    installed.mkdir()
    (installed / "foreign.py").write_text("def hammer(): ...\n")
    path = [str(installed), *sys.path]
    assert problem("f", "return foreign.nail", module="import foreign\ndef f(): ...\n", path=path) is None


def test_a_body_that_should_return_an_instance_of_the_modules_class_returns_something() -> None:
    module = "class Point: ...\ndef f(x) -> Point: ...\n"
    found = problem("f", "print(x)", module=module)
    assert found == Problem("shape", "it never returns a value, but the annotation says Point")
