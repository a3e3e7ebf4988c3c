"""Which modules the paths and names on a command line mean."""

from __future__ import annotations

import importlib.machinery
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitc_import.errors import JitcError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SKIPPED = frozenset({"__pycache__", "__jitc__", "node_modules", "site-packages", "venv"})


class TargetError(JitcError):
    """A path or module name that is not there."""


@dataclass(frozen=True, order=True)
class Target:
    """One Python file and the dotted name it is imported by."""

    path: str
    name: str


def find_targets(arguments: Iterable[str]) -> list[Target]:
    """The Python files that arguments name: files, folders (descended) or module names; each once, in order.

    Hidden folders, caches, companion folders and virtual environments are not descended into.
    Raises TargetError for an argument that is neither a path nor a module.
    """
    found: dict[str, Target] = {}
    for argument in arguments:
        for path in _files(argument):
            found.setdefault(os.path.abspath(path), Target(os.path.abspath(path), module_name(path)))
    return list(found.values())


def module_name(path: str) -> str:
    """The dotted name of a file, from the `__init__.py` files above it."""
    folder, base = os.path.split(os.path.abspath(path))
    stem = base.removesuffix(".py")
    parts = [] if stem == "__init__" else [stem]
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        folder, package = os.path.split(folder)
        parts.insert(0, package)
    return ".".join(parts) or os.path.basename(folder)


def _files(argument: str) -> Iterator[str]:
    if os.path.isfile(argument):
        yield argument
    elif os.path.isdir(argument):
        yield from _descend(argument)
    else:
        yield from _module_files(argument)


def _descend(folder: str) -> Iterator[str]:
    for current, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_skipped(current, name))
        yield from (os.path.join(current, name) for name in sorted(files) if name.endswith(".py"))


def _is_skipped(current: str, name: str) -> bool:
    hidden = name.startswith(".") or name in _SKIPPED
    return hidden or os.path.isfile(os.path.join(current, name, "pyvenv.cfg"))


def _module_files(name: str) -> Iterator[str]:
    spec = _find_spec(name)
    if spec is None or not spec.has_location or not (spec.origin or "").endswith(".py"):
        if spec is not None and spec.submodule_search_locations:
            for folder in spec.submodule_search_locations:
                yield from _descend(folder)
            return
        raise TargetError(f"{name}: there is no such file, folder or module. Next: give a path, or run in its folder")
    if spec.submodule_search_locations:
        for folder in spec.submodule_search_locations:
            yield from _descend(folder)
    else:
        yield spec.origin or ""


def _find_spec(name: str) -> importlib.machinery.ModuleSpec | None:
    """The spec of a module by name, parents looked up but not imported."""
    path: list[str] | None = [os.getcwd(), *sys.path]
    spec = None
    parts = name.split(".")
    for depth in range(1, len(parts) + 1):
        spec = importlib.machinery.PathFinder.find_spec(".".join(parts[:depth]), path)
        if spec is None:
            return None
        path = list(spec.submodule_search_locations or [])
    return spec
