"""Python in a reply: blocks parsed whole where they can be, else definition by definition."""

from __future__ import annotations

import re
import symtable
import tokenize
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from jitc_import.model.parsing import UnparsableError, parse_text
from jitc_import.source.quiet import quietly

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator, Sequence

    from jitc_import.model.fences import Block

TRIES = 5
"""Further ends that are tried for one definition: a line of a string at the margin looks like the end of it."""

LONGEST_STRING = 500
"""Lines that are looked through for such an end."""

QUOTES = ('"""', "'''")
"""What strings of several lines stand between."""

_ANCHOR = re.compile(r"[ \t]*(?:@[ \t]*\w|(?:async[ \t]+)?def[ \t]|class[ \t]|import[ \t]|from[ \t])")
_HEADER = re.compile(r"[ \t]*(?:async[ \t]+)?(?P<kind>def|class)[ \t]+(?P<name>\w+)")


@dataclass(frozen=True)
class Broken:
    """A definition that cannot be parsed: its names from the outermost class inwards, and why."""

    path: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Piece:
    """A part of a reply that is Python.

    `lines` is the text that was parsed, so a node's `lineno` counts in it; `shift` more makes a line of the reply.
    `prefix` names the classes around it. `open` says that the reply ends in it.
    """

    body: tuple[ast.stmt, ...]
    lines: tuple[str, ...]
    shift: int
    prefix: tuple[str, ...]
    open: bool

    def ends_in(self, node: ast.stmt) -> bool:
        """Whether the reply ends in a statement of this piece."""
        return self.open and not any(line.strip() for line in self.lines[node.end_lineno or 0 :])

    @cached_property
    def inside_strings(self) -> frozenset[int]:
        """The lines (1-based) that begin inside a string; their leading space is content.

        Raises UnparsableError where `tokenize` does not know them, as it does not for all that Python parses.
        """
        try:
            return frozenset(_lines_in_strings(self.lines))
        except (tokenize.TokenError, SyntaxError) as error:
            raise UnparsableError(str(error)) from None

    @cached_property
    def tables(self) -> dict[tuple[str, int], symtable.SymbolTable]:
        """The symbol tables of its functions and classes by name and line; empty where Python cannot make them."""
        try:
            with quietly():
                top = symtable.symtable("\n".join(self.lines), "<reply>", "exec")
        except (SyntaxError, ValueError, RecursionError):
            return {}
        return {(table.get_name(), table.get_lineno()): table for table in _all_tables(top)}


def read_block(block: Block) -> list[Piece | Broken]:
    """The Python in a block: one piece where all of it parses, else a piece or Broken for each definition."""
    begin = next(number for number, line in enumerate(block.lines) if line.strip())
    try:
        return [_piece(block.lines[begin:], block.first + begin, (), is_open=block.open)]
    except UnparsableError:
        return list(_split(block.lines, block.first, (), is_open=block.open))


def _piece(lines: Sequence[str], first: int, prefix: tuple[str, ...], *, is_open: bool) -> Piece:
    if not lines[0][:1].isspace():
        return Piece(tuple(parse_text("\n".join(lines)).body), tuple(lines), first - 1, prefix, is_open)
    wrapped = ("if True:", *lines)
    try:
        (holder,) = parse_text("\n".join(wrapped)).body
    except ValueError:
        raise UnparsableError("its indentation ends before it does") from None
    except UnparsableError as error:
        raise UnparsableError(str(error), max(error.line - 1, 1)) from None
    return Piece(tuple(getattr(holder, "body", ())), wrapped, first - 2, prefix, is_open)


