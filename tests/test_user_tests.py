"""The user's tests as a gate: run by pytest in the confined child, and read back."""

from __future__ import annotations

import ast
import marshal
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from conftest import Project
from jitc_import.checks import properties
from jitc_import.checks.in_child import framed, in_child
from jitc_import.checks.sandbox.session import Job, Limits, Outcome, Ran, Sandbox, Snippet
from jitc_import.checks.tests_told import read_test_report
from jitc_import.checks.user_tests import TestFailure, TestReport, failures_of, find_tests, imports_for_tests
from jitc_import.checks.user_tests import tests_job_snippets as snippets_for  # not called test...: pytest collects that
from jitc_import.judging.assembly import Assembly
from jitc_import.source.definitions import definitions

BODIES = """
def helper():
    return 0

def area(side):
    return side * side

def last(values):
    return values[5]

def total(values):
    return sum(values) + helper()

class Square:
    def __init__(self, side):
        self.side = side

    def __repr__(self):
        return "Square"

    def scaled(self, by):
        return Square(self.side * by)
"""


IMPORTS = (*imports_for_tests(), *properties.IMPORTS)


class Shapes:
    """A project with a module `shapes`, completed as above, and a child for it."""

    def __init__(self, project: Project, sandbox: Sandbox) -> None:
        self.project = project
        self.sandbox = sandbox

    def outcome(self, snippets: Sequence[Snippet], bodies: str = BODIES) -> Outcome:
        """What comes of running snippets beside `bodies`."""
        code = compile(bodies, self.bodies, "exec", dont_inherit=True)
        job = Job(marshal.dumps(code), bodies, code.co_filename, tuple(snippets))
        return self.sandbox.run(job)

    @property
    def bodies(self) -> str:
        """The file that bodies name."""
        return str(self.project.root / "__jitc__/shapes.jitc.py")

    def report(
        self, bodies: str = BODIES, tests: Sequence[str] = ("tests/test_shapes.py",), seconds: float = 20
    ) -> TestReport:
        """What the project's tests say of `bodies`."""
        found, lacking = find_tests(str(self.project.root), tests)
        assert not lacking
        (snippet,) = snippets_for(found, str(self.project.root), self.bodies, seconds)
        outcome = self.outcome([snippet], bodies)
        assert outcome.import_failure is None
        lines = {key: (node.lineno, node.end_lineno or 0) for key, node in definitions(ast.parse(bodies))}
        return read_test_report(snippet, outcome, Assembly(b"", bodies, self.bodies, lines).key_at)

    def says(self, test: str, bodies: str = BODIES, **more: str) -> TestReport:
        """What one file of tests says of `bodies`; `more` are other files by name, without `.py`."""
        self.project.write("tests/test_shapes.py", test)
        for name, text in more.items():
            self.project.write(f"{name}.py", text)
        return self.report(bodies)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, Sandbox]]:
    """A project, and a child that has imported what tests need: that takes longer than any of them."""
    project = Project(tmp_path_factory.mktemp("project"))
    path, search_path = project.root / "shapes.py", [str(project.root), *sys.path]
    # What a test writes after this may be read, too: its folder is there already.
    folders = [str(project.root)]
    with Sandbox(str(path), "shapes", search_path, IMPORTS, Limits(seconds=20), read_also=folders) as sandbox:
        yield project, sandbox


@pytest.fixture
def shapes(started: tuple[Project, Sandbox]) -> Shapes:
    project, sandbox = started
    for path in project.root.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    project.write("shapes.py", "# the stubs\n")
    project.write("tests/test_shapes.py", "")
    return Shapes(project, sandbox)


def test_tests_that_pass(shapes: Shapes) -> None:
    report = shapes.says(
        """
        import shapes
        from shapes import area
        def test_area(): assert area(2) == 4
        def test_printing(capsys):
            print("x")
            assert capsys.readouterr().out == "x\\n"
        class TestTotal:
            def test_total(self): assert shapes.total([1, 2]) == 3
        """
    )
    assert report == TestReport(3)
    assert report.counted == 3
    assert sorted(path.name for path in shapes.project.root.rglob("*")) == ["shapes.py", "test_shapes.py", "tests"]


