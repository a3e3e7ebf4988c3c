"""Who waits for a reply, and may stop waiting before it is there."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class LeftError(BaseException):
    """Nobody waits any more. No Exception: nothing on the way may take it for a fault and try again."""


class Caller:
    """Somebody who waits; what works for a caller hears of it when that one leaves."""

    def __init__(self) -> None:
        self.left = False
        self._ends: list[Callable[[], object]] = []
        self._lock = threading.Lock()

    def leave(self) -> None:
        """End what is under way for this caller. More than once is once."""
        with self._lock:
            self.left = True
            ends, self._ends = self._ends, []
        for end in ends:
            end()

    @contextmanager
    def ending(self, end: Callable[[], object]) -> Iterator[None]:
        """Within, `end` is called, in whatever thread, when the caller leaves. Raises LeftError where it has left."""
        with self._lock:
            if self.left:
                raise LeftError
            self._ends.append(end)
        try:
            yield
        finally:
            with self._lock:
                self._ends = [one for one in self._ends if one is not end]


current: ContextVar[Caller | None] = ContextVar("current", default=None)
"""For whom the code of this context works; None for one that waits itself, and cannot leave."""


@contextmanager
def ending(end: Callable[[], object]) -> Iterator[None]:
    """As `Caller.ending`, of the current caller, if there is one."""
    caller = current.get()
    if caller is None:
        yield
        return
    with caller.ending(end):
        yield
