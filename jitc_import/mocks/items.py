"""The items of a JSON array, one by one, while the text that holds them is still coming."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPENING = re.compile(r"\s*(?:`{3,}\w*\s*)?(?:\{\s*\"items\"\s*:\s*)?\[")
_BETWEEN = re.compile(r"[\s,]*")
_ENDS = frozenset(" \t\r\n,]")
_SELF_ENDING = ('"', "{", "[")


@dataclass
class ItemReader:
    """Takes text in pieces; `ended` says that the array is complete, `text` is all that came."""

    text: str = ""
    ended: bool = False
    _at: int = field(default=-1)
    _decoder: json.JSONDecoder = field(default_factory=json.JSONDecoder)

    def feed(self, piece: str) -> Iterator[Any]:
        """Take a piece of text; yields the items that are complete with it."""
        self.text += piece
        if self._at < 0:
            self._at = self._beginning()
        while self._at >= 0 and not self.ended:
            start = self._after_separator()
            if start >= len(self.text):
                return
            if self.text[start] == "]":
                self.ended = True
                return
            try:
                item, end = self._decoder.raw_decode(self.text, start)
            except (ValueError, RecursionError):
                return
            if self.text[start] not in _SELF_ENDING and self.text[end : end + 1] not in _ENDS:
                return  # a number may go on
            self._at = end
            yield item

    def _beginning(self) -> int:
        """The index after the bracket that opens the array; -1 where that has not come."""
        opening = _OPENING.match(self.text)
        return opening.end() if opening else -1

    def _after_separator(self) -> int:
        matched = _BETWEEN.match(self.text, self._at)
        return matched.end() if matched else self._at
