"""To which function or class each comment belongs, as libcst's lossless tree has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import libcst as cst

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jitc_import.source.listing import Listing

_FUNCTION_OR_CLASS = (cst.FunctionDef, cst.ClassDef)
_SUITES = ("body", "handlers", "cases", "orelse", "finalbody")
"""Where a compound statement holds other statements, in the order of the source."""


@dataclass(frozen=True)
class Place:
    """Where a comment stands: at which definition (its number in source order; None: at none), and how.

    "above" is the lines before a definition and its decorators' lines, "header" the end of its header, "body" inside.
    """

    definition: int | None
    slot: Literal["above", "header", "body"]


def comment_places(listing: Listing) -> dict[int, Place]:
    """The place of each comment, by its line (1-based); those within parentheses are left out.

    libcst keeps comments at their statements but tells no positions short of seconds of work: so it is given the
    text with each comment replaced by its own line number.
    """
    lines = list(listing.lines)
    for comment in listing.comments.values():
        lines[comment.line - 1] = f"{lines[comment.line - 1][: comment.column]}#{comment.line}"
    return _Walk(cst.parse_module("\n".join(lines))).places


class _Walk:
    """One pass over the statements of a module, with a stack of its own."""

    def __init__(self, module: cst.Module) -> None:
        self.places: dict[int, Place] = {}
        self.count = 0
        self.waiting: list[tuple[cst.CSTNode, int | None]] = [(node, None) for node in reversed(module.body)]
        first_is_definition = bool(module.body) and isinstance(module.body[0], _FUNCTION_OR_CLASS)
        self._claim(module.header, 0 if first_is_definition else None, "above" if first_is_definition else "body")
        self._claim(module.footer, None, "body")
        while self.waiting:
            self._enter(*self.waiting.pop())

    def _enter(self, node: cst.CSTNode, owner: int | None) -> None:
        if isinstance(node, _FUNCTION_OR_CLASS):
            number, self.count = self.count, self.count + 1
            self._claim(_lines_above(node), number, "above")
            self._enter_suite(node.body, number, "header")
            return
        self._claim(getattr(node, "leading_lines", ()), owner, "body")
        if isinstance(node, cst.SimpleStatementLine):
            self._claim([node.trailing_whitespace], owner, "body")
            return
        if isinstance(node, cst.Match):
            self._claim([node.whitespace_after_colon, *node.footer], owner, "body")
        for name in reversed(_SUITES):
            self._enter_part(getattr(node, name, None), owner)

    def _enter_part(self, part: object, owner: int | None) -> None:
        if isinstance(part, cst.BaseSuite):
            self._enter_suite(part, owner, "body")
        elif isinstance(part, cst.CSTNode) and not isinstance(part, cst.BaseExpression):
            self.waiting.append((part, owner))
        elif isinstance(part, (list, tuple)):
            self.waiting.extend((one, owner) for one in reversed(part))

    def _enter_suite(self, suite: cst.BaseSuite, owner: int | None, slot: Literal["header", "body"]) -> None:
        if isinstance(suite, cst.IndentedBlock):
            self._claim([suite.header], owner, slot)
            self._claim(suite.footer, owner, "body")
            self.waiting.extend((statement, owner) for statement in reversed(suite.body))
        elif isinstance(suite, cst.SimpleStatementSuite):
            self._claim([suite.trailing_whitespace], owner, slot)

    def _claim(
        self,
        spaces: Iterable[cst.EmptyLine | cst.TrailingWhitespace],
        owner: int | None,
        slot: Literal["above", "header", "body"],
    ) -> None:
        for space in spaces:
            if space.comment:
                self.places[int(space.comment.value[1:])] = Place(owner, slot)


def _lines_above(node: cst.FunctionDef | cst.ClassDef) -> Iterator[cst.EmptyLine | cst.TrailingWhitespace]:
    yield from node.leading_lines
    for decorator in node.decorators:
        yield from decorator.leading_lines
        yield decorator.trailing_whitespace
    yield from node.lines_after_decorators
