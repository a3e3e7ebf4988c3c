"""One call of a mocked function: from a record, or asked of a model until it gives an answer of the right type."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jitc_import.errors import BudgetError, EndpointError, StoreError
from jitc_import.mocks.answer import Raised, WrongAnswerError
from jitc_import.mocks.arguments import WHOLE, receiver_name, shown_call, shown_value
from jitc_import.mocks.items import ItemReader
from jitc_import.mocks.prompt import again_messages, call_messages
from jitc_import.model.client import Client, Reply, Request, shared_client
from jitc_import.model.secrets import find_secrets
from jitc_import.settings import Settings, load_settings
from jitc_import.store.records import Record, call_digest, find_record, keep_record, records_path

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


@dataclass(frozen=True)
class Manner:
    """How the calls of a function are asked: what the decorator was given."""

    client: Any = None
    model: str | None = None
    prompt_template: str | None = None
    temperature: float | None = None
    seed: int | None = None


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
            self.answer = mocked.answer
        except NameError as error:
            raise mocked.error(f"its return type cannot be read: {error}", "define or import that name") from None

    def result(self) -> Any:
        """What the call returns. Raises what it is to raise, and MockError."""
        record = self._record()
        if record is None:
            value, reply = self._asked()
            self._keep(value, reply.model)
        else:
            value = self._recorded(record)
        if isinstance(value, Raised):
            raise self.mocked.exception(value.exception, value.message)
        return self._made(value)

    def each(self, tell: Callable[[Any], None]) -> None:
        """Give what the call yields to `tell`, one by one, as it comes. Raises as `result` does."""
        record = self._record()
        if record is None:
            value, reply = self._streamed(tell)
            self._keep(value, reply.model)
        else:
            value = self._recorded(record)
            if not isinstance(value, Raised):
                for item in self._made(value):
                    tell(item)
        if isinstance(value, Raised):
            raise self.mocked.exception(value.exception, value.message)

    def _made(self, value: Any) -> Any:
        """The Python value that a recorded or checked answer stands for; of each item, where there are several."""
        if not self.answer.several:
            return self.answer.made(value)
        return [self.answer.made(item) for item in value]

    # --- records

    @cached_property
    def _digest(self) -> str:
        name = receiver_name(self.bound.signature)
        receiver = shown_value(self.bound.arguments[name], WHOLE) if name else ""
        return call_digest(self._key, f"{receiver} {shown_call('', self.bound, WHOLE)}")

    @property
    def _key(self) -> str:
        return self.mocked.function.__qualname__

    @property
    def _path(self) -> str:
        return records_path(os.path.abspath(self.mocked.path))

    @property
    def _way(self) -> str:
        return "replay" if self.settings.mode == "locked" else self.settings.mock

    def _record(self) -> Record | None:
        """The record of this call, where records are used. Raises MockError where there must be one and is none."""
        if self._way == "live":
            return None
        try:
            record = find_record(self._path, self._key, self._digest)
        except StoreError as error:
            raise self.mocked.error(str(error), "mend the file, or remove it and record anew") from error
        if record is None and self._way == "replay":
            locked = self.settings.mode == "locked"
            why = f"mode is locked ({self.settings.origin_of('mode')})" if locked else "JITC_MOCK is replay"
            shown = shown_call(self.mocked.function.__name__, self.bound)
            raise self.mocked.error(
                f"no answer is recorded for {shown:.300}, and no model may be asked: {why}",
                "run it once with JITC_MOCK=record where a model can be asked, and commit the file of records",
            )
        return record

    def _recorded(self, record: Record) -> Any:
        """The JSON value of a record, checked as a new answer is."""
        try:
            if record.raised is not None:
                return self.answer.raised(record.raised)
            self._check(record.answer)
        except WrongAnswerError as wrong:
            raise self.mocked.error(
                f"the recorded answer to {record.arguments:.200} does not fit any more: {wrong}",
                f"remove it from {self._path} and record anew",
            ) from None
        return record.answer

    def _keep(self, value: Any, model: str) -> None:
        if self._way != "record":
            return
        raised = {"exception": value.exception, "message": value.message} if isinstance(value, Raised) else None
        shown = shown_call(self.mocked.function.__name__, self.bound)
        record = Record(self._key, shown, self._digest, None if raised else value, raised, model)
        try:
            keep_record(self._path, record, self.settings.lock_timeout)
        except StoreError as error:
            raise self.mocked.error(f"its answer cannot be kept: {error}", "unset JITC_MOCK, or mend that") from error

    # --- asking

    @cached_property
    def _messages(self) -> tuple[Message, ...]:
        """The request. Raises MockError where it holds a secret."""
        receiver = self.mocked.receiver(self.bound)
        messages = call_messages(self.manner.prompt_template, self.mocked.fields(self.bound), receiver, self.answer)
        for message in messages:
            for secret in find_secrets(message["content"]):
                raise self.mocked.error(
                    f"the call holds {secret.kind}, and nothing is sent that holds a secret",
                    "keep it out of the arguments",
                )
        return messages

    def _asked(self) -> tuple[Any, Reply]:
        """The answer as a JSON value, and the reply that brought it."""

        def read(text: str) -> Any:
            value = self.answer.read(text)
            return value if isinstance(value, Raised) else self._check(value)

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
                if reader.ended:
                    return told
                if told:
                    raise WrongAnswerError("the reply breaks off in the middle of the items")
                value = self.answer.read(text)
                if not isinstance(value, Raised):
                    for made in self._made(self._check(value)):
                        tell(made)
                return value

            return hear, read

        return self._insist(attempt, lambda: bool(told))

    def _check(self, value: Any) -> Any:
        """The value, if it is of the right type. Raises WrongAnswerError."""
        if self.answer.several and not isinstance(value, list):
            raise WrongAnswerError(f"it must be a list, not {type(value).__name__}")
        self._made(value)
        return value

    def _insist(self, attempt: Callable[[], tuple[Tell, Read]], begun: Callable[[], bool]) -> tuple[Any, Reply]:
        """Ask until there is an answer, within the time for one call; no more once `begun` says that some came.

        Each attempt takes the pieces of a reply as they come, and reads it when it is whole.
        """
        client, messages = self._client(), self._messages
        deadline = time.monotonic() + client.timeout(self.manner.model)
        wrong, text = WrongAnswerError(), ""
        for _ in range(1 + AGAIN):
            text = ""
            hear, read = attempt()
            try:
                reply = client.ask(self._request(messages), hear, deadline)
                text = reply.text
                deadline += reply.waited
                if reply.cut:
                    raise WrongAnswerError(f"it is longer than {LONGEST_ANSWER:,} tokens")  # noqa: TRY301
                return read(text), reply
            except WrongAnswerError as error:
                wrong = error
            except (EndpointError, BudgetError) as error:
                raise self.mocked.error(
                    f"no answer came: {error}", "mend that, or use recorded answers with JITC_MOCK=replay"
                ) from error
            if begun():
                break
            messages = again_messages(messages, text, _without_secrets(str(wrong)), self.answer)
        said = f"{text.strip()!r:.200}"
        raise self.mocked.error(
            f"the model gave no valid answer to {shown_call(self.mocked.function.__name__, self.bound):.200}: "
            f"{wrong} (it said {said})",
            "say more in the docstring, give examples, or use a larger model",
        )

    def _request(self, messages: tuple[Message, ...]) -> Request:
        schema = self.answer.reply_schema()
        wanted = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}} if schema else None
        manner = self.manner
        return Request(messages, manner.model, manner.temperature, manner.seed, LONGEST_ANSWER, wanted)

    def _client(self) -> Client:
        return client_for(self.settings, self.manner.client)


def client_for(settings: Settings, own: Any) -> Client:
    """The client for calls: one for each that a user gave, so that it remembers what the endpoint refuses."""
    if own is None:
        return shared_client(settings)
    kept = _own_clients.get(id(own))
    if kept is None or kept[0] is not own or kept[1] != settings:
        kept = (own, settings, shared_client(settings, own))
        _own_clients[id(own)] = kept
    return kept[2]


_own_clients: dict[int, tuple[Any, Settings, Client]] = {}


def _without_secrets(text: str) -> str:
    return "it holds a secret" if next(find_secrets(text), None) else text
