"""What a call may be answered with, and reading what a model wrote."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from pydantic import ValidationError
from typing_extensions import Never

from jitc_import.mocks.json_types import json_type
from jitc_import.model.thoughts import thought_ends

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitc_import.mocks.json_types import JsonType

SHOWN_ERRORS = 5
"""What is wrong with an answer, of which so many are told."""

_NEVER = (NoReturn, Never)
"""What functions are annotated with that only raise; on Pythons that have both, either is it."""

_FENCE = re.compile(r"\A\s*`{3,}\w*\s*\n(?P<inside>.*?)\n?\s*`{3,}\s*\Z", re.DOTALL)


class WrongAnswerError(Exception):
    """A reply that is no answer; its text says why, for the model and the user, and `step` what the latter may do."""

    def __init__(self, cause: str = "", step: str = "") -> None:
        super().__init__(cause)
        self.step = step or "say more in the docstring, give examples, or use a larger model"


@dataclass(frozen=True)
class Raised:
    """The answer that the call raises an exception."""

    exception: str
    message: str


@dataclass(frozen=True)
class AnswerType:
    """What calls may return: `kind` is None where anything may. `exceptions` are those they may raise, by name."""

    kind: JsonType | None = None
    exceptions: tuple[str, ...] = ()
    several: bool = field(default=False)
    """Whether it is a list whose items are wanted one by one; `kind` is that of an item."""
    never: bool = field(default=False)
    """Whether calls do nothing but raise."""

    @property
    def schema(self) -> dict[str, Any] | None:
        """The JSON schema of an answer (of an item, where several are wanted); None where anything may come."""
        return self.kind.schema if self.kind else None

    @property
    def key(self) -> str:
        """Where in a reply the answer stands."""
        return "items" if self.several else "answer"

    def reply_schema(self) -> dict[str, Any] | None:
        """The JSON schema of a whole reply: an object, as endpoints ask for; None where anything may come.

        One that may raise holds two parts, of which one is null: OpenAI takes no `anyOf` at the root.
        """
        if not self.exceptions:
            return self.shown_schema()
        texts = {"exception": {"enum": list(self.exceptions)}, "message": {"type": "string"}}
        raised = _object_of(texts)
        if self.never:
            return _object_of({"raise": raised})
        shown = self.shown_schema()
        if shown is None:
            return None
        answer = shown["properties"][self.key]
        return {**shown, **_object_of({self.key: _or_null(answer), "raise": _or_null(raised)})}

    def shown_schema(self) -> dict[str, Any] | None:
        """The JSON schema of a reply that answers, for the words of a request; None where anything may come."""
        if self.never:
            return self.reply_schema()
        if self.schema is None and not self.several:
            return None
        inner = dict(self.schema or {})
        definitions = inner.pop("$defs", None)
        schema = _object_of({self.key: {"type": "array", "items": inner} if self.several else inner})
        return {**schema, "$defs": definitions} if definitions else schema

    def read(self, text: str) -> Any:
        """The JSON value that a reply answers with, or what it says is Raised. Raises WrongAnswerError.

        What stands before the end of a thought (`</think>`) is none, where the chat template began it.
        """
        plain = _without_fence(text).strip()
        found = _json_of(plain)
        if not found:
            plain = _without_fence(behind_thought(plain)).strip()
            found = _json_of(plain) or self._json_within(plain)
        if not found:
            if self.kind is None and not self.several and plain:
                return plain
            raise WrongAnswerError("it holds no JSON")
        value = found[0]
        return self._of_parts(value) if self._has_parts(value) and not self._is_bare(value) else value

    def _has_parts(self, value: object) -> bool:
        """Whether a JSON value is an object with the parts of a reply, or could be one that lacks them."""
        if not isinstance(value, dict) or set(value) - {self.key, "raise"}:
            return False
        return bool(value) or (bool(self.exceptions) and self.kind is not None)

    def _of_parts(self, value: dict[str, Any]) -> Any:
        raised = value.get("raise")
        if raised is None and self.key in value:
            return value[self.key]
        answered = value.get(self.key)
        if raised is not None and (answered is None or (self.several and answered == [])):
            return self.raised(raised)
        does = "neither" if raised is None else "both"
        raise WrongAnswerError(f"it must hold either {self.key} or raise, not {does}")

    def _is_bare(self, value: object) -> bool:
        """Whether a value is an answer that looks like one that is wrapped: an object with one field `answer`."""
        if self.several or self.schema is None or (value and self.key not in json.dumps(self.schema)):
            return False
        try:
            self.made(value)
        except WrongAnswerError:
            return False
        return True

    def _json_within(self, text: str) -> list[Any]:
        """The JSON value that stands in a text among words, at most one: where it says what it is, else the first.

        Where texts are answers too, brackets alone make no value.
        """
        values = [value for value, _, _ in _values_in(text)]
        told = [one for one in values if one and self._has_parts(one)]
        return told[:1] or ([] if self.kind is None and not self.several else values[:1])

    def refuse_both(self, text: str) -> None:
        """Raise WrongAnswerError for a reply that yields items and raises."""
        for value, _, _ in _values_in(text):
            if self._has_parts(value) and value.get(self.key) and value.get("raise"):
                self._of_parts(value)

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
        if self.never:
            raise WrongAnswerError("it must raise: the function returns nothing, ever")
        if self.kind is None:
            return copy.deepcopy(value)  # what was recorded stays as it is, whatever the caller does with it
        try:
            return self.kind.made(value)
        except ValidationError as error:
            raise WrongAnswerError(_told(error)) from None
        except Exception as error:  # noqa: BLE001 -- whatever somebody's validators raise: the call itself raises nothing
            raise WrongAnswerError(f"{type(error).__name__}: {error}") from None

    def made_whole(self, value: Any) -> Any:
        """The same for a whole answer: a list, where several are wanted."""
        return [self.made(item) for item in value] if self.several else self.made(value)

    def checked(self, value: Any) -> Any:
        """The JSON value of a whole answer, if it is of the right type. Raises WrongAnswerError."""
        if self.several and not isinstance(value, list):
            raise WrongAnswerError(f"it must be a list, not {type(value).__name__}")
        self.made_whole(value)
        return value

    def canonical(self, value: Any) -> Any:
        """A whole answer as JSON of exactly the right type ("2" is 2 where a number is wanted), to be kept."""
        return [self._canonical(item) for item in value] if self.several else self._canonical(value)

    def _canonical(self, value: Any) -> Any:
        """The same for one value; the value itself where its JSON does not tell all of it."""
        if self.kind is None:
            return value
        try:
            made = self.kind.made(value)
            said = self.kind.said(made)
            again = self.kind.made(said)
            is_whole = type(again) is type(made) and again == made
        except Exception:  # noqa: BLE001 -- whatever somebody's validators, serializers and __eq__ raise
            return value
        return said if is_whole is True else value


def answer_type(hint: Any, exceptions: tuple[str, ...], *, several: bool = False) -> AnswerType:
    """The answer type of a return annotation that has been evaluated; of its items where `several` are wanted.

    Raises NoSchemaError, and NameError for names that are not known.
    """
    if not several and hint in _NEVER:
        return AnswerType(None, exceptions, never=True)
    kind = None if hint is Any or hint is object else json_type(hint)
    return AnswerType(kind, exceptions, several)


def _json_of(text: str) -> list[Any]:
    """The JSON value that a text is, if it is one."""
    try:
        return [json.loads(text)]
    except (ValueError, RecursionError):
        return []


def behind_thought(text: str) -> str:
    """What stands behind the last end of a thought that stands in no JSON value; all of it where there is none."""
    ends = thought_ends(text)
    if not ends:
        return text
    spans = [(start, end) for _, start, end in _values_in(text)]
    outside = [end for begun, end in ends if not any(start <= begun < stop for start, stop in spans)]
    return text[outside[-1] :] if outside else text


def _values_in(text: str) -> Iterator[tuple[Any, int, int]]:
    """The JSON arrays and objects that stand in a text, one after the other, with where each begins and ends."""
    decoder, end = json.JSONDecoder(), 0
    for start in (match.start() for match in re.finditer(r"[{\[]", text)):
        if start < end:
            continue
        try:
            value, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        yield value, start, end


def _object_of(properties: dict[str, Any]) -> dict[str, Any]:
    """The JSON schema of an object with all of some properties, and no others."""
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "required": list(properties),
    }


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _without_fence(text: str) -> str:
    matched = _FENCE.match(text)
    return matched["inside"] if matched else text


def _told(error: ValidationError) -> str:
    lines = [
        f"{'.'.join(map(str, one['loc'])) or 'the answer'}: {one['msg']}, not {one['input']!r:.100}"
        for one in error.errors(include_url=False)[:SHOWN_ERRORS]
    ]
    return "\n".join(lines)
