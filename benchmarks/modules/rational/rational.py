"""Exact fractions."""

# jitc: enable
from __future__ import annotations

from jitc_import import llm_complete


def gcd(a: int, b: int) -> int:  # jitc: complete
    """The greatest common divisor, never negative.

    >>> gcd(12, -18)
    6
    """


class Rational:
    """A fraction in lowest terms; the denominator is greater than zero."""

    def __init__(self, numerator: int, denominator: int = 1) -> None:
        if denominator == 0:
            raise ZeroDivisionError("denominator is zero")
        divisor = gcd(numerator, denominator) * (-1 if denominator < 0 else 1)
        self.numerator = numerator // divisor
        self.denominator = denominator // divisor

    def __repr__(self) -> str:
        return f"Rational({self.numerator}, {self.denominator})"

    @classmethod
    @llm_complete()
    def parse(cls, text: str) -> Rational:
        """Read "3/4", "-2", "0.75" or "1 1/2"; ValueError for anything else.

        >>> Rational.parse("0.75"), Rational.parse("1 1/2"), Rational.parse("-2")
        (Rational(3, 4), Rational(3, 2), Rational(-2, 1))
        """

    @llm_complete()
    def __add__(self, other: Rational) -> Rational:
        """The sum.

        >>> Rational(1, 2) + Rational(1, 3)
        Rational(5, 6)
        """

    @llm_complete()
    def __sub__(self, other: Rational) -> Rational:
        """The difference."""

    @llm_complete()
    def __mul__(self, other: Rational) -> Rational:
        """The product."""

    @llm_complete()
    def __truediv__(self, other: Rational) -> Rational:
        """The quotient. Raises ZeroDivisionError if the other is zero.

        >>> Rational(1, 2) / Rational(-3, 4)
        Rational(-2, 3)
        """

    @llm_complete()
    def __eq__(self, other: object) -> bool:
        """Whether two fractions are equal; a fraction also equals the whole number of its value."""

    @llm_complete()
    def __lt__(self, other: Rational) -> bool:
        """Whether this is the smaller one, decided without floats.

        >>> Rational(-1, 2) < Rational(1, 3)
        True
        """

    @llm_complete()
    def __str__(self) -> str:
        """As a mixed number.

        >>> print(Rational(3, 4), Rational(7, 2), Rational(-7, 2), Rational(4, 2))
        3/4 3 1/2 -3 1/2 2
        """

    @llm_complete()
    def decimal(self, digits: int) -> str:
        """With so many digits after the point, the rest cut off.

        >>> Rational(2, 3).decimal(3)
        '0.666'
        >>> Rational(-1, 8).decimal(2)
        '-0.12'
        """


@llm_complete()
def mean(values: list[Rational]) -> Rational:
    """The arithmetic mean. Raises ValueError if there are no values.

    >>> mean([Rational(1, 2), Rational(1, 4)])
    Rational(3, 8)
    """


@llm_complete()
def egyptian(value: Rational) -> list[Rational]:
    """A fraction between 0 and 1 as a sum of different fractions with numerator 1, always taking the largest that fits.

    >>> egyptian(Rational(7, 15))
    [Rational(1, 3), Rational(1, 8), Rational(1, 120)]
    """
