"""What a built distribution of this project holds, and what an installed one does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

import jitc_import
from companions import write_module
from conftest import Project

ROOT = Path(__file__).resolve().parent.parent
SPAWNING = """
import multiprocessing, sys

def work():
    import m
    few = ("libcst", "openai", "pydantic", "rich", "filelock")
    return m.f(), [name for name in few if name in sys.modules]

if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(*pool.apply(work))
"""
NAME_THE_FINDERS = "import sys; print([type(finder).__module__ for finder in sys.meta_path])"


def run(*command: str, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(source: Path, target: str, folder: Path) -> Path:
    run(sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder), cwd=source)
    [made] = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "sdist", tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def source(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    [root] = folder.iterdir()
    return root


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(source, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def editable_wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What pip builds and installs for `pip install --editable`."""
    folder = tmp_path_factory.mktemp("editable")
    build_editable = "import sys, hatchling.build; hatchling.build.build_editable(sys.argv[1])"
    run(sys.executable, "-c", build_editable, str(folder), cwd=source)
    [made] = folder.iterdir()
    return made


@pytest.fixture(scope="module", params=["wheel", "editable_wheel"])
def installed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a new environment that has the project, and no dependencies."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", str(programs / "python"), "--quiet"]
    run(*pip, "install", "--no-index", "--no-deps", str(request.getfixturevalue(request.param)), cwd=folder)
    return programs


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.slow
def test_the_wheel_holds_the_package_and_the_line_for_children(wheel: Path) -> None:
    names = names_in(wheel)
    assert {name.partition("/")[0] for name in names} == {
        "jitc_import",
        "jitc_import.pth",
        f"jitc_import-{jitc_import.__version__}.dist-info",
    }
    assert {"jitc_import/py.typed", "jitc_import/__main__.py", "jitc_import/activate.py"} <= names


def test_every_module_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "jitc_import").rglob("*.py")}
    assert modules == {name for name in names_in(wheel) if name.endswith(".py")}


def test_the_metadata_name_what_is_needed(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        [path] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = archive.read(path).decode()
    needed = set(re.findall(r"^Requires-Dist: ([\w-]+)(?!.*; extra ==)", metadata, re.MULTILINE))
    assert needed == {"filelock", "libcst", "openai", "platformdirs", "pydantic", "rich", "tomli"}
    assert "License-Expression: MIT" in metadata
    assert "Requires-Python: >=3.10" in metadata


def test_the_line_for_children_is_one_import_line() -> None:
    text = (ROOT / "jitc_import.pth").read_text(encoding="utf-8")
    assert text.startswith("import ")
    assert text.count("\n") == 1


@pytest.mark.slow
def test_without_the_hook_a_start_imports_nothing_of_the_package(installed: Path, tmp_path: Path) -> None:
    code = "import sys; print([name for name in sys.modules if name.startswith('jitc')])"
    assert run(str(installed / "python"), "-c", code, cwd=tmp_path) == "[]\n"


def test_the_hook_reaches_the_children_of_a_process(installed: Path, tmp_path: Path) -> None:
    child = f"subprocess.run([sys.executable, '-c', {NAME_THE_FINDERS!r}])"
    parent = f"import jitc_import.activate, subprocess, sys; {child}"
    assert "jitc_import" in run(str(installed / "python"), "-c", parent, cwd=tmp_path)


@pytest.mark.slow
def test_the_console_script_names_its_commands(installed: Path, tmp_path: Path) -> None:
    borrowed = {"PYTHONPATH": sysconfig.get_path("purelib")}
    shown = run(str(installed / "jitc"), "--help", cwd=tmp_path, env=borrowed)
    assert {"run", "complete", "status", "check"} <= set(shown.replace(",", " ").split())


def test_what_is_completed_runs_without_the_dependencies(installed: Path, tmp_path: Path) -> None:
    write_module(Project(tmp_path), "m.py", "# jitc: enable\ndef f(): ...\n", {"f": "def f():\n    return 3\n"})
    Project(tmp_path).write("script.py", SPAWNING)
    python = str(installed / "python")
    assert run(python, "-m", "jitc_import", "run", "script.py", cwd=tmp_path) == "3 []\n"
    assert run(python, "script.py", cwd=tmp_path, env={"JITC_ACTIVATE": "1"}) == "3 []\n"
    run(python, "-m", "jitc_import", "compile", cwd=tmp_path)
    shown = run(python, "-B", "-c", "import jitc_import.activate, m, sys; print('ast' in sys.modules)", cwd=tmp_path)
    assert shown == "False\n"
