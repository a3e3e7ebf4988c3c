"""Locks by what they are for, each for as long as somebody holds it or waits for it."""

from __future__ import annotations

import os
import threading
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator


class Locks:
    """Locks of which there is one for each key; the thread that holds one may take it again."""

    def __init__(self) -> None:
        self.forget()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.forget)

    def forget(self) -> None:
        """Hold nothing: in a child, the threads that did are not there."""
        self._guard = threading.Lock()
        self._locks: dict[Hashable, threading.RLock] = {}
        self._wanted: Counter[Hashable] = Counter()

    @contextmanager
    def held(self, key: Hashable) -> Iterator[None]:
        """Within this, no other thread is within it for the same key."""
        with self._guard:
            lock = self._locks.setdefault(key, threading.RLock())
            self._wanted[key] += 1
        try:
            with lock:
                yield
        finally:
            with self._guard:
                self._wanted[key] -= 1
                if not self._wanted[key]:
                    del self._wanted[key], self._locks[key]
