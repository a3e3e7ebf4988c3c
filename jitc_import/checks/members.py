"""The attributes that instances of a module's classes have, where all of them can be known without running anything."""

from __future__ import annotations

import ast
import builtins
import enum
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from jitc_import.checks.origins import OWN, module_scope, origins
from jitc_import.source.bindings import module_bindings
from jitc_import.source.definitions import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from jitc_import.checks.origins import Scope

_DECORATORS = frozenset(
    {
        *("dataclasses.dataclass", "functools.total_ordering", "typing.final", "typing.runtime_checkable"),
        *("enum.unique", "typing_extensions.final", "typing_extensions.runtime_checkable"),
    }
)
"""Decorators of classes that add nothing but methods with two underscores, and what dataclasses have."""

_EMPTY_BASES = frozenset({"abc.ABC", "typing.Protocol", "typing.Generic", "builtins.object"})
_ENUMS = {
    f"enum.{name}": getattr(enum, name)
    for name in ("Enum", "IntEnum", "Flag", "IntFlag", "StrEnum", "ReprEnum")
    if hasattr(enum, name)
}
_TUPLE_NAMES = {"_fields", "_replace", "_asdict", "_make", "_field_defaults", *dir(tuple)}
OF_ALL = frozenset({*dir(object), *dir(type), "__dict__", "__slots__", "__annotations__", "__weakref__"})
"""Attributes of all classes and their instances."""

_OF_ENUMS = frozenset({"name", "value", "_name_", "_value_", "_sort_order_", "__members__", "_missing_", "_ignore_"})
_OF_DATACLASSES = frozenset({"__dataclass_fields__", "__dataclass_params__", "__match_args__"})
_MAKING = frozenset({"__init__", "__new__", "__post_init__", "_member_map_", "_fields", "__dataclass_fields__"})
"""What one of is in each class that makes its instances itself."""

_OPENING = frozenset({"setattr", "vars", "__dict__", "__setattr__", "__getattr__", "__getattribute__", "__setstate__"})
"""Names that a class uses whose instances may have any attributes."""


