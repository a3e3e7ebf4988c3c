"""The blocks of code in a reply: what stands in fences, and what stands around them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_OPENING = re.compile(r"(?P<before>.*?)(?P<fence>`{3,}|~{3,})[ \t]*(?P<tag>[\w+#.-]*)[^`]*")


@dataclass(frozen=True)
class Block:
    """A run of lines that may be code; `first` is the line (1-based) of the reply its first line stands on."""

    lines: tuple[str, ...]
    first: int
    tag: str | None = None
    """The word behind the opening fence, in lower case; None for what stands in no fence."""
    open: bool = False
    """The reply ends inside this block."""


@dataclass
class _Scan:
    """The block that is being read, and the fence that ends it, if one does."""

    blocks: list[Block] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    first: int = 1
    fence: str = ""
    indent: int = 0
    tag: str | None = None

    def close(self, next_line: int, *, at_end: bool = False) -> None:
        if any(line.strip() for line in self.lines):
            is_open = at_end or self.tag is None
            self.blocks.append(Block(tuple(self.lines), self.first, self.tag, open=is_open and at_end))
        self.lines, self.first, self.fence, self.indent, self.tag = [], next_line, "", 0, None

    def open(self, fence: str, indent: int, tag: str) -> None:
        self.fence, self.indent, self.tag = fence, indent, tag.lower()

    def ends_at(self, line: str) -> bool:
        stripped = line.lstrip(" ")
        return stripped.startswith(self.fence) and len(line) - len(stripped) <= self.indent + 3

    def take(self, line: str) -> None:
        margin = len(line) - len(line.lstrip(" "))
        self.lines.append(line[min(margin, self.indent) :])


def code_blocks(text: str) -> list[Block]:
    """The blocks of a reply, lines ended by a line feed: first those in no fence, then the fenced ones, each in order.

    A fence that is not closed reaches to the end; one that is opened inside another ends it.
    """
    scan = _Scan()
    for number, line in enumerate(text.split("\n"), start=1):
        if scan.fence:
            if scan.ends_at(line):
                scan.close(number + 1)
                if (again := _opening(line)) and again["tag"]:
                    scan.open(again["fence"], len(again["before"]), again["tag"])
            else:
                scan.take(line)
        elif opening := _opening(line):
            scan.close(number + 1)
            before = opening["before"]
            scan.open(opening["fence"], len(before) if before.isspace() else 0, opening["tag"])
        else:
            scan.take(line)
    scan.close(0, at_end=True)
    return sorted(scan.blocks, key=lambda block: block.tag is not None)


def fence_for(text: str) -> str:
    """A fence that nothing in `text` can close."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    return "`" * max(3, longest + 1)


def _opening(line: str) -> re.Match[str] | None:
    matched = _OPENING.fullmatch(line)
    return matched if matched and "`" not in matched["before"] else None
