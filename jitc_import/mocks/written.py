"""Plain types as annotations write them, read without running the module that they stand in."""

from __future__ import annotations

import ast
import builtins
import collections.abc
import datetime as dt
import typing
from typing import Any

_BUILTIN = ("str", "int", "float", "bool", "object", "list", "dict", "tuple", "set", "frozenset")
_GENERIC = ("Iterator", "Iterable", "Generator", "Sequence", "Mapping")
_TYPING = (*_GENERIC, "Any", "Optional", "Union", "Literal", "List", "Dict", "Tuple", "Set", "FrozenSet")

_TYPES: dict[str, Any] = {
    **{f"builtins.{name}": getattr(builtins, name) for name in _BUILTIN},
    **{f"typing.{name}": getattr(typing, name) for name in _TYPING},
    **{f"collections.abc.{name}": getattr(collections.abc, name) for name in _GENERIC},
    **{f"datetime.{name}": getattr(dt, name) for name in ("date", "datetime", "time")},
}
"""Types whose values JSON tells whole, by where they are found."""


class NotPlainError(ValueError):
    """An annotation that is more than a plain type."""


def written_type(annotation: ast.expr, module: ast.Module) -> Any:
    """The type that an annotation in a module says. Raises NotPlainError."""
    try:
        return _read(annotation, _names_in(module))
    except (TypeError, SyntaxError) as error:
        raise NotPlainError(str(error)) from None


def _names_in(module: ast.Module) -> dict[str, str]:
    """Where the names of a module come from: builtins, unless they are imported or defined."""
    names = {name: f"builtins.{name}" for name in _BUILTIN}
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names |= {one.asname or one.name: one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    for statement in module.body:
        defined = getattr(statement, "targets", [getattr(statement, "name", None)])
        names |= {getattr(one, "id", one): "" for one in defined if isinstance(getattr(one, "id", one), str)}
    return names


def _read(node: ast.expr, names: dict[str, str]) -> Any:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _read(ast.parse(node.value, mode="eval").body, names)
    if isinstance(node, ast.Constant) and (node.value is None or node.value is ...):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return typing.Union[_read(node.left, names), _read(node.right, names)]  # noqa: UP007 -- its parts are known now
    if isinstance(node, ast.Subscript):
        return _generic(_read(node.value, names), node.slice, names)
    around, _, name = ast.unparse(node).rpartition(".")
    found = _TYPES.get(f"{names.get(around, around)}.{name}" if around else names.get(name, ""))
    if found is None:
        raise NotPlainError(ast.unparse(node))
    return found


def _generic(kind: Any, inside: ast.expr, names: dict[str, str]) -> Any:
    if kind is typing.Literal:
        return kind[ast.literal_eval(inside)]
    parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
    return kind[tuple(_read(part, names) for part in parts)]
