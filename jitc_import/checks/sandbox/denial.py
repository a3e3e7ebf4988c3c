"""In the child: whether an exception is what the confinement answers, or came of such an answer; whose act that was."""

from __future__ import annotations

import errno
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

_ERRNOS = frozenset({errno.EPERM, errno.EACCES, errno.EROFS, errno.ENOSYS, errno.EAFNOSUPPORT, errno.EFBIG})
_FILES = ("reads files", "writes files")
_WORDS = {
    "can't start new thread": ("threads",),
    "No usable temporary directory": _FILES,
    "unable to open database file": _FILES,
    "attempt to write a readonly database": _FILES,
}
"""What libraries say who keep the answer to themselves, and the effects that were denied."""

_LONGEST_CHAIN = 20
_ENVIRONMENT = getattr(getattr(os.environ.__class__, "__getitem__", None), "__code__", None)
_LIBRARY = os.path.dirname(os.__file__) + os.sep
_INSTALLED = frozenset({"site-packages", "dist-packages"})
_EXAMPLE = "<example>"


def denial_of(error: BaseException | None, path: str, lines: list[str]) -> dict[str, object] | None:
    """What was denied, where an exception, or one that it came from, is such an answer.

    `kinds` are the effects of which it was one, `line` where in the bodies, whose `lines` stand at `path`, it was done,
    if they did it, and not what they were given. An answer that they raise themselves is none.
    """
    try:
        return _answer_in(error, path, lines)
    except MemoryError:
        raise
    except BaseException:  # noqa: BLE001 -- its attributes may be the candidate's
        return None


def _answer_in(error: BaseException | None, path: str, lines: list[str]) -> dict[str, object] | None:
    place = None
    for _ in range(_LONGEST_CHAIN):
        if error is None:
            return None
        place = _innermost_of_users(error) or place
        kinds = _kinds_denied(error)
        if kinds and not _is_raised_by_bodies(error, path, lines):
            return {"kinds": kinds, "line": place[1] if place and place[0] == path else None}
        reason = getattr(error, "reason", None)  # so urllib keeps it
        error = error.__cause__ or error.__context__ or (reason if isinstance(reason, BaseException) else None)
    return None


def _kinds_denied(error: BaseException) -> tuple[str, ...]:
    """The effects of which one was denied; none where an exception is no such answer."""
    if isinstance(error, OSError) and error.errno in _ERRNOS:
        return (*_FILES, "processes", *(("network",) if error.filename is None else ()))
    if type(error).__name__ == "gaierror":  # a name that nobody can be asked for
        return ("network",)
    if isinstance(error, KeyError):
        last = _innermost(error)
        is_environment = last is not None and last.tb_frame.f_code is _ENVIRONMENT  # which is empty here
        return ("environment",) if is_environment else ()
    told = _first_argument(error) if isinstance(error, Exception) else ""
    return next((kinds for words, kinds in _WORDS.items() if words in told), ())


def _innermost_of_users(error: BaseException) -> tuple[str, int] | None:
    """The innermost file and line of a traceback that is no library's."""
    place, step = None, error.__traceback__
    while step is not None:
        path = step.tb_frame.f_code.co_filename
        if path == _EXAMPLE or not _is_library(path):
            place = path, step.tb_lineno
        step = step.tb_next
    return place


def _is_library(path: str) -> bool:
    return path.startswith(("<", _LIBRARY)) or not _INSTALLED.isdisjoint(path.split(os.sep))


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
