"""Folders in scope: finders that came first later on ask Python's own finder past ours, which the folders notice.

typeguard's finder, say, stands before ours once it is installed, asks `PathFinder`, and gives what that found a loader
of its own. So `PathFinder` gets specs from these folders that have such a loader looked at when they are given it.
"""

from __future__ import annotations

import os
import sys
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import FileFinder, SourceFileLoader

from jitc_import.hooks.foreign import adopted
from jitc_import.hooks.loader import JitcLoader, leaders
from jitc_import.hooks.scope import in_scope, is_own

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import PathEntryFinder  # type: ignore[attr-defined]
    from types import ModuleType
    from typing import Any


class _Found(ModuleSpec):
    """A spec that a finder before ours asked for: the loader that it is given is looked at."""

    @property
    def loader(self) -> Any:
        return self.__dict__["loader"]

    @loader.setter
    def loader(self, loader: Any) -> None:
        self.__class__ = ModuleSpec  # type: ignore[assignment]
        self.cached = None  # Python's own name for it, then
        self.loader = adopted(loader, self.origin, self.name) if self.origin else loader


class Folder(FileFinder):
    """Python's own finder of the modules in one folder; it knows who asks."""

    def find_spec(self, fullname: str, target: ModuleType | None = None) -> ModuleSpec | None:
        """What Python's own finder finds; with our loader already where not our finder may be asking."""
        spec = super().find_spec(fullname, target)
        if spec is not None and sys.meta_path[:1] != leaders and str(spec.origin).endswith(".py"):
            _prepare(spec)
        return spec


def _prepare(spec: ModuleSpec) -> None:
    path: Any = spec.origin
    if type(spec.loader) is SourceFileLoader and in_scope(path):
        spec.loader = JitcLoader(spec.name, path, spec)
    spec.__class__ = _Found


def watch_folders() -> None:
    """Have folders in scope look whether our finder stands first on `sys.meta_path`."""
    if find_folder not in sys.path_hooks:
        sys.path_hooks.insert(0, find_folder)
        _forget(FileFinder)


def unwatch_folders() -> None:
    """Have them be Python's own again."""
    if find_folder in sys.path_hooks:
        sys.path_hooks.remove(find_folder)
        _forget(Folder)


def find_folder(path: str) -> PathEntryFinder:
    """The path hook for folders in scope: what the other path hooks make; raises ImportError for any other path."""
    if type(path) is not str or not _is_watched(path) or not os.path.isdir(path or "."):
        raise ImportError(path)  # Python 3.10 asks about bytes, too
    for hook in sys.path_hooks:
        try:
            finder = hook(path) if hook is not find_folder else None
        except ImportError:
            continue
        if finder is not None:
            if type(finder) is FileFinder:
                finder.__class__ = Folder
            return finder
    raise ImportError(path)


def _forget(kind: type) -> None:
    """Have Python ask the path hooks again about folders in scope."""
    for path, finder in tuple(sys.path_importer_cache.items()):
        if type(finder) is kind and _is_watched(path):
            sys.path_importer_cache.pop(path, None)


def _is_watched(path: str) -> bool:
    folder = os.path.join(path, "")
    return in_scope(folder) or is_own(folder)
