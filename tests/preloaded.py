"""Processes that begin with their modules loaded: forked from one that did nothing but import them.

A command of jitc-import spends most of its time on `import openai`, and the tests run hundreds. Arguments, environment,
folder, output, and whatever jitc-import does once it is imported, are each process's own. Those that ask no model, and
those with `fresh=True`, are started as a user starts them.

hypothesis is an extra of jitc-import that takes longer to import and to run than all else that a check needs, so they
are without it unless WITH_HYPOTHESIS is set.
"""

from __future__ import annotations

import atexit
import builtins
import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType, TracebackType
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent

_LIBRARIES = """
    anyio.abc anyio.streams.tls asyncio doctest encodings.idna encodings.utf_8_sig filelock h11 httpcore2 httpx2 jiter
    libcst.metadata libcst.native openai openai.lib.streaming.chat openai.resources.chat.completions openai._resource
    platformdirs pydantic rich.console symtable tqdm.auto truststore
"""
_HAVE_EFFECTS = ("__init__", "__main__", "activate", "pytest_plugin", "server", "zygote")


def takes(arguments: Sequence[str], env: Mapping[str, str]) -> bool:
    """Whether a process can begin so: one that may ask a model, by a Python that is told nothing else.

    That is a command of jitc-import, or a script or code that an endpoint is set for; so for `run`, which loads little.
    """
    first, *rest = arguments[2:] if arguments[0] == "-W" else arguments
    given = env.keys() - os.environ.keys() | env.keys() & {"OPENAI_BASE_URL"}
    asks = any(name.endswith(("_URL", "_ENDPOINT")) for name in given)
    is_command = (first, *rest[:1]) == ("-m", "jitc_import") and (asks or "run" not in rest[1:2])
    is_code = asks and (first == "-c" or first.endswith(".py"))
    told = {name: value for name, value in env.items() if name.startswith(("PYTHON", "LC_", "LANG"))}
    usual = {name: value for name, value in os.environ.items() if name in told} | {"PYTHONPATH": str(ROOT)}
    return hasattr(os, "fork") and (is_command or is_code) and told == usual


