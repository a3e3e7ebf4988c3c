"""What the model wrote for a function, kept as one more constant of its code object."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType

_RAW = StopIteration
"""First item of the constant: marshal knows it, it hashes, and no source compiles to it."""


def raw_constant(text: str) -> tuple[object, str]:
    """The constant that holds `text`."""
    return (_RAW, text)


def raw_of(code: CodeType) -> str | None:
    """The definition of a grafted function as it stands in the companion file; None where none is kept."""
    last = code.co_consts[-1] if code.co_consts else None
    if type(last) is tuple and len(last) == 2 and last[0] is _RAW:  # noqa: PLR2004
        text: str = last[1]
        return text
    return None
