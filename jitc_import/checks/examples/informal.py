"""The examples of a docstring that put the result behind a call: `f(3) == 4`, `f(3) -> 4`, "f(3) returns 4"."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from jitc_import.checks.examples.calls import BUILTINS, calls_certainly
from jitc_import.checks.examples.example import Example
from jitc_import.checks.examples.literals import is_literal, parsed
from jitc_import.checks.examples.relations import RELATION, made_at, may_precede, raised_at, result_at
from jitc_import.checks.examples.scanning import call_end, literal_end
from jitc_import.checks.examples.working import past_working

if TYPE_CHECKING:
    from collections.abc import Iterator

_CALL = re.compile(r"(?<![\w.@])[A-Za-z_]\w*(?:\.\w+)*(?=\()")
_ASSERT = re.compile(r"(?:^|\n)[ ]*(?:[-*•>][ ]+|`{1,3})?assert\b[ (]")
_COMMENT = re.compile(r"[ `*]*(?:#|//)[ ]*")
_BESIDE_SLASHES = re.compile(r"\s*(?:[-*•>][ ]+)?")
_TOLD_SAME = re.compile(r"\b(?:to|as|is|by|with|of|like|than|computes|calculates|returns?)\s*:?\s*\Z")
"""What leads to an expression that stands on a line of its own."""

_COMMENT_BELOW = re.compile(r"[ ]*\n[ ]*#[ ]*")
_BLANK_LINE = re.compile(r"\n[ ]*(?:```\w*|~~~\w*)?[ ]*\n|\A[ ]*(?:```\w*|~~~\w*)[ ]*\n")
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
    equated: bool = False
    exception: str | None = None
    printed: bool = False

    def example(self, text: str) -> Example:
        """The same as an example, with its lines counted."""
        line = text.count("\n", 0, self.start)
        lines = text.count("\n", self.start, self.end) + 1
        form: Literal["value", "printed"] = "printed" if self.printed else "value"
        example = Example(self.source, self.want, form, line, lines, exception=self.exception)
        return replace(example, asserted=self.asserted, equated=self.equated)


def example_in_line(line: str, name: str, parameters: tuple[str, ...]) -> Example | None:
    """The example that takes a whole source of a prompt; None where it is anything else (`f(12) // 4`)."""
    if isinstance(parsed(line), ast.BinOp):
        return None
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
    return called in {name, "print"} | BUILTINS or called[:1].isupper()


def _found(text: str, match: re.Match[str], name: str, parameters: tuple[str, ...]) -> Found | None:
    start = match.start()
    end = call_end(text, match.end())
    before = text[text.rfind("\n", 0, start) + 1 : start]
    tree = parsed(text[start:end]) if end is not None and may_precede(before) else None
    if end is None or tree is None or not calls_certainly(_printed(tree) or tree, name, parameters):
        return None
    source = ast.unparse(tree) if "\n" in text[start:end] else text[start:end]
    call = Found(start, end, source, "", printed=_printed(tree) is not None)
    is_quoted = before.endswith("`")
    raised = None if call.printed else raised_at(text, end, quoted=is_quoted)
    if raised:
        return replace(call, end=raised[1], exception=raised[0])
    relation = RELATION.match(text, end)
    if relation is None:
        return None if call.printed or before.strip() else _with_comment_below(text, call)
    if _COMMENT.fullmatch(relation.group()) and _NUMBERING.match(text, relation.end()):
        return None
    found = _with_result(text, call, relation, quoted=is_quoted or bool(relation["opened"]))
    return None if found is None or _is_signature(tree, found.want) else found


def _with_result(text: str, call: Found, relation: re.Match[str], *, quoted: bool) -> Found | None:
    """A call with the result behind its relation, if that is certain."""
    start, is_equation = past_working(text, relation.end()), relation.group().strip(" `*\n") == "=="
    end = result_at(text, start, quoted=quoted, prose=bool(relation["words"]))
    if end is None and is_equation and (end := made_at(text, start, quoted=quoted)):
        return replace(call, end=end, source=f"{call.source} == {text[start:end]}", want="True", asserted=True)
    if end is None or ("//" in relation.group() and not _is_comment(text, call.start, relation, end)):
        return None
    # What is printed is told in a comment; a text there may be meant with its quotes or without.
    if call.printed and (relation.group().lstrip()[:1] not in {"#", "/"} or text[end - 1] in "'\""):
        return None
    return replace(call, end=end, want=text[start:end], equated=is_equation)


def _is_comment(text: str, call: int, relation: re.Match[str], end: int) -> bool:
    """Whether `//` between a call and its result begins a comment, and is no division.

    It is one where more of a relation follows it (`// => 4`), or nothing stands beside call and result.
    """
    if relation.group().strip(" `*\n") != "//":
        return True
    line = text.rfind("\n", 0, call) + 1
    is_alone = _BESIDE_SLASHES.fullmatch(text, line, call) and re.compile(r"[ ]*(?:\n|\Z)").match(text, end)
    return is_alone is not None and not _TOLD_SAME.search(text[max(0, line - 100) : line])


def _with_comment_below(text: str, call: Found) -> Found | None:
    """A call on a line of its own with the result in the next, which is a comment of nothing else."""
    below = _COMMENT_BELOW.match(text, call.end)
    end = literal_end(text, below.end()) if below else None
    if below is None or end is None or not is_literal(text[below.end() : end]):
        return None
    paragraph = _BLANK_LINE.split(text[: call.start])[-1]
    # Comments that stand above the calls, or go on, tell something else.
    if paragraph.lstrip().startswith("#") or not re.compile(r"[ ]*(?:\n(?![ ]*#)|\Z)").match(text, end):
        return None
    return replace(call, end=end, want=text[below.end() : end])


def _printed(tree: ast.expr) -> ast.expr | None:
    """The one thing that an expression prints."""
    if not isinstance(tree, ast.Call) or getattr(tree.func, "id", None) != "print" or tree.keywords:
        return None
    return tree.args[0] if len(tree.args) == 1 else None


def _is_signature(tree: ast.expr, want: str) -> bool:
    """Whether `f() -> None` may as well tell of the types."""
    return want == "None" and isinstance(tree, ast.Call) and not tree.args and not tree.keywords
