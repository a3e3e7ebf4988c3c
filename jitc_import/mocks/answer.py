"""What a call may be answered with: the JSON schema of a return annotation, and reading what a model wrote."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from pydantic import PydanticUserError, TypeAdapter, ValidationError
from pydantic.errors import PydanticSchemaGenerationError, PydanticUndefinedAnnotation

SHOWN_ERRORS = 5
"""What is wrong with an answer, of which so many are told."""

_FENCE = re.compile(r"\A\s*`{3,}\w*\s*\n(?P<inside>.*?)\n?\s*`{3,}\s*\Z", re.DOTALL)


class WrongAnswerError(Exception):
    """A reply that is no answer; its text says why, for the model and the user."""


class NoSchemaError(Exception):
    """A type that no JSON can stand for; its text names it."""


@dataclass(frozen=True)
class Raised:
    """The answer that the call raises an exception."""

    exception: str
    message: str


@dataclass(frozen=True)
class AnswerType:
    """What calls may return: `schema` is None where anything may. `exceptions` are those they may raise, by name."""

    adapter: TypeAdapter[Any] | None = None
    schema: dict[str, Any] | None = None
    exceptions: tuple[str, ...] = ()
    several: bool = field(default=False)
    """Whether it is a list whose items are wanted one by one; `adapter` is that of an item."""

    @property
    def key(self) -> str:
        """Where in a reply the answer stands."""
        return "items" if self.several else "answer"

    def reply_schema(self) -> dict[str, Any] | None:
        """The JSON schema of a whole reply: an object, as endpoints ask for; None where anything may come."""
        if self.schema is None and not self.several:
            return None
        inner = dict(self.schema or {})
        definitions = inner.pop("$defs", None)
        answer = {"type": "array", "items": inner} if self.several else inner
        properties: dict[str, Any] = {self.key: answer}
        schema: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
        if self.exceptions:
            texts = {"exception": {"enum": list(self.exceptions)}, "message": {"type": "string"}}
            properties["raise"] = {
                "type": "object",
                "properties": texts,
                "required": list(texts),
                "additionalProperties": False,
            }
        else:
            schema["required"] = [self.key]
        return {**schema, "$defs": definitions} if definitions else schema

    def read(self, text: str) -> Any:
        """The JSON value that a reply answers with, or what it says is Raised. Raises WrongAnswerError."""
        found = _json_in(text)
        if found is None:
            if self.adapter is None and not self.several and text.strip():
                return _without_fence(text).strip()
            raise WrongAnswerError("it holds no JSON")
        (value,) = found
        if isinstance(value, dict) and set(value) == {"raise"}:
            return self.raised(value["raise"])
        return value[self.key] if isinstance(value, dict) and set(value) == {self.key} else value

    def raised(self, value: object) -> Raised:
        """What the part `raise` of a reply says. Raises WrongAnswerError where that may not be."""
        name = value.get("exception") if isinstance(value, dict) else None
        if not isinstance(value, dict) or name not in self.exceptions:
            allowed = (
                f"it may only be one of {', '.join(self.exceptions)}" if self.exceptions else "the call raises none"
            )
            raise WrongAnswerError(f"it raises {name or 'something'}; {allowed}")
        return Raised(name, str(value.get("message", "")))

    def made(self, value: object) -> Any:
        """The Python value for a JSON value (of an item, where several are wanted). Raises WrongAnswerError."""
        if self.adapter is None:
            return value
        try:
            return self.adapter.validate_python(value)
        except ValidationError as error:
            raise WrongAnswerError(_told(error)) from None
        except (ValueError, TypeError, AssertionError, RecursionError) as error:
            raise WrongAnswerError(f"{type(error).__name__}: {error}") from None


def answer_type(hint: Any, exceptions: tuple[str, ...], *, several: bool = False) -> AnswerType:
    """The answer type of a return annotation that has been evaluated; of its items where `several` are wanted.

    Raises NoSchemaError.
    """
    if hint is Any or hint is object:
        return AnswerType(exceptions=exceptions, several=several)
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(hint)
        return AnswerType(adapter, adapter.json_schema(), exceptions, several)
    except PydanticUndefinedAnnotation as error:
        raise NameError(str(error), name=error.name) from None
    except (PydanticSchemaGenerationError, PydanticUserError, TypeError) as error:
        reason = str(error).partition("\n")[0].partition(". Set `arbitrary")[0]
        raise NoSchemaError(f"{hint!r:.200} has no JSON schema ({reason[:300]})") from None


def _json_in(text: str) -> tuple[Any] | None:
    """The JSON value that a reply is, or that stands in it after some words; None where there is none."""
    plain = _without_fence(text).strip()
    try:
        return (json.loads(plain),)
    except (ValueError, RecursionError):
        pass
    decoder = json.JSONDecoder()
    for start in (match.start() for match in re.finditer(r"[{\[]", plain)):
        try:
            return (decoder.raw_decode(plain, start)[0],)
        except (ValueError, RecursionError):
            continue
    return None


def _without_fence(text: str) -> str:
    matched = _FENCE.match(text)
    return matched["inside"] if matched else text


def _told(error: ValidationError) -> str:
    lines = [
        f"{'.'.join(map(str, one['loc'])) or 'the answer'}: {one['msg']}, not {one['input']!r:.100}"
        for one in error.errors(include_url=False)[:SHOWN_ERRORS]
    ]
    return "\n".join(lines)
