"""The candidates for one stub: what was tried, what came of each, what it all took, and which is best."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jitc_import.source.digest import canonical
from jitc_import.store.sections import Spent
from jitc_import.tried import Tried, likeness, told_advice, told_reading, told_rote

if TYPE_CHECKING:
    from jitc_import.model.client import Reply
    from jitc_import.source.stubs import Stub
    from jitc_import.store.keep import Body

OF_ONE_MIND = 0.9
"""Agreement between candidates from which on another one would tell little."""

IN_DOUBT = 0.85
"""Agreement below which the body that is kept is called doubtful."""

ENOUGH_VOTES = 2
"""Votes that there must be before they can agree; one more where a candidate failed, as the stub is a hard one."""

ALONE = 3
"""Candidates from which on one that came out alone is called doubtful."""

ADVISED = (
    "mend it if that is a mistake; where the function is not meant for such arguments, an error is right "
    "(this one, or one that says more): never hide it behind a value like 0 or None that the docstring does not name"
)
"""What is to be done about advice."""

AGREEING = 3
"""Different candidates that must give the same wrong answer before it is the example that is doubted."""


@dataclass(eq=False)
class Candidacy:
    """All that was tried for one stub.

    `idle` counts the last replies that brought nothing new. The model has been told of advice where it was `advised`,
    and of other answers that a mock gave where it was `recalled`.
    """

    stub: Stub
    tried: list[Tried] = field(default_factory=list)
    rejection: str = "no reply"
    idle: int = 0
    spent: Spent = field(default_factory=Spent)
    accepted: bool = False
    hopeless: bool = False
    advised: bool = False
    recalled: bool = False
    latest: Tried | None = None
    _notes: tuple[str, ...] = ()

    def count(self, reply: Reply, stubs: int) -> None:
        """Add what a reply took that was asked for so many stubs."""
        spent = self.spent
        self.spent = replace(
            spent,
            tokens_in=spent.tokens_in + reply.tokens_in,
            tokens_out=spent.tokens_out + reply.tokens_out,
            shared_by=spent.shared_by if spent.requests else stubs,
            requests=spent.requests + 1,
            seconds=round(spent.seconds + reply.seconds, 1),
        )

    def begin_again(self) -> None:
        """Another model is to try: what was tried stays in the running, that the last one gave up does not count."""
        self.idle = 0
        self.hopeless = self.advised = self.recalled = False
        self.latest = None

    def reject(self, reason: str) -> None:
        """A reply brought no body, in words why."""
        self.idle = self.idle + 1 if reason == self.rejection else 0
        self.rejection = reason
        self.latest = None

    def add(self, tried: Tried) -> bool:
        """Take in a body; returns whether it is a new one. One that was tried before has one vote more."""
        same = self._same(tried)
        self.latest = same or tried
        if same:
            same.votes += 1
            self.idle += 1
            return False
        self.tried.append(tried)
        self.spent = replace(self.spent, candidates=len(self.tried))
        self.idle = 0
        return True

    @property
    def best(self) -> Tried | None:
        """The best so far; of equal ones the first."""
        return max(self.tried, key=lambda tried: tried.rank, default=None)

    @property
    def placed(self) -> Tried | None:
        """The one that stands in its module while others are judged: the best that can be run."""
        return self.best if self.best and self.best.flaw is None else None

    @property
    def passing(self) -> list[Tried]:
        """Those of which all came out."""
        return [tried for tried in self.tried if tried.problem is None]

    @property
    def problem(self) -> str | None:
        """Why there is no acceptable body; None where there is one."""
        return self.best.problem if self.best else self.rejection

    @property
    def discussed(self) -> Tried | None:
        """The one that a repair is about: the best, where only advice speaks against it, else the latest."""
        return self.best if self.advice else self.latest

    @property
    def latest_problem(self) -> str:
        """What was wrong with the last reply, or may be with the best body."""
        if self.advice and self.best:
            return f"its examples come out, but {self.advice[0]}; {ADVISED}"
        return (self.latest.problem if self.latest else None) or self.suspected or self.rejection

    @property
    def suspected(self) -> str:
        """What failed that another stub is more likely to be wrong for; empty where nothing did."""
        return self.best.verdict.suspected if self.best and self.best.problem is None else ""

    @property
    def recollection(self) -> str:
        """What the last reply does otherwise than a mock did, if the model has not been told of such yet."""
        differs = self.latest.verdict.differs if self.latest and not (self.advice or self.recalled) else ""
        return f"\nIt also {differs}; the mock may have been wrong." if differs else ""

    @property
    def advice(self) -> tuple[str, ...]:
        """What speaks against each body of which all came out; empty where there is one against which nothing does."""
        against = [tried.advice for tried in self.passing]
        return against[0] if against and all(against) else ()

    @property
    def untold(self) -> bool:
        """Whether generated arguments speak against the best body, which passed, and the model has not been told.

        That a mock was answered otherwise is no reason to ask again.
        """
        if self.advised or self.best is None or self.best.problem:
            return False
        return bool(self.best.verdict.advice and not self.best.verdict.differs)

    @property
    def blocked(self) -> bool:
        """Whether only a stub that it uses may be wrong."""
        return bool(self.latest and self.latest.verdict.blocked)

    @property
    def votes(self) -> int:
        """How many times the model wrote a body of which all came out."""
        return sum(tried.votes for tried in self.passing)

    @property
    def of_one_mind(self) -> bool:
        """Whether there are enough votes for what some body does that another candidate would tell little."""
        enough = ENOUGH_VOTES + (len(self.passing) < len(self.tried))
        return self.votes >= enough and max(map(self.agreement, self.passing)) >= OF_ONE_MIND

    def agreement(self, tried: Tried) -> float:
        """The share (0 to 1) of generated inputs on which the other votes do as `tried` does, on average."""
        others = sum(one.votes * likeness(one, tried) for one in self.passing) - 1
        return others / (self.votes - 1) if self.votes > 1 else 0.0

    @property
    def chosen(self) -> Tried | None:
        """The one to keep: of those of which all came out one that most agree on, else the best that nobody refused."""
        usable = [tried for tried in self.tried if not tried.turned_down]
        best = max(usable, key=lambda tried: tried.rank, default=None)
        return max(self.passing, key=self._trust, default=best)

    def outcome(self) -> Body:
        """The body to keep, with all that it took. Raises ValueError where there is none."""
        chosen = self.chosen
        if chosen is None:
            raise ValueError(self.stub.key)
        notes = self._notes if chosen.problem is None else ("unverified",)
        doubts = (
            *self._told_agreement(chosen),
            *told_advice(chosen),
            *told_reading(chosen),
            *told_rote(chosen),
            *notes,
        )
        checked = (*chosen.body.checked, *chosen.verdict.checked, *doubts)
        return replace(chosen.body, checked=checked, confined=chosen.verdict.confined, spent=self.spent)

    def _trust(self, tried: Tried) -> tuple[int, int, float, bool]:
        """Of bodies of which all came out the better the greater: more did, less speaks against it, others agree."""
        agreement = round(self.agreement(tried), 2)
        return tried.verdict.passed, -len(tried.advice), agreement, tried is self.tried[0]

    def turn_down(self) -> None:
        """A person did not accept the body to keep."""
        if self.chosen:
            self.chosen.turned_down = True

    def doubted_examples(self) -> frozenset[int]:
        """The positions of the examples that seem wrong.

        They seem so where different candidates all agree on another answer, and pass the others, which are more.
        """
        ran = [tried for tried in self.tried if not (tried.flaw or tried.turned_down) and tried.verdict.failed]
        if len(ran) < AGREEING or len(ran) < len(self.tried) or not self.best:
            return frozenset()
        answers = {(one.verdict.failed, tuple(one.verdict.outputs[at] for at in one.verdict.failed)) for one in ran}
        failed = ran[0].verdict.failed
        if len(answers) != 1 or 2 * len(failed) > min(one.verdict.passed for one in ran):
            return frozenset()
        return failed

    def forgive(self, examples: frozenset[int]) -> None:
        """Let the best body pass without examples that seem wrong."""
        if self.best is None:
            return
        verdict = self.best.verdict
        passed = (f"examples {verdict.passed}/{verdict.passed}",)
        self.best.verdict = replace(verdict, problem=None, counted=verdict.passed, checked=passed)
        self._notes = (f"doubtful: {len(examples)} of the examples seem wrong",)

    def _told_agreement(self, chosen: Tried) -> tuple[str, ...]:
        """How far the candidates that passed do what the chosen one does."""
        if not any(tried.is_telling for tried in self.passing):
            return ()
        if self.votes < ENOUGH_VOTES:
            return (f"doubtful: 1 of {len(self.tried)} candidates comes out",) if len(self.tried) >= ALONE else ()
        if len(self.passing) == 1:  # an endpoint may give the same reply each time: no second opinion
            times = "twice" if self.votes == ENOUGH_VOTES else f"{self.votes} times"
            return (f"the same text {times}",)
        share = self.agreement(chosen)
        texts = f" ({len(self.passing)} texts)" if len(self.passing) < self.votes else ""
        told = f"agreement {share:.0%} of {self.votes}{texts}"
        return (f"doubtful: {told}" if share < IN_DOUBT else told,)

    def _same(self, tried: Tried) -> Tried | None:
        code = _code(tried.body.text)
        return next((other for other in self.tried if _code(other.body.text) == code), None)


def _code(body: str) -> str:
    return canonical(ast.parse(body).body)
