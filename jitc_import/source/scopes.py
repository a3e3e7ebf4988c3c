"""What a name in a module resolves to: bindings by scope, followed through imports and plain assignments."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

_STAR_NAMES = {
    "jitc_import": ("llm_complete", "llm_mock"),
    "typing": ("overload", "Protocol", "TYPE_CHECKING"),
    "typing_extensions": ("overload", "Protocol"),
    "abc": ("abstractmethod", "abstractproperty", "abstractclassmethod", "abstractstaticmethod"),
}
"""What a star import of these modules binds, of the names that anyone here asks for."""

_LONGEST_CHAIN = 50
"""Aliases of aliases that are followed before a name counts as unknown."""


@dataclass(frozen=True)
class Origin:
    """What an expression is: a dotted name, and the calls that were made on it (`llm_complete(model="x")`: one)."""

    name: str
    calls: tuple[ast.Call, ...] = ()


class Binding:
    """One binding of a name: to an imported name (a text), to an expression, or to something else (None)."""

    __slots__ = ("conditional", "found", "line", "value")

    def __init__(self, line: int, value: str | ast.expr | None, *, conditional: bool) -> None:
        self.line = line
        self.value = value
        self.conditional = conditional
        self.found: tuple[Origin, ...] | None = None


class Scope:
    """A module, class or function and the names it binds."""

    def __init__(self, kind: Literal["module", "class", "function"], parent: Scope | None = None) -> None:
        self.kind = kind
        self.parent = parent
        self.bindings: dict[str, list[Binding]] = {}

    def bind(self, name: str, line: int, value: str | ast.expr | None = None, *, conditional: bool = False) -> None:
        """Note that `name` is bound at `line`; conditional if that need not happen."""
        self.bindings.setdefault(name, []).append(Binding(line, value, conditional=conditional))

    def lookup(self, name: str, line: int) -> tuple[Scope, list[Binding]] | None:
        """The scope that binds `name` as seen from `line` of this one, and the bindings that may be in force there."""
        scope: Scope | None = self
        while scope:
            if scope is self or scope.kind != "class":
                before = [binding for binding in scope.bindings.get(name, ()) if binding.line < line]
                if before:
                    return scope, _in_force(before)
            if scope.kind == "function":
                line = sys.maxsize  # the body runs later, when the scopes around it are complete
            scope = scope.parent
        return None

    def origins(self, expression: ast.expr, line: int, depth: int = 0) -> tuple[Origin, ...]:
        """All that `expression`, evaluated in this scope at `line`, may be; empty if that is not known."""
        if depth > _LONGEST_CHAIN:
            return ()
        if isinstance(expression, ast.Name):
            return self._name_origins(expression.id, line, depth)
        if isinstance(expression, ast.Attribute):
            owners = self.origins(expression.value, line, depth + 1)
            return tuple(Origin(f"{owner.name}.{expression.attr}") for owner in owners if not owner.calls)
        if isinstance(expression, ast.Call):
            callees = self.origins(expression.func, line, depth + 1)
            return tuple(Origin(callee.name, (*callee.calls, expression)) for callee in callees)
        return ()

    def _name_origins(self, name: str, line: int, depth: int) -> tuple[Origin, ...]:
        found = self.lookup(name, line)
        if found is None:
            return ()
        scope, bindings = found
        every = (origin for binding in bindings for origin in _binding_origins(scope, binding, depth))
        return tuple(dict.fromkeys(every))


def bind_statement(scope: Scope, node: ast.AST, *, conditional: bool) -> None:
    """Note the names that a statement, except-handler or match-case itself binds in `scope`."""
    line = getattr(node, "lineno", 0)
    for name, value in _bound_names(node):
        scope.bind(name, line, value, conditional=conditional)


def bind_parameters(scope: Scope, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """Note the parameters of a function in its own scope."""
    every = node.args
    for parameter in (*every.posonlyargs, *every.args, *every.kwonlyargs, every.vararg, every.kwarg):
        if parameter is not None:
            scope.bind(parameter.arg, 0)


def _in_force(bindings: list[Binding]) -> list[Binding]:
    """The bindings from the last unconditional one on."""
    for position in range(len(bindings) - 1, 0, -1):
        if not bindings[position].conditional:
            return bindings[position:]
    return bindings


def _binding_origins(scope: Scope, binding: Binding, depth: int) -> tuple[Origin, ...]:
    if binding.found is None:
        if isinstance(binding.value, str):
            binding.found = (Origin(binding.value),)
        elif binding.value is None:
            binding.found = ()
        else:
            binding.found = scope.origins(binding.value, binding.line, depth + 1)
    return binding.found


def _bound_names(node: ast.AST) -> Iterator[tuple[str, str | ast.expr | None]]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield (alias.asname, alias.name) if alias.asname else (alias.name.partition(".")[0],) * 2
    elif isinstance(node, ast.ImportFrom):
        yield from _imported_names(node)
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name, None
    else:
        for target, value in _targets(node):
            yield from _target_names(target, value)


def _targets(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """What a statement assigns to, and the expression that it assigns where that is plain."""
    if isinstance(node, ast.Assign):
        yield from ((target, node.value) for target in node.targets)
    elif isinstance(node, ast.AnnAssign) and node.value:
        yield node.target, node.value
    elif isinstance(node, (ast.AugAssign, ast.For, ast.AsyncFor)):
        yield node.target, None
    elif isinstance(node, (ast.With, ast.AsyncWith)):
        yield from ((item.optional_vars, None) for item in node.items if item.optional_vars)


def _imported_names(node: ast.ImportFrom) -> Iterator[tuple[str, str]]:
    module = "." * node.level + (node.module or "")
    for alias in node.names:
        if alias.name == "*":
            for name in _STAR_NAMES.get(module, ()):
                yield name, f"{module}.{name}"
        else:
            yield alias.asname or alias.name, f"{module}.{alias.name}"


def _target_names(target: ast.expr, value: ast.expr | None) -> Iterator[tuple[str, ast.expr | None]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Starred):
        yield from _target_names(target.value, None)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            yield from _target_names(element, None)
