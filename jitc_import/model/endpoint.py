"""Where requests go: which URL and key, and whether they may go there."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Endpoint:
    """An OpenAI-compatible server, and the key for it."""

    base_url: str
    key: str = field(repr=False)

    @property
    def official(self) -> bool:
        """Whether this is OpenAI's own."""
        return urlsplit(self.base_url).hostname == urlsplit(OPENAI_URL).hostname

    @property
    def name(self) -> str:
        """The URL for messages: without the name and password it may hold."""
        parts = urlsplit(self.base_url)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no message may show."""
        return () if self.key == NO_KEY else (self.key,)


def split_model(model: str) -> tuple[str, str]:
    """The name of a model, and of the endpoint it is asked at: `MODEL @ ENDPOINT`; the latter is empty if not said."""
    name, _, endpoint = model.partition(" @ ")
    return name.strip(), endpoint.strip()


def choose_endpoint(settings: Settings, named: str = "") -> Endpoint:
    """The endpoint that settings and environment name, or the one they know by a name of its own.

    Raises EndpointError, without any request, where there is none, its URL is wrong or not safe, or its key is missing.
    """
    if named:
        return _named(named, settings)
    key = os.environ.get("OPENAI_API_KEY", "").strip()
    if not settings.base_url and not key:
        raise EndpointError(f"no model to ask. {WAYS}")
    base_url = settings.base_url or OPENAI_URL
    return _checked(base_url, "OPENAI_BASE_URL", key, "OPENAI_API_KEY", settings)


def _named(name: str, settings: Settings) -> Endpoint:
    """The endpoint that variables describe; not a project's file, which must not say where a key is sent."""
    suffix = re.sub(r"\W", "_", name).upper()
    url_variable, key_variable = f"JITC_ENDPOINT_{suffix}", f"JITC_KEY_{suffix}"
    base_url = os.environ.get(url_variable, "").strip()
    if not base_url:
        raise EndpointError(f"no endpoint is called {name}: set {url_variable} to its URL, and {key_variable} to a key")
    return _checked(base_url, url_variable, os.environ.get(key_variable, "").strip(), key_variable, settings)


def _checked(base_url: str, url_variable: str, key: str, key_variable: str, settings: Settings) -> Endpoint:
    loopback = _check_url(base_url, url_variable, settings)
    if not key and not loopback:
        raise EndpointError(f"{key_variable} is not set; a server that asks for no key takes any word")
    if not (key.isascii() and key.isprintable()):
        raise EndpointError(f"{key_variable} holds characters that are in no key; set it again")
    return Endpoint(base_url, key or NO_KEY)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: 127.0.0.0/8, ::1 or localhost."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def _check_url(base_url: str, variable: str, settings: Settings) -> bool:
    """Whether a base URL is on this machine. Raises EndpointError for one that is wrong or not safe."""
    try:
        parts = urlsplit(base_url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in {"http", "https"} or not host or not base_url.isprintable():
        raise EndpointError(f"{variable} is no URL: {base_url!r:.200}; it looks like https://host/v1")
    loopback = is_loopback(host)
    if parts.scheme == "http" and not loopback and not settings.allow_http:
        raise EndpointError(
            f"{variable} names {host} without https: the key and the code could be read on the way; "
            "use https, or set JITC_ALLOW_HTTP=1 for a network you trust"
        )
    return loopback
