"""The examples of a docstring that put the result behind a call: `f(3) == 4`, `f(3) -> 4`, "f(3) returns 4"."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitc_import.checks.examples.calls import BUILTINS, calls_certainly
from jitc_import.checks.examples.example import Example
from jitc_import.checks.examples.literals import is_literal, parsed
from jitc_import.checks.examples.relations import RELATION, may_precede, result_at
from jitc_import.checks.examples.scanning import call_end

if TYPE_CHECKING:
    from collections.abc import Iterator

_CALL = re.compile(r"(?<![\w.@])[A-Za-z_]\w*(?:\.\w+)*(?=\()")
_ASSERT = re.compile(r"(?:^|\n)[ ]*(?:[-*•>][ ]+|`{1,3})?assert\b[ (]")
_COMMENT = re.compile(r"[ `*]*(?:#|//)[ ]*")
_NUMBERING = re.compile(r"\d{1,2}[.)][ ]+\S")
_MOST = 1_000
"""Calls of a docstring that are looked at."""

_ASSERTED = 12
"""Lines that one `assert` of a docstring may take."""


@dataclass(frozen=True)
class Found:
    """An example in a text, from the index `start` to before `end`."""

    start: int
    end: int
    source: str
    want: str
    asserted: bool = False

    def example(self, text: str) -> Example:
        """The same as an example, with its lines counted."""
        line = text.count("\n", 0, self.start)
        lines = text.count("\n", self.start, self.end) + 1
        return Example(self.source, self.want, "value", line, lines, asserted=self.asserted)


def example_in_line(line: str, name: str, parameters: tuple[str, ...]) -> Example | None:
    """The example that takes a whole source of a prompt; None where it is anything else."""
    for found in calls_in(line, name, parameters):
        # What goes on after a comma or semicolon is more of the statement, not prose.
        if not line[: found.start].strip() and not re.match(r"[`*]*\s*(?:[,;]|and\b)", line[found.end :]):
            return found.example(line)
        break
    return None


def asserts_in(text: str, name: str, parameters: tuple[str, ...]) -> Iterator[Found]:
    """What is asserted of the function, one by one."""
    for match in _ASSERT.finditer(text):
        start = text.index("assert", match.start())
        lines = text[start:].split("\n", _ASSERTED)[:_ASSERTED]
        for count in range(1, len(lines) + 1):
            statement = "\n".join(lines[:count]).rstrip(" `;.")
            test = _asserted(statement)
            if test is not None:
                if calls_certainly(test, name, parameters):
                    yield Found(start, start + len(statement), *_expected(test))
                break


def _asserted(statement: str) -> ast.expr | None:
    """What a text asserts; None where it is not (yet) one statement."""
    inner = parsed(f"[{statement.removeprefix('assert')}\n]")
    if not isinstance(inner, ast.List) or len(inner.elts) not in {1, 2}:
        return None
    return inner.elts[0]


def _expected(test: ast.expr) -> tuple[str, str, bool]:
    """Source and result of what is asserted, and whether `==` decides; True is the result of what is no equation."""
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], (ast.Eq, ast.Is)):
        want = ast.unparse(test.comparators[0])
        if is_literal(want) and not is_literal(ast.unparse(test.left)):
            return ast.unparse(test.left), want, isinstance(test.ops[0], ast.Eq)
    is_bool = isinstance(test, ast.Compare) or (isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not))
    return (ast.unparse(test) if is_bool else f"bool({ast.unparse(test)})"), "True", True


def calls_in(text: str, name: str, parameters: tuple[str, ...]) -> Iterator[Found]:
    """The calls of the function whose results are certain."""
    position = 0
    for _ in range(_MOST):
        match = _CALL.search(text, position)
        if match is None:
            return
        found = _found(text, match, name, parameters) if _may_start(match.group(), name) else None
        if found:
            yield found
        position = found.end if found else match.end()


def _may_start(called: str, name: str) -> bool:
    return called == name or called in BUILTINS or called[:1].isupper()


def _found(text: str, match: re.Match[str], name: str, parameters: tuple[str, ...]) -> Found | None:
    start = match.start()
    end = call_end(text, match.end())
    before = text[text.rfind("\n", 0, start) + 1 : start]
    if end is None or not may_precede(before):
        return None
    source = text[start:end]
    tree = parsed(source)
    relation = RELATION.match(text, end)
    if relation is None or tree is None or not calls_certainly(tree, name, parameters):
        return None
    if _COMMENT.fullmatch(relation.group()) and _NUMBERING.match(text, relation.end()):
        return None
    quoted = before.endswith("`") or bool(relation["opened"])
    stop = result_at(text, relation.end(), quoted=quoted, prose=bool(relation["words"]))
    if stop is None or _is_signature(tree, text[relation.end() : stop]):
        return None
    want = text[relation.end() : stop]
    return Found(start, stop, ast.unparse(tree) if "\n" in source else source, want)


def _is_signature(tree: ast.expr, want: str) -> bool:
    """Whether `f() -> None` may as well tell of the types."""
    return want == "None" and isinstance(tree, ast.Call) and not tree.args and not tree.keywords
