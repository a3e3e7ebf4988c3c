"""Companion files on disk: where they lie, read with care, written whole or not at all. Standard library only."""

from __future__ import annotations

import os
import stat

from jitc_import.errors import StoreError

FOLDER = "__jitc__"
SUFFIX = ".jitc.py"

MAX_BYTES = 16 * 1024 * 1024
"""A companion file is never larger."""

_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_COMMON = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0) | _NOFOLLOW
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _COMMON
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _COMMON

_KINDS = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISDIR, "a directory"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def companion_path(source_path: str) -> str:
    """Where the companion file of a source file lies: `DIR/__jitc__/STEM.jitc.py`."""
    folder, name = os.path.split(source_path)
    return os.path.join(folder, FOLDER, os.path.splitext(name)[0] + SUFFIX)


def source_path(path: str) -> str:
    """The source file that the companion file at `path` belongs to: `DIR/STEM.py`."""
    folder, name = os.path.split(path)
    return os.path.join(os.path.dirname(folder), name.removesuffix(SUFFIX) + ".py")


def read_bytes(path: str) -> bytes | None:
    """The content of the companion file at `path`, or None where there is no file.

    Warns, or in `locked` mode raises, where somebody may have written it who could not have written the source.

    Raises StoreError where it is no regular file (links are not followed), too large, or unreadable.
    """
    try:
        refuse_irregular(path, os.lstat(path))
        descriptor = os.open(path, _READ)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise store_error(path, f"cannot be read: {error.strerror}") from error
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        refuse_irregular(path, status)
        try:
            data = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise store_error(path, f"cannot be read: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise store_error(path, f"is larger than {MAX_BYTES // 1024**2} MiB: no companion file that jitc wrote is")
    if doubt := _doubt(path, status):
        _warn_or_refuse(path, doubt)
    return data


def write_bytes(path: str, data: bytes) -> None:
    """Replace the companion file at `path` by `data`, atomically: a reader sees the old file or the new one.

    The caller holds the lock of the companion file; what killed writers left beside it is removed.

    Raises StoreError where it cannot be written.
    """
    if len(data) > MAX_BYTES:
        raise store_error(path, f"would be larger than {MAX_BYTES // 1024**2} MiB: split the module")
    try:
        mode = _prepare(path)
        _sweep(path)
        _replace(path, data, mode)
        _sync_folder(os.path.dirname(path))
    except OSError as error:
        raise store_error(path, f"cannot be written: {error.strerror}") from error


def ensure_writable(path: str) -> None:
    """Raise StoreError where the companion file at `path` could not be written: to be asked before a model is paid."""
    try:
        _prepare(path)
        temporary = _temporary(path)
        os.close(os.open(temporary, _CREATE, 0o600))
        os.unlink(temporary)
    except OSError as error:
        raise store_error(path, f"cannot be written: {error.strerror}") from error


def make_folder(folder: str) -> None:
    """Make the folder of companion files where it is missing. Raises OSError, and StoreError where it is a link."""
    while True:
        try:
            os.mkdir(folder)
        except FileExistsError:
            try:
                status = os.lstat(folder)
            except FileNotFoundError:  # who held a lock in it removed the empty folder just now
                continue
            if not stat.S_ISDIR(status.st_mode):
                cause = f"is {_kind(status)}; the folder of companion files is expected there"
                raise store_error(folder, cause) from None
        return


def refuse_irregular(path: str, status: os.stat_result) -> None:
    """Raise StoreError unless `status`, that of `path`, is that of a regular file."""
    if not stat.S_ISREG(status.st_mode):
        raise store_error(path, f"is {_kind(status)}, not a regular file: remove it")


def store_error(path: str, cause: str, line: int | None = None) -> StoreError:
    """The error for the file at `path`: `PATH:LINE: CAUSE`, or `PATH CAUSE` without a line."""
    where = f"{path} " if line is None else f"{path}:{line}: "
    return StoreError(where + cause, path=path, lineno=line)


def _kind(status: os.stat_result) -> str:
    return next((kind for matches, kind in _KINDS if matches(status.st_mode)), "a regular file")


def _doubt(path: str, status: os.stat_result) -> str | None:
    """Why somebody may have written the file who could not have written the source beside it, if so."""
    if not hasattr(os, "geteuid"):
        return None
    foreign = status.st_uid not in (0, os.geteuid())
    if not foreign and not status.st_mode & stat.S_IWOTH:
        return None
    source = _status_of_source(path)
    if foreign and status.st_uid != source.st_uid:
        return f"belongs to another user (uid {status.st_uid})"
    if status.st_mode & stat.S_IWOTH and not source.st_mode & stat.S_IWOTH:
        return "can be written by anyone (`chmod o-w` mends that)"
    return None


def _status_of_source(path: str) -> os.stat_result:
    try:
        return os.stat(source_path(path))
    except OSError:
        return os.stat(os.path.dirname(os.path.dirname(os.path.abspath(path))))


def _warn_or_refuse(path: str, doubt: str) -> None:
    import warnings

    from jitc_import.errors import JitcWarning
    from jitc_import.settings import load_settings

    if load_settings(path).mode == "locked":
        raise store_error(path, f"{doubt}, and the source beside it does not: refused in `locked` mode")
    warnings.warn(f"{path} {doubt}, and the source beside it does not", JitcWarning, stacklevel=3)


def _prepare(path: str) -> int | None:
    """Make the folder and look at what lies at `path`: the permissions that the new file takes over, if any."""
    make_folder(os.path.dirname(path) or ".")
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return None
    refuse_irregular(path, status)
    if not status.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise store_error(path, "is write-protected: `chmod u+w` lets jitc write it")
    return stat.S_IMODE(status.st_mode) & ~stat.S_IWOTH


def _replace(path: str, data: bytes, mode: int | None) -> None:
    temporary = _temporary(path)
    descriptor = os.open(temporary, _CREATE, 0o666)
    try:
        with open(descriptor, "wb") as file:
            if mode is not None and hasattr(os, "fchmod"):
                os.fchmod(descriptor, mode)
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        os.replace(temporary, path)
    except BaseException:
        _discard(temporary)
        raise


def _discard(path: str) -> None:
    import contextlib

    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def _temporary(path: str) -> str:
    return f"{_temporary_prefix(path)}{os.urandom(6).hex()}.tmp"


def _temporary_prefix(path: str) -> str:
    """What the temporary files of one companion file begin with: short, as its own name may be as long as names go."""
    import hashlib

    folder, name = os.path.split(path)
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return os.path.join(folder, f".jitc-{digest}-")


def _sweep(path: str) -> None:
    """Remove what killed writers of this companion file left."""
    folder, prefix = os.path.split(_temporary_prefix(path))
    for name in os.listdir(folder or "."):
        if name.startswith(prefix) and name.endswith(".tmp"):
            _discard(os.path.join(folder, name))


def _sync_folder(folder: str) -> None:
    """Make the new name last through a power cut, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder or ".", os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError:  # some file systems cannot sync a folder; the file itself is complete
        pass
    finally:
        os.close(descriptor)
