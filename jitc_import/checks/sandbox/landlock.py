"""A landlock ruleset: the files that a process may read, or write, from now on, and nothing else. Linux only."""

from __future__ import annotations

import ctypes
import os
import stat
import struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_O_PATH = getattr(os, "O_PATH", 0)
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_WRITE_FILE, _TRUNCATE, _DEVICE_IOCTL = 1 << 1, 1 << 14, 1 << 15
_REMOVE_FOLDER, _REMOVE_FILE, _MAKE_FOLDER, _MAKE_FILE, _MOVE = 1 << 4, 1 << 5, 1 << 7, 1 << 8, 1 << 13
_CHANGE = _WRITE_FILE | _TRUNCATE | _REMOVE_FOLDER | _REMOVE_FILE | _MAKE_FOLDER | _MAKE_FILE | _MOVE
"""Neither links, nor devices, nor pipes, nor running programs."""
_KNOWS_TRUNCATING = 3
_ALL_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
"""By the version of the interface: 2 adds moving between folders, 3 truncating, 5 the controls of devices."""
_FURTHER = ((4, 0b11), (6, 0b11))
"""Version 4: binding and connecting by TCP. Version 6: abstract sockets of, and signals to, other processes."""
_PR_SET_NO_NEW_PRIVS = 38


class Ruleset:
    """Everything is denied but what is added. Raises OSError where there is no landlock."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        version = self._call(_CREATE, None, 0, 1)
        self._rights = _ALL_RIGHTS[min(version, 5)]
        self.judges_changes = version >= _KNOWS_TRUNCATING
        further = [value for since, value in _FURTHER if version >= since]
        fields = [self._rights, *further]
        attributes = struct.pack(f"{len(fields)}Q", *fields)
        self.fd = self._call(_CREATE, attributes, len(attributes), 0)

    def read(self, paths: Iterable[str]) -> None:
        """Files may be read; folders with all that lies beneath."""
        for path in paths:
            self._add(path, _READ_FILE | _READ_FOLDER)

    def list_folders(self, paths: Iterable[str]) -> None:
        """Folders, and those beneath, may be listed."""
        for path in paths:
            self._add(path, _READ_FOLDER)

    def write(self, path: str) -> None:
        """One file, a device that keeps nothing, may be written to."""
        self._add(path, _READ_FILE | _WRITE_FILE | _TRUNCATE | _DEVICE_IOCTL)

    def change(self, folder: str) -> None:
        """Files and folders beneath one may be made, written, moved and removed."""
        self._add(folder, _READ_FILE | _READ_FOLDER | _CHANGE)

    def apply(self) -> None:
        """Put the calling thread under these rules. Raises OSError where the kernel refuses."""
        if self._libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "the kernel does not take privileges away")
        self._call(_RESTRICT, self.fd, 0)

    def _add(self, path: str, rights: int) -> None:
        try:
            fd = os.open(path, _O_PATH)
        except OSError:
            return  # what is not there needs no rule
        try:
            if not stat.S_ISDIR(os.fstat(fd).st_mode):
                rights &= ~_READ_FOLDER
            rule = struct.pack("=Qi", rights & self._rights, fd)
            if rights & self._rights:
                self._call(_ADD, self.fd, 1, rule, 0)
        finally:
            os.close(fd)

    def _call(self, number: int, *arguments: int | bytes | None) -> int:
        result: int = self._libc.syscall(number, *arguments)
        if result < 0:
            raise OSError(ctypes.get_errno(), "the kernel refuses landlock rules")
        return result
