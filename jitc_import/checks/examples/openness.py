"""Whether what an example showed may be right as well as wrong, so that it says nothing of the body."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from jitc_import.checks.examples.comparing import matches
from jitc_import.checks.examples.literals import NotALiteralError, displayed_value_of, parsed, value_of
from jitc_import.checks.examples.sameness import same, to_written_digits

if TYPE_CHECKING:
    from jitc_import.checks.examples.example import Example

_MEMBER = re.compile(r"<\w+(?:\.\w+)+: .*>")


def is_open(example: Example, output: str) -> bool:
    """Whether it is left open if an example that did not come out, and that showed a value, holds.

    In prose a float may be rounded, and `(1, 2)` may stand for what shows itself as `Point(x=1, y=2)`; at a prompt,
    `...` in a list is meant as doctest's ELLIPSIS even where the flag is not set.
    """
    if example.form == "doctest":
        return example.exception is None and _is_abbreviated(example) and matches(_with_ellipsis(example), output, None)
    last = output.rstrip().rpartition("\n")[2]
    return not example.asserted and any(_is_other_form(example.want, shown) for shown in (output, last))


def _is_other_form(want: str, shown: str) -> bool:
    try:
        return same(value_of(want), displayed_value_of(shown), to_written_digits, exact_types=False)
    except NotALiteralError:
        tree = parsed(_MEMBER.sub("Member()", shown))
        return tree is not None and any(isinstance(node, ast.Call) for node in ast.walk(tree))


def _is_abbreviated(example: Example) -> bool:
    """Whether the expected output is a display of values in which some are left out."""
    tree = None if "print" in example.source else parsed(example.want)
    nodes = ast.walk(tree) if tree is not None and not isinstance(tree, ast.Constant) else ()
    return any(isinstance(node, ast.Constant) and node.value is ... for node in nodes)


def _with_ellipsis(example: Example) -> Example:
    import doctest

    return replace(example, options={doctest.ELLIPSIS: True, **example.options})
