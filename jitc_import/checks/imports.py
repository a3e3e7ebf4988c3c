"""Whether the imports of a body resolve here, found out without running any module of the user's.

A package is looked for with the path finder, level by level. Whether a module has a name is read from its source; of
a module without source it is asked where that is imported already. Python's own modules are imported and asked.
"""

from __future__ import annotations

import ast
import importlib
import sys
from functools import lru_cache
from importlib.machinery import BuiltinImporter, FrozenImporter, ModuleSpec, PathFinder
from typing import TYPE_CHECKING

from jitc_import.source.bindings import module_bindings
from jitc_import.source.imported import absolute_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WITH_EFFECTS = frozenset({"antigravity", "this", "idlelib", "turtledemo", "__main__"})
"""Modules of Python itself that do more than define names when they are imported."""


def import_problems(statement: ast.Import | ast.ImportFrom, package: str, search_path: Sequence[str]) -> Iterator[str]:
    """What does not resolve of an import inside a body of a module in `package` (its `__package__`), one text each.

    `search_path` is as `sys.path`, with the root of the user's code in it.
    """
    path = tuple(search_path)
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            if not _exists(alias.name, path):
                yield f"`import {alias.name}`: there is no module {alias.name} here"
        return
    source = absolute_name(statement.module or "", statement.level, package)
    if source is None:
        yield f"`{ast.unparse(statement)}`: the module is in no package"
    elif not _exists(source, path):
        yield f"`{ast.unparse(statement)}`: there is no module {source} here"
    else:
        for alias in statement.names:
            if not has_name(source, alias.name, path):
                yield f"`{ast.unparse(statement)}`: {source} has no {alias.name}"


def _exists(name: str, path: tuple[str, ...]) -> bool:
    """Whether there is a module `name`: here, or in Python on another platform."""
    if name == "__main__" or find_module(name, path) is not None:
        return True
    top = name.partition(".")[0]
    return top in sys.stdlib_module_names and find_module(top, path) is None


@lru_cache(maxsize=1024)
def find_module(name: str, path: tuple[str, ...]) -> ModuleSpec | None:
    """The spec of a module by its dotted name, without importing its parents; None where there is none."""
    parts = name.split(".")
    if name in sys.builtin_module_names:
        return BuiltinImporter.find_spec(name)
    spec = _find_top(parts[0], path)
    for depth in range(2, len(parts) + 1):
        if spec is None or spec.submodule_search_locations is None:
            return _loaded_spec(name)
        spec = PathFinder.find_spec(".".join(parts[:depth]), list(spec.submodule_search_locations))
    return spec or _loaded_spec(name)


def _find_top(name: str, path: tuple[str, ...]) -> ModuleSpec | None:
    return PathFinder.find_spec(name, list(path)) or FrozenImporter.find_spec(name) or _loaded_spec(name)


def _loaded_spec(name: str) -> ModuleSpec | None:
    """The spec of a module that is imported already: editable installs and other finders are beyond the path."""
    return getattr(sys.modules.get(name), "__spec__", None)


@lru_cache(maxsize=4096)
def has_name(module: str, name: str, path: tuple[str, ...]) -> bool:
    """Whether a module has a name, or a submodule of that name; True, too, where that cannot be known."""
    spec = find_module(module, path)
    if spec is None or name == "*" or find_module(f"{module}.{name}", path) is not None:
        return True
    if module.partition(".")[0] in sys.stdlib_module_names - _WITH_EFFECTS:
        return _standard_has(module, name)
    if spec.has_location and spec.origin and spec.origin.endswith(".py"):
        return _source_binds(spec.origin, name)
    return module not in sys.modules or hasattr(sys.modules[module], name)


def names_in(module: str, path: tuple[str, ...]) -> frozenset[str]:
    """The public names of a module, as far as they can be known without running it."""
    spec = find_module(module, path)
    if module.partition(".")[0] in sys.stdlib_module_names and module in sys.modules:
        found = frozenset(dir(sys.modules[module]))
    else:
        found = (_source_names(spec.origin) if spec and spec.has_location and spec.origin else None) or frozenset()
    return frozenset(name for name in found if not name.startswith("_"))


def _standard_has(module: str, name: str) -> bool:
    try:
        return hasattr(importlib.import_module(module), name)
    except ImportError:  # a part of Python that is for another platform, or that this build lacks
        return True


@lru_cache(maxsize=1024)
def _source_names(origin: str) -> frozenset[str] | None:
    """The names that the module at `origin` binds; None where that cannot be read from its source."""
    try:
        with open(origin, "rb") as file:
            bindings = module_bindings(ast.parse(file.read()))
    except (OSError, SyntaxError, ValueError):
        return None
    open_ended = bindings.open or "__getattr__" in bindings.names or "globals" in bindings.names
    return None if open_ended else bindings.names


def _source_binds(origin: str, name: str) -> bool:
    names = _source_names(origin)
    return names is None or name in names or (name.startswith("__") and name.endswith("__"))
