"""What a body needs of the rest of the reply: imports, which become its own, and helpers, which become nested in it."""

from __future__ import annotations

import ast
import symtable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jitc_import.model.found import Found, text_of, top_statements
from jitc_import.model.surroundings import bound_in, imports_in
from jitc_import.source.definitions import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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


@dataclass
class Supplies:
    """The top level of a reply by name: its imports (what each stands for, and the statement), helpers, and classes."""

    imports: dict[str, dict[str, ast.stmt]] = field(default_factory=dict)
    helpers: dict[str, Helper] = field(default_factory=dict)
    members: dict[Path, frozenset[str]] = field(default_factory=dict)

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
    helpers: dict[str, Helper] = field(default_factory=dict)

    def text(self) -> str:
        """The statements to put before the body, at column 0."""
        helpers = sorted(self.helpers.values(), key=lambda helper: helper.node.lineno + helper.piece.shift)
        imports = sorted(ast.unparse(ast.fix_missing_locations(each)) for each in self.imports.values())
        parts = ["\n".join(imports), *(text_of(helper.node, helper.piece) for helper in helpers)]
        return "\n\n".join(part for part in parts if part)


def supplies_of(pieces: Sequence[Piece], package: str) -> Supplies:
    """What the top level of a reply holds; a later definition of a name takes the place of an earlier one."""
    supplies = Supplies()
    for piece in pieces:
        for node in top_statements(piece.body):
            if isinstance(node, ast.ClassDef):
                _add_members(supplies, piece.prefix, node)
            if not piece.prefix and isinstance(node, (*FUNCTIONS, ast.ClassDef)) and not _reaches_end(node, piece):
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
    if not supplies.imports and not supplies.helpers:
        return needs
    known = surroundings.locals_around(path)
    own = _table(found.node, found.piece)
    local = {*own.get_locals(), *own.get_parameters()} if isinstance(own, symtable.Function) else set()
    todo = [(name, "") for name in sorted(_globals(own))]
    while todo:
        name, helper_name = todo.pop(0)
        if name in needs.imports or name in needs.helpers or name in known:
            continue
        if helper_name and name in local:
            raise UnmetNeedError(f"its variable {name} hides the {name} that {helper_name} uses; rename the variable")
        imported = supplies.imports.get(name, {})
        if surroundings.offers(name, imported):
            continue
        if imported:
            needs.imports[name] = list(imported.values())[-1]
        elif helper := supplies.helpers.get(name):
            needs.helpers[name] = helper
            used = _globals(_table(helper.node, helper.piece)) | _outside(helper.node)
            todo += [(each, name) for each in sorted(used)]
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


def _reaches_end(node: Function | ast.ClassDef, piece: Piece) -> bool:
    return piece.open and not any(line.strip() for line in piece.lines[node.end_lineno :])


def _table(node: Function | ast.ClassDef, piece: Piece) -> symtable.SymbolTable | None:
    return piece.tables.get((node.name, node.lineno))


def _globals(table: symtable.SymbolTable | None) -> set[str]:
    if table is None:
        return set()
    own = {symbol.get_name() for symbol in table.get_symbols() if _is_global(symbol) and symbol.is_referenced()}
    return own.union(*(_globals(child) for child in table.get_children()))


def _is_global(symbol: symtable.Symbol) -> bool:
    """Whether a name is looked up in the module; symtable itself says so of each local of a scope that is named top."""
    bound = symbol.is_parameter() or symbol.is_assigned() or symbol.is_imported()
    return symbol.is_declared_global() or (symbol.is_global() and not bound)


def _outside(node: Function | ast.ClassDef) -> set[str]:
    """The names in a definition's decorators, annotations, defaults and bases: they are looked up around it."""
    return {name.id for part in _around_body(node) for name in ast.walk(part) if isinstance(name, ast.Name)}


def _around_body(node: Function | ast.ClassDef) -> Iterator[ast.AST]:
    yield from node.decorator_list
    if isinstance(node, ast.ClassDef):
        yield from (*node.bases, *node.keywords)
        return
    yield node.args
    if node.returns:
        yield node.returns
