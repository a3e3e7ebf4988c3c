"""Where requests go: which URL and key, and whether they may go there."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jitc_import.errors import EndpointError

if TYPE_CHECKING:
    from jitc_import.settings import Settings

OPENAI_URL = "https://api.openai.com/v1"

WAYS = """There are three ways:
  OpenAI: set OPENAI_API_KEY to a key of yours;
    JITC_MODEL names a model other than the default
  another compatible server, here or elsewhere: set OPENAI_BASE_URL and JITC_MODEL;
    OPENAI_API_KEY is its key, if it asks for one
  a model on this machine: pip install "jitc-import[local]"
    python -m jitc_import model pull"""
"""How to come to a model."""

NO_KEY = "none"
"""The key that is sent to a server on this machine where none is set."""

_AZURE_HOSTS = (".openai.azure.com", ".services.ai.azure.com", ".cognitiveservices.azure.com")
_PASSWORD = re.compile(r"(?<=//).*@|^[^/]*@", re.DOTALL)
_AT = re.compile(r"\s+@\s*|^@(?:\s+|$)")  # `@vendor/model` is the name of a model
_HEADER = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)  # RFC 9110, 5.1: a token
_SECRET_HEADER = re.compile(r"auth|key|token|secret|cookie", re.IGNORECASE)


@dataclass(frozen=True)
class Endpoint:
    """An OpenAI-compatible server, and the key for it; one of Azure OpenAI has an `api_version`.

    `by_token` says that the key is a token of Entra ID, `apart` that the SDK's variables are about another one: their
    headers, organisation and project are not for it. `url_name` and `key_name` are what messages call the places where
    the user sets its URL and key.
    """

    base_url: str
    key: str = field(repr=False)
    api_version: str = ""
    by_token: bool = False
    apart: bool = False
    url_name: str = "OPENAI_BASE_URL"
    key_name: str = "OPENAI_API_KEY"

    @property
    def official(self) -> bool:
        """Whether this is OpenAI's own."""
        return urlsplit(self.base_url).hostname == urlsplit(OPENAI_URL).hostname

    @property
    def has_openai_models(self) -> bool:
        """Whether its models are OpenAI's, which name the limit of a reply anew, and choose the temperature."""
        host = urlsplit(self.base_url).hostname or ""
        return self.official or bool(self.api_version) or host.endswith(_AZURE_HOSTS)

    @property
    def host(self) -> str:
        """The host that is asked."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def name(self) -> str:
        """The URL for messages: without the name and password it may hold."""
        parts = urlsplit(self.base_url)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no message may show."""
        return (*(() if self.key == NO_KEY else (self.key,)), *_secret_headers())


def without_password(url: str) -> str:
    """What may be shown of a URL, or of what was meant as one: no name or password before its host."""
    return _PASSWORD.sub("", url)


def split_model(model: str) -> tuple[str, str]:
    """The name of a model, and of the endpoint it is asked at: `MODEL @ ENDPOINT`; the latter is empty if not said."""
    name, *endpoint = _AT.split(model.strip(), maxsplit=1)
    return name, "".join(endpoint)


def endpoint_of(model: str) -> str:
    """The name of the endpoint that a model is asked at; empty if not said. Raises EndpointError for half of a pair."""
    parts = _AT.split(model.strip(), maxsplit=1)
    if not all(parts) and len(parts) > 1:
        missing = "model" if parts[1] else "endpoint"
        raise EndpointError(f"{model.strip()!r:.100} names no {missing}; write MODEL @ ENDPOINT, or MODEL alone")
    return "".join(parts[1:])


def choose_endpoint(settings: Settings, named: str = "") -> Endpoint:
    """The endpoint that settings and environment name, or the one they know by a name of its own.

    Raises EndpointError, without any request, where there is none, its URL is wrong or not safe, or its key is missing.
    """
    if named:
        return _named(named, settings)
    if is_azure(settings):
        return _azure(settings)
    key = _variable("OPENAI_API_KEY")
    if not settings.base_url and not key:
        raise _unanswered(f"no model to ask. {WAYS}")
    base_url = settings.base_url or OPENAI_URL
    _refuse_of_a_project(settings, key)
    _check_custom_headers()
    return _checked(base_url, "OPENAI_BASE_URL", key, "OPENAI_API_KEY", settings)


def _refuse_of_a_project(settings: Settings, key: str) -> None:
    """Raise EndpointError where a project's own file says that the user's key is sent to another machine."""
    origin, url = settings.origin_of("base_url"), settings.base_url or ""
    if key and origin.endswith("pyproject.toml") and not is_loopback(urlsplit(url).hostname or ""):
        shown = Endpoint(url, "").name
        raise EndpointError(
            f"{origin} names the endpoint {shown}, which would be sent your OPENAI_API_KEY: a project may not choose "
            "that for those who clone it. If you trust it, set OPENAI_BASE_URL to that yourself"
        )


