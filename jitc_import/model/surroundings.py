"""What the user's module offers to a body: names, imports, and the members of its classes."""

from __future__ import annotations

import ast
import os
from typing import TYPE_CHECKING

from jitc_import.model.found import top_statements
from jitc_import.source.bindings import function_bindings, module_bindings
from jitc_import.source.definitions import FUNCTIONS
from jitc_import.source.imported import absolute_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jitc_import.model.matching import Path
    from jitc_import.source.stubs import SourceModule

    Import = tuple[str, str, ast.stmt]


class Surroundings:
    """The module in which the stubs of a reply stand.

    `names` are those that it binds, `functions` those of its functions; `imported` says what imports stand for.
    """

    def __init__(self, module: SourceModule) -> None:
        self.names = module_bindings(module.tree).names
        self.package = _package(module)
        self._tree = module.tree
        self.functions = frozenset(
            each.name for each in top_statements(module.tree.body) if isinstance(each, FUNCTIONS)
        )
        self.imported: dict[str, set[str]] = {}
        self._known_members: dict[Path, frozenset[str] | None] = {}
        for name, origin, _ in imports_in(module.tree.body, self.package):
            self.imported.setdefault(name, set()).add(origin)

    def offers(self, name: str, origins: Iterable[str]) -> bool:
        """Whether the module binds `name`, and not to something else than a reply that imports it from `origins`."""
        if name not in self.names:
            return False
        own = self.imported.get(name)
        return own is None or not (given := set(origins)) or bool(own & given)

    def locals_around(self, path: Path) -> frozenset[str]:
        """The local names of the functions around the definition at `path`."""
        around = [node for node in self._along(path[:-1]) if isinstance(node, FUNCTIONS)]
        return frozenset().union(*(function_bindings(node) for node in around))

    def members(self, path: Path) -> frozenset[str] | None:
        """What the class at `path` (all of that name) binds or sets on its instances; None where there is none."""
        if path not in self._known_members:
            self._known_members[path] = self._find_members(path)
        return self._known_members[path]

    def _find_members(self, path: Path) -> frozenset[str] | None:
        nodes: list[ast.AST] = [self._tree] if path else []
        for name in path:
            below = (child for node in nodes for child in _definitions_below(node))
            nodes = [child for child in below if getattr(child, "name", "") == name]
        classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
        return frozenset().union(*map(_members, classes)) if classes else None

    def _along(self, path: Path) -> Iterator[ast.AST]:
        node: ast.AST = self._tree
        for name in path:
            inside = next((child for child in _definitions_below(node) if getattr(child, "name", "") == name), None)
            if inside is None:
                return
            yield inside
            node = inside


def imports_in(statements: Iterable[ast.stmt], package: str) -> Iterator[Import]:
    """Each name that imports bind, what it stands for (`module:attribute`), and a statement that binds it alone.

    `package` is the package of the module, for relative imports. Star and `__future__` imports are left out.
    """
    for statement in top_statements(statements):
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                top = alias.name.partition(".")[0]
                yield alias.asname or top, f"{alias.name if alias.asname else top}:", ast.Import([alias])
        elif isinstance(statement, ast.ImportFrom) and statement.module != "__future__":
            named = statement.module or ""
            source = absolute_name(named, statement.level, package) or "." * statement.level + named
            for alias in statement.names:
                if alias.name != "*":
                    one = ast.ImportFrom(statement.module, [alias], statement.level)
                    yield alias.asname or alias.name, f"{source}:{alias.name}", one


def bound_in(body: Sequence[ast.stmt]) -> frozenset[str]:
    """The names that the statements of a class bind."""
    return module_bindings(ast.Module(list(body), type_ignores=[])).names


def _members(node: ast.ClassDef) -> frozenset[str]:
    stores = (each for each in ast.walk(node) if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store))
    return bound_in(node.body) | {each.attr for each in stores}


def _definitions_below(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (*FUNCTIONS, ast.ClassDef)):
            yield child
        elif isinstance(child, (ast.stmt, ast.ExceptHandler, ast.match_case)):
            yield from _definitions_below(child)


def _package(module: SourceModule) -> str:
    is_package = os.path.basename(module.path) == "__init__.py"
    return module.name if is_package else module.name.rpartition(".")[0]
