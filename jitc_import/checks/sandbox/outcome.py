"""What became of a job: the frames that the child sent, checked, and how it ended, in words."""

from __future__ import annotations

import signal
from dataclasses import dataclass, field
from typing import Any

from jitc_import.checks.sandbox.frames import unpacked
from jitc_import.checks.sandbox.scratch import MOST_BYTES, MOST_ENTRIES

_MODULE = -1
_FORGED = "it wrote into the channel of its results"


@dataclass(frozen=True)
class Limits:
    """Of one job: wall-clock seconds, bytes of memory beyond what its imports take, bytes of output."""

    seconds: float = 5.0
    memory: int = 1 << 30
    output: int = 1 << 20


@dataclass(frozen=True)
class Denial:
    """What the confinement denied: one of some `kinds` of effects; at `line` of the bodies, if it was their own act."""

    kinds: tuple[str, ...]
    line: int | None = None


@dataclass(frozen=True)
class Ran:
    """What one snippet did.

    `output` is what it told at once, what it printed, and the `repr` of its values; `exception` is the end of its
    traceback, `where` the innermost line of it in the bodies, `inside` whether any frame of it lies in the module.
    `shown` says whether there was a value that a prompt would have shown, `denied` what the confinement denied, where
    the exception came of that. `absent` are the stubs of other modules, without a body, that it or the module called;
    `called` the first lines of the functions of the bodies that it called, of those that the job watches.
    """

    output: str
    exception: str | None
    where: str | None
    inside: bool
    shown: bool = field(default=False, compare=False)
    denied: Denial | None = field(default=None, compare=False)
    absent: tuple[str, ...] = field(default=(), compare=False)
    called: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Outcome:
    """What a job did: the snippets that were run to their end, and why the others were not.

    `imported` says whether the module itself was run to its end. Where it raised, `import_failure` is the exception,
    and `import_where` lays it to a line of the bodies, if one of them was at work; `ended` is how a job was cut short,
    and `told` what the snippet that was under way had told at once by then. `absent` are the stubs of other modules,
    `module:name` each, that have no body and were called.
    """

    ran: tuple[Ran, ...]
    ended: str | None
    import_failure: str | None
    import_where: str | None = None
    imported: bool = False
    told: str = ""
    absent: tuple[str, ...] = ()


def outcome_of(result: dict[str, Any], stream: bytes, order: dict[str, Any], limits: Limits) -> Outcome:
    """Judge how a child that got `order` ended (`result`), and what it said (`stream`)."""
    said = _Said(order)
    try:
        for frame in unpacked(stream):
            said.take(frame)
    except ValueError:  # a frame that is cut off is what a killed child leaves
        said.is_forged = said.is_forged or (result["reason"] is None and result["exit"] == 0)
    ended = _in_words(result["reason"] or said.end, limits)
    if said.is_forged:
        ended = _FORGED
    elif ended is None and (not said.is_complete() or result["exit"] != 0):
        ended = _exit_in_words(result["exit"], limits)
    told, absent = "".join(said.told), tuple(dict.fromkeys(said.absent))
    return Outcome(tuple(said.ran), ended, said.failure, said.where, said.is_imported(), told, absent)


class _Said:
    """The frames of a job in their order; one that is out of order, twice or of another job is forged."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._nonce = order["nonce"]
        self._count = len(order["snippets"])
        self._stops = order["stop_at_failure"]
        self._next = _MODULE
        self.ran: list[Ran] = []
        self.failure: str | None = None
        self.where: str | None = None
        self.end: str | None = None
        self.told: list[str] = []
        self.absent: list[str] = []
        self.is_forged = False

    def is_complete(self) -> bool:
        """Whether it came to its end, after all that it had to run."""
        stopped = self._stops and bool(self.ran) and self.ran[-1].exception is not None
        whole = len(self.ran) == self._count and self._next > _MODULE
        return self.end == "done" and (whole or stopped or self.failure is not None)

    def is_imported(self) -> bool:
        """Whether the module was run to its end."""
        return self._next > _MODULE and self.failure is None

    def take(self, frame: object) -> None:
        """Raises ValueError for a frame that is none."""
        try:
            self._take(frame)
        except ValueError:
            self.is_forged = True
            raise

    def _take(self, frame: object) -> None:
        if not isinstance(frame, dict) or frame.get("id") != self._nonce or self.end is not None:
            raise ValueError("not a frame of this job")
        if "end" in frame:
            self.end = _text(frame["end"])
            return
        if "told" in frame and self.is_imported():
            self.told.append(_text(frame["told"]))
            return
        if frame.get("n") != self._next or self._next >= self._count or self.failure is not None:
            raise ValueError("a frame out of order")
        absent = _texts(frame.get("absent", []))
        self.absent += absent
        if self._next == _MODULE:
            self.failure = _text_or_none(frame.get("failure"))
            self.where = _text_or_none(frame.get("where"))
        else:
            self.ran.append(_ran(frame, "".join(self.told), absent))
            self.told.clear()
        self._next += 1


def _ran(frame: dict[str, Any], told: str, absent: tuple[str, ...]) -> Ran:
    exception, where = _text_or_none(frame.get("exception")), _text_or_none(frame.get("where"))
    inside, shown = frame.get("inside") is True, frame.get("shown") is True
    output, denied = told + _text(frame.get("output")), denial_in(frame.get("denied"))
    return Ran(output, exception, where, inside, shown, denied, absent, _numbers(frame.get("called", [])))


def denial_in(value: object) -> Denial | None:
    """The denial that a child tells of; None where it tells of none."""
    if not isinstance(value, dict) or not isinstance(value.get("kinds"), list):
        return None
    line = value.get("line")
    return Denial(tuple(map(str, value["kinds"])), line if isinstance(line, int) else None)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")  # noqa: TRY004 -- one error for all that a child may send
    return value.encode("utf-8", "backslashreplace").decode()


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError("not a list")  # noqa: TRY004 -- as above
    return tuple(map(_text, value))


def _numbers(value: object) -> tuple[int, ...]:
    if not isinstance(value, list) or not all(isinstance(each, int) for each in value):
        raise ValueError("not numbers")
    return tuple(value)


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _in_words(reason: str | None, limits: Limits) -> str | None:
    return {
        "seconds": f"it did not end within {limits.seconds:g} s",
        "memory": f"it used more than {_size(limits.memory)}",
        "output": f"it printed more than {_size(limits.output)}",
        "files": f"its temporary files took more than {_size(MOST_BYTES)}, were more than {MOST_ENTRIES:,} or lay deep",
        "frames": _FORGED,
    }.get(reason or "")


def _exit_in_words(code: int | None, limits: Limits) -> str | None:
    if code is None or code >= 0:
        return f"it ended the process (exit {code})"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    if name == "SIGXCPU":
        return _in_words("seconds", limits)
    return f"it was killed ({name})" if name in {"SIGKILL", "SIGTERM"} else f"it crashed ({name})"


def _size(count: int) -> str:
    for unit, name in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
        if count >= unit and not count % unit:
            return f"{count // unit} {name}"
    return f"{count} bytes"
