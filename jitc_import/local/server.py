"""The process that runs a model for all who use it: `main`, and what it does until the last of them is gone.

It is told the model, where to leave word of itself, the tokens of context and the seconds to stay without users; it
prints one line of JSON, `{}` when it can be reached or what went wrong, and llama.cpp's own words go to stderr.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import os
import secrets
import sys

import xllamacpp

from jitc_import.local.gguf import context_bytes
from jitc_import.local.limits import available_memory, usable_cores
from jitc_import.local.state import State, remove_state, write_state

ROOM = 256 << 20
"""Bytes that the process takes besides the weights and the context: 105 to 180 MiB were measured."""

PATIENCE = 15.0
"""Seconds that a connection has to show the key."""

_ERRORS_ONLY = 1
_GUESS_FROM_THE_TEXT = xllamacpp.common_speculative_type.COMMON_SPECULATIVE_TYPE_NGRAM_SIMPLE
"""What a reply repeats of its prompt is guessed, and checked many tokens at a time: bodies come under docstrings."""

_READ_INTO_MEMORY = 0
"""How weights are loaded. Mapped, those that llama.cpp rearranges for this processor would be there twice."""


def main() -> None:
    """Run the model that the command line names until nobody uses it."""
    model, place, context, linger = sys.argv[-4:]
    try:
        check_memory(model, int(context))
        asyncio.run(_run(model, place, int(context), float(linger)))
    except MemoryError as error:
        _tell(memory=str(error))
    except (OSError, RuntimeError) as error:
        _tell(failure=str(error))  # llama.cpp's own words for it are written when the process ends


def check_memory(model: str, context: int) -> None:
    """Raise MemoryError, which says how much is needed and how much there is, where a model is known not to fit."""
    weights, keys = os.path.getsize(model), context_bytes(model, context)
    needed, available = weights + keys + ROOM, available_memory()
    if available is not None and needed > available:
        raise MemoryError(
            f"it needs {_size(needed)} of memory ({_size(weights)} for its weights, {_size(keys)} for {context:,} "
            f"tokens of context, {_size(ROOM)} to work), and {_size(available)} are available"
        )


class Users:
    """The connections of those who use the model; open ones that showed the key count."""

    def __init__(self, state: State) -> None:
        self._shown = f"{state.key}\n".encode()
        self._proof = f"{state.proof}\n".encode()
        self._count = 0
        self._changed = asyncio.Event()

    async def attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Have a connection show the key, and count it until it is closed."""
        try:
            said = await asyncio.wait_for(reader.readline(), PATIENCE)
            if hmac.compare_digest(said, self._shown):
                await self._count_until_gone(reader, writer)
        except (OSError, ValueError, asyncio.TimeoutError):
            pass
        finally:
            writer.close()

    async def _count_until_gone(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._count += 1
        self._changed.set()
        try:
            writer.write(self._proof)
            while await reader.read(1):
                pass
        finally:
            self._count -= 1
            self._changed.set()

    async def gone(self, linger: float) -> None:
        """Wait until there has been nobody for so many seconds."""
        while True:
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), None if self._count else linger)
            except asyncio.TimeoutError:
                if not self._count:
                    return


async def _run(model: str, place: str, context: int, linger: float) -> None:
    key, proof = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    server = xllamacpp.Server(_parameters(model, context, key))
    http = int(server.listening_address.rpartition(":")[2])
    state = State(http, 0, context, key, proof)
    users = Users(state)
    listener = await asyncio.start_server(users.attend, "127.0.0.1", 0)
    state = State(http, listener.sockets[0].getsockname()[1], context, key, proof)
    write_state(place, state)
    _tell()
    await users.gone(linger)
    remove_state(place, state)
    sys.stderr.flush()
    os._exit(0)  # at once: nobody can come between the last look and the end


def _parameters(model: str, context: int, key: str) -> xllamacpp.CommonParams:
    parameters = xllamacpp.CommonParams()
    parameters.model.path = model
    parameters.model_alias = type(parameters.model_alias)([os.path.basename(model).removesuffix(".gguf")])
    parameters.hostnames, parameters.port = ["127.0.0.1"], 0
    parameters.api_keys = type(parameters.api_keys)([key])
    parameters.ui = False
    parameters.n_ctx, parameters.n_parallel, parameters.cache_ram_mib = context, 1, 0
    parameters.load_mode = xllamacpp.llama_load_mode(_READ_INTO_MEMORY)
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = usable_cores()
    parameters.speculative.types = [_GUESS_FROM_THE_TEXT]
    parameters.verbosity = _ERRORS_ONLY
    return parameters


def _tell(**wrong: str) -> None:
    """Print the one line, for the process that started this one; it may be gone."""
    try:
        sys.stdout.write(json.dumps(wrong) + "\n")
        sys.stdout.flush()
        os.dup2(2, 1)  # what waits for the end of this output need not wait for the end of the process
    except OSError:
        pass


def _size(amount: int) -> str:
    return f"{amount / (1 << 30):.2f} GiB"
