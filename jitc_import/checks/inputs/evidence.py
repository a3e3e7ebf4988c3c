"""What the values of examples have in common, so that others can be made that a function is as likely meant for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

_INTEGER = re.compile(r"-?\d{1,15}")
_BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<"}
_ENOUGH = 2
"""Values that must agree before what they have in common is taken for a rule."""
_MANY = 5
_HUGE = 1e15


@dataclass(frozen=True)
class Seen:
    """Values that stand in the same place in several examples: one argument, or all elements of one argument."""

    values: tuple[Any, ...]

    @cached_property
    def numbers(self) -> list[Any]:
        """The numbers among them that more can be made of, booleans aside."""
        return [value for value in self.values if type(value) in {int, float} and abs(value) < _HUGE]

    @cached_property
    def lowest(self) -> float:
        """Below this no number is made: negative ones come only where one was seen."""
        return -self.highest if any(number < 0 for number in self.numbers) else 0

    @cached_property
    def highest(self) -> float:
        """Above this no number is made."""
        return max(10, *(3 * abs(number) for number in self.numbers)) if self.numbers else 10

    @cached_property
    def texts(self) -> list[str]:
        """The strings among them."""
        return [value for value in self.values if isinstance(value, str)]

    @cached_property
    def alphabet(self) -> str:
        """Each character of the strings, once."""
        return "".join(sorted(set("".join(self.texts))))

    @cached_property
    def are_integers(self) -> bool:
        """Whether the strings are written numbers."""
        return bool(self.texts) and all(map(is_integer, self.texts))

    @cached_property
    def are_shaped(self) -> bool:
        """Whether the strings are of one shape, as dates and times are."""
        shapes = {shape_of(text) for text in self.texts}
        return len(shapes) == 1 and len(set(self.texts)) >= _ENOUGH and bool(re.search(r"[^\w\s]", shapes.pop()))

    @cached_property
    def are_characters(self) -> bool:
        """Whether each of the strings is one character."""
        return bool(self.texts) and all(len(text) == 1 for text in self.texts)

    @cached_property
    def are_balanced(self) -> bool:
        """Whether there are brackets in the strings, each with its twin."""
        return any(sign in self.alphabet for sign in "([{") and all(map(is_balanced, self.texts))

    @cached_property
    def sequences(self) -> list[Any]:
        """The lists and tuples among them."""
        return [value for value in self.values if isinstance(value, (list, tuple))]

    @cached_property
    def has_one_length(self) -> bool:
        """Whether lists and tuples must keep their length: records, the rows of a table."""
        lengths = {len(value) for value in self.sequences}
        return len(lengths) == 1 and (len(self.sequences) >= _ENOUGH or isinstance(self.sequences[0], tuple))

    @cached_property
    def are_sorted(self) -> bool:
        """Whether every list is in ascending order."""
        return self._hold(_is_sorted)

    @cached_property
    def are_distinct(self) -> bool:
        """Whether no list has an element twice."""
        return self._hold(_is_distinct)

    @cached_property
    def are_tables(self) -> bool:
        """Whether the lists hold rows of the same length, as matrices do."""
        rows = [[row for row in value if isinstance(row, (list, tuple))] for value in self.sequences]
        if not any(rows) or any(len(row) != len(value) for row, value in zip(rows, self.sequences, strict=True)):
            return False
        return all(len({len(row) for row in table}) <= 1 for table in rows)

    @cached_property
    def are_square(self) -> bool:
        """Whether they are tables as wide as high."""
        return self.are_tables and all(len(value) == len(value[0]) for value in self.sequences if value)

    @cached_property
    def elements(self) -> Seen:
        """All elements of all lists, tuples and sets."""
        return Seen(tuple(chain.from_iterable(map(in_order, self.values))))

    @cached_property
    def dicts(self) -> list[dict[Any, Any]]:
        """The dicts among them."""
        return [value for value in self.values if isinstance(value, dict)]

    @cached_property
    def are_records(self) -> bool:
        """Whether several dicts have the same keys."""
        return len(self.dicts) >= _ENOUGH and len({frozenset(value) for value in self.dicts}) == 1

    @cached_property
    def keys(self) -> Seen:
        """All keys of all dicts."""
        return Seen(tuple(chain.from_iterable(self.dicts)))

    def under(self, key: object) -> Seen:
        """The values of a key in all dicts; of all keys where the dicts are no records."""
        of_all = [item for value in self.dicts for item in value.items()]
        return Seen(tuple(value for other, value in of_all if other == key or not self.are_records))

    def _hold(self, rule: Any) -> bool:
        telling = [value for value in self.sequences if len(value) >= _ENOUGH]
        enough = len(telling) >= _ENOUGH and sum(map(len, telling)) >= _MANY
        return enough and all(map(rule, telling))


def in_order(value: object) -> Iterable[Any]:
    """The elements of a list, tuple or set in an order that is the same in every process."""
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=repr)
    return value if isinstance(value, (list, tuple)) else ()


def in_ascending_order(values: list[Any]) -> list[Any]:
    """A list sorted, where its elements have an order."""
    try:
        return sorted(values)
    except TypeError:
        return values


def shape_of(text: str) -> str:
    """A text with all letters and all digits alike."""
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "0", text))


def is_integer(text: str) -> bool:
    """Whether a text is a whole number that can be computed with."""
    return bool(_INTEGER.fullmatch(text))


def is_balanced(text: str) -> bool:
    """Whether each bracket has its twin."""
    opened: list[str] = []
    for sign in text:
        if sign in "([{":
            opened.append(sign)
        elif sign in ")]}" and (not opened or opened.pop() != _BRACKETS[sign]):
            return False
    return not opened


def _is_sorted(values: Any) -> bool:
    try:
        return list(values) == sorted(values)
    except TypeError:
        return False


def _is_distinct(values: Any) -> bool:
    return len({repr(value) for value in values}) == len(values)
