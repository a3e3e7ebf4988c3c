"""Compiling without the warnings of Python's compiler. One thread at a time: the filters belong to the process."""

from __future__ import annotations

import threading
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_filters = threading.Lock()


@contextmanager
def quietly() -> Iterator[list[warnings.WarningMessage]]:
    """Within this, warnings are not shown but added to the list that it gives."""
    with _filters, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield caught
