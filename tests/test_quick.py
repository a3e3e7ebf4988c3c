"""The first import of a checkout without caches: bodies are put in as text, and nothing can be told from that."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from conftest import Project
from server import ScriptedServer, script_from

SOURCE = '''\
"""Shapes."""
# jitc: enable all
from functools import wraps
from jitc_import import llm_complete


def twice(function):
    @wraps(function)
    def inner(*args):
        return 2 * function(*args)

    return inner


@twice
@llm_complete
def area(side: float) -> float:
    """The area."""


class Square:
    """A square."""

    def __init__(self, side: float) -> None: ...

    def check(self) -> float:
        """One over the side.

        Several lines.
        """
        # jitc: complete with care
        ...

    async def wait(self, *more: int) -> list[int]: ...  # a comment


class Cube(Square):
    sides = 27

    def volume(self) -> float:
        pass


def first_line() -> int:
    return Cube.__firstlineno__ if hasattr(Cube, "__firstlineno__") else 37
'''

BODIES = '''
def area(side: float) -> float:
    """Not the user's."""
    # the square
    return side * side


class Square:
    def __init__(self, side: float) -> None:
        self.__side = side
        self.side = side

    def check(self) -> float:
        found = (
            1
            / self.__side
        )
        return found

    async def wait(self, *more: int) -> list[int]:
        def inner(number):
            return number + 1

        return [inner(one) for one in more]


class Cube(Square):
    def volume(self) -> float:
        return super().check() + self.side ** 3
