"""Taking a module apart into pieces."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitc_import.source.definitions import FUNCTIONS, definitions, docstring_statement, make_key
from jitc_import.source.pieces import Piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jitc_import.source.listing import Listing
    from jitc_import.source.pieces import Kind


@dataclass(frozen=True)
class Pieces:
    """The pieces of a module: the outermost ones, all outside functions, and those by name that code anywhere sees."""

    top: list[Piece]
    every: list[Piece]
    by_name: dict[str, list[Piece]]
    by_key: dict[str, Piece]

    def function(self, key: str) -> Piece:
        """The function of a key; what it stands in is taken apart too."""
        outer, inner = "", key
        while key not in self.by_key:
            name, _, inner = inner.partition(".<locals>.")
            outer = f"{outer}.<locals>.{name}" if outer else name
            self._open(outer)
        return self.by_key[key]

    def _open(self, qualname: str) -> None:
        """Take the bodies of all functions of a qualified name apart."""
        ordinal = 1
        while piece := self.by_key.get(make_key(qualname, ordinal)):
            ordinal += 1
            if not piece.clauses and isinstance(piece.node, FUNCTIONS):
                body = piece.node.body[1:] if docstring_statement(piece.node) else piece.node.body
                piece.clauses.append(("", _pieces(body, piece.listing, piece.keys, piece)))
                self.by_key.update((one.key, one) for one in _all(piece.members) if one.key)


def take_apart(tree: ast.Module, listing: Listing) -> Pieces:
    """The pieces of a module, docstring left out."""
    keys: dict[ast.AST, str] = {node: key for key, node in definitions(tree)}
    body = tree.body[1:] if docstring_statement(tree) else tree.body
    top = _pieces(body, listing, keys, None)
    every = list(_all(top))
    by_name: dict[str, list[Piece]] = {}
    for piece in every:
        if piece.parent is None or piece.parent.kind == "block":
            for name in piece.names:
                by_name.setdefault(name, []).append(piece)
    return Pieces(top, every, by_name, {piece.key: piece for piece in every if piece.key})


def _pieces(body: Sequence[ast.stmt], listing: Listing, keys: dict[ast.AST, str], parent: Piece | None) -> list[Piece]:
    return [_piece(node, listing, keys, parent) for node in body]


def _piece(node: ast.stmt, listing: Listing, keys: dict[ast.AST, str], parent: Piece | None) -> Piece:
    piece = Piece(_kind(node), node, listing, keys, parent)
    if isinstance(node, ast.ClassDef):
        body = node.body[1:] if docstring_statement(node) else node.body
        piece.clauses = [("", _pieces(body, listing, keys, piece))]
    elif isinstance(node, ast.Match):
        piece.clauses = [(f"match {listing.code(node.subject)}:", [_case(case, piece) for case in node.cases])]
    elif piece.kind == "block":
        piece.clauses = [(head, _pieces(body, listing, keys, piece)) for head, body in _clauses(node, listing)]
    return piece


def _case(node: ast.match_case, parent: Piece) -> Piece:
    """One case of a `match`, as a block of its own."""
    piece = Piece("block", node.body[0], parent.listing, parent.keys, parent)
    guard = f" if {ast.unparse(node.guard)}" if node.guard else ""
    head = f"case {ast.unparse(node.pattern)}{guard}:"
    piece.clauses = [(head, _pieces(node.body, parent.listing, parent.keys, piece))]
    return piece


def _kind(node: ast.stmt) -> Kind:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return "import"
    if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)) or type(node).__name__ == "TypeAlias":
        return "value"
    if isinstance(node, FUNCTIONS):
        return "function"
    if isinstance(node, ast.ClassDef):
        return "class"
    return "block" if hasattr(node, "body") or isinstance(node, ast.Match) else "statement"


def _clauses(node: ast.stmt, listing: Listing) -> Iterator[tuple[str, list[ast.stmt]]]:
    """The headers of a compound statement, each with the statements under it."""
    while isinstance(node, ast.If) and len(node.orelse) == 1 and _is_elif(node.orelse[0], listing):
        yield _head(node, node.body, listing), node.body
        node = node.orelse[0]
    yield _head(node, getattr(node, "body", []), listing), getattr(node, "body", [])
    for handler in getattr(node, "handlers", []):
        yield _head(handler, handler.body, listing), handler.body
    for head, name in (("else:", "orelse"), ("finally:", "finalbody")):
        if body := getattr(node, name, None):
            yield head, body


def _is_elif(node: ast.stmt, listing: Listing) -> bool:
    text = listing.lines[node.lineno - 1][listing.column(node.lineno, node.col_offset) :]
    return isinstance(node, ast.If) and text.startswith("elif")


def _head(node: ast.stmt | ast.ExceptHandler, body: Sequence[ast.stmt], listing: Listing) -> str:
    """The header of a clause, up to its colon."""
    end = listing.header_end(node.lineno, body)
    return listing.cut((node.lineno, listing.column(node.lineno, node.col_offset)), end, notes=False)


def _all(pieces: Sequence[Piece]) -> Iterator[Piece]:
    for piece in pieces:
        yield piece
        for _, inner in piece.clauses:
            yield from _all(inner)
