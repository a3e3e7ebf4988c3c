"""What one example of a docstring is, and what the examples of a docstring are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Example:
    """Something to run, and what must come of it.

    `source` is one statement as typed at a prompt, `want` the expected output without the last line's end; "" where
    nothing may be printed. With the form `value`, `source` is an expression and `want` the literal of its value.
    `line` counts from 0 in the cleaned docstring, `lines` are those that source and want take. `options` are doctest's
    flags, `exception` is the expected exception as doctest compares it: "ValueError: too small".
    """

    source: str
    want: str
    form: Literal["doctest", "value"]
    line: int
    lines: int
    options: Mapping[int, bool] = field(default_factory=dict)
    exception: str | None = None


@dataclass(frozen=True)
class Examples:
    """The examples of a docstring, in its order; and those that seem wrong: the text of each, and why."""

    good: tuple[Example, ...] = ()
    broken: tuple[tuple[str, str], ...] = ()
