"""Types as JSON can say their values: pydantic's schema of a type, mended where it would refuse what JSON can say.

Enum, Literal    by value where JSON has such values, else by name
dict             with keys that a text can stand for
Iterable         as a list: pydantic would look at the items only once they are used, and the caller would be blamed
"""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import PydanticUserError, TypeAdapter, ValidationError
from pydantic.errors import PydanticSchemaGenerationError, PydanticUndefinedAnnotation
from pydantic_core import PydanticSerializationError, SchemaSerializer, SchemaValidator, core_schema

from jitc_import.mocks.defaults import APART, ShownSchema, without_hidden

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_PLAIN = frozenset({str, int, float, bool, type(None)})
"""Types of single values that JSON has."""

_NO_KEYS = frozenset(
    {"none", "list", "tuple", "set", "frozenset", "dict", "generator", "dataclass", "model", "typed-dict"}
) | {"named-tuple", "call", "is-subclass", "is-instance"}
"""Kinds of schemas that take no text, and keys of JSON objects are texts."""


class NoSchemaError(Exception):
    """A type that no JSON can stand for; its text names it."""


@dataclass(frozen=True)
class JsonType:
    """A type whose values JSON can say: `schema` is their JSON schema."""

    validator: Any
    serializer: Any
    schema: dict[str, Any]

    def made(self, value: object) -> Any:
        """The Python value for a JSON value. Raises ValidationError, and whatever a user's validators raise."""
        return self.validator.validate_json(json.dumps(value))

    def said(self, made: Any) -> Any:
        """The JSON value for a Python value. Raises what `made` raises, or ValueError."""
        return self.serializer.to_python(made, mode="json", by_alias=True, warnings="error")


def json_type(hint: Any) -> JsonType:
    """The type of an annotation that has been evaluated. Raises NoSchemaError, and NameError for one that was not."""
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(hint)
        mending = _Mending(dict(adapter.core_schema))
        core = mending.mended()
        schema = ShownSchema().generate(without_hidden(core), mode="validation")
        if not mending.changes:
            return JsonType(adapter.validator, adapter.serializer, schema)
        # What models made for themselves reads as pydantic meant it, so it is not used.
        kinds = SchemaValidator(core, _use_prebuilt=False), SchemaSerializer(core, _use_prebuilt=False)
        return JsonType(*kinds, schema)
    except PydanticUndefinedAnnotation as error:
        raise NameError(str(error), name=error.name) from None
    except (PydanticSchemaGenerationError, PydanticUserError, PydanticSerializationError, TypeError) as error:
        reason = str(error).partition("\n")[0].partition(". Set `arbitrary")[0]
        raise NoSchemaError(f"{hint!r:.200} has no JSON schema ({reason[:300]})") from None
    except NoSchemaError as error:
        raise NoSchemaError(f"{hint!r:.200} has no JSON schema ({error})") from None


