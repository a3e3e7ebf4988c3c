"""An asynchronous client of the SDK, used from a thread: on the loop that it belongs to, or on one of its own."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, final

from jitc_import.errors import EndpointError
from jitc_import.model.caller import ending

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from openai import AsyncOpenAI

    Wait = Callable[[Coroutine[Any, Any, Any]], Any]

_END = object()

running: ContextVar[asyncio.AbstractEventLoop] = ContextVar("running")
"""The loop of whoever waits for a request."""


def on_loop(client: AsyncOpenAI) -> Any:
    """What looks to a `Link` like a synchronous client; each request runs on the loop in `running`."""
    return _synchronous(client.with_options(max_retries=0), _wait)


@final
class OwnLoop:
    """A loop for one request, for whoever has none. Its connection is not kept: it could be used on no other loop."""

    __slots__ = ("_client", "_loop")

    def __init__(self, client: AsyncOpenAI) -> None:
        self._client = client
        self._loop = asyncio.new_event_loop()

    @contextmanager
    def client(self, seconds: float) -> Iterator[Any]:
        """The client for a request of so many seconds, in the thread that makes it."""
        headers = {"Connection": "close"}
        once = self._client.with_options(timeout=seconds, max_retries=0, default_headers=headers)
        try:
            yield _synchronous(once, self._loop.run_until_complete)
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.run_until_complete(asyncio.sleep(0))  # lets the transport say that it is closed
            self._loop.close()

    def shut(self) -> None:
        """End the request, whatever another thread is waiting for."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._cancel)

    def _cancel(self) -> None:
        for task in asyncio.all_tasks(self._loop):
            task.cancel()


def _synchronous(client: AsyncOpenAI, wait: Wait) -> Any:
    def create(**parameters: Any) -> Iterator[Any]:
        stream = wait(client.chat.completions.create(**parameters))
        return _events(wait, stream)

    completions = SimpleNamespace(create=create)
    models = SimpleNamespace(list=lambda: wait(_listed(client)))
    return SimpleNamespace(
        chat=SimpleNamespace(completions=completions),
        models=models,
        api_key=client.api_key,
        base_url=client.base_url,
        asynchronous=client,
    )


async def _listed(client: AsyncOpenAI) -> Any:
    return await client.models.list()


def _events(wait: Wait, stream: Any) -> Iterator[Any]:
    if hasattr(stream, "choices"):  # a server that does not stream
        yield stream
        return
    iterator = aiter(stream)
    try:
        while (event := wait(_next(iterator))) is not _END:
            yield event
    finally:
        with suppress(RuntimeError, EndpointError):
            wait(stream.close())


async def _next(iterator: Any) -> Any:
    return await anext(iterator, _END)


def _wait(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine on the loop. Raises EndpointError where the client belongs to another one."""
    try:
        future = asyncio.run_coroutine_threadsafe(coroutine, running.get())
        with ending(future.cancel):
            return future.result()
    except RuntimeError as error:
        coroutine.close()
        cause = f"the AsyncOpenAI given as client= cannot be used on this event loop ({error})"
        raise EndpointError(f"{cause}; make it where that loop runs") from error
