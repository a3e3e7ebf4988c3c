"""What the examples of one stub come to when they ran."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jitc_import.checks.examples import OPEN, failure_text, is_call_of, is_printed_text, left_open, matches
from jitc_import.checks.examples.literals import is_literal, parsed
from jitc_import.harmless import harmless
from jitc_import.judging.behaviour import shown
from jitc_import.judging.excuses import Excuses
from jitc_import.judging.footing import Footing
from jitc_import.judging.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitc_import.checks.examples import Example
    from jitc_import.checks.sandbox.session import Outcome, Ran
    from jitc_import.judging.denials import Denials

SHOWN_FAILURES = 3
"""Examples that failed that a model is shown; more are counted."""

NO_FAULTS = (*OPEN, "cannot be run confined")
"""What is said of an example that does not count, and is not wrong."""


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
    lines: tuple[int, int] | None = None,
) -> Verdict:
    """What the outcome of the examples of one stub, a function or class called `name`, says of its body.

    With `lines`, the first and last of its body, which was watched, an example counts as passed where it, or one before
    it, called that; without, where it names it. `footing` is what the examples rest on. `prints` says whether its calls
    may print what the examples show instead of giving it; where that is None, the examples tell. With `prints_text`, a
    text in prose is what they print. `denials` takes note of what bodies were denied, `key` is the stub.
    """
    footing = footing or Footing([example.source for example in examples], {name}, by_name=False)
    tally = _Tally(name, footing, prints, prints_text, denials, key, lines)
    for position, (example, ran) in enumerate(zip(examples, outcome.ran, strict=False)):
        tally.take(position, example, ran)
    for position in range(len(outcome.ran), len(examples)):
        reason = outcome.ended if position == len(outcome.ran) else "not run"
        tally.failures[position] = f"`{examples[position].source.strip()}`: {reason}"
    outputs = tuple(map(shown, outcome.ran)) + (outcome.ended or "",) * (len(examples) - len(outcome.ran))
    return tally.verdict(outputs)


@dataclass
class _Tally:
    """The examples of one stub, counted one by one; the first fields are as `verdict_of_examples` has them.

    `has_called` says whether the body was called by then. `failures` are told by position; `blamed` are those that are
    held against the body whatever the example says.
    """

    name: str
    footing: Footing
    prints: bool | None
    prints_text: bool
    denials: Denials | None
    key: str
    lines: tuple[int, int] | None
    has_called: bool = False
    passed: int = 0
    printed: bool = False
    failures: dict[int, str] = field(default_factory=dict)
    blamed: set[int] = field(default_factory=set)
    open_ones: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.excuses = Excuses(self.footing, self.name)

    def take(self, position: int, example: Example, ran: Ran) -> None:
        """Count one that ran."""
        is_call = not ran.shown and is_call_of(example.source, self.name)
        is_printed = not ran.shown and (example.form == "value" or (is_call and _is_value(example.want, self.prints)))
        is_text = self.prints_text and is_printed and not ran.exception and is_printed_text(example, ran.output)
        calls = bool(self.lines and any(self.lines[0] <= line <= self.lines[1] for line in ran.called))
        self.has_called = self.has_called or calls
        if ran.absent:
            self.excuses.held.add(position)  # whatever came of it
        elif is_text or matches(example, ran.output, ran.exception, shown=not is_printed):
            is_about_it = example.is_assert and (calls or self.footing.rests(position))
            tells = bool(example.want or example.exception or is_about_it)  # else it is a set-up line
            self.passed += tells and (self.has_called if self.lines else self.footing.named(position))
            self.printed = self.printed or (is_call and self.prints is None and _is_object(example.want))
        elif why := _left_open(example, ran):
            self.open_ones.append(f"{failure_of(example, ran)}, {why}")
        elif not (self._is_denied(position, example, ran) or self._is_excused(position, example, ran)):
            is_printed = is_printed and matches(example, ran.output, ran.exception)
            self.failures[position] = _printed(example) if is_printed else failure_of(example, ran)

    def _is_denied(self, position: int, example: Example, ran: Ran) -> bool:
        """Whether it was cut short by a denial that is held against a body: this one, or another."""
        culprit = self.denials and self.denials.culprit(
            ran.denied, example.source.strip(), ran.exception or "", ran.where or ""
        )
        if self.denials and culprit == self.key:
            self.failures[position] = self.denials.found[culprit]
            self.blamed.add(position)
        elif culprit:  # the other is asked for again, then this one says more
            self.excuses.denied.add(position)
        return bool(culprit)

    def _is_excused(self, position: int, example: Example, ran: Ran) -> bool:
        return self.excuses.take(position, example, ran, is_first=not self.failures)

    def verdict(self, outputs: tuple[str, ...]) -> Verdict:
        """What they come to; `outputs` is what each printed or raised."""
        counted = self.passed + len(self.failures)
        checked = [f"examples {self.passed}/{counted}"] * bool(counted) + [*self.excuses.checked]
        checked += ["doubtful: it prints what it may have to give"] * self.printed
        problem = _told([*self.failures.values()], counted)
        doubtful, failed = (*self.open_ones, *self.excuses.told), frozenset(self.failures).difference(self.blamed)
        return Verdict(problem, tuple(checked), self.passed, counted, outputs, doubtful, failed)


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


def failure_of(example: Example, ran: Ran) -> str:
    """What is told of an example that did not come out."""
    exception = None if ran.exception is None else harmless(ran.exception)
    return failure_text(example, harmless(ran.output), exception, ran.where and harmless(ran.where))


def _told(failures: Sequence[str], counted: int) -> str | None:
    if not failures:
        return None
    shown_ones = "\n".join(failures[:SHOWN_FAILURES])
    return shown_ones if len(failures) == 1 else f"{len(failures)} of {counted} examples fail:\n{shown_ones}"
