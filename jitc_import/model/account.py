"""The account of a process: its requests, what they read and wrote, and what that costs where a price is known."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from jitc_import.local.choice import LOCAL
from jitc_import.model.prices import AS_OF, price_of

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass
class Entry:
    """What one model of one endpoint took; `exact` says that the endpoint counted all of the tokens itself."""

    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    exact: bool = True


@final
class Account:
    """What was taken so far, for any number of threads."""

    __slots__ = ("_entries", "_lock")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[tuple[str, str], Entry] = {}

    def count_request(self, host: str, model: str) -> None:
        """Count a request that is sent."""
        with self._lock:
            self._entries.setdefault((host, model), Entry()).requests += 1

    def count_tokens(self, host: str, model: str, read: int, written: int, *, exact: bool) -> None:
        """Count the tokens of a reply."""
        with self._lock:
            entry = self._entries.setdefault((host, model), Entry())
            entry.tokens_in += read
            entry.tokens_out += written
            entry.exact &= exact

    def summary(self, own_prices: Mapping[str, tuple[float, float]]) -> str:
        """All of it in one line; empty where nothing was asked. `own_prices` are the user's, by model."""
        with self._lock:
            entries = {key: Entry(**vars(entry)) for key, entry in self._entries.items()}
        if not entries:
            return ""
        requests = sum(entry.requests for entry in entries.values())
        read = sum(entry.tokens_in for entry in entries.values())
        written = sum(entry.tokens_out for entry in entries.values())
        about = "" if all(entry.exact for entry in entries.values()) else "about "
        asked = f"{requests:,} request{'' if requests == 1 else 's'}"
        return f"{asked}, {about}{read:,} tokens read and {written:,} written; {_cost(entries, own_prices)}"


def _cost(entries: Mapping[tuple[str, str], Entry], own: Mapping[str, tuple[float, float]]) -> str:
    known, unknown = 0.0, []
    priced = listed = False
    for (host, model), entry in entries.items():
        price = price_of(host, model, own)
        if price:
            priced, listed = True, listed or price_of(host, model, {}) == price
            known += (entry.tokens_in * price[0] + entry.tokens_out * price[1]) / 1_000_000
        elif model != LOCAL:
            unknown.append(model)
    told = [f"${known:.4f}{f' at the list prices of {AS_OF}' if listed else ''}"] if priced else []
    told += [f"no price is known for {', '.join(dict.fromkeys(unknown))}"] if unknown else []
    return ", and ".join(told) or "free of charge"
