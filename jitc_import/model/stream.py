"""The answer of a chat completion, put together from its events, of whatever shape they are."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from jitc_import.errors import EndpointError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

CHECKED_EACH = 8
"""Pieces of a reply after which it is looked at whether it holds all: to look is to put the pieces together."""

MAX_TEXT = 2_000_000
"""Characters of a reply that are read."""

_FENCE = "```"
_THOUGHT = re.compile(r"\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_END_OF_THOUGHT = re.compile(r"\A((?!```).)*?^\s*</think(?:ing)?>\s*$", re.DOTALL | re.MULTILINE)


@dataclass
class Heard:
    """What was heard so far of an answer; `usage` is (tokens read, tokens written) where the server counts them."""

    pieces: list[str] = field(default_factory=list)
    finish: str | None = None
    usage: tuple[int, int] | None = None
    model: str = ""
    refusal: str = ""

    @property
    def text(self) -> str:
        """The text of the answer, without what the model thought before it."""
        return without_thoughts("".join(self.pieces))


class Enough:
    """Says when a reply that goes on holds all that was asked for: `is_all` is asked of it where a fence was closed."""

    def __init__(self, is_all: Callable[[str], bool]) -> None:
        self._is_all = is_all
        self._seen = 0

    def reached(self, heard: Heard) -> bool:
        """Whether the rest of a reply is of no use. Asked anew only behind a further block of code."""
        if len(heard.pieces) % CHECKED_EACH:
            return False
        text = heard.text
        fences = text.count(_FENCE)
        if fences == self._seen or fences % 2 or not text.rpartition(_FENCE)[2].strip():
            return False  # nothing goes on behind a block; where the reply ends there, its end tells of the tokens
        self._seen = fences
        return self._is_all(text)


def listen(stream: object, heard: Heard, tell: Callable[[str], None], enough: Enough | None = None) -> None:
    """Listen to a stream of chat completion events to its end; each piece of text goes to `heard` and `tell`.

    Where `enough` is reached, the rest is not waited for: `heard` says that it stopped, and the stream is closed.
    Raises EndpointError for what is too long or no text, and whatever the stream itself raises.
    """
    events: Iterable[object] = [stream] if hasattr(stream, "choices") else cast("Iterable[object]", stream)
    try:
        _take_all(events, heard, tell, enough)
    finally:
        _close(stream)
    if any("\ud800" <= character <= "\udfff" for character in "".join(heard.pieces)):
        raise EndpointError("its reply holds half a character (a lone surrogate)")


def _take_all(events: Iterable[object], heard: Heard, tell: Callable[[str], None], enough: Enough | None) -> None:
    length = 0
    for event in events:
        piece = _take(event, heard)
        if piece:
            length += len(piece)
            if length > MAX_TEXT:
                raise EndpointError(f"its reply is longer than {MAX_TEXT:,} characters")
            heard.pieces.append(piece)
            tell(piece)
            if enough and enough.reached(heard):
                heard.finish = "stop"
                return


def _close(stream: object) -> None:
    """Close a stream, so that the server writes no more; what is no stream of the SDK has nothing to close."""
    close = getattr(stream, "close", None)
    if callable(close):
        with suppress(Exception):
            close()


def without_thoughts(text: str) -> str:
    """A reply without the `<think>…</think>` before it; an end without a beginning counts from the start."""
    if matched := _THOUGHT.match(text):
        return text[matched.end() :]
    matched = _END_OF_THOUGHT.match(text)
    return text[matched.end() :] if matched else text


def _take(event: object, heard: Heard) -> str:
    """Take one event in; returns its text."""
    model, usage = _get(event, "model"), _get(event, "usage")
    heard.model = model if isinstance(model, str) and model else heard.model
    tokens = (_get(usage, "prompt_tokens"), _get(usage, "completion_tokens"))
    if all(isinstance(count, int) and 0 <= count < 10**9 for count in tokens):
        heard.usage = tokens
    choices = _get(event, "choices")
    if not isinstance(choices, list) or not choices:
        return ""
    finish = _get(choices[0], "finish_reason")
    heard.finish = finish if isinstance(finish, str) else heard.finish
    message = _get(choices[0], "delta") or _get(choices[0], "message")
    refusal, content = _get(message, "refusal"), _get(message, "content")
    heard.refusal += refusal if isinstance(refusal, str) else ""
    if content is not None and not isinstance(content, str):
        raise EndpointError(f"it sent a {type(content).__name__} where text belongs")
    return content or ""


def _get(holder: object, name: str) -> Any:
    """An attribute or an item; SDKs leave what they do not expect as plain dictionaries."""
    return holder.get(name) if isinstance(holder, dict) else getattr(holder, name, None)
