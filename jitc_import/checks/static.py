"""The checks that run nothing: syntax, signature and shape, names, imports, attributes, effects."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from jitc_import.checks.attributes import attribute_problems
from jitc_import.checks.effects import effects_of
from jitc_import.checks.expected import Called, unexpected_effects
from jitc_import.checks.imports import import_problems
from jitc_import.checks.members import Classes
from jitc_import.checks.names import in_place, name_problems
from jitc_import.checks.origins import imported_paths
from jitc_import.checks.platforms import imports_that_may_fail
from jitc_import.checks.shape import overwritten_parameters, shape_problem
from jitc_import.checks.signature import signature_problem
from jitc_import.source.definitions import FUNCTIONS, qualname_of
from jitc_import.source.quiet import quietly
from jitc_import.source.spec import docstring_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from jitc_import.checks.effects import Effects
    from jitc_import.checks.names import Scope
    from jitc_import.source.definitions import Function

UNASKED = "nothing in its stub or module calls for"
"""What is said of effects that are not to be expected."""

STATIC_CHECKS = ("syntax", "signature", "names", "imports", "attributes")
"""What a body has passed that `static_problem` finds nothing wrong with, as the companion file records it."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a candidate: the check that found it, and the words for the model and the user."""

    check: str
    text: str


@dataclass(frozen=True)
class Surroundings:
    """What stands around the candidates of one module: its tree, and by key the `bodies` that other stubs have.

    `bodies` holds those that are kept and those of the same reply; `lacking` the keys of stubs without any. `hints`
    are further words of stubs by key, `strict` makes each effect that nothing calls for an error.
    """

    tree: ast.Module
    bodies: Mapping[str, str] = field(default_factory=dict)
    lacking: Collection[str] = ()
    hints: Mapping[str, str] = field(default_factory=dict)
    strict: bool = False

    @cached_property
    def classes(self) -> Classes:
        """The classes of the module, with the bodies of their methods."""
        return Classes(self.tree, self.parsed, [*self.lacking, *(key for key in self.bodies if key not in self.parsed)])

    @cached_property
    def parsed(self) -> Mapping[str, list[ast.stmt]]:
        """The bodies that can be parsed."""
        return {key: statements for key, body in self.bodies.items() if (statements := _parsed(body)) is not None}

    @cached_property
    def imported(self) -> frozenset[str]:
        """What the module imports, by dotted name."""
        return imported_paths(self.tree)


def static_problem(  # noqa: PLR0913 -- the last is for what only some callers have
    key: str,
    definition: Function,
    body: str,
    scope: Scope,
    package: str,
    search_path: Sequence[str],
    *,
    around: Surroundings | None = None,
) -> Problem | None:
    """Why a candidate is not acceptable; None where it is.

    `definition` is the function as the model wrote it, `body` the statements that would go under the stub's `def`
    line, `package` the module's `__package__`. The first check that fails decides. Attributes and effects are checked
    where it is told what stands `around`.
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
    for check, text in (("shape", _shape_problem(key, body, scope, around)), ("names", names), ("imports", imports)):
        if text:
            return Problem(check, text)
    return _problem_around(key, body, scope, package, search_path, around) if around else None


def effects_in_place(key: str, body: str, scope: Scope, package: str, around: Surroundings) -> Effects:
    """The effects of a body that compiles, as the stub `key` would have them."""
    return effects_of(_function(key, body, scope), around.tree, scope.enclosing[key], package, around.parsed)


def called_for(key: str, scope: Scope, package: str, around: Surroundings) -> Called:
    """What may call for effects of a body of the stub `key`."""
    stub, enclosing = scope.functions[key], scope.enclosing[key]
    words = [qualname_of(key), docstring_of(stub) or "", around.hints.get(key, "")]
    stood_in = [docstring_of(node) or "" for node in enclosing]
    summary = (docstring_of(around.tree) or "").strip().partition("\n\n")[0]
    given = [ast.unparse(stub.args), ast.unparse(stub.returns) if stub.returns else "", *stood_in, summary]
    drafted = effects_of(stub, around.tree, enclosing, package).kinds
    return Called(" ".join(words), " ".join(given), around.imported, frozenset(drafted))


def _problem_around(
    key: str, body: str, scope: Scope, package: str, search_path: Sequence[str], around: Surroundings
) -> Problem | None:
    if key not in scope.for_some:
        function = _function(key, body, scope)
        found = attribute_problems(function, scope.enclosing[key], around.classes, package, search_path)
        if text := "; ".join(found):
            return Problem("attributes", text)
    effects = effects_in_place(key, body, scope, package, around)
    if effects.refused:
        return Problem("effects", effects.refused)
    unexpected = unexpected_effects(effects, called_for(key, scope, package, around)) if around.strict else ()
    if unexpected:
        shown = ", ".join(unexpected)
        return Problem("effects", f"effects that {UNASKED}: {shown}")
    return None


def _shape_problem(key: str, body: str, scope: Scope, around: Surroundings | None) -> str:
    stub, statements = scope.functions[key], ast.parse(body).body
    classes = around.classes.by_name if around else ()
    return shape_problem(statements, stub, classes) or "; ".join(overwritten_parameters(statements, stub))


def _function(key: str, body: str, scope: Scope) -> Function:
    """The stub with a body, without the scopes around it."""
    stub = scope.functions[key]
    made = ast.parse("async def f(): pass" if isinstance(stub, ast.AsyncFunctionDef) else "def f(): pass").body[0]
    assert isinstance(made, FUNCTIONS)  # noqa: S101
    made.name, made.args, made.decorator_list = stub.name, stub.args, stub.decorator_list
    made.body = ast.parse(body).body or [ast.Pass()]
    return made


def _parsed(body: str) -> list[ast.stmt] | None:
    try:
        return ast.parse(body).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


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
