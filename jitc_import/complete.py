"""The road of a module: what is missing is asked of a model, judged, and kept.

    survey      which stubs lack a body
    ask         one request for all of them; what fails goes back with the reason
    judge       is each candidate acceptable
    keep        the accepted bodies go into the companion file, at once

`complete_for_import` is what the import hook calls, `complete_module` what everything else does.
"""

from __future__ import annotations

import ast
import os
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from jitc_import import explain
from jitc_import.checks.names import Scope
from jitc_import.checks.static import STATIC_CHECKS, static_problem
from jitc_import.errors import BudgetError, EndpointError
from jitc_import.model.client import Request, shared_client
from jitc_import.model.prompts import first_messages, repair_messages
from jitc_import.model.reply import Candidate, read_reply
from jitc_import.model.secrets import refuse_secrets
from jitc_import.progress import Track, display
from jitc_import.ready import made_ready
from jitc_import.review import approved
from jitc_import.settings import load_settings
from jitc_import.source.bindings import globals_made
from jitc_import.source.context import render_context, split_stubs
from jitc_import.source.digest import same_code
from jitc_import.source.tokens import count_tokens
from jitc_import.store.companion import companion_path, ensure_writable, write_companion
from jitc_import.store.keep import Body, updated
from jitc_import.store.lock import companion_lock
from jitc_import.store.states import State
from jitc_import.survey import USABLE, survey_module, survey_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import openai

    from jitc_import.model.client import Client, Reply
    from jitc_import.model.prompts import Message
    from jitc_import.model.reply import Rejection
    from jitc_import.progress import Display
    from jitc_import.settings import Settings
    from jitc_import.source.stubs import Options, SourceModule, Stub
    from jitc_import.survey import Survey

PROMPT_SHARE = 0.6
"""The part of the context window that a prompt may fill; the rest is for the reply."""

REQUEST_SHARE = 0.8
"""The part that the stubs of one request and the bodies expected for them may fill; the rest is what stands around."""


@dataclass(frozen=True)
class Wish:
    """What is wanted beyond the bodies that are missing or stale.

    `fresh` completes anew what is fresh, `retry` tries again what failed before, `edited` says what becomes of bodies
    that a person edited, `only` limits all of it to some keys. `client` and `options` are what a decorator was given
    when it ran; they go before what the source says. `names` exist besides those that the source binds: a session's.
    """

    fresh: bool = False
    retry: bool = False
    edited: Literal["keep", "overwrite"] | None = None
    only: frozenset[str] | None = None
    client: openai.OpenAI | None = None
    options: Options | None = None
    names: frozenset[str] = frozenset()


PLAIN_WISH = Wish()


def complete_for_import(source: bytes, path: str, name: str) -> dict[str, str]:
    """See to it that the companion file of a module holds a body for each stub.

    Returns for each stub's key the address of its section; stubs whose decorator completes them when it runs may lack
    one. Raises JitcImportError where a stub stays without a body, SyntaxError for what is no Python.
    """
    settings = load_settings(path)
    survey = survey_source(source, path, name, settings)
    return complete_module(survey, settings).addresses


def complete_module(
    survey: Survey, settings: Settings, wish: Wish = PLAIN_WISH, shown: Display | None = None
) -> Survey:
    """Complete the stubs of a module that lack a body, and survey it again.

    Raises CompletionError (LockedError, EndpointError, BudgetError) that names each stub left without a body, and
    StoreError where the companion file cannot be kept. What was accepted before is kept in every case.
    """
    if not wanted_stubs(survey, wish):
        explain.refuse_unusable(survey, wish)
        return survey
    if settings.mode == "locked" or (settings.mode == "review" and not sys.stdin.isatty()):
        raise explain.locked(survey, wanted_stubs(survey, wish), settings)
    path = companion_path(survey.module.path)
    ensure_writable(path)
    with companion_lock(path, settings.lock_timeout):
        survey = survey_module(survey.module, settings)  # another process may have completed it meanwhile
        if stubs := wanted_stubs(survey, wish):
            survey = _Road(survey, settings, wish, shown or display()).travel(stubs)
    explain.refuse_unusable(survey, wish)
    return survey


