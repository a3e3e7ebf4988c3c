"""What the annotations of a function promise, tried on generated arguments in the confined child.

Arguments that an annotation allows may still be none that the function is for, so what is found is advice for the
model. It is a verdict only where the docstring promises the same.
"""

from __future__ import annotations

import importlib.util
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitc_import.checks.in_child import framed, in_child
from jitc_import.source.definitions import qualname_of

if TYPE_CHECKING:
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
    """A call that broke a promise, in words; `verdict`: the docstring makes the promise too."""

    text: str
    verdict: bool


def hypothesis_available() -> bool:
    """Whether hypothesis is installed."""
    return importlib.util.find_spec("hypothesis") is not None


def property_snippet(key: str) -> Snippet | None:
    """What to run in the child for the stub `key`; None for a function in a function, which cannot be reached.

    Functions without annotations, coroutines, generators, and methods of classes that cannot be built from their
    annotations come to nothing there.
    """
    qualname = qualname_of(key)
    if "<locals>" in qualname:
        return None
    return in_child("jitc_import.checks.properties_in_child", qualname, token=f"jitc-{secrets.token_hex(16)}")


def read_properties(snippet: Snippet, ran: Ran | None, docstring: str | None) -> tuple[Advice, ...]:
    """What a run of `snippet` found; nothing where it did not end (`ran` is None), or failed."""
    found = framed(snippet, ran.output) if ran and ran.exception is None else None
    if not isinstance(found, list):
        return ()
    told = [one for one in found if isinstance(one, dict) and isinstance(one.get("text"), str)]
    return tuple(Advice(one["text"], _is_promised(one, docstring or "")) for one in told)


def _is_promised(found: dict[str, object], docstring: str) -> bool:
    if found.get("kind") == "raises":
        return _NEVER.search(docstring) is not None
    word = _WORDS.get(str(found.get("type")).partition("[")[0].lower())
    if word is None or found.get("nothing"):  # None for arguments that the function may not be for
        return False
    return re.search(rf"(?i)\breturns?:?\s+(?:always\s+)?(?:an?\s+)?`*{word}\b", docstring) is not None
