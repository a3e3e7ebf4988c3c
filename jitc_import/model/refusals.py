"""What an endpoint refuses, read from its error: a parameter, a value of it, or a message of the system."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import openai

LIMITS = ("max_tokens", "max_completion_tokens")
"""The names of the limit of a reply: the one that most servers know, and the one of OpenAI's newer models."""

OPTIONAL = ("response_format", "stream_options", *LIMITS, "temperature", "seed", "stream")
"""Parameters that requests can do without."""

SYSTEM = "system"
"""What is refused where a model takes no system message."""

_DEEPEST = 8  # levels of an error's JSON that are looked into

_OTHER_WORDS = {
    "response_format": r"json.?schema|response.?schema|response.?format|structured.?output|guided.?json|grammar",
    "max_tokens": r"in the completion|max.?(?:output|new).?tokens",
    "max_completion_tokens": r"in the completion|max.?(?:output|new).?tokens",
}
"""What endpoints call a parameter that they refuse, besides its name."""

_PLACE = re.compile(r"""['"]loc['"]: [(\[]['"]body['"], ['"](\w+)""")  # pydantic's words, where no JSON holds them
_TOO_LARGE = re.compile(
    r"too large|at most|maximum|exceed|less than or equal|in the completion|range|<=|>\s*\d", re.IGNORECASE
)
_NO_SYSTEM = re.compile(
    r"system (?:role|message|prompt|instruction)s?\b.{0,40}\bnot (?:supported|enabled|allowed)|not support '?system\b"
    r"|developer instruction is not enabled|only user,? (?:and )?assistant roles|roles must alternate user/assistant",
    re.IGNORECASE | re.DOTALL,
)


def refused_parameter(fault: openai.APIStatusError, sent: Mapping[str, Any]) -> str | None:
    """The parameter of those that were `sent`, and can be left out, that an error is about; SYSTEM for that message."""
    said = words_of(fault)
    if fault.status_code in {400, 422, 500} and _has_system(sent) and _NO_SYSTEM.search(said):
        return SYSTEM
    candidates = [name for name in OPTIONAL if name in sent]
    places = [*_places(fault.body), *_PLACE.findall(said)] if fault.status_code in {400, 422, 500} else []
    named = next((place for place in places if place in candidates), None)
    return _first_named(candidates, said) if named is None and fault.status_code in {400, 422} else named


def is_too_large(fault: openai.APIStatusError) -> bool:
    """Whether what an error refuses is the size of a number, not the parameter that holds it."""
    return bool(_TOO_LARGE.search(words_of(fault)))


def words_of(fault: openai.APIStatusError) -> str:
    """What an error says in words, wherever its JSON holds them; all of it where that is nowhere."""
    return next(_words(fault.body), "") or str(fault.body or fault.message)


def _has_system(sent: Mapping[str, Any]) -> bool:
    return any(message["role"] == "system" for message in sent["messages"])


def _first_named(candidates: list[str], said: str) -> str | None:
    """The candidate that a text names first: what comes later is often what to use instead."""
    found = [(match.start(), name) for name in candidates if (match := _pattern(name).search(said))]
    return min(found)[1] if found else None


def _pattern(name: str) -> re.Pattern[str]:
    if name == "stream":  # a word of every other message
        return re.compile(r"verified to stream|['\"`]stream['\"`]|parameter:? stream\b", re.IGNORECASE)
    other = _OTHER_WORDS.get(name)
    return re.compile(rf"(?<![\w-]){name}(?!\w){f'|{other}' if other else ''}", re.IGNORECASE)


def _places(body: object, depth: int = 0) -> Iterator[str]:
    """What the parts `param` and `loc` of an error's JSON name."""
    if depth > _DEEPEST:
        return
    if isinstance(body, list):
        for item in body:
            yield from _places(item, depth + 1)
    elif isinstance(body, dict):
        for key, value in body.items():
            if key == "param" and isinstance(value, str):
                yield re.split(r"\W", value)[0]
            elif key == "loc" and isinstance(value, list):
                yield from map(str, value)
            elif key != "input":  # pydantic repeats there what was sent
                yield from _places(value, depth + 1)


def _words(body: object, depth: int = 0) -> Iterator[str]:
    if isinstance(body, str):
        yield body
    elif isinstance(body, list) and depth <= _DEEPEST:
        for item in body:
            yield from _words(item, depth + 1)
    elif isinstance(body, dict) and depth <= _DEEPEST:
        for key in ("message", "detail", "error", "msg"):
            yield from _words(body.get(key), depth + 1)
