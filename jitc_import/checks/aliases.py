"""Other names for what a module binds or imports: `run = subprocess.run`, `row = GRID[0]`, `for row in GRID`."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from jitc_import.checks.chains import chain_of, target_root
from jitc_import.checks.origins import LOCAL, OWN, Scope, origins

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from jitc_import.source.definitions import Function


def with_renamed(scope: Scope, module: ast.Module) -> Scope:
    """The scope of a module in which names that stand for nothing but something imported, or built in, say so."""
    bound = Counter(_bound(module))
    found: dict[str, frozenset[str]] = {}
    for name, value in _assigned(module.body):
        start, names = chain_of(value)
        if bound[name] == 1 and isinstance(start, ast.Name):
            paths = origins(start.id, (scope,)) - {LOCAL, OWN}
            found[name] = frozenset(".".join([path, *names]) for path in paths)
    return Scope(scope.bound, {**{name: paths for name, paths in found.items() if paths}, **scope.imports})


def with_parts(scope: Scope, function: Function, module: Scope, defined: Collection[str]) -> Scope:
    """The scope of a function in which names that only ever stand for parts of the module's own values say so.

    `defined` are the functions and classes of the module: what is made of them is new.
    """
    bound = Counter(_bound(function))
    parts = Counter(name for name, value in _given(function) if _is_own(value, scope, module, defined))
    own = {name: frozenset({OWN}) for name, count in parts.items() if count == bound[name]}
    return Scope(scope.bound, {**own, **scope.imports})


def _is_own(value: ast.expr, scope: Scope, module: Scope, defined: Collection[str]) -> bool:
    start, _ = target_root(value)
    if not isinstance(start, ast.Name) or start.id in scope.bound or start.id in defined:
        return False
    return start.id in module.bound and module.origins(start.id) == frozenset({LOCAL})


def _bound(tree: ast.AST) -> Iterator[str]:
    """The names that are bound in a tree, as often as they are."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, (ast.arg, ast.alias)):
            yield node.arg if isinstance(node, ast.arg) else node.asname or node.name


def _assigned(statements: list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    for node in statements:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value


def _given(function: Function) -> Iterator[tuple[str, ast.expr]]:
    """The names to which a value, or its parts one by one, are given."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            yield from _assigned([node])
        elif isinstance(node, (ast.For, ast.NamedExpr)) and isinstance(node.target, ast.Name):
            yield node.target.id, node.iter if isinstance(node, ast.For) else node.value
