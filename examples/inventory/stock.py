"""How much of each item there is: stock, reservations, deliveries."""
# jitc: enable

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal

from .items import Item


class OutOfStockError(LookupError):
    """There is not enough of an item."""


class Stock:
    """Items by sku in `items`, and how many of each in `counts`."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self.counts: Counter[str] = Counter()

    # jitc: complete
    def add(self, item: Item, quantity: int) -> None:
        """Put so many of an item into the stock; a quantity below 1 is a ValueError.

        >>> stock = Stock()
        >>> stock.add(Item("A1", Decimal(2)), 5)
        >>> stock.counts["A1"]
        5
        """

    # jitc: complete
    def take(self, sku: str, quantity: int) -> Decimal:
        """Take so many of an item out of the stock and return what they cost together (Item.total).

        Raises OutOfStockError, with the sku in its message, if there are fewer; then the stock stays as it is.

        >>> stock = Stock()
        >>> stock.add(Item("A1", Decimal(2)), 5)
        >>> stock.take("A1", 3), stock.counts["A1"]
        (Decimal('6.00'), 2)
        """

    # jitc: complete
    def running_low(self, limit: int) -> Iterator[str]:
        """Yield each sku of `sorted(self.items)` of which there are fewer than `limit` in `counts`.

        >>> stock = Stock()
        >>> stock.add(Item("B", Decimal(1)), 2)
        >>> stock.add(Item("A", Decimal(1)), 1)
        >>> list(stock.running_low(2))
        ['A']
        """

    @contextmanager
    def reserved(self, sku: str, quantity: int) -> Iterator[Decimal]:  # jitc: complete
        """Take so many of an item for the time of a `with` block, and yield what they cost (`take`) to it.

        Only if the block raises an exception, the quantity is added to `self.counts[sku]` again, and the exception is
        raised on. If the block ends well, nothing is put back.

        >>> stock = Stock()
        >>> stock.add(Item("A1", Decimal(2)), 5)
        >>> with stock.reserved("A1", 2) as cost:
        ...     print(cost, stock.counts["A1"])
        4.00 3
        >>> stock.counts["A1"]
        3
        """

    # jitc: complete
    def value(self) -> Decimal:
        """What all items cost together: the sum of item.total(self.counts[sku]) for each sku and item of `items`.

        >>> stock = Stock()
        >>> stock.add(Item("A1", Decimal(2)), 5)
        >>> stock.value()
        Decimal('10.00')
        """


# jitc: complete
async def deliveries(lines: Iterable[str], pause: float = 0.0) -> AsyncIterator[Item]:
    """Yield an item for each line (Item.from_line), after an `asyncio.sleep` of `pause` seconds; skip blank lines."""
    for line in lines:
        ...  # is it blank? wait, then yield the item


# jitc: complete
async def restock(stock: Stock, lines: Iterable[str], quantity: int) -> int:
    """Add so many of each item of deliveries(lines) to the stock; return how many items came.

    >>> stock = Stock()
    >>> asyncio.run(restock(stock, ["A1;2.50", "", "B2;1.00"], 10))
    2
    >>> stock.value()
    Decimal('35.00')
    """
    count = 0
    async for item in deliveries(lines):
        ...  # add it to the stock, and count it
    return count
