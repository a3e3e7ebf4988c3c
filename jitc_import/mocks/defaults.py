"""Defaults in the schemas that models see: none of a field that is not to be shown, or whose name calls it secret."""

from __future__ import annotations

import dataclasses
import enum
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import PydanticSerializationError

from jitc_import.model.secrets import find_secrets, names_secret

if TYPE_CHECKING:
    from collections.abc import Collection

APART = frozenset({"metadata", "serialization", "config", "default", "cls", "expected", "members", "ref"})
"""What in a schema of pydantic's holds no schemas that are read with."""

_CLASSES = frozenset({"dataclass", "model"})


class ShownSchema(GenerateJsonSchema):
    """A default that JSON cannot say is left out of the schema, and that needs no warning; so is one to be hidden."""

    ignored_warning_kinds = frozenset({"skipped-choice", "non-serializable-default"})  # type: ignore[assignment]

    def encode_default(self, dft: Any) -> Any:
        """A default as JSON. Raises PydanticSerializationError for an object, which may hold what it does not show."""
        said = super().encode_default(dft)
        if _holds_objects(dft) or (isinstance(said, str) and any(find_secrets(said))):
            raise PydanticSerializationError("not to be shown")
        return said


def without_hidden(part: Any, hidden: Collection[str] = ()) -> Any:
    """A schema of pydantic's without the defaults that are not to be shown; `hidden` are fields of the class around."""
    if isinstance(part, (list, tuple)):
        return type(part)(without_hidden(one, hidden) for one in part)
    if not isinstance(part, dict):
        return part
    if part.get("type") in _CLASSES:
        hidden = _hidden_fields(part["cls"])
    inside = {key: value if key in APART else without_hidden(value, hidden) for key, value in part.items()}
    if isinstance(fields := inside.get("fields"), dict):
        inside["fields"] = {name: _stripped(name, one, hidden) for name, one in fields.items()}
    name = inside.get("name")
    return _stripped(name, inside, hidden) if isinstance(name, str) and "schema" in inside else inside


def _hidden_fields(kind: type) -> frozenset[str]:
    """The fields of a class that its repr leaves out."""
    fields = dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else ()
    named = getattr(kind, "__pydantic_fields__", {})
    return frozenset(one.name for one in fields if not one.repr) | {name for name, one in named.items() if not one.repr}


def _stripped(name: str, field: Any, hidden: Collection[str]) -> Any:
    """A field without its default, if that is not to be shown; it needs no value as before."""
    if name not in hidden and not names_secret(name):
        return field
    return _without_default(field)


def _without_default(part: Any) -> Any:
    if not isinstance(part, dict) or not isinstance(part.get("schema"), dict) or part.get("type") in _CLASSES:
        return part
    if part.get("type") != "default":
        return {**part, "schema": _without_default(part["schema"])}
    return {**{key: value for key, value in part.items() if key != "default"}, "default_factory": type(None)}


def _holds_objects(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_objects, value.values()))
    if isinstance(value, (list, tuple, set, frozenset)):
        return hasattr(value, "_fields") or any(map(_holds_objects, value))
    if isinstance(value, enum.Enum):
        return False
    return dataclasses.is_dataclass(value) or hasattr(value, "__pydantic_fields__")
