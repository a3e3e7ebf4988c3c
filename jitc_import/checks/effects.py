"""What a body does beyond giving a value: an allowlist over its syntax tree.

Accidents are caught and effects are made visible; a body made to deceive is not the matter of this check. What nothing
is known of is an effect, too: "unknown".
"""

from __future__ import annotations

import ast
import sys
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from jitc_import.checks.aliases import with_parts, with_renamed
from jitc_import.checks.chains import chain_of, constant_text, terms_of
from jitc_import.checks.changes import Changes
from jitc_import.checks.effects_table import CODE_TYPES, FAMILIES, REFUSED_NAMES, method_kinds
from jitc_import.checks.findings import Findings
from jitc_import.checks.origins import (
    LOCAL,
    OWN,
    Scope,
    called,
    function_scope,
    import_targets,
    imported_paths,
    inner_scopes,
    makers_of,
    module_scope,
    origins_of,
    outside_parts,
    with_globals,
)
from jitc_import.checks.own_functions import CALLED, OwnFunctions
from jitc_import.checks.special_calls import SELF, SpecialCalls
from jitc_import.checks.type_tests import asked_types
from jitc_import.source.annotations import annotations_of
from jitc_import.source.definitions import FUNCTIONS, qualname_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jitc_import.checks.origins import Scopes
    from jitc_import.source.definitions import Function


PURE = "pure"
"""What is recorded of a body that only gives a value."""

_MOST_FOLLOWED = 100
"""Functions of the module whose effects are taken over; with more there is always something unknown."""

_OF_THE_MODULE = frozenset({"unknown", "changes globals"})
"""Effects of a function that the user wrote which are the module's own affair."""