def test_tests_that_fail(shapes: Shapes) -> None:
    report = shapes.says(
        """
        import unittest
        import pytest
        from shapes import Square, area, last, total

        def test_area():
            print("not shown")
            assert area(3) == 10

        @pytest.mark.parametrize("values", [[1], [2]])
        def test_last(values):
            assert last(values) == values[-1]

        @pytest.fixture
        def bad():
            return area("a")

        def test_of_a_fixture(bad): pass

        class Old(unittest.TestCase):
            def test_nested(self):
                for one in map(lambda side: Square(side).scaled(2), [1]):
                    self.assertEqual(one.side, 3)

        def test_listed(): assert [area(2)] == [5]
        def test_that_passes(): assert area(2) == 4
        def test_skipped(): pytest.skip("today")
        @pytest.mark.xfail
        def test_expected(): assert area(1) == 3
        """
    )
    assert (report.passed, report.unrun, report.error) == (1, (), None)
    told = {failure.test.rpartition("::")[2]: failure.message for failure in report.failed}
    assert list(told) == [
        "test_area",
        "test_last[values0]",
        "test_last[values1]",
        "test_of_a_fixture",
        "test_nested",
        "test_listed",
    ]
    assert told["test_area"].startswith("`assert area(3) == 10`: AssertionError: assert 9 == 10")
    assert "IndexError: list index out of range (in the body, line 9: return values[5])" in told["test_last[values0]"]
    failures = failures_of(report, ["area", "last", "total", "Square.scaled"])
    assert sorted(failures) == ["Square.scaled", "area", "last"]
    assert "tests/test_shapes.py::test_area fails: `assert area(3) == 10`" in failures["area"]
    assert "test_of_a_fixture" in failures["area"]
    assert told["test_listed"].endswith("At index 0 diff: 4 != 5")
    assert "AssertionError: 2 != 3" in failures["Square.scaled"]
    assert failures["last"].count("\n") == 1


def test_what_a_test_exchanges_the_bodies_see(shapes: Shapes) -> None:
    report = shapes.says(
        """
        import shapes
        def test_total(monkeypatch):
            monkeypatch.setattr(shapes, "helper", lambda: 7)
            assert shapes.total([]) == 7
        def test_after(): assert shapes.total([]) == 0
        """
    )
    assert report == TestReport(2)


def test_what_is_denied_in_the_child_is_no_failure(shapes: Shapes) -> None:
    report = shapes.says(
        """
        import socket, subprocess, sys, threading
        from shapes import area
        def test_write():
            open(__file__ + ".txt", "w")
        def test_socket():
            socket.create_connection(("127.0.0.1", 9))
        def test_process():
            subprocess.run([sys.executable, "-c", ""])
        def test_right(): assert area(2) == 4
        """
    )
    assert (report.passed, report.failed, report.error) == (1, (), None)
    assert [test.rpartition("::")[2] for test, _ in report.unrun] == [
        "test_write",
        "test_socket",
        "test_process",
    ]
    assert not list(shapes.project.root.rglob("*.txt"))


def test_the_settings_of_the_project_count(shapes: Shapes) -> None:
    shapes.project.write(
        "pyproject.toml",
        """
        [tool.pytest.ini_options]
        addopts = "-m 'not slow' --ff --strict-markers"
        markers = ["slow: takes long"]
        pythonpath = ["lib"]
        filterwarnings = ["error"]
        faulthandler_timeout = 60
        """,
    )
    report = shapes.says(
        """
        import pytest
        from more import two
        @pytest.mark.slow
        def test_slow(): assert False
        def test_two(given): assert given == two
        """,
        **{"lib/more": "two = 2\n", "tests/conftest": "import pytest\n@pytest.fixture\ndef given(): return 2\n"},
    )
    assert report == TestReport(1)


def test_one_test_of_a_file(shapes: Shapes) -> None:
    shapes.project.write("tests/test_shapes.py", "def test_a(): assert 0\ndef test_b(): pass\n")
    assert shapes.report(tests=["tests/test_shapes.py::test_b"]) == TestReport(1)
    assert len(shapes.report(tests=["tests"]).failed) == 1


@pytest.mark.parametrize(
    ("test", "error"),
    [
        ("x = 1\n", "there are no tests in them"),
        ("import no_such_module\n", None),
        ("def test(:\n", None),
        ("import shapes\nshapes.no_such_name\n", None),
    ],
)
def test_tests_that_cannot_be_collected_say_nothing(test: str, error: str | None, shapes: Shapes) -> None:
    report = shapes.says(test)
    assert (report.passed, report.failed) == (0, ())
    assert report.error == error
    if error is None:
        assert report.unrun[0][0] == "tests/test_shapes.py"
        assert "Error: " in report.unrun[0][1]
        assert "\n" not in report.unrun[0][1]


def test_a_body_that_fails_while_tests_are_collected(shapes: Shapes) -> None:
    report = shapes.says("import shapes\nX = shapes.last([])\ndef test_a(): pass\n")
    assert list(failures_of(report, ["area", "last"])) == ["last"]


def test_a_wrong_option_says_nothing(shapes: Shapes) -> None:
    shapes.project.write("pytest.ini", "[pytest]\naddopts = --no-such-option\n")
    report = shapes.says("def test_a(): pass\n")
    assert "--no-such-option" in (report.error or "")


