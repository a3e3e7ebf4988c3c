"""The process that candidates are forked from: it imports what the module imports, once, and runs a child a job.

It is started anew for each module under way, asks for nothing, changes nothing but the candidates' folder, and ends
when its standard input does.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import importlib.machinery
import os
import signal
import sys
import time

assert sys.platform != "win32"  # noqa: S101 -- for the type checker; nobody else imports it

from jitc_import.checks.sandbox import child, confine  # noqa: E402 -- what follows is not for Windows
from jitc_import.checks.sandbox.frames import BrokenChannel, Channel  # noqa: E402
from jitc_import.checks.sandbox.readable import Readable  # noqa: E402
from jitc_import.checks.sandbox.watch import Watch, end_all  # noqa: E402

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from typing import Any

    from jitc_import.checks.sandbox.landlock import Ruleset

LARGEST_JOB = 256 << 20
"""Bytes of a module's code object and texts."""

_PROBE_MEMORY = 256 << 20
_OUTER_LAYERS = 2


class NotYet(BaseException):
    """The module under check is imported by another: no `except` of theirs is to take that for an answer."""


class Withheld:
    """A finder that keeps the module under check from being imported without its bodies."""

    def __init__(self, name: str) -> None:
        self.name = name

    def find_spec(self, name: str, _path: Sequence[str] | None = None, _target: object = None) -> ModuleSpec | None:
        """For one name only. Raises NotYet."""
        if name == self.name:
            raise NotYet(name)
        return None


class Zygote:
    """The loop of jobs."""

    def __init__(self, channel: Channel, devnull: int) -> None:
        self._channel = channel
        self._devnull = devnull
        self._rules: Ruleset | None = None
        self._scratch = ""

    def serve(self) -> None:
        """Make ready, and run jobs until the channel is closed."""
        order, _ = self._channel.receive(LARGEST_JOB)
        self._channel.send(self._prepare(order))
        confine.die_with_parent(0)  # its end is seen by the channel now; the thread that began may end earlier
        while True:
            job, code = self._channel.receive(LARGEST_JOB)
            result, stream = self._supervise(job, code)
            self._channel.send(result, stream)

    def _prepare(self, order: dict[str, Any]) -> dict[str, Any]:
        sys.dont_write_bytecode = True  # what this package needs itself is imported by now
        path = [*order["search_path"], *(one for one in sys.path[:-1] if one not in order["search_path"])]
        sys.path[:] = path  # without the folder of this package, which was put last
        sys.prefix, sys.exec_prefix = order["prefix"], order["exec_prefix"]
        readable = Readable(path, order["read_also"], projects=order["projects"], home=order["home"])
        scratch = order["scratch"] if confine.judges_changes() else ""
        self._rules = confine.inner_rules([*readable.whole, *readable.files], readable.listed, scratch)
        layers = confine.confine_outer(scratch)
        self._scratch = scratch if len(layers) == _OUTER_LAYERS else ""
        _site(path)
        withheld = Withheld(child.run_name(order["name"], order["path"]))
        sys.meta_path.insert(0, withheld)
        _hook()
        for name in order["imports"]:
            _preload(name, withheld.name)
        sys.meta_path.remove(withheld)
        importlib.machinery.PathFinder.find_spec("no module")  # children may not list all folders of the search path
        signal.setitimer(signal.ITIMER_REAL, 0)
        gc.collect()
        gc.freeze()
        held = self._probe() if order["probe"] else None
        return {"layers": held, "left_out": readable.left_out}

    def _probe(self) -> list[str]:
        """The layers that hold in a child, told by its exit code."""
        names = ["landlock", "seccomp", "rlimits"]
        pid = os.fork()
        if pid == 0:
            code = 0
            try:
                confine.confine_inner(self._rules, 5, _PROBE_MEMORY, self._scratch)
                held = confine.layers_that_hold(2 * _PROBE_MEMORY)
                code = sum(1 << names.index(name) for name in held)
            finally:
                os._exit(code)
        code = max(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0)
        return [name for bit, name in enumerate(names) if code >> bit & 1]

    def _supervise(self, job: dict[str, Any], code: bytes) -> tuple[dict[str, Any], bytes]:
        deadline = time.monotonic() + job["seconds"]
        frames, frames_end = os.pipe()
        output, output_end = os.pipe()
        pid = os.fork()
        if pid == 0:
            self._become_child(job, code, frames_end, output_end)
        for fd in (frames_end, output_end):
            os.close(fd)
        watch = Watch(pid, frames, output, self._channel.source, self._scratch)
        try:
            reason = watch.until(deadline, job)
        finally:
            end_all(pid)
            for fd in (frames, output):
                os.close(fd)
        stream = b"" if reason == "frames" else bytes(watch.stream)
        return {"reason": reason, "exit": watch.exit}, stream

    def _become_child(self, job: dict[str, Any], code: bytes, frames: int, output: int) -> None:
        try:
            os.setsid()
            confine.die_with_parent(signal.SIGKILL)
            rules = self._rules
            wanted = [self._devnull, output, output, frames, *([rules.fd] if rules else [])]
            for number, fd in enumerate([fcntl.fcntl(fd, fcntl.F_DUPFD, 64) for fd in wanted]):
                os.dup2(fd, number)
            if rules:
                rules.fd = len(wanted) - 1
            os.closerange(len(wanted), 1 << 20)
            _use_scratch(self._scratch)
            confine.confine_inner(rules, job["seconds"], job["memory"], self._scratch)
            os.closerange(4, len(wanted))
            child.run_job(job, code, 3)
        finally:
            os._exit(70)


def _use_scratch(folder: str) -> None:
    """Have temporary files be made in a folder, also by a `tempfile` that has found another, or none, before."""
    if folder:
        os.environ["TMPDIR"] = folder
        if "tempfile" in sys.modules:
            vars(sys.modules["tempfile"])["tempdir"] = None


def _site(search_path: Sequence[str]) -> None:
    """What `site` does but for customizations: editable installs have finders, prompts have `exit`."""
    import site

    known = set(search_path)
    for step in (site.setquit, site.setcopyright, site.sethelper):
        step()
    for folder in search_path:
        if os.path.basename(folder) in ("site-packages", "dist-packages"):
            site.addsitedir(folder, known)
    sys.path[:] = search_path


def _hook() -> None:
    """Modules of the project that are completed already are imported with their bodies; no model is asked here."""
    with contextlib.suppress(Exception):  # a check is still worth something without
        import jitc_import

        jitc_import.install(children=False)


def _preload(name: str, withheld: str) -> None:
    """Import a module before children need it; what fails will fail, or not, in them."""
    before = set(sys.modules)
    try:
        importlib.import_module(name)
    except BaseException:  # noqa: BLE001 -- whatever a module does
        family = withheld.partition(".")[0]
        for new in set(sys.modules) - before:
            if new == family or new.startswith(f"{family}."):
                del sys.modules[new]


def main() -> None:
    """Take the standard streams over, so that nothing that is imported writes into them, and serve."""
    confine.die_with_parent(signal.SIGKILL)
    confine.adopt_orphans()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel = Channel(os.dup(0), os.dup(1))
    devnull = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(devnull, fd)
    try:
        with contextlib.suppress(BrokenChannel):
            Zygote(channel, devnull).serve()
    finally:
        os._exit(0)
