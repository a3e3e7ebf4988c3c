"""How far a download is: a bar on a terminal, elsewhere a line at each tenth at most; on stderr only."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import TYPE_CHECKING

from jitc_import.progress import display

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from rich.progress import Progress

    Show = Callable[[int], None]

TENTHS = 10

PLAIN_SECONDS = 2.0
"""Between two plain lines, at least."""


def measuring(what: str, total: int, done: int = 0) -> AbstractContextManager[Show]:
    """While this is entered, the function that it gives shows how many of `total` bytes are done."""
    if sys.stderr is not None and sys.stderr.isatty():
        return _bar(what, total, done)
    return _lines(what, total, done)


def say(text: str) -> None:
    """Print a notice on stderr."""
    display().say(text)


def sized(count: int) -> str:
    """A number of bytes in words: `1.12 GB`, `491.4 MB`."""
    return f"{count / 1e9:.2f} GB" if count >= 10**9 else f"{count / 1e6:.1f} MB"


@contextlib.contextmanager
def _lines(what: str, total: int, done: int) -> Iterator[Show]:
    begun = told = time.monotonic()
    tenths = done * TENTHS // total

    def show(now: int) -> None:
        nonlocal told, tenths
        time_now = time.monotonic()
        if now * TENTHS // total > tenths and time_now - told >= PLAIN_SECONDS:
            told, tenths = time_now, now * TENTHS // total
            rate = max(now - done, 1) / (time_now - begun)
            pace = f"{sized(int(rate))}/s, {(total - now) / rate:.0f} s left"
            say(f"{what}: {now * 100 // total} %, {sized(now)} of {sized(total)}, {pace}")

    yield show


@contextlib.contextmanager
def _bar(what: str, total: int, done: int) -> Iterator[Show]:
    with _progress() as progress:
        task = progress.add_task(what, total=total, completed=done)
        yield lambda now: progress.update(task, completed=now)


def _progress() -> Progress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        TaskProgressColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