def run(
    arguments: Sequence[str], folder: Path, env: Mapping[str, str], timeout: float
) -> subprocess.CompletedProcess[str]:
    """As `subprocess.run` of this Python with `arguments`, with all of its output.

    Raises TimeoutExpired after `timeout` seconds, when the process has been killed.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, open(os.devnull, "rb") as none:
        line, pid = _ordered({"arguments": [*arguments], "folder": str(folder), "env": {**env}}, (none, out, err))
        with line:
            line.settimeout(timeout)
            try:
                code = int(line.recv(16))
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                raise subprocess.TimeoutExpired([*arguments], timeout, _text(out), _text(err)) from None
        return subprocess.CompletedProcess([*arguments], code, _text(out), _text(err))


class Terminal:
    """A process in a terminal of its own. `shown` is what pexpect looks at and types into."""

    def __init__(self, arguments: Sequence[str], folder: Path, env: Mapping[str, str], timeout: float) -> None:
        fdpexpect = importlib.import_module("pexpect.fdpexpect")
        own, its = os.openpty()
        order = {"arguments": [*arguments], "folder": str(folder), "env": {**env}, "terminal": True}
        with open(its, "r+b", buffering=0) as end:
            self._line, _ = _ordered(order, (end, end, end))
        self.shown: Any = fdpexpect.fdspawn(own, timeout=timeout)

    def wait(self) -> int:
        """Its exit code, once it has ended and closed its terminal."""
        with self._line as line:
            code = int(line.recv(16))
        self.shown.close()
        return code


def _ordered(order: Mapping[str, object], streams: Sequence[IO[bytes]]) -> tuple[socket.socket, int]:
    """Where the exit code of a process with these standard streams will be told, and its id."""
    data = json.dumps(order).encode()
    line = socket.socket(socket.AF_UNIX)
    line.connect(_server())
    socket.send_fds(line, [b"%9d" % len(data)], [stream.fileno() for stream in streams])
    line.sendall(data)
    return line, int(line.recv(9))


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


@lru_cache(maxsize=1)
def _server() -> str:
    """Where the process listens from which the others are forked; it ends with this one."""
    place = str(Path(tempfile.mkdtemp()) / "line")
    process = subprocess.Popen(
        [sys.executable, __file__, place],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    atexit.register(process.communicate)
    assert process.stdout
    assert process.stdout.readline() == b"ready\n"
    return place


def serve(place: str) -> list[str]:
    """Fork a process for each order until standard input ends; returns in those, with their arguments."""
    for name in (*_LIBRARIES.split(), *_own_modules()):
        with contextlib.suppress(ModuleNotFoundError):  # an extra
            importlib.import_module(name)
    gc.collect()
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(place)
        listener.listen(16)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while listener in select.select([listener, sys.stdin], [], [])[0]:
            line, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                return _begun(line)
            line.close()
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
    os.unlink(place)
    os.rmdir(os.path.dirname(place))
    sys.exit()


def _own_modules() -> Iterator[str]:
    """Those of jitc-import that only define what they hold."""
    for folder, _, files in os.walk(ROOT / "jitc_import"):
        package = os.path.relpath(folder, ROOT).replace(os.sep, ".")
        stems = {os.path.splitext(file)[0] for file in files if file.endswith(".py")}
        yield from (
            f"{package}.{stem}" for stem in sorted(stems.difference(_HAVE_EFFECTS)) if not stem.endswith("_in_child")
        )


def _begun(line: socket.socket) -> list[str]:
    """Take an order; returns in a process of its own, while this one tells how that ends."""
    size, streams, _, _ = socket.recv_fds(line, 9, 3)
    with line.makefile("rb") as reader:
        order = json.loads(reader.read(int(size)))
    if pid := os.fork():
        for stream in streams:
            os.close(stream)
        line.sendall(b"%9d" % pid)
        _, status = os.waitpid(pid, 0)
        line.sendall(b"%d" % os.waitstatus_to_exitcode(status))
        os._exit(0)
    line.close()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    if order.get("terminal"):
        import fcntl
        import termios

        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    os.environ.clear()
    os.environ.update(order["env"])
    if not os.environ.pop("WITH_HYPOTHESIS", None):
        sys.modules["hypothesis"] = None  # type: ignore[assignment]
    os.chdir(order["folder"])
    tempfile.tempdir = None
    arguments: list[str] = order["arguments"]
    return arguments


def _become(kind: str, rest: list[str]) -> None:
    """Run what `python kind rest…` runs, as it does."""
    if kind == "-W":
        action, kind, *rest = rest
        sys.warnoptions.append(action)
        warnings._processoptions([action])  # type: ignore[attr-defined]
    sys.orig_argv = [sys.executable, kind, *rest]
    if kind == "-m":
        sys.path[0], sys.argv = os.getcwd(), rest
        runpy._run_module_as_main(rest[0])  # type: ignore[attr-defined]
        return
    sys.excepthook = _show
    sys.modules["__main__"] = main = ModuleType("__main__")
    if kind == "-c":
        sys.path[0], sys.argv = "", ["-c", *rest[1:]]
        code = compile(rest[0], "<string>", "exec", dont_inherit=True)
    else:
        sys.path[0], sys.argv = os.path.dirname(os.path.abspath(kind)), [kind, *rest]
        main.__dict__.update(__file__=kind, __builtins__=builtins, __cached__=None)
        main.__loader__ = SourceFileLoader("__main__", kind)
        with open(kind, "rb") as file:
            code = compile(file.read(), kind, "exec", dont_inherit=True)
    exec(code, main.__dict__)  # noqa: S102 -- what Python does


def _show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Show an exception as Python does, without the frames of this file."""
    while trace and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    sys.__excepthook__(kind, error.with_traceback(trace), trace)


if __name__ == "__main__":
    first, *others = serve(sys.argv[1])
    _become(first, others)
