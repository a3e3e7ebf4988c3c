"""Parsing and compiling without the warnings of Python, in one thread at a time: the filters are the process's."""

from __future__ import annotations

import ast
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


def nodes_in(text: str) -> list[ast.AST]:
    """The nodes of the syntax tree of a text; none at all where it is no Python."""
    try:
        with quietly():
            return list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