'''

LOOK = """
import sys
import jitc_import.activate
import shapes
parses = not {"ast", "re", "tokenize"}.isdisjoint(sys.modules)
print("jitc_import.hooks.build" in sys.modules, parses, "libcst" in sys.modules)
import inspect, traceback
codes = [shapes.area.__wrapped__, shapes.Square.check, shapes.Square.wait, shapes.Cube.volume, shapes.twice]
for one in codes:
    code = one.__code__
    print(one.__qualname__, code.co_filename, code.co_firstlineno, [*code.co_lines()], one.__doc__)
    print(*getattr(code, "co_positions", list)())
    print(inspect.getsource(one))
print(inspect.getsource(shapes.Square), shapes.area.raw, shapes.Square.wait.__code__.co_names)
print(shapes.area(3), shapes.Cube(2).volume(), shapes.first_line())
try:
    shapes.Cube(0).volume()
except ZeroDivisionError:
    traceback.print_exc(file=sys.stdout)
"""

QUICK = sys.version_info < (3, 14)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a module that was completed; no bytecode lies about."""
    project = Project(tmp_path_factory.mktemp("template"))
    project.write("shapes.py", SOURCE)
    with ScriptedServer(script_from(BODIES)) as server:
        endpoint = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-test", "JITC_MODEL": "scripted"}
        done = project.run("-m", "jitc_import", "complete", "shapes.py", env=endpoint)
    assert done.returncode == 0, done.stderr
    return project.root


@pytest.fixture
def completed(project: Project, template: Path) -> Project:
    """A copy of it."""
    shutil.copytree(template, project.root, dirs_exist_ok=True)
    return project


def look(project: Project) -> list[str]:
    """What a first import shows, without a model: whether that was the quick way, and everything else."""
    shutil.rmtree(project.root / "__pycache__", ignore_errors=True)
    done = project.run("-c", LOOK)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n", 1)


def companion(project: Project) -> Path:
    return project.root / "__jitc__" / "shapes.jitc.py"


def test_it_parses_nothing_and_gives_what_parsing_gives(completed: Project) -> None:
    quickly, shown = look(completed)
    path = companion(completed)
    text = path.read_text(encoding="utf-8")
    path.write_text("\n".join("#" if line.startswith("# splices") else line for line in text.split("\n")))
    slowly, same = look(completed)
    assert (quickly == "False False False") is QUICK
    assert slowly == "True True False"
    assert shown == same
    assert "raise" not in shown
    assert "18 8.5 37" in shown
    assert "side * side\n" in shown


def test_an_edited_body_counts_at_once(completed: Project) -> None:
    path = companion(completed)
    path.write_text(path.read_text(encoding="utf-8").replace("self.side ** 3", "self.side ** 4"), encoding="utf-8")
    quickly, shown = look(completed)
    assert quickly == "True True False"
    assert "18 16.5 37" in shown
    assert completed.run("-m", "jitc_import", "complete", "shapes.py").returncode == 0
    quickly, shown = look(completed)
    assert (quickly == "False False False") is QUICK
    assert "18 16.5 37" in shown


def test_other_line_endings_make_no_difference(completed: Project) -> None:
    before = look(completed)
    for path in (companion(completed), completed.root / "shapes.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    quickly, shown = look(completed)
    assert (quickly == "False False False") is QUICK
    assert shown == before[1]


@pytest.mark.parametrize("splices", ["", "x", "{digest}", "{digest} 1", "{digest} a:b", "{digest} 1:1.0-1.0<1:1-1"])
def test_lines_of_splices_that_make_no_sense_are_passed_over(completed: Project, splices: str) -> None:
    path = companion(completed)
    text = path.read_text(encoding="utf-8")
    start = text.index("# splices: ")
    end = text.index("\n\n", start)
    made_up = splices.format(digest=text[start:].split()[2])
    path.write_text(f"{text[:start]}# splices: {made_up}{text[end:]}", encoding="utf-8")
    quickly, shown = look(completed)
    assert quickly == "True True False"
    assert "18 8.5 37" in shown


@pytest.mark.slow
def test_a_source_that_changed_outside_of_its_stubs_is_not_mistaken(completed: Project) -> None:
    path = completed.root / "shapes.py"
    path.write_text(path.read_text(encoding="utf-8").replace("2 * function", "3 * function"), encoding="utf-8")
    quickly, shown = look(completed)
    assert quickly.startswith("True True")
    assert "27 8.5 37" in shown


@pytest.mark.parametrize(
    "source",
    [
        'def f() -> int:\n  """Two spaces."""\n',
        'def f() -> int: """On one line."""\n',
        'def f() -> int:\n    """Doc."""; ...\n',
        'def f() -> int:\n    """Doc."""\n    ...\nTEXT = "\\d"\n',
        "def f() -> int:\\\n    ...\n",
        'def f() -> int:\n\t"""A tab."""\n',
        "@(lambda f: f)\ndef f() -> int: ...\n",
        "if True:\n    def f() -> int: ...\n",
        'def f() -> int:\n    """Doc."""\n    # a\n\n    ...  # b\n    # c\nx = 1',
    ],
)
def test_source_of_any_form_works_either_way(project: Project, server: ScriptedServer, source: str) -> None:
    project.write("shapes.py", f"# jitc: enable all\n{source}")
    server.script = script_from("def f() -> int:\n    return len('αβ') + 1\n")
    endpoint = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-test", "JITC_MODEL": "scripted"}
    done = project.run("-W", "ignore", "-m", "jitc_import", "complete", "shapes.py", env=endpoint)
    assert done.returncode == 0, done.stderr
    shutil.rmtree(project.root / "__pycache__", ignore_errors=True)
    use = "import jitc_import.activate, shapes\nprint(shapes.f(), shapes.f.__code__.co_firstlineno)"
    assert project.run("-W", "ignore", "-c", use).stdout.startswith("3 ")


def test_a_marked_module_without_stubs_needs_nothing_installed(project: Project) -> None:
    project.write("bare.py", "# jitc: enable\nx = 5\n\n\ndef f(): ...\n")
    project.write("less.py", "# jitc: enable\ndef f(): ...  # jitc: complete\n")
    use = "import sys; sys.modules['libcst'] = None; import jitc_import.activate, bare; print(bare.x); import less"
    done = project.run("-c", use)
    assert done.stdout == "5\n"
    assert "less has stubs without a body, and completing them needs libcst" in done.stderr


def test_a_second_pair_of_digests_that_a_merge_left_goes(completed: Project) -> None:
    path = companion(completed)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("# source: ", "# source: x\n# splices: b\n# source: ", 1), encoding="utf-8")
    assert completed.run("-m", "jitc_import", "complete", "shapes.py").returncode == 0
    assert path.read_text(encoding="utf-8") == text


def test_where_docstrings_are_dropped_trees_are_grafted(completed: Project) -> None:
    use = "import sys, jitc_import.activate, shapes as s; print('ast' in sys.modules, s.area.__doc__, s.area(3))"
    assert completed.run("-OO", "-c", use).stdout == "True None 18\n"
