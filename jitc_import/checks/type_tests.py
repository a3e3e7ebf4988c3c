"""Where a body only asks what type something is: `isinstance(x, FunctionType)`, `type(x) is FunctionType`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ASKING = {"isinstance": 1, "issubclass": 1, "cast": 0}
"""Functions, and which of their arguments is a type that they do not call."""

_DISPLAYS = (ast.Tuple, ast.List, ast.Set)


def asked_types(body: Iterable[ast.AST]) -> dict[int, bool]:
    """By identity the expressions that stand where types are compared, or (False) in a display that goes elsewhere."""
    found: dict[int, bool] = {}
    for node in (inner for statement in body for inner in ast.walk(statement)):
        if isinstance(node, _DISPLAYS):
            found.update((id(each), False) for each in node.elts if id(each) not in found)
        found.update((id(each), True) for place in _places(node) for each in _within(place))
    return found


def _places(node: ast.AST) -> Iterator[ast.expr | None]:
    """The expressions in a node that are types asked for."""
    if isinstance(node, ast.Call):
        at = _ASKING.get(_name(node.func))
        yield from node.args[at : at + 1] if at is not None else ()
    elif isinstance(node, ast.Compare):
        yield from (node.left, *node.comparators)
    elif isinstance(node, ast.Dict):
        yield from node.keys
    elif isinstance(node, (ast.AnnAssign, ast.arg)):
        yield node.annotation
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        yield node.returns
    elif isinstance(node, (ast.MatchClass, ast.MatchValue)):
        yield node.cls if isinstance(node, ast.MatchClass) else node.value


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _within(place: ast.expr | None) -> Iterator[ast.expr]:
    """A type, and the parts of several: `(A, B)`, `A | B`, `list[A]`."""
    waiting = [place] if place else []
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, _DISPLAYS):
            waiting += node.elts
        elif isinstance(node, ast.BinOp):
            waiting += [node.left, node.right]
        elif isinstance(node, ast.Subscript):
            waiting += [node.value, node.slice]
