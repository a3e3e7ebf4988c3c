"""Python in a reply: blocks parsed whole where they can be, else definition by definition."""

from __future__ import annotations

import ast
import re
import symtable
import threading
import tokenize
import unicodedata
import warnings
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jitc_import.model.fences import Block

MAX_DEPTH = 200
"""Levels of a syntax tree; real code stays far below, and what walks a tree recursively must not run out of stack."""

TRIES = 6
"""Ends that are tried for one definition: a line of a string at the margin looks like the end of it."""

_ANCHOR = re.compile(r"[ \t]*(?:@[ \t]*\w|(?:async[ \t]+)?def[ \t]|class[ \t]|import[ \t]|from[ \t])")
_HEADER = re.compile(r"[ \t]*(?:async[ \t]+)?(?P<kind>def|class)[ \t]+(?P<name>\w+)")
_FORBIDDEN = re.compile(
    "[\0\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
_quiet = threading.Lock()


class UnparsableError(Exception):
    """Text that is no acceptable Python; the message says why, `line` (1-based, in that text) where."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.line = line


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

    @cached_property
    def inside_strings(self) -> frozenset[int]:
        """The lines (1-based) that begin inside a string; their leading space is content."""
        return frozenset(_lines_in_strings(self.lines))

    @cached_property
    def tables(self) -> dict[tuple[str, int], symtable.SymbolTable]:
        """The symbol tables of its functions and classes by name and line; empty where Python cannot make them."""
        try:
            with quietly():
                top = symtable.symtable("\n".join(self.lines), "<reply>", "exec")
        except (SyntaxError, ValueError, RecursionError):
            return {}
        return {(table.get_name(), table.get_lineno()): table for table in _all_tables(top)}


@contextmanager
def quietly() -> Iterator[None]:
    """Without the warnings of Python's parser; one thread at a time, as the filters belong to the process."""
    with _quiet, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def parse_text(text: str) -> ast.Module:
    """Parse text of unknown origin.

    Raises UnparsableError for what is no Python, holds characters that hide code, or nests too deep.
    """
    if forbidden := _FORBIDDEN.search(text):
        raise UnparsableError(f"it holds {name_character(forbidden[0])}", text.count("\n", 0, forbidden.start()) + 1)
    try:
        with quietly():
            tree = ast.parse(text, "<reply>")
    except SyntaxError as error:
        line = min(error.lineno or 1, text.count("\n") + 1)
        raise UnparsableError(f"{error.msg} in `{text.split(chr(10))[line - 1].strip()[:120]}`", line) from None
    except (RecursionError, MemoryError):
        raise UnparsableError("it is nested too deep") from None
    except ValueError as error:
        raise UnparsableError(str(error)) from None
    if _depth(tree) > MAX_DEPTH:
        raise UnparsableError("it is nested too deep")
    return tree


def name_character(character: str) -> str:
    """A character by code point and name: `U+202E RIGHT-TO-LEFT OVERRIDE`."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()


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
        ends = list(islice(_ends(lines, at, header), TRIES))
        if not any(quotes in line for line in lines[at : ends[0]] for quotes in ('"""', "'''")):
            ends = ends[:1]
        end, fault = ends[0], None
        for tried in ends:
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
            yield from _salvage(lines[:end], first, prefix, header, reason, is_open=is_open and end == len(lines))
        at = end


def _salvage(
    lines: Sequence[str], first: int, prefix: tuple[str, ...], header: int, reason: str, *, is_open: bool
) -> Iterator[Piece | Broken]:
    """What can be had of a definition that cannot be parsed: the good members of a class, else why it cannot be."""
    matched = _HEADER.match(lines[header])
    if not matched:
        return
    path = (*prefix, matched["name"])
    if matched["kind"] == "class":
        yield from _split(lines[header + 1 :], first + header + 1, path, is_open=is_open)
    yield Broken(path, reason)


def _is_anchor(lines: Sequence[str], at: int) -> bool:
    return at < len(lines) and _ANCHOR.match(lines[at]) is not None


def _header_line(lines: Sequence[str], at: int) -> int:
    """The `def` or `class` line that the decorators at `at` belong to; `at` where there is none."""
    if not lines[at].lstrip().startswith("@"):
        return at
    return next((number for number in range(at, min(at + 50, len(lines))) if _HEADER.match(lines[number])), at)


def _ends(lines: Sequence[str], at: int, header: int) -> Iterator[int]:
    """Where the statement at `at` may end: before each line that is indented no deeper, and at the end."""
    margin = _margin(lines[at])
    for number in range(header + 1, len(lines)):
        line = lines[number]
        if line.strip() and _margin(line) <= margin and line.lstrip()[0] not in ")]}#":
            yield number
    yield len(lines)


def _margin(line: str) -> int:
    return len(line.expandtabs()) - len(line.expandtabs().lstrip())


def _depth(tree: ast.AST) -> int:
    deepest = 0
    todo: deque[tuple[ast.AST, int]] = deque([(tree, 0)])
    while todo:
        node, depth = todo.pop()
        deepest = max(deepest, depth)
        todo.extend((child, depth + 1) for child in ast.iter_child_nodes(node))
    return deepest


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
