"""Lengths, masses and durations in different units."""

# jitc: enable
from __future__ import annotations

from dataclasses import dataclass

from jitc_import import llm_complete

UNITS = {
    "length": {"mm": 0.001, "cm": 0.01, "m": 1.0, "km": 1000.0, "in": 0.0254, "ft": 0.3048, "mi": 1609.344},
    "mass": {"g": 0.001, "kg": 1.0, "t": 1000.0, "lb": 0.45359237},
    "time": {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0},
}
"""For each dimension the units, and how much of its base unit each is."""


class UnitError(ValueError):
    """A unit is unknown, or does not fit."""


@llm_complete()
def dimension(unit: str) -> str:
    """What a unit measures: dimension("km") == "length". Raises UnitError for an unknown unit."""
    ...


@llm_complete()
def factor(unit: str) -> float:
    """How much of its base unit a unit is: factor("km") == 1000.0. Raises UnitError for an unknown unit."""
    ...


@dataclass(frozen=True)
class Quantity:
    """A value in a unit."""

    value: float
    unit: str

    @llm_complete()
    def to(self, unit: str) -> Quantity:
        """The same quantity in another unit of its dimension. Raises UnitError for another dimension.

        >>> Quantity(2.5, "km").to("m")
        Quantity(value=2500.0, unit='m')
        """
        ...

    @llm_complete()
    def __add__(self, other: Quantity) -> Quantity:
        """The sum, in the unit of the left one. Raises UnitError for another dimension.

        >>> Quantity(1, "h") + Quantity(30, "min")
        Quantity(value=1.5, unit='h')
        """
        ...

    @llm_complete()
    def __mul__(self, number: float) -> Quantity:
        """So many times the quantity, in the same unit.

        >>> Quantity(2, "m") * 3
        Quantity(value=6, unit='m')
        """
        ...

    @llm_complete()
    def is_close(self, other: Quantity) -> bool:
        """Whether two quantities differ by less than a billionth of the greater one; False for other dimensions.

        >>> Quantity(1, "km").is_close(Quantity(1000, "m"))
        True
        """
        ...

    @llm_complete()
    def best(self) -> Quantity:
        """The same quantity in the largest metric unit in which its value is at least 1, else in the smallest one.

        Metric are all units but in, ft, mi and lb; units of time count as metric.

        >>> Quantity(1500, "m").best()
        Quantity(value=1.5, unit='km')
        """
        ...


@llm_complete()
def parse(text: str) -> Quantity:
    """Read a quantity like "2.5 km" or "-3kg". Raises UnitError for an unknown unit, ValueError for what is no quantity.

    >>> parse("2.5 km")
    Quantity(value=2.5, unit='km')
    """
    ...


@llm_complete()
def parse_sum(text: str) -> Quantity:
    """Read quantities one after the other, "5 ft 3 in" or "1h 30min", and add them up in the unit of the first.

    >>> parse_sum("1h 30min")
    Quantity(value=1.5, unit='h')
    """
    ...


@llm_complete()
def format_duration(seconds: float) -> str:
    """Whole seconds in days, hours, minutes and seconds, parts that are zero left out; "0s" for none.

    format_duration(90061) == "1d 1h 1min 1s", format_duration(3600) == "1h"
    """
    ...
