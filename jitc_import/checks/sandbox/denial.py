"""In the child: whether an exception is what the confinement answers, or came of such an answer."""

from __future__ import annotations

import errno
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

_ERRNOS = frozenset({errno.EPERM, errno.EACCES, errno.EROFS, errno.ENOSYS, errno.EAFNOSUPPORT})
_WORDS = (
    "can't start new thread",
    "No usable temporary directory",
    "unable to open database file",
    "attempt to write a readonly database",
)
"""What libraries say who keep the answer to themselves."""

_LONGEST_CHAIN = 20
_ENVIRONMENT = getattr(getattr(os.environ.__class__, "__getitem__", None), "__code__", None)


def is_denied(error: BaseException | None, path: str, lines: list[str]) -> bool:
    """Whether an exception, or one that it came from, is such an answer.

    One that the bodies, whose `lines` stand at `path`, raise themselves is none.
    """
    try:
        return _came_of_answer(error, path, lines)
    except MemoryError:
        raise
    except BaseException:  # noqa: BLE001 -- its attributes may be the candidate's
        return False


def _came_of_answer(error: BaseException | None, path: str, lines: list[str]) -> bool:
    for _ in range(_LONGEST_CHAIN):
        if error is None:
            return False
        if _is_answer(error) and not _is_raised_by_bodies(error, path, lines):
            return True
        reason = getattr(error, "reason", None)  # so urllib keeps it
        error = error.__cause__ or error.__context__ or (reason if isinstance(reason, BaseException) else None)
    return False


def _is_answer(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in _ERRNOS:
        return True
    if type(error).__name__ == "gaierror":  # a name that nobody can be asked for
        return True
    if isinstance(error, KeyError):
        last = _innermost(error)
        return last is not None and last.tb_frame.f_code is _ENVIRONMENT  # the environment is empty here
    return isinstance(error, Exception) and any(words in _first_argument(error) for words in _WORDS)


def _first_argument(error: Exception) -> str:
    told = error.args[1:2] if isinstance(error, OSError) else error.args[:1]
    return told[0] if told and type(told[0]) is str else ""


def _is_raised_by_bodies(error: BaseException, path: str, lines: list[str]) -> bool:
    last = _innermost(error)
    if last is None or last.tb_frame.f_code.co_filename != path or not 0 < last.tb_lineno <= len(lines):
        return False
    return lines[last.tb_lineno - 1].strip().startswith(("raise", "assert"))


def _innermost(error: BaseException) -> TracebackType | None:
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    return step
