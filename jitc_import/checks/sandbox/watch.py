"""Watching a child from the process it was forked from, and ending it with all that it left behind."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import time

from jitc_import.checks.sandbox.frames import BrokenChannel
from jitc_import.checks.sandbox.scratch import is_overfull

assert sys.platform != "win32"  # noqa: S101 -- for the type checker; only the zygote imports it

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LOOK = 0.02
"""Seconds after which the children are looked at though they said nothing."""


class Watch:
    """A child under way: what it sends is taken, what it prints past Python is counted."""

    def __init__(self, pid: int, frames: int, output: int, channel: int, scratch: str) -> None:
        self._pid = pid
        self._frames, self._output, self._channel = frames, output, channel
        self._open = {frames, output}
        self._printed = 0
        self._scratch, self._next_look = scratch, 0.0
        self.stream = bytearray()
        self.exit: int | None = None
        for fd in self._open:
            os.set_blocking(fd, False)

    def until(self, deadline: float, job: dict[str, Any]) -> str | None:
        """Why it must be ended: `seconds`, `output`, `frames`, `files`; None where it ended by itself."""
        pause = 0.0002
        while self.exit is None:
            left = deadline - time.monotonic()
            if left <= 0:
                return "seconds"
            self._take(min(left, _LOOK if self._open else pause))
            if not self._open:  # it is about to end, or has closed its descriptors
                pause = min(2 * pause, _LOOK)
            self._ask_for_end()
            if reason := self._excess(job):
                return reason
        self._take(0)
        return self._excess(job)

    def _excess(self, job: dict[str, Any]) -> str | None:
        if self._printed > job["output"]:
            return "output"
        if len(self.stream) > job["stream"]:
            return "frames"
        return "files" if self._has_overfull_scratch() else None

    def _has_overfull_scratch(self) -> bool:
        """Looked at now and then: what can be written in between is bounded, too."""
        now = time.monotonic()
        if not self._scratch or now < self._next_look:
            return False
        is_first, self._next_look = not self._next_look, now + _LOOK
        return not is_first and is_overfull(self._scratch, self._pid)

    def _take(self, seconds: float) -> None:
        poll = select.poll()
        poll.register(self._channel, 0)
        for fd in self._open:
            poll.register(fd, select.POLLIN)
        for fd, event in poll.poll(1000 * seconds):
            if fd == self._channel:
                if event & (select.POLLHUP | select.POLLERR):  # nobody waits for the result
                    raise BrokenChannel("the parent has ended")
                continue
            self._take_from(fd)

    def _take_from(self, fd: int) -> None:
        for _ in range(64):  # then look at the clock again
            try:
                data = os.read(fd, 1 << 16)
            except BlockingIOError:
                return
            if not data:
                self._open.discard(fd)
                return
            if fd == self._frames:
                self.stream += data
            else:
                self._printed += len(data)

    def _ask_for_end(self) -> None:
        pid, status = os.waitpid(self._pid, os.WNOHANG)
        if pid:
            self.exit = os.waitstatus_to_exitcode(status)


def end_all(pid: int) -> None:
    """Kill a child with its group, and whatever it left behind in other sessions; nothing is left afterwards."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    for _ in range(10_000):
        try:
            done, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not done:
            for stray in _children():
                _kill(stray)
            time.sleep(0.0005)


def _kill(pid: int) -> None:
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGKILL)


def _children() -> list[int]:
    """The processes whose parent this one is, as the system lists them."""
    found = []
    for entry in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", "rb") as file:
                parent = int(file.read().rpartition(b")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
        if parent == os.getpid():
            found.append(int(entry))
    return found
