"""The working that some examples show before their result: `f(4) == 4 * 3 * 2 * 1 = 24`."""

from __future__ import annotations

import ast
import operator
import re
from typing import TYPE_CHECKING

from jitc_import.checks.examples.literals import parsed

if TYPE_CHECKING:
    from collections.abc import Callable

_WORKING = re.compile(r"(?P<sum>[(\d][-+*/%().\d ]{0,100}?)[ ]*={1,2}>?[ ]*(?P<result>[-+]?\d+(?:\.\d+)?)(?![\w.]*\w)")
"""Arithmetic, and the number that it is said to come to."""

_OPERATORS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
"""No powers: they are quickly written, and take for ever to work out."""


def past_working(text: str, start: int) -> int:
    """The index of the result behind the working at `start`; `start` where there is none, or it comes to another."""
    match = _WORKING.match(text, start)
    if match is None or (tree := parsed(match["sum"])) is None or not isinstance(tree, ast.BinOp):
        return start
    try:
        is_right = _worked_out(tree) == float(match["result"])
    except (ArithmeticError, ValueError):
        return start
    return match.start("result") if is_right else start


def _worked_out(tree: ast.expr) -> float:
    """The value of arithmetic on numbers. Raises ValueError for anything else, ArithmeticError as Python does."""
    if isinstance(tree, ast.Constant) and isinstance(tree.value, int | float):
        return tree.value
    if isinstance(tree, ast.BinOp) and type(tree.op) in _OPERATORS:
        return _OPERATORS[type(tree.op)](_worked_out(tree.left), _worked_out(tree.right))
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub):
        return -_worked_out(tree.operand)
    raise ValueError(ast.unparse(tree))
