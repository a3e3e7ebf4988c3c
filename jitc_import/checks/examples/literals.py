"""Texts of literals: their values, without running anything."""

from __future__ import annotations

import ast
import math
import re
from typing import TYPE_CHECKING, Any

from jitc_import.source.quiet import quietly

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST = 100_000
"""Characters of a text that is still parsed: parsing takes several hundred times the memory of its text."""

_DEEPEST = 60
"""Levels of a tree that is still used: to walk and to write deeper ones takes more stack than there may be."""

_HUGE = re.compile(r"0[xXbBoO][0-9a-fA-F_]{3000,}")
"""Numbers that Python reads and refuses to write in decimal."""

_MADE: dict[str, Callable[[Any], object]] = {"set": set, "frozenset": frozenset, "float": float, "bytearray": bytearray}
_NAMES = {"inf": math.inf, "nan": math.nan, "infj": complex(0, math.inf), "nanj": complex(0, math.nan)}

_DISPLAYED_DICTS = frozenset({"Counter", "OrderedDict"})
_DEFAULTDICT = re.compile(r"defaultdict\([^{]*, (\{.*\})\)", re.DOTALL)
_DISPLAYED_NUMBER = re.compile(r"np\.(?:u?int|float)\d+|np\.str_")
_DISPLAYED_NAMES = {"np.True_": True, "np.False_": False}


class NotALiteralError(ValueError):
    """The text or tree is no literal."""


def parsed(text: str) -> ast.expr | None:
    """The tree of one expression; None where the text is none, or one too deep for Python's parser."""
    if len(text) > _LONGEST:
        return None
    try:
        with quietly():
            tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree if _is_shallow(tree) and not _HUGE.search(text) else None


def _is_shallow(tree: ast.AST) -> bool:
    level = [tree]
    for _ in range(_DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return True
    return False


def value_of(text: str) -> object:
    """The value of a literal. Raises NotALiteralError."""
    tree = parsed(text)
    if tree is None:
        raise NotALiteralError(text[:80])
    return tree_value(tree)


def displayed_value_of(text: str) -> object:
    """The same for what `repr` shows of values that equal a literal: `Counter({'a': 1})`, `np.float64(1.5)`."""
    if len(text) > _LONGEST:
        raise NotALiteralError(text[:80])
    if with_factory := _DEFAULTDICT.fullmatch(text.strip()):
        text = with_factory.group(1)
    tree = parsed(text)
    if tree is None:
        raise NotALiteralError(text[:80])
    shown = ast.unparse(tree.func) if isinstance(tree, ast.Call) else ""
    if shown in _DISPLAYED_DICTS and isinstance(tree, ast.Call):
        return _displayed_dict(tree)
    return tree_value(_without_numpy(tree))


def plain_value_of(text: str) -> object:
    """The value of a literal in which numpy's scalars may stand for Python's: `[np.float64(1.5)]`."""
    tree = parsed(text)
    if tree is None:
        raise NotALiteralError(text[:80])
    return tree_value(_without_numpy(tree))


def _without_numpy(tree: ast.expr) -> ast.expr:
    """A tree with Python's scalars in place of numpy's."""
    return tree if "np." not in ast.unparse(tree) else _Plainer().visit(tree)


class _Plainer(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.expr:
        if _DISPLAYED_NUMBER.fullmatch(ast.unparse(node.func)) and len(node.args) == 1:
            return node.args[0]
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        name = ast.unparse(node)
        return ast.Constant(_DISPLAYED_NAMES[name]) if name in _DISPLAYED_NAMES else node


def _displayed_dict(call: ast.Call) -> dict[object, object]:
    value = tree_value(call.args[-1]) if call.args else {}
    try:
        return dict(value)  # type: ignore[call-overload,no-any-return]
    except (TypeError, ValueError):
        raise NotALiteralError(ast.unparse(call)[:80]) from None


def is_literal(text: str) -> bool:
    """Whether a text is a literal."""
    try:
        value_of(text)
    except NotALiteralError:
        return False
    return True


def tree_value(tree: ast.expr) -> object:
    """The value of a literal's tree. Raises NotALiteralError."""
    try:
        return _value(tree)
    except (TypeError, ValueError, OverflowError, RecursionError, MemoryError) as error:
        raise NotALiteralError(type(error).__name__) from None


def _value(node: ast.expr) -> Any:
    if isinstance(node, ast.Constant) and node.value is not ...:
        return node.value
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        made: Callable[[Any], object] = {ast.List: list, ast.Tuple: tuple, ast.Set: set}[type(node)]
        return made([_value(item) for item in node.elts])
    if isinstance(node, ast.Dict) and None not in node.keys:
        return {_value(key): _value(value) for key, value in zip(node.keys, node.values, strict=True) if key}
    if isinstance(node, ast.Name) and node.id in _NAMES:
        return _NAMES[node.id]
    if isinstance(node, ast.Call):
        return _made(node)
    return _number(node)


def _made(node: ast.Call) -> object:
    """`set()` and its like: what has no literal of its own."""
    if not isinstance(node.func, ast.Name) or node.func.id not in _MADE or node.keywords or len(node.args) > 1:
        raise NotALiteralError(node.func)
    return _MADE[node.func.id](*map(_value, node.args))


def _number(node: ast.expr) -> complex:
    """A number with a sign, or a complex one in two parts."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.UAdd, ast.USub)):
        number = _value(node.operand)
        if type(number) in {int, float, complex}:
            return -number if isinstance(node.op, ast.USub) else +number  # type: ignore[no-any-return]
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        real, imaginary = _value(node.left), _value(node.right)
        if type(real) in {int, float} and type(imaginary) is complex:
            return real + imaginary if isinstance(node.op, ast.Add) else real - imaginary  # type: ignore[no-any-return]
    raise NotALiteralError(type(node).__name__)
