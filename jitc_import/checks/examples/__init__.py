"""Examples of docstrings as checks: reading them, comparing what a body does with them, saying what went wrong."""

from __future__ import annotations

from jitc_import.checks.examples.calls import is_call_of
from jitc_import.checks.examples.comparing import is_printed_text, matches
from jitc_import.checks.examples.evidence import failure_text
from jitc_import.checks.examples.example import Example, Examples
from jitc_import.checks.examples.openness import OPEN, left_open
from jitc_import.checks.examples.reading import examples_of

__all__ = [
    "OPEN",
    "Example",
    "Examples",
    "examples_of",
    "failure_text",
    "is_call_of",
    "is_printed_text",
    "left_open",
    "matches",
]
