"""Answers of mocks, kept beside the source: `__jitc__/STEM.mocks.json`, to be read, reviewed and committed."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
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

_CONFLICT = re.compile(rb"^(?:<{7} |>{7} |={7}\s*$)", re.MULTILINE)

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
    if _CONFLICT.search(data):
        told = "a merge conflict (entries of both sides may stay; the lines with <<<<<<<, ======= and >>>>>>> may not)"
        raise store_error(path, f"holds no records of mocks: {told}")
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise store_error(path, f"holds no records of mocks: {error}") from None
    is_known = isinstance(content, dict) and content.get("jitc mocks") == VERSION
    if not is_known or not isinstance(content.get("mocks"), dict):
        raise store_error(path, f"holds no records of mocks that this version (format {VERSION}) can read")
    if fault := next(_faults(content["mocks"]), None):
        raise store_error(path, f"holds an entry that is no record: {fault}")
    return dict(content)


def _faults(mocks: dict[str, Any]) -> Iterator[str]:
    """The entries that are no records, each with what is wrong with it."""
    for function, entries in mocks.items():
        if not isinstance(entries, list):
            yield f"that of {function} is no list of entries"
            continue
        for number, entry in enumerate(entries, start=1):
            if fault := _fault_of(entry):
                call = (
                    f" ({entry['call']:.80})" if isinstance(entry, dict) and isinstance(entry.get("call"), str) else ""
                )
                yield f"entry {number} of {function}{call} {fault}"


def _fault_of(entry: object) -> str | None:
    """What is wrong with an entry; None where it is a record."""
    if not isinstance(entry, dict):
        return "is no object"
    missing = next((name for name in ("call", "digest") if name not in entry), None)
    if missing or not {"answer", "raised"} & set(entry):
        return f"lacks its {missing or 'answer'}"
    texts = ("call", "digest", "model", "date")
    wrong = next((name for name in texts if not isinstance(entry.get(name, ""), str)), None)
    return f"has a {wrong} that is no text" if wrong else None
