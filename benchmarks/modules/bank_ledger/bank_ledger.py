"""Accounts of a small bank: money is counted in whole cents."""

# jitc: enable
from __future__ import annotations

from dataclasses import dataclass, field

from jitc_import import llm_complete


class InsufficientFunds(Exception):
    """An account does not hold what is asked of it."""


@dataclass(frozen=True)
class Entry:
    """One line of a ledger; `cents` is negative where money left the account."""

    account: str
    cents: int
    note: str = ""


def parse_cents(text: str) -> int:  # jitc: complete
    """The number of cents in an amount like "12.50" or "-3" or "1,234.5".

    Raises ValueError if it is no amount, or has more than two decimals.

    >>> parse_cents("12.50")
    1250
    >>> parse_cents("-3")
    -300
    >>> parse_cents("1,234.5")
    123450
    """


def format_cents(cents: int) -> str:  # jitc: complete
    """An amount with two decimals and a comma between thousands.

    >>> format_cents(123450)
    '1,234.50'
    >>> format_cents(-5)
    '-0.05'
    """


@dataclass
class Ledger:
    """Every movement of money, in the order in which it happened."""

    entries: list[Entry] = field(default_factory=list)

    @llm_complete()
    def balance(self, account: str) -> int:
        """The cents that an account holds; an account without entries holds nothing.

        >>> Ledger([Entry("ann", 500), Entry("bob", 1), Entry("ann", -200)]).balance("ann")
        300
        """
        ...

    @llm_complete()
    def deposit(self, account: str, cents: int, note: str = "") -> None:
        """Add money to an account, as a new entry.

        Raises ValueError unless `cents` is greater than zero.
        """
        ...

    @llm_complete()
    def withdraw(self, account: str, cents: int, note: str = "") -> None:
        """Take money out of an account, as a new entry.

        Raises ValueError unless `cents` is greater than zero, and InsufficientFunds if the account holds less.

        >>> ledger = Ledger()
        >>> ledger.deposit("ann", 500)
        >>> ledger.withdraw("ann", 200, "rent")
        >>> ledger.entries[-1]
        Entry(account='ann', cents=-200, note='rent')
        """
        ...

    @llm_complete()
    def transfer(self, source: str, target: str, cents: int) -> None:
        """Move money between two accounts: two entries, with the notes "to <target>" and "from <source>".

        Nothing is entered if the money cannot be taken out of the source.

        >>> ledger = Ledger([Entry("ann", 500)])
        >>> ledger.transfer("ann", "bob", 100)
        >>> ledger.entries[-1]
        Entry(account='bob', cents=100, note='from ann')
        """
        ...

    @llm_complete()
    def accounts(self) -> list[str]:
        """The names of all accounts that have entries, sorted, each once.

        >>> Ledger([Entry("bob", 1), Entry("ann", 2), Entry("bob", 3)]).accounts()
        ['ann', 'bob']
        """
        ...

    @llm_complete()
    def statement(self, account: str) -> list[str]:
        """One line for each entry of an account: amount, balance after it, and the note if there is one.

        >>> ledger = Ledger()
        >>> ledger.deposit("ann", 1000, "gift")
        >>> ledger.withdraw("ann", 250)
        >>> ledger.statement("ann")
        ['10.00 = 10.00 gift', '-2.50 = 7.50']
        """
        ...

    @llm_complete()
    def richest(self) -> str | None:
        """The account with the largest balance, the first by name among equals; None without accounts."""
        ...
