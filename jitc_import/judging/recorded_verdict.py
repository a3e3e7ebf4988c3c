"""What the recorded calls of the mock that a stub was before say of its body: advice, no proof."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jitc_import.checks.examples import matches
from jitc_import.harmless import harmless
from jitc_import.judging.example_verdict import failure_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitc_import.checks.examples import Example
    from jitc_import.checks.sandbox.session import Outcome, Ran
    from jitc_import.judging.verdicts import Verdict

LONGEST_SHOWN = 80
"""Characters that are shown of a recorded call, of its answer, and of what a body gives for it."""


def with_recorded(verdict: Verdict, calls: Sequence[Example], outcome: Outcome) -> Verdict:
    """A verdict that says how many recorded calls of a mock came out; advice, where some did not."""
    ran = list(zip(calls, outcome.ran, strict=False))
    other = [(call, one) for call, one in ran if not matches(call, one.output, one.exception, shown=one.shown)]
    differs = (
        f"differs from {len(other)} of {len(ran)} recorded answers of its mock, e.g. {_gave(*other[0])}"
        if other
        else ""
    )
    if verdict.problem:
        return replace(verdict, differs=differs)
    told = tuple(f"{failure_of(call, one)} (from a mock)" for call, one in other)
    check = f"from a mock {len(ran) - len(other)}/{len(calls)}"
    return replace(verdict, checked=(*verdict.checked, check), advice=(*verdict.advice, *told), differs=differs)


def _gave(call: Example, ran: Ran) -> str:
    """What a body did where a mock is recorded to have done something else, on one line."""
    did = f"raised {ran.exception}" if ran.exception else f"gave {ran.output or 'None'}"
    recorded = call.exception or call.want
    return f"{_brief(call.source)} {_brief(did)}, recorded {_brief(recorded)}"


def _brief(text: str) -> str:
    line = " ".join(harmless(text).split())
    return line if len(line) <= LONGEST_SHOWN else f"{line[:LONGEST_SHOWN]}…"
