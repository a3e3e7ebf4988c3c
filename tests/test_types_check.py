"""What a type checker says of bodies: certain mistakes are problems, the rest is advice, and it runs nothing."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conftest import ROOT, Project
from jitc_import.checks.certainty import Message, certain, never_both
from jitc_import.checks.types import TypeReport, checker_available, type_problems

pytestmark = pytest.mark.skipif(checker_available() != "mypy", reason="mypy is not installed")


@pytest.fixture(scope="session", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """One cache of mypy for all tests here: the first run takes seconds."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))


def module_of(functions: Mapping[str, str], head: str = "") -> tuple[str, dict[str, range]]:
    """A module of functions (`(parameters) -> result` and body by name), and the lines of their bodies."""
    lines = [*head.splitlines()]
    ranges = {}
    for name, function in functions.items():
        signature, _, body = textwrap.dedent(function).strip().partition("\n")
        lines.append(f"def {name}{signature}:")
        first = len(lines) + 1
        lines += textwrap.indent(textwrap.dedent(body), "    ").splitlines()
        ranges[name] = range(first, len(lines) + 1)
    return "\n".join(lines) + "\n", ranges


def report(project: Project, functions: Mapping[str, str], head: str = "") -> TypeReport:
    text, ranges = module_of(functions, head)
    path = project.write("shapes.py", "# the stubs\n")
    found = type_problems(str(path), text, ranges, str(project.root), [str(project.root)])
    assert sorted(os.listdir(project.root)) == ["shapes.py"]
    assert path.read_text() == "# the stubs\n"
    return found


WRONG = {
    "(x: int) -> int\nreturn str(x)": 'line "return str(x)": Incompatible return value type (got "str"',
    "(x: int) -> tuple[int, str]\nreturn x, x": 'got "tuple[int, int]", expected "tuple[int, str]"',
    "(x: int) -> tuple[int, int]\nreturn x, x, x": 'got "tuple[int, int, int]", expected "tuple[int, int]"',
    "(x: int) -> list[int]\nreturn {x}": 'got "set[int]", expected "list[int]"',
    "(x: int) -> list[int]\nreturn [x].sort()": 'got "None", expected "list[int]"',
    "(x: int) -> list[int]\nreturn (y for y in [x])": 'got "Generator[int, None, None]", expected "list[int]"',
    "(x: int) -> list[str]\nreturn [x]": 'List item 0 has incompatible type "int"; expected "str"',
    "(x: int) -> list[str]\nreturn [i for i in range(x)]": "List comprehension has incompatible type",
    "(x: int) -> int\nreturn len(x)": 'Argument 1 to "len" has incompatible type "int"; expected "Sized"',
    "(x: int) -> int\nreturn x.size": '"int" has no attribute "size"',
    "(x: int) -> int\nreturn sum(d for d in x)": '"int" has no attribute "__iter__"',
    "(x: int) -> str\nreturn x + 'a'": 'Unsupported operand types for + ("int" and "str")',
    "(x: int) -> bool\nreturn 3 in x": 'Unsupported right operand type for in ("int")',
    "(x: int) -> int\nreturn x[0]": 'Value of type "int" is not indexable',
    "(x: int) -> int\nreturn abs(x, 3)": 'Too many arguments for "abs"',
    "(x: int) -> int\nreturn abs(y=x)": 'Unexpected keyword argument "y" for "abs"',
    "(x: int) -> str\nreturn '%d %s' % (x,)": "Not enough arguments for format string",
    "(x: int) -> int\nreturn str(x)  # type: ignore": 'got "str", expected "int"',
    "(x: int) -> int\nreturn str(x)  #type:ignore[return-value] # x": 'got "str", expected "int"',
    "(x: int) -> int\n# mypy: ignore-errors\nreturn str(x)": 'got "str", expected "int"',
    '(x: int) -> int\n"""\\\n# mypy: ignore-errors\n"""\nreturn str(x)': 'got "str", expected "int"',
    "(x)\nreturn str(x).foo()": '"str" has no attribute "foo"',
}


@pytest.mark.slow
def test_certain_mistakes_are_problems(project: Project) -> None:
    found = report(project, {f"f{number}": function for number, function in enumerate(WRONG)})
    assert found.note is None
    for number, (function, wanted) in enumerate(WRONG.items()):
        assert wanted in found.problems.get(f"f{number}", ""), function


