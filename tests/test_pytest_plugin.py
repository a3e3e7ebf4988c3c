"""The pytest plugin, in runs of pytest as a user has them."""

from __future__ import annotations

import sys

import pytest

from companions import write_module
from conftest import ROOT, Project

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TEST_M = '''
# jitc: enable
import library

def helper(x):  # jitc: complete
    """Twice x.

    >>> helper(2)
    4
    """

def test_fails():
    number = 3
    assert helper(number) == 7

def test_fails_in_a_body():
    helper(-1)

def test_passes(four):
    assert library.double(2) == four
'''
HELPER = '''
def helper(x):
    """Twice x."""
    y = x + 1
    assert y > 0, "too small"
    return x * 2
'''
CONFTEST = '''
# jitc: enable
import pytest

def make_four():  # jitc: complete
    """4"""

@pytest.fixture
def four():
    assert make_four() == 4
    return make_four()
'''
DETAIL = """\
    def test_fails():
        number = 3
>       assert helper(number) == 7
E       assert 6 == 7
E        +  where 6 = helper(3)
"""
DETAIL_IN_BODY = '''\
    def helper(x):
        """Twice x."""
        y = x + 1
>       assert y > 0, "too small"
E       AssertionError: too small
E       assert 0 > 0

tests/__jitc__/test_m.jitc.py:12: AssertionError
'''


@pytest.fixture
def tested(project: Project) -> Project:
    """A project with marked test modules, in an environment that has the plugin."""
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["pytest11"]
    entries = "".join(f"{name} = {value}\n" for name, value in scripts.items())
    info = "site/jitc_import-0.dist-info/"
    project.write(f"{info}entry_points.txt", f"[pytest11]\n{entries}")
    project.write(f"{info}METADATA", "Metadata-Version: 2.1\nName: jitc-import\nVersion: 0\n")
    project.write(f"{info}RECORD", "jitc_import/__init__.py,,\njitc_import/hooks/pytest_plugin.py,,\n")
    (project.root / "site/jitc_import").symlink_to(ROOT / "jitc_import")
    project.write("pyproject.toml", "[tool.jitc]\n[tool.pytest.ini_options]\npythonpath = ['.']\n")
    source = "# jitc: enable\ndef double(x): ...  # jitc: complete\n"
    write_module(project, "library.py", source, {"double": "def double(x):\n    return x * 2\n"})
    write_module(project, "tests/conftest.py", CONFTEST, {"make_four": "def make_four():\n    return 4\n"})
    write_module(project, "tests/test_m.py", TEST_M, {"helper": HELPER})
    return project


def search_path(project: Project) -> dict[str, str]:
    return {"PYTHONPATH": str(project.root / "site")}


def run_pytest(project: Project, *options: str, others: str = "jitc", env: dict[str, str] | None = None) -> str:
    """What pytest prints, with no plugins but ours and `others`."""
    variables = {**search_path(project), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **(env or {})}
    plugins = [option for plugin in others.split() for option in ("-p", plugin)]
    done = project.run("-m", "pytest", *plugins, *options, env=variables)
    assert "INTERNALERROR" not in done.stdout
    return done.stdout + done.stderr


def counts(shown: str) -> str:
    return shown.strip().splitlines()[-1].strip("= ").rpartition(" in ")[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--import-mode=importlib", "-p", "no:cacheprovider"],
        ["--import-mode=append", "-W", "error"],
        ["-o", "enable_assertion_pass_hook=true"],
    ],
)
def test_a_marked_test_module_has_bodies_and_the_detail_of_asserts(tested: Project, options: list[str]) -> None:
    for _ in "cold", "warm":
        shown = run_pytest(tested, *options)
        assert DETAIL in shown
        assert DETAIL_IN_BODY in shown
        assert counts(shown) == "2 failed, 1 passed"


def test_without_writing_bytecode(tested: Project) -> None:
    shown = run_pytest(tested, env={"PYTHONDONTWRITEBYTECODE": "1"})
    assert DETAIL_IN_BODY in shown
    assert not list(tested.root.rglob("*.pyc"))


def test_plain_asserts(tested: Project) -> None:
    shown = run_pytest(tested, "--assert=plain")
    assert "where 6 = helper" not in shown
    assert counts(shown) == "2 failed, 1 passed"


def test_doctests_of_marked_modules_and_no_companion_files(tested: Project) -> None:
    shown = run_pytest(tested, "--doctest-modules", "-v", "tests", "library.py")
    assert "tests/test_m.py::test_m.helper PASSED" in shown
    assert "jitc.py::" not in shown
    assert counts(shown) == "2 failed, 2 passed"


