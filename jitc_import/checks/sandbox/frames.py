"""Messages between the processes: a JSON value and some bytes, with their lengths in front. Nothing is unpickled."""

from __future__ import annotations

import json
import os
import select
import struct
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_HEAD = struct.Struct(">II")
_CHUNK = 1 << 16


class BrokenChannel(Exception):  # noqa: N818 -- a state of the channel, caught by who owns the process behind it
    """The other side ended, was too slow, or sent what is no message."""


def packed(value: Any, blob: bytes = b"") -> bytes:
    """A message as bytes."""
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return _HEAD.pack(len(text), len(blob)) + text + blob


def unpacked(data: bytes) -> Iterator[Any]:
    """The values of messages that follow each other. Raises ValueError where bytes are none, or cut off."""
    position = 0
    while position < len(data):
        if position + _HEAD.size > len(data):
            raise ValueError("a message is cut off")
        size, extra = _HEAD.unpack_from(data, position)
        position += _HEAD.size
        if extra or position + size > len(data):
            raise ValueError("a message is cut off")
        yield _value(data[position : position + size])
        position += size


class Channel:
    """Two pipes to another process. Every wait ends at a deadline (`time.monotonic`), None waits for ever."""

    def __init__(self, source: int, sink: int) -> None:
        self.source = source
        self.sink = sink
        os.set_blocking(source, False)
        os.set_blocking(sink, False)

    def send(self, value: Any, blob: bytes = b"", deadline: float | None = None) -> None:
        """Raises BrokenChannel."""
        data = memoryview(packed(value, blob))
        while data:
            _wait(self.sink, deadline, writing=True)
            try:
                data = data[os.write(self.sink, data[:_CHUNK]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise BrokenChannel("the process has ended") from error

    def receive(self, most: int, deadline: float | None = None) -> tuple[Any, bytes]:
        """The next message, of at most `most` bytes. Raises BrokenChannel."""
        size, extra = _HEAD.unpack(self._read(_HEAD.size, deadline))
        if size + extra > most:
            raise BrokenChannel("a message is too large")
        data = self._read(size + extra, deadline)
        try:
            return _value(data[:size]), data[size:]
        except ValueError as error:
            raise BrokenChannel("a message is none") from error

    def close(self) -> None:
        """Close both pipes."""
        for fd in (self.source, self.sink):
            os.close(fd)

    def _read(self, size: int, deadline: float | None) -> bytes:
        parts = []
        while size:
            _wait(self.source, deadline, writing=False)
            try:
                part = os.read(self.source, min(size, _CHUNK))
            except BlockingIOError:
                continue
            except OSError as error:
                raise BrokenChannel("the process has ended") from error
            if not part:
                raise BrokenChannel("the process has ended")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


def _value(data: bytes) -> Any:
    try:
        return json.loads(data)
    except RecursionError:
        raise ValueError("a message is nested too deeply") from None


def _wait(fd: int, deadline: float | None, *, writing: bool) -> None:
    if sys.platform != "win32":
        poll = select.poll()
        poll.register(fd, select.POLLOUT if writing else select.POLLIN)
        left = None if deadline is None else 1000 * (deadline - time.monotonic())
        if (left is not None and left <= 0) or not poll.poll(left):
            raise BrokenChannel("the process is too slow")
