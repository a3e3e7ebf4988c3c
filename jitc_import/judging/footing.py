"""What each example of a docstring rests on: its stub, and the set-up before it."""

from __future__ import annotations

import ast
import builtins
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jitc_import.judging.usage import names_for
from jitc_import.source.definitions import qualname_of
from jitc_import.source.quiet import nodes_in

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from jitc_import.checks.examples import Example
    from jitc_import.source.stubs import Stub

_BUILTINS = frozenset(dir(builtins)) - {"_"}

_SHORTEST = 3
"""Characters of a text that two examples do not share by chance."""


@dataclass
class _Names:
    """The names in one example: loaded (`used`), looked up on an object, bound; imported, by what they go by here.

    `standard` are those that come from the standard library, `modules` all that an import mentions, `texts` its texts.
    """

    used: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    imported: dict[str, str] = field(default_factory=dict)
    standard: set[str] = field(default_factory=set)
    modules: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)


class Footing:
    """The examples of a stub by position, and how they hang together.

    `names` are those that a call of the stub goes by. Without `by_name` it may be called by others, too: by an
    operator, or by whatever a decorator gives it to; each name of the module then counts as one of its own.
    """

    def __init__(self, sources: Sequence[str], names: Collection[str], *, by_name: bool = True) -> None:
        self._examples = [_names_in(source) for source in sources]
        imported = {alias: name for one in self._examples for alias, name in one.imported.items()}
        own = {*names, *(alias for alias, name in imported.items() if name in names)}
        bound = set[str]().union(*(one.bound for one in self._examples))
        self._local = bound - own
        known = _BUILTINS.union(bound, *(one.standard for one in self._examples))
        self._of_module = [bool(one.used - known) for one in self._examples]
        self._calls = [
            bool(own & (one.used | one.attributes)) or (of_module and not by_name)
            for one, of_module in zip(self._examples, self._of_module, strict=True)
        ]

    def named(self, position: int) -> bool:
        """Whether an example, or one before it, calls the stub as far as its text tells."""
        return any(self._calls[: position + 1])

    def reached(self, position: int) -> bool:
        """Whether the stub can have been called by then: by the example or one before it, or by what they call."""
        return self.named(position) or any(self._of_module[: position + 1])

    def rests(self, position: int) -> bool:
        """Whether an example calls the stub, or looks at what a call of it may have made or changed.

        That is what shares a variable with a call of it, directly or through others, and what the module holds.
        """
        if self._calls[position] or (self.named(position) and self._of_module[position]):
            return True
        shared = self._variables(position)
        for before in range(position - 1, -1, -1):
            if self._variables(before) & shared:
                shared |= self._variables(before)
                if self._calls[before]:
                    return True
        return False

    def share(self, position: int, other: int) -> bool:
        """Whether two examples have a variable or a text in common: the name of a file, say."""
        texts = self._examples[position].texts & self._examples[other].texts
        return bool(texts or self._variables(position) & self._variables(other))

    def lacks(self, position: int, name: str, lost: Collection[int]) -> bool:
        """Whether it lies in the examples that a name is not there that one of them uses.

        `lost` are those whose failure was not laid to the body. It does not where a call of the stub should have bound
        the name, or text that was made by one and run.
        """
        if name not in self._examples[position].used | self._examples[position].bound:
            return False
        before = range(position)
        binding = [one for one in before if name in self._examples[one].bound]
        if any(one in lost for one in binding):
            return True
        running = [one for one in before if self._calls[one] and "exec" in self._examples[one].used]
        return not (running or any(map(self.rests, binding)))

    def imports(self, position: int, name: str) -> bool:
        """Whether an example imports a module, or a name from one; any at all where it does not call the stub."""
        found = self._examples[position].modules
        return name in found or bool(found and not self._calls[position])

    def _variables(self, position: int) -> set[str]:
        return (self._examples[position].used | self._examples[position].bound) & self._local


def footing_of(stub: Stub, examples: Sequence[Example]) -> Footing:
    """What the examples of a stub rest on; a decorator may have it called by other names than its own."""
    names = names_for(stub.key)
    is_plain = qualname_of(stub.key).rpartition(".")[2] in names and not stub.decorators
    return Footing([example.source for example in examples], names, by_name=is_plain)


def _names_in(source: str) -> _Names:
    found = _Names()
    for node in nodes_in(source):
        if isinstance(node, ast.Name):
            (found.used if isinstance(node.ctx, ast.Load) else found.bound).add(node.id)
        elif isinstance(node, ast.Attribute):
            found.attributes.add(node.attr)
        elif isinstance(node, ast.arg):
            found.bound.add(node.arg)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) >= _SHORTEST:
            found.texts.add(node.value)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            _take_imports(node, found)
        elif not isinstance(node, ast.alias) and isinstance(
            name := getattr(node, "name", None), str
        ):  # of a function, a class, an exception, a pattern
            found.bound.add(name)
    return found


def _take_imports(node: ast.Import | ast.ImportFrom, found: _Names) -> None:
    source = node.module or "" if isinstance(node, ast.ImportFrom) else ""
    for alias in node.names:
        root = (source or alias.name).partition(".")[0]
        name = alias.asname or alias.name.partition(".")[0]
        found.imported[name] = alias.name
        found.modules |= {source, alias.name, root}
        if root in sys.stdlib_module_names:
            found.standard.add(name)