def _named(name: str, settings: Settings) -> Endpoint:
    """The endpoint that variables describe; not a project's file, which must not say where a key is sent."""
    suffix = re.sub(r"\W", "_", name).upper()
    url_variable, key_variable = f"JITC_ENDPOINT_{suffix}", f"JITC_KEY_{suffix}"
    base_url = _variable(url_variable)
    if not base_url:
        raise EndpointError(f"no endpoint is called {name}: set {url_variable} to its URL, and {key_variable} to a key")
    endpoint = _checked(base_url, url_variable, _variable(key_variable), key_variable, settings)
    return replace(endpoint, apart=True)


def _checked(base_url: str, url_variable: str, key: str, key_variable: str, settings: Settings) -> Endpoint:
    loopback = _check_url(url_variable, base_url, settings)
    if not key and not loopback:
        raise _unanswered(f"{key_variable} is not set; a server that asks for no key takes any word")
    _check_key(key_variable, key)
    return Endpoint(base_url, key or NO_KEY, url_name=url_variable, key_name=key_variable)


def is_azure(settings: Settings) -> bool:
    """Whether requests go to Azure OpenAI: its endpoint is set, and no other endpoint or key is."""
    return bool(not settings.base_url and not _variable("OPENAI_API_KEY") and _variable("AZURE_OPENAI_ENDPOINT"))


def is_openai(settings: Settings) -> bool:
    """Whether requests go to OpenAI's own: its key is set, and no other endpoint is."""
    return bool(not settings.base_url and _variable("OPENAI_API_KEY"))


def _azure(settings: Settings) -> Endpoint:
    url, version = _variable("AZURE_OPENAI_ENDPOINT"), _variable("OPENAI_API_VERSION")
    token = _variable("AZURE_OPENAI_AD_TOKEN")  # goes before the key, as in the SDK
    key = token or _variable("AZURE_OPENAI_API_KEY")
    _check_url("AZURE_OPENAI_ENDPOINT", url, settings)
    if not key:
        raise EndpointError("AZURE_OPENAI_ENDPOINT is set, and AZURE_OPENAI_API_KEY is not; set it, too")
    if not version:
        raise EndpointError("OPENAI_API_VERSION is not set; Azure OpenAI needs one, such as 2024-10-21")
    key_name = "AZURE_OPENAI_AD_TOKEN" if token else "AZURE_OPENAI_API_KEY"
    _check_key(key_name, key)
    _check_custom_headers()
    return Endpoint(url, key, version, by_token=bool(token), url_name="AZURE_OPENAI_ENDPOINT", key_name=key_name)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: 127.0.0.0/8, ::1 or localhost."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def _variable(name: str) -> str:
    return os.environ.get(name, "").strip()


def custom_headers() -> list[tuple[str, str]]:
    """The headers in OPENAI_CUSTOM_HEADERS, a line each, as the SDK reads them."""
    pairs = (line.partition(":") for line in os.environ.get("OPENAI_CUSTOM_HEADERS", "").split("\n"))
    return [(name.strip(), value.strip()) for name, colon, value in pairs if colon]


def _secret_headers() -> tuple[str, ...]:
    """The values of further headers that look like secrets."""
    return tuple(value for name, value in custom_headers() if _SECRET_HEADER.search(name) and value)


def _check_key(variable: str, key: str) -> None:
    if not (key.isascii() and key.isprintable()):
        raise EndpointError(f"{variable} holds characters that are in no key; set it again")


def _check_custom_headers() -> None:
    for name, value in custom_headers():
        if not _HEADER.fullmatch(name) or not (value.isascii() and value.isprintable()):
            raise EndpointError(
                f"OPENAI_CUSTOM_HEADERS holds a line that is no header, its name being {name!r:.60}: a line is Name: "
                "value, of ASCII characters"
            )


def _check_url(variable: str, base_url: str, settings: Settings) -> bool:
    """Whether a base URL is on this machine. Raises EndpointError for one that is wrong or not safe."""
    try:
        parts = urlsplit(base_url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in {"http", "https"} or not host or not base_url.isprintable():
        raise EndpointError(f"{variable} is no URL: {without_password(base_url)!r:.200}; it looks like https://host/v1")
    loopback = is_loopback(host)
    if parts.scheme == "http" and not loopback and not settings.allow_http:
        raise EndpointError(
            f"{variable} names {host} without https: the key and the code could be read on the way; "
            "use https, or set JITC_ALLOW_HTTP=1 for a network you trust"
        )
    return loopback


def _unanswered(cause: str) -> EndpointError:
    error = EndpointError(cause)
    error.is_unanswered = True
    return error
