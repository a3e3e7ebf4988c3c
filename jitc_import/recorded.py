"""Calls of a mock that a function was before it became a stub, as examples: what a model said, so no proof."""

from __future__ import annotations

import ast
import contextlib
from typing import TYPE_CHECKING, Any

from jitc_import.checks.examples import Example
from jitc_import.checks.examples.literals import is_literal, parsed
from jitc_import.errors import StoreError
from jitc_import.source.definitions import qualname_of
from jitc_import.store.records import read_records, records_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitc_import.source.stubs import SourceModule, Stub
    from jitc_import.store.records import Record

SHOWN = 5
"""Recorded calls that a model is shown, and that a body is tried on."""

_PLAIN = frozenset({"str", "int", "float", "bool", "None", "list", "dict", "Optional", "Union", "List", "Dict", "Any"})
"""Names in a return annotation whose values JSON stands for as they are."""


def recorded_calls(module: SourceModule, stub: Stub) -> tuple[Example, ...]:
    """The last calls of a mock of this name in which all is plain, as examples; none for methods."""
    name = qualname_of(stub.key)
    if "." in name or not _returns_plain(stub):
        return ()
    found: list[Record] = []
    with contextlib.suppress(StoreError):  # a call of a mock says what is wrong with the file
        found = [one for one in read_records(records_path(module.path)) if one.function == name and not one.raised]
    return tuple(_examples(found))[-SHOWN:]


def _examples(records: list[Record]) -> Iterator[Example]:
    for record in records:
        call = parsed(record.arguments)
        if isinstance(call, ast.Call) and all(map(_is_plain, [*call.args, *(one.value for one in call.keywords)])):
            yield Example(record.arguments, repr(record.answer), "value", 0, 1)


def _is_plain(argument: ast.expr) -> bool:
    return is_literal(ast.unparse(argument)) and "…" not in ast.unparse(argument)


def _returns_plain(stub: Stub) -> bool:
    definition: Any = ast.parse(f"{stub.signature} ...").body[0]
    if isinstance(definition, ast.AsyncFunctionDef) or definition.returns is None:
        return False
    names = {node.id for node in ast.walk(definition.returns) if isinstance(node, ast.Name)}
    names |= {str(node.value) for node in ast.walk(definition.returns) if isinstance(node, ast.Constant)}
    return names <= _PLAIN
