"""Whether what an example showed may be right as well as wrong, so that it says nothing of the body."""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jitc_import.checks.examples.comparing import literal_before_prose, matches
from jitc_import.checks.examples.literals import (
    NotALiteralError,
    displayed_value_of,
    is_literal,
    parsed,
    plain_value_of,
    value_of,
)
from jitc_import.checks.examples.sameness import Near, in_one_order, roughly, same, to_written_digits, within

if TYPE_CHECKING:
    from jitc_import.checks.examples.example import Example
    from jitc_import.checks.examples.latitude import Loose

_MEMBER = re.compile(r"<\w+(?:\.\w+)+: .*>")

SAME, ROUNDED = "which may be the same", "which may be rounded"
ORDER, ROUGH = "which may be the same in another order", "which may be near enough"
QUOTES = "which differs only in its quotes"
OPEN = (SAME, ROUNDED, ORDER, ROUGH, QUOTES)
"""What is said of an example that does not count, and is not wrong."""

_IN_PROSE: frozenset[Loose] = frozenset({"digits"})
_LEFT: tuple[tuple[Loose, str], ...] = (("digits", ROUNDED), ("order", ORDER), ("precision", ROUGH))


def left_open(example: Example, output: str, exception: str | None = None) -> str:
    """Why it is left open if an example that did not come out, and showed a value or raised, holds; "" if it is not.

    In prose a float may be rounded, and `(1, 2)` may stand for what shows itself as `Point(x=1, y=2)`; at a prompt,
    `...` in a list is meant as doctest's ELLIPSIS even where the flag is not set.
    """
    if exception is not None or example.exception is not None:
        return SAME if _may_be_kind_of(example, exception) else ""
    if example.asserted:
        return ""
    if example.form != "value":
        return _left_at_prompt(example, output)
    for shown in (output, output.rstrip().rpartition("\n")[2]):
        try:
            return _left(value_of(example.want), displayed_value_of(shown), example.loose | _IN_PROSE, exact=False)
        except NotALiteralError:
            tree = parsed(_MEMBER.sub("Member()", shown))
            if tree is not None and any(isinstance(node, ast.Call) for node in ast.walk(tree)):
                wanted = parsed(example.want)
                return SAME if not (example.equated and wanted and _is_decided(wanted, tree)) else ""
    return ""


def _left_at_prompt(example: Example, output: str) -> str:
    if _is_abbreviated(example) and matches(_with_ellipsis(example), output, None):
        return SAME
    try:
        got = plain_value_of(output)
    except NotALiteralError:
        return ""
    if "text" in example.loose and isinstance(got, str) and example.want.strip() == got.strip():
        return QUOTES
    want = literal_before_prose(example)
    exact = "floats" not in example.loose
    return _left(value_of(want), got, example.loose - {"precision"}, exact=exact) if is_literal(want) else ""


def _left(want: object, got: object, loose: frozenset[Loose], *, exact: bool) -> str:
    for kind, words in _LEFT:
        near: Near = to_written_digits if kind == "digits" else roughly if kind == "precision" else within(1e-6)
        edit: Any = in_one_order if kind == "order" else _as_it_is
        if kind in loose and same(edit(want), edit(got), near, exact_types=exact):
            return words
    return ""


def _as_it_is(value: object) -> object:
    return value


def _is_decided(want: ast.expr, shown: ast.expr) -> bool:
    """Whether Python's `==` has told two apart that show themselves otherwise: a number from `Fraction(1, 2)`."""
    if isinstance(want, (ast.List, ast.Tuple)) and isinstance(shown, (ast.List, ast.Tuple)):
        return len(want.elts) != len(shown.elts) or any(map(_is_decided, want.elts, shown.elts))
    is_number = isinstance(want, ast.Constant) and isinstance(want.value, (int, float))
    return is_number and isinstance(shown, ast.Call) and ast.unparse(shown) != "Member()"


def _may_be_kind_of(example: Example, exception: str | None) -> bool:
    """Whether prose tells of an exception, and one was raised of which only the module knows the kind."""
    if example.form != "value" or exception is None or example.exception is None:
        return False
    return not hasattr(builtins, exception.partition(":")[0].strip())


def _is_abbreviated(example: Example) -> bool:
    """Whether the expected output is a display of values in which some are left out."""
    tree = None if "print" in example.source else parsed(example.want)
    nodes = ast.walk(tree) if tree is not None and not isinstance(tree, ast.Constant) else ()
    return any(isinstance(node, ast.Constant) and node.value is ... for node in nodes)


def _with_ellipsis(example: Example) -> Example:
    import doctest

    return replace(example, options={doctest.ELLIPSIS: True, **example.options})
