"""coverage.py on completed modules: each file has its own lines, and what cannot run is no miss, without a setting."""

from __future__ import annotations

import json
import os
import sys
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from companions import write_module
from conftest import Project

pytest.importorskip("coverage")

SOURCE = '''
# jitc: enable
"""Shapes."""


class Circle:
    def __init__(self, r):
        self.r = r

    @property
    def width(self):
        """How wide."""
        raise NotImplementedError

    def draft(self, n):  # jitc: complete
        if n > 3:
            return "lots of cows"
        for cow in n:
            moo(cow)
        else:
            pass
        return [
            n
        ]


def pick(n):
    """Pick."""
    ...


def never(n):
    pass


def outer(k):
    def inner():
        pass

    if k:
        return inner
    return None
'''
BODIES = {
    "Circle.width": "class Circle:\n    @property\n    def width(self):\n        return self.r * 2",
    "Circle.draft": "class Circle:\n    def draft(self, n):\n        if n:\n            return 1\n        return 2",
    "pick": "def pick(n):\n    total = 0\n    for i in range(n):\n        if i > 100:\n            break\n"
    "        total += i\n    return total",
    "never": "def never(\n    n,\n):\n    return n",
    "outer.<locals>.inner": "def outer(k):\n    n = None\n    def inner():\n        return k",
}
PROGRAM = "import jitc_import.activate\n"
USE = "import shapes\nc = shapes.Circle(1)\nc.width, c.draft(1), shapes.pick(3), shapes.outer(1)()\n"
COMPANION = os.path.join("__jitc__", "shapes.jitc.py")

CORES = [
    "ctrace",
    "pytrace",
    pytest.param(
        "sysmon", marks=pytest.mark.skipif(sys.version_info < (3, 12), reason="sys.monitoring came with 3.12")
    ),
]


@pytest.fixture
def shapes(project: Project) -> Project:
    write_module(project, "shapes.py", SOURCE, BODIES)
    project.write("main.py", PROGRAM + USE)
    project.write(".coveragerc", "[run]\nsource = .\n")
    return project


def coverage(shapes: Project, *arguments: str, core: str = "ctrace", env: dict[str, str] | None = None) -> str:
    done = shapes.run("-m", "coverage", *arguments, env={"COVERAGE_CORE": core, **(env or {})})
    assert done.returncode == 0, done.stdout + done.stderr
    assert not done.stderr
    return done.stdout


def report(shapes: Project) -> dict[str, Any]:
    coverage(shapes, "json", "-q", "-o", "report.json")
    files: dict[str, Any] = json.loads((shapes.root / "report.json").read_text())["files"]
    return files


def texts(shapes: Project, name: str, lines: list[int]) -> list[str]:
    all_lines = (shapes.root / name).read_text().splitlines()
    return [all_lines[line - 1].strip() for line in lines]


def missed(shapes: Project, files: dict[str, Any]) -> dict[str, list[str]]:
    """The text of what is reported as missing, by file."""
    return {name: texts(shapes, name, found["missing_lines"]) for name, found in files.items()}


EXPECTED = {
    "main.py": [],
    "shapes.py": ["return None"],
    COMPANION: ["return 2", "break", "return n"],
}


@pytest.mark.slow
@pytest.mark.parametrize("core", CORES)
def test_lines(shapes: Project, core: str) -> None:
    coverage(shapes, "run", "main.py", core=core)
    assert missed(shapes, report(shapes)) == EXPECTED
    coverage(shapes, "run", "main.py", core=core)
    files = report(shapes)
    assert missed(shapes, files) == EXPECTED
    ran = texts(shapes, COMPANION, files[COMPANION]["executed_lines"])
    assert {"return self.r * 2", "total += i", "return total", "def never(", "n = None", "class Circle:"} <= {*ran}


@pytest.mark.parametrize("core", ["ctrace", "pytrace"])
def test_branches(shapes: Project, core: str) -> None:
    coverage(shapes, "run", "--branch", "main.py", core=core)
    files = report(shapes)
    assert missed(shapes, files) == EXPECTED
    left = {name: [texts(shapes, name, [abs(end) for end in arc]) for arc in found["missing_branches"]]
            for name, found in files.items()}  # fmt: skip
    assert left == {
        "main.py": [],
        "shapes.py": [["if k:", "return None"]],
        COMPANION: [["if n:", "return 2"], ["if i > 100:", "break"]],
    }


def test_a_module_that_nobody_imports_is_missed_as_by_hand(shapes: Project) -> None:
    shapes.write("main.py", PROGRAM)
    coverage(shapes, "run", "main.py")
    files = report(shapes)
    assert files["shapes.py"]["summary"]["covered_lines"] == 0
    assert COMPANION not in files


@pytest.mark.slow
def test_every_report(shapes: Project) -> None:
    coverage(shapes, "run", "--branch", "main.py")
    shown = coverage(shapes, "report", "-m")
    line = next(line for line in shown.splitlines() if line.startswith(COMPANION))
    assert line.split()[2:5] == ["3", "6", "2"]
    coverage(shapes, "html", "-q", "-d", "html")
    pages = [page.read_text() for page in (shapes.root / "html").glob("*.html")]
    assert any("total += i" not in page and "shapes.jitc.py" in page for page in pages)
    assert any('<span class="nam">total</span>' in page and "shapes.jitc.py" in page for page in pages)
    coverage(shapes, "xml", "-q", "-o", "report.xml")
    named = [found.get("filename") for found in ET.parse(shapes.root / "report.xml").iter("class")]  # noqa: S314
    assert sorted(filter(None, named)) == ["__jitc__/shapes.jitc.py", "main.py", "shapes.py"]
    coverage(shapes, "lcov", "-q", "-o", "report.lcov")
    assert "SF:__jitc__/shapes.jitc.py\n" in (shapes.root / "report.lcov").read_text().replace(os.sep, "/")


