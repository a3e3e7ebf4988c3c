"""Functions of a syntax tree by key. Standard library only: the import path uses it.

A key names one definition of a module: its qualified name as `__qualname__` has it, and where several definitions
share that name, the number of this one in source order (`Circle.radius`, `Circle.radius#2`, `outer.<locals>.inner`).
"""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Function = ast.FunctionDef | ast.AsyncFunctionDef

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def make_key(qualname: str, ordinal: int) -> str:
    """The key of the `ordinal`-th (1-based) definition of `qualname`."""
    return qualname if ordinal == 1 else f"{qualname}#{ordinal}"


def qualname_of(key: str) -> str:
    """The qualified name in a key: `Circle.radius#2` gives `Circle.radius`."""
    return key.partition("#")[0]


def definitions(tree: ast.AST) -> Iterator[tuple[str, Function]]:
    """Each function definition of `tree` with its key, outer before inner, in source order."""
    seen: dict[str, int] = {}
    for qualname, node in _named(tree, ""):
        if isinstance(node, FUNCTIONS):
            seen[qualname] = ordinal = seen.get(qualname, 0) + 1
            yield make_key(qualname, ordinal), node


def classes(tree: ast.AST) -> Iterator[tuple[str, ast.ClassDef]]:
    """Each class definition of `tree` with its qualified name, outer before inner, in source order."""
    return ((qualname, node) for qualname, node in _named(tree, "") if isinstance(node, ast.ClassDef))


def first_line(node: Function | ast.ClassDef) -> int:
    """The line (1-based) a definition begins on, its decorators included, as `co_firstlineno` counts it."""
    return node.decorator_list[0].lineno if node.decorator_list else node.lineno


def start_line(node: ast.stmt) -> int:
    """The line (1-based) a statement begins on, decorators included."""
    return first_line(node) if isinstance(node, (*FUNCTIONS, ast.ClassDef)) else node.lineno


def docstring_statement(node: Function | ast.ClassDef | ast.Module) -> ast.stmt | None:
    """The statement that is the docstring of `node`, if it has one."""
    if not node.body:
        return None
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return first
    return None


def _named(tree: ast.AST, prefix: str) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    waiting = [(tree, prefix)]  # a stack of its own: a chain of `elif` may be deeper than Python's
    while waiting:
        node, prefix = waiting.pop()
        if isinstance(node, FUNCTIONS):
            yield prefix + node.name, node
            prefix = f"{prefix}{node.name}.<locals>."
        elif isinstance(node, ast.ClassDef):
            yield prefix + node.name, node
            prefix = f"{prefix}{node.name}."
        waiting.extend((child, prefix) for child in reversed(list(statements_in(node))))


def statements_in(node: ast.AST) -> Iterator[ast.AST]:
    """The statements, except-handlers and match-cases directly in `node`; expressions hold no definitions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.stmt, ast.ExceptHandler, ast.match_case)):
            yield child
