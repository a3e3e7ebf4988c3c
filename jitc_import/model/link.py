"""One request to an endpoint through the SDK, on a connection of its own that is gone when it is over."""

from __future__ import annotations

import os
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import unquote, urlsplit

import httpx2
import openai

from jitc_import.errors import EndpointError
from jitc_import.model.endpoint import NO_KEY, Endpoint, custom_headers, without_password
from jitc_import.model.faults import FAULTS, SHORTEST_SECRET, RequestFault, UsedUpError, clean
from jitc_import.model.on_loop import OwnLoop
from jitc_import.model.stream import Enough, Heard, listen
from jitc_import.model.transport import DeadlineError, Exchange, Tell, proxy_for, run_bounded

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

T = TypeVar("T")

_AUTHORITIES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_BROKEN_OFF = frozenset({"error", "abort", "insufficient_system_resource"})


@dataclass(frozen=True)
class Link:
    """An endpoint that we connect to, or a client that the user gave: where it leads, and what no message may show.

    `official` says that it is OpenAI's own, `openai_models` that its models are OpenAI's, wherever they are.
    `url_name` and `key_name` are what messages call the places where the user sets its URL and key.
    """

    name: str
    official: bool
    openai_models: bool
    secrets: tuple[str, ...] = field(repr=False)
    url_name: str
    key_name: str
    endpoint: Endpoint | None = None
    own: openai.OpenAI | openai.AsyncOpenAI | None = None

    @classmethod
    def to_endpoint(cls, endpoint: Endpoint) -> Link:
        """The link to an endpoint."""
        secrets = (*endpoint.secrets, *_password_of(proxy_for(endpoint.base_url)))
        official, openai_models = endpoint.official, endpoint.has_openai_models
        return cls(
            endpoint.name, official, openai_models, secrets, endpoint.url_name, endpoint.key_name, endpoint=endpoint
        )

    @classmethod
    def to_own(cls, client: openai.OpenAI | openai.AsyncOpenAI) -> Link:
        """The link that a user's own client is."""
        key, url = getattr(client, "api_key", None), str(getattr(client, "base_url", ""))
        place = Endpoint(url, "")
        azure = isinstance(getattr(client, "asynchronous", client), (openai.AzureOpenAI, openai.AsyncAzureOpenAI))
        secrets = (key,) if isinstance(key, str) else ()
        name = place.name or type(client).__name__
        openai_models = azure or place.has_openai_models
        return cls(name, place.official, openai_models, secrets, "its base_url", "its api_key", own=client)

    @property
    def proxy(self) -> str:
        """The proxy that the endpoint is asked through, without its password; empty where it is asked directly."""
        found = proxy_for(self.endpoint.base_url) if self.endpoint else None
        return without_password(found) if found else ""

    @property
    def host(self) -> str:
        """The host that is asked; empty where a client of another kind does not tell."""
        return urlsplit(self.name).hostname or ""

    def complete(
        self,
        parameters: Mapping[str, Any],
        heard: Heard,
        tell: Tell,
        deadline: float,
        is_all: Callable[[str], bool] | None = None,
    ) -> None:
        """Hear one chat completion, to its end or until `is_all` says of its text that it is enough.

        Raises RequestFault where there is no whole reply before `deadline`, and whatever `tell` raises; `heard` then
        holds what came of it.
        """

        def work(client: openai.OpenAI, exchange: Exchange | None, tell: Tell) -> None:
            enough = Enough(is_all) if is_all else None
            listen(client.chat.completions.create(**parameters), heard, tell, enough)
            self._check_whole(heard, exchange)

        self._run(work, tell, deadline, heard)

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
        loop = OwnLoop(self.own) if isinstance(self.own, openai.AsyncOpenAI) else None

        def run(tell: Tell) -> T:
            try:
                with loop.client(left) if loop else self._client(exchange, left) as client:
                    return work(client, exchange, tell)
            except FAULTS as fault:
                raise RequestFault(fault, begun=bool(heard.pieces or heard.thoughts)) from None

        try:
            return run_bounded(run, tell, deadline, (exchange or loop or _NOTHING).shut)
        except DeadlineError as fault:
            raise RequestFault(fault, begun=True) from None

    def _client(self, exchange: Exchange | None, seconds: float) -> AbstractContextManager[openai.OpenAI]:
        if self.endpoint is not None and exchange is not None:
            return _made_for(self.endpoint, exchange, seconds)
        if isinstance(self.own, openai.OpenAI):
            return nullcontext(self.own.with_options(timeout=seconds, max_retries=0))
        return nullcontext(cast("openai.OpenAI", self.own))  # something else that has chat.completions.create

    def _check_whole(self, heard: Heard, exchange: Exchange | None) -> None:
        """Raise EndpointError for a reply that is none, or that its server did not end."""
        if exchange and heard.is_nothing and (oddity := exchange.oddity) is not None:
            shown = clean(oddity, self.secrets)
            raise EndpointError(
                f"its answer is no chat completion, but {f'this: {shown}' if shown else 'empty'}; check {self.url_name}"
            )
        if not heard.finish and not (exchange and exchange.ended):
            raise EndpointError("the connection was closed before the reply was complete")
        if heard.finish == "content_filter" or (heard.refusal and not heard.text.strip()):
            raise EndpointError(f"the model refuses to answer: {heard.refusal or 'content filter'}")
        if heard.finish in _BROKEN_OFF:
            raise EndpointError(f"it broke the reply off ({heard.finish})")
        if heard.finish in {None, "length"} and not heard.text.strip():  # else it is the model that has nothing to say
            raise UsedUpError(by_reasoning=heard.reasoned) if heard.finish else EndpointError("its reply is empty")
        if any(len(secret) >= SHORTEST_SECRET and secret in heard.text for secret in self.secrets):
            raise EndpointError("its reply holds the key that was sent to it")