@pytest.mark.slow
def test_processes_and_combining(shapes: Project) -> None:
    shapes.write(".coveragerc", "[run]\nsource = .\nparallel = True\nconcurrency = multiprocessing\n")
    shapes.write(
        "main.py",
        PROGRAM + "import multiprocessing\n"
        "def work(n):\n    import shapes\n    return shapes.pick(n)\n"
        "if __name__ == '__main__':\n"
        "    for method in 'spawn', 'fork':\n"
        "        with multiprocessing.get_context(method).Pool(1) as pool:\n"
        "            print(pool.map(work, [3]))\n            pool.close()\n            pool.join()\n",
    )
    assert coverage(shapes, "run", "main.py") == "[3]\n[3]\n"
    coverage(shapes, "combine", "-q")
    files = report(shapes)
    assert "def pick(n):" not in missed(shapes, files)[COMPANION]
    assert missed(shapes, files)[COMPANION] == [
        "return self.r * 2", "if n:", "return 1", "return 2", "break", "return n", "return k"
    ]  # fmt: skip


@pytest.mark.parametrize("arguments", [("script.py",), ("-m", "script")])
def test_a_marked_program(shapes: Project, arguments: tuple[str, ...]) -> None:
    write_module(shapes, "script.py", "# jitc: enable\nimport shapes\ndef main(): ...\nmain()\n",
                 {"main": "def main():\n    c = shapes.Circle(1)\n    if c.r > 1:\n        return\n"
                          "    print(c.width, c.draft(1), shapes.pick(3), shapes.outer(1)())"})  # fmt: skip
    assert coverage(shapes, "run", "-m", "jitc_import", "run", *arguments) == "2 1 3 1\n"
    found = missed(shapes, {name: of for name, of in report(shapes).items() if "main" not in name})
    script = os.path.join("__jitc__", "script.jitc.py")
    assert found == {"shapes.py": ["return None"], COMPANION: EXPECTED[COMPANION], "script.py": [], script: ["return"]}


@pytest.mark.slow
def test_under_pytest_with_a_marked_test_module(shapes: Project) -> None:
    shapes.write("conftest.py", PROGRAM)
    source = f"# jitc: enable\n{USE}\ndef check(total): ...\n\ndef test_it():\n    check(shapes.pick(3))\n"
    body = "def check(total):\n    if total > 3:\n        return\n    assert total == 3"
    write_module(shapes, "test_it.py", source, {"check": body})
    out = coverage(shapes, "run", "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py")
    assert "1 passed" in out
    found = missed(shapes, report(shapes))
    assert (found["shapes.py"], found[COMPANION]) == (EXPECTED["shapes.py"], EXPECTED[COMPANION])
    assert (found["test_it.py"], found[os.path.join("__jitc__", "test_it.jitc.py")]) == ([], ["return"])


def test_the_source_of_a_package_by_name(shapes: Project) -> None:
    (shapes.root / ".coveragerc").unlink()
    shapes.write("main.py", PROGRAM + "import pkg.shapes as shapes\n" + USE.partition("\n")[2])
    shapes.write("pkg/__init__.py", "")
    write_module(shapes, "pkg/shapes.py", SOURCE, BODIES)
    coverage(shapes, "run", "--source=pkg", "main.py")
    files = report(shapes)
    assert sorted(files) == [os.path.join("pkg", name) for name in (*sorted((COMPANION, "__init__.py")), "shapes.py")]
    assert missed(shapes, files)[os.path.join("pkg", COMPANION)] == EXPECTED[COMPANION]


def test_nothing_of_it_is_loaded_or_run_where_coverage_does_not_measure(shapes: Project) -> None:
    code = """
    import sys
    seen = []
    def profile(frame, event, argument):
        if frame.f_code.co_name == "idle":
            seen.append(frame.f_code)
    import {first}, jitc_import.activate
    sys.setprofile(profile)
    import shapes
    sys.setprofile(None)
    print("jitc_import.hooks.coverage_lines" in sys.modules, seen)
    """
    shapes.write("main.py", code.format(first="sys"))
    assert shapes.run("main.py").stdout == "False []\n"
    shapes.write("main.py", code.format(first="coverage"))
    assert shapes.run("main.py").stdout == "True []\n"


def test_a_prepared_module_without_its_companion_file_is_imported_all_the_same(shapes: Project) -> None:
    prepared = shapes.run("-m", "jitc_import", "compile", "-q", "--invalidation-mode", "unchecked-hash", "shapes.py")
    assert prepared.returncode == 0, prepared.stderr
    (shapes.root / COMPANION).unlink()
    shapes.write("main.py", PROGRAM + USE + "print(c.width)\n")
    assert coverage(shapes, "run", "main.py") == "2\n"
