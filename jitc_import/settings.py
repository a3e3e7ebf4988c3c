"""The settings of a run: command line > environment > `[tool.jitc]` of the nearest pyproject.toml > default.

The project is the one that the source file lies in, never the current directory.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, field_validator

from jitc_import.errors import SettingsError
from jitc_import.local.choice import is_local, weights_asked
from jitc_import.project import project_table
from jitc_import.source.digest import digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    _Set = tuple[str, object]  # where a value comes from, and the value

COMMAND_LINE = "the command line"
DEFAULT = "the default"

ENVIRONMENT = {"base_url": "OPENAI_BASE_URL"}
"""Variables that are not called `JITC_` and the setting's name."""

NOT_IN_A_PROJECT = ("allow_http", "allow_unconfined")
"""Settings that a project may not choose for the people who clone it."""

LOCAL_CONTEXT = 16_000
"""Tokens of context for the local model where none are set: they take memory, and time to read."""

_COUNT = "a whole number, 1 or more"
_SECONDS = "a number of seconds greater than 0"
_DEAREST = 1_000_000  # dollars for a million tokens: one for each
_LEAST_MEMORY = 1 << 26  # less does not hold a Python with the modules that checks need

_Dollars = Annotated[float, Field(ge=0, le=_DEAREST, allow_inf_nan=False, strict=True)]
_Name = Annotated[str, Field(pattern=r"\S")]

# What may change how a new try of a failed stub ends.
_DECISIVE = (
    *("model", "base_url", "verify", "on_unverified", "repairs", "candidates", "context", "strict", "tests", "types"),
    "prompt_template",
    *("candidate_seconds", "candidate_memory", "candidate_output", "allow_unconfined"),
)

_MODELS = {"model", "models"}

# Several paths in one variable; `tests/test_a.py::test_b` names one test, so two colons do not part.
_BETWEEN_PATHS = re.compile(rf",|(?<!:){re.escape(os.pathsep)}(?!:)")


