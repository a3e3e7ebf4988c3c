"""What came of running a candidate, and what that says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jitc_import.assembly import NO_BODY
from jitc_import.checks.examples import failure_text, is_call_of, matches
from jitc_import.harmless import harmless

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jitc_import.checks.examples import Example
    from jitc_import.checks.sandbox.session import Outcome, Ran

SHOWN_FAILURES = 3
"""Examples that failed that a model is shown; more are counted."""

_DENIED = re.compile(
    r"(?:PermissionError: \[Errno (?:1|13)\]|OSError: \[Errno (?:30|38|97)\]|RuntimeError: can't start new thread)"
)
"""What a confined child answers: EPERM, EACCES; EROFS, ENOSYS, EAFNOSUPPORT."""

_FAULTS_OF_EXAMPLES = ("NameError", "SyntaxError", "ImportError", "ModuleNotFoundError")
"""Exceptions that, raised by the text of an example itself, no body can be blamed for."""


@dataclass(frozen=True)
class Verdict:
    """What came of running a candidate: `problem` in words, for the model and the user, None where all came out.

    `checked` names what came out, as it is recorded. `passed` of `counted` examples did; `outputs` is what each printed
    or raised, `doubtful` the texts of those that seem wrong themselves, `failed` the positions of those that did not
    come out. `advice` is what generated arguments showed that may be meant so. `blocked` says that the body may fail
    only because of a stub that it uses; `waiting` that a check met a stub that has no body yet, or a wrong one: it says
    more when it has. `confined` is how the child was, where anything ran.
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
    confined: str = ""


UNRUN = Verdict()

UNJUDGED = Verdict("it was not checked to the end")


@dataclass(frozen=True)
class Behaviour:
    """What a body does with generated inputs: what each shows or raises, and in words where it broke down.

    `raised` are the positions of the inputs on which it raised something.
    """

    outputs: tuple[str, ...] = ()
    crashes: tuple[str, ...] = ()
    raised: frozenset[int] = frozenset()


def behaviour_of(runs: Sequence[Sequence[str]], outcome: Outcome) -> Behaviour:
    """The behaviour that an outcome shows; each of `runs` is set-up lines and a call."""
    outputs: list[str] = []
    crashes: list[str] = []
    raised: set[int] = set()
    at = 0
    for *setup, call in runs:
        at += len(setup) + 1
        ran = outcome.ran[at - 1] if at <= len(outcome.ran) else None
        if ran and ran.exception:
            raised.add(len(outputs))
        outputs.append(shown(ran) if ran else outcome.ended or "")
        if ran and _broke_down(ran):
            crashes.append(harmless(f"`{call}` raised {ran.exception} ({ran.where})"))
    return Behaviour(tuple(outputs), tuple(crashes), frozenset(raised))


def verdict_of_examples(examples: Sequence[Example], outcome: Outcome, name: str, *, valued: bool = False) -> Verdict:
    """What the outcome of the examples of one stub, a function called `name`, says of its body.

    `valued`: its annotation promises a value, so that one that is printed instead is wrong.
    """
    failures: dict[int, str] = {}
    doubtful: list[str] = []
    passed = denied = 0
    for position, (example, ran) in enumerate(zip(examples, outcome.ran, strict=False)):
        is_printed = not ran.shown and (example.form == "value" or (valued and is_call_of(example.source, name)))
        if matches(example, ran.output, ran.exception, shown=not is_printed):
            passed += bool(example.want or example.exception)  # else it is a set-up line
        elif _is_denied(ran):
            denied += 1
            doubtful.append(harmless(f"{example.source.strip()} cannot be run confined ({ran.exception})"))
        elif not failures and _is_fault_of(examples[: position + 1], ran, name):
            doubtful.append(harmless(f"{example.source.strip()} ({ran.exception})"))
        else:
            is_printed = is_printed and matches(example, ran.output, ran.exception)
            failures[position] = _printed(example) if is_printed else _failure(example, ran)
    for position in range(len(outcome.ran), len(examples)):
        reason = outcome.ended if position == len(outcome.ran) else "not run"
        failures[position] = f"`{examples[position].source.strip()}`: {reason}"
    counted = passed + len(failures)
    outputs = tuple(map(shown, outcome.ran)) + (outcome.ended or "",) * (len(examples) - len(outcome.ran))
    checked = [f"examples {passed}/{counted}"] * bool(counted)
    checked += [f"doubtful: {denied} of the examples not run"] * bool(denied)
    problem = _told([*failures.values()], counted)
    return Verdict(problem, tuple(checked), passed, counted, outputs, tuple(doubtful), frozenset(failures))


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
    told = tuple(f"{_failure(call, one)} (from a mock)" for call, one in other)
    check = f"from a mock {len(ran) - len(other)}/{len(calls)}"
    return replace(verdict, checked=(*verdict.checked, check), advice=(*verdict.advice, *told))


def with_blame(key: str, verdict: Verdict, uses: Mapping[str, frozenset[str]], failing: set[str]) -> Verdict:
    """A verdict that says whether a body may fail only because of stubs that it uses, and that do not use it."""
    if verdict.problem is None:
        return verdict
    guilty = {other for other in uses.get(key, frozenset()) & failing if key not in uses.get(other, frozenset())}
    return replace(verdict, blocked=verdict.blocked or NO_BODY in verdict.problem or bool(guilty - {key}))


def _broke_down(ran: Ran) -> bool:
    """Whether an exception came about in a body, and was not raised by it on purpose."""
    line = (ran.where or "").partition(": ")[2]
    return ran.exception is not None and bool(line) and not line.startswith(("raise", "assert"))


def _is_denied(ran: Ran) -> bool:
    """Whether a body broke down on what it may not do where it is checked."""
    return ran.inside and _broke_down(ran) and _DENIED.match(ran.exception or "") is not None


def _told(failures: Sequence[str], counted: int) -> str | None:
    if not failures:
        return None
    shown_ones = "\n".join(failures[:SHOWN_FAILURES])
    return shown_ones if len(failures) == 1 else f"{len(failures)} of {counted} examples fail:\n{shown_ones}"


def _is_fault_of(examples: Sequence[Example], ran: Ran, name: str) -> bool:
    """Whether the last of these examples fails for a reason that no body can do anything about.

    It names what is not there, calls the function with other arguments than it takes, or fails before it was called.
    """
    example = examples[-1]
    if ran.exception is None or ran.inside or example.exception is not None:
        return False
    kind = ran.exception.strip().splitlines()[-1].partition(":")[0]
    if kind in _FAULTS_OF_EXAMPLES:
        return True
    if re.match(rf"TypeError: (?:\w+\.)*{re.escape(name)}\(\) (?:takes|missing|got) ", ran.exception):
        return True
    return not any(re.search(rf"\b{re.escape(name)}\b", one.source) for one in examples)