@dataclass
class _Mending:
    """Mends one schema of pydantic's; `changes` counts what was put in place of something else."""

    core: dict[str, Any]
    changes: int = field(default=0, init=False)

    def mended(self) -> Any:
        """The schema as it is to be used. Raises NoSchemaError."""
        return self._walked(self.core)

    def _walked(self, part: Any) -> Any:
        if isinstance(part, (list, tuple)):
            return type(part)(map(self._walked, part))
        if not isinstance(part, dict):
            return part
        kind = part.get("type")
        rule = self._rules.get(kind) if isinstance(kind, str) else None
        return rule(part) if rule else self._inside(part)

    def _inside(self, part: dict[str, Any]) -> dict[str, Any]:
        """A schema with those in it mended; a model may name its fields as schemas name their parts."""
        return {
            key: self._named(value)
            if key in {"fields", "choices"} and isinstance(value, dict)
            else value
            if key in APART
            else self._walked(value)
            for key, value in part.items()
        }

    def _named(self, schemas: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._walked(schema) for name, schema in schemas.items()}

    @property
    def _rules(self) -> dict[str, Callable[[dict[str, Any]], Any]]:
        return {
            "enum": self._enum,
            "literal": self._literal,
            "dict": self._dict,
            "generator": self._generator,
            "is-subclass": self._subclass,
            "json-or-python": lambda part: {**part, "json_schema": self._walked(part["json_schema"])},
            "lax-or-strict": lambda part: {**part, "lax_schema": self._walked(part["lax_schema"])},
        }

    def _enum(self, part: dict[str, Any]) -> Any:
        if all(_is_read(part, member.value, member) for member in part["members"]):
            return part
        told = {member.name: member for member in part["members"]}
        for member in part["members"]:
            if type(member.value) in _PLAIN and member.value not in told and _is_read(part, member.value, member):
                told[member.value] = member
        return self._told(told, part)

    def _literal(self, part: dict[str, Any]) -> Any:
        if all(type(one) in _PLAIN for one in part["expected"]):
            return part
        return self._told(_by_json(part["expected"]), part)

    def _dict(self, part: dict[str, Any]) -> Any:
        if "keys_schema" not in part:
            return self._inside(part)
        return {**self._inside({**part, "keys_schema": None}), "keys_schema": self._key(part["keys_schema"])}

    def _key(self, part: dict[str, Any]) -> Any:
        """A schema for keys: texts, as JSON writes them."""
        if part["type"] == "definition-ref":
            found = next(one for one in self.core["definitions"] if one.get("ref") == part["schema_ref"])
            return self._key({**found, "ref": None})
        if part["type"] in {"enum", "literal"}:
            told = _by_json(part.get("members") or part["expected"])
            if all(isinstance(one, str) for one in told):
                return self._walked(part)
            return self._told({one if isinstance(one, str) else json.dumps(one): told[one] for one in told}, part)
        if part["type"] == "nullable":
            return {**part, "schema": self._key(part["schema"])}
        if part["type"] in _NO_KEYS and not part.get("root_model"):
            raise NoSchemaError(f"keys of JSON objects are texts, which cannot stand for its {part['type']} keys")
        return self._walked(part)

    def _generator(self, part: dict[str, Any]) -> Any:
        self.changes += 1
        items = {"items_schema": part["items_schema"]} if "items_schema" in part else {}
        kept = {key: part[key] for key in ("min_length", "max_length", "ref") if key in part}
        return self._walked({"type": "list", **items, **kept})

    def _subclass(self, part: dict[str, Any]) -> Any:
        raise NoSchemaError(f"JSON has no classes such as those of {part['cls'].__qualname__}")

    def _told(self, values: Mapping[Any, Any], part: dict[str, Any]) -> Any:
        """Values by what JSON says for each."""
        self.changes += 1
        names = [(value, name) for name, value in values.items()]
        return core_schema.no_info_after_validator_function(
            values.__getitem__,
            core_schema.literal_schema(list(values)),
            ref=part.get("ref") or None,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda made: next(name for value, name in names if value is made or value == made)
            ),
        )


def _by_json(values: Sequence[Any]) -> dict[Any, Any]:
    """Values of a Literal or Enum by what JSON says for each."""
    found = {_json_of(value): value for value in values}
    if len(found) < len(values):
        raise NoSchemaError(f"JSON says the same for some of {list(values)!r:.200}")
    return found


def _json_of(value: Any) -> Any:
    """What JSON says for one value of a Literal or Enum: a member's value where JSON has that, else its name."""
    if isinstance(value, enum.Enum):
        return value.value if type(value.value) in _PLAIN else value.name
    if type(value) in _PLAIN:
        return value
    raise NoSchemaError(f"JSON has no values such as {value!r:.100}")


def _is_read(part: dict[str, Any], value: Any, member: Any) -> bool:
    """Whether a member is what pydantic reads for its value."""
    if type(value) not in _PLAIN:
        return False
    try:
        return SchemaValidator(part).validate_json(json.dumps(value)) is member
    except ValidationError:
        return False
