"""Packages with companion files: built by the usual tools, installed, and run where there is nothing else."""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from companions import write_companion
from conftest import ROOT, Project
from server import ScriptedServer
from test_complete import endpoint
from test_packaging import build, run

PROJECT = '[project]\nname = "circles"\nversion = "1.0"\n'
MODULE = '# jitc: enable\ndef area(radius: float) -> float:  # jitc: complete\n    """pi r^2."""\n'
BODY = "def area(radius: float) -> float:\n    return 3 * radius**2\n"
SHIPPED = {"circles/__jitc__/shapes.jitc.py", "circles/flat/__jitc__/__init__.jitc.py"}
USE = """
import sys
sys.path.insert(0, sys.argv.pop(1))
import circles.shapes, circles.flat
few = ("libcst", "openai", "pydantic", "rich", "filelock", "site")
loaded = [name for name in few if name in sys.modules]
print(circles.shapes.area(2), circles.flat.area(3), loaded, "ast" in sys.modules)
"""
BUILD = """
import importlib, os, sys, tarfile
backend, folder = importlib.import_module(sys.argv[1]), sys.argv[2]
name = backend.build_sdist(folder)
os.chdir(folder)
tarfile.open(name).extractall("unpacked", filter="data")
os.chdir(os.path.join("unpacked", name.removesuffix(".tar.gz")))
backend.build_wheel(folder)
"""


@dataclass(frozen=True)
class Setup:
    """How a package is built: the backend, its part of pyproject.toml, the folder of the code, what git ignores."""

    backend: str
    table: str = ""
    code: str = ""
    ignored: str = ""

    @property
    def pyproject(self) -> str:
        return f'[build-system]\nrequires = []\nbuild-backend = "{self.backend}"\n{PROJECT}{self.table}'


SETUPTOOLS, HATCHLING, POETRY = "setuptools.build_meta", "hatchling.build", "poetry.core.masonry.api"
LISTED = '[tool.setuptools]\npackages = ["circles", "circles.flat"]\n'
SETUPS = {
    "setuptools": Setup(SETUPTOOLS),
    "setuptools, src": Setup(SETUPTOOLS, code="src"),
    "setuptools, find": Setup(SETUPTOOLS, '[tool.setuptools.packages.find]\ninclude = ["circles*"]\n'),
    "setuptools, listed": Setup(
        SETUPTOOLS,
        LISTED + 'include-package-data = false\n[tool.setuptools.package-data]\n"*" = ["__jitc__/*.jitc.py"]\n',
    ),
    "setuptools, no namespaces": Setup(
        SETUPTOOLS,
        "[tool.setuptools]\ninclude-package-data = false\n[tool.setuptools.packages.find]\nnamespaces = false\n"
        '[tool.setuptools.package-data]\n"*" = ["__jitc__/*.jitc.py"]\n',
    ),
    "hatchling": Setup(HATCHLING),
    "hatchling, ignored": Setup(HATCHLING, '[tool.hatch.build]\nartifacts = ["*.jitc.py"]\n', ignored="__jitc__/\n"),
    "poetry": Setup(POETRY, code="src"),
    "poetry, ignored": Setup(
        POETRY,
        '[tool.poetry]\ninclude = [{ path = "circles/**/*.jitc.py", format = ["sdist", "wheel"] }]\n',
        ignored="__jitc__/\n",
    ),
}
WITHOUT = {
    "setuptools": Setup(SETUPTOOLS, LISTED),
    "hatchling": Setup(HATCHLING, ignored="__jitc__/\n"),
    "poetry": Setup(POETRY, ignored="__jitc__/\n"),
}


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this project."""
    return build(ROOT, "wheel", tmp_path_factory.mktemp("tool"))


def lay_out(root: Path, setup: Setup) -> None:
    """Write the source of a package, as a person's folder holds it: with caches, which nobody wants to ship."""
    code = Project(root / setup.code)
    code.write("circles/__init__.py", "import jitc_import\njitc_import.include(__name__)\n")
    for name in ("circles/shapes.py", "circles/flat/__init__.py"):
        write_companion(code.write(name, MODULE), {"area": BODY})
    code.write(f"circles/__pycache__/shapes.{sys.implementation.cache_tag}-jitc.pyc", "")
    Project(root).write("pyproject.toml", setup.pyproject)
    if setup.ignored:
        if not shutil.which("git"):
            pytest.skip("needs git")
        Project(root).write(".gitignore", setup.ignored)
        run("git", "init", "--quiet", cwd=root)


