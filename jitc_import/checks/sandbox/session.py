"""The sandbox of one module under way: jobs go to a confined child, text comes back. No candidate runs here."""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import sys
import time
import weakref
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from jitc_import.checks.sandbox import scratch
from jitc_import.checks.sandbox.confine import level_of
from jitc_import.checks.sandbox.frames import BrokenChannel, Channel
from jitc_import.checks.sandbox.outcome import Limits, Outcome, Ran, outcome_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

__all__ = ["Job", "Limits", "Outcome", "Ran", "Sandbox", "SandboxError", "Snippet"]

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
_BOOT = "import sys; sys.path.append(sys.argv[1]); from jitc_import.checks.sandbox.zygote import main; main()"

_KEPT = ("LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH")
"""Variables that candidates see; the last is how some Pythons find their own library."""

_FIXED = {
    "HOME": "/nonexistent",
    "PATH": os.defpath,
    "JITC_MODE": "locked",
    "MALLOC_ARENA_MAX": "2",
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}

_START = 120.0
"""Seconds for importing what the module imports."""

_GRACE = 5.0
"""Seconds beyond a job's own for killing what it left and sending what it said."""

_levels: list[str] = []
_open: weakref.WeakSet[Sandbox] = weakref.WeakSet()


class SandboxError(Exception):
    """No child can be had at all; the message says why."""


@dataclass(frozen=True)
class Snippet:
    """One piece of Python to run in the module's namespace: as typed at a prompt, or a block."""

    source: str


@dataclass(frozen=True)
class Job:
    """A module with candidate bodies, and what to run in it.

    `code` is the marshalled code object of the module, `text` that of the file which its bodies' code objects name,
    `text_path`. The snippets run in order and share one copy of the module's namespace. `seconds` is the time they
    have, where it is not the sandbox's. `watched` are the first and last lines of the bodies in `text` of which it is
    told by which snippets they were called.
    """

    code: bytes
    text: str
    text_path: str
    snippets: tuple[Snippet, ...]
    stop_at_failure: bool = False
    seconds: float | None = None
    watched: tuple[tuple[int, int], ...] = ()


