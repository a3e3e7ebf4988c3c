"""What a model thinks before it answers, where a server leaves that in the text."""

from __future__ import annotations

import re

from jitc_import.source.quiet import nodes_in

FENCE = "```"

_NAMES = ("think", "thinking", "thought", "reasoning")
_TAGS = {f"<{name}>": f"</{name}>" for name in _NAMES} | {"[THINK]": "[/THINK]"}
_BEGIN = re.compile(rf"^[ \t]*(?P<tag>{'|'.join(map(re.escape, _TAGS))})", re.MULTILINE)
_CLOSING = re.compile("|".join(map(re.escape, _TAGS.values())))
_END = re.compile(rf"^\s*(?:{'|'.join(map(re.escape, _TAGS.values()))})\s*$", re.MULTILINE)


def without_thoughts(text: str) -> str:
    """A reply without the `<think>…</think>` before its answer; an end without a beginning counts from the start.

    Before a thought there may be a word or two, which are no part of the answer either.
    """
    begun = _beginning(text)
    if begun is None and not _END.search(text):
        return text
    if FENCE not in text and nodes_in(text):
        return text  # a tag that stands in a string
    if begun:
        return text[begun.end() :].partition(_TAGS[begun["tag"]])[2]
    ends = (found.end() for found in _END.finditer(text))
    return next((text[end:] for end in ends if _is_outside_code(text, end)), text)


def thought_ends(text: str) -> list[tuple[int, int]]:
    """Where in a text tags stand that end a thought: their beginnings and ends."""
    return [found.span() for found in _CLOSING.finditer(text)]


def has_thoughts(text: str) -> bool:
    """Whether a thought stands before the answer, as far as it shows."""
    return _beginning(text) is not None


class Answer:
    """Lets the text of an answer through, and keeps back what the model thinks before it."""

    def __init__(self) -> None:
        self._held = ""
        self._closing: str | None = None
        self._begun = False

    def part_of(self, piece: str) -> str:
        """What of the text up to this piece is now known to belong to the answer."""
        if self._begun:
            return piece
        self._held += piece
        if self._closing is None:
            text = self._held.lstrip()
            if any(tag.startswith(text) for tag in _TAGS):
                return ""
            self._closing = next((closing for tag, closing in _TAGS.items() if text.startswith(tag)), None)
            if self._closing is None:
                return self.rest()
        _, ended, rest = self._held.partition(self._closing)
        self._held = rest if ended else self._held[-len(self._closing) :]
        self._closing = None if ended else self._closing
        return self.rest() if ended else ""

    def rest(self) -> str:
        """What is held back although it belongs to the answer; nothing more will be."""
        self._begun = True
        held, self._held = "" if self._closing else self._held, ""
        return held


def _beginning(text: str) -> re.Match[str] | None:
    """The tag with which a thought begins; one behind code is none of those."""
    begun = _BEGIN.search(text)
    return begun if begun and FENCE not in text[: begun.start()] else None


def _is_outside_code(text: str, end: int) -> bool:
    """Whether a thought that began before the reply may end here: not in a block, nor behind the last one."""
    fences = text.count(FENCE, 0, end)
    return not fences or (fences % 2 == 0 and FENCE in text[end:])