def shipped(root: Path, setup: Setup) -> Path:
    """The wheel of a package, made from its source distribution as `python -m build` does."""
    pytest.importorskip(setup.backend.removesuffix(".masonry.api"))
    if setup.backend == SETUPTOOLS:
        pytest.importorskip("setuptools", minversion="70.1")  # from there on it builds wheels alone
    lay_out(root / "source", setup)
    shown = run(sys.executable, "-c", BUILD, setup.backend, str(root), cwd=root / "source")
    assert "Warning" not in shown
    [wheel] = root.glob("*.whl")
    return wheel


def install(folder: Path, *wheels: Path) -> Path:
    site = folder / "lib" / "site-packages"
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(site)
    return site


def alone(project: Project, site: Path) -> tuple[str, str]:
    """What a Python says that has its standard library and `site`, and nothing else."""
    done = project.run("-I", "-S", "-c", USE, str(site))
    return done.stdout, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("setup", SETUPS.values(), ids=SETUPS)
def test_a_wheel_runs_without_model_and_dependencies(project: Project, tool: Path, setup: Setup) -> None:
    wheel = shipped(project.root, setup)
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert names >= SHIPPED
    assert not [name for name in names if "pycache" in name]
    site = install(project.root, wheel, tool)
    assert alone(project, site) == ("12 27 [] True\n", "")
    assert alone(project, site) == ("12 27 [] False\n", "")


@pytest.mark.parametrize("setup", WITHOUT.values(), ids=WITHOUT)
def test_a_wheel_without_companion_files_says_so(project: Project, tool: Path, setup: Setup) -> None:
    wheel = shipped(project.root, setup)
    with zipfile.ZipFile(wheel) as archive:
        assert not [name for name in archive.namelist() if "__jitc__" in name]
    site = install(project.root, wheel, tool)
    shown, error = alone(project, site)
    assert shown == ""
    assert f'  File "{site / "circles/shapes.py"}", line 1, in <module>\n    # jitc: enable\n' in error
    assert f"circles.shapes has stubs, and there is no {site / 'circles/__jitc__/shapes.jitc.py'}: " in error
    assert "the package was built without its companion files. Next: install a build that has them" in error
    assert error.count('File "') == 2


@pytest.mark.slow
def test_nobody_pays_for_what_an_installed_package_lacks(project: Project) -> None:
    site = project.root / "site-packages"
    lay_out(project.root, Setup(SETUPTOOLS, code="site-packages"))
    env = {"PYTHONPATH": os.pathsep.join([str(site), str(ROOT)])}
    companion = site / "circles/__jitc__/shapes.jitc.py"
    with ScriptedServer([]) as server:
        code = "import jitc_import.activate, circles.shapes"
        companion.unlink()
        without = project.run("-c", code, env=env | endpoint(server)).stderr
        Project(site).write("circles/shapes.py", MODULE + MODULE.partition("\n")[2].replace("area", "side"))
        write_companion(site / "circles/shapes.py", {"area": BODY}, digest="0" * 32)
        lacking = project.run("-c", code, env=env | endpoint(server)).stderr
        assert server.requests == []
    assert "LockedError: circles.shapes: 1 stub (area) without a body, and the package was built without" in without
    assert "area, line 2: missing\nNext: install a build that has them" in without
    assert "1 stub (side) without a body, and no model is asked for those of an installed package\n" in lacking
    assert "side, line 4: missing\nNext: tell its authors" in lacking
