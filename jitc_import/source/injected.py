"""The names that a module gets otherwise than by statements which bind them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jitc_import.source.definitions import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_READERS = frozenset(
    {
        *("all", "any", "copy", "deepcopy", "dict", "eval", "filter", "format", "frozenset", "iter", "len", "list"),
        *("map", "set", "sorted", "tuple", "update"),
    }
)
"""Functions that leave a namespace which they are given as it is."""

_WRITERS = frozenset({"update", "setdefault", "__setitem__"})
"""Methods of a namespace that add to it."""


def takes_more(tree: ast.Module) -> bool:
    """Whether a module adds names to its own namespace as it runs: `globals().update(…)`, `exec(…)` and the like."""
    outside = any(_may_inject(node, {"globals", "locals", "vars"}) or _runs_text(node) for node in _outside(tree))
    return outside or any(_may_inject(node, {"globals"}) for node in ast.walk(tree))


def exported_members(tree: ast.Module) -> Iterator[ast.ClassDef]:
    """The enumerations whose members are names of the module, too."""
    for node in _outside(tree):
        if isinstance(node, ast.ClassDef) and any(_last_name(each) == "global_enum" for each in node.decorator_list):
            yield node


def _outside(tree: ast.Module) -> Iterator[ast.AST]:
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(child for child in ast.iter_child_nodes(node) if not isinstance(child, (*FUNCTIONS, ast.Lambda)))


def _runs_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _last_name(node.func) in {"exec", "_convert_"}


def _may_inject(node: ast.AST, givers: Collection[str]) -> bool:
    """Whether a node alone may add to the namespace that the functions called `givers` give."""
    if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
        return _is_namespace(node.value, givers)
    if isinstance(node, ast.Subscript):
        return isinstance(node.ctx, ast.Store) and _is_namespace(node.value, givers)
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute) and _is_namespace(node.func.value, givers):
        return node.func.attr in _WRITERS
    given = (*node.args, *(keyword.value for keyword in node.keywords))
    return _last_name(node.func) not in _READERS and any(_is_namespace(each, givers) for each in given)


def _is_namespace(node: ast.expr | None, givers: Collection[str]) -> bool:
    """Whether an expression is the namespace of the module, or the module itself."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in givers and not node.args
    if isinstance(node, ast.Attribute):
        return node.attr == "__dict__" and _is_namespace(node.value, givers)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name):
        return node.slice.id == "__name__" and _last_name(node.value) == "modules"
    return False


def _last_name(node: ast.expr) -> str:
    return str(getattr(node, "attr", getattr(node, "id", "")))
