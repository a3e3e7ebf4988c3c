"""Compiling a completed module without a syntax tree, where its companion file says how. Standard library only."""

from __future__ import annotations

import sys

from jitc_import.errors import StoreError
from jitc_import.graft.splice import UnfitError, read_splices, spliced
from jitc_import.hooks.bytecode import companion_stamp, forget_lines
from jitc_import.source.checksum import with_line_feeds
from jitc_import.store.files import companion_path, read_bytes
from jitc_import.store.splices import good_splices

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

NO_DOCSTRINGS = 2
"""The level of optimisation from which on Python drops docstrings, and up to 3.12 leaves a place to stop at."""

PROVEN = ((3, 10), (3, 14))
"""The Pythons, from the first to before the second, whose code objects are known to come out the same."""


def quickly_built(
    source: bytes, path: str, compiler: Callable[[str, str], CodeType] | None = None
) -> tuple[CodeType, bytes] | None:
    """The code object of a marked module, and the companion part of its stamp; None where `build` has to see to it.

    `compiler` is what compiles a text, if not Python alone.
    """
    if not PROVEN[0] <= sys.version_info < PROVEN[1] or sys.flags.optimize >= NO_DOCSTRINGS:
        return None
    companion = companion_path(path)
    stamp = companion_stamp(companion)
    try:
        data = read_bytes(companion)
    except StoreError:
        return None
    if data is None or (good := good_splices(source, data)) is None:
        return None
    splices, lines, more = good
    try:
        text = _decode(source)
        raw = "llm_complete" in text
        code = spliced(text, lines, read_splices(splices, more), path, companion, raw=raw, compiler=compiler)
    except (UnfitError, ValueError):
        return None
    forget_lines(companion)
    return code, stamp


def _decode(source: bytes) -> str:
    """The text of a source. Python's own way loads `tokenize`, which takes as long as a module of 300 lines."""
    if b"coding" in b"".join(source.split(b"\n", 2)[:2]):
        from _frozen_importlib_external import decode_source

        return decode_source(source)
    return with_line_feeds(source).decode("utf-8-sig")
