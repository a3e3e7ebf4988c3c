"""An asynchronous client of the SDK, used from a thread while the loop that it belongs to runs on."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from contextvars import ContextVar
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from jitc_import.errors import EndpointError
from jitc_import.model.caller import ending

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from openai import AsyncOpenAI

_END = object()

running: ContextVar[asyncio.AbstractEventLoop] = ContextVar("running")
"""The loop of whoever waits for a request."""


def on_loop(client: AsyncOpenAI) -> Any:
    """What looks to a `Link` like a synchronous client; each request runs on the loop in `running`."""
    without_retries = client.with_options(max_retries=0)

    def create(**parameters: Any) -> Iterator[Any]:
        loop = running.get()
        stream = _wait(loop, without_retries.chat.completions.create(**parameters))
        return _events(loop, stream)

    completions = SimpleNamespace(create=create)
    models = SimpleNamespace(list=lambda: _wait(running.get(), _listed(without_retries)))
    return SimpleNamespace(
        chat=SimpleNamespace(completions=completions), models=models, api_key=client.api_key, base_url=client.base_url
    )


async def _listed(client: AsyncOpenAI) -> Any:
    return await client.models.list()


def _events(loop: asyncio.AbstractEventLoop, stream: Any) -> Iterator[Any]:
    if hasattr(stream, "choices"):  # a server that does not stream
        yield stream
        return
    iterator = aiter(stream)
    try:
        while (event := _wait(loop, _next(iterator))) is not _END:
            yield event
    finally:
        with suppress(RuntimeError):
            asyncio.run_coroutine_threadsafe(stream.close(), loop)


async def _next(iterator: Any) -> Any:
    return await anext(iterator, _END)


def _wait(loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine on the loop. Raises EndpointError where the client belongs to another one."""
    try:
        future = asyncio.run_coroutine_threadsafe(coroutine, loop)
        with ending(future.cancel):
            return future.result()
    except RuntimeError as error:
        coroutine.close()
        cause = f"the AsyncOpenAI given as client= cannot be used on this event loop ({error})"
        raise EndpointError(f"{cause}; make it where that loop runs") from error
