"""The pytest plugin: installs the hook for projects that ask for it, and has pytest leave companion files alone.

A project asks by a `[tool.jitc]` table in the pyproject.toml of pytest's root folder, or by `--jitc`. (Words for
pytest's rewriter, which would look for asserts here: PYTEST_DONT_REWRITE)
"""

from __future__ import annotations

import sys

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "__jitc__"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--jitc`."""
    group = parser.getgroup("jitc", "jitc-import")
    group.addoption("--jitc", action="store_true", help="complete marked modules, test modules among them")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Install the hook before the first conftest.py is imported."""
    if early_config.known_args_namespace.jitc or _asks(early_config.rootpath):
        _install(early_config)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave companion files out, whoever asks for them: `test_m.jitc.py` is no test module."""
    return True if FOLDER in (collection_path.name, collection_path.parent.name) else None


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> None:
    """Say so where a marked test module is about to run with empty stubs."""
    finder = sys.modules.get("jitc_import.hooks.finder")
    if finder is not None and finder.installed():
        return
    source = module_path.read_bytes()
    if not any(b"jitc" in line and b"enable" in line for line in source.lower().split(b"\n")):
        return
    from jitc_import.hooks.missed import is_marked

    if is_marked(str(module_path)):
        import warnings

        from jitc_import.errors import JitcWarning

        message = f"{module_path.name} is marked, and its stubs stay empty. Next: `pytest --jitc`, or [tool.jitc] in "
        message += f"{parent.config.rootpath / 'pyproject.toml'}"
        warnings.warn_explicit(message, JitcWarning, str(module_path), 1)


def _asks(root: Path) -> bool:
    """Whether the pyproject.toml in `root` has a table `tool.jitc`."""
    try:
        text = (root / "pyproject.toml").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False
    if "jitc" not in text:
        return False
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return "jitc" in tomllib.loads(text).get("tool", {})
    except tomllib.TOMLDecodeError:
        return False


def _install(config: pytest.Config) -> None:
    from jitc_import.hooks.finder import install, installed, uninstall

    before = installed()
    install()
    if not before:
        config.add_cleanup(uninstall)