@pytest.mark.slow
def test_several_workers(tested: Project) -> None:
    shown = run_pytest(tested, "-n", "2", others="jitc xdist")
    assert DETAIL in shown
    assert DETAIL_IN_BODY in shown
    assert counts(shown) == "2 failed, 1 passed"


@pytest.mark.slow
def test_the_project_or_the_command_line_asks_for_it(tested: Project) -> None:
    assert "assert None == 4" in run_pytest(tested, "--rootdir=tests")
    for text in "", "[tool.other]\nname = 'jitc'\n":
        tested.write("pyproject.toml", text)
        tested.write("pytest.ini", "[pytest]\npythonpath = .\n")
        shown = run_pytest(tested)
        assert "assert None == 4" in shown
        assert "test_m.py is marked, and its stubs stay empty. Next: `pytest --jitc`, or [tool.jitc] in " in shown
    assert counts(run_pytest(tested, "--jitc")) == "2 failed, 1 passed"
    assert "--jitc" in run_pytest(tested, "--help")


def test_where_nobody_asks_it_imports_nothing(tested: Project) -> None:
    tested.write("pyproject.toml", "")
    tested.write("test_names.py", "import sys\ndef test():\n    print([n for n in sys.modules if 'jitc' in n])\n")
    shown = run_pytest(tested, "-s", "test_names.py")
    assert "['jitc_import', 'jitc_import.hooks', 'jitc_import.hooks.pytest_plugin']" in shown


@pytest.mark.slow
def test_the_hook_may_be_there_before_pytest(tested: Project) -> None:
    tested.write("start.py", "import jitc_import.activate, pytest, sys\nsys.exit(pytest.main(sys.argv[1:]))\n")
    others = ["-p", "no:hypothesispytest", "-p", "no:xdist"]
    done = tested.run("start.py", "-W", "error", *others, env=search_path(tested))
    assert DETAIL_IN_BODY in done.stdout
    assert "Warning" not in done.stdout


def test_the_hook_may_come_by_conftest_alone(tested: Project) -> None:
    tested.write("conftest.py", "import jitc_import.activate\n")
    assert DETAIL_IN_BODY in run_pytest(tested, "tests/test_m.py", others="no:jitc")


def test_the_hook_goes_when_the_run_is_over(tested: Project) -> None:
    code = "import os, pytest, sys\nbefore = [*sys.meta_path]\npytest.main(['-q', '-p', 'jitc'])\n"
    tested.write("start.py", code + "print(sys.meta_path == before, 'JITC_ACTIVATE' in os.environ)\n")
    env = {**search_path(tested), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    assert tested.run("start.py", env=env).stdout.endswith("True False\n")


@pytest.mark.slow
def test_what_cannot_be_completed_is_a_readable_error(tested: Project) -> None:
    (tested.root / "tests/__jitc__/test_m.jitc.py").unlink()
    for options in ["--assert=rewrite"], ["--assert=plain"], ["--import-mode=importlib"]:
        shown = run_pytest(tested, *options, env={"JITC_MODE": "locked"})
        assert "tests/test_m.py:4: in <module>\n    def helper(x):  # jitc: complete\nE   jitc_import" in shown
        assert "E   jitc_import.errors.LockedError: test_m: 1 stub (helper) without a body" in shown.replace(
            "tests.", ""
        )
        assert "jitc_import/hooks" not in shown
        assert counts(shown) == "1 error"


@pytest.mark.slow
def test_a_conftest_that_cannot_be_completed_is_a_readable_error(tested: Project) -> None:
    (tested.root / "tests/__jitc__/conftest.jitc.py").unlink()
    shown = run_pytest(tested, "tests", env={"JITC_MODE": "locked"})
    assert "tests/conftest.py:4: in <module>\n    def make_four():  # jitc: complete\nE   jitc_import.errors" in shown
    assert "jitc_import/hooks" not in shown


@pytest.mark.slow
def test_resources_of_a_marked_test_package_are_found(tested: Project) -> None:
    tested.write("tests/data.txt", "data")
    tested.write("tests/__init__.py", "# jitc: enable\n")
    code = "import importlib.resources\n\ndef test_data():\n"
    code += "    assert importlib.resources.files(__package__).joinpath('data.txt').read_text() == 'data'\n"
    tested.write("tests/test_m.py", f"# jitc: enable\n{code}")
    assert counts(run_pytest(tested)) == "1 passed"
