"""What the names in a body stand for: local values, what the module binds, builtins, or something imported."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jitc_import.checks.chains import chain_of
from jitc_import.source.bindings import function_bindings, module_bindings
from jitc_import.source.definitions import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jitc_import.source.definitions import Function

    Scopes = tuple["Scope", ...]

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (*FUNCTIONS, ast.ClassDef, ast.Lambda)
_BUILTINS = frozenset({*dir(builtins), "__builtins__", "__loader__", "__spec__"})

LOCAL, OWN = "", "<module>"
"""What a name is that stands for nothing imported: a local one, or one that the module binds."""


@dataclass(frozen=True)
class Scope:
    """The names that one scope binds, and what its imports make of some of them (dotted; relative ones with dots).

    `made` says of some what was called to make them.
    """

    bound: frozenset[str]
    imports: Mapping[str, frozenset[str]] = field(default_factory=dict)
    made: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def origins(self, name: str) -> frozenset[str] | None:
        """What a name may stand for; None where this scope does not bind it."""
        if name in self.imports:
            return self.imports[name]
        return frozenset({LOCAL}) if name in self.bound else None


def origins(name: str, scopes: Sequence[Scope]) -> frozenset[str]:
    """What a name may stand for in the innermost of `scopes`, the first of which is the module's."""
    for scope in reversed(scopes):
        found = scope.origins(name)
        if found is not None:
            return frozenset({OWN}) if scope is scopes[0] and found == {LOCAL} else found
    return frozenset({f"builtins.{name}" if name in _BUILTINS else OWN})


def origins_of(node: ast.expr, scopes: Sequence[Scope]) -> frozenset[str]:
    """What a name that is read may stand for; nothing for other expressions."""
    return origins(node.id, scopes) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) else frozenset()


def called(node: ast.Call, scopes: Sequence[Scope]) -> set[str]:
    """The dotted names of what a call may call."""
    start, names = chain_of(node.func)
    return {".".join([origin, *names]) for origin in origins_of(start, scopes)}


def makers_of(node: ast.expr, scopes: Sequence[Scope]) -> frozenset[str]:
    """What was called to make a value: of the module's own, `OWN.name`, and what is imported."""
    if isinstance(node, ast.Name):
        found = next((scope for scope in reversed(scopes) if node.id in scope.bound or node.id in scope.made), None)
        return found.made.get(node.id, frozenset()) if found else frozenset()
    return frozenset(_makers(node, scopes)) if isinstance(node, ast.Call) else frozenset()


def _makers(node: ast.Call, scopes: Sequence[Scope]) -> Iterator[str]:
    for path in called(node, scopes):
        if path == OWN and isinstance(node.func, ast.Name):
            yield f"{OWN}.{node.func.id}"
        elif path and not path.startswith((".", OWN)):
            yield path


def module_scope(module: ast.Module) -> Scope:
    """The scope of a module."""
    return Scope(module_bindings(module).names, _imports(module.body))


def with_globals(scope: Scope, function: Function) -> Scope:
    """The scope of a module where a function adds imports to it that it declares global."""
    declared = {name for node in ast.walk(function) if isinstance(node, ast.Global) for name in node.names}
    if not declared:
        return scope
    inside = _imports([function], into=True)
    added = {name: scope.imports.get(name, frozenset()) | inside[name] for name in declared & set(inside)}
    return Scope(scope.bound, {**scope.imports, **added}, scope.made)


def function_scope(node: Function) -> Scope:
    """The scope of a function's body."""
    declared = {name for inner in ast.walk(node) if isinstance(inner, ast.Global) for name in inner.names}
    imports = {name: found for name, found in _imports(node.body).items() if name not in declared}
    return Scope(function_bindings(node) - declared, imports)


def inner_scopes(node: ast.AST) -> tuple[Scope, ...]:
    """The scope that a node opens for what stands in it, if it opens one."""
    if isinstance(node, FUNCTIONS):
        return (function_scope(node),)
    if isinstance(node, ast.Lambda):
        arguments = node.args
        parameters = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
        return (Scope(frozenset(one.arg for one in parameters if one)),)
    if isinstance(node, COMPREHENSIONS):
        targets = (inner for generator in node.generators for inner in ast.walk(generator.target))
        return (Scope(frozenset(inner.id for inner in targets if isinstance(inner, ast.Name))),)
    if isinstance(node, ast.ClassDef):  # its other names may turn out to be those outside
        return (Scope(frozenset(), _imports(node.body)),)
    return ()


def in_scopes(body: Iterable[ast.AST], scopes: Sequence[Scope]) -> Iterator[tuple[ast.AST, tuple[Scope, ...]]]:
    """Each node of a body with the scopes that it stands in."""
    waiting = [(node, tuple(scopes)) for node in body]
    while waiting:
        node, around = waiting.pop()
        yield node, around
        outside = outside_parts(node)
        inside, seen = around + inner_scopes(node), set(map(id, outside))
        waiting += [(part, around) for part in outside]
        waiting += [(part, inside) for part in ast.iter_child_nodes(node) if id(part) not in seen]


def outside_parts(node: ast.AST) -> list[ast.AST]:
    """The parts of a node that opens a scope which are evaluated outside of it."""
    if isinstance(node, FUNCTIONS):
        return [*node.decorator_list, *_evaluated(node.args), *([node.returns] if node.returns else [])]
    if isinstance(node, ast.Lambda):
        return _evaluated(node.args)
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *node.keywords]
    if isinstance(node, COMPREHENSIONS):
        return [node.generators[0].iter]
    return []


def imported_paths(module: ast.Module) -> frozenset[str]:
    """The dotted names of all that a module imports outside of its functions, and in those that are no stubs."""
    return frozenset(path for paths in _imports([module], into=True).values() for path in paths)


def import_targets(statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """Each name that an import binds with the dotted name it stands for."""
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            top = alias.name.partition(".")[0]
            yield (alias.asname, alias.name) if alias.asname else (top, top)
        return
    module = "." * statement.level + (statement.module or "")
    for alias in statement.names:
        yield alias.asname or alias.name, f"{module}{'' if module.endswith('.') else '.'}{alias.name}"


def _evaluated(arguments: ast.arguments) -> list[ast.AST]:
    """Defaults and annotations."""
    parameters = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    annotations = [one.annotation for one in parameters if one and one.annotation]
    return [*arguments.defaults, *(each for each in arguments.kw_defaults if each), *annotations]


def _imports(body: Iterable[ast.AST], *, into: bool = False) -> dict[str, frozenset[str]]:
    """What names stand for by the imports among some statements; `into` functions and classes, too, if wanted."""
    found: dict[str, frozenset[str]] = {}
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for name, path in import_targets(node):
                found[name] = found.get(name, frozenset()) | {path}
        elif into or not isinstance(node, _SCOPES):
            waiting.extend(child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr))
    return found
