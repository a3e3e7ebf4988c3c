"""The answer of a chat completion, put together from its events, of whatever shape they are."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from jitc_import.errors import EndpointError
from jitc_import.model.thoughts import FENCE, Answer, has_thoughts, without_thoughts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

CHECKED_EACH = 8
"""Pieces of a reply after which it is looked at whether it holds all: to look is to put the pieces together."""

MAX_TEXT = 2_000_000
"""Characters of a reply that are read."""

_FINISHES = {
    "": None,
    "max_tokens": "length",
    "MAX_TOKENS": "length",
    "model_length": "length",
    "safety": "content_filter",
    "SAFETY": "content_filter",
}
"""What servers call the ends of a reply that have a name of OpenAI's."""


@dataclass
class Heard:
    """What was heard so far of an answer; `usage` is (tokens read, tokens written) where the server counts them."""

    pieces: list[str] = field(default_factory=list)
    thoughts: list[str] = field(default_factory=list)
    finish: str | None = None
    usage: tuple[int, int] | None = None
    reasoning_tokens: int = 0
    model: str = ""
    refusal: str = ""

    @property
    def text(self) -> str:
        """The text of the answer, without what the model thought before it."""
        return without_thoughts("".join(self.pieces))

    @property
    def is_nothing(self) -> bool:
        """Whether nothing of a chat completion was heard."""
        return not (self.pieces or self.thoughts or self.finish or self.refusal or self.model)

    @property
    def reasoned(self) -> bool:
        """Whether the model thought before it answered, as far as it shows."""
        return bool(self.thoughts or self.reasoning_tokens or has_thoughts("".join(self.pieces)))


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
        fences = text.count(FENCE)
        if fences == self._seen or fences % 2 or not text.rpartition(FENCE)[2].strip():
            return False  # nothing goes on behind a block; where the reply ends there, its end tells of the tokens
        if "\n" in text.partition(FENCE)[0].strip():
            return False  # it may be a thought whose beginning the server keeps: the answer is still to come
        self._seen = fences
        return self._is_all(text)


def listen(stream: object, heard: Heard, tell: Callable[[str], None], enough: Enough | None = None) -> None:
    """Listen to a stream of chat completion events to its end; each piece of text goes to `heard`.

    What belongs to the answer goes to `tell` as well; an empty text says that the model is thinking. Where `enough` is
    reached, the rest is not waited for: `heard` says that it stopped, and the stream is closed.
    Raises EndpointError for what is too long or no text, and whatever the stream itself raises.
    """
    events: Iterable[object] = [stream] if hasattr(stream, "choices") else cast("Iterable[object]", stream)
    answer, length = Answer(), 0
    try:
        for event in events:
            piece, thought = _take(event, heard)
            length += len(piece) + len(thought)
            if length > MAX_TEXT:
                raise EndpointError(f"its reply is longer than {MAX_TEXT:,} characters")
            if thought:
                heard.thoughts.append(thought)
                tell("")
            if piece:
                heard.pieces.append(piece)
                tell(answer.part_of(piece))
                if enough and enough.reached(heard):
                    heard.finish = "stop"
                    break
    finally:
        _close(stream)
    if held := answer.rest():
        tell(held)
    if any("\ud800" <= character <= "\udfff" for character in "".join(heard.pieces)):
        raise EndpointError("its reply holds half a character (a lone surrogate)")


def _close(stream: object) -> None:
    """Close a stream, so that the server writes no more; what is no stream of the SDK has nothing to close."""
    close = getattr(stream, "close", None)
    if callable(close):
        with suppress(Exception):
            close()


def _take(event: object, heard: Heard) -> tuple[str, str]:
    """Take one event in; returns its text, and what it says of the model's thoughts."""
    model = _get(event, "model")
    heard.model = model if isinstance(model, str) and model else heard.model
    _take_usage(_get(event, "usage"), heard)
    choices = _get(event, "choices")
    if not isinstance(choices, list) or not choices:
        return "", ""
    finish = _get(choices[0], "finish_reason")
    heard.finish = _FINISHES.get(finish, finish) or heard.finish if isinstance(finish, str) else heard.finish
    message = _get(choices[0], "delta") or _get(choices[0], "message")
    refusal = _get(message, "refusal")
    heard.refusal += refusal if isinstance(refusal, str) else ""
    return _text_of(_get(message, "content")), _thought_of(message)


def _take_usage(usage: object, heard: Heard) -> None:
    tokens = (_get(usage, "prompt_tokens"), _get(usage, "completion_tokens"))
    if all(isinstance(count, int) and 0 <= count < 10**9 for count in tokens):
        heard.usage = tokens
    reasoning = _get(_get(usage, "completion_tokens_details"), "reasoning_tokens")
    heard.reasoning_tokens = reasoning if isinstance(reasoning, int) else heard.reasoning_tokens


def _text_of(content: object) -> str:
    """The text of a message: a string, or the texts among its parts. Raises EndpointError for what is neither."""
    if isinstance(content, list) and all(isinstance(_get(part, "type"), str) for part in content):
        return "".join(_text_of(_get(part, "text")) for part in content if _get(part, "type") == "text")
    if content is not None and not isinstance(content, str):
        raise EndpointError(f"it sent a {type(content).__name__} where text belongs")
    return content or ""


def _thought_of(message: object) -> str:
    """What a message says of the model's thoughts, under each of the names that servers have for it."""
    for name in ("reasoning_content", "reasoning"):
        if isinstance(thought := _get(message, name), str) and thought:
            return thought
    content = _get(message, "content")
    parts = [_get(part, "thinking") for part in content] if isinstance(content, list) else []
    return "".join(_text_of(part) for part in parts if part)


def _get(holder: object, name: str) -> Any:
    """An attribute or an item; SDKs leave what they do not expect as plain dictionaries."""
    return holder.get(name) if isinstance(holder, dict) else getattr(holder, name, None)
