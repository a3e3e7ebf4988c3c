"""The record of a completed function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitc_import.decorator import COMPANION_SUFFIX, plain_function
from jitc_import.graft.raw import raw_of
from jitc_import.source.definitions import qualname_of
from jitc_import.store.companion import read_companion

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FunctionType
    from typing import Any

    from jitc_import.store.companion import Companion, Section


@dataclass(frozen=True)
class Completion:
    """How a function came by its body.

    `body` holds the statements that run, `raw` the definition as the companion file keeps it, under the stub's own
    signature; `edited` says that a person changed it since. `tokens_in` and `tokens_out` were read and written by the
    model for the request that brought it, which `shared_by` stubs shared. `path` and `line` (1-based) say where it
    stands. `checked` names what it passed; `verified` says that an example or a test ran, and that all came out without
    a doubt. `effects` is what it does besides returning, `confined` how it was confined while it was run.
    """

    key: str
    body: str
    raw: str
    model: str
    checked: tuple[str, ...]
    date: str
    tokens_in: int
    tokens_out: int
    shared_by: int
    edited: bool
    path: str
    line: int
    verified: bool = False
    effects: str = ""
    confined: str = ""


def completion_of(function: Callable[..., Any]) -> Completion | None:
    """The record of a completed function, or of what a decorator made of one; None for any other.

    Raises StoreError where its companion file is gone or cannot be read.
    """
    plain = plain_function(function)
    if plain is None or not plain.__code__.co_filename.endswith(COMPANION_SUFFIX):
        return None
    section = _section_of(plain, read_companion(plain.__code__.co_filename))
    if section is None:
        return None
    return Completion(
        section.key,
        section.body,
        raw_of(plain.__code__) or section.code,
        section.model,
        section.checked,
        section.date,
        section.spent.tokens_in,
        section.spent.tokens_out,
        section.spent.shared_by,
        section.edited,
        plain.__code__.co_filename,
        section.line,
        section.verified,
        section.effects,
        section.confined,
    )


def _section_of(function: FunctionType, companion: Companion | None) -> Section | None:
    """The section of a function: of its name and text, and of several the one on its line; the file may have grown."""
    named = [
        section
        for section in (companion.sections if companion else ())
        if section.code and qualname_of(section.key).rpartition(".")[2] == function.__code__.co_name
    ]
    raw = _without_margins(raw_of(function.__code__) or "")
    named = [section for section in named if _without_margins(section.code).endswith(raw)] or named
    line = function.__code__.co_firstlineno
    by_line = [section for section in named if section.line == line]
    by_name = [section for section in named if qualname_of(section.key) == function.__qualname__]
    return next(iter([*by_line, *by_name]), None)


def _without_margins(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().split("\n"))
