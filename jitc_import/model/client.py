"""Asking a model: one chat completion, streamed, within a total deadline and the budget."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jitc_import.errors import EndpointError
from jitc_import.model.account import EMBEDDED
from jitc_import.model.budget import Budget, count_read, count_written
from jitc_import.model.endpoint import choose_endpoint, is_azure
from jitc_import.model.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Callable

    from openai import AsyncOpenAI, OpenAI

    from jitc_import.model.link import Link
    from jitc_import.model.prompts import Message
    from jitc_import.model.stream import Heard
    from jitc_import.settings import Settings

    Own = OpenAI | AsyncOpenAI

DEFAULT_MODEL = "gpt-5.4-mini"
"""The model of OpenAI that is asked where none is set."""


def ignore(_: str) -> None:
    """Take no notice of a piece of text."""


@dataclass(frozen=True)
class Request:
    """What to ask: the conversation, and what the stub's options say (None: not said); `max_tokens` for the reply.

    `is_all` says of a reply that is still coming whether it holds all that was asked for: then the rest is left.
    `response_format` is what the endpoint is asked to hold the reply to, as chat completions take it.
    """

    messages: tuple[Message, ...]
    model: str | None = None
    temperature: float | None = None
    seed: int | None = None
    max_tokens: int | None = None
    response_format: dict[str, Any] | None = None
    is_all: Callable[[str], bool] | None = None


@dataclass(frozen=True)
class Reply:
    """What a model answered. `cut`: it stopped at the limit of tokens. Tokens are estimated where none are reported."""

    text: str
    cut: bool
    tokens_in: int
    tokens_out: int
    seconds: float
    model: str


class Client:
    """The way to one endpoint, for any number of threads; nothing is sent or looked up before the first `ask`."""

    def __init__(self, settings: Settings, budget: Budget, own: Own | None = None) -> None:
        self._settings = settings
        self._budget = budget
        self._own = own
        self._lock = threading.Lock()
        self._only_model: str | None = None
        self._parameters = Parameters()

    def model_name(self, model: str | None) -> str:
        """The model that a request with this option goes to; empty where only the endpoint knows. Sends nothing."""
        named = model or self._settings.model or self._only_model
        if not named and self._own is None and not self._settings.base_url and not is_azure(self._settings):
            return DEFAULT_MODEL
        return named or ""

    def ask(self, request: Request, on_text: Callable[[str], None] = ignore, deadline: float | None = None) -> Reply:
        """Send a request and wait for the whole reply; each piece of text goes to `on_text` as it arrives.

        Raises EndpointError where no complete reply comes before `deadline` (by time.monotonic; None: within
        `JITC_TIMEOUT` seconds), BudgetError, and whatever `on_text` raises.
        """
        begun = time.monotonic()
        if self._own is None and self.model_name(request.model) == EMBEDDED:
            raise EndpointError(
                f"the embedded model ({EMBEDDED}) is not part of this version; set JITC_MODEL to another"
            )
        link = self._link()
        deadline = begun + self._settings.timeout if deadline is None else deadline
        model = self._model(request.model, link, deadline)
        heard = self._heard(request, model, link, on_text, deadline)
        tokens_in, tokens_out = heard.usage or (count_read(request.messages), count_written(heard))
        seconds = time.monotonic() - begun
        return Reply(heard.text, heard.finish == "length", tokens_in, tokens_out, seconds, heard.model or model)

    def _heard(
        self, request: Request, model: str, link: Link, on_text: Callable[[str], None], deadline: float
    ) -> Heard:
        from jitc_import.model.tries import Tries

        return Tries(link, self._parameters, self._budget, self._settings.timeout).insist(
            request, model, on_text, deadline
        )

    def _link(self) -> Link:
        from jitc_import.model.link import Link

        if self._own is not None:
            return Link.to_own(self._own)
        return Link.to_endpoint(choose_endpoint(self._settings))

    def _model(self, wished: str | None, link: Link, deadline: float) -> str:
        """The model to ask; where none is named, the only one that the endpoint has."""
        if wished or self._settings.model:
            return wished or self._settings.model or ""
        if link.official:
            return DEFAULT_MODEL
        if link.endpoint and link.endpoint.api_version:
            raise EndpointError(f"{link.name}: which deployment? set JITC_MODEL to the name of one of Azure OpenAI")
        with self._lock:
            if self._only_model is None:
                self._only_model = self._single_model(link, deadline)
            return self._only_model

    def _single_model(self, link: Link, deadline: float) -> str:
        from jitc_import.model.faults import RequestFault, clean

        try:
            names = link.models(deadline)
        except RequestFault as failed:
            raise failed.told(link, "", self._settings.timeout) from None
        if len(names) == 1:
            return names[0]
        has = clean(", ".join(names[:10]), link.secrets) or "names none"
        raise EndpointError(f"{link.name}: which model? It has {has}; set JITC_MODEL")


_clients: dict[tuple[Settings, int], Client] = {}
_clients_lock = threading.Lock()


def shared_client(settings: Settings, own: Own | None = None) -> Client:
    """The client of this process for some settings, and for a client that the user gave; all share one budget."""
    budget = Budget(settings.max_calls, settings.max_tokens)
    with _clients_lock:  # a client holds the user's own, so that no other has its id
        return _clients.setdefault((settings, id(own)), Client(settings, budget, own))
