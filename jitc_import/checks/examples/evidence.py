"""What a colleague would say about an example that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitc_import.checks.examples.example import Example

_LONGEST = 500
_ONE_LINE = 120
_EXPRESSION, _OUTPUT, _PLACE = 160, 120, 90
"""Characters of an example, of each output and of a line of code; four of them and their words stay below the limit."""


def failure_text(example: Example, output: str, exception: str | None, where: str | None) -> str:
    """What the example did instead, in at most 500 characters: its source, what came, what was expected.

    `exception` is the text "TypeName: message", `where` the line of the body that raised it: "line 3: return x[0]".
    """
    source = _cut(example.source, _EXPRESSION)
    if exception is not None:
        place = f" ({_cut(where, _PLACE)})" if where else ""
        got = f"raised {_cut(exception, _OUTPUT)}{place}"
    else:
        got = _gave(output)
    expected = _expected(example)
    line = f"{source} {got}, expected {expected}"
    if "\n" not in line and len(line) <= max(_ONE_LINE, len(source) + 60):
        return line
    wanted = expected if example.exception is None else expected.removeprefix("it ")
    return f"example: {source}\nexpected: {wanted}\ngot: {got.removeprefix('gave ')}"[:_LONGEST]


def _gave(output: str) -> str:
    shown = output.strip("\n")
    return f"gave {_cut(shown, _OUTPUT)}" if shown.strip() else "gave nothing (None)"


def _expected(example: Example) -> str:
    if example.exception is not None:
        return f"it to raise {_cut(example.exception, _OUTPUT)}"
    return _cut(example.want, _OUTPUT) if example.want.strip() else "no output"


def _cut(text: str, longest: int) -> str:
    """A text whose middle is left out where it is too long."""
    text = text.strip()
    if len(text) <= longest:
        return text
    half = (longest - 5) // 2
    return f"{text[:half]} ... {text[-half:]}"
