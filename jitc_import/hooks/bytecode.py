"""The bytecode cache: where it lies, what makes an entry good, how it is read and renamed.

An entry is a header and a marshalled code object. The header holds the magic number and the version of this tool,
time and size of the source, and for a marked module time and size of its companion file. Only compiling looks for the
mark, so the entry of an unmarked module says by its header alone that nothing needs to be looked at. What `compile`
prepares may go by content in place of times (`content`).
"""

from __future__ import annotations

import _imp
import marshal
import os
import sys
from _frozen_importlib_external import MAGIC_NUMBER, cache_from_source

from jitc_import import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType

UNMARKED = b"\0" * 17
"""The companion part of the header of an unmarked module."""

ABSENT = b"-" + b"\0" * 16
"""The companion part of the header of a marked module without a companion file."""

_TOOL = MAGIC_NUMBER + b"jitc " + __version__.encode()
TIMED, CHECKED, UNCHECKED = _TOOL + b"\n", _TOOL + b"c", _TOOL + b"u"
"""How a header begins: the entry goes by the times of the files, by their content, or is not checked at all."""

_KIND_END = len(TIMED)
_SOURCE_END = _KIND_END + 16
_HEADER_END = _SOURCE_END + len(UNMARKED)
_MASK = (1 << 64) - 1
_CHUNK = 1 << 16
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_CODE = type((lambda: 0).__code__)
_BROKEN = (EOFError, ValueError, TypeError, SystemError, MemoryError)
"""What marshal raises on data that is no code object."""

_PLAIN_TAG = sys.implementation.cache_tag
_PLAIN_ENDING = f".{_PLAIN_TAG}"
_OWN_ENDING = f".{_PLAIN_TAG}-jitc"
_ENDING = f"{_OWN_ENDING}.opt-{sys.flags.optimize}.pyc" if sys.flags.optimize else f"{_OWN_ENDING}.pyc"


def cache_path(source_path: str) -> str | None:
    """Where the bytecode of a source file is cached; None where Python keeps none."""
    if sys.pycache_prefix is not None or _PLAIN_TAG is None:
        return _prefixed_path(source_path)
    folder, separator, name = source_path.rpartition(os.sep)
    if name[-3:] != ".py":
        return None
    return f"{folder}{separator}__pycache__{os.sep}{name[:-3]}{_ENDING}"


def stamp_of(status: os.stat_result) -> bytes:
    """Time (nanoseconds) and size of a file, as a header holds them."""
    return (status.st_mtime_ns & _MASK).to_bytes(8, "little") + status.st_size.to_bytes(8, "little")


def companion_stamp(path: str) -> bytes:
    """The companion part of the header of a marked module whose companion file is `path`; there need be no file."""
    try:
        return b"+" + stamp_of(os.stat(path))
    except OSError:
        return ABSENT


def read_entry(cache: str, source_path: str, stamp: bytes) -> CodeType | None:
    """The code object kept at `cache` for a source with this stamp; None where there is no good one."""
    try:
        data = read_file(cache)
    except OSError:
        return None
    companion = data[_SOURCE_END:_HEADER_END]
    marked = companion != UNMARKED
    companion_file = _companion_path(source_path) if marked else ""
    if data[:_SOURCE_END] != TIMED + stamp:
        if not _holds_by_content(data, source_path):
            return None
    elif marked and companion != companion_stamp(companion_file):
        return None
    try:
        code = marshal.loads(memoryview(data)[_HEADER_END:])  # noqa: S302 -- as Python loads its own
    except _BROKEN:
        return None
    if type(code) is not _CODE:
        return None
    if code.co_filename != source_path:
        _rename(code, source_path, marked=marked)
    if marked and "linecache" in sys.modules:
        forget_lines(companion_file)
    return code


def make_entry(code: CodeType, stamp: bytes, companion: bytes, kind: bytes = TIMED) -> bytes:
    """What is to be kept for a source with this stamp; `companion` is `companion_stamp(…)` or UNMARKED.

    Of another kind than TIMED, both are those of `content`.
    """
    return b"".join((kind, stamp, companion, marshal.dumps(code)))


def source_part_of(entry: bytes) -> bytes:
    """The part of an entry's header that is about the source."""
    return entry[_KIND_END:_SOURCE_END]


def companion_part_of(entry: bytes) -> bytes:
    """The part of an entry's header that is about the companion file; UNMARKED if the module has no mark."""
    return entry[_SOURCE_END:_HEADER_END]


def read_file(path: str) -> bytes:
    """The content of a file: os.open takes a third of the time of io.open."""
    descriptor = os.open(path, _FLAGS)
    try:
        data = chunk = os.read(descriptor, _CHUNK)
        while len(chunk) == _CHUNK:
            chunk = os.read(descriptor, _CHUNK)
            data += chunk
        return data
    finally:
        os.close(descriptor)


def _holds_by_content(data: bytes, source_path: str) -> bool:
    if data[:_KIND_END] not in (CHECKED, UNCHECKED):
        return False
    from jitc_import.hooks.content import holds

    return holds(data, source_path)


def _companion_path(source_path: str) -> str:
    """As `store.files.companion_path`, without loading the store on the warm path; only `.py` is cached."""
    folder, separator, name = source_path.rpartition(os.sep)
    return f"{folder}{separator}__jitc__{os.sep}{name[:-3]}.jitc.py"


def forget_lines(companion: str) -> None:
    """Have tracebacks read a companion file anew: this process may have compiled an older one, another the newer."""
    linecache = sys.modules.get("linecache")
    primed = linecache.cache.get(companion) if linecache else None
    if primed is not None and len(primed) > 1 and primed[1] is None:
        linecache.cache.pop(companion, None)  # type: ignore[union-attr]


def _rename(code: CodeType, source_path: str, *, marked: bool) -> None:
    """Name the files of code that was compiled when the project lay elsewhere."""
    if marked:
        from jitc_import.store.files import companion_path

        _rename_grafted(code, companion_path(code.co_filename), companion_path(source_path))
    _imp._fix_co_filename(code, source_path)  # type: ignore[attr-defined]  # noqa: SLF001


def _rename_grafted(code: CodeType, old: str, new: str) -> None:
    """Rename the code of grafted functions: Python's own renaming stops where the file name is another."""
    pending = [code]
    while pending:
        for const in pending.pop().co_consts:
            if type(const) is not _CODE:
                continue
            if const.co_filename == old:
                _imp._fix_co_filename(const, new)  # type: ignore[attr-defined]  # noqa: SLF001
            else:
                pending.append(const)


def _prefixed_path(source_path: str) -> str | None:
    """As `cache_path`, the folder being Python's own where `sys.pycache_prefix` counts."""
    try:
        plain = cache_from_source(source_path)
    except NotImplementedError:
        return None
    folder, name = os.path.split(plain)
    if not source_path.endswith(".py"):
        return None
    return os.path.join(folder, _OWN_ENDING.join(name.rsplit(_PLAIN_ENDING, 1)))