def test_a_module_that_tests_import_under_another_name(project: Project) -> None:
    path = project.write("src/shapes.py", "")
    project.write("tests/test_shapes.py", "import src.shapes\ndef test_a(): src.shapes.area(2)\n")
    project.write("pytest.ini", "[pytest]\npythonpath = .\n")
    search_path = [str(path.parent), str(project.root), *sys.path]
    limits, projects = Limits(seconds=20), [str(project.root)]
    with Sandbox(str(path), "shapes", search_path, IMPORTS, limits, projects=projects) as sandbox:
        report = Shapes(project, sandbox).report()
    assert report.error == "they import the module under another name, src.shapes, where it has no bodies"


ENDINGS = {
    "while True: pass": "it did not end within 1 s",
    "import os; os._exit(0)": "it ended the process (exit 0)",
    "import sys; sys.stdout.write('jitc-' + 32 * '0'); sys.exit(0)": "",
    "raise SystemExit(0)": "",
}


@pytest.mark.slow
@pytest.mark.parametrize("body", ENDINGS)
def test_a_body_that_ends_the_run_fails(body: str, project: Project) -> None:
    path = project.write("shapes.py", "")
    project.write("tests/test_shapes.py", "import shapes\ndef test_a(): assert shapes.f()\n")
    with Sandbox(str(path), "shapes", [str(project.root), *sys.path], IMPORTS, Limits(seconds=20)) as sandbox:
        report = Shapes(project, sandbox).report(f"def f():\n    {body}\n    return True\n", seconds=1)
    assert report.passed == 0
    assert ENDINGS[body] in failures_of(report, ["f"])["f"]


def test_which_stubs_a_test_called(shapes: Shapes) -> None:
    report = shapes.says(
        """
        import pytest, shapes
        @pytest.fixture
        def square(): return shapes.Square(2)
        def test_nothing(): assert 1 + 1 == 2
        def test_total(): assert shapes.total([1]) == 1
        def test_of_a_fixture(square): assert square.scaled(2).side == 4
        def test_of_another(monkeypatch):
            monkeypatch.setattr(shapes, "area", lambda side: 4)
            assert shapes.area(2) == 4
        """
    )
    scaled = frozenset({"Square.__init__", "Square.scaled"})
    assert report.called == (frozenset(), frozenset({"total", "helper"}), scaled, frozenset())


LOOPING = """
def loops(x):
    try:
        while x:
            x += 1
    except Exception:
        pass
def crashes():
    import os
    os.kill(os.getpid(), 11)
def right(x):
    return x
"""


@pytest.mark.slow
def test_a_body_that_loops_fails_its_own_tests_only(shapes: Shapes) -> None:
    shapes.project.write(
        "tests/test_shapes.py",
        """
        import shapes
        def test_a(): shapes.right(shapes.loops(1))
        def test_b(): assert shapes.right(2) == 2
        def test_c():
            while True: pass
        """,
    )
    report = shapes.report(LOOPING, seconds=0.5)
    assert (report.called, report.left, report.error) == ((frozenset({"right"}),), 0, None)
    failures = failures_of(report, ["loops", "right"])
    assert list(failures) == ["loops"]
    assert "it did not end within 0.5 s (in the body, line " in failures["loops"]
    assert [test for test, _ in report.unrun] == ["tests/test_shapes.py::test_c"]


def test_a_body_that_crashes_fails_the_test_that_was_under_way(shapes: Shapes) -> None:
    report = shapes.says(
        """
        import shapes
        def test_a(): assert shapes.right(2) == 2
        def test_b(): shapes.crashes()
        def test_c(): assert shapes.right(2) == 3
        """,
        LOOPING,
    )
    assert (report.passed, report.called, report.left) == (1, (frozenset({"right"}),), 1)
    told = failures_of(report, ["loops", "crashes", "right"])
    assert told == {"crashes": "tests/test_shapes.py::test_b fails: it crashed (SIGSEGV)"}


def test_a_file_that_cannot_be_collected_does_not_keep_others_from_running(shapes: Shapes) -> None:
    shapes.project.write("tests/test_a.py", "import no_such_module\n")
    shapes.project.write("tests/test_shapes.py", "import shapes\ndef test_b(): assert shapes.area(2) == 4\n")
    report = shapes.report(tests=["tests"])
    assert (report.passed, len(report.unrun), report.failed) == (1, 1, ())


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["raise KeyboardInterrupt", "import pytest; pytest.exit('bye', 0)"])
def test_tests_that_a_body_keeps_from_running_have_not_passed(ending: str, project: Project) -> None:
    path = project.write("shapes.py", "")
    tests = "def test_a(): assert shapes.f(2) == 4\ndef test_b(): assert shapes.f(3) == 6\n"
    project.write("tests/test_shapes.py", f"import shapes\n{tests}")
    with Sandbox(str(path), "shapes", [str(project.root), *sys.path], IMPORTS, Limits(seconds=20)) as sandbox:
        report = Shapes(project, sandbox).report(f"def f(x):\n    if x == 2: return 4\n    {ending}\n")
    assert "left to run" in failures_of(report, ["f"])["f"]


