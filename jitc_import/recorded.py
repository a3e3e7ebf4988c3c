"""Calls of a mock that a function was before it became a stub, as examples: what a model said, so no proof."""

from __future__ import annotations

import ast
import contextlib
import re
import typing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jitc_import.checks.examples import Example
from jitc_import.checks.examples.literals import is_literal, parsed
from jitc_import.errors import StoreError
from jitc_import.source.definitions import qualname_of
from jitc_import.store.records import read_records, records_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitc_import.source.stubs import SourceModule, Stub
    from jitc_import.store.records import Record

SHOWN = 5
"""Recorded calls that a model is shown, and that a body is tried on."""

_STREAM = re.compile(r"\b(?:Iterator|Iterable|Generator)\b")
_EXCEPTION = re.compile(r"[A-Za-z_][\w.]*")


def recorded_calls(module: SourceModule, stub: Stub) -> tuple[Example, ...]:
    """The last calls of a mock of this name in which all is plain, as examples; none for methods and coroutines."""
    name = qualname_of(stub.key)
    found: list[Record] = []
    with contextlib.suppress(StoreError):  # `broken_records` says so
        found = [one for one in read_records(records_path(module.path)) if one.function == name]
    definition = ast.parse(f"{stub.signature} ...").body[0] if found and "." not in name else None
    if not isinstance(definition, ast.FunctionDef):
        return ()
    returned = _returned(definition, module)
    examples = [_example(one, returned) for one in found if _is_plain_call(one.arguments)]
    return tuple(one for one in examples if one)[-SHOWN:]


def told_call(example: Example) -> str:
    """A recorded call and its answer in words of Python."""
    return (
        f"{example.source} raises {example.exception}" if example.exception else f"{example.source} == {example.want}"
    )


def broken_records(path: str) -> str | None:
    """Why the recorded calls of mocks in a module cannot be read, if they cannot."""
    try:
        list(read_records(records_path(path)))
    except StoreError as error:
        return str(error)
    return None


@dataclass(frozen=True)
class _Returned:
    """What calls return: `made` gives the value for what was recorded, and raises where it is no such value.

    `made` is None where the annotation is more than a plain type; `several` says that items are yielded.
    """

    made: Callable[[Any], Any] | None
    several: bool = False


def _returned(definition: ast.FunctionDef, module: SourceModule) -> _Returned:
    """What the annotation of a function says."""
    from jitc_import.mocks.annotations import origin_in
    from jitc_import.mocks.answer import answer_type
    from jitc_import.mocks.json_types import NoSchemaError
    from jitc_import.mocks.mocked import STREAMED
    from jitc_import.mocks.written import NotPlainError, written_type

    if definition.returns is None:
        return _Returned(lambda value: value)
    try:
        hint = written_type(definition.returns, module.tree)
        several = origin_in(STREAMED, hint) is not None
        item = (*typing.get_args(hint), Any)[0] if several else hint
        answer = answer_type(item, (), several=several)
    except (NotPlainError, NoSchemaError):
        return _Returned(None, _STREAM.search(ast.unparse(definition.returns)) is not None)
    return _Returned(lambda value: answer.made_whole(answer.checked(value)), several)


def _example(record: Record, returned: _Returned) -> Example | None:
    """A record as an example; None where its value is none that can be written down."""
    from jitc_import.mocks.answer import WrongAnswerError

    call = f"list({record.arguments})" if returned.several else record.arguments
    if record.raised:
        name = str(record.raised.get("exception"))
        return Example(call, "", "value", 0, 1, exception=name) if _EXCEPTION.fullmatch(name) else None
    if returned.made is None:
        return None
    try:
        value = returned.made(record.answer)
    except WrongAnswerError:
        return None
    if hasattr(value, "isoformat"):  # a date or time
        return Example(f"{call}.isoformat()", repr(value.isoformat()), "value", 0, 1)
    return Example(call, repr(value), "value", 0, 1) if is_literal(repr(value)) else None


def _is_plain_call(text: str) -> bool:
    call = parsed(text)
    return isinstance(call, ast.Call) and all(map(_is_plain, [*call.args, *(one.value for one in call.keywords)]))


def _is_plain(argument: ast.expr) -> bool:
    return is_literal(ast.unparse(argument)) and "…" not in ast.unparse(argument)
