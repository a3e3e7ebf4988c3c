"""The tries for the stubs of one request: the first pass, further candidates, repairs, and which body is best.

first pass      all stubs at once
candidates      where the settings allow several: more of them, of stubs that failed, or of whose body the model may
                be in two minds; every other one after thinking, which differs most, the later ones warmer
repairs         what failed goes back with the evidence: alone where it ran and was wrong, else together
advice          what passed goes back once where generated arguments speak against it
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from jitc_import.candidacy import Candidacy
from jitc_import.errors import BudgetError, EndpointError
from jitc_import.repairing import repair_prompt
from jitc_import.store.keep import Failure
from jitc_import.tried import Tried

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jitc_import.judging.verdicts import Verdict
    from jitc_import.model.client import Reply
    from jitc_import.prompting import Prompt
    from jitc_import.road import Road
    from jitc_import.source.stubs import Stub
    from jitc_import.store.keep import Body

COOLEST, WARMER, WARMEST = 0.6, 0.1, 1.0
"""The temperature of the second candidate, what each further one adds, and where that ends."""

TOGETHER = 5
"""From so many stubs on that ran and were wrong, they are asked for again together."""

HOPELESS = 3
"""Replies in a row without anything new after which a stub is given up."""


class Search:
    """The tries for the stubs of one request."""

    def __init__(self, prompt: Prompt, road: Road, before: Mapping[str, Candidacy] | None = None) -> None:
        """A search that begins with `prompt`; `before` holds what another model tried for its stubs."""
        self.prompt = prompt
        self.road = road
        self.settings = road.settings
        self.candidacies = {stub.key: _begun(stub, before or {}) for stub in prompt.stubs}
        self._last_reply = ""

    def run(self) -> None:
        """Try until all stubs have bodies or the tries are spent."""
        try:
            self._first_pass()
            self._draw()
            self._repair()
            self._advise()
        except BaseException as error:
            if not (isinstance(error, KeyboardInterrupt) and self.settings.mode == "review"):
                self._accept(last=True)  # what passed is not lost; a person who wants to leave is not asked again
            if isinstance(error, BudgetError) and self.settings.on_unverified == "keep":
                self._keep_best()
            raise
        self.road.taken(None, self._accept(last=True))

    def conclude(self) -> dict[str, Failure]:
        """Nobody else is asked: keep the best of the rest, where settings allow it; returns why stubs have no body."""
        doubted = [one for one in self._open() if not one.passing and self._doubts_examples(one)]
        if doubted:
            self.road.taken(None, self._accept(last=True))
        if self.settings.on_unverified == "keep":
            self.road.taken(None, self._keep_best())
        return {one.stub.key: Failure(one.problem or "", one.spent) for one in self._open()}

    def _open(self) -> list[Candidacy]:
        return [one for one in self.candidacies.values() if not one.accepted]

    def _first_pass(self) -> None:
        """Ask for all at once; a reply cut off after some whole bodies is no try of those it did not come to."""
        prompt = self.prompt
        while True:
            cut = self._ask(prompt).cut
            rest = [stub for stub in prompt.stubs if not self.candidacies[stub.key].latest]
            if not (cut and 0 < len(rest) < len(prompt.stubs)):
                return
            prompt = self._repair_prompt([self.candidacies[stub.key] for stub in rest])

    def _draw(self) -> None:
        """Ask for more candidates of the stubs that failed, and of those that another opinion may show to be wrong."""
        for number in range(1, self.settings.candidates):
            open_ones = [one for one in self._open() if not (self._settled(one) or self._given_up(one))]
            advised = [one for one in open_ones if one.advice and not one.advised]
            others = [one for one in open_ones if one not in advised]
            if advised:
                self._ask(self._repair_prompt(advised))
            if others:
                prompt = self.road.first_prompt([one.stub for one in others], thinking=number % 2 == 1)
                self._ask(prompt, *self._drawn(number))

    def _drawn(self, number: int) -> tuple[float | None, int | None]:
        """Temperature and seed of a further candidate; the first after thinking is the best that the model has."""
        return (None, None) if number == 1 else (min(COOLEST + WARMER * (number - 1), WARMEST), number)

    def _settled(self, one: Candidacy) -> bool:
        """Whether another candidate would tell nothing of a stub that has a body."""
        if not one.passing or one.advice:
            return False
        if not any(tried.is_telling for tried in one.passing):
            return True
        return one.of_one_mind

    def _repair(self) -> None:
        """Send back what failed, with the evidence, round by round."""
        for number in range(1, self.settings.repairs + 1):
            failing = [one for one in self._open() if _is_wrong(one, number) and not self._given_up(one)]
            guilty = [one for one in failing if not one.blocked] or failing
            wrong = [one for one in guilty if one.latest and one.latest.flaw is None]
            alone = wrong if len(wrong) < TOGETHER and len(self.candidacies) > 1 else []
            together = [one for one in guilty if one not in alone]
            if together:
                self._ask(self._repair_prompt(together), *self._warmth(together, number))
            for alike in self._alike(self._callees_first(alone)):
                asked = [one for one in alike if _is_wrong(one, number)]  # else a callee was all that was wrong
                if asked:
                    self._ask(self._repair_prompt(asked), *self._warmth(asked, number))

    def _advise(self) -> None:
        """Tell of what generated arguments showed; what passed is kept where nothing better comes of it."""
        asked = [one for one in self._open() if one.untold]
        if asked and self.settings.repairs:
            with suppress(BudgetError, EndpointError):
                self._ask(self._repair_prompt(asked))

    def _alike(self, some: Sequence[Candidacy]) -> list[list[Candidacy]]:
        """Each alone, but together what has the very same problem: any of those may be the one that is wrong."""
        groups: dict[str, list[Candidacy]] = {}
        for one in some:
            groups.setdefault(one.latest_problem, []).append(one)
        return list(groups.values())

    def _warmth(self, asked: Sequence[Candidacy], number: int) -> tuple[float | None, int | None]:
        """Temperature and seed of a repair: the model's best, warmer where that was a body that it wrote before."""
        return (WARMEST, number) if any(one.idle for one in asked) else (None, None)

    def _repair_prompt(self, asked: Sequence[Candidacy]) -> Prompt:
        """A request for other bodies, which tells the model what there is to tell: of advice, and of a mock, once."""
        prompt = repair_prompt(self.prompt, asked, self.candidacies.values(), self._last_reply, self.road)
        for one in asked:
            one.advised = bool(one.advice)
            one.recalled = one.recalled or bool(one.recollection)
        return prompt

    def _given_up(self, one: Candidacy) -> bool:
        """Whether a stub is hopeless: the model says the same over and over."""
        if one.idle < HOPELESS:
            return False
        if not (one.hopeless or one.passing):
            one.hopeless = True
            requests = f"{one.spent.requests} requests, the last {one.idle} of which"
            self.road.say(f"{one.stub.key}: given up after {requests} brought nothing new")
        return True

    def _ask(self, prompt: Prompt, temperature: float | None = None, seed: int | None = None) -> Reply:
        reply = self.road.ask(prompt, temperature, seed)
        self._last_reply = reply.text
        new: dict[str, Tried] = {}
        for key, answer in self.road.read(reply, prompt.stubs).items():
            one = self.candidacies[key]
            one.count(reply, len(prompt.stubs))
            if not isinstance(answer, Tried):
                one.reject(answer)
            elif one.add(answer) and answer.flaw is None:
                new[key] = answer
        self._judge(new)
        self.road.taken(reply, self._accept())
        return reply

    def _judge(self, new: Mapping[str, Tried]) -> None:
        """Run the new candidates, and the others that are not accepted yet again, as what they use may be new.

        Where a new one is not the best of its stub, the others are judged beside the best. Nothing new, nothing to run.
        """
        if not new:
            return
        before = {key: tried for key, tried in self._placed().items() if tried is not new.get(key)}
        beside = {**before, **new}
        verdicts = self._verdicts(beside)
        for key, tried in new.items():
            tried.verdict = verdicts[key]
        placed = self._placed()
        if placed not in (beside, before):
            verdicts = self._verdicts(placed)
        if placed != before:
            for key, tried in placed.items():
                tried.verdict = verdicts[key]
        if self.settings.candidates > 1:
            bodies = {key: tried.body for key, tried in placed.items()}
            for tried in (*placed.values(), *new.values()):
                if tried.problem is None and tried.behaviour is None:
                    tried.behaviour = self.road.judge.behaviour(tried.body, bodies)

    def _placed(self) -> dict[str, Tried]:
        """The best of each stub that is not accepted yet, where one can be run."""
        return {one.stub.key: one.placed for one in self._open() if one.placed}

    def _verdicts(self, some: Mapping[str, Tried]) -> dict[str, Verdict]:
        judge = self.road.judge
        try:
            return judge.verdicts({key: tried.body for key, tried in some.items()})
        except KeyboardInterrupt:
            for key, verdict in judge.interrupted().items():
                some[key].verdict = verdict
            raise

    def _accept(self, *, last: bool = False) -> int:
        """Keep the bodies that are good and rest on nothing that is still in doubt; the `last` time, all that are good.

        Returns how many.
        """
        uses = {} if last else self._uses()
        ready = [one for one in self._open() if one.passing and (last or self._is_final(one, uses))]
        bodies: dict[str, Body] = {}
        try:
            for one in ready:
                body = self._outcome(one)
                one.accepted = self.road.approved(body)
                if one.accepted:
                    bodies[one.stub.key] = body
                else:
                    one.turn_down()
        finally:
            self.road.keep(bodies)  # even where Ctrl-C ends a review: what was accepted is not asked again
        for one in ready:
            self._say_differs(one)
        return len(bodies)

    def _say_differs(self, one: Candidacy) -> None:
        """Say that a body which is kept does otherwise than the mock that stood there before."""
        if one.accepted and one.chosen and one.chosen.verdict.differs:
            self.road.say(f"{one.stub.key}: {one.chosen.verdict.differs}")

    def _doubts_examples(self, one: Candidacy) -> bool:
        """Whether a body passes because some examples seem wrong; said if so. Without `keep` the user decides."""
        doubted, forgiving = one.doubted_examples(), self.settings.on_unverified == "keep"
        told = "does not count" if forgiving else "different bodies agree on another answer; is it meant so?"
        for position in doubted:
            example = self.road.judge.examples(one.stub)[position]
            self.road.say(f"{one.stub.key}: the example `{example.source.strip()}` seems wrong: {told}")
        if doubted and forgiving:
            one.forgive(doubted)
        return bool(doubted) and forgiving

    def _keep_best(self) -> int:
        """Keep the best of those that did not pass; returns how many."""
        kept = 0
        for one in self._open():
            if one.chosen and self.road.approved(body := self._outcome(one)):
                self.road.warn_unverified(one.stub, one.chosen.problem or "")
                self.road.keep({one.stub.key: body})
                one.accepted = True
                self._say_differs(one)
                kept += 1
        return kept

    def _outcome(self, one: Candidacy) -> Body:
        """The body of a stub that is to be kept."""
        others = {key: tried.body.text for key, tried in self._placed().items()}
        return self.road.inspection.in_place(one.outcome(), others)

    def _is_final(self, one: Candidacy, uses: Mapping[str, frozenset[str]]) -> bool:
        """Whether the body of a stub can be kept, as `uses` says which stubs each one uses."""
        if self.settings.candidates > 1 and not self._settled(one):
            return False
        if one.untold and self.settings.repairs:
            return False
        if any(tried.verdict.waiting for tried in one.passing):
            return False
        used = uses.get(one.stub.key, frozenset())
        return not any(other.problem for other in self._open() if other.stub.key in used)

    def _uses(self) -> dict[str, frozenset[str]]:
        return self.road.judge.uses({key: tried.body for key, tried in self._placed().items()})

    def _callees_first(self, some: Sequence[Candidacy]) -> list[Candidacy]:
        uses = self._uses()
        return sorted(some, key=lambda one: len(uses.get(one.stub.key, frozenset())))


def _is_wrong(one: Candidacy, number: int) -> bool:
    """Whether a stub is asked for again in a round of repairs: one that is only suspected is not in the first."""
    return bool(one.problem or (number > 1 and one.suspected))


def _begun(stub: Stub, before: Mapping[str, Candidacy]) -> Candidacy:
    """The candidacy of a stub: a new one, or what another model left, which has had its turn."""
    one = before.get(stub.key)
    if one is None:
        return Candidacy(stub)
    one.begin_again()
    return one
