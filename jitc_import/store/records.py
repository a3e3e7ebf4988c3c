"""Answers of mocks, kept beside the source: `__jitc__/STEM.mocks.json`, to be read, reviewed and committed."""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jitc_import.source.digest import digest
from jitc_import.store.archives import archive_of, read_archived
from jitc_import.store.files import SUFFIX, companion_path, read_bytes, store_error, write_bytes
from jitc_import.store.lock import companion_lock

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORDS_SUFFIX = ".mocks.json"
VERSION = 1

_cache: dict[str, tuple[tuple[int, int] | None, dict[str, Any]]] = {}


@dataclass(frozen=True)
class Record:
    """The answer to one call: `arguments` as a call would be written, `answer` as JSON."""

    function: str
    arguments: str
    digest: str
    answer: Any
    raised: dict[str, str] | None = None
    model: str = ""


def records_path(source_path: str) -> str:
    """The file of the records of a module."""
    return companion_path(source_path).removesuffix(SUFFIX) + RECORDS_SUFFIX


def call_digest(function: str, call: str) -> str:
    """What tells a call of a function from others; `call` shows its arguments whole."""
    return digest([function, call])


def find_record(path: str, function: str, wanted: str) -> Record | None:
    """The record with a digest. Raises StoreError where the file cannot be read."""
    return next(
        (record for record in read_records(path) if (record.function, record.digest) == (function, wanted)), None
    )


def read_records(path: str) -> Iterator[Record]:
    """All records in a file; none where there is no file. Raises StoreError where it cannot be read."""
    for function, entries in _read(path)["mocks"].items():
        for entry in entries:
            yield Record(
                function,
                entry["call"],
                entry["digest"],
                entry.get("answer"),
                entry.get("raised"),
                entry.get("model", ""),
            )


def keep_record(path: str, record: Record, timeout: float) -> Record:
    """Add a record, unless one of the same call is there; gives the one that is there then. Raises StoreError."""
    with companion_lock(path.removesuffix(RECORDS_SUFFIX) + SUFFIX, timeout):
        _cache.pop(path, None)
        if first := find_record(path, record.function, record.digest):
            return first
        content = _read(path)
        entries = content["mocks"].get(record.function, [])
        told = {"raised": record.raised} if record.raised else {"answer": record.answer}
        today = dt.datetime.now(dt.timezone.utc).date().isoformat()
        entry = {"call": record.arguments, **told, "model": record.model, "date": today, "digest": record.digest}
        mocks = {**content["mocks"], record.function: [*entries, entry]}
        text = json.dumps({"jitc mocks": VERSION, "mocks": mocks}, indent=1, ensure_ascii=False)
        write_bytes(path, f"{text}\n".encode("utf-8", "backslashreplace"))
        return record


def refuse_unwritable(path: str, timeout: float) -> None:
    """Raise StoreError where no record could be kept at `path`: whoever holds the lock once may write there."""
    with companion_lock(path.removesuffix(RECORDS_SUFFIX) + SUFFIX, timeout):
        pass


def _read(path: str) -> dict[str, Any]:
    stamp = _stamp(path)
    cached = _cache.get(path)
    if cached and cached[0] == stamp:
        return cached[1]
    archive = archive_of(path)
    data = read_archived(archive, path) if archive else read_bytes(path)
    content = {"mocks": {}} if data is None else _parsed(data, path)
    _cache[path] = stamp, content
    return content


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _parsed(data: bytes, path: str) -> dict[str, Any]:
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise store_error(path, f"holds no records of mocks: {error}") from None
    if not isinstance(content, dict) or content.get("jitc mocks") != VERSION or not _is_sound(content.get("mocks")):
        raise store_error(path, f"holds no records of mocks that this version (format {VERSION}) can read")
    return content


def _is_sound(mocks: object) -> bool:
    if not isinstance(mocks, dict) or not all(isinstance(entries, list) for entries in mocks.values()):
        return False
    return all(_is_entry(entry) for entries in mocks.values() for entry in entries)


def _is_entry(entry: object) -> bool:
    if not isinstance(entry, dict) or not {"answer", "raised"} & set(entry):
        return False
    return all(isinstance(entry.get(name, ""), str) for name in ("model", "date")) and all(
        isinstance(entry.get(name), str) for name in ("call", "digest")
    )
