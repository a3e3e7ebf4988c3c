"""Calls whose arguments decide what they do, and methods that are known by their names."""

from __future__ import annotations

import ast
import unicodedata
from functools import partial
from typing import TYPE_CHECKING

from jitc_import.checks.chains import constant_text, open_kinds, target_root
from jitc_import.checks.changes import ATTRIBUTE_SETTERS
from jitc_import.checks.effects_table import method_kinds
from jitc_import.checks.origins import LOCAL, OWN, origins_of
from jitc_import.source.changing import MUTATORS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jitc_import.checks.changes import Changes
    from jitc_import.checks.findings import Findings
    from jitc_import.checks.origins import Scopes

    Reference = Callable[[ast.Attribute, Scopes], Iterable[ast.AST]]

SELF = frozenset({"self", "cls"})


class SpecialCalls:
    """Notes what special calls do; `reference` notes what an attribute reaches, and gives what it stands on."""

    def __init__(self, findings: Findings, changes: Changes, reference: Reference) -> None:
        self._findings, self._changes, self._reference = findings, changes, reference
        self._known: dict[str, Callable[[ast.Call, Scopes], Iterable[ast.AST]]] = {
            **dict.fromkeys(("open", "io.open", "codecs.open", "wave.open"), self._open),
            **dict.fromkeys(("fileinput.input", "fileinput.FileInput"), self._lines_of_files),
            **dict.fromkeys(("time.ctime", "time.gmtime", "time.asctime"), partial(self._time, position=0)),
            "time.strftime": partial(self._time, position=1),
            **dict.fromkeys(("getattr", "hasattr"), self._by_name),
            **dict.fromkeys(("setattr", "delattr"), self._change_by_name),
            **dict.fromkeys(("types.FunctionType", "types.LambdaType", "types.CodeType"), self._code),
            "vars": self._vars,
            "inspect.signature": self._signature,
            "numpy.load": self._load_array,
            "operator.attrgetter": self._getter,
            "operator.methodcaller": self._caller,
            **dict.fromkeys(("random.Random", "numpy.random.default_rng", "numpy.random.RandomState"), self._random),
        }

    def look(self, path: str, node: ast.Call, scopes: Scopes) -> Iterable[ast.AST] | None:
        """Note what a call of `path` does; returns what is still to be looked at, None where it is not special."""
        if path.rpartition(".")[2] in ATTRIBUTE_SETTERS:
            return self._set_attribute(path, node, scopes)
        known = self._known.get(path.removeprefix("builtins."))
        return known(node, scopes) if known else None

    def method(self, method: ast.Attribute, node: ast.Call, scopes: Scopes) -> None:
        """Note methods that are known by their names, whatever they are called on."""
        families, found = self._findings.families, origins_of(target_root(method.value)[0], scopes)
        paths = "pathlib" in families
        if method.attr in MUTATORS:
            self._changes.method(method, scopes)
        elif isinstance(method.value, ast.Name) and method.value.id in SELF:
            return
        elif paths and method.attr == "open" and found <= {LOCAL, OWN}:
            self._findings.add(*open_kinds(node, 0))
        elif paths and method.attr == "replace" and len(node.args) == 1 and not node.keywords:
            self._findings.add("writes files")
        elif method.attr == "format" and isinstance(method.value, (ast.BinOp, ast.JoinedStr)):
            self._findings.far([], constant_text(method.value) is None)
        elif method.attr in ("parse_args", "parse_known_args") and not node.args:
            self._findings.add("environment")
        elif all(map(self._is_near, found - {"pathlib.Path"})):
            self._findings.add(*method_kinds(method.attr, families))

    def _is_near(self, origin: str) -> bool:
        """Whether something is of the body, its module or its package."""
        return origin in (LOCAL, OWN) or origin.startswith(".") or origin.partition(".")[0] == self._findings.top

    def _open(self, node: ast.Call, _: Scopes) -> Iterable[ast.AST]:
        self._findings.add(*open_kinds(node, 1))
        return _given(node)

    def _by_name(self, node: ast.Call, scopes: Scopes) -> Iterable[ast.AST]:
        """`getattr` and its like: what they reach is as if it were written."""
        made = _named_attribute(node)
        if made is None:
            self._findings.add("unknown")
            return _given(node)
        return [*self._reference(made, scopes), *node.args[2:], *node.keywords]

    def _change_by_name(self, node: ast.Call, scopes: Scopes) -> Iterable[ast.AST]:
        """`setattr` and `delattr`."""
        if node.args:
            self._changes.target(_named_attribute(node) or ast.Attribute(node.args[0], "…", ast.Store()), scopes)
        return self._by_name(node, scopes)

    def _set_attribute(self, path: str, node: ast.Call, scopes: Scopes) -> Iterable[ast.AST]:
        """`__setattr__` and `__delattr__`, of a value or, with one more argument, of a class of its."""
        owner = [node.func.value] if isinstance(node.func, ast.Attribute) else []
        is_clear = not any(isinstance(each, ast.Starred) for each in node.args)
        of_class = len(node.args) > ATTRIBUTE_SETTERS[path.rpartition(".")[2]]
        changed = owner if is_clear and not of_class else node.args[:1] if is_clear else [*owner, *node.args[:1]]
        for each in changed:
            named = node.args[of_class] if is_clear and len(node.args) > of_class else None
            name = constant_text(named) if named else None
            self._changes.target(ast.Attribute(each, name or "…", ast.Store()), scopes)
        if not (owner or of_class):
            self._changes.handed_on(path)
        return [*owner, *_given(node)]

    def _lines_of_files(self, node: ast.Call, _: Scopes) -> Iterable[ast.AST]:
        """`fileinput.input`: with `inplace` it writes."""
        inplace = [*node.args[1:2], *(each.value for each in node.keywords if each.arg in ("inplace", None))]
        is_written = any(not (isinstance(each, ast.Constant) and not each.value) for each in inplace)
        self._findings.add("reads files", *(["writes files"] if is_written else []))
        return _given(node)

    def _load_array(self, node: ast.Call, _: Scopes) -> Iterable[ast.AST]:
        """`numpy.load`, which with `allow_pickle` runs what the file says."""
        pickled = [*node.args[2:3], *(each.value for each in node.keywords if each.arg in ("allow_pickle", None))]
        if any(not (isinstance(each, ast.Constant) and not each.value) for each in pickled):
            self._findings.refuse("numpy.load with allow_pickle")
        self._findings.add("reads files")
        return _given(node)

    def _time(self, node: ast.Call, _: Scopes, position: int) -> Iterable[ast.AST]:
        """What shows a time: without one the current."""
        given = node.args[position:]
        if not given or (isinstance(given[0], ast.Constant) and given[0].value is None):
            self._findings.add("clock")
        return _given(node)

    def _getter(self, node: ast.Call, _: Scopes) -> Iterable[ast.AST]:
        """`operator.attrgetter`."""
        for text in map(constant_text, node.args):
            names = unicodedata.normalize("NFKC", text).split(".") if text is not None else []
            self._findings.attributes(names)
            self._findings.far(names, not names)
            for name in names:
                self._findings.add(*method_kinds(name))
        return _given(node)

    def _caller(self, node: ast.Call, scopes: Scopes) -> Iterable[ast.AST]:
        self._getter(ast.Call(node.func, node.args[:1], []), scopes)  # the others are the method's own arguments
        return _given(node)

    def _vars(self, node: ast.Call, scopes: Scopes) -> Iterable[ast.AST]:
        return self._reference(ast.Attribute(node.args[0], "__dict__", ast.Load()), scopes) if node.args else ()

    def _random(self, node: ast.Call, _: Scopes) -> Iterable[ast.AST]:
        if not (node.args or node.keywords):  # a seed makes it predictable
            self._findings.add("random")
        return _given(node)

    def _signature(self, node: ast.Call, _: Scopes) -> Iterable[ast.AST]:
        """`inspect.signature` runs annotations that are texts where it is asked to."""
        for keyword in node.keywords:
            if keyword.arg in (None, "eval_str"):
                self._findings.refuse("eval_str")
        return [node.func, *_given(node)]

    def _code(self, node: ast.Call, _: Scopes) -> Iterable[ast.AST]:
        self._findings.refuse(ast.unparse(node.func))
        return ()


def _given(node: ast.Call) -> Iterable[ast.AST]:
    return [*node.args, *node.keywords]


def _named_attribute(node: ast.Call) -> ast.Attribute | None:
    """What `getattr` and its like are asked for, as an attribute; None where no text says its name."""
    name = constant_text(node.args[1]) if len(node.args) > 1 else None
    return ast.Attribute(node.args[0], unicodedata.normalize("NFKC", name), ast.Load()) if name is not None else None
