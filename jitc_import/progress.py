"""What is shown while a model writes: a live line on a terminal, plain lines elsewhere; on stderr only."""

from __future__ import annotations

import re
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from rich.progress import Progress, TaskID

TRUST = ("verified", "doubtful", "unchecked", "unverified")
"""How far bodies may be trusted, in the order in which it is told."""

SHOWN_KEYS = 4
"""Stubs that a notice names before it counts the rest."""


class Display(Protocol):
    """Where tracks are shown."""

    def show(self, track: Track) -> None:
        """Show a track as it stands now."""

    def say(self, text: str) -> None:
        """Print one line that stays."""

    def end(self, track: Track) -> None:
        """Take a track off the display."""


class Track:
    """The progress of one module: stubs done, tokens written, seconds."""

    def __init__(self, module: str, keys: Sequence[str], model: str, display: Display) -> None:
        self.module = module
        self.keys = tuple(keys)
        self.model = model
        self.tokens = 0
        self.done = 0
        self._display = display
        self._begun = time.monotonic()
        self._names = {key.partition("#")[0].rpartition(".")[2] for key in keys}
        self._line = ""
        self._seen: set[str] = set()
        self._accepted = 0
        self._trust: Counter[str] = Counter()

    def __enter__(self) -> Track:
        self._display.say(
            f"{self.module}: completing {name_stubs(self.keys)}{f' with {self.model}' if self.model else ''}"
        )
        self._display.show(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._display.end(self)
        self._display.say(f"{self.module}: {self.outcome}")

    @property
    def seconds(self) -> float:
        """Seconds since the track began."""
        return time.monotonic() - self._begun

    @property
    def outcome(self) -> str:
        """How far it came, in words."""
        done = f"{self._accepted} of {count_stubs(len(self.keys))} completed"
        counts = [f"{self._trust[word]} {word}" for word in TRUST if word in self._trust]
        told = ", ".join(counts) if len(counts) > 1 else "".join(self._trust)
        return f"{done}{': ' if told else ''}{told}; {self.tokens} tokens, {self.seconds:.1f} s"

    def text(self, piece: str) -> None:
        """Take in a piece of the reply as it arrives; a piece is a token, near enough."""
        self.tokens += 1
        self._line += piece
        *lines, self._line = self._line.split("\n")
        for line in lines:
            if matched := re.match(r"\s*(?:async\s+)?def\s+(\w+)", line):
                self._seen.add(matched[1])
        self.done = max(self._accepted, min(len(self._seen & self._names) - 1, len(self.keys)))
        self._display.show(self)

    def kept(self, trust: Sequence[str]) -> None:
        """Bodies were kept; `trust` says in a word how far each may be trusted."""
        self._trust.update(trust)

    def accepted(self, stubs: int, tokens: int) -> None:
        """A reply was judged: so many more stubs have bodies; `tokens` is what it took in all so far."""
        self._accepted += stubs
        self._seen.clear()
        self.done = self._accepted
        self.tokens = tokens
        self._display.show(self)


class PlainDisplay:
    """Lines on stderr, for logs and pipes."""

    def show(self, track: Track) -> None:
        """Nothing moves on a plain display."""

    def say(self, text: str) -> None:
        """Print one line."""
        print(f"jitc: {text}", file=sys.stderr, flush=True)

    def end(self, track: Track) -> None:
        """Nothing to take away."""


@dataclass
class _Live:
    progress: Progress
    tasks: dict[int, TaskID]


class TerminalDisplay:
    """A live line a module on the terminal, gone when the module is done; several modules share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._live: _Live | None = None

    def show(self, track: Track) -> None:
        """Show or move the line of a track."""
        with self._lock:
            live = self._live or _Live(_begin_live(), {})
            self._live = live
            if id(track) not in live.tasks:
                live.tasks[id(track)] = live.progress.add_task(track.module, total=len(track.keys), tokens=0)
            live.progress.update(live.tasks[id(track)], completed=track.done, tokens=track.tokens)

    def pause(self) -> None:
        """Take the live lines away, so that a person can be asked; the next piece of text brings them back."""
        with self._lock:
            if self._live:
                self._live.progress.stop()
                self._live = None

    def say(self, text: str) -> None:
        """Print one line above the live ones."""
        with self._lock:
            if self._live:
                self._live.progress.console.print(f"jitc: {text}", highlight=False, markup=False)
                return
        print(f"jitc: {text}", file=sys.stderr, flush=True)

    def end(self, track: Track) -> None:
        """Take the line of a track away; the last one ends the live display."""
        with self._lock:
            if self._live and id(track) in self._live.tasks:
                self._live.progress.remove_task(self._live.tasks.pop(id(track)))
                if not self._live.tasks:
                    self._live.progress.stop()
                    self._live = None


class SilentDisplay:
    """Shows nothing."""

    def show(self, track: Track) -> None:
        """Show nothing."""

    def say(self, text: str) -> None:
        """Say nothing."""

    def end(self, track: Track) -> None:
        """Nothing to take away."""


_terminal = TerminalDisplay()


def display() -> Display:
    """The display that fits stderr as it is now."""
    if sys.stderr is None:
        return SilentDisplay()
    return _terminal if sys.stderr.isatty() else PlainDisplay()


def pause_display() -> None:
    """Leave the terminal to a question."""
    _terminal.pause()


def name_stubs(keys: Sequence[str]) -> str:
    """Stubs in words: `2 stubs (area, perimeter)`."""
    if not keys:
        return count_stubs(0)
    shown = ", ".join(keys[:SHOWN_KEYS])
    more = f" and {len(keys) - SHOWN_KEYS} more" if len(keys) > SHOWN_KEYS else ""
    return f"{count_stubs(len(keys))} ({shown}{more})"


def count_stubs(number: int) -> str:
    """`1 stub`, `2 stubs`."""
    return counted(number, "stub")


def counted(number: int, noun: str) -> str:
    """A number and a noun: `1 module`, `2 modules`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _begin_live() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    progress = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TextColumn("stubs · {task.fields[tokens]} tokens ·"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    progress.start()
    return progress
