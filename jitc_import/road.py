"""One module under way: what a search for its bodies asks, reads, judges and keeps goes through here."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jitc_import import explain
from jitc_import.errors import BudgetError, EndpointError
from jitc_import.heldout import shown_part
from jitc_import.inspection import Inspection
from jitc_import.local.choice import LOCAL
from jitc_import.model.client import Request
from jitc_import.model.reply import Candidate, read_reply
from jitc_import.model.secrets import refuse_secrets
from jitc_import.progress import Track
from jitc_import.prompting import first_prompt
from jitc_import.ready import made_ready
from jitc_import.review import approved
from jitc_import.store.companion import write_companion
from jitc_import.store.keep import updated
from jitc_import.store.sections import trust_in
from jitc_import.survey import survey_module

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jitc_import.judging.judge import Judge
    from jitc_import.model.client import Client, Reply
    from jitc_import.progress import Display
    from jitc_import.prompting import Prompt
    from jitc_import.settings import Settings
    from jitc_import.source.stubs import Stub
    from jitc_import.store.keep import Body, Failure
    from jitc_import.survey import Survey
    from jitc_import.tried import Tried
    from jitc_import.wish import Wish


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
        self.inspection = Inspection(self.survey, self.settings, self.wish.names)

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
        authors = {stub.key: self._author(stub, reply) for stub in stubs}
        return self.inspection.look(answers, authors, reply.text)

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

    def _author(self, stub: Stub, reply: Reply) -> str:
        """The model as it was asked for; where the endpoint answers with a name that says more, that one."""
        asked = self.client.model_name((self.wish.options or stub.options).model)
        return reply.model if asked in {"", LOCAL} or reply.model.startswith(asked) else asked

    def _write(self, bodies: Mapping[str, Body], failures: Mapping[str, Failure]) -> None:
        if bodies or failures:
            companion = updated(self.survey.companion, self.module, bodies, failures, self.settings.fingerprint())
            write_companion(made_ready(companion, self.module))
            self.survey = survey_module(self.module, self.settings)
            self.judge.survey = self.inspection.survey = self.survey
