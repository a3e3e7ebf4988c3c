"""When two values of literals are the same."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

Near = Callable[[Any, Any], bool]
"""Whether two numbers, the one that is wanted first, are near enough."""


def within(share: float) -> Near:
    """Near enough are numbers that differ by no more than a share of the larger."""
    return lambda want, got: math.isclose(want, got, rel_tol=share)


def to_written_digits(want: Any, got: Any) -> bool:
    """Whether a number may have been rounded, or cut, to the one that is wanted: 3.14159 to 3.14, not 4.04 to 4.0."""
    digits = repr(want).partition(".")[2]
    if type(want) is not float or not digits.isdigit() or digits == "0" or not math.isfinite(got):
        return False
    unit = 10.0 ** len(digits)
    return want in {round(got, len(digits)), math.trunc(got * unit) / unit}


def roughly(want: Any, got: Any) -> bool:
    """Whether a number may be an estimate of another."""
    return math.isclose(want, got, rel_tol=0.1, abs_tol=0.001)


def in_one_order(value: object) -> object:
    """A value with all its lists and tuples sorted, so that their order does not matter."""
    if isinstance(value, (list, tuple)):
        return type(value)(sorted(map(in_one_order, value), key=repr))
    return {key: in_one_order(one) for key, one in value.items()} if isinstance(value, dict) else value


def same(want: object, got: object, near: Near, *, exact_types: bool) -> bool:
    """Whether two values of literals are the same.

    Floats may differ by as much as `near` allows. Types must be the same all the way down; without
    `exact_types`, a whole number may be an int or a float, and a set frozen.
    """
    if _are_numbers(want, got):
        return (type(want) is type(got) or not exact_types) and _near(want, got, near)
    if type(want) is not type(got) and (exact_types or not {type(want), type(got)} <= {set, frozenset}):
        return False
    if isinstance(want, (list, tuple)) and isinstance(got, (list, tuple)):
        pairs = zip(want, got, strict=False)
        return len(want) == len(got) and all(same(*pair, near, exact_types=exact_types) for pair in pairs)
    if isinstance(want, dict) and isinstance(got, dict):
        return _same_dicts(want, got, near, exact_types=exact_types)
    if isinstance(want, (set, frozenset)) and isinstance(got, (set, frozenset)):
        return want == got and (not exact_types or _typed(want) == _typed(got))
    return want == got or (want != want and got != got)  # noqa: PLR0124 - so says a complex nan


def _same_dicts(want: dict[Any, Any], got: dict[Any, Any], near: Near, *, exact_types: bool) -> bool:
    if want.keys() != got.keys() or (exact_types and _typed(want) != _typed(got)):
        return False
    return all(same(value, got[key], near, exact_types=exact_types) for key, value in want.items())


def _typed(values: Any) -> set[tuple[str, object]]:
    return {(type(value).__name__, value) for value in values}


def _are_numbers(*values: object) -> bool:
    return all(type(value) in {int, float} for value in values)


def _near(want: Any, got: Any, near: Near) -> bool:
    if want == got or (want != want and got != got):  # noqa: PLR0124 - so says nan that it is nan
        return True
    if type(want) is int and type(got) is int:
        return False
    try:
        return near(want, got)
    except OverflowError:
        return False
