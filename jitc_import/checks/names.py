"""Whether every name that a body uses exists: local, enclosing, of the module, or builtin."""

from __future__ import annotations

import ast
import builtins
import symtable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jitc_import.checks.platforms import functions_for_some
from jitc_import.source.bindings import Bindings, function_bindings, globals_made, module_bindings
from jitc_import.source.definitions import FUNCTIONS, definitions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitc_import.source.definitions import Function

_MODULE_NAMES = frozenset(
    {
        *("__annotations__", "__builtins__", "__cached__", "__doc__", "__file__", "__loader__", "__name__"),
        *("__package__", "__spec__"),
    }
)
_CLASS_NAMES = frozenset({"__module__", "__qualname__", "__firstlineno__", "__static_attributes__"})
"""What the body of a class finds in its own namespace from the start."""

_BUILTINS = frozenset(dir(builtins)) | _MODULE_NAMES


@dataclass(frozen=True)
class Scope:
    """Where the bodies of one module stand: its bindings, and for each key the scopes around that definition.

    `for_some` are the keys of the functions that only some platforms define.
    """

    bindings: Bindings
    enclosing: dict[str, tuple[Function | ast.ClassDef, ...]]
    functions: dict[str, Function]
    future_annotations: bool
    for_some: frozenset[str] = frozenset()

    @classmethod
    def of(cls, tree: ast.Module, names: frozenset[str] = frozenset()) -> Scope:
        """The scope of a module, from its syntax tree; `names` are bound besides."""
        functions = dict(definitions(tree))
        keys = {id(node): key for key, node in functions.items()}
        enclosing = {keys[id(node)]: around for node, around in _with_enclosing(tree, ())}
        bindings = module_bindings(tree)
        bindings = replace(bindings, names=bindings.names | names)
        for_some = frozenset(keys[id(node)] for node in functions_for_some(tree))
        return cls(bindings, enclosing, functions, _has_future_annotations(tree), for_some)

    def with_names(self, names: frozenset[str]) -> Scope:
        """The same where the module binds `names`, too."""
        return replace(self, bindings=replace(self.bindings, names=self.bindings.names | names))


def in_place(key: str, body: list[ast.stmt], scope: Scope) -> ast.Module:
    """The body under its stub's parameters, inside stand-ins for the scopes around it."""
    stub = scope.functions[key]
    node: ast.stmt = _function(stub, _bare(stub.args), body)
    for around in reversed(scope.enclosing[key]):
        node = _stand_in(around, node)
    future: list[ast.stmt] = [ast.parse("from __future__ import annotations").body[0]] * scope.future_annotations
    return ast.fix_missing_locations(ast.Module([*future, node], type_ignores=[]))


def name_problems(tree: ast.Module, key: str, scope: Scope) -> Iterator[str]:
    """The names that a body uses and that do not exist, one text each; `tree` is what `in_place` gave."""
    table = symtable.symtable(ast.unparse(_WithoutLocalAnnotations().visit(tree)), "<body>", "exec")
    for _ in scope.enclosing[key]:
        table = _child(table)
    known = scope.bindings.names | _BUILTINS | globals_made(tree)
    known |= {name for node in (*scope.enclosing[key], scope.functions[key]) for name in _type_parameters(node)}
    if any(isinstance(node, ast.ClassDef) for node in scope.enclosing[key]) or not _wants_class(tree):
        known |= {"__class__"}
    for name in sorted(_globals_used(_child(table))):
        if name in scope.bindings.typing_only:
            yield f"the name {name} is imported for type checkers only; a body that needs it must import it itself"
        elif not (name in known or scope.bindings.open):
            advice = _advice(name, key, scope) or "neither in the module, nor a builtin, nor imported here"
            yield f"the name {name} does not exist ({advice})"


