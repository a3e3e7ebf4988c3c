"""How many requests an endpoint gets at once: fewer when it says that they are too many, then slowly more again."""

from __future__ import annotations

import math
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, final

from jitc_import.model.transport import DeadlineError, interruptible

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOKS = 0.2
"""Seconds between two looks of one that waits at whether it was interrupted."""


@final
class Pace:
    """The requests to one endpoint, of all threads: no limit until it is told, then half, and one more a round.

    A burst of requests that are too many gets as many answers that say so, and falls once: what was let through before
    the last fall says nothing of the pace since then.
    """

    __slots__ = ("_changed", "_falls", "_limit", "_under_way")

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._limit = math.inf
        self._under_way = 0
        self._falls = 0

    @property
    def limit(self) -> float:
        """The requests that may be under way at once; infinite where nothing was said."""
        return self._limit

    @contextmanager
    def turn(self, deadline: float) -> Iterator[int]:
        """Wait until one more request may be sent; how often the pace had fallen then, which `slower` is told.

        Raises DeadlineError where that is not before `deadline`.
        """
        with interruptible() as look, self._changed:
            while self._under_way >= max(1, math.floor(min(self._limit, 1 << 30))):
                left = deadline - time.monotonic()
                if left <= 0:
                    raise DeadlineError
                self._changed.wait(min(left, LOOKS))
                look()
            self._under_way += 1
            falls = self._falls
        try:
            yield falls
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify()

    def slower(self, falls: int) -> None:
        """Halve the requests that may be under way: the endpoint said in a turn, which is not over, that they are many.

        `falls` is what the turn gave.
        """
        with self._changed:
            if falls == self._falls:
                self._limit = max(1.0, min(self._limit, self._under_way) / 2)
                self._falls += 1

    def faster(self) -> None:
        """Let the limit grow after a request that went well: by one for each round of requests."""
        with self._changed:
            self._limit += 1 / self._limit
            self._changed.notify()


_paces: dict[str, Pace] = {}
_paces_lock = threading.Lock()


def pace_of(endpoint: str) -> Pace:
    """The pace of requests of this process to an endpoint, by its name."""
    with _paces_lock:
        return _paces.setdefault(endpoint, Pace())
