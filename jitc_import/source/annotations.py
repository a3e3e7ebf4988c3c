"""Annotations as they are written: quoted or not, dotted or not."""

from __future__ import annotations

import ast


def unquoted(annotation: ast.expr) -> ast.expr:
    """The annotation that a text holds, where it is one."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            return ast.parse(annotation.value.strip(), mode="eval").body
        except (SyntaxError, ValueError):
            pass
    return annotation


def annotations_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr]:
    """All annotations of a function's parameters and of what it returns."""
    given = function.args
    parameters = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    found = [one.annotation for one in parameters if one] + [function.returns]
    return [annotation for annotation in found if annotation]
