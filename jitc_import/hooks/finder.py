"""The finder: asks the finders after it, and gives the source files in scope a loader that knows the marks."""

from __future__ import annotations

import os
import sys
from _frozen_importlib_external import SourceFileLoader

from jitc_import.hooks.bytecode import cache_path
from jitc_import.hooks.loader import JitcLoader
from jitc_import.hooks.scope import in_scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

    from jitc_import.hooks.scripts import ScriptFinder

ACTIVATE = "JITC_ACTIVATE"
"""The variable that has `jitc_import.pth` install the hook in the children of a process."""


class Finder:
    """Stands first on `sys.meta_path`. Finding never reads a source file, imports anything, or costs anything.

    `everywhere` says whether the whole project is in scope; `packages` holds the names, each with a dot at its end,
    of those that are in scope wherever they lie.
    """

    __slots__ = ("everywhere", "packages")

    def __init__(self) -> None:
        self.everywhere = False
        self.packages: tuple[str, ...] = ()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """What the first of the later finders that knows `fullname` says, its loader swapped where that is ours."""
        later = iter(sys.meta_path)
        for finder in later:
            if finder is self:
                break
        for finder in later:
            try:
                find_spec = finder.find_spec
            except AttributeError:
                spec = _legacy_spec(finder, fullname, path)
            else:
                spec = find_spec(fullname, path, target)
            if spec is not None:
                if type(spec.loader) is SourceFileLoader:
                    self._adopt(spec, fullname)
                return spec
        return None

    def _adopt(self, spec: ModuleSpec, fullname: str) -> None:
        """Swap the loader of a source file that is in scope."""
        path = spec.loader.path  # type: ignore[union-attr]
        if (self.everywhere and in_scope(path)) or (self.packages and f"{fullname}.".startswith(self.packages)):
            spec.loader = JitcLoader(spec.loader.name, path, spec)  # type: ignore[union-attr]
            spec.cached = cache_path(path)


_FINDER = Finder()
_exported: list[str] = []


def install(*, children: bool = True) -> None:
    """Complete marked modules of this project when they are imported from now on. Twice is once.

    `children`: the processes that this one starts do so too. Warns (JitcWarning) of marked modules that were imported
    before.
    """
    if children:
        os.environ[ACTIVATE] = "1"
        _exported[:] = ["1"]
    first = not (_FINDER.everywhere and _FINDER in sys.meta_path)
    _FINDER.everywhere = True
    _stand_first()
    if find_script not in sys.path_hooks:
        sys.path_hooks.append(find_script)
    if first:
        _look_back(sys.modules.copy().items())


def uninstall() -> None:
    """Take the finder out again, and the variable for children with it; packages that asked for it lose it too."""
    while _FINDER in sys.meta_path:
        sys.meta_path.remove(_FINDER)
    _FINDER.everywhere = False
    _FINDER.packages = ()
    if find_script in sys.path_hooks:
        sys.path_hooks.remove(find_script)
    for path, finder in tuple(sys.path_importer_cache.items()):
        if type(finder).__module__ == "jitc_import.hooks.scripts":
            del sys.path_importer_cache[path]
    if _exported and os.environ.get(ACTIVATE) == _exported.pop():
        del os.environ[ACTIVATE]


def include(name: str) -> None:
    """Complete the marked modules of the package `name` from now on, wherever it is installed, and of no other.

    For the `__init__` of an installed package: `jitc_import.include(__name__)`.
    """
    package = f"{name}."
    if package not in _FINDER.packages:
        _FINDER.packages += (package,)
        module = sys.modules.get(name)
        if module is not None:
            _look_back([(name, module)], installed=True)
    _stand_first()


def find_script(path: str) -> ScriptFinder:
    """The path hook for marked scripts; raises ImportError for any other path."""
    if not path.endswith(".py"):
        raise ImportError(path)
    from jitc_import.hooks.scripts import ScriptFinder

    return ScriptFinder(path)


def _stand_first() -> None:
    if _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, _FINDER)


def _look_back(modules: Iterable[tuple[str, ModuleType]], *, installed: bool = False) -> None:
    """Warn of the marked ones among `modules` that are there already, loaded as plain Python."""
    plain: dict[str, str] = {}
    for name, module in modules:
        if type(module) is not type(sys):  # a lazy module is none that was loaded, and looking would load it
            continue
        path: Any = module.__dict__.get("__file__")
        plainly = isinstance(path, str) and type(module.__dict__.get("__loader__")) is SourceFileLoader
        if plainly and (installed or in_scope(path)):
            plain[name] = path
    if plain:
        from jitc_import.hooks.missed import warn_of_missed

        warn_of_missed(plain)


def _legacy_spec(finder: object, fullname: str, path: Sequence[str] | None) -> ModuleSpec | None:
    """What a finder without `find_spec` gives: Python asked its `find_module` up to 3.11, and passes it over since."""
    import _frozen_importlib

    find_spec_legacy = getattr(_frozen_importlib, "_find_spec_legacy", None)
    return find_spec_legacy(finder, fullname, path) if find_spec_legacy else None
