"""The text of a body: taken out of a definition, put under one, its digest. Multi-line strings are never touched."""

from __future__ import annotations

import ast
import io
import tokenize
from typing import TYPE_CHECKING

from jitc_import.errors import StoreError
from jitc_import.source.definitions import qualname_of
from jitc_import.source.digest import canonical, canonical_comments, digest
from jitc_import.source.marks import comments_of
from jitc_import.store.layout import find_definition, start_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitc_import.source.definitions import Function

INDENT = "    "

_STRING_STARTS = {getattr(tokenize, name, None) for name in ("FSTRING_START", "TSTRING_START")}
_STRING_ENDS = {getattr(tokenize, name, None) for name in ("FSTRING_END", "TSTRING_END")}


def body_digest(body: str) -> str:
    """The digest of a body (statements at column 0): its code and its comments, not its formatting or docstring.

    Raises StoreError where the body is no Python.
    """
    body = plain_body(body)
    comments = [comment for _, _, comment in comments_of(body)] if "#" in body else []
    try:
        return digest([canonical(_parse(body).body), canonical_comments(comments)])
    except RecursionError as error:
        raise StoreError("a body is nested too deeply") from error


def plain_body(body: str) -> str:
    """`body` with line feeds, without blank lines around it and without a docstring (and comments above that).

    Raises StoreError where the body is no Python.
    """
    body = body.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    statements = _parse(body).body
    if statements and _is_string(statements[0]):
        return body_in(f"def body():\n{indented(body)}", "body")
    return body


def body_in(code: str, key: str) -> str:
    """The body of the definition of `key` in `code`: statements and comments at column 0, without the docstring.

    Raises StoreError where `code` has no such definition.
    """
    node = find_definition(_parse(code).body, key)
    if node is None:
        raise StoreError(f"no definition of {qualname_of(key)}")
    statements = _beyond_docstring(node.body)
    if not statements:
        return ""
    body = _body_text(code.split("\n"), node, statements[0], lines_in_strings(code))
    if canonical(_parse(body).body) != canonical(statements):
        raise StoreError(f"the body of {qualname_of(key)} cannot be told from the text around it")
    return body


def indented(text: str, levels: int = 1) -> str:
    """`text` set in by so many levels; blank lines and the inside of multi-line strings stay as they are."""
    return _reindented(text, lambda line: INDENT * levels + line if line.strip() else "")


def lines_in_strings(text: str) -> set[int]:
    """The lines (1-based) of `text` that begin inside a string."""
    inside: set[int] = set()
    opened: list[int] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.STRING:
            inside.update(range(token.start[0] + 1, token.end[0] + 1))
        elif token.type in _STRING_STARTS:
            opened.append(token.start[0])
        elif token.type in _STRING_ENDS:
            inside.update(range(opened.pop() + 1, token.end[0] + 1))
    return inside


def _parse(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise StoreError(f"a body cannot be parsed: {str(error) or type(error).__name__}") from error


def _beyond_docstring(statements: Sequence[ast.stmt]) -> list[ast.stmt]:
    """The statements after the strings that stand first: Python takes the first for a docstring, and drops the rest."""
    first = 0
    while first < len(statements) and _is_string(statements[first]):
        first += 1
    return list(statements[first:])


def _is_string(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _body_text(lines: list[str], node: Function, first: ast.stmt, inside: set[int]) -> str:
    end = _end_with_comments(lines, node)
    number = start_line(first)
    column = len(lines[number - 1].encode()[: first.col_offset].decode())
    if lines[number - 1][:column].strip():  # on the line of the `def` or of the docstring
        return "\n".join([lines[number - 1][column:], *lines[number : node.end_lineno]])
    margin = lines[number - 1][: len(lines[number - 1]) - len(lines[number - 1].lstrip())]
    begin = _begin_with_comments(lines, node, number)
    chosen = range(begin, end + 1)
    return "\n".join(_dedented(lines[line - 1], margin, verbatim=line in inside) for line in chosen)


def _dedented(line: str, margin: str, *, verbatim: bool) -> str:
    if verbatim:
        return line
    if not line.strip():
        return ""
    return line[len(margin) :] if line.startswith(margin) else line.lstrip()


def _begin_with_comments(lines: list[str], node: Function, first: int) -> int:
    """The line on which the comments right above line `first`, the first of a body, begin."""
    docstrings = [statement for statement in node.body if start_line(statement) < first and _is_string(statement)]
    floor = (docstrings[-1].end_lineno or node.lineno) if docstrings else node.lineno
    begin = first
    for number in range(first - 1, floor, -1):
        line = lines[number - 1].strip()
        if line.startswith("#"):
            begin = number
        elif line:
            break
    return begin


def _end_with_comments(lines: list[str], node: Function) -> int:
    """The last line of a definition, the comments that are set in below it included."""
    end = last = node.end_lineno or node.lineno
    for number in range(last + 1, len(lines) + 1):
        line = lines[number - 1]
        if line.lstrip().startswith("#") and len(line) - len(line.lstrip()) > node.col_offset:
            end = number
        elif line.strip():
            break
    return end


def _reindented(text: str, change: Callable[[str], str]) -> str:
    inside = lines_in_strings(text)
    lines = enumerate(text.split("\n"), start=1)
    return "\n".join(line if number in inside else change(line) for number, line in lines)
