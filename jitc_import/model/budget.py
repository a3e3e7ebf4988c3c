"""The budget of this process: how many requests, and how many tokens, before it stops asking."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, final

from jitc_import.errors import BudgetError
from jitc_import.model.account import Account
from jitc_import.source.tokens import count_tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitc_import.model.prompts import Message
    from jitc_import.model.stream import Heard


@final
class Spent:
    """What was spent so far; `account` says on what."""

    __slots__ = ("account", "calls", "lock", "tokens")

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.account = Account()
        self.calls = 0
        self.tokens = 0


PROCESS = Spent()
"""What this process spent; every client of it counts here."""


@final
class Budget:
    """Limits on what may be spent: requests, and tokens read and written together (None: no limit)."""

    __slots__ = ("max_calls", "max_tokens", "spent")

    def __init__(self, max_calls: int, max_tokens: int | None, spent: Spent = PROCESS) -> None:
        self.max_calls = max_calls
        self.max_tokens = max_tokens
        self.spent = spent

    def spend(self, tokens: int) -> None:
        """Count one request whose prompt is about `tokens` long, before it is sent.

        Raises BudgetError, and counts nothing, where that is more than is left.
        """
        with self.spent.lock:
            if self.spent.calls >= self.max_calls:
                raise self._exceeded("requests", "JITC_MAX_CALLS", self.max_calls)
            if self.max_tokens is not None and self.spent.tokens + tokens > self.max_tokens:
                raise self._exceeded("tokens", "JITC_MAX_TOKENS", self.max_tokens)
            self.spent.calls += 1
            self.spent.tokens += tokens

    def add(self, tokens: int) -> None:
        """Count tokens that a request took beyond what was counted when it was sent; negative where it took fewer."""
        with self.spent.lock:
            self.spent.tokens += tokens

    def _exceeded(self, what: str, setting: str, limit: int) -> BudgetError:
        spent = f"{self.spent.calls:,} requests and {self.spent.tokens:,} tokens spent"
        return BudgetError(f"the budget of this process is {limit:,} {what} ({spent}); {setting} sets it")


def count_read(messages: Sequence[Message]) -> int:
    """The tokens of a request, as estimated without a tokenizer."""
    return sum(count_tokens(message["content"]) for message in messages)


def count_written(heard: Heard) -> int:
    """The tokens of a reply, with what the model thought before it, as estimated without a tokenizer."""
    return count_tokens("".join([*heard.thoughts, *heard.pieces]))