def wanted_stubs(survey: Survey, wish: Wish = PLAIN_WISH) -> tuple[Stub, ...]:
    """The stubs that a wish would ask a model for."""
    states = {State.MISSING, State.STALE}
    if wish.fresh:
        states |= {State.FRESH, State.FAILED}
    if wish.retry:
        states.add(State.FAILED)
    if wish.edited == "overwrite":
        states |= {State.EDITED, State.CONFLICT}
    found = survey.in_state(*states)
    if wish.only is not None:
        return tuple(stub for stub in found if stub.key in wish.only)
    return tuple(stub for stub in found if not stub.dynamic)


@dataclass(frozen=True)
class Prompt:
    """One request before it is sent: the stubs it asks for, and what it says."""

    stubs: tuple[Stub, ...]
    messages: tuple[Message, ...]

    @property
    def tokens(self) -> int:
        """The size of the messages in tokens, as estimated without a tokenizer."""
        return sum(count_tokens(message["content"]) for message in self.messages)


def first_prompts(module: SourceModule, stubs: Sequence[Stub], settings: Settings, wish: Wish) -> list[Prompt]:
    """The first requests for some stubs of a module: one, or as few as their options and the context window allow."""
    by_options: dict[Options, list[Stub]] = {}
    for stub in stubs:
        by_options.setdefault(wish.options or stub.options, []).append(stub)
    return [
        Prompt(group, _first_messages(module, group, options, settings))
        for options, same in by_options.items()
        for group in split_stubs(module, same, int(settings.context * REQUEST_SHARE))
    ]


def _first_messages(
    module: SourceModule, stubs: Sequence[Stub], options: Options, settings: Settings
) -> tuple[Message, ...]:
    context = render_context(module, stubs, int(settings.context * PROMPT_SHARE), search_path(module))
    return first_messages(context, stubs, options.prompt_template)


def search_path(module: SourceModule) -> list[str]:
    """`sys.path` with the root of a module's code in front: the folder that holds its outermost package."""
    depth = module.name.count(".") + (os.path.basename(module.path) == "__init__.py")
    root = os.path.dirname(os.path.abspath(module.path))
    for _ in range(depth):
        root = os.path.dirname(root)
    return [root, *sys.path]


