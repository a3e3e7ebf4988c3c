"""What a module imports is completed before it is, so that its bodies are checked with the others' in place.

Asked for is only what the import that is under way would ask for a moment later, and in the same way: our finder finds
each module, and the loader that it gives completes it. Nothing is run.
"""

from __future__ import annotations

import ast
import os
import sys
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from jitc_import.hooks.loader import EXPECTED, JitcLoader, leaders
from jitc_import.source.bindings import module_bindings
from jitc_import.source.imported import absolute_name, certain_imports
from jitc_import.source.quiet import quietly

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec

    from jitc_import.hooks.finder import Finder
    from jitc_import.source.stubs import SourceModule


def complete_imports(module: SourceModule) -> None:
    """Complete the modules of the project that a module certainly imports, where an import of it would.

    What goes wrong with one is recorded, and told when it is imported itself.
    """
    if not leaders:
        return
    way = _way.get() or _Way(leaders[0])  # type: ignore[arg-type]
    token = _way.set(way)
    try:
        path = os.path.abspath(module.path)
        way.trees[path] = module.tree
        way.go(module.tree, module.name if _is_package(path) else module.name.rpartition(".")[0])
    except KeyboardInterrupt:
        raise
    except (OSError, *EXPECTED):
        way.failed = True
    finally:
        _way.reset(token)


@dataclass(frozen=True)
class _Found:
    """A module that is imported: the folders of its submodules, where it is a package, and the names that it has.

    None: it may have any.
    """

    folders: Sequence[str] | None
    names: frozenset[str] | None


@dataclass
class _Way:
    """The imports that come before a module, each gone into once. One that fails is the last: an import would end."""

    finder: Finder
    trees: dict[str, ast.Module] = field(default_factory=dict)
    failed: bool = False

    def go(self, tree: ast.Module, package: str) -> None:
        """Complete what a module of `package` imports. Raises what the import of one of them would."""
        for module, names in certain_imports(tree, package):
            found = self._import(module)
            for name in names:
                if found and found.names is not None and not found.names & {name, "__getattr__"}:
                    self._import(f"{module}.{name}")

    def _import(self, name: str) -> _Found | None:
        """Complete a module after the packages around it; None where nothing is known of it."""
        found: _Found | None = None
        for part in accumulate(name.split("."), "{}.{}".format):
            if self.failed or (found and found.folders is None):
                return None
            found = self._import_part(part, found.folders if found else None)
        return found

    def _import_part(self, name: str, folders: Sequence[str] | None) -> _Found:
        module = sys.modules.get(name, self)
        if module is not self:
            names = vars(module) if type(module) is type(sys) else {}  # a look at one that is lazy would load it
            return _Found(names.get("__path__"), frozenset(names) if names else None)
        spec = self.finder.find_spec(name, folders)
        if spec is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)  # as the import will
        if type(spec.loader) is JitcLoader:
            return _Found(spec.submodule_search_locations, self._complete(spec, spec.loader))
        return _Found(spec.submodule_search_locations, None if spec.loader else frozenset())

    def _complete(self, spec: ModuleSpec, loader: JitcLoader) -> frozenset[str] | None:
        """Complete a module that the hook is to load, if it is marked, and what it imports; returns its names."""
        path = os.path.abspath(loader.path)
        package = spec.name if _is_package(path) else spec.name.rpartition(".")[0]
        if path not in self.trees:
            source = loader.get_data(loader.path)
            with quietly():
                self.trees[path] = ast.parse(source, path)
            if b"jitc" in source.lower():
                loader.get_code(spec.name)  # what it imports comes before, if a model is asked
            self.go(self.trees[path], package)
        return _names_of(self.trees[path], package)


_way: ContextVar[_Way | None] = ContextVar("_way", default=None)


def _is_package(path: str) -> bool:
    return os.path.basename(path) == "__init__.py"


def _names_of(tree: ast.Module, package: str) -> frozenset[str] | None:
    """The names that a module has, but for those that it takes from its own package: they may be modules of it."""
    bindings = module_bindings(tree)
    taken = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and absolute_name(node.module or "", node.level, package) == package
        for alias in node.names
    }
    return None if bindings.open else bindings.names - taken
