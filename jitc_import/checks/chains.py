"""Chains of attributes, and texts that are put together where they stand."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def chain_of(node: ast.expr) -> tuple[ast.expr, list[str]]:
    """What a chain of attributes begins with, and their names in order."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return node, names[::-1]


def target_root(node: ast.expr) -> tuple[ast.expr, list[str]]:
    """What a target begins with, and the names of the attributes that come right after it."""
    names: list[str] = []
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
        names = [node.attr, *names] if isinstance(node, ast.Attribute) else []
        node = node.value
    return node, names


def constant_text(node: ast.expr) -> str | None:
    """A text that stands there, or is joined there from texts that do."""
    parts: list[str] = []
    for term in terms_of(node):
        for each in term.values if isinstance(term, ast.JoinedStr) else [term]:
            if not (isinstance(each, ast.Constant) and isinstance(each.value, str)):
                return None
            parts.append(each.value)
    return "".join(parts)


def terms_of(node: ast.expr) -> list[ast.expr]:
    """The terms of a sum in order; of what is no sum, itself."""
    found: list[ast.expr] = []
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Add):
            waiting += [each.right, each.left]
        else:
            found.append(each)
    return found


def open_kinds(node: ast.Call, position: int) -> Iterator[str]:
    """Whether a call of `open` reads or writes, from its mode."""
    named = [keyword.value for keyword in node.keywords if keyword.arg == "mode"]
    given = named or node.args[position : position + 1]
    unclear = any(keyword.arg is None for keyword in node.keywords)
    unclear = unclear or any(isinstance(each, ast.Starred) for each in node.args)
    mode = constant_text(given[0]) if given else (None if unclear else "r")
    if mode is None or "r" in mode or "+" in mode:
        yield "reads files"
    if mode is None or set(mode) & set("wax+"):
        yield "writes files"