RIGHT = [
    "(x: int) -> str\nx = str(x)\nreturn x[::-1]",
    "(x: int) -> int\nreturn x / 1",
    "(d: dict[str, int]) -> str\nreturn max(d, key=d.get)",
    "(s: str) -> str\nreturn re.match('a', s).group()",
    "(xs: list[str]) -> list[int]\nif not xs:\n    return xs\nreturn [1]",
    "(x: int) -> list[object]\nr = [1]\nr.append('a')\nreturn r",
    "(x: int) -> int\nbest = None\nfor i in range(x):\n    best = i\nreturn best",
    "(x: int) -> int\nwhile True:\n    for y in range(x):\n        return y",
    "(x: int) -> float\nt = 0\nt += 0.5\nreturn t",
    "(x: object) -> int\nreturn x + 1",
    "(x: int) -> int\ny: int | None = x or None\nreturn y + 1",
    "(x)\nreturn no_such_module.f(x) + untyped(x)",
    "(x: float) -> int\nreturn x.bit_length()",
    "(x: Base) -> int\nreturn x.size",
    "(x: Base) -> Derived\nreturn x",
    "(x: int) -> Number\nreturn x",
]
HEAD = """
import re
import typing
import no_such_module
Number = typing.NewType("Number", int)
class Base: ...
class Derived(Base):
    size = 1
def untyped(x): return x
def wrong_but_not_a_body() -> int: return ""
"""


def test_what_may_be_right_is_no_problem(project: Project) -> None:
    found = report(project, {f"f{number}": function for number, function in enumerate(RIGHT)}, HEAD)
    assert (found.note, found.problems) == (None, {})
    assert 'expected "int"' in found.advice["f1"]


def test_a_mistake_beside_a_changed_variable_is_advice(project: Project) -> None:
    body = "(x: int) -> int\nx = str(x)\nreturn x[::-1]"
    found = report(project, {"f": body, "g": "(x: int) -> int\nreturn ''"})
    assert list(found.problems) == ["g"]
    assert "not indexable" in found.advice["f"]


@pytest.mark.slow
def test_the_configuration_of_the_project_counts(project: Project) -> None:
    root = project.root
    project.write(
        "pyproject.toml", "[tool.mypy]\ndisable_error_code = ['return-value']\npretty = true\nstrict = true\n"
    )
    path = project.write("shapes.py", "")
    text = "def f(x: int) -> int:\n    return ''\ndef g(x: int) -> int:\n    return x[0]\n"
    found = type_problems(str(path), text, {"f": range(2, 3), "g": range(4, 5)}, str(root), [str(root)])
    assert found.problems == {"g": 'line "return x[0]": Value of type "int" is not indexable'}
    assert sorted(os.listdir(root)) == ["pyproject.toml", "shapes.py"]


@pytest.mark.slow
def test_a_module_of_a_package_sees_its_siblings(project: Project) -> None:
    project.write("src/pkg/sizes.py", "def size() -> int: return 1\n")
    path = project.write("src/pkg/shapes.py", "")
    project.write("tokenize.py", "raise SystemExit\n")
    text = "from .sizes import size\nimport pkg.sizes\n"
    text += "def f() -> str:\n    return size()\ndef g():\n    pkg.sizes.size(1)\n"
    ranges = {"f": range(4, 5), "g": range(6, 7)}
    found = type_problems(str(path), text, ranges, str(project.root), [str(project.root / "src"), *sys.path])
    assert found.note is None
    assert 'got "int", expected "str"' in found.problems["f"]
    assert "Too many arguments" in found.problems["g"]


@pytest.mark.parametrize("text", ["def f(:\n    x\n", "import shapes\n\x00"])
def test_a_checker_that_gives_up_is_no_verdict(text: str, project: Project) -> None:
    path = project.write("shapes.py", "")
    found = type_problems(str(path), text, {"f": range(2, 3)}, str(project.root), [str(project.root)])
    assert found.note is not None
    assert found.note.startswith("mypy gives no verdict: ")
    assert found.problems == found.advice == {}


def test_a_broken_configuration_is_no_verdict(project: Project) -> None:
    path = project.write("shapes.py", "")
    project.write("mypy.ini", "[mypy]\nplugins = no_such_plugin\n")
    found = type_problems(str(path), "x = 1\n", {"f": range(1, 2)}, str(project.root), [str(project.root)])
    assert "no_such_plugin" in (found.note or "")