class Sandbox:
    """Runs jobs on one module: `name`, whose source is `path`. A context manager; for one thread.

    `search_path` is the `sys.path` of the children, the folder of the module's code first, `imports` what the module
    imports at its top. Candidates may read that folder, `projects` and `read_also`, these whatever they hold.
    """

    def __init__(  # noqa: PLR0913 -- the last two are for what only some callers have
        self,
        path: str,
        name: str,
        search_path: Sequence[str],
        imports: Sequence[str],
        limits: Limits,
        *,
        projects: Sequence[str] = (),
        read_also: Sequence[str] = (),
    ) -> None:
        self._path = os.path.abspath(path)
        self._limits = limits
        self._order = {
            "name": name,
            "path": self._path,
            "search_path": [os.path.abspath(entry) for entry in search_path],
            "imports": list(imports),
            "projects": list(projects),
            "home": os.path.expanduser("~"),
            "read_also": list(read_also),
            "prefix": sys.prefix,
            "exec_prefix": sys.exec_prefix,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None
        self._scratch = ""
        self._is_ready = False
        self._interrupted = False
        self.left_out = False
        """Whether the project has more files than candidates can be given to read; known once a job has run."""

    def __enter__(self) -> Sandbox:
        """Begin to start the process, without waiting for it."""
        _open.add(self)
        if _is_possible():
            self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def level(self) -> str:
        """How candidates are confined: `landlock+seccomp+rlimits`, `partial (…)` or `none`.

        Raises SandboxError where a child should be had, but is not.
        """
        if not _is_possible():
            return "none"
        if not _levels:
            self._ready()
        return _levels[0]

    def run(self, job: Job) -> Outcome:
        """Run a job in a child of its own. Raises SandboxError where there is none, nothing for what candidates do."""
        if not _is_possible():
            raise SandboxError(f"checks that run code need processes that can fork, which {sys.platform} has not")
        try:
            return self._ask(job)
        except (BrokenChannel, SandboxError) as error:
            if self._interrupted:
                raise KeyboardInterrupt from None
            if isinstance(error, SandboxError):
                raise
            self.close()  # a candidate may have ended the process it was forked from
        except BaseException:
            self.close()  # Ctrl-C: what comes next would be the answer to this job
            raise
        try:
            return self._ask(job)
        except BrokenChannel:
            self.close()
            return Outcome((), "it ended the process that confines it", None)

    def interrupt(self) -> None:
        """End what runs; the thread that waits for it raises KeyboardInterrupt."""
        self._interrupted = True
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """End the process, and with it whatever runs in it and the folder that was there for it."""
        self._end()
        if self._scratch:
            scratch.removed(self._scratch)
            self._scratch = ""

    def _end(self) -> None:
        if self._process is None or self._channel is None:
            return
        self._channel.close()
        try:
            self._process.wait(1 if self._is_ready else 0)
        except subprocess.TimeoutExpired:
            self._process.kill()  # and the kernel its children
            self._process.wait()
        self._process = self._channel = None
        self._is_ready = False

    def _ask(self, job: Job) -> Outcome:
        channel = self._ready()
        limits = replace(self._limits, seconds=job.seconds or self._limits.seconds)
        stream = 8 * limits.output + (len(job.snippets) + 2) * (1 << 16)
        order = {
            **{field: self._order[field] for field in ("name", "path")},
            "nonce": secrets.token_hex(16),
            "text": job.text,
            "text_path": job.text_path,
            "snippets": [snippet.source for snippet in job.snippets],
            "stop_at_failure": job.stop_at_failure,
            "watched": job.watched,
            "seconds": limits.seconds,
            "memory": limits.memory,
            "output": limits.output,
            "stream": stream,
        }
        deadline = time.monotonic() + limits.seconds + _GRACE
        channel.send(order, job.code, deadline)
        result, said = channel.receive(2 * stream + (1 << 20), deadline)
        if self._scratch:
            scratch.emptied(self._scratch)
        return outcome_of(result, said, order, limits)

    def _ready(self) -> Channel:
        """The channel to the process, which is started if need be."""
        if self._channel is None:
            self._start()
        channel = self._channel
        assert channel is not None  # noqa: S101 -- for the type checker
        if self._is_ready:
            return channel
        try:
            made, _ = channel.receive(1 << 20, time.monotonic() + _START)
        except BrokenChannel as error:
            self.close()
            raise SandboxError(f"the process for checks did not start: {error}") from None
        if made["layers"] is not None:
            _levels[:] = [level_of(made["layers"])]
        self.left_out = bool(made["left_out"])
        self._is_ready = True
        return channel

    def _start(self) -> None:
        if sys.platform == "linux":
            self._scratch = self._scratch or scratch.made()
        try:
            self._process = subprocess.Popen(  # noqa: S603 -- this Python
                [*_python(), "-c", _BOOT, _ROOT],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,
            )
        except OSError as error:
            raise SandboxError(f"the process for checks did not start: {error}") from None
        assert self._process.stdin is not None  # noqa: S101 -- for the type checker
        assert self._process.stdout is not None  # noqa: S101
        self._channel = Channel(os.dup(self._process.stdout.fileno()), os.dup(self._process.stdin.fileno()))
        self._process.stdin.close()
        self._process.stdout.close()
        with contextlib.suppress(BrokenChannel):  # told when its answer is awaited
            order = {**self._order, "probe": not _levels, "scratch": self._scratch}
            self._channel.send(order, b"", time.monotonic() + _START)


def interrupt_sandboxes() -> None:
    """Have each thread that waits for a job raise KeyboardInterrupt: Python itself tells the main thread only."""
    for sandbox in tuple(_open):
        sandbox.interrupt()


def _is_possible() -> bool:
    return hasattr(os, "fork") and sys.platform not in ("win32", "emscripten", "wasi")


def _python() -> list[str]:
    """This Python, isolated, with asserts and the text mode as here."""
    optimized = ["-" + "O" * sys.flags.optimize] if sys.flags.optimize else []
    return [sys.executable, "-I", "-S", *optimized, "-X", f"utf8={sys.flags.utf8_mode}"]


def _environment() -> dict[str, str]:
    """That of the children: no keys, nothing that changes what Python loads."""
    kept: dict[str, Any] = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, **_FIXED}
