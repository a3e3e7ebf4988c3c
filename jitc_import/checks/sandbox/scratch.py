"""The folder that candidates may write into: made and emptied by the parent, watched by the zygote, nobody else's."""

from __future__ import annotations

import contextlib
import os
import stat
import time
from itertools import chain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_FILE = 16 << 20
"""Bytes; a limit that the kernel keeps."""

MOST_BYTES, MOST_ENTRIES = 64 << 20, 4_000
"""Of all that lies there, and of what is open though it lies nowhere any more; looked at now and then."""

_PREFIX = "jitc-scratch-"
_STRAY = 3_600
"""Seconds after which a folder whose process is not seen is nobody's; that of another container is never seen."""

_LONGEST_PATH = 1_024
"""Characters, of a folder: those of one that lies deeper cannot be looked at quickly, or at all."""

_TRIES, _PAUSE = 20, 0.01
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


class _UnseenError(Exception):
    """A folder that may hold anything."""


def made() -> str:
    """A new folder in the system's temporary one; empty where none can be had. Those of killed processes go."""
    import tempfile

    try:
        around = os.path.realpath(tempfile.gettempdir())
        _remove_strays(around)
        return tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=around)
    except OSError:
        return ""


def emptied(folder: str) -> None:
    """Remove all that lies in a folder, however deep, and whatever its modes. What cannot be removed stays."""
    with contextlib.suppress(OSError):
        root = os.open(folder, _FOLDER)
        try:
            _empty(root)
        finally:
            os.close(root)


def removed(folder: str) -> None:
    """Remove a folder with all that lies in it; a process that is about to end may yet write there."""
    for _ in range(_TRIES):
        emptied(folder)
        try:
            os.rmdir(folder)
        except FileNotFoundError:
            return
        except OSError:
            time.sleep(_PAUSE)
        else:
            return


def is_overfull(folder: str, pid: int) -> bool:
    """Whether more lies in a folder, or is held open by process `pid`, than may."""
    size = 0
    try:
        for count, status in enumerate(chain(_lying_in(folder), _held_open(pid)), start=1):
            size += 512 * status.st_blocks
            if count > MOST_ENTRIES or size > MOST_BYTES:
                return True
    except _UnseenError:
        return True
    return False


def _remove_strays(around: str) -> None:
    with os.scandir(around) as entries:
        named = [entry for entry in entries if entry.name.startswith(_PREFIX)]
    for entry in named:
        with contextlib.suppress(OSError, ValueError):
            status, pid = entry.stat(follow_symlinks=False), int(entry.name.removeprefix(_PREFIX).partition("-")[0])
            if status.st_uid == os.geteuid() and time.time() - status.st_mtime > _STRAY and not _is_alive(pid):
                removed(entry.path)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _empty(root: int) -> None:
    """Folders in folders are moved up, so that no depth matters."""
    while names := os.listdir(root):
        for name in names:
            if not _is_unlinked(name, root):
                _move_up(name, root)
                os.rmdir(name, dir_fd=root)


def _move_up(name: str, root: int) -> None:
    """Move the folders in a folder into the one that it lies in, under new names, and remove its files."""
    folder = os.open(name, _FOLDER, dir_fd=root)
    try:
        for inner in os.listdir(folder):
            if not _is_unlinked(inner, folder):
                os.rename(inner, os.urandom(16).hex(), src_dir_fd=folder, dst_dir_fd=root)
    finally:
        os.close(folder)


def _is_unlinked(name: str, folder: int) -> bool:
    """Whether a name was one of a file, and is none any more; that of a folder stands for one that can be read now."""
    status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    if stat.S_ISDIR(status.st_mode):
        os.chmod(name, stat.S_IRWXU, dir_fd=folder)
        return False
    os.unlink(name, dir_fd=folder)
    return True


def _lying_in(folder: str) -> Iterator[os.stat_result]:
    """Raises _UnseenError for a folder that may hold anything."""
    waiting = [folder]
    while waiting:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    yield status
                    if stat.S_ISDIR(status.st_mode) and _is_seen(entry.path, status):
                        waiting.append(entry.path)


def _is_seen(folder: str, status: os.stat_result) -> bool:
    """Whether it can be looked into; raises _UnseenError where only others, who know a name in it, can."""
    is_open = os.geteuid() == 0 or status.st_mode & stat.S_IRUSR
    if len(folder) > _LONGEST_PATH or (not is_open and status.st_mode & stat.S_IXUSR):
        raise _UnseenError
    return bool(is_open and (os.geteuid() == 0 or status.st_mode & stat.S_IXUSR))


def _held_open(pid: int) -> Iterator[os.stat_result]:
    """Files that have no name any more."""
    with contextlib.suppress(OSError), os.scandir(f"/proc/{pid}/fd") as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                status = os.stat(entry.path)
                if stat.S_ISREG(status.st_mode) and not status.st_nlink:
                    yield status
