"""What lies in the warehouse: items, some of which perish."""
# jitc: enable

from __future__ import annotations

from datetime import date, timedelta  # noqa: F401
from decimal import Decimal

CENT = Decimal("0.01")


class Item:
    """An item with a stock-keeping unit (`sku`) and a price that is never negative."""

    def __init__(self, sku: str, price: Decimal) -> None:
        self.sku = sku
        self.price = price

    @property
    def price(self) -> Decimal:  # jitc: complete
        """The price, which the setter keeps in `_price`."""

    @price.setter
    def price(self, value: Decimal) -> None:  # jitc: complete
        """Keep the price in `_price`, rounded to CENT with `quantize`; a negative one is a ValueError.

        >>> Item("A1", Decimal("9.999")).price
        Decimal('10.00')
        """

    # jitc: complete
    def total(self, quantity: int) -> Decimal:
        """The price of so many of the item.

        >>> Item("A1", Decimal("2.50")).total(4)
        Decimal('10.00')
        """

    @classmethod
    def from_line(cls, line: str) -> Item:  # jitc: complete
        """An item from a line `sku;price`; spaces at the ends of the line do not count.

        >>> item = Item.from_line("  A1;2.50 ")
        >>> item.sku, item.price
        ('A1', Decimal('2.50'))
        """

    # jitc: complete
    def __repr__(self) -> str:
        """The name of the class, the sku as Python writes it (`!r`) and the price.

        >>> Item("A1", Decimal("2.50"))
        Item('A1', 2.50)
        """


class Perishable(Item):
    """An item that loses value as it comes near its last day."""

    def __init__(self, sku: str, price: Decimal, best_before: date) -> None:
        super().__init__(sku, price)
        self.best_before = best_before

    # jitc: complete
    def days_left(self, today: date) -> int:
        """Whole days from `today` until `best_before`, but at least 0 (`max`).

        >>> Perishable("M1", Decimal("1"), date(2026, 5, 10)).days_left(date(2026, 5, 7))
        3
        >>> Perishable("M1", Decimal("1"), date(2026, 5, 10)).days_left(date(2026, 5, 20))
        0
        """

    # jitc: complete
    def total_on(self, quantity: int, today: date) -> Decimal:
        """What self.total(quantity) gives, or half of it if self.days_left(today) is below 3; quantized to CENT.

        >>> milk = Perishable("M1", Decimal("1.00"), date(2026, 5, 10))
        >>> milk.total_on(3, date(2026, 5, 1)), milk.total_on(3, date(2026, 5, 9))
        (Decimal('3.00'), Decimal('1.50'))
        """

    @staticmethod
    def fresh_until(delivered: date, days: int) -> date:  # jitc: complete
        """The last day of something that keeps for so many days after it was delivered.

        >>> Perishable.fresh_until(date(2026, 5, 1), 7)
        datetime.date(2026, 5, 8)
        """
