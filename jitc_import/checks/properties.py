"""What the annotations of a function promise, tried on generated arguments in the confined child.

Arguments that an annotation allows may still be none that the function is for, so what is found is advice for the
model. It is a verdict only where the docstring promises the same; and, of a function of which nothing else was run and
that does nothing but give a value, where that is of another type than annotated.
"""

from __future__ import annotations

import importlib.util
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jitc_import.checks.in_child import framed, in_child
from jitc_import.checks.natural import divides_by
from jitc_import.source.definitions import qualname_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jitc_import.checks.sandbox.session import Ran, Snippet

IMPORTS = ("hypothesis",)
"""What the child needs for properties: imported beforehand, it costs each candidate nothing."""

_WORDS = {
    "bool": "bool(?:ean)?",
    "str": "str(?:ing)?",
    "int": "int(?:eger)?",
    "float": "float",
    "list": "list",
    "dict": "dict(?:ionary)?",
    "tuple": "tuple",
    "set": "set",
}
_CONDITION = r"(?:if|when|where|while|unless|until|for|on|with|given|provided|as|in)"
_NEVER = re.compile(
    rf"""(?ix) (?:^|[.;:!?(]|\n\s*\n)                     # a clause, in which no condition stands before
    (?:(?!\b{_CONDITION}\b)[^.;:!?(])*
    \bnever\s+(?:raises?|fails?|throws?|crash(?:es)?)\b
    (?:\s+(?:(?:an?|any)\s+)?(?:exceptions?|errors?)\b)?
    (?:\s+(?:for|on|with)\s+(?:any|all|every)\s+\w+)?  # none that leaves something out: one word
    \s*(?:[.;!)]|\n\s*\n|$)                            # nor behind, where the clause ends
    """
)
"""The promise, without a condition, that a function never fails."""


@dataclass(frozen=True)
class Advice:
    """A call that broke a promise, in words; `verdict`: the docstring makes the promise too.

    `of_type`: what it gave is of another type than annotated, and no word of the docstring names that type.
    """

    text: str
    verdict: bool
    of_type: bool = False


def hypothesis_available() -> bool:
    """Whether hypothesis is installed."""
    return importlib.util.find_spec("hypothesis") is not None


def property_snippet(key: str, *, only_values: bool = False) -> Snippet | None:
    """What to run in the child for the stub `key`; None for a function in a function, which cannot be reached.

    With `only_values`, for stubs of which nothing else ran, it is to be read by `wrong_value`, else by
    `read_properties`.

    Functions without annotations, coroutines, generators, and methods of classes that cannot be built from their
    annotations come to nothing there.
    """
    qualname = qualname_of(key)
    if "<locals>" in qualname:
        return None
    return in_child(
        "jitc_import.checks.properties_in_child", qualname, only_values, token=f"jitc-{secrets.token_hex(16)}"
    )


def read_properties(
    snippet: Snippet, ran: Ran | None, docstring: str | None, parameters: Iterable[str] = ()
) -> tuple[Advice, ...]:
    """What a run of `snippet` found; nothing where it did not end (`ran` is None), or failed.

    That a division by one of the `parameters`, or a field of `self`, fails is told only where the docstring promises
    that it does not.
    """
    told = [(one, _is_promised(one, docstring or "")) for one in _told(snippet, ran)]
    names = [rf"{name}\.\w+" if name == "self" else name for name in parameters]
    return tuple(
        Advice(one["text"], verdict, one.get("kind") != "raises" and not _is_named(one, docstring or ""))
        for one, verdict in told
        if verdict or not divides_by(str(one.get("divides", "")), names)
    )


def wrong_value(snippet: Snippet, ran: Ran | None, words: str) -> str | None:
    """What a run that looked at values only found against the annotation, in words; None where `words` name the type.

    They are those of the stub: "the first one, or None" says more than its annotation does.
    """
    for one in _told(snippet, ran):
        if not _is_named(one, words):
            return str(one["text"])
    return None


def _is_named(found: dict[str, Any], words: str) -> bool:
    """Whether `words` name the type of the value that was found against the annotation."""
    kind = "None" if found.get("nothing") else str(found.get("value"))
    return re.search(rf"(?i)\b{_WORDS.get(kind, re.escape(kind))}\b", words) is not None


def _told(snippet: Snippet, ran: Ran | None) -> list[dict[str, Any]]:
    found = framed(snippet, ran.output) if ran and ran.exception is None else None
    told = found if isinstance(found, list) else []
    return [one for one in told if isinstance(one, dict) and isinstance(one.get("text"), str)]


def _is_promised(found: dict[str, object], docstring: str) -> bool:
    if found.get("kind") == "raises":
        return _NEVER.search(docstring) is not None
    word = _WORDS.get(str(found.get("type")).partition("[")[0].lower())
    if word is None or found.get("nothing"):  # None for arguments that the function may not be for
        return False
    return re.search(rf"(?i)\breturns?:?\s+(?:always\s+)?(?:an?\s+)?`*{word}\b", docstring) is not None
