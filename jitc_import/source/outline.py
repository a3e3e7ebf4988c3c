"""The functions and classes of a module in source order, each with its key, its place and the names it sees."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitc_import.source.definitions import FUNCTIONS, first_line, make_key, statements_in
from jitc_import.source.scopes import Scope, bind_parameters, bind_statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitc_import.source.definitions import Function
    from jitc_import.source.scopes import Origin

_ALWAYS_RUN = (ast.With, ast.AsyncWith)
_STATIC_ONLY = ("typing.TYPE_CHECKING", "typing_extensions.TYPE_CHECKING")


@dataclass(frozen=True, eq=False)
class Definition:
    """A function or class: its key (a class has one of its own kind), what is around it, where names resolve."""

    key: str
    node: Function | ast.ClassDef
    parent: Definition | None
    scope: Scope
    inner_scope: Scope
    type_checking: bool

    @property
    def function(self) -> Function | None:
        """The node, if this is a function."""
        return None if isinstance(self.node, ast.ClassDef) else self.node

    @property
    def line(self) -> int:
        """The line (1-based) it begins on, decorators included."""
        return first_line(self.node)

    def around(self) -> Iterator[Definition]:
        """The definitions that this one stands in, from the inside out."""
        parent = self.parent
        while parent:
            yield parent
            parent = parent.parent

    def origins(self, expression: ast.expr) -> tuple[Origin, ...]:
        """What an expression in the decorators or bases may be."""
        return self.scope.origins(expression, self.line)

    def decorated_with(self, *names: str) -> bool:
        """Whether a decorator may be one of these dotted names."""
        every = (origin.name for decorator in self.node.decorator_list for origin in self.origins(decorator))
        return any(name in names for name in every)


@dataclass(frozen=True)
class Outline:
    """The definitions of a module, outer before inner, in source order, and its outermost scope."""

    definitions: list[Definition]
    scope: Scope

    def scope_at(self, line: int) -> Scope:
        """The innermost scope around `line`."""
        scope = self.scope
        for definition in self.definitions:
            if definition.node.lineno <= line <= (definition.node.end_lineno or 0):
                scope = definition.inner_scope
        return scope


@dataclass(frozen=True)
class _Place:
    """Where a statement stands while a tree is walked."""

    scope: Scope
    parent: Definition | None = None
    prefix: str = ""
    conditional: bool = False
    type_checking: bool = False


def outline(tree: ast.Module) -> Outline:
    """Find the definitions of `tree`; functions have the keys of `definitions(tree)`."""
    found = Outline([], Scope("module"))
    seen: dict[tuple[bool, str], int] = {}
    waiting: list[tuple[ast.AST, _Place]] = [(tree, _Place(found.scope))]
    while waiting:
        node, place = waiting.pop()
        bind_statement(place.scope, node, conditional=place.conditional)
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            place = _enter(node, place, found.definitions, seen)
        children = list(_children(node, place))
        waiting.extend(reversed(children))
    return found


def _enter(
    node: Function | ast.ClassDef, place: _Place, found: list[Definition], seen: dict[tuple[bool, str], int]
) -> _Place:
    """Note a definition; the place of the statements in it."""
    is_class = isinstance(node, ast.ClassDef)
    qualname = place.prefix + node.name
    seen[is_class, qualname] = ordinal = seen.get((is_class, qualname), 0) + 1
    scope = Scope("class" if is_class else "function", place.scope)
    key = make_key(qualname, ordinal)
    definition = Definition(key, node, place.parent, place.scope, scope, place.type_checking)
    found.append(definition)
    if not isinstance(node, ast.ClassDef):
        bind_parameters(scope, node)
    return _Place(scope, definition, qualname + ("." if is_class else ".<locals>."), False, place.type_checking)


def _children(node: ast.AST, place: _Place) -> Iterator[tuple[ast.AST, _Place]]:
    if isinstance(node, (ast.Module, *FUNCTIONS, ast.ClassDef, *_ALWAYS_RUN)):
        for child in statements_in(node):
            yield child, place
        return
    inner = _Place(place.scope, place.parent, place.prefix, True, place.type_checking)
    if not isinstance(node, ast.If):
        for child in statements_in(node):
            yield child, inner
        return
    static = _Place(place.scope, place.parent, place.prefix, True, True)
    polarity = _type_checking_branch(node, place.scope)
    for child in node.body:
        yield child, static if polarity is True else inner
    for child in node.orelse:
        yield child, static if polarity is False else inner


def _type_checking_branch(node: ast.If, scope: Scope) -> bool | None:
    """Which branch only type checkers read: True the first, False the other, None neither."""
    test, branch = node.test, True
    while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, branch = test.operand, not branch
    if isinstance(test, ast.Name) and test.id == "TYPE_CHECKING":
        return branch
    names = (origin.name for origin in scope.origins(test, node.lineno))
    return branch if any(name in _STATIC_ONLY for name in names) else None
