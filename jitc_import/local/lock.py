"""The lock of a file that is downloaded or removed, across processes; nothing is left of it when it is released."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from jitc_import.errors import WeightsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOOKS = 0.2
"""Seconds between two looks at whether the lock is free."""


@contextlib.contextmanager
def wait_for(path: str, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of `path`; says once that it waits, where it does."""
    lock = _lock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say(f"{os.path.basename(path)}: another process is downloading it; waiting for that")
        lock.acquire(poll_interval=LOOKS)
    with _held(lock):
        yield


@contextlib.contextmanager
def hold(path: str) -> Iterator[None]:
    """Hold the lock of `path`. Raises WeightsError where another process has it."""
    lock = _lock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise WeightsError(
            f"{path}: another process is downloading it. Next: wait for that process or end it, then try again"
        ) from None
    with _held(lock):
        yield


def _lock(path: str) -> FileLock:
    return FileLock(path + ".lock", timeout=-1)


@contextlib.contextmanager
def _held(lock: FileLock) -> Iterator[None]:
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # removed while it is held: who waits sees that, and makes a new one
            os.unlink(lock.lock_file)
        lock.release()
