"""The functions and methods of a module, by how a body of that module uses them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jitc_import.source.definitions import classes, definitions, qualname_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jitc_import.source.definitions import Function

CALLED = "()"
"""What is used of a function or class that is called, where otherwise the name of an attribute stands."""

_AT_MAKING = ("__new__", "__init__", "__post_init__")


class OwnFunctions:
    """Finds definitions by a name, and an attribute of it; of several of a name the last counts, as in Python."""

    def __init__(self, module: ast.Module) -> None:
        found = [(key, node) for key, node in definitions(module) if "<locals>" not in key]
        self.by_key: dict[str, Function] = dict(found)
        self._keys = {qualname_of(key): key for key, _ in found}
        self._classes = dict(classes(module))

    def used(self, uses: Iterable[tuple[str, str]], holder: str) -> Iterator[str]:
        """The keys of what is used in a function that stands in the class `holder`."""
        for name, attribute in uses:
            if name in ("self", "cls"):
                yield from self._method(holder, attribute)
            elif name == "super":
                yield from self._of_bases(holder, attribute)
            elif name in self._classes:
                for each in _AT_MAKING if attribute == CALLED else [attribute]:
                    yield from self._method(name, each)
            elif name in self._keys:
                yield self._keys[name]

    def _method(self, holder: str, name: str) -> Iterator[str]:
        seen = [holder]
        for each in seen:
            if f"{each}.{name}" in self._keys:
                yield self._keys[f"{each}.{name}"]
                return
            seen += [base for base in self._bases(each) if base not in seen]

    def _of_bases(self, holder: str, name: str) -> Iterator[str]:
        for base in self._bases(holder):
            yield from self._method(base, name)

    def _bases(self, holder: str) -> list[str]:
        node = self._classes.get(holder)
        return [base.id for base in node.bases if isinstance(base, ast.Name)] if node else []
