"""The way of weights onto this machine: room, lock, the sources in order, the digest, the place."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitc_import.errors import WeightsError
from jitc_import.local import chunks, hub
from jitc_import.local.catalogue import Weights, pull_command
from jitc_import.local.lock import hold, wait_for
from jitc_import.local.measure import measuring, say, sized
from jitc_import.local.part import SUFFIX, Part, SourceError, part_size
from jitc_import.local.weights import digests_differ, fault_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BLOCK = 1 << 20


@dataclass(frozen=True)
class Source:
    """Where weights come from; `fetch` adds what is missing to a part, or raises SourceError."""

    name: str
    fetch: Callable[[Weights, Part], None]


SOURCES = (Source(hub.NAME, hub.fetch), Source(chunks.NAME, chunks.fetch))


def pull(weights: Weights, folder: str) -> str:
    """Bring weights into `folder`, where they are not there yet; the path of the file.

    What an earlier run downloaded is kept and continued. Raises WeightsError where no source has the file, or there is
    no room for it.
    """
    path = os.path.join(folder, weights.file)
    _make_folder(folder)
    with _told(path), wait_for(path, say):
        _refuse_folder(path)
        if not _is_installed(path, weights):
            _ensure_room(path, weights)
            _fetch(path, weights)
    return path


def remove(weights: Weights, folder: str) -> int:
    """Remove weights, and what there is of an unfinished download, from `folder`; the bytes that this freed.

    Raises WeightsError where another process downloads them, or the file cannot be removed.
    """
    path = os.path.join(folder, weights.file)
    if not os.path.isdir(folder):
        return 0
    with _told(path), hold(path):
        _refuse_folder(path)
        shutil.rmtree(chunks.wheels_folder(path + SUFFIX), ignore_errors=True)
        return _unlink(path) + _unlink(path + SUFFIX)


def digest_fault(path: str, weights: Weights) -> str | None:
    """What is wrong with a file, its content included, in words that follow "the file", or None; takes seconds."""
    if fault := fault_of(path, weights):
        return fault
    digest = _digest(path, f"checking {weights.name}")
    return None if digest == weights.sha256 else digests_differ(digest, weights)


def _digest(path: str, what: str) -> str:
    digest, done = hashlib.sha256(), 0
    with open(path, "rb") as file, measuring(what, os.path.getsize(path)) as show:
        while block := file.read(BLOCK):
            digest.update(block)
            done += len(block)
            show(done)
    return digest.hexdigest()


def _make_folder(folder: str) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise WeightsError(
            f"{folder}: cannot be made: {error.strerror}. Next: see to that, or set JITC_LOCAL_MODEL to a GGUF file "
            "that lies elsewhere"
        ) from error


def _refuse_folder(path: str) -> None:
    """Raise WeightsError where a folder is in the way: it is someone's, and not removed."""
    if os.path.isdir(path):
        raise WeightsError(
            f"{path} is a folder, where the file of these weights belongs. Next: see what it holds, and move it away"
        )


def _is_installed(path: str, weights: Weights) -> bool:
    if not os.path.lexists(path):
        return False
    if fault := digest_fault(path, weights):
        say(f"{path} is damaged: the file {fault}; it is downloaded again")
        return False
    return True


def _ensure_room(path: str, weights: Weights) -> None:
    folder = os.path.dirname(path)
    needed = weights.bytes - part_size(path) + chunks.room(weights)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise WeightsError(
            f"{folder}: {weights.name} needs {sized(needed)} ({needed:,} bytes) of free space, and there are "
            f"{sized(free)} ({free:,} bytes). Next: make room there, or set JITC_LOCAL_MODEL to a GGUF file that lies "
            "elsewhere"
        )


def _fetch(path: str, weights: Weights) -> None:
    for source in SOURCES:
        try:
            _fetch_from(source, path, weights)
        except SourceError as error:
            say(f"{source.name}: {error}")
        else:
            return
    raise WeightsError(
        f"{weights.name} cannot be downloaded, for the reasons above. Next: see to one of them and run "
        f"`{pull_command(weights)}` again, or set JITC_LOCAL_MODEL to a GGUF file that is there"
    )


def _fetch_from(source: Source, path: str, weights: Weights) -> None:
    """Bring weights from a source. Raises SourceError; a wrong file is its fault only where all of it is its own."""
    part_path = path + SUFFIX
    found = _fetch_rest(source, path, weights)
    fault = digest_fault(part_path, weights)
    if fault and found:
        os.unlink(part_path)
        told = f"{sized(found)} of it were there before, and may be damaged; it is removed and downloaded anew"
        say(f"{part_path}: the file {fault}; {told}")
        _fetch_rest(source, path, weights)
        fault = digest_fault(part_path, weights)
    if fault:
        os.unlink(part_path)
        raise SourceError(f"the file that it gave {fault}, and is removed")
    with open(part_path, "rb+") as file:
        os.fsync(file.fileno())
    os.replace(part_path, path)


def _fetch_rest(source: Source, path: str, weights: Weights) -> int:
    """Make the part whole; how many bytes of it are not the source's, but were there before."""
    part_path, had = path + SUFFIX, part_size(path)
    missing = weights.bytes - (had if had <= weights.bytes else 0)  # a part that is too long is of another file
    if missing:
        say(f"{weights.name}: downloading {sized(missing)} from {source.name}")
    kept = weights.bytes - missing
    with measuring(weights.name, weights.bytes, kept) as show, Part(part_path, weights.bytes, show) as part:
        if part.size < part.total:
            source.fetch(weights, part)
        return part.found


def _unlink(path: str) -> int:
    with contextlib.suppress(FileNotFoundError):
        size = os.lstat(path).st_size
        os.unlink(path)
        return size
    return 0


@contextlib.contextmanager
def _told(path: str) -> Iterator[None]:
    """Tell what the file system refuses for the file at `path` as a WeightsError."""
    try:
        yield
    except OSError as error:
        cause = f"{error.filename or path}: {error.strerror or error}"
        raise WeightsError(f"{cause}. Next: see to that, and run the same command again") from error
