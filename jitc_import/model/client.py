"""Asking a model: one chat completion, streamed, within a total deadline and the budget."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from jitc_import.errors import EndpointError
from jitc_import.local.choice import LOCAL, is_local
from jitc_import.model.budget import Budget, count_read, count_written
from jitc_import.model.endpoint import choose_endpoint, endpoint_of, is_openai, split_model
from jitc_import.model.parameters import Parameters
from jitc_import.settings import DEFAULT

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

LOCAL_TIMEOUT = 900.0
"""Seconds that a request to the local model may take where JITC_TIMEOUT is not set: it computes on this machine."""


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
    limited_by: str | None = "JITC_CONTEXT"
    """The setting that `max_tokens` comes from, if one is."""


@dataclass(frozen=True)
class Reply:
    """What a model answered. `cut`: it stopped at the limit of tokens. Tokens are estimated where none are reported.

    `waited`: seconds until the local model was loaded and free, which count as no time of the request.
    """

    text: str
    cut: bool
    tokens_in: int
    tokens_out: int
    seconds: float
    model: str
    waited: float = 0.0


class Client:
    """The way to one endpoint, for any number of threads; nothing is sent or looked up before the first `ask`."""

    def __init__(self, settings: Settings, budget: Budget, own: Own | None = None) -> None:
        self.settings = settings
        self._budget = budget
        self._own = own
        self._lock = threading.Lock()
        self._only_model: str | None = None
        self._parameters: dict[str, Parameters] = {}  # by the name of the link: what one refuses another may take

    def model_name(self, model: str | None) -> str:
        """The model that a request with this option goes to; empty where only the endpoint knows. Sends nothing."""
        return split_model(self._named(model))[0]

    def timeout(self, model: str | None) -> float:
        """The seconds that a request with this option may take."""
        if self._is_local(model) and self.settings.origin_of("timeout") == DEFAULT:
            return LOCAL_TIMEOUT
        return self.settings.timeout

    @staticmethod
    def load() -> None:
        """Import what requests need, once: on a busy machine that takes long, and it is no time of a request."""
        from jitc_import.model.link import load_sdk

        load_sdk()

    def ask(self, request: Request, on_text: Callable[[str], None] = ignore, deadline: float | None = None) -> Reply:
        """Send a request and wait for the whole reply; each piece of text goes to `on_text` as it arrives.

        Raises EndpointError where no complete reply comes before `deadline` (by time.monotonic; None: within
        `JITC_TIMEOUT` seconds), BudgetError, and whatever `on_text` raises.
        """
        self.load()
        if not self._is_local(request.model):
            return self._ask(request, self._link(request.model), on_text, deadline)
        from jitc_import.local.running import EndedError

        heard = False

        def hear(piece: str) -> None:
            nonlocal heard
            heard = True
            on_text(piece)

        try:
            return self._ask_local(request, hear, deadline)
        except EndedError:
            if heard:
                raise
            return self._ask_local(request, hear, deadline)  # it may have been ended long ago

    def _ask_local(self, request: Request, on_text: Callable[[str], None], deadline: float | None) -> Reply:
        from jitc_import.local.running import turn
        from jitc_import.model.link import Link

        begun = time.monotonic()
        with turn(self.settings.context) as running:
            waited = time.monotonic() - begun
            link = replace(Link.to_endpoint(running.endpoint), name=running.name)
            until = None if deadline is None else deadline + waited
            reply = self._ask(replace(request, model=LOCAL), link, on_text, until)
        return replace(reply, waited=waited)

    def _is_local(self, model: str | None) -> bool:
        return self._own is None and self._named(model) == LOCAL

    def _named(self, model: str | None) -> str:
        """The model to ask as it is set, perhaps with an endpoint's name; empty where only the endpoint knows."""
        named = model or self.settings.model or self._only_model
        if named or self._own is not None:
            return named or ""
        if is_openai(self.settings):
            return DEFAULT_MODEL
        return LOCAL if is_local(None, self.settings.base_url) else ""

    def _ask(self, request: Request, link: Link, on_text: Callable[[str], None], deadline: float | None) -> Reply:
        begun = time.monotonic()
        deadline = begun + self.timeout(request.model) if deadline is None else deadline
        model = self._model(request.model, link, deadline)
        heard = self._heard(request, model, link, on_text, deadline)
        tokens_in, tokens_out = heard.usage or (count_read(request.messages), count_written(heard))
        seconds = time.monotonic() - begun
        return Reply(heard.text, heard.finish == "length", tokens_in, tokens_out, seconds, heard.model or model)

    def _heard(
        self, request: Request, model: str, link: Link, on_text: Callable[[str], None], deadline: float
    ) -> Heard:
        from jitc_import.model.tries import Tries

        parameters = self._parameters.setdefault(link.name, Parameters())
        return Tries(link, parameters, self._budget, self.timeout(request.model)).insist(
            request, model, on_text, deadline
        )

    def _link(self, wished: str | None) -> Link:
        from jitc_import.model.link import Link

        asked = wished or self.settings.model or ""
        named = endpoint_of(asked)
        if self._own is not None and named:
            raise EndpointError(
                f"{asked!r:.100} is a model at another endpoint than the client given as client=; give model= the name "
                "that this client's own endpoint has for one, or leave client= out"
            )
        if self._own is not None:
            return Link.to_own(self._own)
        return Link.to_endpoint(choose_endpoint(self.settings, named))

    def _model(self, wished: str | None, link: Link, deadline: float) -> str:
        """The model to ask; where none is named, the only one that the endpoint has."""
        if wished or self.settings.model:
            return split_model(wished or self.settings.model or "")[0]
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
            raise failed.told(link, "", self.settings.timeout) from None
        if len(names) == 1:
            return names[0]
        has = clean(", ".join(names[:10]), link.secrets) or "names none"
        step = "set JITC_MODEL" if self._own is None else "give model= beside client="
        raise EndpointError(f"{link.name}: which model? It has {has}; {step}")


_clients: dict[tuple[Settings, int], Client] = {}
_clients_lock = threading.Lock()


def shared_client(settings: Settings, own: Own | None = None) -> Client:
    """The client of this process for some settings, and for a client that the user gave; all share one budget."""
    budget = Budget(settings.max_calls, settings.max_tokens)
    with _clients_lock:  # a client holds the user's own, so that no other has its id
        return _clients.setdefault((settings, id(own)), Client(settings, budget, own))
