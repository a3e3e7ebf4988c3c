"""Other names for what a module binds or imports: `run = subprocess.run`, `row = GRID[0]`, `for row in GRID`."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from jitc_import.checks.chains import chain_of, target_root
from jitc_import.checks.origins import LOCAL, OWN, Scope, makers_of, origins

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from jitc_import.checks.origins import Scopes
    from jitc_import.source.definitions import Function

_LONGEST_CHAIN = 3
"""Names through which a name is followed: `a = json`, `b = a.decoder`, `c = b.JSONDecoder`."""


def with_renamed(scope: Scope, tree: ast.Module | Function, around: Scopes = ()) -> Scope:
    """The scope of a module, or of a function in others, with what its names stand for.

    Those that only ever stand for something imported, or built in, or for what a call made, say so.
    """
    given = list(_assigned(tree.body) if isinstance(tree, ast.Module) else _given(tree, loops=False))
    bound = Counter(_bound(tree))
    for _ in range(_LONGEST_CHAIN):
        scopes = (*around, scope)
        made = _always([(name, makers_of(value, scopes)) for name, value in given], bound)
        renamed = _always([(name, _paths(value, scopes)) for name, value in given], bound)
        further = Scope(scope.bound, {**renamed, **scope.imports}, made)
        if further == scope:
            break
        scope = further
    return scope


def with_parts(scope: Scope, function: Function, module: Scope, defined: Collection[str]) -> Scope:
    """The scope of a function in which names that only ever stand for parts of the module's own values say so.

    `defined` are the functions and classes of the module: what is made of them is new.
    """
    parts = ((name, _is_own(value, scope, module, defined)) for name, value in _given(function, loops=True))
    own = _always(((name, frozenset([OWN] if is_own else ())) for name, is_own in parts), Counter(_bound(function)))
    return Scope(scope.bound, {**own, **scope.imports}, scope.made)


def _always(meant: Iterable[tuple[str, frozenset[str]]], bound: Counter[str]) -> dict[str, frozenset[str]]:
    """What is meant by the values that names are given, for names all of whose values mean something."""
    found: dict[str, list[frozenset[str]]] = {}
    for name, paths in meant:
        if paths:
            found.setdefault(name, []).append(paths)
    return {name: frozenset().union(*paths) for name, paths in found.items() if len(paths) == bound[name]}


def _paths(value: ast.expr, scopes: Scopes) -> frozenset[str]:
    start, names = chain_of(value)
    found = origins(start.id, scopes) - {LOCAL, OWN} if isinstance(start, ast.Name) else frozenset[str]()
    return frozenset(".".join([path, *names]) for path in found)


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
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _paired(target, node.value)
        elif isinstance(node, ast.AnnAssign) and node.value:
            yield from _paired(node.target, node.value)


def _paired(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """The names of a target with what each is given, where it can be seen."""
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for one, its in zip(target.elts, value.elts, strict=True):
            yield from _paired(one, its)


def _given(function: Function, *, loops: bool) -> Iterator[tuple[str, ast.expr]]:
    """The names to which a value, or in `loops` its parts one by one, are given."""
    for node in ast.walk(function):
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            yield from _assigned([node])
        elif isinstance(node, ast.NamedExpr) and isinstance(node.target, ast.Name):
            yield node.target.id, node.value
        elif loops and isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            yield node.target.id, node.iter
