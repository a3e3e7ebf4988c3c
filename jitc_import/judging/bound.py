"""Whether the name of a stub stands for that very stub where it is run: another may be defined in its place."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jitc_import.checks.sandbox.session import Snippet
from jitc_import.source.definitions import FUNCTIONS, definitions, qualname_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitc_import.checks.sandbox.session import Ran
    from jitc_import.source.stubs import SourceModule, Stub


def probe(module: SourceModule, stub: Stub) -> Snippet | None:
    """What asks in the child where the code lies that the name of a stub stands for; None where that is known.

    It is known of what is defined once, and under no condition. What a decorator makes of a stub is not looked into.
    """
    if stub.decorators or stub.key in _certain(module):
        return None
    name = qualname_of(stub.key)
    return Snippet(f"print(__import__('inspect').unwrap({name}).__code__.co_firstlineno)")


def is_bound(ran: Ran, lines: tuple[int, int]) -> bool:
    """Whether what a probe found lies in these lines of the companion file."""
    found = ran.output.strip()
    return ran.exception is None and found.isdecimal() and lines[0] <= int(found) <= lines[1]


def _certain(module: SourceModule) -> frozenset[str]:
    qualnames = [qualname_of(key) for key, _ in definitions(module.tree)]
    plain = set(map(id, _unconditional(module.tree)))
    return frozenset(
        key for key, node in definitions(module.tree) if id(node) in plain and qualnames.count(qualname_of(key)) == 1
    )


def _unconditional(node: ast.Module | ast.ClassDef) -> Iterator[ast.AST]:
    """The functions that stand in a module and its classes, and in no other statement."""
    for child in node.body:
        if isinstance(child, FUNCTIONS):
            yield child
        elif isinstance(child, ast.ClassDef):
            yield from _unconditional(child)
