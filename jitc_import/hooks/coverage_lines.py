"""Lines that cannot run and are no misses, run for coverage.py where it measures. Not on the warm path.

A completed module has two files. In the companion file the `def` and `class` lines around a body only show where it
belongs; in the source nothing is left of a placeholder or draft. By hand, the first would have run when the module was
imported, and the second would not be there. So code without effect that has these very lines is run at the import:
what measures lines counts it like any other code, in each core, mode and process, and no report needs a setting.

A plugin could not do that. coverage.py has no entry points for plugins; those that its configuration names are asked
about files by one of its cores only, and switch off the one that Python 3.14 uses.
"""

from __future__ import annotations

import ast
import sys

from jitc_import.errors import StoreError
from jitc_import.source.definitions import first_line
from jitc_import.store.bodies import load_bodies
from jitc_import.store.files import companion_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import CodeType

_CODE = type((lambda: 0).__code__)
_MOST_LINES = 60
"""Of a placeholder or draft whose every branch is run; a longer one is only run from top to bottom."""


def run_idle_lines(code: CodeType, name: str, path: str) -> None:
    """Where coverage.py measures: run the lines of both files that the module `name`, compiled to `code`, lacks."""
    if not _measures():
        return
    companion = companion_path(path)
    codes = list(_codes(code))
    if not any(one.co_filename == companion for one in codes):
        return
    try:
        idle = [_header_code(companion), *_placeholder_codes(codes, path)]
    except (OSError, SyntaxError, ValueError, StoreError):
        return  # a cached code object may be all there is: then no report shows these files
    for one in idle:
        exec(one, {"__name__": name})  # noqa: S102 -- nothing but `pass`


def _measures() -> bool:
    current = getattr(getattr(sys.modules.get("coverage"), "Coverage", None), "current", None)
    return current is not None and current() is not None


def _header_code(companion: str) -> CodeType:
    bodies = load_bodies(companion)
    donors = {(node.lineno, node.name) for node in bodies.nodes.values()} if bodies else set()
    with open(companion, "rb") as file:
        tree = ast.parse(file.read())
    return _idle_code(sorted(set(_header_lines(tree, donors))), companion, 1)


def _header_lines(tree: ast.Module, donors: set[tuple[int, str]]) -> Iterator[int]:
    """The lines of all statements that are not in the body of one of `donors`."""
    waiting: list[ast.AST] = [*tree.body]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, ast.stmt):
            continue
        yield node.lineno
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield from range(first_line(node), node.lineno)
        if not (isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and (node.lineno, node.name) in donors):
            waiting.extend(ast.iter_child_nodes(node))


def _placeholder_codes(codes: Iterable[CodeType], path: str) -> Iterator[CodeType]:
    """For each function of the source that has lines which the compiled module lacks, the code to run them."""
    left = {line for one in codes if one.co_filename == path for line in _lines(one)}
    with open(path, "rb") as file:
        source = file.read()
    for one in _codes(compile(source, path, "exec", dont_inherit=True)):
        lines = sorted(_lines(one) - left - {one.co_firstlineno})
        if lines:
            yield from _branching(lines, path, one.co_firstlineno)


def _branching(lines: list[int], path: str, first: int) -> Iterator[CodeType]:
    """Code that goes from each of the lines to each other, and to the end of the function that begins at `first`."""
    yield _idle_code(lines, path, first)
    if 1 < len(lines) <= _MOST_LINES:
        yield _idle_code([line for start in lines for end in lines for line in (start, end)], path, first)
        for line in lines[:-1]:
            yield _idle_code([line], path, first)


def _idle_code(lines: Iterable[int], path: str, first: int) -> CodeType:
    """Code of a function that begins at `first`, and has one statement without effect on each of `lines`."""
    place = {"col_offset": 0, "end_col_offset": 0}
    body = [ast.Pass(lineno=line, end_lineno=line, **place) for line in lines]
    tree = ast.parse("def idle(): pass")
    function = tree.body[0]
    function.lineno = function.end_lineno = first
    function.body = body  # type: ignore[attr-defined]
    code = compile(tree, path, "exec", dont_inherit=True)
    return next(const for const in code.co_consts if type(const) is _CODE)


def _codes(code: CodeType) -> Iterator[CodeType]:
    waiting = [code]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(const for const in one.co_consts if type(const) is _CODE)


def _lines(code: CodeType) -> set[int]:
    return {line for _, _, line in code.co_lines() if line}