@dataclass(frozen=True)
class Effects:
    """What a body does: its kinds, sorted, and why it is refused in any case (None: it is not).

    `excused` are kinds that the module's own imports and functions are reason enough for. `kept` is as in `Findings`.
    """

    kinds: tuple[str, ...] = ()
    refused: str | None = None
    excused: tuple[str, ...] = ()
    kept: tuple[str, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        """As the companion file records it: `pure`, or the kinds."""
        return ", ".join(self.kinds) or PURE


def effects_of(
    function: Function,
    module: ast.Module,
    around: Sequence[Function | ast.ClassDef] = (),
    package: str = "",
    bodies: Mapping[str, list[ast.stmt]] = MappingProxyType({}),
) -> Effects:
    """The effects of a function's body in a module of `package`; `around` are the scopes it stands in, outermost first.

    Those of the module's functions that it uses are among them; `bodies` are, by key, what stubs of the module have. Of
    the module count besides its imports and the names it binds. Never raises for code that compiles.
    """
    surroundings = _surroundings(module, package.partition(".")[0])
    found = surroundings.look(function, around)
    kinds, excused = found.kinds, found.excused
    for key, used in surroundings.used(found, function, around, bodies):
        taken = used.kinds | ({"unknown"} if used.refused else set())
        kinds |= taken if key in bodies else taken - _OF_THE_MODULE
        excused |= used.excused | (taken & _OF_THE_MODULE)
    return Effects(
        tuple(sorted(kinds | excused)), found.refused, tuple(sorted(excused - kinds)), tuple(sorted(found.kept))
    )


class _Surroundings:
    """A module of the package `top`: what it imports, by dotted name, its functions and classes, and its scope."""

    def __init__(self, module: ast.Module, top: str) -> None:
        self._top = top
        self._imported = imported_paths(module)
        self._defined = frozenset(node.name for node in module.body if isinstance(node, (*FUNCTIONS, ast.ClassDef)))
        self._scope = with_renamed(module_scope(module), module)
        self._own = OwnFunctions(module)
        self._looked: dict[str, Findings] = {}

    def look(self, function: Function, around: Sequence[Function | ast.ClassDef]) -> Findings:
        """What is found in the body of a function itself."""
        used = self._imported | imported_paths(ast.Module(function.body, []))
        families = FAMILIES & {path.partition(".")[0] for path in used}
        findings = Findings(self._imported, self._top, families)
        outer = tuple(function_scope(node) for node in around if isinstance(node, FUNCTIONS))
        scopes = (with_globals(self._scope, function), *outer)
        own = with_parts(_inner_scope(function, scopes), function, self._scope, self._defined)
        _Look(findings, Changes(findings, self._defined), function.body).walk(function.body, (*scopes, own))
        return findings

    def used(
        self,
        found: Findings,
        function: Function,
        around: Sequence[Function | ast.ClassDef],
        bodies: Mapping[str, list[ast.stmt]],
    ) -> Iterator[tuple[str, Findings]]:
        """What is found in the functions of the module that `function` uses, and in those that these use, by key."""
        holder = ".".join(node.name for node in around)
        waiting = list(self._own.used(found.uses, holder))
        seen = {f"{holder}.{function.name}" if holder else function.name}
        for key in waiting:
            if key not in seen:
                seen.add(key)
                if len(seen) > _MOST_FOLLOWED:
                    yield "", Findings(frozenset(), "", frozenset(), {"unknown"})
                    return
                used = self._look_own(key, bodies)
                waiting += self._own.used(used.uses, qualname_of(key).rpartition(".")[0])
                yield key, used

    def _look_own(self, key: str, bodies: Mapping[str, list[ast.stmt]]) -> Findings:
        """What is found in one function of the module: in the body that it has as a stub, or in its own."""
        node = self._own.by_key[key]
        if key in bodies:
            node = copy(node)
            node.body = bodies[key]
            return self.look(node, ())
        if key not in self._looked:
            self._looked[key] = self.look(node, ())
        return self._looked[key]


@lru_cache(maxsize=4)
def _surroundings(module: ast.Module, top: str) -> _Surroundings:
    return _Surroundings(module, top)


def _inner_scope(function: Function, around: Scopes) -> Scope:
    return with_renamed(function_scope(function), function, around)


class _Look:
    """One body looked through."""

    def __init__(self, findings: Findings, changes: Changes, body: Iterable[ast.AST]) -> None:
        self._findings, self._changes = findings, changes
        self._special = SpecialCalls(findings, changes, self._reference)
        self._asked = asked_types(body)
        self._called: set[int] = set()

    def walk(self, body: Iterable[ast.AST], scopes: Scopes) -> None:
        """Look at each node with the scopes it stands in; with a stack of its own, as code may be nested deeply."""
        waiting = [(node, scopes) for node in body]
        while waiting:
            node, around = waiting.pop()
            outside = outside_parts(node)
            waiting += [(part, around) for part in outside]
            own = (_inner_scope(node, around),) if isinstance(node, FUNCTIONS) else inner_scopes(node)
            inside, seen = around + own, set(map(id, outside))
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
            self._findings.kept.update(node.names)
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
        for path in makers_of(start, scopes) if names else ():
            self._findings.made(path, names[0], is_called=id(node) in self._called)
        if not isinstance(start, ast.Name):
            self._findings.far(names, "__dict__" in names)
            self._of_path(names)
            return [start]
        if start.id in REFUSED_NAMES:
            self._findings.refuse(start.id)
        for origin in origins_of(start, scopes):
            if ".".join([origin, *names]) not in CODE_TYPES or id(node) not in self._asked:
                self._reached(origin, start.id, names)
            elif not self._asked[id(node)]:
                self._findings.add("unknown")
        return ()

    def _of_path(self, names: list[str]) -> None:
        """Note a method of a path that is not called where it stands, but handed on."""
        if "pathlib" in self._findings.families and names:
            self._findings.add(*method_kinds(names[-1]))

    def _reached(self, origin: str, name: str, names: list[str]) -> None:
        """Note what the value is that attributes (`names`) of a name reach."""
        if origin in (LOCAL, OWN):
            self._findings.far([] if name in SELF else names, "__dict__" in names[origin == LOCAL :])
            if name not in SELF:
                self._of_path(names)
            if origin == OWN or (name in SELF and names):
                self._findings.uses.add((name, names[0] if names else ""))
            return
        if "__dict__" in names or ("__self__" in names and origin.startswith("builtins.")):
            self._findings.refuse(".".join([name, *names]))
        if not names and (origin in sys.stdlib_module_names or origin == "os.path"):
            self._findings.add("unknown")  # who has a module as a value reaches all of it
        path = ".".join([origin, *names])
        self._changes.handed_on(path)
        self._findings.known(path)

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
        for path in set(paths) - CODE_TYPES:
            self._findings.known(path)

    def _call(self, node: ast.Call, scopes: Scopes) -> Iterable[ast.AST]:
        for path in called(node, scopes):
            rest = self._special.look(path, node, scopes)
            if rest is not None:
                return rest
        self._changes.function(node, scopes)
        self._called.add(id(node.func))
        if isinstance(node.func, ast.Attribute):
            self._special.method(node.func, node, scopes)
        elif isinstance(node.func, ast.Name) and OWN in origins_of(node.func, scopes):
            self._findings.uses.add((node.func.id, CALLED))
        return ast.iter_child_nodes(node)


def _runs_text(annotation: ast.expr) -> bool:
    """Whether an annotation is a text that would do something where it is evaluated."""
    texts = [node.value for node in ast.walk(annotation) if isinstance(node, ast.Constant)]
    return any(isinstance(text, str) and "(" in text for text in texts)
