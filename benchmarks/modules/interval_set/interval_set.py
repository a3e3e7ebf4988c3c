"""Sets of whole numbers, kept as intervals."""

# jitc: enable
from __future__ import annotations

from collections.abc import Iterable


def merge(intervals: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:  # jitc: complete
    """Sort half-open intervals and join those that overlap or touch; empty ones (start >= end) are dropped.

    >>> merge([(5, 8), (1, 3), (3, 4), (7, 9), (2, 2)])
    [(1, 4), (5, 9)]
    """


# jitc: complete
class IntervalSet:
    """A set of whole numbers. `parts` are half-open intervals: sorted, not empty, neither overlapping nor touching."""

    def __init__(self, intervals: Iterable[tuple[int, int]] = ()) -> None:
        self.parts = merge(intervals)

    def __repr__(self) -> str:
        return f"IntervalSet({self.parts})"

    def __len__(self) -> int:
        """How many numbers are in the set.

        >>> len(IntervalSet([(1, 4), (10, 11)]))
        4
        """

    def __contains__(self, number: int) -> bool:
        """Whether a number is in the set.

        >>> 4 in IntervalSet([(1, 4)])
        False
        """

    def add(self, start: int, end: int) -> None:
        """Add the numbers from `start` up to, but without, `end`."""

    def remove(self, start: int, end: int) -> None:
        """Take out the numbers from `start` up to, but without, `end`.

        >>> numbers = IntervalSet([(0, 10)])
        >>> numbers.remove(3, 5)
        >>> numbers
        IntervalSet([(0, 3), (5, 10)])
        """

    def union(self, other: IntervalSet) -> IntervalSet:
        """The numbers that are in either set."""

    def intersection(self, other: IntervalSet) -> IntervalSet:
        """The numbers that are in both sets.

        >>> IntervalSet([(0, 5), (8, 12)]).intersection(IntervalSet([(3, 9)]))
        IntervalSet([(3, 5), (8, 9)])
        """

    def difference(self, other: IntervalSet) -> IntervalSet:
        """The numbers of this set that are not in the other.

        >>> IntervalSet([(0, 10)]).difference(IntervalSet([(3, 5)]))
        IntervalSet([(0, 3), (5, 10)])
        """

    def gaps(self) -> list[tuple[int, int]]:
        """The half-open intervals between the parts.

        >>> IntervalSet([(0, 1), (4, 5), (9, 12)]).gaps()
        [(1, 4), (5, 9)]
        """

    def first_fit(self, length: int) -> int | None:
        """The start of the first part that has at least `length` numbers, None if no part has.

        >>> IntervalSet([(0, 2), (5, 9)]).first_fit(3)
        5
        """


def parse_ranges(text: str) -> IntervalSet:  # jitc: complete
    """Read a list of numbers and ranges, both ends included: "1-3, 7, 9-10".

    >>> parse_ranges("1-3, 7, 9-10")
    IntervalSet([(1, 4), (7, 8), (9, 11)])
    """


def format_ranges(numbers: IntervalSet) -> str:  # jitc: complete
    """The opposite of parse_ranges: "1-3, 7, 9-10"."""
