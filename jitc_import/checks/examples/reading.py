"""Reading the examples of a docstring. What is not certainly one is left out: it would condemn right bodies."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from jitc_import.checks.examples.conditions import is_conditional
from jitc_import.checks.examples.contradictions import canonical, without_contradicted
from jitc_import.checks.examples.described import described_in
from jitc_import.checks.examples.doctests import chunks_of, example_of, shows_late
from jitc_import.checks.examples.example import Example, Examples
from jitc_import.checks.examples.informal import Found, asserts_in, calls_in, example_in_line
from jitc_import.checks.examples.latitude import latitude_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_WIDEST_GAP = " " * 100
_GAP = re.compile(f"{_WIDEST_GAP}+")
"""Blanks in a row that mean nothing, and cost time."""

_STRAIGHT = str.maketrans("\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b", "\"\"\"\"''''")
_LONGEST = 8_000
"""Characters of a docstring in which examples in prose are looked for; what opens there and never ends takes time."""

_BLANKS = str.maketrans(dict.fromkeys("\u00a0\u2007\u202f\t", " "))


def examples_of(docstring: str, name: str, parameters: tuple[str, ...]) -> Examples:
    """The examples in a docstring (as `inspect.cleandoc` gives it) of the function `name`.

    `parameters` are the names of its parameters, `self` among them, and the signs between them, as a signature has
    them: "/", "*", "*args", "**options". Examples at a prompt are taken as they are; others only where the call, its
    arguments and the end of its result are beyond doubt.
    """
    lines = [line.rstrip() for line in docstring.replace("\r\n", "\n").split("\n")]
    good: list[tuple[int, int, Example]] = []
    broken = []
    for chunk in list(chunks_of(lines)):
        read = example_of(chunk, lambda source: example_in_line(_straight(source), name, parameters))
        if shows_late(read, lines, chunk):
            broken.append(("\n".join(chunk.texts), "it shows no result (is there a blank line before it?)"))
        if isinstance(read, str):
            broken.append(("\n".join(chunk.texts), read))
        elif read:
            good.append((read.line, 0, read))
        lines[chunk.line : chunk.line + len(chunk.texts)] = [""] * len(chunk.texts)
    text = "\n".join(map(_straight, lines))[:_LONGEST]
    informal = _without_overlaps(_informal(text, name, parameters))
    good.extend((text.count("\n", 0, found.start), found.start, found.example(text)) for found in informal)
    in_order = [replace(one, loose=latitude_of(text)) for *_, one in sorted(good, key=lambda item: item[:2])]
    return Examples(without_contradicted(_without_repeats(in_order)), tuple(broken))


def _informal(text: str, name: str, parameters: tuple[str, ...]) -> list[Found]:
    found = [
        *asserts_in(text, name, parameters),
        *calls_in(text, name, parameters),
        *described_in(text, name, parameters),
    ]
    return [one for one in found if not is_conditional(text, one.start)]


def _without_overlaps(found: list[Found]) -> list[Found]:
    """Of two that share text, the one that was found first."""
    kept: list[Found] = []
    for item in found:
        if all(item.end <= other.start or other.end <= item.start for other in kept):
            kept.append(item)
    return kept


def _without_repeats(examples: Iterable[Example]) -> tuple[Example, ...]:
    """The examples in which none is said twice in other words; those at a prompt may depend on what ran before."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for example in examples:
        saying = (canonical(example.source), canonical(example.want or example.exception or ""))
        if example.form == "doctest" or saying not in seen:
            kept.append(example)
        seen.add(saying)
    return tuple(kept)


def _straight(line: str) -> str:
    """A line with plain blanks, and with plain quotes where it has typographic ones only."""
    line = _GAP.sub(_WIDEST_GAP, line.translate(_BLANKS))
    return line if "'" in line or '"' in line else line.translate(_STRAIGHT)
