"""The names that a scope binds, read from its syntax tree."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitc_import.source.definitions import FUNCTIONS
from jitc_import.source.injected import exported_members, takes_more

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jitc_import.source.definitions import Function

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (*FUNCTIONS, ast.ClassDef, ast.Lambda)


@dataclass(frozen=True)
class Bindings:
    """What the statements of one scope bind.

    `names` exist when the program runs, `typing_only` are bound under `if TYPE_CHECKING:` alone; `open` says that a
    star import, or the module itself as it runs, may bind more.
    """

    names: frozenset[str]
    typing_only: frozenset[str]
    open: bool


def module_bindings(tree: ast.Module) -> Bindings:
    """What a module binds at its top level, and by `global` statements in its functions."""
    typing_only: set[str] = set()
    names = set(_bound(tree.body, typing_only)) | set(_declared_global(tree))
    names -= _only_caught(tree)
    names.update(name for node in exported_members(tree) for name in _bound(node.body, set()))
    return Bindings(frozenset(names - {"*"}), frozenset(typing_only - names), "*" in names or takes_more(tree))


def names_bound(statements: Iterable[ast.stmt]) -> list[str]:
    """The names that statements bind in their own scope, each as often as it is bound."""
    return list(_bound(statements, set()))


def globals_made(tree: ast.AST) -> frozenset[str]:
    """The names of the module that functions in `tree` create; `global total; total += 1` creates none."""
    changed = {id(node.target) for node in ast.walk(tree) if isinstance(node, ast.AugAssign)}
    bound = {name for node in ast.walk(tree) if id(node) not in changed for name in _bound_here(node)}
    return frozenset(bound.intersection(_declared_global(tree)))


def function_bindings(node: Function) -> frozenset[str]:
    """The names local to a function: its parameters and what its body binds."""
    return frozenset(_parameters(node)) | frozenset(_bound(node.body, set()))


def bound_once(node: Function) -> frozenset[str]:
    """The local names of a function that keep their first value: bound in one place, and that not in a loop."""
    names = [*_parameters(node), *_bound(node.body, set())]
    again = [name for inner in ast.walk(node) if isinstance(inner, ast.Nonlocal) for name in inner.names]
    loops = (inner for inner in ast.walk(node) if isinstance(inner, (ast.For, ast.AsyncFor, ast.While)))
    again += [name for loop in loops for name in _bound([loop], set())]
    return frozenset(name for name in names if names.count(name) == 1 and name not in again)


def _parameters(node: Function) -> list[str]:
    arguments = node.args
    parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [one.arg for one in (*parameters, arguments.vararg, arguments.kwarg) if one]


def _bound(nodes: Iterable[ast.AST], typing_only: set[str]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.If) and is_type_checking(node.test):
            typing_only.update(_bound(node.body, typing_only))
            yield from _bound(node.orelse, typing_only)
            continue
        yield from _bound_here(node)
        if isinstance(node, _COMPREHENSIONS):
            yield from (inner.target.id for inner in ast.walk(node) if isinstance(inner, ast.NamedExpr))
        elif not isinstance(node, _SCOPES):
            yield from _bound(ast.iter_child_nodes(node), typing_only)


def _only_caught(tree: ast.Module) -> set[str]:
    """Names of the module that only an `except … as` binds: they are gone after its block."""
    caught: set[str] = set()
    bound: set[str] = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        (caught if isinstance(node, ast.ExceptHandler) else bound).update(_bound_here(node))
        if not isinstance(node, (*_SCOPES, *_COMPREHENSIONS)):
            waiting.extend(ast.iter_child_nodes(node))
    return caught - bound


def _bound_here(node: ast.AST) -> Iterator[str]:
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        yield node.name
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest


def _declared_global(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            yield from node.names


def is_type_checking(test: ast.expr) -> bool:
    """Whether the condition of an `if` is that only type checkers read on."""
    name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", None)
    return name == "TYPE_CHECKING"
