"""Playing cards and the ranking of poker hands."""

# jitc: enable all
from __future__ import annotations

import random
from dataclasses import dataclass

RANKS = "23456789TJQKA"
SUITS = "CDHS"
CATEGORIES = ["high card", "pair", "two pair", "three of a kind", "straight", "flush", "full house", "four of a kind",
              "straight flush"]  # fmt: skip
"""From weakest to strongest."""


@dataclass(frozen=True)
class Card:
    """A card such as Card("A", "S"), the ace of spades."""

    rank: str
    suit: str

    @property
    def value(self) -> int:
        """2 to 14; the ace is the highest.

        >>> Card("T", "S").value, Card("A", "S").value
        (10, 14)
        """

    def __str__(self) -> str:
        """Rank and suit: "AS", "TD"."""


def parse_card(text: str) -> Card:
    """Read a card: parse_card("as") == Card("A", "S"); "10" may stand for T. Raises ValueError for what is no card."""


def parse_hand(text: str) -> list[Card]:
    """The cards in a text, separated by spaces.

    >>> [str(card) for card in parse_hand("10h AS 2c")]
    ['TH', 'AS', '2C']
    """


def full_deck() -> list[Card]:
    """All 52 cards, suit by suit in the order of SUITS, each suit in the order of RANKS.

    >>> deck = full_deck()
    >>> len(deck), str(deck[0]), str(deck[-1])
    (52, '2C', 'AS')
    """


def deal(players: int, cards: int, rng: random.Random) -> list[list[Card]]:
    """Shuffle a full deck and deal so many cards to each player; no card is dealt twice.

    Raises ValueError if there are not enough cards.
    """


def is_flush(hand: list[Card]) -> bool:
    """Whether all cards are of one suit.

    >>> is_flush(parse_hand("2C 5C 9C JC KC"))
    True
    """


def straight_high(hand: list[Card]) -> int | None:
    """The value of the highest card of a straight of five cards, None if they are no straight.

    An ace may also stand below a 2; that straight is 5 high.

    >>> straight_high(parse_hand("TD JH QS KS AC"))
    14
    >>> straight_high(parse_hand("AD 2H 3S 4S 5C"))
    5
    """


def groups(hand: list[Card]) -> list[tuple[int, int]]:
    """How often each value occurs, as (count, value); the largest count first, then the highest value.

    >>> groups(parse_hand("2C KD 2H KS 9C"))
    [(2, 13), (2, 2), (1, 9)]
    """


def category(hand: list[Card]) -> str:
    """Which of CATEGORIES a hand of five cards belongs to, the strongest that fits.

    >>> category(parse_hand("2C 2D 2H 9S 9C"))
    'full house'
    """


def strength(hand: list[Card]) -> tuple:
    """A tuple by which hands compare: the stronger hand has the greater one, equal hands have equal ones.

    First the category counts, then the values, more frequent ones first; straights go by their highest card.
    """


def winners(hands: dict[str, list[Card]]) -> list[str]:
    """The names of those who have the strongest hand, sorted.

    >>> winners({"ann": parse_hand("2C 2D 5H 6S 7C"), "bob": parse_hand("AC KD QH JS 9C")})
    ['ann']
    """
