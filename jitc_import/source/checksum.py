"""Checksums of files, the same wherever and however a file was checked out. Standard library only, and little of it."""

from __future__ import annotations

import sys

# `hashlib` loads OpenSSL: 4 ms. These are the same function, built into Python.
try:
    if sys.version_info >= (3, 12):
        from _sha2 import sha256  # type: ignore[import-not-found,unused-ignore]
    else:
        from _sha256 import sha256  # type: ignore[import-not-found,unused-ignore]
except ImportError:
    from hashlib import sha256

DIGEST_LENGTH = 32
"""Hexadecimal digits of a digest that are kept: 128 bits."""


def hexdigest(data: bytes) -> str:
    """The SHA-256 of some bytes, cut to DIGEST_LENGTH."""
    found: str = sha256(data).hexdigest()
    return found[:DIGEST_LENGTH]


def source_digest(source: bytes) -> str:
    """The digest of a whole source file, its line endings normalised."""
    return hexdigest(with_line_feeds(source))


def with_line_feeds(data: bytes) -> bytes:
    """A text file with a line feed at the end of each line, whatever stood there."""
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data
