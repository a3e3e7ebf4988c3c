"""Parsing text of unknown origin, within bounds and without noise."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections import deque

from jitc_import.source.quiet import quietly

MAX_DEPTH = 200
"""Levels of a syntax tree; real code stays far below, and what walks a tree recursively must not run out of stack."""

_FORBIDDEN = re.compile(
    "[\0\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


class UnparsableError(Exception):
    """Text that is no acceptable Python; the message says why, `line` (1-based, in that text) where."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.line = line


def parse_text(text: str) -> ast.Module:
    """Parse text of unknown origin.

    Raises UnparsableError for what is no Python, holds characters that hide code, or nests too deep.
    """
    if forbidden := _FORBIDDEN.search(text):
        raise UnparsableError(f"it holds {name_character(forbidden[0])}", text.count("\n", 0, forbidden.start()) + 1)
    try:
        with quietly():
            tree = ast.parse(text, "<reply>")
    except SyntaxError as error:
        line = min(error.lineno or 1, text.count("\n") + 1)
        raise UnparsableError(f"{error.msg} in `{text.split(chr(10))[line - 1].strip()[:120]}`", line) from None
    except (RecursionError, MemoryError):
        raise UnparsableError("it is nested too deep") from None
    except ValueError as error:
        raise UnparsableError(str(error)) from None
    if _depth(tree) > MAX_DEPTH:
        raise UnparsableError("it is nested too deep")
    return tree


def name_character(character: str) -> str:
    """A character by code point and name: `U+202E RIGHT-TO-LEFT OVERRIDE`."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()


def _depth(tree: ast.AST) -> int:
    deepest = 0
    todo: deque[tuple[ast.AST, int]] = deque([(tree, 0)])
    while todo:
        node, depth = todo.pop()
        deepest = max(deepest, depth)
        todo.extend((child, depth + 1) for child in ast.iter_child_nodes(node))
    return deepest
