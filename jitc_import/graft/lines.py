"""The line table of a code object, written anew for code whose lines lie elsewhere. Standard library only.

Up to 3.10 the table is that of PEP 626 (`Objects/lnotab_notes.txt` in the source of CPython 3.10): pairs of bytes, a
number of bytes of code and a difference of lines. From 3.11 on each entry has columns, too (`Objects/locations.md`).
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType

    Place = tuple[int, int]
    """A line (1-based) and a column (0-based, bytes)."""

_NO_LINE = -128
_MOST_BYTES = 254
_MOST_LINES = 127

_SHORT_FORMS = 10
_ONE_LINE_FORMS = range(10, 13)
_NO_COLUMNS, _LONG, _NONE = 13, 14, 15
_HEAD = 0x80
"""The bit that only the first byte of an entry has."""

_MORE = 64
"""The bit of a byte of a number that says that another follows; numbers below take one byte."""

_SINGLE = [bytes((number,)) for number in range(_MORE)]
_SHORT_COLUMNS, _SHORT_WIDTH, _ONE_LINE_COLUMNS = 80, 16, 128


def moved_lines(
    code: CodeType, first: int, line_of: Callable[[int], int], end_of: Callable[[int, int], Place], tail: int = 0
) -> bytes:
    """The line table of `code` for a first line `first` and lines given by `line_of`; for ends by `end_of`.

    `tail`: from the first line on that is not above this one, all lines are as far apart as they were.
    """
    if sys.version_info >= (3, 11):
        return b"".join(_located(code, first, line_of, end_of, tail))
    else:  # noqa: RET505 -- mypy wants it
        return b"".join(_numbered(code, first, line_of))


def _numbered(code: CodeType, first: int, line_of: Callable[[int], int]) -> Iterator[bytes]:
    before = first
    for start, end, line in code.co_lines():
        size = end - start
        if not size:
            continue
        step = _NO_LINE
        if line is not None:
            now = line_of(line)
            step, before = now - before, now
            while abs(step) > _MOST_LINES:
                part = _MOST_LINES if step > 0 else -_MOST_LINES
                yield bytes((0, part & 255))
                step -= part
        while size > _MOST_BYTES:
            yield bytes((_MOST_BYTES, step & 255))
            step = _NO_LINE if line is None else 0
            size -= _MOST_BYTES
        yield bytes((size, step & 255))


def _located(
    code: CodeType, first: int, line_of: Callable[[int], int], end_of: Callable[[int, int], Place], tail: int
) -> Iterator[bytes]:
    table = code.co_linetable
    heads = [at for at, byte in enumerate(table) if byte & _HEAD]
    line, now = code.co_firstlineno, first
    known: dict[bytes, tuple[int, bytes]] = {}
    """What became of entries that begin on this line, and end on another; one statement has many of them."""
    for start, stop in zip(heads, [*heads[1:], len(table)]):  # noqa: B905 -- as long, and this is quicker
        form = table[start] >> 3 & 15
        if form < _SHORT_FORMS or form == _NONE:
            yield table[start:stop]
            continue
        content = table[start + 1 : stop]
        step, at = (form - _ONE_LINE_FORMS.start, 0) if form < _NO_COLUMNS else _read_signed(content, 0)
        if not step and content in known:
            form, content = known[content]
        elif step or form == _LONG:
            if step:
                known = {}
            line += step
            before, now = now, line_of(line)
            if form == _LONG:
                moved = _long(content, at, (before, now, line), end_of)
            elif now - before == step:
                moved = form, content
            else:
                columns = content if form < _NO_COLUMNS else b""
                moved = _on_one_line(now - before, *columns)
            if not step:
                known[content] = moved
            form, content = moved
        yield bytes((_HEAD | form << 3 | table[start] & 7,)) + content
        if tail and line >= tail:
            yield table[stop:]
            return


def _long(
    content: bytes, at: int, lines: tuple[int, int, int], end_of: Callable[[int, int], Place]
) -> tuple[int, bytes]:
    """Form and content for an entry of the long form, of which the step is read.

    `lines` are the line before and the line of this entry, as they are now, and that of this entry as it was.
    """
    before, now, line = lines
    more, at = _read(content, at)
    column, at = _read(content, at)
    end_column, at = _read(content, at)
    end, end_column = end_of(line + more, end_column - 1)
    if end == now and column and end_column >= 0:
        return _on_one_line(now - before, column - 1, end_column)
    return _LONG, _signed(now - before) + _varint(end - now) + _varint(column) + _varint(end_column + 1)


def _on_one_line(step: int, column: int = -1, end_column: int = -1) -> tuple[int, bytes]:
    """The shortest form there is for an entry that ends on its line, and its content."""
    if column < 0:
        return _NO_COLUMNS, _signed(step)
    width = end_column - column
    if not step and column < _SHORT_COLUMNS and 0 <= width < _SHORT_WIDTH:
        return column >> 3, bytes(((column & 7) << 4 | width,))
    if 0 <= step < len(_ONE_LINE_FORMS) and end_column < _ONE_LINE_COLUMNS and column < _ONE_LINE_COLUMNS:
        return _ONE_LINE_FORMS[step], bytes((column, end_column))
    return _LONG, _signed(step) + _varint(0) + _varint(column + 1) + _varint(end_column + 1)


def _read(table: bytes, at: int) -> tuple[int, int]:
    """A number, six bits a byte, and where it ends."""
    byte = table[at]
    number, shift = byte & 63, 6
    while byte & _MORE:
        at += 1
        byte = table[at]
        number |= (byte & 63) << shift
        shift += 6
    return number, at + 1


def _read_signed(table: bytes, at: int) -> tuple[int, int]:
    number, at = _read(table, at)
    return (-(number >> 1) if number & 1 else number >> 1), at


def _varint(number: int) -> bytes:
    if number < _MORE:
        return _SINGLE[number]
    found = bytearray()
    while number >= _MORE:
        found.append(_MORE | number & 63)
        number >>= 6
    found.append(number)
    return bytes(found)


def _signed(number: int) -> bytes:
    return _varint(-number << 1 | 1 if number < 0 else number << 1)
