"""One request to an endpoint through the SDK, on a connection of its own that is gone when it is over."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlsplit

import httpx2
import openai

from jitc_import.errors import EndpointError
from jitc_import.model.endpoint import OPENAI_URL, Endpoint
from jitc_import.model.faults import FAULTS, SHORTEST_SECRET, RequestFault
from jitc_import.model.stream import Enough, Heard, listen
from jitc_import.model.transport import DeadlineError, Exchange, Tell, run_bounded

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

T = TypeVar("T")


@dataclass(frozen=True)
class Link:
    """An endpoint that we connect to, or a client that the user gave: where it leads, and what no message may show."""

    name: str
    official: bool
    secrets: tuple[str, ...] = field(repr=False)
    endpoint: Endpoint | None = None
    own: openai.OpenAI | None = None

    @classmethod
    def to_endpoint(cls, endpoint: Endpoint) -> Link:
        """The link to an endpoint."""
        return cls(endpoint.name, endpoint.official, endpoint.secrets, endpoint=endpoint)

    @classmethod
    def to_own(cls, client: openai.OpenAI) -> Link:
        """The link that a user's own client is. Raises EndpointError for an asynchronous one."""
        if isinstance(cast("object", client), openai.AsyncOpenAI):
            raise EndpointError("client= is an AsyncOpenAI; bodies are completed while a module loads: give an OpenAI")
        key, url = getattr(client, "api_key", None), str(getattr(client, "base_url", ""))
        official = urlsplit(url).hostname == urlsplit(OPENAI_URL).hostname
        name = Endpoint(url, "").name or type(client).__name__
        return cls(name, official, (key,) if isinstance(key, str) else (), own=client)

    def complete(
        self, parameters: Mapping[str, Any], tell: Tell, deadline: float, is_all: Callable[[str], bool] | None = None
    ) -> Heard:
        """One chat completion, to its end or until `is_all` says of its text that it is enough.

        Raises RequestFault where there is no whole reply before `deadline`.
        """
        heard = Heard()

        def work(client: openai.OpenAI, exchange: Exchange | None, tell: Tell) -> Heard:
            enough = Enough(is_all) if is_all else None
            listen(client.chat.completions.create(**parameters), heard, tell, enough)
            self._check_whole(heard, ended=exchange is not None and exchange.ended)
            return heard

        return self._run(work, tell, deadline, heard)

    def models(self, deadline: float) -> list[str]:
        """The names of the endpoint's models. Raises RequestFault."""

        def work(client: openai.OpenAI, _: Exchange | None, __: Tell) -> list[str]:
            listed: object = client.models.list().data
            names = [getattr(model, "id", None) for model in listed] if isinstance(listed, list) else []
            return [name for name in names if isinstance(name, str) and name]

        return self._run(work, lambda _: None, deadline, Heard())

    def _run(
        self, work: Callable[[openai.OpenAI, Exchange | None, Tell], T], tell: Tell, deadline: float, heard: Heard
    ) -> T:
        left = max(deadline - time.monotonic(), 0.001)
        try:
            exchange = _exchange(self.endpoint)
        except (ImportError, ValueError, httpx2.InvalidURL) as error:
            fault = EndpointError(f"the proxy that the environment names cannot be used ({error})")
            raise RequestFault(fault, begun=True) from None

        def run(tell: Tell) -> T:
            try:
                with self._client(exchange, left) as client:
                    return work(client, exchange, tell)
            except FAULTS as fault:
                raise RequestFault(fault, begun=bool(heard.pieces)) from None

        try:
            return run_bounded(run, tell, deadline, _nothing if exchange is None else exchange.shut)
        except DeadlineError as fault:
            raise RequestFault(fault, begun=True) from None

    def _client(self, exchange: Exchange | None, seconds: float) -> AbstractContextManager[openai.OpenAI]:
        if self.endpoint is not None and exchange is not None:
            wire = httpx2.Client(transport=exchange, follow_redirects=False, trust_env=False)
            url, key = self.endpoint.base_url, self.endpoint.key
            return openai.OpenAI(base_url=url, api_key=key, http_client=wire, timeout=seconds, max_retries=0)
        if isinstance(self.own, openai.OpenAI):
            return nullcontext(self.own.with_options(timeout=seconds, max_retries=0))
        return nullcontext(cast("openai.OpenAI", self.own))  # something else that has chat.completions.create

    def _check_whole(self, heard: Heard, *, ended: bool) -> None:
        """Raise EndpointError for a reply that is none, or that its server did not end."""
        if not heard.finish and not ended:
            raise EndpointError("the connection was closed before the reply was complete")
        if heard.finish == "content_filter" or (heard.refusal and not heard.text.strip()):
            raise EndpointError(f"the model refuses to answer: {heard.refusal or 'content filter'}")
        if heard.finish in {None, "length"} and not heard.text.strip():  # else it is the model that has nothing to say
            cause = "the tokens were used up before the answer began; set JITC_CONTEXT higher"
            raise EndpointError(f"its reply is empty{f': {cause}' if heard.finish else ''}")
        if any(len(secret) >= SHORTEST_SECRET and secret in heard.text for secret in self.secrets):
            raise EndpointError("its reply holds the key that was sent to it")


def _nothing() -> None:
    """End nothing: a client that is not ours closes its own connections."""


def _exchange(endpoint: Endpoint | None) -> Exchange | None:
    if endpoint is None:
        return None
    return Exchange(endpoint.base_url, _tls_context() if urlsplit(endpoint.base_url).scheme == "https" else None)


@lru_cache(maxsize=1)
def _tls_context() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
