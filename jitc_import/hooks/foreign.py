"""Loaders of others: of editable installs, type checkers, pytest, archives. Looked at when a module is loaded.

Finding a module reads nothing. So the loader of another is not replaced: a stand-in takes its place, and makes way for
it as soon as the module is loaded and turns out to be unmarked.
"""

from __future__ import annotations

import sys
from _frozen_importlib_external import SourceFileLoader, SourceLoader

from jitc_import.hooks.loader import EXPECTED, JitcLoader
from jitc_import.hooks.scope import is_own

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.machinery import ModuleSpec
    from types import CodeType, ModuleType
    from typing import Any

_EXEC_MODULE: Any = SourceFileLoader.exec_module


def adopted(loader: Any, path: str, name: str) -> Any:
    """What is to load the source file at `path` in place of `loader`, which is not Python's own.

    For modules of this package that is Python's own: a type checker's would need what they do not import.
    """
    if is_own(path):
        return SourceFileLoader(name, path)
    if not hasattr(loader, "exec_module") or isinstance(source_loader_in(loader), (JitcLoader, StandIn)):
        return loader
    if type(loader) is getattr(sys.modules.get("importlib.util"), "LazyLoader", None):
        inner = loader.loader
        plain = type(inner) is SourceFileLoader
        loader.loader = JitcLoader(inner.name, inner.path) if plain else adopted(inner, path, name)
        return loader
    return StandIn(loader, path)


def source_loader_in(loader: Any) -> Any:
    """The loader itself, where it compiles sources as Python's own does, or the one that it wraps; None without any."""
    if issubclass(type(loader), (SourceLoader, StandIn)):
        return loader
    held = (*getattr(loader, "__dict__", {}).values(), getattr(loader, "__wrapped__", None))
    return next((one for one in held if issubclass(type(one), (SourceLoader, StandIn))), None)


def read_source(loader: Any, path: str) -> bytes | None:
    """The source at `path` as the loader has it; None where it has none."""
    try:
        if not hasattr(loader, "get_data"):
            with open(path, "rb") as file:
                return file.read()
        data = loader.get_data(path)
    except (OSError, ImportError, ValueError):
        return None
    return data if isinstance(data, bytes) else None


class StandIn:
    """Stands for the loader of another until its module is loaded; to whoever looks, it is that loader."""

    __slots__ = ("_loader", "_path")

    def __init__(self, loader: Any, path: str) -> None:
        self._loader = loader
        self._path = path

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """The class of the loader, for `isinstance`."""
        return type(self._loader)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def __repr__(self) -> str:
        return repr(self._loader)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """What the loader makes for a spec, which has the right loader from here on if it is loaded at once."""
        self._make_way(spec, self._chosen)
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Run a module that is reloaded, or was lazy; for others, `create_module` has made way."""
        chosen = self._chosen()
        self._make_way(module.__spec__, lambda: chosen)
        mine: Any = self
        if module.__loader__ is mine:
            module.__loader__ = chosen
        if "__cached__" in module.__dict__ and module.__spec__ is not None:
            module.__dict__["__cached__"] = module.__spec__.cached
        chosen.exec_module(module)

    def get_code(self, fullname: str) -> CodeType | None:
        """The code object of the module, for those who run it themselves, as `python -m` does."""
        code: CodeType | None = self._chosen().get_code(fullname)
        return code

    def _make_way(self, spec: ModuleSpec | None, choose: Callable[[], Any]) -> None:
        """Give a spec that has this loader the chosen one, and no cache file where that keeps none."""
        mine: Any = self
        if spec is None or spec.loader is not mine:
            return
        spec.loader = choose()
        if issubclass(type(spec.loader), Completing):
            from jitc_import.hooks.uncached import forget_cached

            forget_cached(spec)

    def _chosen(self) -> Any:
        """The loader itself, or for a marked module what completes it."""
        source = read_source(self._loader, self._path)
        if source is None or b"jitc" not in source.lower():
            return self._loader
        from jitc_import.hooks.through import is_marked

        if not is_marked(source, self._path):
            return self._loader
        stock = getattr(self._loader.exec_module, "__func__", None) is _EXEC_MODULE
        kind = Completing if stock or source_loader_in(self._loader) is None else Lending
        return kind(self._loader, self._path)


class Completing(StandIn):
    """Loads a marked module: the code is the other loader's where that takes the bodies, and is run as Python does."""

    __slots__ = ()

    exec_module = _EXEC_MODULE

    def get_code(self, fullname: str) -> CodeType:
        """The code object of the module. Raises, or returns one that raises, as `JitcLoader.get_code` does."""
        return self._code(fullname, refuse=sys._getframe(1).f_code is _EXEC_MODULE.__code__)

    def _chosen(self) -> Any:
        return self

    def _code(self, fullname: str, *, refuse: bool) -> CodeType:
        from jitc_import.hooks.through import code_through

        try:
            return code_through(self._loader, self._path, fullname)
        except EXPECTED as error:
            from jitc_import.hooks.refusal import is_users_matter, refusal

            if not refuse or not is_users_matter(error):
                raise
            return refusal(error, self._path, read_source(self._loader, self._path) or b"")


class Lending(Completing):
    """Loads a marked module by a loader that does more than run it: its own, to which the code is lent."""

    __slots__ = ()

    def exec_module(self, module: ModuleType) -> None:
        """Have the other loader run the module."""
        from jitc_import.hooks.through import run_through

        run_through(self._loader, self._code(module.__name__, refuse=True), module, self._path)
