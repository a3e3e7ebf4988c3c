"""The loader of source files in scope: a cached code object is the answer, or else the module is compiled."""

from __future__ import annotations

import os
import sys
from _frozen_importlib_external import SourceFileLoader, _calc_mode  # type: ignore[attr-defined]

from jitc_import.hooks.bytecode import UNMARKED, cache_path, make_entry, read_entry, stamp_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import CodeType, FrameType

_EXEC_MODULE = SourceFileLoader.exec_module.__code__
EXPECTED = (
    *(ImportError, SyntaxError, ValueError, RecursionError, MemoryError, OverflowError),
    KeyboardInterrupt,
)
"""What the compiler raises, what this tool does, and the person who waits for it."""

leaders: list[object] = []
"""Our finder, while it is installed."""

stand_ins = False
"""Whether a stub without a body raises when it is called, in place of the import: in a child that checks bodies."""


class JitcLoader(SourceFileLoader):
    """Python's own loader but for `get_code`: another cache, and grafted bodies in marked modules."""

    __slots__ = ("_cache", "_spec")  # outside __dict__, which comparing loaders looks at

    def __init__(self, fullname: str, path: str, spec: ModuleSpec | None = None) -> None:
        self.name = fullname
        self.path = path
        self._spec = spec
        self._cache = cache_path(path)
        if spec is not None:
            spec.cached = self._cache

    def get_code(self, fullname: str) -> CodeType:
        """The code object of the module, from the cache or compiled.

        Raises what the compiler raises, and JitcImportError where a marked module cannot be completed. For an import,
        the code returned raises that itself, so that the traceback shows none of the frames of this tool.
        """
        if sys.meta_path[:1] != leaders and leaders and leaders[0] in sys.meta_path:
            stand_first()
        path = self.path if fullname == self.name else self.get_filename(fullname)
        cache = self._cache
        try:
            stamp = stamp_of(os.stat(path))
        except OSError:
            stamp = b""
        if cache and stamp:
            code = read_entry(cache, path, stamp)
            if code is not None:
                self._spec = None
                if "coverage" in sys.modules or "IPython" in sys.modules:
                    tell_tools(code, fullname, path)
                return code
        return self._compile(fullname, path, cache, stamp, sys._getframe(1))

    def get_source(self, fullname: str) -> str | None:
        """The text of the module; None to linecache where that asks for another file, which has vanished.

        A grafted function has the globals of its module, and `linecache` asks their loader for a file it cannot find.
        """
        wanted = _file_linecache_wants(sys._getframe(1))
        return super().get_source(fullname) if wanted in (None, self.path) else None

    def keeps(self, companion: bytes) -> bool:  # noqa: ARG002 -- a script's loader asks
        """Whether bytecode is cached; `companion` is UNMARKED for an unmarked module."""
        return not sys.dont_write_bytecode

    def _compile(self, fullname: str, path: str, cache: str | None, stamp: bytes, caller: FrameType) -> CodeType:
        source = self.get_data(path)
        try:
            code, companion = self._build(source, path, fullname)
        except EXPECTED as error:
            from jitc_import.hooks.refusal import is_users_matter, refusal

            if caller.f_code is not _EXEC_MODULE or not is_users_matter(error):
                raise
            return refusal(error, path, source)
        if cache and stamp and self.keeps(companion) and _is_unchanged(path, stamp):
            self.set_data(cache, make_entry(code, stamp, companion), _mode=_calc_mode(path))
        self._settle_cached(fullname, cache)
        if "coverage" in sys.modules or "IPython" in sys.modules:
            tell_tools(code, fullname, path)
        return code

    def _build(self, source: bytes, path: str, fullname: str) -> tuple[CodeType, bytes]:
        """The code object, and the companion part of its stamp."""
        if b"jitc" not in source.lower():
            return self.source_to_code(source, path), UNMARKED
        from jitc_import.hooks.quick import quickly_built

        if found := quickly_built(source, path):
            return found
        from jitc_import.hooks.build import build

        return build(source, path, fullname)

    def _settle_cached(self, fullname: str, cache: str | None) -> None:
        """Have the spec name no cache file that could not be written."""
        spec, self._spec = self._spec, None
        if spec is None or (cache and os.path.exists(cache)):
            return
        from jitc_import.hooks.uncached import forget_cached

        forget_cached(spec)
        module = sys.modules.get(fullname)
        if module is not None and module.__dict__.get("__spec__") is spec and "__cached__" in module.__dict__:
            module.__cached__ = None  # type: ignore[attr-defined]


def stand_first() -> None:
    """Have our finder, while it is installed, be the first; the others keep their order.

    Finding a module does not do that: Python is going through `sys.meta_path` then.
    """
    others = [finder for finder in sys.meta_path if finder is not leaders[0]]
    sys.meta_path[:] = [*leaders, *others]  # type: ignore[list-item]


def _is_unchanged(path: str, stamp: bytes) -> bool:
    """Whether a source file has this stamp still: it may have been edited, or have vanished, while it was compiled."""
    try:
        return stamp == stamp_of(os.stat(path))
    except OSError:
        return False


def tell_tools(code: CodeType, fullname: str, path: str) -> None:
    """Have coverage.py count what it should of a completed module, and IPython's autoreload notice its edits."""
    if "coverage" in sys.modules:
        from jitc_import.hooks.coverage_lines import run_idle_lines

        run_idle_lines(code, fullname, path)
    if "IPython" in sys.modules:
        from jitc_import.hooks.autoreload import watch

        watch()


def _file_linecache_wants(frame: FrameType | None) -> str | None:
    """The file whose lines linecache looks for, where `frame` is one of linecache's own."""
    while frame is not None and frame.f_globals.get("__name__") == "linecache":
        if "filename" in frame.f_locals:
            wanted: str = frame.f_locals["filename"]
            return wanted
        frame = frame.f_back
    return None
