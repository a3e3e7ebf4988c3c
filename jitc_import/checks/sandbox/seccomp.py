"""A seccomp filter: the system calls that a process may make from now on, and its children with it. Linux only."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys

from jitc_import.checks.sandbox import syscalls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""The column of the table, and the kernel's name of the architecture."""

_ALLOW, _DENY, _KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
_ABSENT = 0x00050000 | errno.ENOSYS

_LOAD, _EQUAL, _ABOVE, _ANY_BIT, _MASK, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_X32 = 0x40000000

_CLONE_THREAD = 0x00010000
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_REACHING_FCNTLS = (8, 10, 15, 1024)
"""fcntl: F_SETOWN, F_SETSIG and F_SETOWN_EX send any signal to any process; F_SETLEASE has others wait for a file."""
_SIGNAL_IOCTLS = (0x8901, 0x8902, 0x5412)
"""ioctl: FIOSETOWN and SIOCSPGRP likewise; TIOCSTI types into a terminal."""
_FILE_IOCTLS = b"fvX\x94"
"""ioctl: the families that change flags and more of a file that is open for reading only."""
_PR_SCHED_CORE = 62
"""prctl: has other processes share a core, or not."""

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2

_Instruction = tuple[int, int, int, int]


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def outer_filter(*, files: bool, names: bool) -> bytes:
    """For a process that imports the user's modules: no socket, no change of files, no other program.

    `files`: also deny to open files for writing, `names`: to make, move and remove some; needed where landlock does
    not.
    """
    groups = (syscalls.NETWORK, syscalls.FILES, syscalls.PROGRAMS, syscalls.SYSTEM, *_names(deny=names))
    return _assembled([*_denied(groups), *_network(), *(_opening() if files else ())])


def inner_filter(pid: int, *, files: bool, names: bool) -> bytes:
    """For process `pid`, which runs a candidate: besides, no other process, no signal to one, nothing shared."""
    outer = (syscalls.NETWORK, syscalls.FILES, syscalls.PROGRAMS, syscalls.SYSTEM, *_names(deny=names))
    groups = (*outer, syscalls.OTHERS, syscalls.SHARED)
    judged = [*_network(), *_processes(pid), *(_opening() if files else ())]
    return _assembled([*_denied(groups), *judged])


def apply_filter(program: bytes) -> None:
    """Put the calling thread under a filter. Raises OSError where the kernel refuses."""
    libc = ctypes.CDLL(None, use_errno=True)
    given = _Program(len(program) // 8, program)
    for arguments in ((_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(given))):
        if libc.prctl(*arguments):
            raise OSError(ctypes.get_errno(), "the kernel refuses a seccomp filter")


def _column() -> tuple[int, int]:
    machine = ""
    if sys.platform != "win32":
        machine = os.uname().machine
    if machine not in _MACHINES:
        raise OSError(errno.ENOSYS, f"no table of system calls for {machine}")
    return _MACHINES[machine]


def _names(*, deny: bool) -> tuple[dict[str, tuple[int | None, int | None]], ...]:
    return (syscalls.NAMES,) if deny else ()


def _denied(groups: Iterable[dict[str, tuple[int | None, int | None]]]) -> list[_Instruction]:
    column = _column()[0]
    numbers = sorted({pair[column] or -1 for group in groups for pair in group.values()} - {-1})
    return _denied_values(numbers)


def _network() -> list[_Instruction]:
    """Pairs of connected streams; sending without an address."""
    pair = [_argument(0), (_EQUAL, 0, 4, 1), _argument(1), (_MASK, 0, 0, 0xF), (_EQUAL, 0, 1, 1), _ret(_ALLOW)]
    address = [_argument(4), (_EQUAL, 0, 3, 0), _argument(4, high=True), (_EQUAL, 0, 1, 0), _ret(_ALLOW)]
    return [*_judged("socketpair", [*pair, _ret(_DENY)]), *_judged("sendto", [*address, _ret(_DENY)])]


def _processes(pid: int) -> list[_Instruction]:
    """Threads, but no processes; signals to oneself; limits are read, not set."""
    itself = [_argument(0), (_EQUAL, 0, 1, pid), _ret(_ALLOW), _ret(_DENY)]
    unset = [_argument(2), (_EQUAL, 0, 3, 0), _argument(2, high=True), (_EQUAL, 0, 1, 0), _ret(_ALLOW), _ret(_DENY)]
    thread = [_argument(0), (_ANY_BIT, 0, 1, _CLONE_THREAD), _ret(_ALLOW), _ret(_DENY)]
    families = [family << 8 for family in _FILE_IOCTLS]
    return [
        *_judged("clone", thread),
        *_judged("clone3", [_ret(_ABSENT)]),  # its flags lie where no filter reads: libc then uses clone
        *_judged("kill", itself),
        *_judged("tgkill", itself),
        *_judged("prlimit64", unset),
        *_judged("fcntl", [_argument(1), *_none_of(_REACHING_FCNTLS)]),
        *_judged("ioctl", [_argument(1), *_denied_values(_SIGNAL_IOCTLS), (_MASK, 0, 0, 0xFF00), *_none_of(families)]),
        *_judged("prctl", [_argument(0), *_none_of([_PR_SCHED_CORE])]),
    ]


def _opening() -> list[_Instruction]:
    """Files are opened for reading only."""
    read = [(_ANY_BIT, 0, 1, _WRITING), _ret(_DENY), _ret(_ALLOW)]
    return [
        *_judged("open", [_argument(1), *read]),
        *_judged("openat", [_argument(2), *read]),
        *_judged("openat2", [_ret(_ABSENT)]),
    ]


def _none_of(values: Iterable[int]) -> list[_Instruction]:
    """What was loaded is none of some values."""
    return [*_denied_values(values), _ret(_ALLOW)]


def _denied_values(values: Iterable[int]) -> list[_Instruction]:
    return [step for value in values for step in ((_EQUAL, 0, 1, value), _ret(_DENY))]


def _judged(name: str, steps: list[_Instruction]) -> list[_Instruction]:
    """Steps for one system call; they must end with a verdict."""
    number = syscalls.JUDGED[name][_column()[0]]
    return [] if number is None else [(_EQUAL, 0, len(steps), number), *steps]


def _argument(index: int, *, high: bool = False) -> _Instruction:
    return _LOAD, 0, 0, _ARGUMENTS + 8 * index + 4 * high


def _ret(verdict: int) -> _Instruction:
    return _RETURN, 0, 0, verdict


def _assembled(steps: Iterable[_Instruction]) -> bytes:
    """With the look at architecture and number in front: another ABI has other numbers, so it is killed."""
    head = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, _column()[1]),
        _ret(_KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_ABOVE, 0, 1, _X32),
        _ret(_KILL),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in (*head, *steps, _ret(_ALLOW)))
