"""What a candidate is worth, as far as it was run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jitc_import.judging.assembly import NO_BODY

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Verdict:
    """What came of running a candidate: `problem` in words, for the model and the user, None where all came out.

    `checked` names what came out, as it is recorded. `passed` of `counted` examples did; `outputs` is what each printed
    or raised, `doubtful` the texts of those that seem wrong themselves, `failed` the positions of those that did not
    come out and may be wrong. `advice` is what generated arguments showed that may be meant so, `broken` what of it is
    against the annotation: a value of another type. `blocked` says that the body may fail only because of a stub that
    it uses; `waiting` that a check met a stub that has no body yet, or a wrong one: it says more when it has.
    `suspected` is what failed, in words, where other bodies are likelier to be wrong. `confined` is how the child was,
    where anything ran. `differs` says what recorded calls of a mock were answered with instead.
    """

    problem: str | None = None
    checked: tuple[str, ...] = ()
    passed: int = 0
    counted: int = 0
    outputs: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    failed: frozenset[int] = frozenset()
    advice: tuple[str, ...] = ()
    broken: str = ""
    blocked: bool = False
    waiting: bool = False
    suspected: str = ""
    confined: str = ""
    differs: str = ""


UNRUN = Verdict()

UNJUDGED = Verdict("it was not checked to the end")


def with_check(verdict: Verdict, check: str, problem: str | None) -> Verdict:
    """A verdict with one check more that came out, or did not."""
    checked = verdict.checked if problem else (*verdict.checked, check)
    return replace(verdict, problem=problem, checked=checked)


def with_blame(key: str, verdict: Verdict, uses: Mapping[str, frozenset[str]], failing: set[str]) -> Verdict:
    """A verdict that says whether a body may fail only because of stubs that it uses, and that do not use it."""
    if verdict.problem is None:
        return verdict
    guilty = {other for other in uses.get(key, frozenset()) & failing if key not in uses.get(other, frozenset())}
    return replace(verdict, blocked=verdict.blocked or NO_BODY in verdict.problem or bool(guilty - {key}))
