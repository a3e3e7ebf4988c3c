"""What imports mean: the modules that they name, relative ones resolved."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jitc_import.source.bindings import is_type_checking
from jitc_import.source.definitions import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator


def absolute_name(module: str, level: int, package: str) -> str | None:
    """The dotted name of a module that is named from `level` packages up; None where there are not so many."""
    if not level:
        return module
    parts = package.split(".") if package else []
    if level > len(parts):
        return None
    parents = parts[: len(parts) - level + 1]
    return ".".join([*parents, *([module] if module else [])])


def imported_modules(tree: ast.Module, package: str) -> tuple[str, ...]:
    """The modules that a module of `package` imports when it runs, in its order; those in functions are left out."""
    return tuple(dict.fromkeys(module for module, _ in imports_in(tree, package)))


def certain_imports(tree: ast.Module, package: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """As `imports_in`, of the statements that certainly run: under no condition, and in no `try` or other block."""
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from imports_in(node, package)


def imports_in(node: ast.AST, package: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The modules that are imported when a statement, or module, of `package` runs, and the names taken from each.

    Such a name may be a module, too. Imports in functions are left out.
    """
    if isinstance(node, ast.Import):
        yield from ((alias.name, ()) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        source = absolute_name(node.module or "", node.level, package)
        if source and source != "__future__":
            yield source, tuple(alias.name for alias in node.names if alias.name != "*")
    elif not isinstance(node, (*FUNCTIONS, ast.expr)):
        static = isinstance(node, ast.If) and is_type_checking(node.test)
        children = node.orelse if static and isinstance(node, ast.If) else ast.iter_child_nodes(node)
        for child in children:
            yield from imports_in(child, package)
