"""Whether the bodies of a companion file can be put in as text, and where: worked out once, when they are kept."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

from jitc_import.graft.relocate import CODE
from jitc_import.graft.splice import Splice, UnfitError, spliced
from jitc_import.graft.tree import graft, outermost
from jitc_import.source.definitions import definitions, docstring_statement, first_line, start_line
from jitc_import.source.quiet import quietly

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import CodeType

    from jitc_import.source.definitions import Function

_SAME = (
    *(
        "co_qualname",
        "co_name",
        "co_filename",
        "co_firstlineno",
        "co_names",
        "co_varnames",
        "co_freevars",
        "co_cellvars",
        "co_flags",
    ),
    *("co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_stacksize"),
)


def fitting_splices(source: str, companion: str, donors: Mapping[str, Function]) -> list[Splice]:
    """Where the bodies of `donors` (by the key of their stub) go, in the order of the source.

    `source` and `companion` are the texts of the two files, lines ended by a line feed; `donors` are definitions in
    the latter, and used up. Empty where not all bodies can be put in as text with the very code that `graft` makes.
    """
    try:
        splices = splices_of(source, companion, donors)
        return splices if splices and _is_exact(source, companion, donors, splices) else []
    except UnfitError:
        return []


def splices_of(source: str, companion: str, donors: Mapping[str, Function]) -> list[Splice]:
    """As `fitting_splices`, without a look at the code that they make. Raises UnfitError where there can be none."""
    tree = _parse(source)
    keys = {id(node): key for key, node in definitions(tree)}
    lines, companion_lines = source.split("\n"), companion.split("\n")
    wanted = {node for node, key in keys.items() if key in donors}
    found = [_splice(stub, lines, donors[keys[id(stub)]], companion_lines) for _, stub in outermost(tree, wanted)]
    return sorted(found, key=lambda splice: splice.first)


def _parse(source: str) -> ast.Module:
    with quietly():
        return ast.parse(source)


def _splice(stub: Function, lines: list[str], donor: Function, companion_lines: list[str]) -> Splice:
    body = donor.body[1:] if docstring_statement(donor) else donor.body
    if not body:
        raise UnfitError("the body is nothing but a docstring")
    begin = start_line(body[0])
    if companion_lines[begin - 1].encode()[: body[0].col_offset].strip(b" \t@"):
        raise UnfitError("the body begins in the middle of a line")
    line, column = _cut(stub, lines)
    numbers = (first_line(stub), line, column, stub.end_lineno or 0, stub.end_col_offset or 0)
    return Splice((*numbers, first_line(donor), begin, body[-1].end_lineno or 0))


def _cut(stub: Function, lines: list[str]) -> tuple[int, int]:
    """The place from which on the stub's own body is cut: the start of a line, or what follows the colon on it."""
    docstring = docstring_statement(stub)
    placeholder = stub.body[1:] if docstring else stub.body
    if not placeholder:
        return (stub.end_lineno or 0) + 1, 0
    line = start_line(placeholder[0])
    if docstring and line == docstring.end_lineno:
        raise UnfitError("the docstring and the placeholder share a line")
    before = lines[line - 1].encode()[: placeholder[0].col_offset].decode()
    return line, len(before) if before.strip() else 0


def _is_exact(source: str, companion: str, donors: Mapping[str, Function], splices: list[Splice]) -> bool:
    lines = companion.split("\n")
    raw_lines = [f"{line}\n" for line in lines] if "llm_complete" in source else None
    with quietly() as warned:
        quick = spliced(source, lines, splices, "source", "companion", raw=raw_lines is not None)
    if warned:  # it would name a wrong line
        return False
    return _same(quick, graft(_parse(source), donors, "source", "companion", raw_lines=raw_lines))


def _same(one: CodeType, other: CodeType) -> bool:
    """Whether two code objects are the same."""
    if any(getattr(one, name, None) != getattr(other, name, None) for name in _SAME):
        return False
    if list(one.co_lines()) != list(other.co_lines()):
        return False
    if sys.version_info >= (3, 11) and list(one.co_positions()) != list(other.co_positions()):
        return False
    if (one.co_code, _values(one)) != (other.co_code, _values(other)):
        return False
    pairs = zip(_inner(one), _inner(other), strict=False)
    return len(_inner(one)) == len(_inner(other)) and all(_same(*pair) for pair in pairs)


def _inner(code: CodeType) -> list[CodeType]:
    return [const for const in code.co_consts if type(const) is CODE]


def _values(code: CodeType) -> list[str]:
    return [repr(const) for const in code.co_consts if type(const) is not CODE]