@pytest.mark.slow
def test_a_home_that_cannot_be_written_to(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = project.write("shapes.py", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked / "below a file"))
    found = type_problems(str(blocked), "def f() -> int:\n  return ''\n", {"f": range(2, 3)}, None, [str(project.root)])
    assert list(found.problems) == ["f"]


@pytest.mark.slow
@pytest.mark.usefixtures("no_home")
def test_without_a_home_none_is_made(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.root)
    found = report(project, {"f": "() -> int\nreturn ''"})
    assert (list(found.problems), found.note) == (["f"], None)


def test_without_a_checker(project: Project) -> None:
    program = f"""
    import sys
    sys.path[:] = [{str(ROOT)!r}, *(path for path in sys.path if "site-packages" not in path)]
    from jitc_import.checks.types import checker_available, type_problems
    print(checker_available(), type_problems("a.py", "", {{}}, None, []).note)
    """
    done = project.run("-I", "-c", textwrap.dedent(program), env={"PATH": ""})
    assert done.stdout == "None no type checker is installed\n", done.stderr


PYRIGHT = [
    ("reportReturnType", 'Type "str" is not assignable to return type "int"', True),
    ("reportReturnType", 'Type "Literal[\'a\']" is not assignable to return type "int"', True),
    ("reportReturnType", 'Type "float" is not assignable to return type "int"', False),
    ("reportReturnType", 'Type "list[str]" is not assignable to return type "list[int]"', False),
    ("reportAttributeAccessIssue", 'Cannot access attribute "size" for class "int"', True),
    ("reportAttributeAccessIssue", 'Cannot access attribute "size" for class "Base"', False),
    ("reportAttributeAccessIssue", 'Cannot access attribute "bit_length" for class "float"', False),
    ("reportOperatorIssue", 'Operator "+" not supported for types "int" and "Literal[\'a\']"', True),
    ("reportOperatorIssue", 'Operator "+" not supported for types "object" and "Literal[1]"', False),
    ("reportIndexIssue", '"__getitem__" method not defined on type "int"', True),
    ("reportCallIssue", "Expected 1 positional argument", True),
    ("reportOptionalMemberAccess", '"group" is not a known attribute of "None"', False),
]


@pytest.mark.parametrize(("rule", "text", "sure"), PYRIGHT)
def test_messages_of_pyright(rule: str, text: str, sure: bool) -> None:  # noqa: FBT001
    message = Message(1, rule, text), "return x"
    assert certain([message]) == ([message] if sure else [])
    changed = Message(1, "reportAssignmentType", 'Type "str" is not assignable to declared type "int"'), "x = str(x)"
    assert certain([changed, message]) == []


@pytest.mark.parametrize(
    ("one", "other", "never"),
    [
        ("int", "str", True),
        ("int", "float", False),
        ("float", "int", False),
        ("int", "bool", False),
        ("int | None", "int", False),
        ("str | None", "int", True),
        ("None", "int", True),
        ("int", "str | None", True),
        ("list[int]", "list[str]", False),
        ("list[int]", "tuple[int, ...]", True),
        ("tuple[int, ...]", "tuple[int, int]", False),
        ("tuple[()]", "tuple[int]", True),
        ("Any", "int", False),
        ("str", "Colour", False),
        ("int", "Iterable[int]", True),
        ("list[int]", "Iterable[str]", False),
        ("Literal['a']", "int", True),
        ("Literal[Colour.RED]", "int", False),
        ("dict_keys[str, int]", "list[str]", True),
        ("def (int) -> str", "int", False),
        ("overloaded function", "int", False),
    ],
)
def test_types_that_no_value_has_both(one: str, other: str, never: bool) -> None:  # noqa: FBT001
    assert never_both(one, other) is never


@example("\0", "int")
@example("\ud800", "int")
@example("-" * 10_000 + "1", "int")
@given(st.text(max_size=30), st.sampled_from(["int", "str | None", "tuple[int, str]", "Literal[1]", ""]))
def test_any_text_for_a_type_is_borne(one: str, other: str) -> None:
    assert never_both(one, other) is never_both(other, one)
    assert not never_both(one, one)


@given(st.sampled_from([1, "", None, 0.5, [], {}, (1,), b"", True, set()]))
def test_the_type_of_a_value_is_never_ruled_out(value: object) -> None:
    name = "None" if value is None else type(value).__name__
    assert not never_both(name, name)
    assert not never_both(f"{name} | int", name)
