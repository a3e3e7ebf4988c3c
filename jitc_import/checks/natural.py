"""Exceptions that a right body may raise on inputs that nobody wrote: they come of the inputs."""

from __future__ import annotations

import builtins
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jitc_import.checks.inputs import Input

_OF_VALUES = re.compile(
    r"empty sequence|argument is empty|not in (?:list|tuple|deque|array)|is not in |sub(?:string|section) "
)
"""What a ValueError says that comes of values and not of a text that cannot be read."""


def is_natural(exception: str, line: str, made: Input) -> bool:
    """Whether an exception that was raised at a line of a body says more of the input than of the body."""
    kind, _, message = exception.partition(":")
    error = getattr(builtins, kind.strip(), None)
    if not made.like_examples or (isinstance(error, type) and issubclass(error, OSError)):
        return True
    if error is ZeroDivisionError:
        return divides_by(line, made.zeros)
    is_reading = error is None or (isinstance(error, type) and issubclass(error, ValueError))
    return is_reading and made.has_new_text and not _OF_VALUES.search(message)


def divides_by(line: str, names: Iterable[str]) -> bool:
    """Whether a line divides by the very value of one of the names, which are regular expressions."""
    for name in names:
        own = rf"(?:(?:int|float|abs)?\(\s*{name}\s*\)|{name}\b(?!\s*(?:\*\*|[.\[(])))"
        if re.search(rf"[/%]=?\s*{own}|\bdivmod\(.*,\s*{own}", line):
            return True
    return False
