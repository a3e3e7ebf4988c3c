"""Marked modules that were imported before the hook was there: their stubs are as empty as they stand in the file."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType


def warn_of_missed(plain: Mapping[str, str]) -> None:
    """Warn (JitcWarning) of the marked ones among modules, given with their source files, that Python loaded itself."""
    missed = [name for name, path in plain.items() if may_be_marked(path) and is_marked(path)]
    if not missed:
        return
    import warnings

    from jitc_import.errors import JitcWarning

    message = (
        f"imported before the hook of jitc_import, so not completed: {', '.join(sorted(missed))}. {_advice(missed)}"
    )
    warnings.warn(message, JitcWarning, stacklevel=own_frames() + 1)


def may_be_marked(path: str) -> bool:
    """Whether the file at `path` has a line that looks like a module mark."""
    try:
        with open(path, "rb") as file:
            source = file.read()
    except OSError:
        return False
    return looks_marked(source)


def looks_marked(source: bytes) -> bool:
    """Whether `source` has a line that looks like a module mark; a docstring's may."""
    return any(_looks_like_mark(line) for line in source.lower().split(b"\n") if b"enable" in line)


def _looks_like_mark(line: bytes) -> bool:
    word, colon, rest = line.strip().removeprefix(b"\xef\xbb\xbf").partition(b":")
    return (
        bool(colon) and word.startswith(b"#") and word.strip(b"# \t") == b"jitc" and rest.strip().startswith(b"enable")
    )


def is_marked(path: str) -> bool:
    """Whether the file at `path` has a module mark, well spelt; not so where it is no Python."""
    import ast
    from _frozen_importlib_external import decode_source

    from jitc_import.errors import MarkError
    from jitc_import.source.marks import module_mark

    try:
        with open(path, "rb") as file:
            text = decode_source(file.read())
        return module_mark(text, ast.parse(text), path) is not None
    except (OSError, SyntaxError, ValueError, MarkError):
        return False


def _advice(missed: list[str]) -> str:
    if missed in (["__main__"], ["__mp_main__"]):
        return "Run the script with `python -m jitc_import run`."
    return (
        "Import jitc_import.activate first; a package that calls jitc_import.include keeps its stubs in modules of "
        "their own."
    )


def own_frames() -> int:
    """How many of the frames below the caller's caller belong to this package: a warning names the line above them."""
    frame: FrameType | None = sys._getframe(1)
    count = 0
    while frame is not None and frame.f_globals.get("__name__", "").startswith(("jitc_import.", "importlib.")):
        count += frame.f_globals["__name__"].startswith("jitc_import.")
        frame = frame.f_back
    return count
