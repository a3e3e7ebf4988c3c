"""What a body changes that outlives its call: values of the module, its classes, other modules."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitc_import.checks.chains import target_root
from jitc_import.checks.origins import LOCAL, OWN, called, origins_of
from jitc_import.source.changing import CHANGING_FUNCTIONS, MUTATORS

if TYPE_CHECKING:
    from jitc_import.checks.findings import Findings
    from jitc_import.checks.origins import Scopes

ATTRIBUTE_SETTERS = {"__setattr__": 2, "__delattr__": 1}
"""Methods that are `setattr` and `delattr`, and how many arguments they take but for their object."""

_CONTAINERS = frozenset({"list", "dict", "set", "bytearray"})


@dataclass(frozen=True)
class Changes:
    """Looks for changes in one body, and notes them; `defined` are the functions and classes of its module."""

    findings: Findings
    defined: frozenset[str]

    def target(self, target: ast.Attribute | ast.Subscript, scopes: Scopes) -> None:
        """Note that something is exchanged in what `target` is part of, whose it may be."""
        start, names = target_root(target)
        if isinstance(start, ast.NamedExpr):
            start, before = target_root(start.value)
            names = [*before, *names]
        if isinstance(start, ast.Call) and called(start, scopes) & {"builtins.globals", "decimal.getcontext"}:
            self._keep(names)
        if _is_class(target.value, scopes):
            self._keep(names)
        self._annotations(target.value)
        for origin in origins_of(start, scopes):
            path = ".".join([origin, *names])
            if origin == OWN or origin.startswith(".") or path.startswith(("os.environ", "sys.path")):
                self.findings.add("changes globals")
                if origin == OWN and getattr(start, "id", "") in self.defined:
                    self._keep(names)
            elif origin != LOCAL:
                self._imported(origin, path, whole=len(names) == 1)

    def _keep(self, names: list[str]) -> None:
        self.findings.add("changes globals")
        self.findings.kept.add(names[0] if names else "")

    def _annotations(self, node: ast.expr) -> None:
        """Note a change in annotations: they are texts that others may run. To copy them as a whole is common."""
        while isinstance(node, (ast.Attribute, ast.Subscript)):
            if getattr(node, "attr", "") == "__annotations__":
                self.findings.add("unknown")
            node = node.value

    def _imported(self, origin: str, path: str, *, whole: bool) -> None:
        """Python's own, and other modules as a `whole`, are nobody's to change."""
        top = origin.partition(".")[0]
        if top in {*sys.stdlib_module_names, "builtins"} or (whole and "." not in origin and top != self.findings.top):
            self.findings.refuse(f"a change of {path.removeprefix('builtins.')}")
        else:
            self.findings.add("changes globals")

    def handed_on(self, path: str) -> None:
        """Note a `__setattr__` or `__delattr__`, by its dotted name, that may be called with anything."""
        owner, _, name = path.rpartition(".")
        if name in ATTRIBUTE_SETTERS and owner not in ("builtins.object", "builtins.type"):
            self._imported(owner, path, whole="." not in owner)

    def method(self, method: ast.Attribute, scopes: Scopes) -> None:
        """Note a call of a method that changes what it is called on."""
        start, _ = target_root(method.value)
        found = origins_of(start, scopes)
        self._annotations(method.value)
        if isinstance(method.value, ast.Attribute) and not found <= {LOCAL, OWN}:
            self.findings.add("changes globals")
        if self._is_own(start, scopes) or (
            isinstance(start, ast.Call) and isinstance(start.func, ast.Name) and start.func.id == "globals"
        ):
            self.findings.add("changes globals")

    def function(self, node: ast.Call, scopes: Scopes) -> None:
        """Note a call of a function that changes its first argument: `heappush(HEAP, x)`, `next(NUMBERS)`."""
        start = target_root(node.args[0])[0] if node.args else None
        if start is not None and self._is_own(start, scopes) and any(map(_changes, called(node, scopes))):
            self.findings.add("changes globals")

    def _is_own(self, start: ast.expr, scopes: Scopes) -> bool:
        return isinstance(start, ast.Name) and start.id not in self.defined and OWN in origins_of(start, scopes)


def _changes(path: str) -> bool:
    module, _, name = path.rpartition(".")
    of_container = module.removeprefix("builtins.") in _CONTAINERS and name in MUTATORS
    return of_container or path.removeprefix("builtins.") in CHANGING_FUNCTIONS


def _is_class(node: ast.expr, scopes: Scopes) -> bool:
    """Whether a value is a class for certain: `cls`, `type(x)`, `x.__class__`."""
    if isinstance(node, ast.Call):
        return "builtins.type" in called(node, scopes) and len(node.args) == 1
    return getattr(node, "attr", "") == "__class__" or getattr(node, "id", "") == "cls"