def _wants_class(tree: ast.Module) -> bool:
    """Whether the name `__class__` is really used; to Python's symbol table each use of `super` is one of it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == "__class__":
            return True
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "super" and not node.args:
            return True
    return False


def _type_parameters(node: ast.AST) -> list[str]:
    """The names in the brackets of `def f[T]` and `class C[T]`."""
    return [parameter.name for parameter in getattr(node, "type_params", [])]


def _advice(name: str, key: str, scope: Scope) -> str | None:
    """How the body reaches a method of its own class, if that is what the name means."""
    holder = scope.enclosing[key][-1] if scope.enclosing[key] else None
    parameters = scope.functions[key].args
    first = [*parameters.posonlyargs, *parameters.args][:1]
    if not isinstance(holder, ast.ClassDef) or not first:
        return None
    is_method = any(isinstance(node, FUNCTIONS) and node.name == name for node in holder.body)
    return f"write {first[0].arg}.{name}" if is_method else None


def _child(table: symtable.SymbolTable) -> symtable.SymbolTable:
    """The one scope that stands in another, type parameters aside."""
    return next(child for child in table.get_children() if child.get_type() in {"function", "class"})


def _globals_used(table: symtable.SymbolTable) -> Iterator[str]:
    given = _CLASS_NAMES if table.get_type() == "class" else frozenset()
    for symbol in table.get_symbols():
        used = symbol.is_declared_global() or (symbol.is_global() and symbol.is_referenced() and not _is_bound(symbol))
        if used and symbol.get_name() not in given:
            yield symbol.get_name()
    for child in table.get_children():
        yield from _globals_used(child)


def _is_bound(symbol: symtable.Symbol) -> bool:
    """Whether a scope binds a name itself; `is_global` is wrong about that in a scope that is called `top`."""
    return symbol.is_assigned() or symbol.is_parameter() or symbol.is_imported()


def _bare(arguments: ast.arguments) -> ast.arguments:
    """Parameters without annotations and defaults."""
    return ast.arguments(
        posonlyargs=[ast.arg(parameter.arg) for parameter in arguments.posonlyargs],
        args=[ast.arg(parameter.arg) for parameter in arguments.args],
        vararg=ast.arg(arguments.vararg.arg) if arguments.vararg else None,
        kwonlyargs=[ast.arg(parameter.arg) for parameter in arguments.kwonlyargs],
        kw_defaults=[None for _ in arguments.kwonlyargs],
        kwarg=ast.arg(arguments.kwarg.arg) if arguments.kwarg else None,
        defaults=[],
    )


def _stand_in(around: Function | ast.ClassDef, inner: ast.stmt) -> ast.stmt:
    if isinstance(around, ast.ClassDef):
        holder = ast.parse("class C: pass").body[0]
        holder.name, holder.body = around.name, [inner]  # type: ignore[attr-defined]
        return holder
    bound = sorted(function_bindings(around) - {getattr(inner, "name", "")})
    assignments = [ast.parse(f"{name} = None").body[0] for name in bound]
    nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    return _function(around, nothing, [*assignments, inner])


def _function(like: Function, arguments: ast.arguments, body: list[ast.stmt]) -> ast.stmt:
    """A function of the same name and kind with other parameters and body; no decorators, no annotations."""
    is_async = isinstance(like, ast.AsyncFunctionDef)
    made = ast.parse("async def f(): pass" if is_async else "def f(): pass").body[0]
    made.name, made.args, made.body = like.name, arguments, body or [ast.Pass()]  # type: ignore[attr-defined]
    return made


def _with_enclosing(
    node: ast.AST, around: tuple[Function | ast.ClassDef, ...]
) -> Iterator[tuple[Function, tuple[Function | ast.ClassDef, ...]]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            continue
        if isinstance(child, FUNCTIONS):
            yield child, around
        inner = (*around, child) if isinstance(child, (*FUNCTIONS, ast.ClassDef)) else around
        yield from _with_enclosing(child, inner)


def _has_future_annotations(tree: ast.Module) -> bool:
    return any(
        isinstance(statement, ast.ImportFrom)
        and statement.module == "__future__"
        and any(alias.name == "annotations" for alias in statement.names)
        for statement in tree.body
    )


class _WithoutLocalAnnotations(ast.NodeTransformer):
    """Annotations of local variables are never evaluated, so the names in them need not exist."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        if node.value is None or not isinstance(node.target, ast.Name):
            return node if node.value is not None else ast.copy_location(ast.Pass(), node)
        return ast.copy_location(ast.Assign([node.target], node.value, lineno=node.lineno), node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        """Leave class bodies alone (theirs are evaluated), but look into their methods."""
        node.body = [self.visit(item) if isinstance(item, FUNCTIONS) else item for item in node.body]
        return node
