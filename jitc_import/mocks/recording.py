"""The record of one call of a mocked function: found, checked as a new answer is, and kept."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jitc_import.errors import StoreError
from jitc_import.mocks.answer import Raised, WrongAnswerError
from jitc_import.mocks.arguments import WHOLE, WHOLE_AS_GIVEN, AlikeError
from jitc_import.mocks.locks import Locks
from jitc_import.mocks.shown import told_apart_by
from jitc_import.store.records import Record, call_digest, find_record, keep_record, records_path, refuse_unwritable

if TYPE_CHECKING:
    import inspect
    from contextlib import AbstractContextManager

    from jitc_import.errors import MockError
    from jitc_import.mocks.answer import AnswerType
    from jitc_import.mocks.arguments import Bounds
    from jitc_import.mocks.mocked import Mocked
    from jitc_import.settings import Settings


_locks = Locks()


@dataclass(frozen=True)
class CallRecords:
    """What is recorded of one call. Everything here raises MockError where that cannot be."""

    mocked: Mocked
    bound: inspect.BoundArguments
    answer: AnswerType
    settings: Settings

    @property
    def are_used(self) -> bool:
        """Whether answers are looked for among the records."""
        return self._is_replay or self.settings.mock == "record"

    def find(self) -> Record | None:
        """The record of this call; None where it may be made."""
        try:
            record = find_record(self._path, self._key, self._digest) or self._find_earlier()
        except StoreError as error:
            raise self.mocked.error_of("", error, "mend the file, or remove it and record anew") from error
        if record is None and self._is_replay:
            locked = self.settings.mode == "locked"
            why = f"mode is locked ({self.settings.origin_of('mode')})" if locked else "JITC_MOCK is replay"
            raise self.mocked.error(
                f"no answer is recorded for {self.mocked.shown(self.bound):.300}, and no model may be asked: {why}",
                "run it once with JITC_MOCK=record where a model can be asked, and commit the file of records",
            )
        if record is None:
            self.mocked.refuse_secrets(self._shown)
            self._refuse_unkept()
        return record

    def _find_earlier(self) -> Record | None:
        """The record of this call where it was made when the order of dicts still told calls apart."""
        return find_record(self._path, self._key, self._digest_by(WHOLE_AS_GIVEN))

    def value(self, record: Record) -> Any:
        """The JSON value of a record, or what it says is Raised."""
        try:
            if record.raised is not None:
                return self.answer.raised(record.raised)
            return self.answer.checked(record.answer)
        except WrongAnswerError as wrong:
            raise self.mocked.error(
                f"the recorded answer to {record.arguments:.200} does not fit any more: {wrong}",
                f"remove it from {self._path} and record anew",
            ) from None

    def alone(self) -> AbstractContextManager[None]:
        """No other thread looks for this record or asks for it meanwhile: the others have what the first was told."""
        return _locks.held((self._path, self._digest))

    def kept(self, value: Any, model: str) -> Record:
        """The record of an answer, made now; or that of another process that was there first."""
        raised = {"exception": value.exception, "message": value.message} if isinstance(value, Raised) else None
        answer = None if raised else self.answer.canonical(value)
        record = Record(self._key, self._shown, self._digest, answer, raised, model)
        try:
            return keep_record(self._path, record, self.settings.lock_timeout)
        except StoreError as error:
            raise self._unkept(error) from error

    def _refuse_unkept(self) -> None:
        """An answer that cannot be kept is not asked for: it would cost, and be lost."""
        try:
            refuse_unwritable(self._path, self.settings.lock_timeout)
        except StoreError as error:
            raise self._unkept(error) from error

    def _unkept(self, error: StoreError) -> MockError:
        return self.mocked.error_of("its answer cannot be kept: ", error, "unset JITC_MOCK, or mend that")

    @property
    def _is_replay(self) -> bool:
        return self.settings.mode == "locked" or self.settings.mock == "replay"

    @cached_property
    def _shown(self) -> str:
        return self.mocked.written(self.bound)

    @cached_property
    def _digest(self) -> str:
        return self._digest_by(WHOLE)

    def _digest_by(self, bounds: Bounds) -> str:
        try:
            return call_digest(self._key + self._mark, told_apart_by(self.bound, bounds))
        except AlikeError as alike:
            raise self.mocked.error(
                f"nothing tells {alike} among its arguments from another, so the call cannot be recorded or replayed",
                "pass what it holds, such as a list, or a function of a module",
            ) from None

    @property
    def _key(self) -> str:
        return self.mocked.function.__qualname__

    @property
    def _mark(self) -> str:
        """What tells a function from another of its name: programs without a file keep their records in one."""
        return f"\n{self.mocked.told_by}" if self.mocked.is_interactive else ""

    @property
    def _path(self) -> str:
        return records_path(os.path.abspath(self.mocked.path))
