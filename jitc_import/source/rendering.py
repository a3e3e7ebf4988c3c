"""Chosen pieces as Python text."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from jitc_import.source.definitions import docstring_statement
from jitc_import.source.listing import FIXED_LINE, Listing, indent, plain
from jitc_import.source.text import INDENTATION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jitc_import.source.choice import Choice
    from jitc_import.source.pieces import Piece
    from jitc_import.source.stubs import Stub

_TRIPLE_QUOTE = re.compile("\"\"\"|'''")
_DOCSTRING_QUOTES = 2

STUB_COMMENT = "# complete this"
"""Stands above each stub that is wanted."""


def render_module(choice: Choice, stubs: Mapping[str, Stub], docstring: str) -> str:
    """The chosen pieces of the module, in source order; `stubs` are all of the module, by key."""
    body = _Renderer(choice, stubs).statements(choice.pieces.top)
    return plain("\n\n".join(part for part in (docstring, body) if part))


def render_foreign(choice: Choice) -> str:
    """The chosen definitions of other modules, each under the name of its module."""
    by_module: dict[str, list[Piece]] = {}
    for piece, module in choice.foreign.items():
        by_module.setdefault(module, []).append(piece)
    renderer = _Renderer(choice, {})
    parts = (f"# In {module}:\n{renderer.statements(pieces)}" for module, pieces in by_module.items())
    return plain("\n\n\n".join(parts))


class _Renderer:
    """Writes pieces as the choice says; `stubs` are the stubs of the module by key."""

    def __init__(self, choice: Choice, stubs: Mapping[str, Stub]) -> None:
        self.choice = choice
        self.stubs = stubs

    def statements(self, pieces: Sequence[Piece]) -> str:
        """The shown ones among some pieces, definitions set off by an empty line."""
        text, before = "", None
        for piece in pieces:
            if piece not in self.choice.shown and piece not in self.choice.wanted:
                continue
            if before:
                text += "\n\n" if _apart(before, piece) else "\n"
            text += self.statement(piece)
            before = piece
        return text

    def statement(self, piece: Piece) -> str:
        """One piece in its form."""
        if piece in self.choice.wanted:
            return f"{STUB_COMMENT}\n{_with_fixed_lines(self.choice.wanted[piece])}"
        form = self.choice.shown[piece]
        if form == "whole":
            return piece.whole
        if piece.kind == "block":
            return "\n".join(self._clauses(piece))
        if piece.kind in ("function", "class"):
            docstring = {"full": piece.docstring, "short": piece.summary}.get(form, "")
            return "\n".join([self._header(piece), *_indented(docstring, self._body(piece, docstring))])
        return piece.code if form == "full" else piece.short_code

    def _header(self, piece: Piece) -> str:
        stub = self.stubs.get(piece.key or "")
        return "\n".join([*stub.decorators, stub.signature]) if stub else piece.code

    def _body(self, piece: Piece, docstring: str) -> str:
        members = self.statements(piece.members)
        if members or (piece.kind == "class" and docstring):
            return members
        return piece.attributes or "..."

    def _clauses(self, piece: Piece) -> Iterator[str]:
        for head, inner in piece.clauses:
            yield head
            yield from _indented(self.statements(inner) or "pass")


def _apart(before: Piece, piece: Piece) -> bool:
    """Whether an empty line stands between two pieces."""
    kinds = {before.kind, piece.kind}
    return bool(kinds & {"function", "class", "block"}) or kinds > {"import"}


def _indented(*parts: str) -> list[str]:
    return [indent(part, INDENTATION) for part in parts if part]


def _with_fixed_lines(stub: Stub) -> str:
    """A stub's text with the sign before its lines that begin inside a string other than the docstring."""
    text = stub.text
    of_docstring = 0 if stub.docstring is None else _DOCSTRING_QUOTES
    if len(_TRIPLE_QUOTE.findall(text)) <= of_docstring and "\\\n" not in text:
        return text
    function = ast.parse(text).body[0]
    docstring = docstring_statement(function) if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) else None
    loose = range(docstring.lineno, (docstring.end_lineno or 0) + 1) if docstring else range(0)
    fixed = Listing(text).inside.difference(loose)
    lines = enumerate(text.split("\n"), start=1)
    return "\n".join(FIXED_LINE + line if number in fixed else line for number, line in lines)
