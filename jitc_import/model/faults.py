"""What went wrong with a request, in words: the cause, and what to do about it."""

from __future__ import annotations

import math
import time
from email.utils import mktime_tz, parsedate_tz
from typing import TYPE_CHECKING

import httpx2
import openai

from jitc_import.errors import EndpointError
from jitc_import.model.transport import DeadlineError

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from jitc_import.model.link import Link

SHOWN = 300
"""Characters of a server's own words that a message repeats."""

FIRST_WAIT = 0.5
"""Seconds before a second try; they double with each."""

LONGEST_WAIT = 60.0
"""Seconds that an endpoint may ask to wait before the next try."""

SHORTEST_SECRET = 6
"""Characters; what is shorter would take ordinary words out of a message."""

_OTHER_WORDS = {"response_format": ("json_schema", "structured output", "grammar")}
"""What endpoints call a parameter that they refuse, besides its name."""

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


class RequestFault(Exception):  # noqa: N818 -- it is not raised to the user; `told` makes the error
    """A request that got no whole reply, and why; `begun` says that some text had come."""

    def __init__(self, fault: BaseException, *, begun: bool) -> None:
        super().__init__(str(fault))
        self.fault = fault
        self.begun = begun

    def told(self, link: Link, model: str, timeout: float) -> EndpointError:
        """The error to raise for it; it shows no secret."""
        return EndpointError(f"{link.name}: {clean(_cause(self.fault, model, timeout), link.secrets, 3 * SHOWN)}")

    def refused_parameter(self, sent: Container[str], optional: Sequence[str]) -> str | None:
        """The parameter, of those that are `optional` and were `sent`, that the endpoint refuses."""
        if not isinstance(self.fault, openai.APIStatusError) or self.fault.status_code not in {400, 422}:
            return None
        candidates = [name for name in optional if name in sent]
        if self.fault.param in candidates:
            return self.fault.param
        said = f"{self.fault.message} {self.fault.body}"
        return next(
            (name for name in candidates if any(word in said for word in (name, *_OTHER_WORDS.get(name, ())))), None
        )

    def wait(self, failures: int) -> float | None:
        """Seconds to wait before the next try, after so many failures; None where another try would not help."""
        if self.begun or not is_passing(self.fault):
            return None
        asked = _retry_after(self.fault.response.headers) if isinstance(self.fault, openai.APIStatusError) else None
        return FIRST_WAIT * 2 ** (failures - 1) if asked is None else min(asked, LONGEST_WAIT)


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
        busy = fault.status_code in {408, 409, 429} or fault.status_code >= 500  # noqa: PLR2004 -- HTTP's numbers
        return busy and fault.code != "insufficient_quota"
    if isinstance(fault, openai.APITimeoutError):
        return False
    return isinstance(fault, openai.APIConnectionError) and not isinstance(fault.__cause__, httpx2.ConnectError)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that a Retry-After header asks for, if it makes sense."""
    said = headers.get("retry-after", "")
    try:
        seconds = float(said)
    except ValueError:
        date = parsedate_tz(said)
        seconds = mktime_tz(date) - time.time() if date else math.nan
    return seconds if seconds > 0 else None


def _escaped(text: str) -> Iterator[str]:
    for character in text:
        yield character if character.isprintable() else ascii(character)[1:-1]


def _cause(fault: BaseException, model: str, timeout: float) -> str:
    if isinstance(fault, (DeadlineError, openai.APITimeoutError)):
        return f"no complete reply within {timeout:g} seconds; JITC_TIMEOUT sets how long to wait"
    if isinstance(fault, openai.APIStatusError):
        return _of_redirect(fault) if fault.response.is_redirect else _of_status(fault, model)
    if isinstance(fault, openai.APIConnectionError):
        return _of_connection(fault)
    if isinstance(fault, openai.APIError):
        return f"it reported an error: {clean(fault.message)}"
    if isinstance(fault, (EndpointError, openai.OpenAIError)):
        return str(fault)
    return f"it sent something that is no answer of a chat completion ({type(fault).__name__}: {clean(str(fault))})"


def _of_status(fault: openai.APIStatusError, model: str) -> str:
    status, said = fault.status_code, f"({fault.status_code}: {clean(_said(fault))})"
    about_model = fault.code == "model_not_found" or "model" in fault.message.lower()
    if fault.code == "context_length_exceeded" or "context" in fault.message.lower():
        return f"the request is too long for the model {said}; set JITC_CONTEXT to the tokens it can take"
    if status in {401, 403}:
        return f"it refuses the key {said}; set OPENAI_API_KEY to one that is valid there"
    if status == 404 and not about_model:  # noqa: PLR2004 -- HTTP's number
        return f"it has no chat completions {said}; check OPENAI_BASE_URL, which for most servers ends in /v1"
    if status in {400, 404} and about_model:
        return f"it does not know the model {model} {said}; set JITC_MODEL to one of its models"
    if status == 429:  # noqa: PLR2004 -- HTTP's number
        return f"it takes no more requests now {said}; wait, or look at the limits of the account"
    return f"it answered with an error {said}"


def _of_redirect(fault: openai.APIStatusError) -> str:
    where = clean(fault.response.headers.get("location", "another place"))
    return f"it redirects to {where}, and the key does not follow; set OPENAI_BASE_URL to where the endpoint is"


def _said(fault: openai.APIStatusError) -> str:
    body = fault.body
    said = body.get("message") if isinstance(body, dict) else None
    return said if isinstance(said, str) else str(body or fault.message)


def _of_connection(fault: openai.APIConnectionError) -> str:
    cause = fault.__cause__
    said = clean(str(cause)) if cause else fault.message
    if "certificate" in said.lower():
        return f"its certificate is not valid ({said})"
    if isinstance(cause, httpx2.ConnectError):
        return f"cannot be reached ({said}); is the server running? OPENAI_BASE_URL says where it is"
    return f"the connection was lost before the reply was complete ({said})"
