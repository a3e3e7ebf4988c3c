"""The order in which `complete` takes modules: what one imports comes first, and is in place when that is checked."""

from __future__ import annotations

import ast
import os
import sys
import threading
from functools import lru_cache
from typing import TYPE_CHECKING

from jitc_import.source.firstparty import first_party
from jitc_import.source.imported import imports_in
from jitc_import.source.quiet import quietly
from jitc_import.targets import Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jitc_import.cli.surveys import Surveyed


class Order:
    """Modules to complete, for several threads: each is given when those that it imports are done.

    Those that import each other keep the order in which they come, and so do those that have nothing to do with each
    other.
    """

    def __init__(self, surveys: Sequence[Surveyed]) -> None:
        self._waiting = {surveyed.target: surveyed for surveyed in surveys}
        self._before = _prerequisites([*self._waiting])
        self._open = set(self._waiting)
        self._changed = threading.Condition()

    def __len__(self) -> int:
        return len(self._waiting)

    def take(self) -> Surveyed | None:
        """The next module, waited for where need be; None where there is none left."""
        with self._changed:
            while self._waiting:
                for target in self._waiting:
                    if not self._before[target] & self._open:
                        return self._waiting.pop(target)
                self._changed.wait()
        return None

    def done(self, target: Target) -> None:
        """A module that was given is completed, or failed."""
        with self._changed:
            self._open.discard(target)
            self._changed.notify_all()

    def close(self) -> None:
        """Give no more."""
        with self._changed:
            self._waiting.clear()
            self._changed.notify_all()


def _prerequisites(targets: Sequence[Target]) -> dict[Target, set[Target]]:
    """For each target those that come before it; of several that import each other, those that were named before."""
    if len(targets) == 1:
        return {targets[0]: set()}
    reached = {target: _reached(target) for target in targets}
    before: dict[Target, set[Target]] = {}
    for target in targets:
        imported = [one for one in targets if one.path in reached[target] and one != target]
        before[target] = {one for one in imported if one in before or target.path not in reached[one]}
    return before


def _reached(target: Target) -> set[str]:
    """The files that a module imports, and those that these import, and so on, as far as they are of the project."""
    found: set[str] = set()
    waiting = [target]
    while waiting:
        new = [one for one in _imported(waiting.pop()) if one.path not in found]
        found.update(one.path for one in new)
        waiting += new
    return found


@lru_cache(maxsize=4096)
def _imported(target: Target) -> tuple[Target, ...]:
    """What a module imports when it runs, or may import, of its project; the packages around it are no part of that."""
    project = first_party(target.name, target.path, sys.path)
    try:
        with open(target.path, "rb") as file, quietly():
            tree = ast.parse(file.read())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return ()  # it is told when it is completed
    files = {name: project.file(name) for name in _names(tree, project.package)}
    return tuple(
        Target(os.path.abspath(path), name)
        for name, path in files.items()
        if path and not f"{target.name}.".startswith(f"{name}.")
    )


def _names(tree: ast.Module, package: str) -> Iterator[str]:
    """The modules that imports may mean: packages around them included, and names that may be modules, too."""
    for module, names in imports_in(tree, package):
        parts = module.split(".")
        yield from (".".join(parts[:end]) for end in range(1, len(parts) + 1))
        yield from (f"{module}.{name}" for name in names)