@lru_cache(maxsize=1)
def load_sdk() -> None:
    """Import what the SDK and the wire import once they are used first."""
    import h11  # noqa: F401 -- the wire does when it connects

    import jitc_import.model.tries  # noqa: F401

    wire = httpx2.Client(transport=httpx2.HTTPTransport(verify=False), trust_env=False)
    with openai.OpenAI(base_url="http://localhost", api_key=NO_KEY, http_client=wire) as client:
        _ = client.chat.completions


def _made_for(endpoint: Endpoint, exchange: Exchange, seconds: float) -> openai.OpenAI:
    """A client of the SDK for an endpoint; headers, organisation and project it takes from the environment.

    Not for one apart.
    """
    wire = httpx2.Client(transport=exchange, follow_redirects=False, trust_env=False)
    url, key = endpoint.base_url, endpoint.key
    if not endpoint.api_version:
        headers = _instead_of_custom_headers(key) if endpoint.apart else None
        client = openai.OpenAI(
            base_url=url, api_key=key, http_client=wire, timeout=seconds, max_retries=0, default_headers=headers
        )
        if endpoint.apart:
            client.organization = client.project = None
        return client
    return openai.AzureOpenAI(
        azure_endpoint=url,
        api_version=endpoint.api_version,
        api_key=None if endpoint.by_token else key,
        azure_ad_token=key if endpoint.by_token else None,
        http_client=wire,
        timeout=seconds,
        max_retries=0,
    )


def _instead_of_custom_headers(key: str) -> dict[str, Any]:
    """Headers that take the place of those that the SDK reads from the environment."""
    return {**{name: openai.Omit() for name, _ in custom_headers()}, "Authorization": f"Bearer {key}"}


def _password_of(proxy: str | None) -> tuple[str, ...]:
    try:
        password = urlsplit(proxy or "").password
    except ValueError:
        return ()
    return (password, unquote(password)) if password else ()


class _Nothing:
    """What is to be shut where a client that is not ours closes its own connections."""

    def shut(self) -> None:
        """Shut nothing."""


_NOTHING = _Nothing()


def _exchange(endpoint: Endpoint | None) -> Exchange | None:
    if endpoint is None:
        return None
    secure = urlsplit(endpoint.base_url).scheme == "https"
    return Exchange(endpoint, _tls_context(*map(os.environ.get, _AUTHORITIES)) if secure else None)


@lru_cache(maxsize=4)
def _tls_context(*_: str | None) -> ssl.SSLContext:
    """The context for the certificates that the environment names; it is slow to make."""
    return httpx2.create_ssl_context()
