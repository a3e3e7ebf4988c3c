"""The parameters of a request: what is wished for, without what the model's endpoint refused before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

from jitc_import.model.refusals import LIMITS, SYSTEM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jitc_import.model.client import Request
    from jitc_import.model.prompts import Message


@final
class Parameters:
    """What the models of an endpoint take, as far as their refusals told; for any number of threads."""

    __slots__ = ("_formats_refused", "_refused", "_too_large")

    def __init__(self) -> None:
        self._refused: set[tuple[str, str]] = set()
        self._too_large: dict[str, int] = {}
        self._formats_refused: dict[str, int] = {}

    def of(self, request: Request, model: str, *, openai_models: bool) -> dict[str, Any]:
        """What is sent for a request. `openai_models` says that the endpoint's models are OpenAI's."""
        temperature = request.temperature
        if temperature is None and not openai_models:
            temperature = 0.0  # OpenAI's newer models refuse it; elsewhere it is the best there is for code
        wished = {
            "stream": True,
            "stream_options": None if (model, "stream") in self._refused else {"include_usage": True},
            self._limit_name(model, openai_models=openai_models): self._limit(model, request.max_tokens),
            "temperature": temperature,
            "seed": request.seed,
            "response_format": self._format(request.response_format, model),
        }
        given = {name: value for name, value in wished.items() if value is not None}
        sent = {name: value for name, value in given.items() if (model, name) not in self._refused}
        return {"model": model, "messages": self._messages(request.messages, model), **sent}

    def refuse(self, model: str, name: str) -> None:
        """Do without a parameter, or without a message of the system, from now on; a format has weaker ones first."""
        if name == "response_format":
            self._formats_refused[model] = self._formats_refused.get(model, 0) + 1
        else:
            self._refused.add((model, name))

    def refuse_size(self, model: str, sent: Mapping[str, Any]) -> None:
        """Leave the limit to the server, from now on, where it would be as large as it was."""
        self._too_large[model] = min([sent[name] for name in LIMITS if name in sent])

    def _format(self, wished: Mapping[str, Any] | None, model: str) -> Mapping[str, Any] | None:
        """The strongest form in which the model's endpoint may take a schema; None where it takes none."""
        if wished is None:
            return None
        schema = wished["json_schema"]["schema"]
        as_object = {"type": "json_object"}
        forms = (
            wished,
            {**as_object, "schema": schema},
            as_object,
        )  # the second is llama.cpp's, and of those around it
        return next(iter(forms[self._formats_refused.get(model, 0) :]), None)

    def _limit_name(self, model: str, *, openai_models: bool) -> str:
        names = LIMITS[::-1] if openai_models else LIMITS
        return next((name for name in names if (model, name) not in self._refused), names[0])

    def _limit(self, model: str, wished: int | None) -> int | None:
        bound = self._too_large.get(model)
        return None if wished is None or (bound is not None and wished >= bound) else wished

    def _messages(self, messages: Sequence[Message], model: str) -> list[Message]:
        if (model, SYSTEM) not in self._refused:
            return list(messages)
        told = "\n\n".join(message["content"] for message in messages if message["role"] == "system")
        first, *rest = (message for message in messages if message["role"] != "system")
        return [{"role": first["role"], "content": f"{told}\n\n{first['content']}"}, *rest]
