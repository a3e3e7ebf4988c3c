"""Processes that begin with the libraries loaded: forked from one that did nothing but import them.

A command of jitc-import spends most of its time on `import openai`, and the tests run hundreds. What is loaded is the
work of others; jitc-import itself, arguments, environment, folder and output are each process's own.
"""

from __future__ import annotations

import atexit
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
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import IO

ROOT = Path(__file__).resolve().parent.parent

_LIBRARIES = ("openai", "httpx2", "libcst.metadata", "pydantic", "filelock", "platformdirs", "rich.console", "asyncio")


def takes(arguments: Sequence[str], env: Mapping[str, str]) -> bool:
    """Whether a process can begin so: one that is to ask a model, by a Python that is told nothing else.

    That is a command of jitc-import, or code that an endpoint is set for; not `run`, which is to load little.
    """
    is_command = tuple(arguments[:2]) == ("-m", "jitc_import") and "run" not in arguments[2:3]
    is_code = arguments[0] == "-c" and len(arguments) == 2 and "OPENAI_BASE_URL" in env
    told = {name: value for name, value in env.items() if name.startswith(("PYTHON", "LC_", "LANG"))}
    usual = {name: value for name, value in os.environ.items() if name in told} | {"PYTHONPATH": str(ROOT)}
    return hasattr(os, "fork") and (is_command or is_code) and told == usual


def run(
    arguments: Sequence[str], folder: Path, env: Mapping[str, str], timeout: float
) -> subprocess.CompletedProcess[str]:
    """As `subprocess.run` of this Python with `arguments`, with all of its output.

    Raises TimeoutExpired after `timeout` seconds, when the process has been killed.
    """
    order = json.dumps({"arguments": [*arguments], "folder": str(folder), "env": {**env}}).encode()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, socket.socket(socket.AF_UNIX) as line:
        line.connect(_server())
        socket.send_fds(line, [b"%9d" % len(order)], [out.fileno(), err.fileno()])
        line.sendall(order)
        with line.makefile("rb") as told:
            pid = int(told.readline())
            line.settimeout(timeout)
            try:
                code = int(told.readline())
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                raise subprocess.TimeoutExpired([*arguments], timeout, _text(out), _text(err)) from None
        return subprocess.CompletedProcess([*arguments], code, _text(out), _text(err))


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
    for library in _LIBRARIES:
        importlib.import_module(library)
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


def _begun(line: socket.socket) -> list[str]:
    """Take an order; returns in a process of its own, while this one tells how that ends."""
    size, outputs, _, _ = socket.recv_fds(line, 9, 2)
    with line.makefile("rb") as reader:
        order = json.loads(reader.read(int(size)))
    if pid := os.fork():
        for output in outputs:
            os.close(output)
        line.sendall(b"%d\n" % pid)
        _, status = os.waitpid(pid, 0)
        line.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
        os._exit(0)
    line.close()
    for output, number in zip((os.open(os.devnull, os.O_RDONLY), *outputs), range(3), strict=True):
        os.dup2(output, number)
        os.close(output)
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["folder"])
    tempfile.tempdir = None
    arguments: list[str] = order["arguments"]
    return arguments


if __name__ == "__main__":
    kind, *sys.argv = serve(sys.argv[1])
    sys.orig_argv = [sys.executable, kind, *sys.argv]
    if kind == "-m":
        sys.path[0] = os.getcwd()
        runpy._run_module_as_main(sys.argv[0])  # type: ignore[attr-defined]
    else:
        sys.path[0], (code,), sys.argv = "", sys.argv, ["-c"]
        sys.modules["__main__"] = main = ModuleType("__main__")
        exec(compile(code, "<string>", "exec"), main.__dict__)  # noqa: S102 -- what `python -c` does
