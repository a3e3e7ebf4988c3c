"""The annotations of a function that is being defined, and `Self` among them."""

from __future__ import annotations

import functools
import inspect
import operator
import sys
import types
import typing
from typing import TYPE_CHECKING, Any

import typing_extensions

if TYPE_CHECKING:
    from collections.abc import Collection

if sys.version_info >= (3, 14):
    from annotationlib import Format

    AS_TEXT: dict[str, Any] = {"annotation_format": Format.STRING}
    AS_TEXT_ALONE: dict[str, Any] = {"format": Format.STRING}
else:
    AS_TEXT: dict[str, Any] = {}
    AS_TEXT_ALONE: dict[str, Any] = {}
"""What `inspect.signature`, and `inspect.get_annotations`, take so that no annotation is evaluated."""

_UNIONS = (typing.Union, types.UnionType)


class UnboundSelfError(NameError):
    """`Self`, where the class is not known yet."""


def annotations_of(function: types.FunctionType) -> dict[str, Any]:
    """The annotations, in which names may be missing: they are text then, as with `from __future__`."""
    try:
        return function.__annotations__
    except NameError:  # Python 3.14 evaluates them when they are asked for
        return inspect.get_annotations(function, **AS_TEXT_ALONE)


def with_self(hint: Any, receiver: type | None) -> Any:
    """A type in which `Self` is the class that a method is called on. Raises UnboundSelfError where that is None."""
    if hint is typing_extensions.Self:
        if receiver is None:
            raise UnboundSelfError("Self is known once the method is called on something", name="Self")
        return receiver
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is typing.Literal or not any(_holds_self(one) for one in arguments):
        return hint
    bound = tuple(with_self(one, receiver) for one in arguments)
    origin = typing.get_origin(hint)
    return functools.reduce(operator.or_, bound) if origin in _UNIONS else origin[bound]


def without_alias(hint: Any) -> Any:
    """What a type is, where it is named by `type X = …`, or has remarks in `Annotated`."""
    while True:
        if typing.get_origin(hint) is typing.Annotated:
            hint = hint.__origin__
        elif type(hint).__name__ == "TypeAliasType":
            hint = hint.__value__
        else:
            return hint


def origin_in(kinds: Collection[Any], hint: Any) -> Any:
    """The one of some generic types that a type is, with or without parameters; None where it is none."""
    bare = without_alias(hint)
    origin = typing.get_origin(bare) or bare
    return next((kind for kind in kinds if kind is origin), None)


def _holds_self(hint: Any) -> bool:
    return hint is typing_extensions.Self or any(map(_holds_self, typing.get_args(hint)))
