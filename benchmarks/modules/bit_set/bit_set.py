"""Sets of small whole numbers in the bits of one integer."""

# jitc: enable
from __future__ import annotations

from collections.abc import Iterable, Iterator


# jitc: complete
class BitSet:
    """A set of whole numbers from 0; bit n of `bits` says whether n is in it."""

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        self.bits = 0
        for number in numbers:
            self.add(number)

    @classmethod
    def from_bits(cls, bits: int) -> BitSet:
        """The set with these bits."""

    def add(self, number: int) -> None:
        """Put a number into the set. Raises ValueError if it is negative.

        >>> numbers = BitSet()
        >>> numbers.add(3)
        >>> numbers.bits
        8
        """

    def discard(self, number: int) -> None:
        """Take a number out of the set, if it is in it."""

    def __contains__(self, number: int) -> bool:
        """Whether a number is in the set; a negative one never is.

        >>> 3 in BitSet([3]), 2 in BitSet([3])
        (True, False)
        """

    def __len__(self) -> int:
        """How many numbers are in the set.

        >>> len(BitSet([3, 100]))
        2
        """

    def __iter__(self) -> Iterator[int]:
        """The numbers, in rising order.

        >>> list(BitSet([9, 0, 64]))
        [0, 9, 64]
        """

    def __or__(self, other: BitSet) -> BitSet:
        """The union.

        >>> BitSet([1, 2]) | BitSet([2, 3])
        BitSet([1, 2, 3])
        """

    def __and__(self, other: BitSet) -> BitSet:
        """The intersection."""

    def __sub__(self, other: BitSet) -> BitSet:
        """The numbers of this set that are not in the other.

        >>> BitSet([1, 2]) - BitSet([2, 3])
        BitSet([1])
        """

    def __le__(self, other: BitSet) -> bool:
        """Whether this is a subset of the other."""

    def __eq__(self, other: object) -> bool:
        """Whether the other is a BitSet with the same numbers."""

    def complement(self, size: int) -> BitSet:
        """The numbers below `size` that are not in the set.

        >>> list(BitSet([1, 3]).complement(5))
        [0, 2, 4]
        """

    def first_free(self) -> int:
        """The smallest number that is not in the set.

        >>> BitSet([0, 1, 3]).first_free()
        2
        """

    def __repr__(self) -> str:
        """As it could be made again: BitSet([1, 3])."""


def primes_below(limit: int) -> BitSet:  # jitc: complete
    """The prime numbers below a limit, by the sieve of Eratosthenes.

    >>> primes_below(20)
    BitSet([2, 3, 5, 7, 11, 13, 17, 19])
    """
