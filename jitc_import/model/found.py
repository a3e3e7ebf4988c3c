"""Definitions found in a reply, and their text."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitc_import.model.parsing import UnparsableError, parse_text
from jitc_import.source.definitions import FUNCTIONS, docstring_statement, first_line
from jitc_import.source.digest import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jitc_import.model.pieces import Piece
    from jitc_import.source.definitions import Function

TAB = 4
"""Columns that a tab of a reply's indentation becomes."""


@dataclass(frozen=True, eq=False)
class Found:
    """A function definition of a reply: its names from the outermost class or function inwards, and where it stands."""

    path: tuple[str, ...]
    node: Function
    piece: Piece

    @property
    def name(self) -> str:
        """Its names, joined by dots."""
        return ".".join(self.path)

    @property
    def reaches_end(self) -> bool:
        """Whether the reply ends in it."""
        return self.piece.ends_in(self.node)


def definitions_in(pieces: Iterable[Piece]) -> Iterator[Found]:
    """The functions that pieces define, in the order of the reply.

    Those of `__main__` blocks come last, and only where nothing else has their name: most of them are demonstrations.
    """
    outside: list[Found] = []
    inside: list[Found] = []
    for piece in pieces:
        for found, is_main in _named(piece.body, piece.prefix, piece):
            (inside if is_main else outside).append(found)
    paths = {found.path for found in outside}
    yield from (*outside, *(found for found in inside if found.path not in paths))


