"""Source of this package that runs in the confined child, and how what it found comes back: as text between tokens.

The token is new for each run. It is no protection against a body that looks for it, only against one that prints.
"""

from __future__ import annotations

import importlib.util
import json
import re
from importlib.abc import InspectLoader
from typing import Any

from jitc_import.checks.sandbox.session import Snippet

_TOKEN = re.compile(r"jitc-[0-9a-f]{32}")


def in_child(module: str, *arguments: object, token: str) -> Snippet:
    """A snippet, one expression without a value, that runs `main(namespace, *arguments, token)` of a module.

    The module, by its full name, is not imported here: what it needs may be slow to load, and of use there only.
    """
    source = _source_of(module)
    given = "".join(f", {argument!r}" for argument in (*arguments, token))
    run = f"b.exec(b.compile({source!r}, '<check>', 'exec'), s) or s['main'](b.globals(){given})"
    return Snippet(f"(lambda b, s: {run})(__import__('builtins'), {{'__name__': '<check>'}})")


def _source_of(module: str) -> str:
    spec = importlib.util.find_spec(module)
    source = spec.loader.get_source(module) if spec and isinstance(spec.loader, InspectLoader) else None
    if source is None and spec and spec.origin:  # pytest's loader, which rewrites asserts, has no source to give
        with open(spec.origin, encoding="utf-8") as file:
            source = file.read()
    if source is None:
        raise OSError(f"{module}: its source, which runs in the child, is not installed")
    return source


def framed(snippet: Snippet, output: str) -> Any:
    """The JSON value that a run of `snippet` printed; None where there is none, or more than one."""
    parts = output.split(_TOKEN.findall(snippet.source)[-1])
    try:
        return json.loads(parts[1]) if len(parts) == 3 else None  # noqa: PLR2004 -- before, between, after
    except (ValueError, RecursionError):
        return None
