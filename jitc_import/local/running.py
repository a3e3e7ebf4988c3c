"""The local model: one process runs it for all of the user's processes, and ends with the last of them.

turn        one request at a time, of all threads and processes; for that time
  held        the model that this process uses already, if it still runs, or
  joined      one that another process started, or
  started     a new one
"""

from __future__ import annotations

import atexit
import contextlib
import os
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filelock import FileLock

from jitc_import.errors import EndpointError
from jitc_import.local.launch import Child, label_of, require_extra, start_child
from jitc_import.local.weights import local_model
from jitc_import.model.endpoint import Endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitc_import.local.state import State

_MARGIN = 384
"""Tokens by which the estimate of a request may be wrong."""

_STEP = 256

_PATIENCE = 15.0
"""Seconds that the process that runs a model has to answer on its connection, on a machine that is busy."""


class EndedError(EndpointError):
    """The process that ran the model ended during a request, or before it unnoticed."""


@dataclass(frozen=True)
class Running:
    """A model that runs, and the connection that makes this process one of its users."""

    model: str
    state: State
    connection: socket.socket
    child: Child | None
    """The process that runs it, where this one started it."""

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"the local model {label_of(self.model)}"

    @property
    def endpoint(self) -> Endpoint:
        """Where requests go."""
        return Endpoint(f"http://127.0.0.1:{self.state.http}/v1", self.state.key, apart=True)

    @property
    def alive(self) -> bool:
        """Whether the process that runs it still holds the connection."""
        self.connection.settimeout(0)
        try:
            return bool(self.connection.recv(1))
        except BlockingIOError:
            return True
        except OSError:
            return False

    def why_it_ended(self) -> str:
        """In words why it ended."""
        known = self.child.why_it_ended() if self.child else None
        return known or "ended unexpectedly. Next: try again, which starts it anew"


_held: dict[str, Running] = {}
"""The models that this process uses, by state file."""

_left: list[Running] = []
"""Those it does not use any more; forgotten, they would warn of processes that still run."""


@contextlib.contextmanager
def turn(context: int) -> Iterator[Running]:
    """The local model, running, for one request; others wait until it is over. `context` is in tokens.

    Raises EndpointError where there is none or it cannot run, EndedError where it ends before the request is over.
    """
    model = local_model()
    if model is None:
        raise EndpointError("no local model is installed: `python -m jitc_import model pull` brings one")
    require_extra()
    from jitc_import.local.state import state_path

    place = state_path(model)
    with _one_at_a_time(place):
        running = _running(model, place, -(-(context + _MARGIN) // _STEP) * _STEP)
        try:
            yield running
        except EndpointError:
            if running.alive:
                raise
            raise EndedError(f"{running.name} {running.why_it_ended()}") from None


@contextlib.contextmanager
def _one_at_a_time(place: str) -> Iterator[None]:
    """Hold the lock around starting a model and each request to it: it writes one reply at a time."""
    from jitc_import.model.transport import interruptible

    lock = FileLock(f"{place.removesuffix('.json')}.lock")
    try:
        with interruptible() as look:
            lock.acquire(cancel_check=lambda: look() is not None)
    except OSError as error:
        raise EndpointError(f"the local model: {lock.lock_file} cannot be locked: {error.strerror or error}") from error
    try:
        yield
    finally:
        lock.release()


def _running(model: str, place: str, context: int) -> Running:
    """A model with enough context that runs, by whoever started it."""
    held = _held.get(place)
    if held and held.state.context >= context and held.alive:
        return held
    for other, running in tuple(_held.items()):
        if running.model == model:  # with less context, gone, or of weights that were replaced since
            running.connection.close()
            _left.append(_held.pop(other))
    found = _joined(model, place, context, None)
    if found is None:
        child = start_child(model, place, context)
        found = _joined(model, place, context, child)
        if found is None:
            raise EndpointError(f"the local model {label_of(model)} {child.why_it_ended() or 'does not answer'}")
    _held[place] = found
    return found


def _joined(model: str, place: str, context: int, child: Child | None) -> Running | None:
    """A model that runs according to a state file; None where none does, or with too little context."""
    from jitc_import.local.state import read_state

    state = read_state(place)
    if state is None or state.context < context:
        return None
    connection = _connected(state)
    return Running(model, state, connection, child) if connection else None


def _connected(state: State) -> socket.socket | None:
    """A connection to the process that a state file speaks of; None where it is gone: its port may be another's now."""
    try:
        connection = socket.create_connection(("127.0.0.1", state.users), _PATIENCE)
    except OSError:
        return None
    try:
        connection.sendall(f"{state.key}\n".encode())
        with connection.makefile("rb") as answer:
            if answer.readline(len(state.proof) + 1) == f"{state.proof}\n".encode():
                return connection
    except (OSError, ValueError):  # the latter for a key that is no text to send
        pass
    connection.close()
    return None


@atexit.register
def leave() -> None:
    """Use no model any more."""
    for running in _held.values():
        running.connection.close()
    _left.extend(_held.values())
    _held.clear()


# A forked process is a user of its own, and connects for itself.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=leave)
