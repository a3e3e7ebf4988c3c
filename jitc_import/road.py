"""One module under way: what a search for its bodies asks, reads, judges and keeps goes through here."""

from __future__ import annotations

import ast
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jitc_import import explain
from jitc_import.checks.kept_state import keeps_unasked_state
from jitc_import.checks.names import Scope
from jitc_import.checks.static import STATIC_CHECKS, Surroundings, called_for, effects_in_place, static_problem
from jitc_import.errors import BudgetError, EndpointError
from jitc_import.heldout import shown_part
from jitc_import.local.choice import LOCAL
from jitc_import.model.client import Request
from jitc_import.model.reply import Candidate, read_reply
from jitc_import.model.secrets import refuse_secrets
from jitc_import.progress import Track
from jitc_import.prompting import first_prompt, search_path
from jitc_import.ready import made_ready
from jitc_import.review import approved
from jitc_import.source.bindings import globals_made
from jitc_import.source.definitions import qualname_of
from jitc_import.source.digest import same_code
from jitc_import.store.companion import write_companion
from jitc_import.store.keep import Body, Failure, updated
from jitc_import.store.sections import trust_in
from jitc_import.survey import USABLE, survey_module
from jitc_import.tried import Tried

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jitc_import.judging.judge import Judge
    from jitc_import.model.client import Client, Reply
    from jitc_import.model.reply import Rejection
    from jitc_import.progress import Display
    from jitc_import.prompting import Prompt
    from jitc_import.settings import Settings
    from jitc_import.source.stubs import Stub
    from jitc_import.survey import Survey
    from jitc_import.wish import Wish

GRAVE = frozenset({"syntax", "signature", "effects"})
"""Static checks whose failure leaves nothing that could be used."""


