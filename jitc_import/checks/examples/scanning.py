"""Where a literal or an expression ends that stands in prose."""

from __future__ import annotations

import re

_LONGEST = 2_000
"""Characters of one literal or call; an opening bracket without its twin must not cost more than that."""

_PAIRS = {"(": ")", "[": "]", "{": "}"}
_QUOTED = re.compile(r"(?:[rR]|[bB][rR]?|[rR][bB]|[uU])?(?=['\"])")
_WORD = re.compile(
    r"[-+]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?[jJ]?)(?!\w)"
    r"|(?:True|False|None|[-+]?inf|nan)\b(?!\.\w|[(\[])"
)
_MADE = re.compile(r"(?:set|frozenset|float|bytearray|complex)(?=\()")
_STEP = re.compile(r"\.[A-Za-z_]\w*")


def literal_end(text: str, start: int) -> int | None:
    """The index after what looks like a literal at `start`; None where nothing does."""
    if text[start : start + 1] in _PAIRS:
        return brackets_end(text, start)
    if quoted := _QUOTED.match(text, start):
        return _string_end(text, quoted.end())
    if made := _MADE.match(text, start):
        return brackets_end(text, made.end())
    word = _WORD.match(text, start)
    return word.end() if word else None


def call_end(text: str, bracket: int) -> int | None:
    """The index after the call whose bracket opens at `bracket`, with what is called or looked up on its result."""
    end = brackets_end(text, bracket)
    while end is not None:
        step = _STEP.match(text, end)
        if step and text[step.end() : step.end() + 1] != "(" and _ends_sentence(text, end):
            return end
        if step:
            end = step.end()
        elif text[end : end + 1] in {"(", "["}:
            end = brackets_end(text, end)
        else:
            return end
    return None


def _ends_sentence(text: str, dot: int) -> bool:
    return text[dot + 1 : dot + 2].isupper()


def brackets_end(text: str, start: int) -> int | None:
    """The index after the bracket that closes the one at `start`."""
    expected: list[str] = []
    index = start
    while index < min(len(text), start + _LONGEST):
        sign = text[index]
        if sign in "'\"":
            end = _string_end(text, index)
            if end is None:
                return None
            index = end
            continue
        if sign in _PAIRS:
            expected.append(_PAIRS[sign])
        elif sign in ")]}" and sign != expected.pop():
            return None
        index += 1
        if not expected:
            return index
    return None


def _string_end(text: str, start: int) -> int | None:
    quote = text[start] * 3 if text.startswith(text[start] * 3, start) else text[start]
    index = start + len(quote)
    while index < min(len(text), start + _LONGEST):
        if text[index] == "\\":
            index += 2
        elif text.startswith(quote, index):
            return index + len(quote)
        elif text[index] == "\n" and len(quote) == 1:
            return None
        else:
            index += 1
    return None
