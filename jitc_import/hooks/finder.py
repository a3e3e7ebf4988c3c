"""The finder: asks the finders after it, and gives the source files in scope a loader that knows the marks."""

from __future__ import annotations

import os
import sys
from _frozen_importlib_external import SourceFileLoader

from jitc_import.hooks.folders import unwatch_folders, watch_folders
from jitc_import.hooks.foreign import StandIn, adopted
from jitc_import.hooks.loader import JitcLoader, leaders, stand_first
from jitc_import.hooks.scope import in_scope, is_own

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from importlib.machinery import ModuleSpec
    from types import FrameType, ModuleType
    from typing import Any

    from jitc_import.hooks.scripts import ScriptFinder

ACTIVATE = "JITC_ACTIVATE"
"""The variable that has `jitc_import.pth` install the hook in the children of a process."""

_STARTERS = frozenset(f"multiprocessing.popen_{kind}" for kind in ("spawn_posix", "spawn_win32", "forkserver"))
"""What is imported when the first process is to be started anew, not forked."""


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
                else:
                    self._adopt_foreign(spec, fullname)
                return spec
        return None

    def _adopt(self, spec: ModuleSpec, fullname: str) -> None:
        """Swap the loader of a source file that is in scope."""
        path = spec.loader.path  # type: ignore[union-attr]
        if type(path) is not str:  # others' finders may have given it a path object
            path = os.fspath(path)
        if self._covers(path, fullname):
            spec.loader = JitcLoader(spec.loader.name, path, spec)  # type: ignore[union-attr]
        elif fullname in _STARTERS and _origins:
            from jitc_import.hooks.children import warn_of_unreached

            warn_of_unreached(_origins)

    def _adopt_foreign(self, spec: ModuleSpec, fullname: str) -> None:
        """Have the loader of another looked at when it loads a source file that is in scope."""
        path = spec.origin
        if type(path) is str and path.endswith(".py") and (self._covers(path, fullname) or is_own(path)):
            spec.loader = adopted(spec.loader, path, fullname)

    def _covers(self, path: str, fullname: str) -> bool:
        return (self.everywhere and in_scope(path)) or (
            bool(self.packages) and f"{fullname}.".startswith(self.packages)
        )


_FINDER = Finder()
_exported: list[str] = []
_origins: set[tuple[str, int]] = set()
"""The lines of main programs from which the hook was installed, for their children, too."""


def install(*, children: bool = True) -> None:
    """Complete marked modules of this project when they are imported from now on. Twice is once.

    `children`: the processes that this one starts do so too. Warns (JitcWarning) of marked modules that were imported
    before.
    """
    if children:
        os.environ[ACTIVATE] = "1"
        _exported[:] = ["1"]
        _origins.add(_line_of_program())
    first = not installed()
    _FINDER.everywhere = True
    leaders[:] = [_FINDER]
    stand_first()
    watch_folders()
    if find_script not in sys.path_hooks:
        sys.path_hooks.append(find_script)
    if first:
        _look_back(sys.modules.copy().items())


def installed() -> bool:
    """Whether marked modules of this project are completed when they are imported."""
    return _FINDER.everywhere and _FINDER in sys.meta_path


def uninstall() -> None:
    """Take the finder out again, and the variable for children with it; packages that asked for it lose it too."""
    leaders.clear()
    while _FINDER in sys.meta_path:
        sys.meta_path.remove(_FINDER)
    _FINDER.everywhere = False
    _FINDER.packages = ()
    unwatch_folders()
    if find_script in sys.path_hooks:
        sys.path_hooks.remove(find_script)
    for path, finder in tuple(sys.path_importer_cache.items()):
        if type(finder).__module__ == "jitc_import.hooks.scripts":
            del sys.path_importer_cache[path]
    _origins.clear()
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
    leaders[:] = [_FINDER]
    stand_first()


def find_script(path: str) -> ScriptFinder:
    """The path hook for marked scripts; raises ImportError for any other path."""
    if type(path) is not str or not path.endswith(".py"):
        raise ImportError(path)
    from jitc_import.hooks.scripts import ScriptFinder

    return ScriptFinder(path)


def _line_of_program() -> tuple[str, int]:
    """The file of the main program and its line that runs now; an empty name where there is none."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_name == "<module>" and frame.f_globals.get("__name__") in ("__main__", "__mp_main__"):
            return frame.f_code.co_filename, frame.f_lineno
        frame = frame.f_back
    return "", 0


def _look_back(modules: Iterable[tuple[str, ModuleType]], *, installed: bool = False) -> None:
    """Warn of the marked ones among `modules` that are there already, loaded as plain Python."""
    plain: dict[str, str] = {}
    for name, module in modules:
        if type(module) is not type(sys):  # a lazy module is none that was loaded, and looking would load it
            continue
        path: Any = module.__dict__.get("__file__")
        ours = issubclass(type(module.__dict__.get("__loader__")), (JitcLoader, StandIn))
        if not ours and isinstance(path, str) and path.endswith(".py") and (installed or in_scope(path)):
            plain[name] = path
    if plain:
        from jitc_import.hooks.missed import warn_of_missed

        warn_of_missed(plain)


def _legacy_spec(finder: object, fullname: str, path: Sequence[str] | None) -> ModuleSpec | None:
    """What a finder without `find_spec` gives: Python asked its `find_module` up to 3.11, and passes it over since."""
    import _frozen_importlib

    find_spec_legacy = getattr(_frozen_importlib, "_find_spec_legacy", None)
    return find_spec_legacy(finder, fullname, path) if find_spec_legacy else None
