"""The text of a module by lines: where its comments and its multi-line strings lie, and how to cut pieces out."""

from __future__ import annotations

import io
import tokenize
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitc_import.source.definitions import start_line
from jitc_import.source.marks import split_comment

if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence

    from jitc_import.source.definitions import Function

FIXED_LINE = "\0"
"""Stands before a line of a cut that begins inside a string, which must not be indented; no source holds it."""

_STRING_STARTS = {getattr(tokenize, name) for name in ("FSTRING_START", "TSTRING_START") if hasattr(tokenize, name)}
_STRING_ENDS = {getattr(tokenize, name) for name in ("FSTRING_END", "TSTRING_END") if hasattr(tokenize, name)}


@dataclass(frozen=True)
class Comment:
    """A comment: its line (1-based), its column in characters, the marks in it, and what it says besides."""

    line: int
    column: int
    marks: tuple[str, ...]
    note: str


class Listing:
    """A decoded source text that is valid Python, by lines."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.comments: dict[int, Comment] = {}
        self.inside: set[int] = set()
        self._read_tokens(text)

    def _read_tokens(self, text: str) -> None:
        opened = []
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            first, last = token.start[0], token.end[0]
            if token.type == tokenize.COMMENT:
                self.comments[first] = Comment(first, token.start[1], *split_comment(token.string))
            elif token.type == tokenize.STRING and last > first:
                self.inside.update(range(first + 1, last + 1))
            elif token.type in _STRING_STARTS:
                opened.append(first)
            elif token.type in _STRING_ENDS:
                self.inside.update(range(opened.pop() + 1, last + 1))

    def column(self, line: int, offset: int) -> int:
        """The column in characters of a UTF-8 `offset`, which is how syntax trees count."""
        text = self.lines[line - 1]
        return offset if text.isascii() else len(text.encode()[:offset].decode(errors="replace"))

    def indentation(self, line: int) -> str:
        """The white space that `line` begins with."""
        text = self.lines[line - 1]
        return text[: len(text) - len(text.lstrip())]

    def is_block(self, body: Sequence[ast.stmt]) -> bool:
        """Whether a body begins on a line of its own, not right after the colon."""
        first = body[0]
        if hasattr(first, "decorator_list"):
            return True
        return not self.lines[first.lineno - 1][: self.column(first.lineno, first.col_offset)].strip()

    def header_end(self, start: int, body: Sequence[ast.stmt]) -> tuple[int, int]:
        """The line and column right after the colon of a header that begins on line `start` and has this body."""
        first = body[0]
        line = start_line(first)
        end = self.column(line, first.col_offset)
        if self.is_block(body):
            line, end = line - 1, len(self.lines[line - 2])
        while True:
            comment = self.comments.get(line)
            code = self.lines[line - 1][: min(end, comment.column) if comment else end].rstrip(" \t\f\\")
            if code or line <= start:
                return line, len(code)
            line, end = line - 1, len(self.lines[line - 2])

    def header(self, node: Function | ast.ClassDef, *, notes: bool) -> str:
        """A definition's header up to its colon, dedented, with or without the comments in it."""
        line, end = self.header_end(node.lineno, node.body)
        if notes and self.is_block(node.body):
            end = len(self.lines[line - 1])
        return self.cut((node.lineno, self.column(node.lineno, node.col_offset)), (line, end), notes=notes)

    def code(self, node: ast.expr | ast.stmt, *, notes: bool = False) -> str:
        """The text of one expression or statement, dedented; with `notes`, the comments in it and right after it."""
        end_line, end_offset = node.end_lineno or node.lineno, node.end_col_offset or 0
        end = self.column(end_line, end_offset)
        comment = self.comments.get(end_line)
        if notes and comment and not self.lines[end_line - 1][end : comment.column].strip():
            end = len(self.lines[end_line - 1])
        return self.cut((node.lineno, self.column(node.lineno, node.col_offset)), (end_line, end), notes=notes)

    def cut(self, start: tuple[int, int], end: tuple[int, int], *, notes: bool, margin: str | None = None) -> str:
        """The text between two (line, column) positions, dedented by `margin` (default: as its first line is).

        Marks and orders to other tools are left out, with `notes=False` every comment. Lines that begin inside a
        string have FIXED_LINE before them.
        """
        margin = self.indentation(start[0]) if margin is None else margin
        pieces = []
        for number in range(start[0], end[0] + 1):
            begin = start[1] if number == start[0] else 0
            stop = end[1] if number == end[0] else len(self.lines[number - 1])
            piece = self._piece(number, begin, stop, notes=notes)
            if piece is not None:
                pieces.append(self._dedent(number, begin, piece, margin))
        return "\n".join(pieces)

    def _piece(self, number: int, begin: int, stop: int, *, notes: bool) -> str | None:
        """Columns `begin` to `stop` of a line, its comment reduced; None if only a dropped comment was there."""
        line, comment = self.lines[number - 1], self.comments.get(number)
        if not comment or comment.column >= stop:
            return line[begin:stop]
        code = line[begin : comment.column]
        if notes and comment.note:
            return f"{code}# {comment.note}"
        return code if code.strip() else None

    def _dedent(self, number: int, begin: int, piece: str, margin: str) -> str:
        if number + 1 not in self.inside:
            piece = piece.rstrip(" \t\f")
        if begin:
            return piece
        if number in self.inside:
            return FIXED_LINE + piece
        return piece[len(margin) :] if piece.startswith(margin) else piece.lstrip()


def indent(text: str, prefix: str) -> str:
    """`text` with `prefix` before each line that is neither empty nor fixed."""
    return "\n".join(line if not line or line.startswith(FIXED_LINE) else prefix + line for line in text.split("\n"))


def plain(text: str) -> str:
    """A cut as it stands in a file: without the signs before its fixed lines."""
    return text.replace(FIXED_LINE, "")


def loosen(text: str, margin: str) -> str:
    """A cut whose fixed lines may be indented after all, as those of a docstring; they lose `margin`."""
    return "\n".join(
        line[1:].removeprefix(margin) if line.startswith(FIXED_LINE) else line for line in text.split("\n")
    )
