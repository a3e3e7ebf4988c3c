"""Which stubs of a module use which, as far as their bodies and examples tell."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING

from jitc_import.source.definitions import qualname_of
from jitc_import.source.quiet import nodes_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jitc_import.source.stubs import SourceModule


def used_stubs(
    module: SourceModule, bodies: Mapping[str, str], examples: Mapping[str, Sequence[str]]
) -> dict[str, frozenset[str]]:
    """For each key of `bodies` the keys of the stubs that it uses, those that these use included.

    A stub counts as used where its name stands, as a name or an attribute; one that is called by an operator or by
    making an object (`__add__`, `__init__`), where the name of its class stands.
    """
    names = {stub.key: names_for(stub.key) for stub in module.stubs}
    direct: dict[str, set[str]] = {}
    for key, body in bodies.items():
        mentioned = _mentioned(body).union(*(_mentioned(source) for source in examples.get(key, ())))
        direct[key] = {other for other, known in names.items() if other != key and known & mentioned}
    return {key: frozenset(_reached(key, direct)) for key in bodies}


def names_for(key: str) -> set[str]:
    """The names that a call of a stub goes by: its own, or that of its class where an operator calls it."""
    *around, name = qualname_of(key).split(".")
    is_special = name.startswith("__") and name.endswith("__") and around
    return {around[-1]} if is_special else {name}


@lru_cache(maxsize=4096)
def _mentioned(text: str) -> frozenset[str]:
    nodes = nodes_in(text)
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return frozenset(names | {node.attr for node in nodes if isinstance(node, ast.Attribute)})


def _reached(key: str, direct: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [key]
    while waiting:
        for other in direct.get(waiting.pop(), set()) - found:
            found.add(other)
            waiting.append(other)
    return found
