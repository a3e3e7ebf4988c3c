"""Polynomials with one variable."""

# jitc: enable
from __future__ import annotations

from jitc_import import llm_complete


@llm_complete()
def trim(coefficients: list[float]) -> list[float]:
    """A copy without the zeros at its end: trim([1, 2, 0, 0]) -> [1, 2] and trim([0]) -> []."""


class Polynomial:
    """`coefficients[i]` belongs to x to the power of i; the last one is not zero. The zero polynomial has none."""

    def __init__(self, *coefficients: float) -> None:
        self.coefficients = trim(list(coefficients))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Polynomial) and self.coefficients == other.coefficients

    def __repr__(self) -> str:
        return f"Polynomial({', '.join(map(str, self.coefficients))})"

    @llm_complete()
    def degree(self) -> int:
        """The highest power; -1 for the zero polynomial.

        >>> Polynomial(0, 0, 5).degree()
        2
        """

    @llm_complete()
    def __call__(self, x: float) -> float:
        """The value at x.

        >>> Polynomial(1, 0, 2)(3)
        19
        """

    @llm_complete()
    def __add__(self, other: Polynomial) -> Polynomial:
        """The sum of two polynomials.

        >>> Polynomial(1, 2, 3) + Polynomial(1, 1, -3)
        Polynomial(2, 3)
        """

    @llm_complete()
    def __neg__(self) -> Polynomial:
        """The polynomial with all signs changed.

        >>> -Polynomial(1, -2)
        Polynomial(-1, 2)
        """

    @llm_complete()
    def __sub__(self, other: Polynomial) -> Polynomial:
        """The difference of two polynomials."""

    @llm_complete()
    def __mul__(self, other: Polynomial) -> Polynomial:
        """The product of two polynomials.

        >>> Polynomial(-1, 1) * Polynomial(1, 1)
        Polynomial(-1, 0, 1)
        """

    @llm_complete()
    def derivative(self) -> Polynomial:
        """The first derivative.

        >>> Polynomial(5, 4, 3).derivative()
        Polynomial(4, 6)
        """

    @llm_complete()
    def integral(self, constant: float = 0) -> Polynomial:
        """The antiderivative whose value at 0 is `constant`.

        >>> Polynomial(3, 4).integral(1)
        Polynomial(1, 3.0, 2.0)
        """

    @llm_complete()
    def __str__(self) -> str:
        """As people write it, highest power first, coefficients as `%g` writes them, a 1 left out before x.

        >>> str(Polynomial(-1, 0, 3))
        '3x^2 - 1'
        >>> str(Polynomial(0, -1, 1))
        'x^2 - x'
        >>> str(Polynomial())
        '0'
        """


@llm_complete()
def divide(dividend: Polynomial, divisor: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Quotient and remainder of the long division.

    Raises ZeroDivisionError if the divisor is the zero polynomial.

    >>> divide(Polynomial(-1, 0, 1), Polynomial(1, 1))
    (Polynomial(-1.0, 1.0), Polynomial())
    """
