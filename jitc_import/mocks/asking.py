"""One call of a mocked function: asked of a model until it gives an answer of the right type."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jitc_import.errors import BudgetError, EndpointError
from jitc_import.explain import say_where_requests_go
from jitc_import.mocks.answer import Raised, WrongAnswerError, behind_thought
from jitc_import.mocks.items import ItemReader
from jitc_import.mocks.prompt import again_messages, call_messages, check_template
from jitc_import.mocks.recording import CallRecords
from jitc_import.mocks.shown import LONGEST_CALL
from jitc_import.model.client import Client, Reply, Request, shared_client
from jitc_import.model.secrets import without_secrets
from jitc_import.progress import display
from jitc_import.settings import Settings, load_settings
from jitc_import.source.options import HIGHEST_TEMPERATURE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jitc_import.mocks.mocked import Mocked
    from jitc_import.model.prompts import Message

    Tell = Callable[[str], None]
    Read = Callable[[str], Any]

AGAIN = 2
"""Times that a model is asked again after a reply that is no answer."""

LONGEST_ANSWER = 4096
"""Tokens of a reply, its reasoning included: small models under a schema may write blanks without end."""

ANSWER_SHARE = 3
"""The part of the context that an answer may take is one of so many; the call has another, the function the third."""

CALL_SHARE = 1
"""Characters of a call that are shown for each token of the context: a third of it, at three characters a token."""

_OPTIONS: dict[str, tuple[type, ...]] = {
    "model": (str,),
    "prompt_template": (str,),
    "temperature": (float, int),
    "seed": (int,),
}


@dataclass(frozen=True)
class Manner:
    """How the calls of a function are asked: what the decorator was given."""

    client: Any = None
    model: str | None = None
    prompt_template: str | None = None
    temperature: float | None = None
    seed: int | None = None

    def check(self) -> None:
        """Raise TypeError for what is of another type, ValueError for one that makes no sense."""
        if isinstance(self.client, type) or not (self.client is None or hasattr(self.client, "chat")):
            raise TypeError(f"client must be an openai.OpenAI or openai.AsyncOpenAI, not {self.client!r:.100}")
        for name, kinds in _OPTIONS.items():
            value = getattr(self, name)
            if value is not None and (not isinstance(value, kinds) or isinstance(value, bool)):
                raise TypeError(f"{name} must be {' or '.join(one.__name__ for one in kinds)}, not {value!r:.100}")
        if self.temperature is not None and not 0 <= self.temperature <= HIGHEST_TEMPERATURE:
            raise ValueError(f"temperature lies between 0 and {HIGHEST_TEMPERATURE}, and is {self.temperature!r:.100}")
        if self.prompt_template is not None:
            check_template(self.prompt_template)


class Call:
    """One call, ready to be answered: in the thread that calls, or in another.

    Making it raises TypeError for arguments that the function does not take, and MockError.
    """

    def __init__(self, mocked: Mocked, manner: Manner, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        self.mocked = mocked
        self.manner = manner
        self.bound = mocked.bound(args, kwargs)
        self.settings = load_settings(os.path.abspath(mocked.path))
        try:
            self.answer = mocked.answer_to(self.bound)
        except NameError as error:
            raise mocked.error(f"its return type cannot be read: {error}", "define or import that name") from None
        self.records = CallRecords(mocked, self.bound, self.answer, self.settings)

    def result(self) -> Any:
        """What the call returns. Raises what it is to raise, and MockError."""
        value = self._from_record() if self.records.are_used else self._asked()[0]
        if isinstance(value, Raised):
            raise self.mocked.exception(value.exception, value.message)
        return self.answer.made_whole(value)

    def each(self, tell: Callable[[Any], None]) -> None:
        """Give what the call yields to `tell`, one by one, as it comes. Raises as `result` does.

        What is to be recorded is heard to its end before it is told: who leaves half-way records it too.
        """
        if self.records.are_used:
            for item in self.result():
                tell(item)
            return
        value, _ = self._streamed(tell)
        if isinstance(value, Raised):
            raise self.mocked.exception(value.exception, value.message)

    def _from_record(self) -> Any:
        """The answer as a JSON value that is recorded, now if it was not before."""
        with self.records.alone():
            record = self.records.find()
            if record is None:
                value, reply = self._asked()
                record = self.records.kept(value, reply.model)
        return self.records.value(record)

    @cached_property
    def _messages(self) -> tuple[Message, ...]:
        """The request. Raises MockError where it holds a secret."""
        room = min(self.settings.context * CALL_SHARE, LONGEST_CALL)
        messages = call_messages(self.manner.prompt_template, self.mocked.fields(self.bound, room), self.answer)
        for message in messages:
            self.mocked.refuse_secrets(message["content"])
        return messages

    def _asked(self) -> tuple[Any, Reply]:
        """The answer as a JSON value, and the reply that brought it."""

        def read(text: str) -> Any:
            value = self.answer.read(text)
            return value if isinstance(value, Raised) else self.answer.checked(value)

        return self._insist(lambda: (lambda _: None, read), lambda: False)

    def _streamed(self, tell: Callable[[Any], None]) -> tuple[Any, Reply]:
        """The same for items, each of which goes to `tell` once it is complete and of the right type."""
        told: list[Any] = []

        def attempt() -> tuple[Tell, Read]:
            reader = ItemReader()

            def hear(piece: str) -> None:
                for item in reader.feed(piece):
                    made = self.answer.made(item)
                    told.append(item)
                    tell(made)

            def read(text: str) -> Any:
                if told and behind_thought(reader.text) != reader.text:
                    raise WrongAnswerError(
                        "its items were part of its reasoning, which ended behind them",
                        "JITC_MOCK=record reads items "
                        "once the reply is whole; or have the server tell reasoning from the answer",
                    )
                if told and not reader.ended:
                    raise WrongAnswerError("the reply breaks off in the middle of the items")
                if told:
                    self.answer.refuse_both(text)
                    return told
                value = self.answer.read(text)
                if not isinstance(value, Raised):
                    for made in self.answer.made_whole(self.answer.checked(value)):
                        tell(made)
                return value

            return hear, read

        return self._insist(attempt, lambda: bool(told))

    def _insist(self, attempt: Callable[[], tuple[Tell, Read]], begun: Callable[[], bool]) -> tuple[Any, Reply]:
        """Ask until there is an answer, within the time for one call; no more once `begun` says that some came.

        Each attempt takes the pieces of a reply as they come, and reads it when it is whole.
        """
        client, messages = self._client(), self._messages
        client.load()
        deadline = time.monotonic() + client.timeout(self.manner.model)
        wrong, text = WrongAnswerError(), ""
        for _ in range(1 + AGAIN):
            hear, read = attempt()
            pieces: list[str] = []
            try:
                reply = client.ask(self._request(messages), _heard_by(pieces.append, hear), deadline)
                text = reply.text
                deadline += reply.waited
                if reply.cut:
                    raise WrongAnswerError(f"it is longer than {self._longest_answer:,} tokens")  # noqa: TRY301
                return read(text), reply
            except WrongAnswerError as error:
                wrong, text = error, "".join(pieces)
            except (EndpointError, BudgetError) as error:
                raise self.mocked.error_of("no answer came: ", error, _step_after(error)) from error
            if begun():
                break
            messages = again_messages(messages, text, without_secrets(str(wrong)), self.answer)
        said = f"{text.strip()!r:.200}"
        raise self.mocked.error(
            f"the model gave no valid answer to {self.mocked.shown(self.bound):.200}: {wrong} (it said {said})",
            wrong.step,
        )

    def _request(self, messages: tuple[Message, ...]) -> Request:
        schema = self.answer.reply_schema()
        wanted = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}} if schema else None
        manner = self.manner
        longest = self._longest_answer
        return Request(messages, manner.model, manner.temperature, manner.seed, longest, wanted, limited_by=None)

    @property
    def _longest_answer(self) -> int:
        return max(1, min(LONGEST_ANSWER, self.settings.context // ANSWER_SHARE))

    def _client(self) -> Client:
        if self.manner.client is None:
            say_where_requests_go(self.settings, display())
        return client_for(self.settings, self.manner.client)


def _heard_by(*listeners: Tell) -> Tell:
    def hear(piece: str) -> None:
        for listener in listeners:
            listener(piece)

    return hear


def _step_after(error: EndpointError | BudgetError) -> str:
    """What to do next where no answer came: recorded ones help where it is the endpoint that gave none."""
    return (
        "mend that, or use recorded answers with JITC_MOCK=replay"
        if isinstance(error, EndpointError) and error.is_unanswered
        else "mend that"
    )


def client_for(settings: Settings, own: Any) -> Client:
    """The client for calls: one for each that a user gave, so that it remembers what the endpoint refuses."""
    if own is None:
        return shared_client(settings.for_model(settings.models[0]) if settings.models else settings)
    kept = _own_clients.get(id(own))
    if kept is None or kept[0] is not own or kept[1] != settings:
        kept = (own, settings, shared_client(settings, own))
        _own_clients[id(own)] = kept
    return kept[2]


_own_clients: dict[int, tuple[Any, Settings, Client]] = {}
