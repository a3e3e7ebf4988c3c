"""What one example of a docstring is, and what the examples of a docstring are."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from jitc_import.checks.examples.literals import parsed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jitc_import.checks.examples.latitude import Loose

_ASSERT = re.compile(r"\s*assert\b")

_ASSERTED = "got == want"
_EQUATED = "(got == want) is True and (got.__class__ is True.__class__) is (want.__class__ is True.__class__)"
_EQUAL = "got.__class__.__module__ != 'builtins' and (got == want) is True"
"""When a value is taken for the literal that is wanted; the child may have other things by the names of builtins."""


@dataclass(frozen=True)
class Example:
    """Something to run, and what must come of it.

    `source` is one statement as typed at a prompt, `want` the expected output without the last line's end; "" where
    nothing may be printed. With the form `value`, `source` is an expression and `want` the literal of its value; with
    `printed`, it prints one, as in `print(f(3))  # 4`. `line` counts from 0 in the cleaned docstring, `lines` are those
    that source and want take. `options` are doctest's flags, `exception` is the expected exception as doctest compares
    it: "ValueError: too small". `asserted`: the value is the right one where Python says that it equals what is wanted;
    `equated`: it is where Python says so, or where it shows itself so. `loose` is what may differ without being wrong.
    """

    source: str
    want: str
    form: Literal["doctest", "value", "printed"]
    line: int
    lines: int
    options: Mapping[int, bool] = field(default_factory=dict)
    exception: str | None = None
    asserted: bool = False
    equated: bool = False
    loose: frozenset[Loose] = frozenset()

    @property
    def snippet(self) -> str:
        """What is run: the source; for a value, what shows the literal in its stead where the two are equal.

        A named tuple, a fraction or a member of an enumeration shows itself otherwise. Where nothing is asserted, the
        builtin types are told apart all the same, as in `1` and `True`.
        """
        tree = parsed(self.want) if self.form == "value" else None
        if tree is None or any(
            isinstance(node, ast.Name) for node in ast.walk(tree)
        ):  # what is `inf`, and `set`, there?
            return self.source
        equal = _ASSERTED if self.asserted else _EQUATED if self.equated else _EQUAL
        return f"(lambda got, want: want if {equal} else got)({self.source}, {self.want})"

    @property
    def is_assert(self) -> bool:
        """Whether it shows nothing, and says by itself what must come out."""
        return not self.want and _ASSERT.match(self.source) is not None


@dataclass(frozen=True)
class Examples:
    """The examples of a docstring, in its order; and those that seem wrong: the text of each, and why."""

    good: tuple[Example, ...] = ()
    broken: tuple[tuple[str, str], ...] = ()

    def under(self, flags: Mapping[int, bool]) -> Examples:
        """The same with flags of doctest that are set where an example does not say otherwise."""
        return replace(self, good=tuple(replace(one, options={**flags, **one.options}) for one in self.good))
