"""How processes find the one that runs a model: a file of the user's own that says where it listens."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import tempfile
from dataclasses import asdict, dataclass, field
from importlib.metadata import version

from jitc_import.errors import EndpointError
from jitc_import.local.folders import cache_folder

_PROTOCOL = 1
"""Counted up when what the file holds, or what is said over the connection, changes."""


@dataclass(frozen=True)
class State:
    """Where a running model listens, and what shows each side that the other one is no stranger.

    Who uses the model holds a connection to the port `users` and first shows `key`, which is also the key of the HTTP
    server on the port `http`; the answer is `proof`. `context` is in tokens.
    """

    http: int
    users: int
    context: int
    key: str = field(repr=False)
    proof: str = field(repr=False)


def state_path(model: str) -> str:
    """The state file for a model, by its path, in a folder that is made for it and is the user's alone.

    Another version of the weights or of llama.cpp, or another machine with the same home, has another one. Raises
    EndpointError where there can be none.
    """
    folder = os.path.join(cache_folder(), "running")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        os.chmod(folder, 0o700)
        status = os.stat(model)
    except OSError as error:
        raise EndpointError(f"the local model: {error.filename or folder}: {error.strerror or error}") from error
    told = (
        _PROTOCOL,
        platform.node(),
        version("xllamacpp"),
        os.path.realpath(model),
        status.st_size,
        status.st_mtime_ns,
    )
    return os.path.join(folder, f"{hashlib.sha256(repr(told).encode()).hexdigest()[:16]}.json")


def read_state(path: str) -> State | None:
    """What a state file says; None where there is none, or none that makes sense."""
    try:
        with open(path, encoding="utf-8") as file:
            said = json.load(file)
        state = State(**said)
    except (OSError, ValueError, TypeError):
        return None
    numbers, texts = (state.http, state.users, state.context), (state.key, state.proof)
    sane = all(type(number) is int for number in numbers) and all(type(text) is str and text for text in texts)
    return state if sane and all(0 < port < 1 << 16 for port in numbers[:2]) else None


def write_state(path: str, state: State) -> None:
    """Write a state file that only the user can read. Raises OSError."""
    descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(path))
    with open(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(state), file)
    os.replace(temporary, path)


def remove_state(path: str, state: State) -> None:
    """Remove a state file, if it still says this."""
    if read_state(path) == state:
        with contextlib.suppress(OSError):
            os.unlink(path)
