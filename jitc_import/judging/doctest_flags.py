"""The doctest flags of a project's pytest configuration, under which its doctests are meant."""

from __future__ import annotations

import configparser
import os
from typing import Any

from jitc_import.errors import SettingsError
from jitc_import.project import read_toml

_KEY = "doctest_optionflags"
_FILES = (
    ("pytest.ini", "pytest"),
    (".pytest.ini", "pytest"),
    ("pyproject.toml", "tool.pytest.ini_options"),
    ("tox.ini", "pytest"),
    ("setup.cfg", "tool:pytest"),
)
"""Where pytest looks, and in which section; the first file that has one counts."""


def configured_flags(root: str) -> dict[int, bool]:
    """The flags that are set for the project at `root`; those that only pytest knows are left out."""
    import doctest

    sections = (_section(os.path.join(root, name), section) for name, section in _FILES)
    value = next((found.get(_KEY, "") for found in sections if found is not None), "")
    names = value.split() if isinstance(value, str) else value if isinstance(value, list) else []
    known = doctest.OPTIONFLAGS_BY_NAME
    return {known[name]: True for name in map(str, names) if name in known and name != "SKIP"}


def _section(path: str, section: str) -> dict[str, Any] | None:
    """The entries of a section; None where it is absent or cannot be read: pytest complains of that."""
    try:
        found: Any = read_toml(path) if path.endswith(".toml") else _ini(path)
    except (OSError, SettingsError, UnicodeDecodeError, configparser.Error):
        return None
    for key in section.split(".") if path.endswith(".toml") else [section]:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def _ini(path: str) -> dict[str, dict[str, str]]:
    parser = configparser.ConfigParser(interpolation=None)
    with open(path, encoding="utf-8") as file:
        parser.read_file(file)
    return {name: dict(parser[name]) for name in parser.sections()}
