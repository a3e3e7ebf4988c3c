"""The checks that run nothing: syntax, signature, names, imports."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitc_import.checks.imports import import_problems
from jitc_import.checks.names import in_place, name_problems
from jitc_import.checks.platforms import imports_that_may_fail
from jitc_import.checks.signature import signature_problem
from jitc_import.source.quiet import quietly

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jitc_import.checks.names import Scope
    from jitc_import.source.definitions import Function

STATIC_CHECKS = ("syntax", "signature", "names", "imports")
"""What a body has passed that `static_problem` finds nothing wrong with, as the companion file records it."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a candidate: the check that found it, and the words for the model and the user."""

    check: str
    text: str


def static_problem(
    key: str, definition: Function, body: str, scope: Scope, package: str, search_path: Sequence[str]
) -> Problem | None:
    """Why a candidate is not acceptable; None where it is.

    `definition` is the function as the model wrote it, `body` the statements that would go under the stub's `def`
    line, `package` the module's `__package__`. The first check that fails decides.
    """
    if signature := signature_problem(definition, scope.functions[key]):
        return Problem("signature", signature)
    try:
        tree = _compiled(key, body, scope)
        names = "; ".join(name_problems(tree, key, scope))
        imports = "" if key in scope.for_some else "; ".join(_import_problems(tree, package, search_path))
    except SyntaxError as error:
        return Problem("syntax", f"invalid syntax: {error.msg}")
    except (RecursionError, MemoryError, ValueError) as error:
        return Problem("syntax", f"it cannot be compiled: {type(error).__name__}")
    if names:
        return Problem("names", names)
    return Problem("imports", imports) if imports else None


def _compiled(key: str, body: str, scope: Scope) -> ast.Module:
    """The body in its place, as a tree that compiles. Raises SyntaxError, or what the compiler gives up with."""
    statements = ast.parse(body).body
    if any(_is_future_import(node) for statement in statements for node in ast.walk(statement)):
        raise SyntaxError("`from __future__` stands at the start of a module, never in a function")
    tree = in_place(key, statements, scope)
    with quietly():
        compile(tree, "<body>", "exec", dont_inherit=True)
    return tree


def _import_problems(tree: ast.Module, package: str, search_path: Sequence[str]) -> Iterator[str]:
    optional = imports_that_may_fail(tree)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)) and node not in optional and not _is_future_import(node):
            yield from import_problems(node, package, search_path)


def _is_future_import(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__" and not node.level
