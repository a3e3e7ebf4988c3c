"""What a body does beyond giving a value: an allowlist over its syntax tree.

Accidents are caught and effects are made visible; a body made to deceive is not the matter of this check. What nothing
is known of is an effect, too: "unknown".
"""

from __future__ import annotations

import ast
import re
import sys
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from jitc_import.checks.chains import chain_of, constant_text, open_kinds, target_root, terms_of
from jitc_import.checks.effects_table import MUTATORS, REFUSED_NAMES, UNKNOWN_NAMES, Refused, method_kinds
from jitc_import.checks.known_effects import LEADING_OUT, verdict_of
from jitc_import.checks.origins import (
    LOCAL,
    OWN,
    Scope,
    function_scope,
    import_targets,
    imported_paths,
    inner_scopes,
    module_scope,
    origins,
    outside_parts,
    with_globals,
)
from jitc_import.source.annotations import annotations_of
from jitc_import.source.definitions import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from jitc_import.source.definitions import Function

    Scopes = tuple[Scope, ...]

_RUNNING_TEXT = frozenset({"eval", "exec"})
_SELF = frozenset({"self", "cls"})
_FIELD = re.compile(r"[.\[](\w+)")
"""Attributes and keys in the fields of `str.format`."""


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
    look = _Look(surroundings.imported, package.partition(".")[0], surroundings.defined, paths)
    look.walk(function.body, (with_globals(surroundings.scope, function), *outer, function_scope(function)))
    return Effects(tuple(sorted(look.kinds)), look.refused)


@dataclass(frozen=True)
class _Surroundings:
    """What a module imports, by dotted name, the functions and classes it defines, and its scope."""

    imported: frozenset[str]
    defined: frozenset[str]
    scope: Scope


@lru_cache(maxsize=4)
def _surroundings(module: ast.Module) -> _Surroundings:
    defined = frozenset(node.name for node in module.body if isinstance(node, (*FUNCTIONS, ast.ClassDef)))
    return _Surroundings(imported_paths(module), defined, module_scope(module))


