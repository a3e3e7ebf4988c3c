"""How many tokens a text is, estimated without a tokenizer."""

from __future__ import annotations

import re

_PIECES = re.compile(r"(?:[^\r\n\w]|_)?[^\W\d_]+|\d| ?(?:[^\s\w]|_)+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
"""What byte-pair tokenizers of today split a text into before they look into words."""

_LONG_WORDS = re.compile(r"[A-Za-z]{6,}")
_LONG_SIGNS = re.compile(r"[^\s\w]{4,}")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")


def count_tokens(text: str) -> int:
    """The tokens of `text`, estimated.

    Against Qwen2.5's tokenizer, on 121 files of Python code of 200 tokens or more: median exact, 117 of them between
    7 % low and 8 % high. Meaningless letters are counted up to half too low, other scripts too high.
    """
    count = float(sum(1 for _ in _PIECES.finditer(text)))
    count += sum(len(word) - 5 for word in _LONG_WORDS.findall(text)) * 0.15
    count += sum(len(signs) - 3 for signs in _LONG_SIGNS.findall(text)) * 0.3
    count += sum(len(foreign) for foreign in _FOREIGN.findall(text)) * 0.8
    return round(count)
