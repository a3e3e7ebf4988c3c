"""Examples in prose that another example contradicts, so that one of them is none: "Slow: f(3) == 4", "Fixed: …"."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jitc_import.checks.examples.literals import NotALiteralError, parsed, value_of
from jitc_import.checks.examples.sameness import same, to_written_digits, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitc_import.checks.examples.example import Example


def without_contradicted(examples: Sequence[Example]) -> tuple[Example, ...]:
    """The examples without those in prose that tell of a call what no other example of it tells.

    What is asserted, or stands at a prompt, is kept: its author is sure of it. So are calls without arguments, which
    mostly give something else each time.
    """
    by_call: dict[str, list[Example]] = {}
    for example in examples:
        by_call.setdefault(canonical(example.source), []).append(example)
    return tuple(one for one in examples if not _is_contradicted(one, by_call[canonical(one.source)]))


def canonical(text: str) -> str:
    """A text that is the same for all ways to write an expression."""
    tree = parsed(text)
    return ast.dump(tree) if tree is not None else text


def _is_contradicted(example: Example, others: list[Example]) -> bool:
    tree = parsed(example.source)
    is_bare = isinstance(tree, ast.Call) and not (tree.args or tree.keywords)
    if example.form == "doctest" or example.asserted or is_bare:
        return False
    return any(_differ(example, other) for other in others)


def _differ(one: Example, other: Example) -> bool:
    """Whether two examples of a call tell different results."""
    if (one.exception is None) is not (other.exception is None):
        return bool(other.want or other.exception)
    try:
        values = value_of(one.want), value_of(other.want)
    except NotALiteralError:
        return False
    nears = within(1e-6), to_written_digits
    pairs = (values, values[::-1])
    return not any(same(*pair, near, exact_types=False) for pair in pairs for near in nears)
