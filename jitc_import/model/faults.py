"""What went wrong with a request, in words: the cause, and what to do about it."""

from __future__ import annotations

import math
import random
import re
import time
from email.utils import mktime_tz, parsedate_tz
from functools import partial
from typing import TYPE_CHECKING

import httpx2
import openai

from jitc_import.errors import EndpointError
from jitc_import.model.refusals import words_of
from jitc_import.model.transport import DeadlineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jitc_import.model.link import Link
    from jitc_import.model.stream import Heard

    Quote = Callable[[str], str]

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

_KEY_REFUSED = (
    "it refuses the key {said}; set OPENAI_API_KEY (AZURE_OPENAI_API_KEY for Azure) to one that is valid there"
)
_MEANT = {
    401: _KEY_REFUSED,
    402: "the account has nothing left to pay with {said}; top it up, or ask another endpoint",
    403: _KEY_REFUSED,
}

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
    """A reply that ended at its limit before the answer began; `by_reasoning` says that the model was thinking."""

    by_reasoning = False

    @classmethod
    def of(cls, heard: Heard) -> UsedUpError:
        """The error for a reply."""
        error = cls("its reply is empty: the tokens were used up before the answer began; set JITC_CONTEXT higher")
        error.by_reasoning = heard.reasoned
        return error


class RequestFault(Exception):  # noqa: N818 -- it is not raised to the user; `told` makes the error
    """A request that got no whole reply, why, and what was heard of one; `begun` says that some had come."""

    def __init__(self, fault: BaseException, heard: Heard, *, begun: bool) -> None:
        super().__init__(str(fault))
        self.fault = fault
        self.heard = heard
        self.begun = begun

    def told(self, link: Link, model: str, timeout: float, tries: int = 1) -> EndpointError:
        """The error to raise for it after so many tries; it shows no secret."""
        times = f" (asked {tries} times)" if tries > 1 else ""
        cause = _cause(self.fault, model, timeout, partial(clean, secrets=link.secrets))
        return EndpointError(f"{link.name}: {clean(cause, link.secrets, 3 * SHOWN)}{times}")

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


def _cause(fault: BaseException, model: str, timeout: float, quoted: Quote) -> str:
    """The cause in words; `quoted` is what is shown of the server's, cut only behind what it may not show."""
    if isinstance(fault, (DeadlineError, openai.APITimeoutError)):
        return f"no complete reply within {timeout:g} seconds; JITC_TIMEOUT sets how long to wait"
    if isinstance(fault, openai.APIStatusError):
        return _of_redirect(fault, quoted) if fault.response.is_redirect else _of_status(fault, model, quoted)
    if isinstance(fault, openai.APIConnectionError):
        return _of_connection(fault, quoted)
    if isinstance(fault, openai.APIError):
        return f"it reported an error: {quoted(fault.message)}"
    if isinstance(fault, (EndpointError, openai.OpenAIError)):
        return str(fault)
    return f"it sent something that is no answer of a chat completion ({type(fault).__name__}: {quoted(str(fault))})"


def _of_status(fault: openai.APIStatusError, model: str, quoted: Quote) -> str:
    status, words = fault.status_code, words_of(fault)
    said, about = f"({status}: {quoted(words)})", words.lower()
    about_model = fault.code in {"model_not_found", "DeploymentNotFound"} or "model" in about
    if fault.code == "context_length_exceeded" or status == 413 or "context" in about:  # noqa: PLR2004 -- HTTP's number
        return f"the request is too long for the model {said}; set JITC_CONTEXT to the tokens it can take"
    if status in _MEANT:
        return _MEANT[status].replace("{said}", said)
    if status == 404 and not about_model:  # noqa: PLR2004 -- HTTP's number
        return f"it has no chat completions {said}; check OPENAI_BASE_URL, which for most servers ends in /v1"
    if status in {400, 404} and about_model:
        return f"it does not know the model {model} {said}; set JITC_MODEL to one of its models"
    if status == 429:  # noqa: PLR2004 -- HTTP's number
        return f"it takes no more requests now {said}; {_advice_for(fault)}"
    return f"it answered with an error {said}"


def _advice_for(fault: openai.APIStatusError) -> str:
    """What to do where an endpoint takes no more requests."""
    asked = _asked_wait(fault)
    told = f"it asks to wait {math.ceil(asked)} s, for which JITC_TIMEOUT must be longer" if asked else "wait"
    return f"{told}, or look at the limits of the account"


def _of_redirect(fault: openai.APIStatusError, quoted: Quote) -> str:
    where = quoted(fault.response.headers.get("location", "another place"))
    return f"it redirects to {where}, and the key does not follow; set OPENAI_BASE_URL to where the endpoint is"


def _of_connection(fault: openai.APIConnectionError, quoted: Quote) -> str:
    cause = fault.__cause__
    said = quoted(str(cause)) if cause else fault.message
    if "certificate" in said.lower():
        return f"its certificate is not valid ({said})"
    if isinstance(cause, httpx2.ConnectError):
        return f"cannot be reached ({said}); is the server running? OPENAI_BASE_URL says where it is"
    return f"the connection was lost before the reply was complete ({said})"
