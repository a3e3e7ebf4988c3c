"""Other processes and interpreters: whoever a program starts has the bodies, or the program is told that it has not."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from companions import write_companion, write_module
from conftest import ROOT, Project

RUN = ("-m", "jitc_import", "run")
METHODS = ["spawn"] if os.name == "nt" else ["spawn", "forkserver"]

WORK = "def work(x):\n    import m\n    return m.f() + x\n"
TOP = "import jitc_import.activate\n"
POOLS = """\
import multiprocessing, sys
from concurrent.futures import ProcessPoolExecutor
from task import work
if __name__ == "__main__":
{first}
    context = multiprocessing.get_context(sys.argv[1])
    with context.Pool(1) as pool:
        print(pool.apply(work, [10]))
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        print(pool.submit(work, 20).result())
    child = context.Process(target=print, args=["child"])
    child.start()
    child.join()
    print(child.exitcode)
"""
DONE = "13\n23\nchild\n0\n"
EMPTY = "the processes that multiprocessing starts here are without the hook of jitc_import"


@pytest.fixture
def tasks(project: Project) -> Project:
    write_module(project, "m.py", "# jitc: enable\ndef f(): ...\n", {"f": "def f():\n    return 3\n"})
    project.write("task.py", WORK)
    project.write("guarded.py", POOLS.format(first="    import jitc_import.activate"))
    project.write("plain.py", POOLS.format(first=""))
    project.write("top.py", TOP + POOLS.format(first=""))
    return project


@pytest.fixture
def line(project: Project) -> dict[str, str]:
    """The environment of a Python whose start reads the line that an installation brings to site-packages."""
    project.write("site/sitecustomize.py", (ROOT / "jitc_import.pth").read_text(encoding="utf-8"))
    return {"PYTHONPATH": os.pathsep.join([str(ROOT), str(project.root / "site")])}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "command", [("guarded.py",), ("-m", "guarded"), (*RUN, "plain.py"), (*RUN, "-m", "plain")], ids=" ".join
)
def test_children_have_the_hook_of_their_parent(
    tasks: Project, line: dict[str, str], command: tuple[str, ...], method: str
) -> None:
    done = tasks.run(*command, method, env=line)
    assert (done.stdout, done.stderr) == (DONE, "")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("command", [("top.py",), ("-m", "top"), (*RUN, "top.py")], ids=" ".join)
def test_children_that_run_the_activating_script_need_no_installation(
    tasks: Project, command: tuple[str, ...], method: str
) -> None:
    done = tasks.run(*command, method)
    assert (done.stdout, done.stderr) == (DONE, "")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("command", [("guarded.py",), (*RUN, "plain.py"), (*RUN, "-m", "plain")], ids=" ".join)
def test_a_copy_on_the_path_says_that_children_are_without_the_hook(
    tasks: Project, command: tuple[str, ...], method: str
) -> None:
    done = tasks.run("-S", *command, method)  # without the line in site-packages, wherever these tests run
    assert "NoneType" in done.stderr
    lines = tasks.root.joinpath(f"{command[-1].removesuffix('.py')}.py").read_text().split("\n")
    place = next(number for number, text in enumerate(lines, start=1) if "context.Pool" in text)
    assert (
        f".py:{place}: JitcWarning: {EMPTY}, so the stubs in them stay empty. Next: install jitc-import" in done.stderr
    )
    assert done.stderr.count("JitcWarning") == 1


@pytest.mark.skipif(os.name == "nt", reason="no fork")
def test_forked_children_and_those_that_want_no_hook_are_no_matter_of_warnings(tasks: Project) -> None:
    forked = tasks.run(*RUN, "plain.py", "fork")
    assert (forked.stdout, forked.returncode) == (DONE, 0)
    assert "Jitc" not in forked.stderr
    code = """
import jitc_import, multiprocessing
jitc_import.install(children=False)
child = multiprocessing.get_context("spawn").Process(target=print, args=["child"])
child.start()
child.join()
"""
    alone = tasks.run("-c", code)
    assert (alone.stdout, alone.stderr) == ("child\n", "")


def test_subprocesses_have_the_hook(tasks: Project, line: dict[str, str]) -> None:
    child = "[sys.executable, '-c', 'import m; print(m.f())']"
    code = f"import jitc_import.activate, subprocess, sys; subprocess.run({child}, check=True)"
    assert tasks.run("-c", code, env=line).stdout == "3\n"


MARKED = """
# jitc: enable
import sys

def f(x):
    "Doc."

if __name__ == "__main__":
    print(f(2), f.__doc__, sys.argv[1:], __spec__.name, __file__)
"""


@pytest.fixture
def programs(project: Project) -> Project:
    project.write("pkg/__init__.py", "")
    for name in ("pkg/__main__.py", "pkg/sub.py", "single.py"):
        write_companion(project.write(name, MARKED), {"f": "def f(x):\n    return x * 10\n"})
    return project


@pytest.mark.parametrize("name", ["pkg", "pkg.sub", "single"])
def test_a_marked_main_module(programs: Project, line: dict[str, str], name: str) -> None:
    full = "pkg.__main__" if name == "pkg" else name
    file = programs.root / f"{full.replace('.', os.sep)}.py"
    shown = f"20 Doc. ['a'] {full} {file}\n"
    activated = {**line, "JITC_ACTIVATE": "1"}
    assert programs.run("-m", name, "a", env=activated).stdout == shown
    assert programs.run(*RUN, "-m", name, "a").stdout == shown
    code = f"import jitc_import.activate, runpy; runpy.run_module({name!r}, run_name='__main__', alter_sys=True)"
    assert programs.run("-c", code, "a").stdout == shown


OPTIONS = [["-O"], ["-OO"], ["-S"], ["-s", "-E"], ["-X", "utf8"]]


@pytest.mark.parametrize("options", OPTIONS if sys.version_info < (3, 11) else [*OPTIONS, ["-P"]], ids=" ".join)
def test_options_of_python_mean_what_they_mean(programs: Project, options: list[str]) -> None:
    programs.write(
        "script.py",
        "import os, sys\nsys.path.append(os.path.dirname(__file__))\nimport single\n"
        "print(single.f(1), single.f.__doc__, sys.flags.optimize, 'site' in sys.modules, 'ast' in sys.modules)\n",
    )
    launch = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from jitc_import.hooks.runner import run; run(['script.py'])"
    )
    level = len(options[0]) - 1 if options[0].startswith("-O") else 0
    doc, site = "None" if level == 2 else "Doc.", "-S" not in options
    for compiled in (True, False):
        done = programs.run(*options, "-c", launch)
        assert done.stdout == f"10 {doc} {level} {site} {compiled}\n", done.stderr
    ending = f".opt-{level}.pyc" if level else ".pyc"
    entry = f"single.{sys.implementation.cache_tag}-jitc{ending}"
    assert entry in [path.name for path in Path(programs.root, "__pycache__").iterdir()]


INTERPRETERS = """
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
import m
made = interpreters.create()
code = "import jitc_import.activate, m; import os; os.write(1, str(m.f()).encode())"
failed = interpreters.{run}(made, code)
interpreters.destroy(made)
print(failed, m.f())
"""


def test_an_interpreter_within_this_one(tasks: Project) -> None:
    run = "exec" if sys.version_info >= (3, 13) else "run_string"
    path = os.pathsep.join([str(ROOT), str(tasks.root)])
    done = tasks.run("-c", INTERPRETERS.format(run=run), env={"PYTHONPATH": path})
    assert done.stdout == "3None None\n", done.stderr
    assert not done.stderr
