"""Texts whose names call them secret: what is shown in their place, and what tells them apart."""

from __future__ import annotations

import functools
import hashlib

VEIL = "'…'"
"""What is shown."""

ROUNDS = 50_000
"""Rounds of hashing: what tells calls apart stands in files of records, which may be published."""


@functools.lru_cache(maxsize=1024)
def told_apart(secret: str | bytes) -> str:
    """What tells a secret from others, and can be turned back only by trying, slowly, what it may be."""
    data = secret if isinstance(secret, bytes) else secret.encode("utf-8", "surrogatepass")
    return f"<{hashlib.pbkdf2_hmac('sha256', data, type(secret).__name__.encode(), ROUNDS).hex()}>"


class Veiled:
    """A default that is not shown where a signature is."""

    def __repr__(self) -> str:
        return VEIL
