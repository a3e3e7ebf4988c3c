"""What a body does with generated inputs, for comparing it with others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitc_import.checks.natural import is_natural
from jitc_import.harmless import harmless

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitc_import.checks.inputs import Input
    from jitc_import.checks.sandbox.session import Outcome, Ran


@dataclass(frozen=True)
class Behaviour:
    """What a body does with generated inputs: what each shows or raises, and in words where it broke down.

    It did not where the exception comes of the input as well as of the body (see `checks.natural`).
    `raised` are the positions of the inputs on which it raised something.
    """

    outputs: tuple[str, ...] = ()
    crashes: tuple[str, ...] = ()
    raised: frozenset[int] = frozenset()


def behaviour_of(made: Sequence[Input], outcome: Outcome) -> Behaviour:
    """The behaviour that the outcome of `made`, run line by line, shows."""
    outputs: list[str] = []
    crashes: list[str] = []
    raised: set[int] = set()
    at = 0
    for one in made:
        at += len(one.lines)
        ran = outcome.ran[at - 1] if at <= len(outcome.ran) else None
        if ran and ran.exception:
            raised.add(len(outputs))
        outputs.append(shown(ran) if ran else outcome.ended or "")
        if ran and _broke_down(ran, one):
            crashes.append(harmless(f"`{one.call}` raised {ran.exception} ({ran.where})"))
    return Behaviour(tuple(outputs), tuple(crashes), frozenset(raised))


def shown(ran: Ran) -> str:
    """What a snippet did, for comparing: what it printed, and the kind of its exception."""
    return f"{ran.output}{ran.exception.partition(':')[0] if ran.exception else ''}"


def _broke_down(ran: Ran, made: Input) -> bool:
    """Whether an exception came about in a body that did not raise it on purpose, and does not come of the input."""
    line = (ran.where or "").partition(": ")[2]
    if ran.exception is None or ran.denied or not line or line.startswith(("raise", "assert")):
        return False
    return not is_natural(ran.exception, line, made)
