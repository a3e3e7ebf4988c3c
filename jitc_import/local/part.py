"""The part of a file that is there already; sources add to its end, so that no byte is fetched twice."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jitc_import.errors import WeightsError
from jitc_import.local.catalogue import MAGIC
from jitc_import.local.weights import magic_fault

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

SUFFIX = ".part"


class SourceError(Exception):
    """A source that has no such file, cannot be reached, or gives something else; the text says which."""


class Part:
    """The beginning of a file of `total` bytes, kept at `path`; `show` hears how many bytes are there or on the way.

    Of `size` bytes in all, the first `found` were there before, and nothing tells yet whether they are right.
    """

    def __init__(self, path: str, total: int, show: Callable[[int], None]) -> None:
        self.path = path
        self.total = total
        self.size = 0
        self.found = 0
        self._show = show

    def __enter__(self) -> Part:
        self._file = open(self.path, "ab", buffering=0)
        self.size = self.found = self._file.tell()
        if self.size > self.total:
            self.cut(0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._file.close()
        if self.size == 0:
            os.unlink(self.path)

    def add(self, data: bytes) -> None:
        """Add bytes to the end. Raises SourceError where they cannot be of the file, WeightsError on a full disk."""
        if self.size == 0 and not MAGIC.startswith(data[: len(MAGIC)]):
            raise SourceError(f"what it sends {magic_fault(data[: len(MAGIC)])}")
        if self.size + len(data) > self.total:
            self.cut(0)
            raise SourceError(f"it sends more than {self.total:,} bytes")
        try:
            self._write(data)
        except OSError as error:
            raise WeightsError(
                f"{self.path}: cannot be written: {error.strerror}. "
                "Next: see to that and run the same command again; it goes on from here"
            ) from error
        self._show(self.size)

    def coming(self, count: int) -> None:
        """Show that so many more bytes are on the way."""
        self._show(min(self.size + count, self.total))

    def cut(self, size: int) -> None:
        """Take away what is behind the first `size` bytes."""
        self._file.truncate(size)
        self.size = size
        self.found = min(self.found, size)

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            written = self._file.write(rest)
            self.size += written
            rest = rest[written:]


def part_size(path: str) -> int:
    """The bytes of the file for `path` that are there already."""
    try:
        return os.path.getsize(path + SUFFIX)
    except OSError:
        return 0
