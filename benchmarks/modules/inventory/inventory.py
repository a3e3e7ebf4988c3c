"""The stock of a shop, some of it reserved for orders."""

# jitc: enable
from __future__ import annotations


class OutOfStock(Exception):
    """Fewer pieces are free than were asked for."""


class Inventory:
    """Pieces of each article in stock, and how many of them are reserved for which order."""

    def __init__(self) -> None:
        self.stock: dict[str, int] = {}
        self.reservations: dict[str, dict[str, int]] = {}
        """For each order the pieces of each article that are held for it."""

    # jitc: complete
    def receive(self, article: str, pieces: int) -> None:
        """Add pieces to the stock. Raises ValueError if `pieces` is less than 1."""

    # jitc: complete
    def reserved(self, article: str) -> int:
        """How many pieces of an article are held for all orders together."""

    # jitc: complete
    def available(self, article: str) -> int:
        """How many pieces of an article are in stock and not reserved; 0 for an unknown article."""

    # jitc: complete
    def reserve(self, order: str, article: str, pieces: int) -> None:
        """Hold pieces for an order, on top of what it already holds.

        Raises OutOfStock if fewer are available, and then changes nothing.

        >>> shop = Inventory()
        >>> shop.receive("pen", 5)
        >>> shop.reserve("o1", "pen", 2)
        >>> shop.reserve("o1", "pen", 1)
        >>> shop.reservations
        {'o1': {'pen': 3}}
        >>> shop.available("pen")
        2
        """

    # jitc: complete
    def release(self, order: str) -> None:
        """Give up all that an order holds; an order that holds nothing is no error.

        >>> shop = Inventory()
        >>> shop.receive("pen", 5)
        >>> shop.reserve("o1", "pen", 5)
        >>> shop.release("o1")
        >>> shop.available("pen")
        5
        """

    # jitc: complete
    def ship(self, order: str) -> dict[str, int]:
        """Take what an order holds out of the stock; returns the pieces by article.

        The order then holds nothing. An article of which nothing is left disappears from the stock.
        Raises KeyError for an order that holds nothing.

        >>> shop = Inventory()
        >>> shop.receive("pen", 5)
        >>> shop.reserve("o1", "pen", 5)
        >>> shop.ship("o1")
        {'pen': 5}
        >>> shop.stock
        {}
        """

    # jitc: complete
    def reserve_all(self, order: str, wanted: dict[str, int]) -> None:
        """Reserve several articles for an order: all of them, or nothing if one of them is out of stock (OutOfStock)."""

    # jitc: complete
    def shortages(self, minimum: int) -> list[str]:
        """The articles in stock of which fewer than `minimum` pieces are available, sorted by name.

        >>> shop = Inventory()
        >>> shop.receive("pen", 5)
        >>> shop.receive("ink", 1)
        >>> shop.shortages(3)
        ['ink']
        """


# jitc: complete
def parse_order(text: str) -> dict[str, int]:
    """Read an order such as "3 x pen, 2x ink, paper": pieces by article, one piece where no number is given.

    Pieces of an article that is named twice add up. Example: parse_order("2x pen, ink, pen") == {"pen": 3, "ink": 1}
    """
