"""What went wrong with a request, in words: the cause, and what to do about it."""

from __future__ import annotations

import math
import random
import re
import time
from dataclasses import dataclass
from email.utils import mktime_tz, parsedate_tz
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx2
import openai

from jitc_import.errors import EndpointError
from jitc_import.model.refusals import words_of
from jitc_import.model.transport import DeadlineError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jitc_import.model.link import Link

SHOWN = 300
"""Characters of a server's own words that a message repeats."""

FIRST_WAIT = 0.5
"""Seconds before a second try; they double with each."""

LONGEST_WAIT = 60.0
"""Seconds before the next try, where the endpoint does not say; what it says counts up to the deadline."""

RETRIES = 2
"""Times that a request is sent again where the connection broke before the reply began, or the server failed."""

BUSY_RETRIES = 6
"""Times that it is sent again where the endpoint says that it is busy."""

SHORTEST_SECRET = 6
"""Characters; what is shorter would take ordinary words out of a message."""

_BUSY = frozenset({429, 503, 529})
_EMPTY_PURSE = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
_DELAY = re.compile(r"""retryDelay['"]: ['"]([\d.]+)s['"]""")  # where Google says it


FAULTS = (
    openai.OpenAIError,
    httpx2.HTTPError,
    httpx2.InvalidURL,
    EndpointError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
    OSError,
)
"""What a request may raise: errors of the SDK and the wire, and what strange JSON does to either."""


class UsedUpError(EndpointError):
    """A reply that ended at its limit before the answer began.

    `by_reasoning` says that the model was thinking, `limit` is what was sent as its limit (None: that is the server's
    own), `limited_by` the setting that this comes from, if one is.
    """

    def __init__(self, *, by_reasoning: bool) -> None:
        super().__init__("its reply is empty")
        self.by_reasoning = by_reasoning
        self.limit: int | None = None
        self.limited_by: str | None = None

    def __str__(self) -> str:
        """The cause, and what to do about it."""
        if self.by_reasoning and self.limit is None:
            where = "as it was still reasoning at the server's own limit"
            used = f"its tokens were used up before the answer began, {where}"
            return f"its reply is empty: {used}; raise that limit, or ask a model that reasons less"
        used = "its" if self.limit is None else f"{self.limit:,}"
        step = f"; set {self.limited_by} higher" if self.limited_by and self.limit else ""
        return f"its reply is empty: {used} tokens were used up before the answer began{step}"


class RequestFault(Exception):  # noqa: N818 -- it is not raised to the user; `told` makes the error
    """A request that got no whole reply, and why; `begun` says that some had come."""

    def __init__(self, fault: BaseException, *, begun: bool) -> None:
        super().__init__(str(fault))
        self.fault = fault
        self.begun = begun

    def told(
        self, link: Link, model: str, timeout: float, tries: int = 1, *, wait: float | None = None
    ) -> EndpointError:
        """The error to raise for it after so many tries; it shows no secret.

        `wait` is how long another try had to wait, for which there is no time; None where there is none.
        """
        times = f" (asked {tries} times)" if tries > 1 else ""
        cause = _Telling(link, model, timeout, tries, wait).cause(self.fault)
        error = EndpointError(f"{link.name}: {clean(cause, link.secrets, 3 * SHOWN)}{times}")
        error.is_unanswered = True
        return error

    @property
    def is_busy(self) -> bool:
        """Whether the endpoint says that it has too many requests."""
        return isinstance(self.fault, openai.APIStatusError) and self.fault.status_code in _BUSY

    def wait(self, failures: int) -> float | None:
        """Seconds to wait before the next try, after so many failures; None where another try would not help."""
        if self.begun or not is_passing(self.fault) or failures > (BUSY_RETRIES if self.is_busy else RETRIES):
            return None
        asked = _asked_wait(self.fault) if isinstance(self.fault, openai.APIStatusError) else None
        if asked is not None:
            return asked * random.uniform(1, 1.1)  # noqa: S311 -- so that not all come back at once
        longest: float = min(FIRST_WAIT * 2 ** (failures - 1), LONGEST_WAIT)
        return longest * random.uniform(0.5, 1)  # noqa: S311 -- likewise


def clean(text: str, secrets: Sequence[str] = (), length: int = SHOWN) -> str:
    """Text of a server on one line: secrets taken out, control characters escaped, no longer than `length`."""
    for secret in secrets:
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, "[key]")
    shown = "".join(_escaped(" ".join(text[: 2 * length].split())))
    return shown if len(shown) <= length else f"{shown[:length]}…"


def is_passing(fault: BaseException) -> bool:
    """Whether the same request may succeed a little later."""
    if isinstance(fault, openai.APIStatusError):
        if fault.code in _EMPTY_PURSE or fault.response.headers.get("x-should-retry") == "false":
            return False
        return fault.status_code in {408, 409, 429} or fault.status_code >= 500  # noqa: PLR2004 -- HTTP's numbers
    if isinstance(fault, openai.APITimeoutError):
        return False
    return isinstance(fault, openai.APIConnectionError) and not isinstance(fault.__cause__, httpx2.ConnectError)


