"""Calls as they are shown to a model, in all within what there is room for; and whole, to be told apart."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from jitc_import.mocks.arguments import (
    SENT,
    WHOLE,
    TooLongError,
    cut,
    fitted_value,
    mark_of_more,
    shown_value,
    telling_once,
)

if TYPE_CHECKING:
    import inspect
    from collections.abc import Iterator

    from jitc_import.mocks.arguments import Bounds

LONGEST_CALL = 60_000
"""Characters of a call that are shown at most, whatever the context has room for."""

_RECEIVERS = frozenset({"self", "cls"})
_LONGEST_NAME = 60
_LEAST = 200
"""Characters for each argument: where there is less room, fewer of them are shown."""


@dataclass(frozen=True)
class ShownCall:
    """A call in words of Python, the marks of what is left out among them; `receiver` is what a method is called on."""

    receiver: str
    positional: list[str]
    keywords: dict[str, str]
    more: list[str]
    """The mark where more keyword arguments come."""

    def written(self, name: str) -> str:
        """The call as it would be written, without its receiver."""
        keywords = (f"{key}={value}" for key, value in self.keywords.items())
        return f"{name}({', '.join([*self.positional, *keywords, *self.more])})"


def shown_call(bound: inspect.BoundArguments, room: int = LONGEST_CALL) -> ShownCall:
    """A call in about so many characters: of what is longest, the most is left out."""
    named, keywords = _positional(bound), list(bound.kwargs.items())
    most = max(1, min(SENT.items, room // _LEAST))
    first = int(receiver_name(bound.signature) is not None)
    taken = named[: first + most]
    pairs = [*taken, *keywords[:most]]
    names = [cut(key, _LONGEST_NAME) for key, _ in keywords[:most]]
    with telling_once():
        texts = _fitted(pairs, room - sum(map(len, names)) - 3 * len(pairs))
    return ShownCall(
        texts[0] if first else "",
        [*texts[first : len(taken)], *mark_of_more(len(named) - len(taken))],
        dict(zip(names, texts[len(taken) :], strict=True)),
        mark_of_more(len(keywords) - len(names)),
    )


def told_apart_by(bound: inspect.BoundArguments, bounds: Bounds = WHOLE) -> str:
    """What tells a call from others: all of its arguments, and what it is called on. Raises AlikeError."""
    texts = [shown_value(value, bounds, name) for name, value in _positional(bound)]
    given = bound.kwargs
    several = next((one.name for one in bound.signature.parameters.values() if one.kind is one.VAR_KEYWORD), "")
    if bounds.sorted:
        extra = sorted(bound.arguments.get(several, ()))
        given = {
            **{key: value for key, value in given.items() if key not in extra},
            **{key: given[key] for key in extra},
        }
    keywords = {key: shown_value(value, bounds, key) for key, value in given.items()}
    first = int(receiver_name(bound.signature) is not None)
    return f"{''.join(texts[:first])} {ShownCall('', texts[first:], keywords, []).written('')}"


def receiver_name(signature: inspect.Signature) -> str | None:
    """The name of the parameter that takes the object or class a method is called on; None for other functions."""
    first = next(iter(signature.parameters), None)
    return first if first in _RECEIVERS else None


def _fitted(pairs: list[tuple[str, Any]], room: int) -> list[str]:
    """Values by their names, in so many characters in all: those that need less than their share leave it to others."""
    texts: dict[int, str] = {}
    while True:
        rest = {number: pair for number, pair in enumerate(pairs) if number not in texts}
        share = room // max(1, len(rest))
        shown = {number: _shown_in(value, share, name) for number, (name, value) in rest.items()}
        fitting = {number: text for number, text in shown.items() if text is not None}
        if not fitting:
            break
        texts |= fitting
        room -= sum(map(len, fitting.values()))
    return [texts.get(number) or fitted_value(value, share, name) for number, (name, value) in enumerate(pairs)]


def _shown_in(value: object, room: int, name: str) -> str | None:
    """A value as SENT has it; None where it has no room."""
    try:
        shown = shown_value(value, replace(SENT, room=room), name)
    except TooLongError:
        return None
    return shown if len(shown) <= room else None


def _positional(bound: inspect.BoundArguments) -> list[tuple[str, Any]]:
    """The arguments that are given by position, with the names of the parameters that take them."""
    return list(zip(_positional_names(bound), bound.args, strict=True))


def _positional_names(bound: inspect.BoundArguments) -> Iterator[str]:
    """The names of the parameters that take `bound.args`."""
    rest = len(bound.args)
    for name, parameter in bound.signature.parameters.items():
        several = len(bound.arguments.get(name, ())) if parameter.kind is parameter.VAR_POSITIONAL else 1
        yield from itertools.repeat(name, min(several, rest))
        rest -= several
        if rest <= 0:
            return
