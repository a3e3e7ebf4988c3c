"""Entries of the bytecode cache that go by what is in the files, not by their times: for images and packages.

As Python's own (PEP 552) they are checked, by a hash of the source and of the companion file, or not looked at again.
Where times are kept, as they are by any import, nothing of this is loaded.
"""

from __future__ import annotations

import _imp

from jitc_import.errors import StoreError
from jitc_import.hooks.bytecode import ABSENT, CHECKED, UNMARKED, companion_part_of, read_file, source_part_of
from jitc_import.store.files import companion_path, read_bytes

_KEY = int.from_bytes(b"jitc\0\0\0\0", "little")


def content_stamp(content: bytes) -> bytes:
    """Hash and size of the content of a file, as a header holds them."""
    hashed: bytes = _imp.source_hash(_KEY, content)
    return hashed + len(content).to_bytes(8, "little")


def companion_content_stamp(source_path: str) -> bytes:
    """The companion part of the header of a marked module; there need be no companion file. Raises StoreError."""
    content = read_bytes(companion_path(source_path))
    return ABSENT if content is None else b"+" + content_stamp(content)


def holds(data: bytes, source_path: str) -> bool:
    """Whether the entry `data`, which goes by content, is good for a source file and what lies beside it.

    `--check-hash-based-pycs` counts as for Python's own.
    """
    asked = _imp.check_hash_based_pycs
    if asked == "never" or (asked == "default" and not data.startswith(CHECKED)):
        return True
    try:
        return _is_same(data, source_path)
    except (OSError, StoreError):
        return False


def _is_same(data: bytes, source_path: str) -> bool:
    if source_part_of(data) != content_stamp(read_file(source_path)):
        return False
    companion = companion_part_of(data)
    return companion == UNMARKED or companion == companion_content_stamp(source_path)
