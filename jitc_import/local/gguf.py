"""The head of a GGUF file: what of it tells how much memory a context takes."""

from __future__ import annotations

import os
import struct
from typing import BinaryIO

Value = int | str | None

_NUMBERS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 7: "<?", 10: "<Q", 11: "<q"}
_REALS = {6: 4, 12: 8}
_TEXT, _ARRAY = 8, 9
_LONGEST = 1 << 16
"""Bytes of a text, and items of an array, that are read: longer ones are the vocabulary's, which comes last."""

_BYTES = 2
"""Of a number in the cache of keys and values."""

_SHARE = 0.45
"""The cache of 16,384 tokens as a share of the file, for the coders of Qwen2.5; where the head does not tell more."""


def context_bytes(path: str, tokens: int) -> int:
    """The bytes that the keys and values of so many tokens take, estimated where the head of the file does not tell.

    Raises OSError.
    """
    known = read_head(path)
    kind = known.get("general.architecture")
    layers, width, heads = (
        known.get(f"{kind}.{name}") for name in ("block_count", "embedding_length", "attention.head_count")
    )
    if not (isinstance(layers, int) and isinstance(width, int) and isinstance(heads, int) and heads):
        with open(path, "rb") as file:
            return int(_SHARE * file.seek(0, os.SEEK_END) * tokens / 16_384)
    groups = known.get(f"{kind}.attention.head_count_kv")
    sizes = [known.get(f"{kind}.attention.{name}_length") for name in ("key", "value")]
    numbers = sum(size if isinstance(size, int) else width // heads for size in sizes)
    return tokens * layers * (groups if isinstance(groups, int) else heads) * numbers * _BYTES


def read_head(path: str) -> dict[str, Value]:
    """What a GGUF file says of itself before its vocabulary; as far as it can be read. Raises OSError."""
    known: dict[str, Value] = {}
    with open(path, "rb") as file:
        try:
            _, _, _, count = struct.unpack("<4sIQQ", file.read(24))
            for _ in range(count):
                key = _text(file)
                if key.startswith("tokenizer."):
                    break
                known[key] = _value(file, _number(file, "<I"))
        except (struct.error, KeyError, ValueError, RecursionError):  # arrays in arrays, without end
            pass
    return known


def _value(file: BinaryIO, kind: int) -> Value:
    """A value, None for one that is no use here."""
    if kind in _NUMBERS:
        return _number(file, _NUMBERS[kind])
    if kind in _REALS:
        file.seek(_REALS[kind], os.SEEK_CUR)
        return None
    if kind == _TEXT:
        return _text(file)
    if kind != _ARRAY:
        raise ValueError(kind)
    item, count = struct.unpack("<IQ", file.read(12))
    if count > _LONGEST:
        raise ValueError(count)
    for _ in range(count):
        _value(file, item)
    return None


def _number(file: BinaryIO, form: str) -> int:
    (number,) = struct.unpack(form, file.read(struct.calcsize(form)))
    return int(number)


def _text(file: BinaryIO) -> str:
    length = _number(file, "<Q")
    if length > _LONGEST:
        raise ValueError(length)
    return file.read(length).decode("utf-8", "replace")