@dataclass
class _Road:
    """One module under way: asks, judges and keeps until nothing is left or the tries are spent."""

    survey: Survey
    settings: Settings
    wish: Wish
    shown: Display
    spares: dict[str, Body] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.module = self.survey.module
        self.client: Client = shared_client(self.settings, self.wish.client)
        is_package = self.survey.package == self.module.name
        self.scope = Scope.of(self.module.tree, self.wish.names | ({"__path__"} if is_package else set()))
        self.path = search_path(self.module)

    def travel(self, stubs: Sequence[Stub]) -> Survey:
        """Complete `stubs`; what stays without a body is kept as failed."""
        explain.say_where_requests_go(self.settings, self.shown)
        keys = [stub.key for stub in stubs]
        model = self.client.model_name((self.wish.options or stubs[0].options).model)
        with Track(explain.module_label(self.module), keys, model, self.shown) as track:
            for prompt in first_prompts(self.module, stubs, self.settings, self.wish):
                reasons = self._complete(prompt, track)
                if self.settings.on_unverified == "keep":
                    reasons = self._keep_spares(reasons)
                self._keep({}, reasons)  # at once: the next request may meet an endpoint that is down
        return self.survey

    def _complete(self, prompt: Prompt, track: Track) -> dict[str, str]:
        """Ask for the stubs of one prompt until all are accepted or the tries are spent; returns why some are not."""
        reasons: dict[str, str] = {}
        pending, tries = prompt.stubs, 1 + self.settings.repairs
        while pending and tries:
            reply = self._ask(prompt, pending, track)
            bodies, reasons = self._judge(reply, pending)
            self._keep(bodies, {})
            track.accepted(len(bodies), reply.tokens_in + reply.tokens_out)
            pending = tuple(stub for stub in pending if stub.key in reasons)
            if not (reply.cut and bodies):  # a reply cut off after some whole bodies is no failed try
                tries -= 1
            prompt = self._next_prompt(prompt, reply, pending, reasons)
        return reasons

    def _ask(self, prompt: Prompt, pending: Sequence[Stub], track: Track) -> Reply:
        refuse_secrets(prompt.messages, self.module)
        options = self.wish.options or pending[0].options
        room = max(self.settings.context - prompt.tokens, self.settings.context // 4)
        request = Request(prompt.messages, options.model, options.temperature, options.seed, max_tokens=room)
        try:
            return self.client.ask(request, track.text)
        except (EndpointError, BudgetError) as error:
            raise explain.unanswered(error, self.module, pending) from None

    def _judge(self, reply: Reply, stubs: Sequence[Stub]) -> tuple[dict[str, Body], dict[str, str]]:
        bodies: dict[str, Body] = {}
        reasons: dict[str, str] = {}
        answers = read_reply(reply.text, self.module, stubs, cut=reply.cut)
        scope = self.scope.with_names(self._globals_made(answers.values()))
        for stub in stubs:
            answer = answers[stub.key]
            if not isinstance(answer, Candidate):
                reasons[stub.key] = answer.reason
                continue
            body = Body(stub, answer.body, self._author(stub, reply), (), reply.tokens_in, reply.tokens_out, len(stubs))
            problem = self._problem(stub, answer, body, scope)
            if problem:
                reasons[stub.key] = problem
            else:
                bodies[stub.key] = body.passed(self._checks())
        return bodies, reasons

    def _globals_made(self, answers: Iterable[Candidate | Rejection]) -> frozenset[str]:
        """The names that bodies of this reply and those that are kept already create with `global`."""
        nodes: list[ast.AST] = [answer.definition for answer in answers if isinstance(answer, Candidate)]
        kept = (one.section.code for one in self.survey.standings if one.section and one.state in USABLE)
        nodes += [ast.parse(code) for code in kept if "global" in code]
        return frozenset().union(*map(globals_made, nodes))

    def _author(self, stub: Stub, reply: Reply) -> str:
        """The model as it was asked for; where the endpoint answers with a name that says more, that one."""
        asked = self.client.model_name((self.wish.options or stub.options).model)
        return reply.model if not asked or reply.model.startswith(asked) else asked

    def _problem(self, stub: Stub, candidate: Candidate, body: Body, scope: Scope) -> str | None:
        found = static_problem(stub.key, candidate.definition, candidate.body, scope, self.survey.package, self.path)
        if found and found.check in {"names", "imports"}:
            self.spares[stub.key] = body.passed(("syntax", "signature"))
        if found and (self.settings.verify != "off" or found.check == "syntax"):
            return found.text
        if stub.draft and same_code(stub.draft, candidate.body):
            return "the body is the draft, unchanged: finish it, so that the function does what its docstring says"
        if self.settings.mode == "review" and not approved(self.module, stub, candidate.body):
            return "turned down at review"
        return None

    def _checks(self) -> tuple[str, ...]:
        return STATIC_CHECKS if self.settings.verify != "off" else ("syntax",)

    def _next_prompt(
        self, prompt: Prompt, reply: Reply, pending: tuple[Stub, ...], reasons: Mapping[str, str]
    ) -> Prompt:
        """The repair request: the conversation so far and what failed; begun anew where it would outgrow the window."""
        if not pending:
            return prompt
        repair = Prompt(pending, repair_messages(prompt.messages, reply.text, reasons, pending))
        if repair.tokens <= self.settings.context * PROMPT_SHARE:
            return repair
        options = self.wish.options or pending[0].options
        return Prompt(pending, _first_messages(self.module, pending, options, self.settings))

    def _keep_spares(self, reasons: dict[str, str]) -> dict[str, str]:
        """Take the best candidates of the stubs that failed, as the settings ask for; returns what still fails."""
        spares = {key: body for key, body in self.spares.items() if key in reasons}
        for key in spares:
            explain.warn_unverified(self.module, key, reasons[key])
        self._keep(spares, {})
        return {key: reason for key, reason in reasons.items() if key not in spares}

    def _keep(self, bodies: Mapping[str, Body], reasons: Mapping[str, str]) -> None:
        if bodies or reasons:
            companion = updated(self.survey.companion, self.module, bodies, reasons, self.settings.fingerprint())
            write_companion(made_ready(companion, self.module))
            self.survey = survey_module(self.module, self.settings)