def top_statements(statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements and those inside their `if`, `try` and `with`; `__main__` blocks are left out."""
    for statement in statements:
        if _is_main_block(statement):
            continue
        yield statement
        if isinstance(statement, (ast.If, ast.Try, ast.With)):
            yield from top_statements(_children(statement))


def text_of(node: Function | ast.ClassDef, piece: Piece) -> str:
    """A definition as the model wrote it, decorators included, moved to column 0."""
    start = first_line(node)
    return "\n".join(_moved(piece, start, node.end_lineno or start, _margin_of(piece, start)))


def lines_of(statement: ast.stmt, piece: Piece) -> str | None:
    """A statement as the model wrote it, moved to column 0; None where it shares its lines with others."""
    text = "\n".join(_moved(piece, statement.lineno, statement.end_lineno or 0, _margin_of(piece, statement.lineno)))
    try:
        return _checked([text], [statement])
    except UnparsableError:
        return None


def body_of(found: Found) -> str:
    """The statements of a function at column 0, without its docstring, with the comments and formatting they had.

    Raises UnparsableError where moving them would change what they mean.
    """
    node, piece = found.node, found.piece
    statements = statements_of(node)
    if not statements:
        return ""
    first = statements[0]
    start = first_line(first) if isinstance(first, (*FUNCTIONS, ast.ClassDef)) else first.lineno
    end = node.end_lineno or start
    begun = piece.lines[first.lineno - 1].encode()[: first.col_offset].decode()
    if begun.strip():
        head = piece.lines[first.lineno - 1][len(begun) :]
        return _checked([head, *piece.lines[first.lineno : end]], statements)
    margin = _margin_of(piece, start)
    docstring = docstring_statement(node)
    start = _with_comments(piece, start, (docstring.end_lineno or 0) if docstring else node.lineno)
    end = _after_comments(piece, end, margin)
    moved = _moved(piece, start, end, margin)
    return "\n".join(moved).strip("\n") if _is_plain(piece, start, end, margin) else _checked(moved, statements)


def statements_of(node: Function) -> list[ast.stmt]:
    """The body of a function without its docstring."""
    return node.body[1:] if docstring_statement(node) else node.body


def is_placeholder(node: Function) -> bool:
    """Whether a body does nothing: it is empty, `...`, `pass`, a bare return, or raises NotImplementedError."""
    statements = statements_of(node)
    return not statements or (len(statements) == 1 and (does_nothing(statements[0]) or _refuses(statements[0])))


def substance(node: Function) -> int:
    """How much of a body there is: 2 for one that does something, 1 for an explicit return, 0 for less."""
    if not is_placeholder(node):
        return 2
    return int(any(isinstance(each, ast.Return) for each in statements_of(node)))


def does_nothing(statement: ast.stmt) -> bool:
    """Whether a statement is `...`, `pass`, `return` or `return None`."""
    if isinstance(statement, ast.Return):
        return statement.value is None or _is_constant(statement.value, None)
    return isinstance(statement, ast.Pass) or is_ellipsis(statement)


def is_ellipsis(statement: ast.stmt) -> bool:
    """Whether a statement is `...`."""
    return isinstance(statement, ast.Expr) and _is_constant(statement.value, ...)


def _refuses(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Raise):
        return False
    raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _is_constant(value: ast.expr, constant: object) -> bool:
    return isinstance(value, ast.Constant) and value.value is constant


def _named(
    statements: Iterable[ast.stmt], prefix: tuple[str, ...], piece: Piece, *, is_main: bool = False
) -> Iterator[tuple[Found, bool]]:
    """Each function, and whether it stands in a `__main__` block."""
    for statement in statements:
        if isinstance(statement, FUNCTIONS):
            yield Found((*prefix, statement.name), statement, piece), is_main
        if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
            yield from _named(statement.body, (*prefix, statement.name), piece, is_main=is_main)
        else:
            inside = is_main or _is_main_block(statement)
            yield from _named(_children(statement), prefix, piece, is_main=inside)


def _children(statement: ast.stmt) -> Iterator[ast.stmt]:
    """The statements in the blocks of a compound statement."""
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, (ast.ExceptHandler, ast.match_case)):
            yield from child.body


def _is_main_block(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and any(
        isinstance(node, ast.Name) and node.id == "__name__" for node in ast.walk(statement.test)
    )


def _margin_of(piece: Piece, line: int) -> str:
    text = piece.lines[line - 1]
    return text[: len(text) - len(text.lstrip(" \t"))]


def _moved(piece: Piece, start: int, end: int, margin: str) -> list[str]:
    """Lines `start` to `end` without `margin`, those that begin inside a string untouched."""
    inside = piece.inside_strings
    return [
        line if number in inside else _without(line, margin)
        for number, line in enumerate(piece.lines[start - 1 : end], start=start)
    ]


def _without(line: str, margin: str) -> str:
    rest = line.lstrip(" \t")
    if not rest:
        return ""
    leading = line[: len(line) - len(rest)]
    left = leading[len(margin) :] if leading.startswith(margin) else ""
    return left.expandtabs(TAB) + rest.rstrip("\r")


def _with_comments(piece: Piece, start: int, floor: int) -> int:
    """The first of the comment lines directly above line `start`, but below line `floor`."""
    while start - 1 > floor and _is_comment_or_blank(piece, start - 1):
        start -= 1
    return start


def _after_comments(piece: Piece, end: int, margin: str) -> int:
    """The last of the comment lines below line `end` that are indented as deep as `margin`."""
    last = number = end
    while number < len(piece.lines) and _is_comment_or_blank(piece, number + 1):
        number += 1
        line = piece.lines[number - 1]
        if not line.strip():
            continue
        if not line.startswith(margin):
            break
        last = number
    return last


def _is_comment_or_blank(piece: Piece, line: int) -> bool:
    stripped = piece.lines[line - 1].strip()
    return line not in piece.inside_strings and (not stripped or stripped.startswith("#"))


def _is_plain(piece: Piece, start: int, end: int, margin: str) -> bool:
    """Whether lines can be moved without a doubt: they all begin with the margin, and none of them inside a string."""
    if not piece.inside_strings.isdisjoint(range(start, end + 1)):
        return False
    lines = piece.lines[start - 1 : end]
    return all(not line.strip() or (line.startswith(margin) and "\t" not in line) for line in lines)


def _checked(lines: Sequence[str], statements: Sequence[ast.stmt]) -> str:
    """The text of a body that was moved. Raises UnparsableError unless it means what it meant."""
    text = "\n".join(lines).strip("\n")
    try:
        same = canonical(parse_text(text).body) == canonical(list(statements))
    except RecursionError:
        raise UnparsableError("it is nested too deep") from None
    if not same:
        raise UnparsableError("its indentation is not to be told apart from its text")
    return text
