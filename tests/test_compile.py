"""`compile`: the cache is ready before anything is imported, and stays good where the times of files do not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from companions import write_companion, write_module
from conftest import ROOT, Project
from server import ScriptedServer
from test_complete import endpoint

TAG = f"{sys.implementation.cache_tag}-jitc"
MARKED = '# jitc: enable\nprint("imported")\ndef f(x: int) -> int:\n    """Doc."""\n'
BODY = "def f(x: int) -> int:\n    return x + 1\n"
USE = """
import os, sys
here, written = os.getcwd(), []
def watch(event, arguments):
    writing = event in ("os.mkdir", "os.rename") or (event == "open" and arguments[2] & (os.O_WRONLY | os.O_CREAT))
    if writing and str(arguments[0]).startswith(here):
        written.append(event)
sys.addaudithook(watch)
import jitc_import.activate
import pkg.shapes, pkg.plain
print(pkg.shapes.f(1), pkg.shapes.f.__doc__, pkg.plain.x, "ast" in sys.modules, bool(written))
"""
WARM = "imported\n2 Doc. 3 False False\n"
RESTRICT = """
import ctypes, os
if os.geteuid() == 0:  # who may write everywhere lets go of that
    libc, header, data = ctypes.CDLL(None), (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert libc.capget(header, data) == 0
    data[0] &= ~2
    assert libc.capset(header, data) == 0
"""
MAIN = "from jitc_import.__main__ import main; sys.exit(main())"
FEW = ("libcst", "openai", "pydantic", "rich", "filelock")


@pytest.fixture
def package(project: Project) -> Project:
    project.write("pkg/__init__.py", "")
    project.write("pkg/plain.py", "x = 3\n")
    write_module(project, "pkg/shapes.py", MARKED, {"f": BODY})
    return project


def compiled(project: Project, *arguments: str, env: dict[str, str] | None = None) -> None:
    done = project.run("-m", "jitc_import", "compile", *arguments, env=env)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""


def use(project: Project, *options: str, env: dict[str, str] | None = None) -> str:
    done = project.run(*options, "-c", USE, env=env)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout


def entries(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*.pyc*"))


def set_times(project: Project) -> None:
    """As an archive or a layer of an image does: whole seconds, and others."""
    for path in (project.root / "pkg").rglob("*.py"):
        os.utime(path, (1_000_000_000, 1_000_000_000))


@pytest.mark.parametrize("what", ["pkg", ".", "pkg/../pkg"])
def test_the_first_import_compiles_and_writes_nothing(package: Project, what: str) -> None:
    compiled(package, what)
    assert entries(package.root) == [f"{name}.{TAG}.pyc" for name in ("__init__", "plain", "shapes")]
    assert use(package) == WARM


def test_what_it_says(package: Project) -> None:
    done = package.run("-m", "jitc_import", "compile", "pkg")
    assert (done.stderr, done.stdout) == ("jitc: 3 modules compiled, level 0\n", "")
    done = package.run("-m", "jitc_import", "compile", "pkg/plain.py", "-q")
    assert (done.stderr, done.stdout, done.returncode) == ("", "", 0)
    done = package.run("-m", "jitc_import", "compile", "nothing")
    assert done.returncode == 2
    assert "nothing: there is no such file, folder or module" in done.stderr


def test_entries_stay_good_when_times_are_rewritten(package: Project) -> None:
    compiled(package, "pkg")
    set_times(package)
    assert use(package) == WARM
    compiled(package, "pkg", "--invalidation-mode", "timestamp")
    assert use(package) == WARM
    set_times(package)
    assert use(package, "-B") == WARM
    for path in (package.root / "pkg").rglob("*.py"):
        os.utime(path, (1, 1))
    assert use(package, "-B") == WARM.replace("False False", "True False")


def test_an_edit_of_source_or_companion_file_is_seen(package: Project) -> None:
    compiled(package, "pkg")
    companion = package.root / "pkg/__jitc__/shapes.jitc.py"
    for body, value in (("x + 7", 8), ("x + 77", 78)):
        companion.write_text(companion.read_text().replace("x + 1", body).replace("x + 7\n", f"{body}\n"))
        set_times(package)
        assert use(package, "-B") == f"imported\n{value} Doc. 3 True False\n"
    companion.unlink()
    source = package.write("pkg/shapes.py", MARKED.replace("Doc.", "New."))
    write_companion(source, {"f": BODY})
    set_times(package)
    assert use(package) == "imported\n2 New. 3 True True\n"
    assert use(package) == WARM.replace("Doc.", "New.")


def test_entries_that_are_not_checked(package: Project) -> None:
    compiled(package, "pkg", "--invalidation-mode", "unchecked-hash")
    write_companion(package.root / "pkg/shapes.py", {"f": BODY.replace("+ 1", "+ 5")})
    package.write("pkg/plain.py", "x = 4\n")
    assert use(package, "-B") == WARM
    assert use(package, "-B", "--check-hash-based-pycs", "never") == WARM
    assert use(package, "-B", "--check-hash-based-pycs", "always").startswith("imported\n6 Doc. 4 ")
    compiled(package, "pkg")
    package.write("pkg/plain.py", "x = 6\n")
    assert use(package, "-B", "--check-hash-based-pycs", "never") == "imported\n6 Doc. 4 False False\n"
    assert use(package, "-B").startswith("imported\n6 Doc. 6 ")


@pytest.mark.parametrize("length", [0, 10, 40, 60, -1])
def test_a_truncated_entry_is_a_miss(package: Project, length: int) -> None:
    compiled(package, "pkg")
    [entry] = (package.root / "pkg/__pycache__").glob("shapes*")
    entry.write_bytes(entry.read_bytes()[:length])
    assert use(package, "-B").startswith("imported\n2 Doc. 3 ")


@pytest.mark.slow
def test_each_level_of_optimisation_that_is_asked_for(
    package: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    prefix = tmp_path_factory.mktemp("elsewhere")
    env = {"PYTHONPYCACHEPREFIX": str(prefix)}
    done = package.run("-O", "-m", "jitc_import", "compile", "pkg.shapes", "pkg", "-o", "0", "1", "2", env=env)
    assert (done.returncode, done.stderr) == (0, "jitc: 3 modules compiled, level 0 and 1 and 2\n")
    assert not entries(package.root / "pkg")
    assert len([name for name in entries(prefix / str(package.root)[1:]) if TAG in name]) == 9
    assert use(package, env=env) == use(package, "-O", env=env) == WARM
    assert use(package, "-OO", env=env) == WARM.replace("Doc.", "None")


@pytest.mark.slow
def test_modules_without_bodies_are_named_and_the_others_done(package: Project) -> None:
    package.write("pkg/open.py", '# jitc: enable\ndef g() -> int:  # jitc: complete\n    """1."""\n')
    package.write("pkg/wrong.py", "x = (\n")
    package.write("pkg/misspelt.py", "# jitc: enabel\n")
    with ScriptedServer([]) as server:
        done = package.run("-m", "jitc_import", "compile", "pkg", "-o", "0", "1", env=endpoint(server))
        assert server.requests == []
    assert done.returncode == 1
    for said in (
        "jitc: pkg.open: 1 stub (g) without a body, and no model is asked here\n  g, line 2: missing\n",
        f"\nNext: run `python -m jitc_import complete {package.root / 'pkg/open.py'}`\n",
        f"jitc: {package.root / 'pkg/wrong.py'}:1: ",
        f"{package.root / 'pkg/misspelt.py'}:1: ",
    ):
        assert done.stderr.count(said) == 1, done.stderr
    assert use(package) == WARM
    assert use(package, "-O") == WARM


def test_it_needs_no_dependencies(package: Project) -> None:
    package.write("pkg/about.py", "text = 'jitc'\n")
    code = f"import sys; sys.modules.update(dict.fromkeys({FEW})); sys.argv[1:] = ['compile', 'pkg']\n"
    code += MAIN
    done = package.run("-c", code)
    assert (done.stderr, done.returncode) == ("jitc: 4 modules compiled, level 0\n", 0)
    write_companion(package.root / "pkg/shapes.py", {"f": BODY}, digest="0" * 32)
    done = package.run("-c", code)
    assert done.returncode == 1
    assert "the companion file of pkg.shapes does not belong to this very source" in done.stderr
    assert "is not installed. Next: install jitc-import with its dependencies" in done.stderr


def test_an_installed_package_by_its_name(project: Project) -> None:
    site = project.root / "site-packages"
    project.write("site-packages/pkg/__init__.py", "import jitc_import\njitc_import.include(__name__)\n")
    project.write("site-packages/pkg/plain.py", "x = 3\n")
    write_module(project, "site-packages/pkg/shapes.py", MARKED, {"f": BODY})
    env = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(site)])}
    compiled(project, "pkg", env=env)
    assert use(project, env=env | {"PYTHONDONTWRITEBYTECODE": "1"}) == WARM


def test_a_moved_project_keeps_its_entries(package: Project) -> None:
    compiled(package, "pkg")
    moved = Project(package.root / "moved")
    moved.root.mkdir()
    shutil.move(package.root / "pkg", moved.root / "pkg")
    assert use(moved) == WARM
    code = "import jitc_import.activate, pkg.shapes as m; print(m.f.__code__.co_filename)"
    assert moved.run("-c", code).stdout == f"imported\n{moved.root / 'pkg/__jitc__/shapes.jitc.py'}\n"


def test_where_no_entry_can_be(package: Project) -> None:
    package.write("tool", "x = 1\n")
    package.write("cached/m.py", "x = 1\n")
    package.write("cached/__pycache__", "a file\n")
    done = package.run("-m", "jitc_import", "compile", "tool", "cached", "pkg")
    assert done.returncode == 1
    assert (
        f"jitc: {package.root / 'tool'}: Python keeps no bytecode of it: its name does not end in .py\n" in done.stderr
    )
    assert f"{package.root / 'cached/__pycache__'}/m.{TAG}.pyc: cannot be written: " in done.stderr
    assert use(package) == WARM


def test_processes_that_race_leave_good_entries(package: Project) -> None:
    command = [sys.executable, "-m", "jitc_import", "compile", "-q", "pkg"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    racing = [subprocess.Popen(command, cwd=package.root, env=env) for _ in range(4)]
    assert [child.wait(timeout=60) for child in racing] == [0] * 4
    assert len(entries(package.root)) == 3
    assert use(package) == WARM


@pytest.mark.skipif(sys.platform != "linux", reason="how a superuser lets go of rights is Linux's own")
def test_where_nothing_can_be_written(package: Project) -> None:
    folders = [package.root / "pkg", package.root / "pkg/__jitc__", package.root / "pkg/__pycache__"]
    code = RESTRICT + USE + "print(pkg.shapes.__cached__ == pkg.shapes.__spec__.cached, pkg.shapes.__cached__ is None)"
    folders[0].chmod(0o555)
    done = package.run("-c", code)
    assert (done.stdout, done.stderr) == ("imported\n2 Doc. 3 True True\nTrue True\n", "")
    refused = package.run("-c", f"{RESTRICT}\nimport sys; sys.argv[1:] = ['compile', 'pkg']\n{MAIN}")
    assert refused.returncode == 1
    assert refused.stderr.count("cannot be written: Permission denied") == 3
    folders[0].chmod(0o755)
    compiled(package, "pkg")
    for folder in folders:
        folder.chmod(0o555)
    done = package.run("-c", code)
    assert (done.stdout, done.stderr) == (f"{WARM}True False\n", "")
    for folder in folders:
        folder.chmod(0o755)