class Settings(BaseModel):
    """The settings of a run; the description of each says what is allowed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: _Name | None = Field(default=None, description="the name of a model; `local` is the one on this machine")
    models: tuple[_Name, ...] = Field(
        default=(),
        description="names of models, each for what those before it failed; in a variable separated by commas",
    )
    base_url: str | None = Field(default=None, min_length=1, description="the URL of an OpenAI-compatible endpoint")
    mode: Literal["auto", "locked", "review"] = Field(default="auto", description="`auto`, `locked` or `review`")
    mock: Literal["live", "record", "replay"] = Field(default="live", description="`live`, `record` or `replay`")
    verify: Literal["full", "static", "off"] = Field(default="full", description="`full`, `static` or `off`")
    on_unverified: Literal["error", "keep"] = Field(default="error", description="`error` or `keep`")
    repairs: int = Field(default=2, ge=0, description="a whole number, 0 or more")
    candidates: int = Field(default=1, ge=1, description=_COUNT)
    max_calls: int = Field(default=1000, ge=0, description="a whole number of requests, 0 or more")
    max_tokens: int | None = Field(
        default=None, ge=0, description="a whole number of tokens, 0 or more; no limit if not set"
    )
    prompt_template: str | None = Field(
        default=None, min_length=1, description="the path of a text file, from the project's root, that holds {code}"
    )
    timeout: float = Field(default=120, gt=0, allow_inf_nan=False, description=_SECONDS)
    context: int = Field(default=32_000, ge=1, description="a whole number of tokens, 1 or more")
    jobs: int = Field(default=4, ge=1, description=_COUNT)
    lock_timeout: float = Field(default=300, ge=0, allow_inf_nan=False, description="a number of seconds, 0 or more")
    allow_http: bool = Field(default=False, description="1 or 0")
    strict: bool = Field(default=False, description="1 or 0")
    types: bool = Field(default=True, description="1 or 0")
    tests: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        default=(), description="paths of test files from the project's root; in a variable separated by commas"
    )
    candidate_seconds: float = Field(default=5, gt=0, allow_inf_nan=False, description=_SECONDS)
    candidate_memory: int = Field(
        default=1 << 30, ge=_LEAST_MEMORY, description=f"a whole number of bytes, {_LEAST_MEMORY} or more"
    )
    candidate_output: int = Field(default=1 << 20, ge=1, description="a whole number of bytes, 1 or more")
    allow_unconfined: bool = Field(default=False, description="1 or 0")

    prices: tuple[tuple[_Name, _Dollars, _Dollars], ...] = Field(
        default=(), description='a table of `"model" = [in, out]`, US dollars for a million tokens read and written'
    )

    _origins: dict[str, str] = PrivateAttr(default_factory=dict)

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_truth_for_number(cls, value: object, info: Any) -> object:
        if isinstance(value, bool) and cls.model_fields[info.field_name].annotation is not bool:
            raise ValueError("neither true nor false")
        return value

    @field_validator("models", mode="before")
    @classmethod
    def _split_names(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(name.strip() for name in value.split(",") if name.strip())

    @field_validator("tests", mode="before")
    @classmethod
    def _split_paths(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(path.strip() for path in _BETWEEN_PATHS.split(value) if path.strip())

    @field_validator("prices", mode="before")
    @classmethod
    def _list_prices(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        return tuple((model, *price) if isinstance(price, list) else price for model, price in value.items())

    def origin_of(self, name: str) -> str:
        """Where the value of a setting comes from: a variable, a pyproject.toml (its path), COMMAND_LINE or DEFAULT."""
        return self._origins.get(name, DEFAULT)

    def for_model(self, model: str) -> Settings:
        """These settings with one model in place of several."""
        return self.model_copy(update={"model": model, "models": ()})

    def fingerprint(self) -> str:
        """The digest of the settings that may change how a new try of a failed stub ends."""
        decisive = [f"{name}={getattr(self, name)}" for name in _DECISIVE]
        decisive += [f"models={self.models}"] if self.models else []
        asked = (weights_asked(name, self.base_url) for name in self.models or (self.model,))
        return digest([*decisive, *(f"weights={weights}" for weights in asked if weights)])


def load_settings(start: str | None, **overrides: object) -> Settings:
    """The settings for the source file or folder `start`; None means no project.

    `overrides` are those of the command line; one that is None was not given.

    Raises SettingsError, which names where a value came from, the value, and what is allowed.
    """
    layers: list[dict[str, _Set]] = [
        {name: (COMMAND_LINE, value) for name, value in overrides.items() if value is not None},
        _environment(),
        _project(start),
        {"mode": ("the variable CI", "locked")} if _is_ci() else {},
    ]
    values: dict[str, object] = {}
    origins: dict[str, str] = {}
    for layer in layers:
        for name in layer.keys() - _decided(values):
            origins[name], values[name] = layer[name]
    if set(values) >= _MODELS:
        raise _both_models(origins)
    if "context" not in values and _may_be_local(values):
        values["context"], origins["context"] = LOCAL_CONTEXT, "the local model"
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise _wrong_value(error, values, origins) from None
    settings._origins = origins  # noqa: SLF001 -- a frozen model takes private attributes only so
    return settings


def _may_be_local(values: Mapping[str, object]) -> bool:
    """Whether the local model may be asked, whose context is smaller, by what is set, of whatever type."""
    models = values.get("models") or [values.get("model")]
    names = models.split(",") if isinstance(models, str) else models if isinstance(models, list) else []
    url = values.get("base_url")
    texts = (name.strip() if isinstance(name, str) else None for name in names)
    return any(is_local(text, url if isinstance(url, str) else None) for text in texts)


def _decided(values: Mapping[str, object]) -> set[str]:
    """The settings that lower layers have no say in; one model and several are two ways to say the same."""
    decided = set(values)
    return decided | _MODELS if decided & _MODELS else decided


def _is_ci() -> bool:
    return os.environ.get("CI", "").strip().lower() not in ("", "0", "false", "no", "off")


def _variable(name: str) -> str:
    return ENVIRONMENT.get(name, f"JITC_{name.upper()}")


def _environment() -> dict[str, _Set]:
    """What variables set; an empty one counts as unset."""
    variables = {name: _variable(name) for name in Settings.model_fields}
    return {
        name: (variable, os.environ[variable].strip())
        for name, variable in variables.items()
        if os.environ.get(variable, "").strip()
    }


def _project(start: str | None) -> dict[str, _Set]:
    found = project_table(start)
    if found is None:
        return {}
    path, table = found
    for name in table:
        if name in NOT_IN_A_PROJECT:
            cause = f"{name} is not for a project to choose: set {_variable(name)}"
            raise SettingsError(f"{path}: [tool.jitc] {cause}", path=path)
        if name not in Settings.model_fields:
            raise SettingsError(f"{path}: [tool.jitc] has no setting `{name}`; {_meant(name)}", path=path)
    return {name: (path, value) for name, value in table.items()}


def _meant(name: str) -> str:
    import difflib

    known = [known for known in Settings.model_fields if known not in NOT_IN_A_PROJECT]
    close = difflib.get_close_matches(name.lower().replace("-", "_"), known, n=1)
    return f"did you mean `{close[0]}`?" if close else f"there are {', '.join(known)}"


def _both_models(origins: Mapping[str, str]) -> SettingsError:
    one, several = origins["model"], origins["models"]
    both = f"{one} sets both `model` and `models`" if one == several else f"{one} and {several} are both set"
    return SettingsError(f"{both}: one of them says which are asked")


def _wrong_value(error: ValidationError, values: Mapping[str, object], origins: Mapping[str, str]) -> SettingsError:
    name, *place = error.errors()[0]["loc"]
    name = str(name)
    if name not in Settings.model_fields:
        return SettingsError(f"there is no setting `{name}`; {_meant(name)}")
    origin = origins[name]
    where = origin if origin == _variable(name) else f"`{name}` ({origin})"
    wrong = _wrong_part(values[name], place)
    return SettingsError(f"{where} is {wrong!r:.80}; allowed: {Settings.model_fields[name].description}")


def _wrong_part(value: object, place: Sequence[object]) -> object:
    """Of a table or list the one entry that is wrong: the whole may be long."""
    at = next(iter(place), None)
    if isinstance(at, int) and isinstance(value, dict):
        return dict([list(value.items())[at]])
    return [value[at]] if isinstance(at, int) and isinstance(value, list) else value
