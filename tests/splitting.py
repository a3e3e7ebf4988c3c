"""Take a module apart as a user would have left it: stubs in one text, the bodies in another.

The line of every piece of code in either text follows from the text alone, so it is known without the code under test.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import CodeType

from jitc_import.source.definitions import FUNCTIONS, definitions, docstring_statement, first_line

Function = ast.FunctionDef | ast.AsyncFunctionDef
Choice = Callable[[ast.Module], list[Function]]

SOURCE = "/project/module.py"
COMPANION = "/project/__jitc__/module.jitc.py"


def outermost(tree: ast.Module) -> list[Function]:
    """Functions that stand in no other function."""
    return [node for key, node in definitions(tree) if "<locals>" not in key]


def leaves(tree: ast.Module) -> list[Function]:
    """Functions that hold no other function."""
    return [node for _, node in definitions(tree) if not any(definitions(node_body(node)))]


def node_body(node: Function) -> ast.Module:
    return ast.Module(body=node.body, type_ignores=[])


@dataclass
class Split:
    """The two texts, the donors by the key of their stub, and where the lines of the original went."""

    stubs: str
    companion: str
    donors: dict[str, Function]
    first_lines: dict[tuple[str, int], int] = field(default_factory=dict)
    in_stubs: dict[int, int] = field(default_factory=dict)
    in_companion: dict[int, int] = field(default_factory=dict)


def split(source: str, choose: Choice, padding: Callable[[], int] = lambda: 1) -> Split:
    """Move the bodies of the chosen functions out of `source`; `padding` says how many lines to leave before each."""
    tree = ast.parse(source)
    chosen = [node for node in choose(tree) if len(node.body) > bool(docstring_statement(node))]
    keys = {node: key for key, node in definitions(tree)}
    lines = source.split("\n")
    ancestors = _ancestors(tree)
    done = Split("", "", {})
    text = ["# the companion file"]
    starts: dict[int, str] = {}
    for node in chosen:
        text += ["# line"] * padding()
        text += [_opening(outer) for outer in ancestors[node]]
        starts[len(text) + 1] = keys[node]
        for number in range(node.lineno, (node.end_lineno or 0) + 1):
            done.in_companion[number] = len(text) + 1
            text.append(lines[number - 1])
        done.first_lines[node.name, first_line(node)] = done.in_companion[node.lineno]
    done.companion = "\n".join(text) + "\n"
    found = {node.lineno: node for _, node in definitions(ast.parse(done.companion))}
    done.donors = {key: found[line] for line, key in starts.items()}
    done.stubs = _without_bodies(source, chosen, done.in_stubs)
    return done


def _without_bodies(source: str, chosen: list[Function], moved: dict[int, int]) -> str:
    data = source.encode()
    begins = [0]
    for line in data.split(b"\n"):
        begins.append(begins[-1] + len(line) + 1)
    pieces: list[bytes] = []
    position = 0
    gone: list[tuple[int, int]] = []
    for start, end in sorted(_cut(node, begins) for node in chosen):
        pieces += [data[position:start], b"..."]
        position = end
        gone.append((data.count(b"\n", 0, start) + 1, data.count(b"\n", start, end)))
    for number in range(1, len(begins)):
        moved[number] = number - sum(count for line, count in gone if line < number)
    return b"".join([*pieces, data[position:]]).decode()


def _cut(node: Function, begins: list[int]) -> tuple[int, int]:
    first = node.body[1 if docstring_statement(node) else 0]
    last = node.body[-1]
    line = first_line(first) if isinstance(first, (*FUNCTIONS, ast.ClassDef)) else first.lineno
    return begins[line - 1] + first.col_offset, begins[(last.end_lineno or 0) - 1] + (last.end_col_offset or 0)


def _ancestors(tree: ast.Module) -> dict[ast.AST, list[ast.stmt]]:
    found: dict[ast.AST, list[ast.stmt]] = {}
    waiting: list[tuple[ast.AST, list[ast.stmt]]] = [(tree, [])]
    while waiting:
        node, outer = waiting.pop()
        found[node] = outer
        inner = outer
        if isinstance(node, ast.stmt):  # an `elif` is an `if` inside the `else` of another, in the same column
            inner = [*(each for each in outer if each.col_offset < node.col_offset), node]
        waiting.extend((child, inner) for child in ast.iter_child_nodes(node))
    return found


def _opening(node: ast.stmt) -> str:
    indent = " " * node.col_offset
    if isinstance(node, ast.ClassDef):
        return f"{indent}class {node.name}:"
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return f"{indent}def {node.name}():"
    return f"{indent}if True:"


def pairs(original: CodeType, grafted: CodeType, made: Split) -> Iterator[tuple[CodeType, CodeType, bool]]:
    """Each code object of a module, its counterpart, and whether it belongs to the companion file."""
    waiting = [(original, grafted, False)]
    while waiting:
        before, after, moved = waiting.pop()
        yield before, after, moved
        inner = [[const for const in code.co_consts if isinstance(const, CodeType)] for code in (before, after)]
        for one, other in zip(*inner, strict=True):
            waiting.append((one, other, moved or (one.co_name, one.co_firstlineno) in made.first_lines))


def expected_line(line: int | None, made: Split, *, moved: bool, code: CodeType) -> int | None:
    """The line that a line of the original has now."""
    if line is None or line <= 0:
        return line
    if not moved:
        return made.in_stubs[line]
    return made.first_lines.get((code.co_name, line)) or made.in_companion[line]
