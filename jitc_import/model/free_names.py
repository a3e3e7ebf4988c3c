"""The names that a part of a reply looks up in its module."""

from __future__ import annotations

import ast
import symtable
from typing import TYPE_CHECKING

from jitc_import.source.quiet import quietly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitc_import.model.pieces import Piece
    from jitc_import.source.definitions import Function


def names_of_definition(node: Function | ast.ClassDef, piece: Piece) -> set[str]:
    """The names that a definition looks up, those of its decorators, annotations, defaults and bases included."""
    return names_inside(table_of(node, piece)) | _around(node)


def names_of_expression(node: ast.expr) -> set[str]:
    """The names that an expression looks up, those bound in its own lambdas and comprehensions left out."""
    try:
        with quietly():
            (table,) = symtable.symtable(f"def _():\n return ({ast.unparse(node)}\n)", "<reply>", "exec").get_children()
    except (SyntaxError, ValueError, RecursionError):
        return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return names_inside(table)


def table_of(node: Function | ast.ClassDef, piece: Piece) -> symtable.SymbolTable | None:
    """The symbol table of a definition; None where Python cannot make it."""
    return piece.tables.get((node.name, node.lineno))


def names_inside(table: symtable.SymbolTable | None) -> set[str]:
    """The names that a scope and those in it look up in the module."""
    if table is None:
        return set()
    own = {symbol.get_name() for symbol in table.get_symbols() if _is_global(symbol) and symbol.is_referenced()}
    return own.union(*(names_inside(child) for child in table.get_children()))


def _is_global(symbol: symtable.Symbol) -> bool:
    """Whether a name is looked up in the module; symtable itself says so of each local of a scope that is named top."""
    bound = symbol.is_parameter() or symbol.is_assigned() or symbol.is_imported()
    return symbol.is_declared_global() or (symbol.is_global() and not bound)


def _around(node: Function | ast.ClassDef) -> set[str]:
    """The names that are looked up around a definition's body."""
    return {name.id for part in _around_body(node) for name in ast.walk(part) if isinstance(name, ast.Name)}


def _around_body(node: Function | ast.ClassDef) -> Iterator[ast.AST]:
    yield from node.decorator_list
    if isinstance(node, ast.ClassDef):
        yield from (*node.bases, *node.keywords)
        return
    yield node.args
    if node.returns:
        yield node.returns
