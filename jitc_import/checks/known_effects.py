"""What a dotted name does, by the table of effects."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

from jitc_import.checks.effects_table import TABLE, Refused

LEADING_OUT = frozenset({"os", "sys", "subprocess", "ctypes", "importlib", "builtins"})
"""Modules that are much more than what they are reached through."""

_LISTED = frozenset(".".join(name.split(".")[:count]) for name in TABLE for count in range(1, name.count(".") + 2))


def verdict_of(path: str, imported: frozenset[str], top: str = "") -> tuple[str, ...] | Refused | None:
    """What a dotted name does, in a module that imports `imported` itself and stands in the package `top`.

    None where nothing is known of it.
    """
    path = _direct(path)
    parts = path.split(".")
    if not parts[0] or parts[0] == top:
        return ()
    if path == "builtins":
        return Refused()
    for count in range(len(parts), 0, -1):
        verdict = TABLE.get(".".join(parts[:count]))
        if verdict is None:
            continue
        if isinstance(verdict, Refused) and verdict.unless_imported and is_imported(path, imported):
            return ("unknown",)
        private = any(part.startswith("_") and not part.endswith("__") for part in parts[count:])
        return ("unknown",) if private and verdict == () and not _is_within(path, imported) else verdict
    if parts[0].startswith("_") and parts[0] in sys.stdlib_module_names:  # what a module is made of does what it does
        return verdict_of(path.lstrip("_"), imported, top)
    return () if parts[0] == "builtins" else None


def is_imported(path: str, imported: frozenset[str]) -> bool:
    """Whether what a dotted name begins with is imported."""
    top = path.partition(".")[0]
    return any(f"{each}.".startswith(f"{top}.") for each in imported)


def _is_within(path: str, imported: frozenset[str]) -> bool:
    return any(f"{path}.".startswith(f"{each}.") for each in imported if "." in each)


def _direct(path: str) -> str:
    """The path of what is reached through another module: `random._os.system` is `os.system`."""
    parts = _own_names(path).split(".")
    if parts[0] in ("posixpath", "ntpath"):
        parts[:1] = ["os", "path"]
    path = ".".join(parts)
    library = sys.stdlib_module_names if parts[0] in sys.stdlib_module_names else LEADING_OUT
    for at in range(len(parts) - 1, 0, -1):
        name = parts[at].lstrip("_")
        if name in library and name != parts[at - 1] and ".".join(parts[: at + 1]) not in _LISTED:
            return ".".join([name, *parts[at + 1 :]])
    return path


def _own_names(path: str) -> str:
    """The path by the names that modules have themselves: `enum.bltns.eval` is `builtins.eval`.

    Looked up in the modules of Python's library that the table knows for harmless; no others are imported for it.
    """
    parts = path.split(".")
    if len(parts) == 1 or parts[0] not in sys.stdlib_module_names or TABLE.get(parts[0]) != ():
        return path
    value: object = importlib.import_module(parts[0])
    for at, part in enumerate(parts[1:], start=1):
        value = getattr(value, part, None)
        if not isinstance(value, ModuleType):
            return path
        if value.__name__ not in {".".join(parts[: at + 1]), "posixpath", "ntpath"} and at < len(parts):
            return _own_names(".".join([value.__name__, *parts[at + 1 :]]))
    return path
