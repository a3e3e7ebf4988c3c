"""The lock of a companion file, across processes and threads; nothing is left of it when it is released."""

from __future__ import annotations

import contextlib
import os
import time
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from jitc_import.store.archives import archive_of
from jitc_import.store.files import SUFFIX, make_folder, refuse_irregular, store_error

if TYPE_CHECKING:
    from collections.abc import Iterator

_RACE_PAUSE = 0.001
"""Seconds."""

_PID_BYTES = 20
"""A lock file holds a process id and nothing else; a larger file is not ours."""


def lock_path(path: str) -> str:
    """The lock file of the companion file at `path`: `__jitc__/.STEM.lock`."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name.removesuffix(SUFFIX)}.lock")


@contextlib.contextmanager
def companion_lock(path: str, timeout: float) -> Iterator[None]:
    """Hold the lock of the companion file at `path`; its folder is made for it, and removed if it stays empty.

    Raises StoreError where the lock cannot be had within `timeout` seconds, or at all.
    """
    if archive_of(path):
        cause = "lies in an archive, where nothing is written: work where the source is unpacked, and pack both"
        raise store_error(path, cause)
    locked = lock_path(path)
    lock = _acquire(locked, timeout)
    try:
        own = _note_holder(locked)
        try:
            yield
        finally:
            _remove(locked, own)
    finally:
        lock.release()


def _acquire(path: str, timeout: float) -> FileLock:
    deadline = time.monotonic() + timeout
    while True:
        try:
            make_folder(os.path.dirname(path) or ".")
            _refuse_planted(path)
            lock = _try_acquire(path, max(deadline - time.monotonic(), 0))
        except OSError as error:
            raise store_error(path, f"cannot be locked: {error.strerror or error}") from error
        if lock:
            return lock
        if time.monotonic() >= deadline:
            raise store_error(path, _held(path, timeout))


def _try_acquire(path: str, seconds: float) -> FileLock | None:
    lock = FileLock(path, timeout=seconds)
    try:
        lock.acquire()
    except Timeout:
        return None
    except (FileNotFoundError, FileExistsError):  # a holder removed the empty folder while filelock looked at it
        time.sleep(_RACE_PAUSE)
        return None
    return lock


def _refuse_planted(path: str) -> None:
    """Refuse what is no lock file: filelock empties the file it locks, and that could be someone's by another name."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return
    refuse_irregular(path, status)
    if status.st_nlink > 1:
        raise store_error(path, "is a hard link to another file: remove it")


def _held(path: str, timeout: float) -> str:
    holder = "another process"
    with contextlib.suppress(OSError, ValueError), open(path, "rb") as file:
        holder = f"process {int(file.read(_PID_BYTES))}"
    return f"has been held by {holder} for more than {timeout:g} s: wait for it or end it, then try again"


def _note_holder(path: str) -> tuple[int, int] | None:
    """Write our process id into the lock file we hold; its device and inode, or None where it is no file of ours."""
    flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError:
        return None
    with open(descriptor, "r+b") as file:
        status = os.fstat(descriptor)
        if status.st_nlink != 1 or status.st_size > _PID_BYTES:
            return None
        with contextlib.suppress(OSError):
            file.truncate(0)
            file.write(b"%d" % os.getpid())
    return status.st_dev, status.st_ino


def _remove(path: str, own: tuple[int, int] | None) -> None:
    """Remove the lock file while it is held: who waits for it sees that it is gone, and makes a new one."""
    with contextlib.suppress(OSError):
        status = os.lstat(path)
        if (status.st_dev, status.st_ino) == own:
            os.unlink(path)
            os.rmdir(os.path.dirname(path))
