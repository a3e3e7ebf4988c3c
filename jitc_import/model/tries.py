"""The tries of one request: again where the endpoint is busy, without what it refuses, until the deadline."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import openai

from jitc_import.model.budget import count_read, count_written
from jitc_import.model.faults import RequestFault, UsedUpError
from jitc_import.model.pace import pace_of
from jitc_import.model.refusals import LIMITS, is_too_large, refused_parameter
from jitc_import.model.stream import Heard
from jitc_import.model.transport import DeadlineError, pause
from jitc_import.progress import display

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitc_import.model.budget import Budget
    from jitc_import.model.client import Request
    from jitc_import.model.link import Link
    from jitc_import.model.parameters import Parameters

CHOSEN = {"temperature": "temperature", "seed": "seed", "response_format": "schema for its answer"}
"""What users and checks choose: that a model does without is said."""


@dataclass(frozen=True)
class Tries:
    """The way a request goes to an endpoint; `timeout` are the seconds that the user set, for messages."""

    link: Link
    parameters: Parameters
    budget: Budget
    timeout: float

    def insist(self, request: Request, model: str, on_text: Callable[[str], None], deadline: float) -> Heard:
        """Send a request, again where that may help, until there is a whole reply or no hope.

        Raises EndpointError, BudgetError, and whatever `on_text` raises.
        """
        failures = 0
        while True:
            sent = self.parameters.of(request, model, openai_models=self.link.openai_models)
            try:
                return self._send(sent, request, on_text, deadline)
            except RequestFault as failed:
                if self._does_without(failed.fault, sent, request):
                    continue
                failures += 1
                wait = failed.wait(failures)
                if wait is None or time.monotonic() + wait >= deadline:
                    raise failed.told(self.link, model, self.timeout, failures, wait=wait) from None
                pause(wait)

    def _send(self, sent: dict[str, Any], request: Request, on_text: Callable[[str], None], deadline: float) -> Heard:
        """Send a request once it is its turn, and count what it takes, whatever comes of it. Raises RequestFault."""
        pace, heard = pace_of(self.link.name), Heard()
        try:
            with pace.turn(deadline) as falls:
                try:
                    self._complete(sent, request, heard, on_text, deadline)
                except RequestFault as failed:
                    if failed.is_busy:
                        pace.slower(falls)
                    raise
        except DeadlineError as late:
            raise RequestFault(late, begun=True) from None
        pace.faster()
        return heard

    def _complete(
        self, sent: dict[str, Any], request: Request, heard: Heard, on_text: Callable[[str], None], deadline: float
    ) -> None:
        read, model = count_read(request.messages), sent["model"]
        self.budget.spend(read)
        self.budget.spent.account.count_request(self.link.host, model)
        answered = False
        try:
            self.link.complete(sent, heard, on_text, deadline, request.is_all)
            answered = True
        except RequestFault as failed:
            answered = not isinstance(failed.fault, DeadlineError)
            raise
        finally:  # whatever `on_text` raises, or an interruption, leaves a reply that has cost something
            self._count(heard, read, model, answered=answered)

    def _count(self, heard: Heard, read: int, model: str, *, answered: bool) -> None:
        """Count the tokens of what came of a reply; the budget has counted those read, as estimated.

        Of one that was `answered` by nothing, nothing was read: it was refused, or there was no connection.
        """
        came = bool(heard.model or heard.pieces or heard.thoughts) or not answered
        tokens = heard.usage or ((read, count_written(heard)) if came else (0, 0))
        self.budget.add(sum(tokens) - read)
        exact = heard.usage is not None or not came
        self.budget.spent.account.count_tokens(self.link.host, model, *tokens, exact=exact)

    def _does_without(self, fault: BaseException, sent: dict[str, Any], request: Request) -> bool:
        """Whether a fault is about something that requests can do without; it is left out from then on."""
        model = sent["model"]
        if isinstance(fault, UsedUpError):
            fault.limit = next((sent[name] for name in LIMITS if name in sent), None)
            fault.limited_by = request.limited_by
            if fault.by_reasoning and fault.limit:
                self.parameters.refuse_size(model, sent)
                return True
        name = refused_parameter(fault, sent) if isinstance(fault, openai.APIStatusError) else None
        if name is None:
            return False
        if name in LIMITS and isinstance(fault, openai.APIStatusError) and is_too_large(fault):
            self.parameters.refuse_size(model, sent)
            return True
        self.parameters.refuse(model, name)
        if name in CHOSEN and name not in self.parameters.of(request, model, openai_models=self.link.openai_models):
            display().say(f"{self.link.name}: {model} takes no {CHOSEN[name]}; requests go without")
        return True
