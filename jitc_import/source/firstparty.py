"""Names that a module imports from its own project, found in their source files; nothing is imported or run."""

from __future__ import annotations

import ast
import os
import sysconfig
import tokenize
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from jitc_import.source.dissection import Pieces, take_apart
from jitc_import.source.imported import absolute_name
from jitc_import.source.listing import Listing
from jitc_import.source.marks import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jitc_import.source.pieces import Piece

_LARGEST_FILE = 1 << 20
"""Bytes of a source file beyond which it is not looked into."""

_LONGEST_CHAIN = 5
"""Modules through which an imported name is followed to its definition."""

_FOREIGN_FOLDERS = ("site-packages", "dist-packages")


def first_party(name: str, path: str, search_path: Sequence[str]) -> FirstParty:
    """The project of the module `name` at `path`: its own folder tree, and what lies on `search_path`."""
    roots = (_root(name, path), *(os.path.abspath(folder or os.curdir) for folder in search_path))
    own = tuple(root for root in dict.fromkeys(roots) if root and not _is_foreign(root))
    return FirstParty(name if _is_package(path) else name.rpartition(".")[0], own)


@dataclass(frozen=True)
class FirstParty:
    """The modules of a project under some folders, as seen from a module in `package`."""

    package: str
    roots: tuple[str, ...]

    def imported(self, statement: ast.stmt) -> Iterator[tuple[str, str, str | None]]:
        """What an import binds: the name here, the module, and the name there (None: the module itself)."""
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                if alias.asname or "." not in alias.name:
                    yield alias.asname or alias.name, alias.name, None
        elif isinstance(statement, ast.ImportFrom):
            module = absolute_name(statement.module or "", statement.level, self.package)
            for alias in statement.names:
                if module and alias.name != "*":
                    yield alias.asname or alias.name, module, alias.name

    def find(self, module: str, name: str, depth: int = 0) -> tuple[str, Piece] | None:
        """The definition of `name` in a module of the project, with the module it stands in."""
        pieces = self.pieces(module)
        if pieces is None or depth > _LONGEST_CHAIN:
            return None
        for piece in pieces.by_name.get(name, ()):
            if piece.kind in ("class", "function", "value"):
                return module, piece
            if piece.kind == "import":
                return self._follow(module, piece, name, depth)
        return None

    def pieces(self, module: str) -> Pieces | None:
        """A module of the project taken apart; None if it is not there or cannot be read."""
        path = self.file(module)
        if path is None:
            return None
        try:
            status = os.stat(path)
        except OSError:
            return None
        return _read(path, status.st_mtime_ns, status.st_size) if status.st_size <= _LARGEST_FILE else None

    def _follow(self, module: str, piece: Piece, name: str, depth: int) -> tuple[str, Piece] | None:
        path = self.file(module)
        there = replace(self, package=module if path and _is_package(path) else module.rpartition(".")[0])
        for bound, origin, original in there.imported(piece.node):
            if bound == name and original:
                return there.find(origin, original, depth + 1)
        return None

    def file(self, module: str) -> str | None:
        """The source file of a module of the project; None if there is none."""
        for root in self.roots:
            stem = os.path.join(root, *module.split("."))
            for path in (os.path.join(stem, "__init__.py"), stem + ".py"):
                if os.path.isfile(path) and not _is_foreign(path):
                    return path
        return None


def _is_package(path: str) -> bool:
    return os.path.basename(path) == "__init__.py"


def _root(name: str, path: str) -> str | None:
    """The folder from which `name` is imported, told from its path; None if they do not agree."""
    folder = os.path.dirname(os.path.abspath(path))
    parts = name.split(".") if name and name != "__main__" else [""]
    outer = parts if _is_package(path) else parts[:-1]
    for part in reversed(outer):
        if os.path.basename(folder) != part:
            return None
        folder = os.path.dirname(folder)
    return folder


@lru_cache(maxsize=1)
def _library_folders() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    return tuple(os.path.join(os.path.abspath(paths[kind]), "") for kind in ("stdlib", "platstdlib"))


def _is_foreign(path: str) -> bool:
    """Whether a path is of the standard library or of an installed package."""
    parts = path.split(os.sep)
    return any(folder in parts for folder in _FOREIGN_FOLDERS) or os.path.join(path, "").startswith(_library_folders())


@lru_cache(maxsize=256)
def _read(path: str, mtime_ns: int, size: int) -> Pieces | None:  # noqa: ARG001 -- the stamp is part of the key
    try:
        with open(path, "rb") as file:
            source = file.read()
        tree = ast.parse(source)
        return take_apart(tree, Listing(decode(source)))
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError):
        return None  # another module's fault: it is told when that module is imported
