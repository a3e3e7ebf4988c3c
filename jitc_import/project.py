"""The project that a source file lies in: its root, and what its pyproject.toml says to this tool."""

from __future__ import annotations

import os
import sys
from typing import Any

from jitc_import.errors import SettingsError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

MARKERS = ("pyproject.toml", ".git")
"""What tells a project's root; `pyproject.toml` must be a file."""


def project_root(start: str) -> str | None:
    """The folder of the project that `start` (a file or folder) lies in: the nearest with a pyproject.toml or .git."""
    folder = os.path.abspath(start)
    if not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    while not _is_root(folder):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


def project_table(start: str | None) -> tuple[str, dict[str, object]] | None:
    """The pyproject.toml of the project that `start` lies in, and its `[tool.jitc]` table; None where it has none.

    Raises SettingsError where the file cannot be read, or the table is none.
    """
    root = project_root(start) if start else None
    path = os.path.join(root, MARKERS[0]) if root else ""
    if not os.path.isfile(path):
        return None
    tool = read_toml(path).get("tool", {})
    table = tool.get("jitc") if isinstance(tool, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: tool.jitc is no table: write `[tool.jitc]`", path=path)
    return path, table


def read_toml(path: str) -> dict[str, Any]:
    """The content of a TOML file. Raises SettingsError where it cannot be read, or is none."""
    try:
        with open(path, "rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}", path=path) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{path}:{line}: not UTF-8", path=path, lineno=line) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{path} is not valid TOML: {str(error) or 'nested too deeply'}", path=path) from error


def _is_root(folder: str) -> bool:
    return os.path.isfile(os.path.join(folder, MARKERS[0])) or os.path.lexists(os.path.join(folder, MARKERS[1]))
