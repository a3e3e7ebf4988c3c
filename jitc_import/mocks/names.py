"""Names that two mocks of one module have: records are kept by them."""

from __future__ import annotations

import linecache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitc_import.mocks.mocked import Mocked

_defined: dict[tuple[str, str], str] = {}
"""The source of each mock, by file and name; the last where there are several."""


def is_second(mocked: Mocked) -> bool:
    """Whether a mock of this name was defined before by another definition in the same file.

    One that was edited since, and loaded again, is none: the file does not hold it any more.
    """
    if mocked.is_interactive:
        return False
    key = (mocked.path, mocked.function.__qualname__)
    earlier, _defined[key] = _defined.get(key), mocked.source
    if earlier is None or earlier == mocked.source:
        return False
    lines = [line.strip() for line in linecache.getlines(mocked.path)]
    wanted = [line.strip() for line in earlier.split("\n")]
    return any(lines[start : start + len(wanted)] == wanted for start in range(len(lines)))