@dataclass
class _Look:
    """One body looked through in a module of the package `top`.

    `imported` is what that module imports, by dotted name, `defined` its functions and classes; `paths` says that
    there may be some of `pathlib`.
    """

    imported: frozenset[str]
    top: str
    defined: frozenset[str]
    paths: bool
    kinds: set[str] = field(default_factory=set)
    refused: str | None = None

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
            self.kinds.add("unknown")
        if isinstance(node, (*FUNCTIONS, ast.Lambda)):
            return node.body if isinstance(node.body, list) else [node.body]
        self._note(node, scopes)
        return ast.iter_child_nodes(node)

    def _note(self, node: ast.AST, scopes: Scopes) -> None:
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            self._change(node, scopes)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            self._import(node)
        elif isinstance(node, ast.Global):
            self.kinds.add("changes globals")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            self._text(node.value)
        elif isinstance(node, ast.MatchClass):
            self._attributes(node.kwd_attrs)
            if "__dict__" in node.kwd_attrs:
                self.kinds.add("unknown")

    def _reference(self, node: ast.Attribute | ast.Name, scopes: Scopes) -> Iterable[ast.AST]:
        start, names = chain_of(node)
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            self._change(node, scopes)
        self._attributes(names)
        if not isinstance(start, ast.Name):
            self._far(names, "__dict__" in names)
            return [start]
        if start.id in REFUSED_NAMES:
            self._refuse(start.id)
        for origin in _origins(start, scopes):
            self._reached(origin, start.id, names)
        return ()

    def _reached(self, origin: str, name: str, names: list[str]) -> None:
        """Note what the value is that attributes (`names`) of a name reach."""
        if origin in (LOCAL, OWN):
            self._far([] if name in _SELF else names, "__dict__" in names[origin == LOCAL :])
            return
        if "__dict__" in names or ("__self__" in names and origin.startswith("builtins.")):
            self._refuse(".".join([name, *names]))
        if not names and (origin in sys.stdlib_module_names or origin == "os.path"):
            self.kinds.add("unknown")  # who has a module as a value reaches all of it
        self._known(".".join([origin, *names]))

    def _far(self, names: Collection[str], *others: bool) -> None:
        """Note attributes that lead from a value of which nothing is known to where anything can be done."""
        if any(others) or not (LEADING_OUT | _RUNNING_TEXT).isdisjoint(names):
            self.kinds.add("unknown")

    def _known(self, path: str) -> None:
        verdict = verdict_of(path, self.imported, self.top)
        if isinstance(verdict, Refused):
            self._refuse(path.removeprefix("builtins."))
        else:
            self.kinds.update(verdict)

    def _attributes(self, names: Iterable[str]) -> None:
        for name in names:
            if name in REFUSED_NAMES:
                self._refuse(name)
            elif name in UNKNOWN_NAMES and name != "__dict__":
                self.kinds.add("unknown")

    def _text(self, text: str) -> None:
        """Texts that name what is refused: attributes for `getattr`, fields for `str.format`."""
        plain = unicodedata.normalize("NFKC", text)
        if "{" in plain or plain.replace(".", "").isidentifier():
            for name in sorted(REFUSED_NAMES.intersection([plain.partition(".")[0], *_FIELD.findall(plain)])):
                self._refuse(name)

    def _sum(self, node: ast.BinOp) -> Iterator[ast.AST]:
        """The terms of a sum; texts that stand side by side are looked at as one."""
        text = ""
        for term in terms_of(node):
            part = constant_text(term)
            if part is None:
                self._text(text)
                text = ""
                yield term
            else:
                text += part
        self._text(text)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.ImportFrom):
            paths = [path for _, path in import_targets(node)]
        else:  # what is used of a module that does many things is seen where it is used
            paths = [alias.name for alias in node.names if alias.name not in ("os", "sys", "io", "builtins")]
        for path in paths:
            self._known(path)

    def _change(self, target: ast.Attribute | ast.Subscript, scopes: Scopes) -> None:
        """Note that something is exchanged in what `target` is part of, whose it may be."""
        start, names = target_root(target)
        if isinstance(start, ast.Call) and self._called(start, scopes) & {"builtins.globals", "decimal.getcontext"}:
            self.kinds.add("changes globals")
        for origin in _origins(start, scopes):
            path = ".".join([origin, *names])
            if origin == OWN or origin.startswith(".") or path.startswith(("os.environ", "sys.path")):
                self.kinds.add("changes globals")
            elif origin != LOCAL:
                self._change_imported(origin, path, whole=len(names) == 1)

    def _change_imported(self, origin: str, path: str, *, whole: bool) -> None:
        """Python's own, and other modules as a `whole`, are nobody's to change."""
        top = origin.partition(".")[0]
        if top in {*sys.stdlib_module_names, "builtins"} or (whole and "." not in origin and top != self.top):
            self._refuse(f"a change of {path.removeprefix('builtins.')}")
        else:
            self.kinds.add("changes globals")

    def _called(self, node: ast.Call, scopes: Scopes) -> set[str]:
        """The dotted names of what a call may call."""
        start, names = chain_of(node.func)
        return {".".join([origin, *names]) for origin in _origins(start, scopes)}

    def _call(self, node: ast.Call, scopes: Scopes) -> Iterable[ast.AST]:
        for path in self._called(node, scopes):
            if special := self._SPECIAL.get(path.removeprefix("builtins.")):
                return special(self, node, scopes)
        if isinstance(node.func, ast.Attribute):
            self._method(node.func, node, scopes)
        return ast.iter_child_nodes(node)

    def _open(self, node: ast.Call, _: Scopes) -> Iterable[ast.AST]:
        self.kinds.update(open_kinds(node, 1))
        return _given(node)

    def _by_name(self, node: ast.Call, scopes: Scopes) -> Iterable[ast.AST]:
        """`getattr` and its like: what they reach is as if it were written."""
        made = _named_attribute(node)
        if made is None:
            self.kinds.add("unknown")
            return _given(node)
        return [*self._reference(made, scopes), *node.args[2:], *node.keywords]

    def _change_by_name(self, node: ast.Call, scopes: Scopes) -> Iterable[ast.AST]:
        """`setattr` and `delattr`."""
        if node.args:
            self._change(_named_attribute(node) or ast.Attribute(node.args[0], "…", ast.Store()), scopes)
        return self._by_name(node, scopes)

    def _getter(self, node: ast.Call, _: Scopes) -> Iterable[ast.AST]:
        """`operator.attrgetter`."""
        for text in map(constant_text, node.args):
            names = unicodedata.normalize("NFKC", text).split(".") if text is not None else []
            self._attributes(names)
            self._far(names, not names)
        return _given(node)

    def _caller(self, node: ast.Call, scopes: Scopes) -> Iterable[ast.AST]:
        self._getter(ast.Call(node.func, node.args[:1], []), scopes)  # the others are the method's own arguments
        return _given(node)

    def _vars(self, node: ast.Call, scopes: Scopes) -> Iterable[ast.AST]:
        return self._reference(ast.Attribute(node.args[0], "__dict__", ast.Load()), scopes) if node.args else ()

    def _random(self, node: ast.Call, _: Scopes) -> Iterable[ast.AST]:
        if not (node.args or node.keywords):  # a seed makes it predictable
            self.kinds.add("random")
        return _given(node)

    def _code(self, node: ast.Call, _: Scopes) -> Iterable[ast.AST]:
        self._refuse(ast.unparse(node.func))
        return ()

    _SPECIAL: ClassVar[dict[str, Callable[[_Look, ast.Call, Scopes], Iterable[ast.AST]]]] = {
        **dict.fromkeys(("open", "io.open"), _open),
        **dict.fromkeys(("getattr", "hasattr"), _by_name),
        **dict.fromkeys(("setattr", "delattr"), _change_by_name),
        **dict.fromkeys(("types.FunctionType", "types.LambdaType", "types.CodeType"), _code),
        "vars": _vars,
        "operator.attrgetter": _getter,
        "operator.methodcaller": _caller,
        "random.Random": _random,
    }
    """Calls whose arguments decide what they do."""

    def _method(self, method: ast.Attribute, node: ast.Call, scopes: Scopes) -> None:
        """Methods that are known by their names, whatever they are called on."""
        start, _ = target_root(method.value)
        found = _origins(start, scopes)
        if method.attr in MUTATORS:
            if isinstance(method.value, ast.Attribute) and not found <= {LOCAL, OWN}:
                self.kinds.add("changes globals")
            own = isinstance(start, ast.Name) and start.id not in self.defined and OWN in found
            self.kinds.update(["changes globals"] if own or _is_globals(start) else [])
        elif isinstance(method.value, ast.Name) and method.value.id in _SELF:
            return
        elif self.paths and method.attr == "open" and found <= {LOCAL, OWN}:
            self.kinds.update(open_kinds(node, 0))
        elif self.paths and method.attr == "replace" and len(node.args) == 1 and not node.keywords:
            self.kinds.add("writes files")
        elif method.attr == "format" and isinstance(method.value, (ast.BinOp, ast.JoinedStr)):
            self._far([], constant_text(method.value) is None)
        elif found <= {LOCAL, OWN, "pathlib.Path"}:
            self.kinds.update(method_kinds(method.attr, paths=self.paths))

    def _refuse(self, what: str) -> None:
        self.refused = self.refused or f"it uses {what}, which is never accepted"


def _origins(node: ast.expr, scopes: Scopes) -> frozenset[str]:
    """What a name that is read may stand for; nothing for other expressions."""
    return origins(node.id, scopes) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) else frozenset()


def _runs_text(annotation: ast.expr) -> bool:
    """Whether an annotation is a text that would do something where it is evaluated."""
    texts = [node.value for node in ast.walk(annotation) if isinstance(node, ast.Constant)]
    return any(isinstance(text, str) and "(" in text for text in texts)


def _given(node: ast.Call) -> Iterable[ast.AST]:
    return [*node.args, *node.keywords]


def _named_attribute(node: ast.Call) -> ast.Attribute | None:
    """What `getattr` and its like are asked for, as an attribute; None where no text says its name."""
    name = constant_text(node.args[1]) if len(node.args) > 1 else None
    return ast.Attribute(node.args[0], unicodedata.normalize("NFKC", name), ast.Load()) if name is not None else None


def _is_globals(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "globals"