@dataclass(frozen=True)
class Classes:
    """The classes of a module; `bodies` are those of its stubs, by key, as far as there are any.

    `lacking` are the keys of stubs whose bodies are not known: of their classes nothing is known.
    """

    tree: ast.Module
    bodies: Mapping[str, Iterable[ast.stmt]] = field(default_factory=dict)
    lacking: Collection[str] = ()

    @cached_property
    def by_name(self) -> Mapping[str, ast.ClassDef]:
        """The classes at the module's top level whose name no other class has."""
        every = [node.name for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef)]
        found = [node for node in self.tree.body if isinstance(node, ast.ClassDef)]
        return {node.name: node for node in found if every.count(node.name) == 1}

    @cached_property
    def scope(self) -> Scope:
        """The scope of the module."""
        return module_scope(self.tree)

    @cached_property
    def _known(self) -> dict[str, frozenset[str] | None]:
        return {}

    def members(self, node: ast.ClassDef) -> frozenset[str] | None:
        """The attributes of the instances of a class, and those it may have as one of a subclass; None: any."""
        is_part = node.name.startswith(("Base", "Abstract")) or node.name.endswith(("Base", "Mixin"))
        if is_part or self.by_name.get(node.name) is not node:
            return None
        if node.name not in self._known:
            self._known[node.name] = self._family_members([node, *self._below(node)])
        return self._known[node.name]

    def _family_members(self, family: list[ast.ClassDef]) -> frozenset[str] | None:
        found = [self._own(each, ()) for each in family]
        if any(each is None for each in found):
            return None
        names = frozenset().union(*(each for each in found if each))
        # a class that makes nothing of its own is one to be mixed into others
        return names | OF_ALL | self._set_from_outside if names & _MAKING else None

    def _below(self, node: ast.ClassDef) -> list[ast.ClassDef]:
        """The classes of the module that are derived from one."""
        found: list[ast.ClassDef] = []
        for other in self.by_name.values():
            bases = {base.id for base in other.bases if isinstance(base, ast.Name)}
            if other is not node and bases & {node.name, *(each.name for each in found)}:
                found.append(other)
        return found

    def _own(self, node: ast.ClassDef, seen: tuple[str, ...]) -> frozenset[str] | None:
        """What a class and its bases define; None where that is not all."""
        if node.name in seen or not self._is_plain(node):
            return None
        statements = [*node.body, *self._bodies_in(node)]
        inside = [inner for statement in statements for inner in ast.walk(statement)]
        if any(_name_of(inner) in _OPENING for inner in inside):
            return None
        bindings = module_bindings(ast.Module(node.body, []))
        if bindings.open:
            return None
        found = bindings.names | bindings.typing_only | set(_stored(inside)) | set(_slots(node))
        if any("dataclass" in path for decorator in node.decorator_list for path in self._paths(decorator)):
            found |= _OF_DATACLASSES
        for base in node.bases:
            inherited = self._inherited(base, (*seen, node.name))
            if inherited is None:
                return None
            found |= inherited
        return found

    def _is_plain(self, node: ast.ClassDef) -> bool:
        if any(key.startswith(f"{node.name}.") for key in self.lacking):
            return False
        if any(keyword.arg != "total" and _name_of(keyword.value) != "ABCMeta" for keyword in node.keywords):
            return False
        return all(self._paths(decorator) & _DECORATORS for decorator in node.decorator_list)

    def _bodies_in(self, node: ast.ClassDef) -> Iterator[ast.stmt]:
        for key, body in self.bodies.items():
            if key.startswith(f"{node.name}."):
                yield from body

    def _inherited(self, base: ast.expr, seen: tuple[str, ...]) -> frozenset[str] | None:
        base = base.value if isinstance(base, ast.Subscript) else base
        (path, *others) = self._paths(base) or [""]
        if others or not path:
            return None
        if path == OWN:
            known = self.by_name.get(_name_of(base)) if isinstance(base, ast.Name) else None
            return self._own(known, seen) if known else None
        if path in _EMPTY_BASES:
            return frozenset()
        if path in _ENUMS:
            return frozenset(dir(_ENUMS[path])) | _OF_ENUMS | frozenset(dir(int)) | frozenset(dir(str))
        if path in ("typing.NamedTuple", "typing_extensions.NamedTuple"):
            return frozenset(_TUPLE_NAMES)
        builtin = getattr(builtins, path.removeprefix("builtins."), None) if path.startswith("builtins.") else None
        return frozenset(dir(builtin)) if isinstance(builtin, type) else None

    def _paths(self, node: ast.expr) -> frozenset[str]:
        """What a name, with attributes or called, stands for in the module."""
        names: list[str] = []
        node = node.func if isinstance(node, ast.Call) else node
        while isinstance(node, ast.Attribute):
            names.insert(0, node.attr)
            node = node.value
        found = origins(node.id, (self.scope,)) if isinstance(node, ast.Name) else frozenset()
        return frozenset(".".join([path, *names]) for path in found)

    @cached_property
    def _set_from_outside(self) -> frozenset[str]:
        """Attributes that the module gives to values other than `self`."""
        waiting: list[ast.AST] = [self.tree, *(statement for body in self.bodies.values() for statement in body)]
        return frozenset(name for each in waiting for node in ast.walk(each) for name in _set_by(node))


def _set_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _name_of(node.value) != "self":
        yield node.attr
    elif isinstance(node, ast.Call) and _name_of(node.func) == "setattr" and len(node.args) > 1:
        yield from (
            inner.value
            for inner in ast.walk(node.args[1])
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
        )


def _stored(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            yield node.attr


def _slots(node: ast.ClassDef) -> Iterator[str]:
    for statement in node.body:
        if (
            isinstance(statement, (ast.Assign, ast.AnnAssign))
            and "__slots__" in ast.unparse(statement).partition("=")[0]
        ):
            for inner in ast.walk(statement):
                if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                    yield inner.value


def _name_of(node: ast.AST) -> str:
    return str(
        getattr(node, "id", getattr(node, "attr", getattr(node, "name", "") if isinstance(node, FUNCTIONS) else ""))
    )
