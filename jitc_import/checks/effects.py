"""What a body does beyond giving a value: an allowlist over its syntax tree.

Accidents are caught and effects are made visible; a body made to deceive is not the matter of this check. What nothing
is known of is an effect, too: "unknown".
"""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from jitc_import.checks.aliases import with_parts, with_renamed
from jitc_import.checks.chains import chain_of, constant_text, terms_of
from jitc_import.checks.changes import Changes, called
from jitc_import.checks.effects_table import REFUSED_NAMES, method_kinds
from jitc_import.checks.findings import Findings
from jitc_import.checks.origins import (
    LOCAL,
    OWN,
    Scope,
    function_scope,
    import_targets,
    imported_paths,
    inner_scopes,
    module_scope,
    origins_of,
    outside_parts,
    with_globals,
)
from jitc_import.checks.special_calls import SELF, SpecialCalls
from jitc_import.source.annotations import annotations_of
from jitc_import.source.definitions import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jitc_import.checks.origins import Scopes
    from jitc_import.source.definitions import Function


@dataclass(frozen=True)
class Effects:
    """What a body does: its kinds, sorted, and why it is refused in any case (None: it is not)."""

    kinds: tuple[str, ...] = ()
    refused: str | None = None

    def __str__(self) -> str:
        """As the companion file records it: `pure`, or the kinds."""
        return ", ".join(self.kinds) or "pure"


def effects_of(
    function: Function, module: ast.Module, around: Iterable[Function | ast.ClassDef] = (), package: str = ""
) -> Effects:
    """The effects of a function's body in a module of `package`; `around` are the scopes it stands in, outermost first.

    Of the module count its imports and the names it binds. Never raises for code that compiles.
    """
    outer = tuple(function_scope(node) for node in around if isinstance(node, FUNCTIONS))
    surroundings = _surroundings(module)
    used = surroundings.imported | imported_paths(ast.Module(function.body, []))
    paths = any(path.partition(".")[0] == "pathlib" for path in used)
    findings = Findings(surroundings.imported, package.partition(".")[0], paths)
    own = with_parts(function_scope(function), function, surroundings.scope, surroundings.defined)
    scopes = (with_globals(surroundings.scope, function), *outer, own)
    _Look(findings, Changes(findings, surroundings.defined)).walk(function.body, scopes)
    return Effects(tuple(sorted(findings.kinds)), findings.refused)


@dataclass(frozen=True)
class _Surroundings:
    """What a module imports, by dotted name, the functions and classes it defines, and its scope."""

    imported: frozenset[str]
    defined: frozenset[str]
    scope: Scope


@lru_cache(maxsize=4)
def _surroundings(module: ast.Module) -> _Surroundings:
    defined = frozenset(node.name for node in module.body if isinstance(node, (*FUNCTIONS, ast.ClassDef)))
    return _Surroundings(imported_paths(module), defined, with_renamed(module_scope(module), module))


class _Look:
    """One body looked through."""

    def __init__(self, findings: Findings, changes: Changes) -> None:
        self._findings, self._changes = findings, changes
        self._special = SpecialCalls(findings, changes, self._reference)

    def walk(self, body: Iterable[ast.AST], scopes: Scopes) -> None:
        """Look at each node with the scopes it stands in; with a stack of its own, as code may be nested deeply."""
        waiting = [(node, scopes) for node in body]
        while waiting:
            node, around = waiting.pop()
            outside = outside_parts(node)
            waiting += [(part, around) for part in outside]
            inside, seen = around + inner_scopes(node), set(map(id, outside))
            waiting += [(part, inside) for part in self._look(node, around) if id(part) not in seen]

    def _look(self, node: ast.AST, scopes: Scopes) -> Iterable[ast.AST]:
        """Note what one node does; returns what is in it still to be looked at."""
        if isinstance(node, (ast.Attribute, ast.Name)):
            return self._reference(node, scopes)
        if isinstance(node, ast.Call):
            return self._call(node, scopes)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return list(self._sum(node))
        if isinstance(node, FUNCTIONS) and any(map(_runs_text, annotations_of(node))):
            self._findings.add("unknown")
        if isinstance(node, (*FUNCTIONS, ast.Lambda)):
            return node.body if isinstance(node.body, list) else [node.body]
        self._note(node, scopes)
        return ast.iter_child_nodes(node)

    def _note(self, node: ast.AST, scopes: Scopes) -> None:
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            self._changes.target(node, scopes)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            self._import(node)
        elif isinstance(node, ast.Global):
            self._findings.add("changes globals")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            self._findings.text(node.value)
        elif isinstance(node, ast.MatchClass):
            self._findings.attributes(node.kwd_attrs)
            if "__dict__" in node.kwd_attrs:
                self._findings.add("unknown")

    def _reference(self, node: ast.Attribute | ast.Name, scopes: Scopes) -> Iterable[ast.AST]:
        start, names = chain_of(node)
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            self._changes.target(node, scopes)
        self._findings.attributes(names)
        if not isinstance(start, ast.Name):
            self._findings.far(names, "__dict__" in names)
            self._of_path(names)
            return [start]
        if start.id in REFUSED_NAMES:
            self._findings.refuse(start.id)
        for origin in origins_of(start, scopes):
            self._reached(origin, start.id, names)
        return ()

    def _of_path(self, names: list[str]) -> None:
        """Note a method of a path that is not called where it stands, but handed on."""
        if self._findings.paths and names:
            self._findings.add(*method_kinds(names[-1], paths=False))

    def _reached(self, origin: str, name: str, names: list[str]) -> None:
        """Note what the value is that attributes (`names`) of a name reach."""
        if origin in (LOCAL, OWN):
            self._findings.far([] if name in SELF else names, "__dict__" in names[origin == LOCAL :])
            if name not in SELF:
                self._of_path(names)
            return
        if "__dict__" in names or ("__self__" in names and origin.startswith("builtins.")):
            self._findings.refuse(".".join([name, *names]))
        if not names and (origin in sys.stdlib_module_names or origin == "os.path"):
            self._findings.add("unknown")  # who has a module as a value reaches all of it
        self._findings.known(".".join([origin, *names]))

    def _sum(self, node: ast.BinOp) -> Iterator[ast.AST]:
        """The terms of a sum; texts that stand side by side are looked at as one."""
        text = ""
        for term in terms_of(node):
            part = constant_text(term)
            if part is None:
                self._findings.text(text)
                text = ""
                yield term
            else:
                text += part
        self._findings.text(text)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.ImportFrom):
            paths = [path for _, path in import_targets(node)]
        else:  # what is used of a module that does many things is seen where it is used
            paths = [alias.name for alias in node.names if alias.name not in ("os", "sys", "io", "builtins")]
        for path in paths:
            self._findings.known(path)

    def _call(self, node: ast.Call, scopes: Scopes) -> Iterable[ast.AST]:
        for path in called(node, scopes):
            rest = self._special.look(path, node, scopes)
            if rest is not None:
                return rest
        self._changes.function(node, scopes)
        if isinstance(node.func, ast.Attribute):
            self._special.method(node.func, node, scopes)
        return ast.iter_child_nodes(node)


def _runs_text(annotation: ast.expr) -> bool:
    """Whether an annotation is a text that would do something where it is evaluated."""
    texts = [node.value for node in ast.walk(annotation) if isinstance(node, ast.Constant)]
    return any(isinstance(text, str) and "(" in text for text in texts)
