"""What the words of a docstring leave open of its results: the order of lists, the last digits of numbers."""

from __future__ import annotations

import re
from typing import Literal

Loose = Literal["order", "precision", "digits", "floats", "text"]
"""What may differ without being wrong: the order of lists; numbers, by a little or behind the digits shown; whether a
whole number is shown as a float; whether a text has quotes."""

_ORDER = re.compile(
    r"\b(?:any|no|some|whatever|arbitrary|random|unspecified|undefined)\s+(?:(?:particular|specific|given|fixed|special"
    r"|defined)\s+)?order\b|\bunordered\b"
    r"|\border(?:ing)?\b[^.;,:]{0,60}?(?:(?:\bnot|n't|\bnever|\bno)\s+(?:matter|important|specified|guaranteed|defined"
    r"|significant|relevant|fixed|preserved|kept|maintained|deterministic|count)\b"
    r"|\b(?:unspecified|undefined|arbitrary|irrelevant|unimportant|random|var(?:y|ies)|(?:may|can)\s+(?:differ|vary))\b)"
    r"|(?:\bnot|n't)\s+(?:care|depend|rely)\s+(?:about|on)\s+(?:the\s+|any\s+)?order\b",
    re.IGNORECASE,
)
_PRECISION = re.compile(
    r"\b(?:approx|approximat\w+|roughly|estimat\w+|tolerance|non-?deterministic\w*|to\s+within"
    r"|(?:numerical|rounding|floating[- ]point)\s+(?:errors?|precision|accuracy))\b",
    re.IGNORECASE,
)
_ROUNDED = re.compile(
    r"\b(?:round|decimals?\b|digits?\b|places\b|truncat|precision\b|significant\b|cents?\b)", re.IGNORECASE
)


def latitude_of(prose: str) -> frozenset[Loose]:
    """What a docstring leaves open. The digits that a prompt does not show it does, unless it speaks of rounding."""
    found: set[Loose] = set()
    if _ORDER.search(prose):
        found.add("order")
    if _PRECISION.search(prose):
        found.add("precision")
    if not _ROUNDED.search(prose):
        found.add("digits")
    return frozenset(found)
