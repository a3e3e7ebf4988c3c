"""What a body needs of the rest of the reply: imports, constants and helpers, which become its own."""

from __future__ import annotations

import ast
import symtable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from jitc_import.model.constants import Constant, Constants
from jitc_import.model.found import Found, lines_of, text_of, top_statements
from jitc_import.model.free_names import names_inside, names_of_definition, table_of
from jitc_import.model.surroundings import bound_in, imports_in
from jitc_import.source.definitions import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jitc_import.model.matching import Path
    from jitc_import.model.pieces import Piece
    from jitc_import.model.surroundings import Surroundings
    from jitc_import.source.definitions import Function


class UnmetNeedError(Exception):
    """A body needs something that cannot be given to it; the message says what."""


@dataclass(frozen=True, eq=False)
class Helper:
    """A function or class at the top level of a reply."""

    node: Function | ast.ClassDef
    piece: Piece

    @property
    def used(self) -> set[str]:
        """The names that it looks up."""
        return names_of_definition(self.node, self.piece)

    @property
    def is_alone(self) -> bool:
        """Whether two of it would be two different things."""
        return isinstance(self.node, ast.ClassDef)


@dataclass
class Supplies:
    """The top level of a reply by name: its imports (what each stands for, and the statement), helpers, and classes."""

    imports: dict[str, dict[str, ast.stmt]] = field(default_factory=dict)
    helpers: dict[str, Helper] = field(default_factory=dict)
    constants: Constants = field(default_factory=Constants)
    members: dict[Path, frozenset[str]] = field(default_factory=dict)

    def get(self, name: str, surroundings: Surroundings) -> Helper | Constant | None:
        """The helper or constant of a name."""
        imported = {**surroundings.imported, **self.imports}
        return self.helpers.get(name) or self.constants.get(name, imported, surroundings.functions)

    def drop(self, name: str) -> None:
        """Take out the helper or constant of a name."""
        self.helpers.pop(name, None)
        self.constants.found.pop(name, None)

    def leave_out(self, found: Iterable[Found]) -> None:
        """Take out the definitions that are stubs' own."""
        for definition in found:
            helper = self.helpers.get(definition.node.name)
            if helper and helper.node is definition.node:
                del self.helpers[definition.node.name]


@dataclass
class Needs:
    """What one body needs, in the order it was found."""

    imports: dict[str, ast.stmt] = field(default_factory=dict)
    others: dict[str, Helper | Constant] = field(default_factory=dict)

    def text(self, body: str) -> str:
        """A body, at column 0, behind the statements that it needs."""
        others = sorted(
            self.others.values(), key=lambda other: (other.node.lineno + other.piece.shift, other.node.col_offset)
        )
        imports = sorted(ast.unparse(ast.fix_missing_locations(each)) for each in self.imports.values())
        parts = [("\n".join(imports), False), *((_text(other), isinstance(other, Helper)) for other in others)]
        parts = [part for part in (*parts, (body, False)) if part[0]]
        gaps = ["\n\n" if before or after else "\n" for (_, before), (_, after) in pairwise(parts)]
        return "".join(text + gap for (text, _), gap in zip(parts, [*gaps, ""], strict=True))


def supplies_of(pieces: Sequence[Piece], package: str) -> Supplies:
    """What the top level of a reply holds; a later definition of a name takes the place of an earlier one."""
    supplies = Supplies(constants=Constants.of(pieces))
    for piece in pieces:
        for node in top_statements(piece.body):
            if isinstance(node, ast.ClassDef):
                _add_members(supplies, piece.prefix, node)
            if not piece.prefix and isinstance(node, (*FUNCTIONS, ast.ClassDef)) and not piece.ends_in(node):
                supplies.helpers[node.name] = Helper(node, piece)
        if piece.prefix:
            _add(supplies, piece.prefix, bound_in(piece.body))
        else:
            for name, origin, statement in imports_in(piece.body, package):
                supplies.imports.setdefault(name, {})[origin] = statement
    return supplies


def needs_of(found: Found, path: Path, supplies: Supplies, surroundings: Surroundings) -> Needs:
    """What the body of `found`, as the stub at `path`, needs of `supplies`.

    Raises UnmetNeedError where it needs a member that its class lacks, or where a name would get two meanings.
    """
    _refuse_new_members(found, path, supplies, surroundings)
    needs = Needs()
    if not (supplies.imports or supplies.helpers or supplies.constants.found):
        return needs
    known = surroundings.locals_around(path)
    own = table_of(found.node, found.piece)
    local = {*own.get_locals(), *own.get_parameters()} if isinstance(own, symtable.Function) else set()
    todo = [(name, "") for name in sorted(names_inside(own))]
    while todo:
        name, helper_name = todo.pop(0)
        if name in needs.imports or name in needs.others or name in known:
            continue
        if helper_name and name in local:
            raise UnmetNeedError(f"its variable {name} hides the {name} that {helper_name} uses; rename the variable")
        imported = supplies.imports.get(name, {})
        if surroundings.offers(name, imported):
            continue
        if imported:
            needs.imports[name] = list(imported.values())[-1]
        elif other := supplies.get(name, surroundings):
            needs.others[name] = other
            todo += [(each, name) for each in sorted(other.used)]
    return needs


def _refuse_new_members(found: Found, path: Path, supplies: Supplies, surroundings: Surroundings) -> None:
    own = surroundings.members(path[:-1])
    if own is None:
        return
    new = supplies.members.get(found.path[:-1], frozenset()) - own
    owners = {path[-2], *(parameter.arg for parameter in found.node.args.args[:1])}
    for node in ast.walk(found.node):
        if isinstance(node, ast.Attribute) and node.attr in new and getattr(node.value, "id", None) in owners:
            message = f"it uses {path[-2]}.{node.attr}, which the class does not have"
            raise UnmetNeedError(f"{message}; define what it needs as a function inside {path[-1]}")


def _add_members(supplies: Supplies, prefix: Path, node: ast.ClassDef) -> None:
    path = (*prefix, node.name)
    _add(supplies, path, bound_in(node.body))
    for child in node.body:
        if isinstance(child, ast.ClassDef):
            _add_members(supplies, path, child)


def _add(supplies: Supplies, path: Path, members: frozenset[str]) -> None:
    supplies.members[path] = supplies.members.get(path, frozenset()) | members


def _text(other: Helper | Constant) -> str:
    if isinstance(other, Helper):
        return text_of(other.node, other.piece)
    return lines_of(other.node, other.piece) or ast.unparse(other.node)
