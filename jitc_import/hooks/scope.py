"""Which source files the hook looks at: not the standard library, not what is installed, not this package itself."""

from __future__ import annotations

import os

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_LIBRARY = os.path.dirname(getattr(os, "__file__", None) or os.devnull)

_OUTSIDE = tuple(folder + os.sep for folder in (_LIBRARY, _PACKAGE) if folder != os.path.dirname(os.devnull))
_SITE = f"{os.sep}site-packages{os.sep}"
_DIST = f"{os.sep}dist-packages{os.sep}"


def in_scope(path: str) -> bool:
    """Whether the source file at `path` belongs to a person's own project, by where it lies."""
    return not path.startswith(_OUTSIDE) and _SITE not in path and _DIST not in path


def is_own(path: str) -> bool:
    """Whether the source file at `path` is one of this package."""
    return path.startswith(_PACKAGE + os.sep)