def test_a_forged_result_is_none() -> None:
    snippet = in_child("jitc_import.checks.tests_in_child", token="jitc-" + 32 * "a")
    good = f"x\n{'jitc-' + 32 * 'a'}[1]{'jitc-' + 32 * 'a'}\n"
    assert framed(snippet, good) == [1]
    assert framed(snippet, good + good) is None
    assert framed(snippet, "") is None
    for output in (good, good + good, "", good.replace("[1]", "{"), good.replace("[1]", "{}")):
        outcome = Outcome((Ran(output, None, None, inside=False),), None, None, imported=True)
        report = read_test_report(snippet, outcome, lambda line: None)  # noqa: ARG005
        assert (report.passed, len(report.failed)) == (0, 1)


def test_a_child_without_pytest_says_nothing(project: Project) -> None:
    path = project.write("shapes.py", "")
    project.write("tests/test_shapes.py", "")
    project.write("pytest.py", "raise ImportError('no pytest')\n")
    with Sandbox(str(path), "shapes", [str(project.root), *sys.path], (), Limits()) as sandbox:
        assert Shapes(project, sandbox).report().error == "ImportError: no pytest"


def test_finding_tests(project: Project) -> None:
    root = str(project.root)
    a = str(project.write("tests/test_a.py", ""))
    assert find_tests(root, ["tests/test_a.py", "tests/../tests/test_a.py::test_b", "tests/test_a.py"]) == (
        (a, f"{a}::test_b"),
        (),
    )
    found, lacking = find_tests(root, ["tests/test_b.py", "../other.py", a])
    assert found == ()
    assert lacking[0] == f"there is no {Path(root, 'tests/test_b.py')}"
    assert lacking[1] == f"../other.py lies outside of {root}"
    assert "outside" in lacking[2]


KEYS = ["f", "C.f", "C.__init__", "g#2"]


@pytest.mark.parametrize(
    ("frames", "names", "blamed"),
    [
        (["f"], [], ["f", "C.f"]),
        (["C.f"], [], ["C.f"]),
        (["other", "g", "f"], [], ["g#2"]),
        (["other"], ["f"], ["f", "C.f"]),
        ([], ["C"], ["C.__init__"]),
        ([], ["g", "C"], ["C.__init__", "g#2"]),
        ([], ["nothing"], KEYS),
        ([], [], KEYS),
    ],
)
def test_blame(frames: list[str], names: list[str], blamed: list[str]) -> None:
    report = TestReport(failed=(TestFailure("t", "m", tuple(frames), tuple(names)),))
    assert failures_of(report, KEYS) == dict.fromkeys(blamed, "t fails: m")


@pytest.mark.parametrize(
    ("frames", "names", "called", "blamed"),
    [
        (["f"], ["g"], ["g#2", "C.f"], ["f", "C.f"]),
        ([], ["f", "g"], ["g#2", "C.__init__"], ["g#2"]),
        ([], ["nothing"], ["g#2", "C.f"], ["C.f", "g#2"]),
        ([], ["f"], ["g#2"], ["g#2"]),
    ],
)
def test_blame_where_it_is_known_what_was_called(
    frames: list[str], names: list[str], called: list[str], blamed: list[str]
) -> None:
    report = TestReport(failed=(TestFailure("t", "m", tuple(frames), tuple(names), frozenset(called)),))
    assert list(failures_of(report, KEYS)) == blamed


def test_who_raised_shares_the_blame_with_those_for_which_nothing_speaks() -> None:
    report = TestReport(failed=(TestFailure("t", "m", ("g",), ("f", "g"), frozenset(KEYS)),))
    assert list(failures_of(report, KEYS, ["f", "C.__init__"])) == ["g#2", "f"]


def test_many_failures_are_counted() -> None:
    report = TestReport(failed=tuple(TestFailure(f"t{number}", "m") for number in range(9)))
    assert failures_of(report, ["f"])["f"] == "t0 fails: m\nt1 fails: m\nt2 fails: m\nand 6 more tests fail"


def test_snippets_run_whatever_the_module_calls_its_functions(shapes: Shapes) -> None:
    bodies = textwrap.dedent(
        """
        def exec(*_): raise AssertionError
        compile = globals = exec
        def area(side): return 4
        """
    )
    assert shapes.says("import shapes\ndef test_a(): assert shapes.area(2) == 4\n", bodies) == TestReport(1)
