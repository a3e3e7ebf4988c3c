"""What came of running a candidate, and what that says of it."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jitc_import.checks.examples import OPEN, failure_text, is_call_of, is_printed_text, left_open, matches
from jitc_import.checks.examples.literals import is_literal, parsed
from jitc_import.checks.natural import is_natural
from jitc_import.harmless import harmless
from jitc_import.judging.assembly import NO_BODY
from jitc_import.judging.excuses import Excuses
from jitc_import.judging.footing import Footing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jitc_import.checks.examples import Example
    from jitc_import.checks.inputs import Input
    from jitc_import.checks.sandbox.session import Outcome, Ran
    from jitc_import.judging.denials import Denials

SHOWN_FAILURES = 3
"""Examples that failed that a model is shown; more are counted."""


LONGEST_SHOWN = 80
"""Characters that are shown of a recorded call, of its answer, and of what a body gives for it."""

NO_FAULTS = (*OPEN, "cannot be run confined")
"""What is said of an example that does not count, and is not wrong."""


@dataclass(frozen=True)
class Verdict:
    """What came of running a candidate: `problem` in words, for the model and the user, None where all came out.

    `checked` names what came out, as it is recorded. `passed` of `counted` examples did; `outputs` is what each printed
    or raised, `doubtful` the texts of those that seem wrong themselves, `failed` the positions of those that did not
    come out and may be wrong. `advice` is what generated arguments showed that may be meant so. `blocked` says that the
    body may fail only because of a stub that it uses; `waiting` that a check met a stub that has no body yet, or a
    wrong one: it says more when it has. `suspected` is what failed, in words, where other bodies are likelier to be
    wrong. `confined` is how the child was, where anything ran. `differs` says what recorded calls of a mock were
    answered with instead.
    """

    problem: str | None = None
    checked: tuple[str, ...] = ()
    passed: int = 0
    counted: int = 0
    outputs: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    failed: frozenset[int] = frozenset()
    advice: tuple[str, ...] = ()
    blocked: bool = False
    waiting: bool = False
    suspected: str = ""
    confined: str = ""
    differs: str = ""


UNRUN = Verdict()

UNJUDGED = Verdict("it was not checked to the end")


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


def verdict_of_examples(  # noqa: PLR0913 -- the last are for what only some callers have
    examples: Sequence[Example],
    outcome: Outcome,
    name: str,
    *,
    footing: Footing | None = None,
    prints: bool | None = True,
    prints_text: bool = False,
    denials: Denials | None = None,
    key: str = "",
) -> Verdict:
    """What the outcome of the examples of one stub, a function or class called `name`, says of its body.

    `footing` is what the examples rest on. `prints` says whether its calls may print what the examples show instead of
    giving it; where that is None, the examples tell. With `prints_text`, a text in prose is what they print. `denials`
    takes note of what bodies were denied, `key` is the stub.
    """
    footing = footing or Footing([example.source for example in examples], {name}, by_name=False)
    excuses = Excuses(footing, name)
    failures: dict[int, str] = {}
    open_ones: list[str] = []
    blamed: set[int] = set()
    passed, printed = 0, False
    for position, (example, ran) in enumerate(zip(examples, outcome.ran, strict=False)):
        is_call = not ran.shown and is_call_of(example.source, name)
        is_printed = not ran.shown and (example.form == "value" or (is_call and _is_value(example.want, prints)))
        is_text = prints_text and is_printed and not ran.exception and is_printed_text(example, ran.output)
        if ran.absent:
            excuses.held.add(position)  # whatever came of it
        elif is_text or matches(example, ran.output, ran.exception, shown=not is_printed):
            is_about_it = example.is_assert and footing.rests(position)
            tells = bool(example.want or example.exception or is_about_it)  # else it is a set-up line
            passed += tells and footing.named(position)
            printed = printed or (is_call and prints is None and _is_object(example.want))
        elif why := _left_open(example, ran):
            open_ones.append(f"{_failure(example, ran)}, {why}")
        elif denials and (culprit := _culprit(denials, example, ran)):
            if culprit == key:
                failures[position] = denials.found[key]
                blamed.add(position)
            else:  # the other is asked for again, then this one says more
                excuses.denied.add(position)
        elif not excuses.take(position, example, ran, is_first=not failures):
            is_printed = is_printed and matches(example, ran.output, ran.exception)
            failures[position] = _printed(example) if is_printed else _failure(example, ran)
    for position in range(len(outcome.ran), len(examples)):
        reason = outcome.ended if position == len(outcome.ran) else "not run"
        failures[position] = f"`{examples[position].source.strip()}`: {reason}"
    counted = passed + len(failures)
    outputs = tuple(map(shown, outcome.ran)) + (outcome.ended or "",) * (len(examples) - len(outcome.ran))
    checked = [f"examples {passed}/{counted}"] * bool(counted) + [*excuses.checked]
    checked += ["doubtful: it prints what it may have to give"] * printed
    problem = _told([*failures.values()], counted)
    doubtful, failed = (*open_ones, *excuses.told), frozenset(failures).difference(blamed)
    return Verdict(problem, tuple(checked), passed, counted, outputs, doubtful, failed)


def _culprit(denials: Denials, example: Example, ran: Ran) -> str | None:
    return denials.culprit(ran.denied, example.source.strip(), ran.exception or "", ran.where or "")


def _left_open(example: Example, ran: Ran) -> str:
    """Why it is left open if an example holds; where nothing was shown, or what it did was denied, it is not."""
    tells = (ran.exception or ran.shown or example.form == "printed") and not ran.denied
    return left_open(example, ran.output, ran.exception) if tells else ""


def _is_value(want: str, prints: bool | None) -> bool:  # noqa: FBT001
    """Whether an expected output is certainly meant as the value of a call, not as what it prints."""
    return not prints and (prints is False or (want.strip() != "None" and is_literal(want)))


def _is_object(want: str) -> bool:
    """Whether an expected output reads like a value that is no literal: `Point(1, 2)`."""
    return isinstance(parsed(want), ast.Call)


def _printed(example: Example) -> str:
    return f"{example.source.strip()} printed {example.want} instead of returning it"


def _failure(example: Example, ran: Ran) -> str:
    exception = None if ran.exception is None else harmless(ran.exception)
    return failure_text(example, harmless(ran.output), exception, ran.where and harmless(ran.where))


def shown(ran: Ran) -> str:
    """What a snippet did, for comparing: what it printed, and the kind of its exception."""
    return f"{ran.output}{ran.exception.partition(':')[0] if ran.exception else ''}"


def with_check(verdict: Verdict, check: str, problem: str | None) -> Verdict:
    """A verdict with one check more that came out, or did not."""
    checked = verdict.checked if problem else (*verdict.checked, check)
    return replace(verdict, problem=problem, checked=checked)


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
    told = tuple(f"{_failure(call, one)} (from a mock)" for call, one in other)
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


def with_blame(key: str, verdict: Verdict, uses: Mapping[str, frozenset[str]], failing: set[str]) -> Verdict:
    """A verdict that says whether a body may fail only because of stubs that it uses, and that do not use it."""
    if verdict.problem is None:
        return verdict
    guilty = {other for other in uses.get(key, frozenset()) & failing if key not in uses.get(other, frozenset())}
    return replace(verdict, blocked=verdict.blocked or NO_BODY in verdict.problem or bool(guilty - {key}))


def _broke_down(ran: Ran, made: Input) -> bool:
    """Whether an exception came about in a body that did not raise it on purpose, and does not come of the input."""
    line = (ran.where or "").partition(": ")[2]
    if ran.exception is None or ran.denied or not line or line.startswith(("raise", "assert")):
        return False
    return not is_natural(ran.exception, line, made)


def _told(failures: Sequence[str], counted: int) -> str | None:
    if not failures:
        return None
    shown_ones = "\n".join(failures[:SHOWN_FAILURES])
    return shown_ones if len(failures) == 1 else f"{len(failures)} of {counted} examples fail:\n{shown_ones}"
