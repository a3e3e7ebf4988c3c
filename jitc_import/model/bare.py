"""A reply that is nothing but the body of the function that was asked for."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jitc_import.model.found import Found
from jitc_import.model.parsing import UnparsableError, parse_text
from jitc_import.model.pieces import Piece, read_block
from jitc_import.source.definitions import FUNCTIONS
from jitc_import.source.quiet import quietly

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jitc_import.model.fences import Block

MARGIN = "    "


def bare_body(blocks: Sequence[Block], signature: str, path: tuple[str, ...]) -> Found | None:
    """The function at `path`, put together of its signature and the one block of code of a reply.

    None where there are several blocks, or where it is not certain that this one is a body: it must compile as such,
    and hold a `return` or `yield` that makes it no module.
    """
    fenced = [block for block in blocks if block.tag is not None] or blocks
    parts = read_block(fenced[0]) if len(fenced) == 1 else []
    if len(parts) != 1 or not isinstance(parts[0], Piece) or not any(map(_leaves, _own_nodes(parts[0].body))):
        return None
    piece, header = parts[0], signature.split("\n")
    try:
        lines = [*header, *_set_in(piece)]
        body = parse_text("\n".join(lines)).body
        with quietly():
            compile("\n".join(lines), "<reply>", "exec", dont_inherit=True)
    except (UnparsableError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if len(body) != 1 or not isinstance(body[0], FUNCTIONS):
        return None
    shift = piece.shift + len(piece.lines) - len(lines)
    return Found(path, body[0], Piece(tuple(body), tuple(lines), shift, (), piece.open))


def _set_in(piece: Piece) -> list[str]:
    """The lines of a piece, at some margin."""
    if piece.body[0].col_offset:  # it has one already, under a line that is not the reply's
        return list(piece.lines[1:])
    inside = piece.inside_strings
    numbered = enumerate(piece.lines, start=1)
    return [line if number in inside or not line.strip() else MARGIN + line for number, line in numbered]


def _own_nodes(statements: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of statements that belong to the scope they stand in."""
    for node in statements:
        yield node
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
            yield from _own_nodes(ast.iter_child_nodes(node))


def _leaves(node: ast.AST) -> bool:
    return isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom))
