"""Constants at the top level of a reply: values that a body may take in, as each call of it makes them anew.

That is right only for what is a value and stays one. An assignment that does something (asks, reads, looks at the
clock), whose name is bound again, or whose value is or may be changed, is no constant here: what it means outside of a
function it would not mean inside.
"""

from __future__ import annotations

import ast
import builtins
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from jitc_import.model.free_names import names_of_expression
from jitc_import.source.bindings import names_bound
from jitc_import.source.changing import CHANGING_FUNCTIONS, MUTATORS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from jitc_import.model.pieces import Piece

_DOING = frozenset(
    {
        *("input", "open", "print", "exec", "eval", "compile", "__import__", "globals", "locals", "vars", "next"),
        *("iter", "setattr", "delattr", "breakpoint", "exit", "quit", "help"),
    }
)
"""Builtins that do something, or whose value is used up."""

_MODULES = frozenset(
    {
        *("abc", "cmath", "collections", "datetime", "decimal", "enum", "fractions", "functools", "logging", "math"),
        *("operator", "re", "string", "struct", "types", "typing", "typing_extensions", "unicodedata", "zoneinfo"),
    }
)
"""Modules whose functions make values, and nothing else."""

_MOMENTS = frozenset({"now", "today", "utcnow"})
"""What in them looks at the clock all the same."""

_IDENTITIES = frozenset({"object", "type", "namedtuple", "NamedTuple", "Enum", "NewType", "TypeVar", "make_dataclass"})
"""What makes something that is equal to itself only."""

_CHANGING = frozenset(path.rpartition(".")[2] for path in CHANGING_FUNCTIONS)


@dataclass(frozen=True, eq=False)
class Constant:
    """A plain assignment at the top level of a reply."""

    node: ast.Assign | ast.AnnAssign
    piece: Piece

    @property
    def value(self) -> ast.expr:
        """What is assigned."""
        assert self.node.value  # noqa: S101 -- `_constant` sees to it
        return self.node.value

    @property
    def used(self) -> set[str]:
        """The names that it looks up."""
        annotation = self.node.annotation if isinstance(self.node, ast.AnnAssign) else None
        return names_of_expression(self.value) | (names_of_expression(annotation) if annotation else set())

    @property
    def is_alone(self) -> bool:
        """Whether two of it would be two different things."""
        nodes = ast.walk(self.value)
        return any(getattr(node, "id", getattr(node, "attr", "")) in _IDENTITIES for node in nodes)


@dataclass
class Constants:
    """The plain assignments at the top level of a reply by name; `code` is all of the reply."""

    found: dict[str, Constant] = field(default_factory=dict)
    code: tuple[ast.stmt, ...] = ()

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> Constants:
        """Those of a reply; of a name that two blocks give a value, the later."""
        constants = cls(code=tuple(statement for piece in pieces for statement in piece.body))
        spoilt: set[str] = set()
        for piece in (piece for piece in pieces if not piece.prefix):
            plain = {name: node for name, node in map(_constant, piece.body) if node}
            for name, times in Counter(names_bound(piece.body)).items():
                if name in plain and times == 1 and not piece.ends_in(plain[name]):
                    constants.found[name] = Constant(plain[name], piece)
                else:
                    spoilt.add(name)
        spoilt |= {name for node in constants._nodes() if isinstance(node, ast.Global) for name in node.names}
        for name in spoilt & set(constants.found):
            del constants.found[name]
        return constants

    def get(self, name: str, imported: Mapping[str, Collection[str]], functions: Collection[str]) -> Constant | None:
        """The constant of a name, if it has one.

        `imported` says what imported names stand for (`module:attribute`), `functions` are the user's own, which may do
        anything.
        """
        one = self.found.get(name)
        if one is None or hasattr(builtins, name):  # a body that calls `sum` means Python's
            return None
        stays = _is_frozen(one.value) or name not in self._unsteady
        return one if stays and _is_value(one.value, imported, functions) else None

    @cached_property
    def _unsteady(self) -> frozenset[str]:
        return frozenset(map(_changed, self._nodes()))

    def _nodes(self) -> Iterator[ast.AST]:
        return (node for statement in self.code for node in ast.walk(statement))


def _constant(statement: ast.stmt) -> tuple[str, ast.Assign | ast.AnnAssign | None]:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign) and statement.value:
        target = statement.target
    else:
        return "", None
    return (target.id, statement) if isinstance(target, ast.Name) else ("", None)


def _is_value(value: ast.expr, imported: Mapping[str, Collection[str]], functions: Collection[str]) -> bool:
    """Whether to make a value does nothing else."""
    for name in names_of_expression(value):
        modules = {origin.partition(":")[0].partition(".")[0] for origin in imported.get(name, ())}
        if not modules <= _MODULES or (not modules and name in _DOING):
            return False
    return not any(_does_something(node, functions) for node in ast.walk(value))


def _does_something(node: ast.AST, functions: Collection[str]) -> bool:
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in functions:
        return True
    if isinstance(node, ast.Attribute) and node.attr in _MOMENTS:
        return True
    return isinstance(node, (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr))


def _is_frozen(value: ast.expr) -> bool:
    """Whether nothing can change a value, as its text tells."""
    if isinstance(value, ast.Tuple):
        return all(map(_is_frozen, value.elts))
    if isinstance(value, (ast.BinOp, ast.UnaryOp)):
        return all(_is_frozen(part) for part in ast.iter_child_nodes(value) if isinstance(part, ast.expr))
    if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "frozenset":
        return True
    return isinstance(value, (ast.Constant, ast.JoinedStr, ast.Lambda, ast.Compare))


def _changed(node: ast.AST) -> str:
    """The name whose value a node changes, or hands on to where that may be done; empty where it does neither."""
    if isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
        return _root(node)
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS and _root(node.func):
            return _root(node.func)
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return _root(node.args[0]) if called in _CHANGING and node.args else ""
    if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.Return, ast.Yield)):
        return getattr(node.value, "id", "")
    return ""


def _root(node: ast.expr) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return getattr(node, "id", "")