def _asked_wait(fault: openai.APIStatusError) -> float | None:
    """The seconds that an endpoint asks to wait, if it does and that makes sense."""
    headers = fault.response.headers
    delay = _DELAY.search(str(fault.body))
    said = (
        _number(headers.get("retry-after-ms", "")) / 1000,
        _seconds(headers.get("retry-after", "")),
        _number(delay[1]) if delay else math.nan,
    )
    return next((seconds for seconds in said if 0 < seconds < math.inf), None)


def _seconds(said: str) -> float:
    """The seconds that a Retry-After header means: a number, or a date."""
    number = _number(said)
    date = parsedate_tz(said) if math.isnan(number) else None
    try:
        return mktime_tz(date) - time.time() if date else number
    except (ValueError, OverflowError):  # a year that is none
        return math.nan


def _number(said: str) -> float:
    try:
        return float(said)
    except ValueError:
        return math.nan


def _escaped(text: str) -> Iterator[str]:
    for character in text:
        yield character if character.isprintable() else ascii(character)[1:-1]


@dataclass(frozen=True)
class _Telling:
    """Words for what went wrong with a request to a model over a link, which had so many seconds and tries.

    `wait` are those before another try, for which there is no time; None where it would not help.
    """

    link: Link
    model: str
    timeout: float
    tries: int
    wait: float | None

    def cause(self, fault: BaseException) -> str:
        """The cause, and what to do about it."""
        if isinstance(fault, (DeadlineError, openai.APITimeoutError)):
            return f"no complete reply within {self.timeout:g} seconds; JITC_TIMEOUT sets how long to wait"
        if isinstance(fault, openai.APIStatusError):
            return self._of_redirect(fault) if fault.response.is_redirect else self._of_status(fault)
        if isinstance(fault, openai.APIConnectionError):
            return self._of_connection(fault)
        if isinstance(fault, openai.APIError):
            return f"it reported an error: {self._quoted(fault.message)}"
        if isinstance(fault, (EndpointError, openai.OpenAIError)):
            return str(fault)
        said = f"{type(fault).__name__}: {self._quoted(str(fault))}"
        return f"it sent something that is no answer of a chat completion ({said})"

    def _quoted(self, words: str) -> str:
        """What is shown of a server's words, cut only behind what may not be shown."""
        return clean(words, self.link.secrets)

    def _of_status(self, fault: openai.APIStatusError) -> str:
        status, words = fault.status_code, words_of(fault)
        said, about = f"({status}: {self._quoted(words)})", words.lower()
        about_model = fault.code in {"model_not_found", "DeploymentNotFound"} or "model" in about
        if (
            fault.code == "context_length_exceeded"
            or status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            or "context" in about
        ):
            return f"the request is too long for the model {said}; set JITC_CONTEXT to the tokens it can take"
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            return f"it refuses the key {said}; set {self.link.key_name} to one that is valid there"
        if status == HTTPStatus.NOT_FOUND and not about_model:
            url_name = self.link.url_name
            return f"it has no chat completions {said}; check {url_name}, which for most servers ends in /v1"
        if status in {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND} and about_model:
            return f"it does not know the model {self.model} {said}; set JITC_MODEL to one of its models"
        return self._of_no_more(fault, said) or f"it answered with an error {said}"

    def _of_redirect(self, fault: openai.APIStatusError) -> str:
        where = self._quoted(fault.response.headers.get("location", "another place"))
        return (
            f"it redirects to {where}, and the key does not follow; set {self.link.url_name} to where the endpoint is"
        )

    def _of_connection(self, fault: openai.APIConnectionError) -> str:
        cause = fault.__cause__
        said = self._quoted(str(cause)) if cause else fault.message
        if "certificate" in said.lower():
            return f"its certificate is not valid ({said})"
        if self.link.proxy and isinstance(cause, (httpx2.ConnectError, httpx2.ProxyError)):
            return f"cannot be reached through {self.link.proxy}, the proxy that the environment names ({said})"
        if isinstance(cause, httpx2.ConnectError):
            return f"cannot be reached ({said}); is the server running? {self.link.url_name} says where it is"
        return f"the connection was lost before the reply was complete ({said})"

    def _of_no_more(self, fault: openai.APIStatusError, said: str) -> str:
        """That the endpoint takes no more requests, and what to do; nothing where it is not that."""
        if fault.status_code == HTTPStatus.PAYMENT_REQUIRED:
            return f"the account has nothing left to pay with {said}; top it up, or ask another endpoint"
        if fault.status_code != HTTPStatus.TOO_MANY_REQUESTS:
            return ""
        asked = _asked_wait(fault) if self.wait is not None else None
        told = "still busy, so wait a while" if self.tries > 1 else "wait"
        if asked:
            told = f"it asks to wait {math.ceil(asked)} s, for which JITC_TIMEOUT must be longer"
        return f"it takes no more requests now {said}; {told}, or look at the limits of the account"