def _split(lines: Sequence[str], first: int, prefix: tuple[str, ...], *, is_open: bool) -> Iterator[Piece | Broken]:
    """Definitions and imports one by one; what stands between them is left out."""
    at = 0
    while at < len(lines):
        if not _is_anchor(lines, at):
            at += 1
            continue
        header = _header_line(lines, at)
        if header is None:
            at += 1
            continue
        end = next(_ends(lines, at, header))
        fault = None
        for tried in chain([end], _ends_behind_strings(lines, at, end)):
            try:
                yield _piece(lines[at:tried], first + at, prefix, is_open=is_open and tried == len(lines))
            except UnparsableError as error:
                fault = fault or error
            else:
                end, fault = tried, None
                break
        if fault:
            end = next((tried for tried in _ends(lines, at, header) if _is_anchor(lines, tried)), len(lines))
            reason = f"line {first + at + fault.line - 1} of the reply: {fault}"
            inside = lines[header:end]
            yield from _salvage(inside, first + header, prefix, reason, is_open=is_open and end == len(lines))
        at = end


def _salvage(
    lines: Sequence[str], first: int, prefix: tuple[str, ...], reason: str, *, is_open: bool
) -> Iterator[Piece | Broken]:
    """What can be had of a definition that cannot be parsed: the good members of a class, else why it cannot be."""
    matched = _HEADER.match(lines[0])
    if not matched:
        return
    path = (*prefix, matched["name"])
    if matched["kind"] == "class":
        yield from _split(lines[1:], first + 1, path, is_open=is_open)
    yield Broken(path, reason)


def _is_anchor(lines: Sequence[str], at: int) -> bool:
    return at < len(lines) and _ANCHOR.match(lines[at]) is not None


def _header_line(lines: Sequence[str], at: int) -> int | None:
    """The line that the statement at `at` begins on below its decorators; None for decorators of nothing."""
    if not lines[at].lstrip().startswith("@"):
        return at
    return next((number for number in range(at, min(at + 50, len(lines))) if _HEADER.match(lines[number])), None)


def _ends(lines: Sequence[str], at: int, last: int, stop: int | None = None) -> Iterator[int]:
    """Where the statement at `at` may end: before each line below `last` that is indented no deeper, and at `stop`."""
    margin = _margin(lines[at])
    stop = len(lines) if stop is None else stop
    for number in range(last + 1, stop):
        line = lines[number]
        if line.strip() and _margin(line) <= margin and line.lstrip()[0] not in ")]}#":
            yield number
    yield stop


def _ends_behind_strings(lines: Sequence[str], at: int, first: int) -> Iterator[int]:
    """Where the statement at `at` may end if what looks like its end, `first`, stands inside a triple-quoted string."""
    open_quotes = [_count_quotes(lines[at:first], quotes) for quotes in QUOTES]
    if not any(open_quotes):
        return
    last, tries = first, 0
    for end in _ends(lines, at, first, min(first + LONGEST_STRING, len(lines))):
        open_quotes = [
            count + _count_quotes(lines[last:end], quotes) for count, quotes in zip(open_quotes, QUOTES, strict=True)
        ]
        last = end
        if tries < TRIES and not any(count % 2 for count in open_quotes):
            tries += 1
            yield end


def _count_quotes(lines: Sequence[str], quotes: str) -> int:
    return sum(line.count(quotes) for line in lines)


def _margin(line: str) -> int:
    return len(line.expandtabs()) - len(line.expandtabs().lstrip())


def _lines_in_strings(lines: Sequence[str]) -> Iterator[int]:
    opened: list[int] = []
    source = iter([f"{line}\n" for line in lines])
    for token in tokenize.generate_tokens(lambda: next(source, "")):
        kind = tokenize.tok_name[token.type]
        if kind in {"FSTRING_START", "TSTRING_START"}:
            opened.append(token.start[0])
        elif kind in {"FSTRING_END", "TSTRING_END"}:
            yield from range(opened.pop() + 1, token.end[0] + 1)
        elif kind == "STRING":
            yield from range(token.start[0] + 1, token.end[0] + 1)


def _all_tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        if child.get_type() in {"function", "class"}:
            yield child
        yield from _all_tables(child)
