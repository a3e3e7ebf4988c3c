"""Starting the process that runs a model, and telling why it ended."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass

from jitc_import.errors import EndpointError
from jitc_import.progress import display

LINGER = 30.0
"""Seconds that a model stays loaded without users: some times what loading takes."""

EXTRA = ("xllamacpp", "psutil", "platformdirs")
"""The packages that `pip install "jitc-import[local]"` brings to run a model."""

GOODBYE = 1.0
"""Seconds that a process whose connection broke has to end."""

_START = "import sys; sys.path[len(sys.path):] = sys.argv[1:-4]; from jitc_import.local.server import main; main()"

_ILLEGAL_INSTRUCTION = (-4, 0xC000001D)
_KILLED = -9


@dataclass(frozen=True)
class Child:
    """A process that this one started; a thread waits for it, so that nothing is left of it when it ends."""

    process: subprocess.Popen[bytes]
    waiting: threading.Thread
    log: str

    def why_it_ended(self) -> str | None:
        """In words why the process ended; None where it runs."""
        self.waiting.join(GOODBYE)
        code = self.process.returncode
        return None if code is None else describe_end(code, self.log)


def require_extra() -> None:
    """Raise EndpointError where a package that runs a model is not installed."""
    missing = [name for name in EXTRA if importlib.util.find_spec(name) is None]
    if missing:
        raise EndpointError(
            f'the local model needs {", ".join(missing)}: pip install "jitc-import[local]"; '
            "or set JITC_MODEL and OPENAI_BASE_URL to use another"
        )


def start_child(model: str, place: str, context: int) -> Child:
    """Start the process that runs a model, and wait until it can be reached through the state file `place`.

    Raises EndpointError where it cannot.
    """
    label = label_of(model)
    display().say(f"loading the local model {label}")
    child = _spawn([model, place, str(context), str(LINGER)], f"{place.removesuffix('.json')}.log", label)
    try:
        said = _first_line(child)
    except BaseException:
        child.process.kill()  # nobody else can know of it yet
        raise
    if said is None:
        raise EndpointError(f"the local model {label} {child.why_it_ended() or 'cannot be heard'}")
    if memory := said.get("memory"):
        raise EndpointError(
            f"the local model {label}: {memory}. Next: close other programs, lower JITC_CONTEXT, or use a smaller "
            "model (`python -m jitc_import model pull --small`)"
        )
    if failure := said.get("failure"):
        child.waiting.join(GOODBYE)
        raise EndpointError(
            f"llama.cpp cannot load {model}: {_last_words(child.log) or failure}. Next: is the file whole, and of a "
            "model that llama.cpp knows? `python -m jitc_import model pull` brings one that is"
        )
    return child


def describe_end(code: int, log: str) -> str:
    """Why a process ended, from its exit status (negative: a signal) and what llama.cpp wrote."""
    if code in _ILLEGAL_INSTRUCTION:
        return (
            "ended by an illegal instruction: this processor lacks instructions that the installed build of llama.cpp "
            "needs (AVX2, FMA, BMI2). Next: build it on this machine (pip install --no-binary xllamacpp xllamacpp), "
            "or use another endpoint"
        )
    if code == _KILLED:
        return "was killed, most likely because memory ran out. Next: close other programs, or use a smaller model"
    said = _last_words(log)
    told = f"{_named(code)}{f': {said}' if said else ''}"
    return f"ended unexpectedly ({told}). Next: try again, which starts it anew; its words are in {log}"


def label_of(model: str) -> str:
    """What a model goes by: its file's name without the ending."""
    return os.path.basename(model).removesuffix(".gguf")


def _spawn(arguments: list[str], log: str, label: str) -> Child:
    command = [sys.executable, "-I", "-S", "-c", _START, *_roots(), *arguments]
    try:
        with open(log, "wb") as words:
            process = subprocess.Popen(  # noqa: S603 -- this Python
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=words,
                cwd=os.path.dirname(log),
                env={**os.environ, "OMP_WAIT_POLICY": "PASSIVE"},
                start_new_session=True,  # Ctrl-C in a user's terminal is not for all users
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0)
                | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
    except OSError as error:
        raise EndpointError(f"the local model {label} cannot be started: {error}") from error
    waiting = threading.Thread(target=process.wait, name="jitc local model", daemon=True)
    waiting.start()
    return Child(process, waiting, log)


def _first_line(child: Child) -> dict[str, str] | None:
    """What the process says when it is ready, or is not to be; None where it ends without a word."""
    out = child.process.stdout
    if out is None:
        return None
    with out:
        line = out.readline()
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _roots() -> list[str]:
    """The folders that hold this package and what it needs; no others, so that no file of a user gets in the way."""
    specs = [importlib.util.find_spec(name) for name in ("jitc_import", *EXTRA)]
    origins = [spec.origin for spec in specs if spec and spec.origin]
    return list(dict.fromkeys(os.path.dirname(os.path.dirname(os.path.abspath(origin))) for origin in origins))


def _last_words(log: str) -> str:
    """The first error that llama.cpp reported, which is the cause of the others; else the last line."""
    try:
        with open(log, encoding="utf-8", errors="replace") as file:
            lines = [line.strip() for line in file.read(1 << 16).splitlines() if line.strip()]
    except OSError:
        return ""
    errors = [matched[1].strip() for line in lines if (matched := re.match(r"[\d.]+ E (.*)", line))]
    return (errors or lines[-1:] or [""])[0][:300]


def _named(code: int) -> str:
    if code < 0:
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"signal {-code}"
    return f"exit status {code}"
