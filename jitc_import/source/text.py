"""The texts of a stub: its signature, its decorators, its draft, and all of it as a model should see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitc_import.source.definitions import docstring_statement, first_line, start_line
from jitc_import.source.listing import indent, loosen
from jitc_import.source.spec import draft_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from jitc_import.source.definitions import Function
    from jitc_import.source.listing import Listing

INDENTATION = "    "


class StubText:
    """Cuts the texts of one function out of a listing; `ours` are the positions of our own decorators."""

    def __init__(self, listing: Listing, node: Function, last_line: int, ours: Collection[int] = ()) -> None:
        self.listing = listing
        self.node = node
        self.last_line = last_line
        self.ours = ours

    def signature(self) -> str:
        """The header up to its colon, without comments."""
        return self.listing.header(self.node, notes=False)

    def decorators(self) -> tuple[str, ...]:
        """The decorators with their `@`, ours left out."""
        every = enumerate(self.node.decorator_list)
        return tuple(f"@{self.listing.code(one)}" for position, one in every if position not in self.ours)

    def docstring(self) -> str:
        """The docstring as it is written, dedented; empty if there is none."""
        statement = docstring_statement(self.node)
        if statement is None:
            return ""
        return loosen(self.listing.code(statement), self.listing.indentation(statement.lineno))

    def notes(self) -> tuple[str, ...]:
        """What the comments inside say, those between decorators included, marks left out."""
        return tuple(self._notes(first_line(self.node), self.last_line))

    def draft(self) -> str:
        """The body without docstring and marks; empty for a placeholder body."""
        statements = draft_of(self.node)
        if not statements:
            return ""
        end = self.last_line, len(self.listing.lines[self.last_line - 1])
        first = statements[0]
        start = start_line(first)
        column = self.listing.column(start, first.col_offset)
        if hasattr(first, "decorator_list") or not self.listing.lines[start - 1][:column].strip():
            return self.listing.cut(
                (self._body_line(), 0), end, notes=True, margin=self.listing.indentation(start)
            ).strip("\n")
        margin = self.listing.indentation(self.node.body[0].lineno)
        return self.listing.cut((start, column), end, notes=True, margin=margin)

    def whole(self, hints: Iterable[str]) -> str:
        """The stub as a model should see it; `hints` are the words of its marks."""
        draft = self.draft()
        unseen = self._unseen_notes(until=self._body_line() - 1 if draft else self.last_line)
        comments = [f"# {comment}" for comment in (*hints, *unseen)]
        body = [self.docstring(), *comments, draft or "..."]
        header = self.listing.header(self.node, notes=True)
        return "\n".join([*self.decorators(), header, *(indent(part, INDENTATION) for part in body if part)])

    def _unseen_notes(self, until: int) -> Iterator[str]:
        """The comments up to line `until` that the header does not show."""
        yield from self._notes(first_line(self.node), self.node.lineno - 1)
        end, _ = self.listing.header_end(self.node.lineno, self.node.body)
        yield from self._notes(end + 1 if self.listing.is_block(self.node.body) else end, until)

    def _notes(self, first: int, last: int) -> Iterator[str]:
        for line in range(first, last + 1):
            comment = self.listing.comments.get(line)
            if comment and comment.note:
                yield comment.note

    def _body_line(self) -> int:
        """The line on which the body goes on after the header or the docstring."""
        statement = docstring_statement(self.node)
        if statement:
            return (statement.end_lineno or 0) + 1
        return self.listing.header_end(self.node.lineno, self.node.body)[0] + 1
