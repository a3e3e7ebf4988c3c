"""Whether what the examples of a stub show is to be printed by it, or given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jitc_import.checks.examples import is_call_of
from jitc_import.checks.examples.literals import parsed
from jitc_import.heldout import gives_value, stub_examples
from jitc_import.source.definitions import qualname_of

if TYPE_CHECKING:
    from jitc_import.checks.examples import Example
    from jitc_import.source.stubs import Stub

_SPEAKS_OF_IT = re.compile(
    r"\b(?:print|display|show|write|writing|written|output|echo|dump|emit|draw|render|announc|report|say|greet"
    r"|stdout|standard out|console|screen|terminal|(?:per|each|own) line)",
    re.IGNORECASE,
)
_NAMES_IT = re.compile(
    r"_*(?:p?print|show|display|write|output|dump|echo|draw|render|say|greet|report|emit|demo|main)(?:_|[A-Z]|\Z)|_*print"
)
_PRINTS = re.compile(
    r"(?:\A\W*|[.;:!?]\s+|\n\s*|\b(?:and|then|to|will|should|must)\s+)prints?\b|\bstdout\b|\bstandard output\b",
    re.IGNORECASE,
)
_RETURNS = re.compile(r"\breturn", re.IGNORECASE)
_NOTHING = re.compile(r"->\s*['\"]?None\b['\"]?\s*:\s*\Z")


def prints(stub: Stub) -> bool | None:
    """False where its annotation promises a value; True where that, its name or its words speak of printing.

    None where nothing tells. What one example can only print, the others may, too.
    """
    if gives_value(stub):
        return False
    name = qualname_of(stub.key).rpartition(".")[2]
    words = "\n".join([_prose(stub), *stub.hints, stub.draft])
    told = _NOTHING.search(stub.signature) or _NAMES_IT.match(name) or _SPEAKS_OF_IT.search(words)
    return bool(told or any(_shows_print(example, name) for example in stub_examples(stub).good)) or None


def prints_text(stub: Stub) -> bool:
    """Whether a text that prose shows of a call, `greet('Bo') -> 'Hello, Bo!'`, is certainly what it prints."""
    if gives_value(stub):
        return False
    name, prose = qualname_of(stub.key).rpartition(".")[2], _prose(stub)
    told = _NOTHING.search(stub.signature) or name.startswith("print") or _PRINTS.search(prose)
    return bool(told and not _RETURNS.search(prose))


def _shows_print(example: Example, name: str) -> bool:
    """Whether what a call shows cannot be the value of an expression: several lines, or words."""
    return is_call_of(example.source, name) and bool(example.want) and parsed(example.want) is None


def _prose(stub: Stub) -> str:
    """A docstring without its examples, which may well print."""
    lines = (stub.docstring or "").split("\n")
    for example in stub_examples(stub).good:
        lines[example.line : example.line + example.lines] = [""] * example.lines
    return "\n".join(line for line in lines if not line.lstrip().startswith((">>>", "...")))