@dataclass
class Road:
    """One module under way: asks a model, reads replies, has candidates judged, and keeps what is good."""

    survey: Survey
    settings: Settings
    wish: Wish
    shown: Display
    client: Client
    judge: Judge
    track: Track = field(init=False)
    tokens: int = 0

    def __post_init__(self) -> None:
        self.module = self.survey.module
        is_package = self.survey.package == self.module.name
        self.scope = Scope.of(self.module.tree, self.wish.names | ({"__path__"} if is_package else set()))
        self.path = search_path(self.module)

    @contextmanager
    def tracked(self, stubs: Sequence[Stub]) -> Iterator[None]:
        """Show how far these stubs have come, as long as the road is travelled for them."""
        asked = dict.fromkeys(self.client.model_name((self.wish.options or stub.options).model) for stub in stubs)
        models = ", ".join(model or "the endpoint's model" for model in asked) if any(asked) else ""
        with Track(explain.module_label(self.module), [stub.key for stub in stubs], models, self.shown) as self.track:
            yield

    def first_prompt(self, stubs: Sequence[Stub], *, thinking: bool = False) -> Prompt:
        """The first request for some stubs of the module; with `thinking` the model explains before it writes."""
        return first_prompt(self.module, stubs, self.settings, self.wish.options, shown_part, thinking=thinking)

    def ask(self, prompt: Prompt, temperature: float | None = None, seed: int | None = None) -> Reply:
        """Send a request; what the stub's options say goes before `temperature` and `seed`."""
        refuse_secrets(prompt.messages, self.module)
        options = self.wish.options or prompt.stubs[0].options
        room = max(self.settings.context - prompt.tokens, self.settings.context // 4)
        request = Request(
            prompt.messages,
            options.model,
            temperature if options.temperature is None else options.temperature,
            seed if options.seed is None else options.seed + (seed or 0),
            max_tokens=room,
            is_all=lambda text: self._holds_all(text, prompt.stubs),
        )
        try:
            return self.client.ask(request, self.track.text)
        except (EndpointError, BudgetError) as error:
            raise explain.unanswered(error, self.module, prompt.stubs) from None

    def _holds_all(self, text: str, stubs: Sequence[Stub]) -> bool:
        """Whether what came of a reply so far holds a body for each stub: what follows is talk."""
        answers = read_reply(text, self.module, stubs)
        return all(isinstance(answer, Candidate) for answer in answers.values())

    def read(self, reply: Reply, stubs: Sequence[Stub]) -> dict[str, Tried | str]:
        """What a reply holds for each stub: a body, looked at without running it, or why there is none."""
        answers = read_reply(reply.text, self.module, stubs, cut=reply.cut)
        scope = self.scope.with_names(self._globals_made(answers.values()))
        around = self._surroundings(answers)
        return {stub.key: self._tried(stub, answers[stub.key], reply, scope, around) for stub in stubs}

    def taken(self, reply: Reply | None, accepted: int) -> None:
        """Take notice of bodies that were accepted, and of the reply that was judged before, if one was."""
        self.tokens += reply.tokens_in + reply.tokens_out if reply else 0
        self.track.accepted(accepted, self.tokens)

    def approved(self, body: Body) -> bool:
        """Whether a person accepts a body, where one is to be asked."""
        return self.settings.mode != "review" or approved(self.module, body)

    def keep(self, bodies: Mapping[str, Body]) -> None:
        """Write accepted bodies into the companion file."""
        self._write(bodies, {})
        self.track.kept([trust_in(body.checked) for body in bodies.values()])

    def fail(self, failures: Mapping[str, Failure]) -> None:
        """Write into the companion file why stubs have no body."""
        self._write({}, failures)

    def warn_unverified(self, stub: Stub, reason: str) -> None:
        """Say that a body is used though it failed a check."""
        explain.warn_unverified(self.module, stub, reason)

    def say(self, text: str) -> None:
        """Print one line."""
        self.shown.say(f"{explain.module_label(self.module)}: {text}")

    def _tried(
        self, stub: Stub, answer: Candidate | Rejection, reply: Reply, scope: Scope, around: Surroundings
    ) -> Tried | str:
        if not isinstance(answer, Candidate):
            return answer.reason
        if stub.draft and same_code(stub.draft, answer.body):
            return "the body is the draft, unchanged: finish it, so that the function does what its docstring says"
        found = static_problem(
            stub.key, answer.definition, answer.body, scope, self.survey.package, self.path, around=around
        )
        body = Body(stub, answer.body, self._author(stub, reply))
        if self.settings.verify == "off" and not (found and found.check == "syntax"):
            return Tried(replace(body, checked=("syntax",)), reply.text, None)
        if found and found.check in GRAVE:
            return found.text
        found_effects = effects_in_place(stub.key, answer.body, scope, self.survey.package, around)
        unasked = called_for(stub.key, scope, self.survey.package, around).unasked(found_effects.excused)
        body = replace(body, effects=str(found_effects), unasked=unasked)
        if found:
            return Tried(replace(body, checked=("syntax", "signature")), reply.text, found.text)
        words = " ".join([qualname_of(stub.key), stub.docstring or "", *stub.hints, stub.draft])
        keeps = keeps_unasked_state(found_effects, self.module.tree, words)
        checked = (*STATIC_CHECKS, *["doubtful: it keeps state that nothing calls for"] * keeps)
        return Tried(replace(body, checked=checked), reply.text, None)

    def _surroundings(self, answers: Mapping[str, Candidate | Rejection]) -> Surroundings:
        """What stands around the bodies of a reply: each other, and those that are kept."""
        bodies = {
            one.stub.key: one.section.body for one in self.survey.standings if one.section and one.state in USABLE
        }
        bodies |= {key: answer.body for key, answer in answers.items() if isinstance(answer, Candidate)}
        lacking = [stub.key for stub in self.module.stubs if stub.key not in bodies]
        hints = {stub.key: " ".join(stub.hints) for stub in self.module.stubs}
        return Surroundings(self.module.tree, bodies, lacking, hints, self.settings.strict)

    def _globals_made(self, answers: Iterable[Candidate | Rejection]) -> frozenset[str]:
        """The names that bodies of this reply and those that are kept already create with `global`."""
        nodes: list[ast.AST] = [answer.definition for answer in answers if isinstance(answer, Candidate)]
        kept = (one.section.code for one in self.survey.standings if one.section and one.state in USABLE)
        nodes += [ast.parse(code) for code in kept if "global" in code]
        return frozenset().union(*map(globals_made, nodes))

    def _author(self, stub: Stub, reply: Reply) -> str:
        """The model as it was asked for; where the endpoint answers with a name that says more, that one."""
        asked = self.client.model_name((self.wish.options or stub.options).model)
        return reply.model if asked in {"", LOCAL} or reply.model.startswith(asked) else asked

    def _write(self, bodies: Mapping[str, Body], failures: Mapping[str, Failure]) -> None:
        if bodies or failures:
            companion = updated(self.survey.companion, self.module, bodies, failures, self.settings.fingerprint())
            write_companion(made_ready(companion, self.module))
            self.survey = survey_module(self.module, self.settings)
            self.judge.survey = self.survey
