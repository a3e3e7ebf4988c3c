"""Confinement of the calling process, layer by layer: landlock, seccomp and rlimits. What is missing is left out.

Whether a layer holds is found by trying what it must deny, not by asking which kernel this is.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys

from jitc_import.checks.sandbox import seccomp
from jitc_import.checks.sandbox.landlock import Ruleset
from jitc_import.checks.sandbox.scratch import LARGEST_FILE

if sys.platform != "win32":
    import resource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FULL = "landlock+seccomp+rlimits"
"""The level at which a candidate reaches no file, socket, process or secret."""

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_CAPABILITY_VERSION, _KEPT_CAPABILITIES = 0x20080522, 0b110  # reading as root does: DAC_OVERRIDE, DAC_READ_SEARCH
_STACK = 64 << 20
_FILES = 256
_AF_UNIX, _SOCK_STREAM = 1, 1


def level_of(layers: Iterable[str]) -> str:
    """The level in words."""
    found = "+".join(layers)
    if found == FULL:
        return found
    return f"partial ({found})" if found else "none"


def confine_outer(scratch: str = "") -> list[str]:
    """For a process that imports the user's modules: it reads what the user may, and changes nothing but `scratch`."""
    layers: list[str] = []
    if sys.platform == "linux":
        if (rules := _ruleset(["/"], scratch)) is not None and _tried(rules.apply):
            layers.append("landlock")
        names = not (scratch and layers)
        if _tried(lambda: seccomp.apply_filter(seccomp.outer_filter(files=not layers, names=names))):
            layers.append("seccomp")
    return layers


def judges_changes() -> bool:
    """Whether landlock can tell of all changes of files where they are made, so that some can be allowed."""
    rules = _ruleset(())
    if rules is None:
        return False
    os.close(rules.fd)
    return rules.judges_changes


def inner_rules(readable: Iterable[str], listed: Iterable[str], scratch: str = "") -> Ruleset | None:
    """The rules for candidates, made once and applied in each child; None where there is no landlock."""
    rules = _ruleset(readable, scratch)
    if rules is not None:
        rules.list_folders(listed)
    return rules


def confine_inner(rules: Ruleset | None, seconds: float, memory: int, scratch: str = "") -> None:
    """For a process that runs a candidate: all layers that there are."""
    outside_seccomp = True
    limit_resources(seconds, memory, LARGEST_FILE if scratch else 0)
    if sys.platform == "linux":
        drop_capabilities()
        landlocked = rules is not None and _tried(rules.apply)
        names = not (scratch and landlocked)
        outside_seccomp = not _tried(
            lambda: seccomp.apply_filter(seccomp.inner_filter(os.getpid(), files=not landlocked, names=names))
        )
    if outside_seccomp:
        forbid_processes()


def limit_resources(seconds: float, memory: int, file: int) -> None:
    """Limits that the kernel keeps: `memory` bytes more than are mapped now, some more `seconds` of CPU than asked.

    A file that is written may have `file` bytes.
    """
    if sys.platform != "win32":
        _limit(resource.RLIMIT_CPU, int(seconds) + 2)
        _limit(resource.RLIMIT_FSIZE, file)
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_NOFILE, _FILES)
        _limit(resource.RLIMIT_AS, _mapped() + memory)
        soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
        if soft == resource.RLIM_INFINITY or soft > _STACK:
            _tried(lambda: resource.setrlimit(resource.RLIMIT_STACK, (_STACK, hard)))


def forbid_processes() -> None:
    """Where no filter denies new processes, a limit does, except to root; it denies threads with them."""
    if sys.platform != "win32":
        _limit(resource.RLIMIT_NPROC, 0)


def _limit(kind: int, value: int) -> None:
    if sys.platform != "win32":
        hard = resource.getrlimit(kind)[1]
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        _tried(lambda: resource.setrlimit(kind, (bound, bound)))


def drop_capabilities() -> None:
    """Root is left with nothing but the right to read."""
    if sys.platform == "linux":
        header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
        kept = _KEPT_CAPABILITIES if os.geteuid() == 0 else 0
        sets = (ctypes.c_uint32 * 6)(kept, kept, 0, 0, 0, 0)
        ctypes.CDLL(None).capset(ctypes.byref(header), ctypes.byref(sets))


def die_with_parent(signal: int) -> None:
    """Have the kernel send `signal` when the thread that started this process ends; 0 takes it back."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal, 0, 0, 0)


def adopt_orphans() -> None:
    """Become the parent of whatever a child leaves behind, in whichever session."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def layers_that_hold(memory: int) -> list[str]:
    """For a confined process: which layers deny what they must, in fact."""
    layers: list[str] = []
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        if not _opens("/proc/self/status"):
            layers.append("landlock")
        if libc.socket(_AF_UNIX, _SOCK_STREAM, 0) < 0 and libc.kill(os.getppid(), 0) < 0:
            layers.append("seccomp")
    if _is_limited(memory):
        layers.append("rlimits")
    return layers


def _opens(path: str) -> bool:
    try:
        os.close(os.open(path, os.O_RDONLY))
    except PermissionError:
        return False
    return True


def _is_limited(memory: int) -> bool:
    is_limited = False
    if sys.platform == "linux":
        try:
            bytearray(memory)
        except MemoryError:
            is_limited = True
    elif sys.platform != "win32":  # memory is not limited there
        is_limited = resource.getrlimit(resource.RLIMIT_CPU)[0] != resource.RLIM_INFINITY
    return is_limited


def _mapped() -> int:
    """Bytes that this process has mapped; where nobody says, what a Python with libraries may have."""
    mapped = 1 << 30
    if sys.platform == "linux":
        with contextlib.suppress(OSError, ValueError), open("/proc/self/statm", "rb") as file:
            mapped = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    return mapped


def _ruleset(readable: Iterable[str], scratch: str = "") -> Ruleset | None:
    rules = None
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            rules = Ruleset()
            rules.read(readable)
            rules.write(os.devnull)
            if scratch:
                rules.change(scratch)
    return rules


def _tried(step: Callable[[], object]) -> bool:
    try:
        step()
    except (OSError, ValueError):
        return False
    return True
