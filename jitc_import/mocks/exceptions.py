"""The exceptions that a docstring names, and of which an answer may be one."""

from __future__ import annotations

import builtins
import inspect
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FunctionType

_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?:\.\w+)*")
_WORDS = (Exception, Warning)
"""Exceptions whose names prose has, too."""

_ENDS = (StopIteration, StopAsyncIteration)


def named_exceptions(function: FunctionType, *, iterates: bool) -> dict[str, type[Exception]]:
    """The exceptions that a docstring names, of the builtin ones and those that the module knows, by those names.

    Left out are what ends iterators, where calls are one or are awaited (`iterates`), and what no message makes, as
    UnicodeDecodeError.
    """
    told = function.__doc__ or ""
    found: dict[str, type[Exception]] = {}
    for name in dict.fromkeys(_NAME.findall(told)):
        value = _value_of(name, function)
        if not isinstance(value, type) or not issubclass(value, Exception):
            continue
        if _is_said(name, value, told) and not (iterates and issubclass(value, _ENDS)) and _is_made_from_text(value):
            found[name] = value
    return found


def _value_of(name: str, function: FunctionType) -> object:
    first, *rest = name.split(".")
    known = {**vars(builtins), "builtins": builtins, **function.__globals__}
    value: object = known.get(first)
    for part in rest:
        value = getattr(value, part, None) if inspect.ismodule(value) or isinstance(value, type) else None
    return value


def _is_said(name: str, kind: type[Exception], told: str) -> bool:
    """Whether a name says that something is raised; some are words, too."""
    said = rf"\brais\w*\b[^.]*\b{name}\b"
    return kind not in _WORDS or re.search(said, told, re.IGNORECASE) is not None


def _is_made_from_text(kind: type[Exception]) -> bool:
    """Whether an exception can be made from a message, or from nothing, as far as that shows before it is tried."""
    try:
        signature = inspect.signature(kind)
    except (TypeError, ValueError):  # it is made by C, and no code of a user's
        return _is_made(kind)
    return _takes(signature, "") or _takes(signature)


def _is_made(kind: type[Exception]) -> bool:
    try:
        kind("")
    except Exception:  # noqa: BLE001 -- whatever it raises
        return False
    return True


def _takes(signature: inspect.Signature, *arguments: object) -> bool:
    try:
        signature.bind(*arguments)
    except TypeError:
        return False
    return True
