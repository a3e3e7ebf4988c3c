"""Calls that wait in a thread, so that a loop goes on, or items come while a reply is still being written."""

from __future__ import annotations

import asyncio
import contextvars
import queue
import threading
from typing import TYPE_CHECKING, Any, TypeVar

from jitc_import.model.on_loop import running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

T = TypeVar("T")

_END = object()


class _GoneError(BaseException):
    """Nobody wants the rest."""


class _Failed:
    """What a thread raised."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


async def in_thread(work: Callable[[], T]) -> T:
    """The result of `work`, done in a thread of its own; who stops waiting leaves it behind."""
    loop = asyncio.get_running_loop()
    running.set(loop)
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: Any) -> None:
        if future.done():
            return
        if isinstance(result, _Failed):
            future.set_exception(result.error)
        else:
            future.set_result(result)

    _start(work, lambda result: loop.call_soon_threadsafe(settle, result))
    return await future


def items_of(work: Callable[[Callable[[Any], None]], None]) -> Iterator[Any]:
    """What `work`, done in a thread of its own, tells; whoever closes the iterator ends the work."""
    told: queue.SimpleQueue[Any] = queue.SimpleQueue()
    gone = threading.Event()
    _start(
        lambda: work(_teller(told.put, gone)), lambda result: told.put(result if isinstance(result, _Failed) else _END)
    )
    try:
        while (item := told.get()) is not _END:
            if isinstance(item, _Failed):
                raise item.error
            yield item
    finally:
        gone.set()


async def items_of_async(work: Callable[[Callable[[Any], None]], None]) -> AsyncIterator[Any]:
    """The same for an event loop."""
    loop = asyncio.get_running_loop()
    running.set(loop)
    told: asyncio.Queue[Any] = asyncio.Queue()
    gone = threading.Event()

    def put(item: Any) -> None:
        loop.call_soon_threadsafe(told.put_nowait, item)

    _start(lambda: work(_teller(put, gone)), lambda result: put(result if isinstance(result, _Failed) else _END))
    try:
        while (item := await told.get()) is not _END:
            if isinstance(item, _Failed):
                raise item.error
            yield item
    finally:
        gone.set()


def _teller(put: Callable[[Any], None], gone: threading.Event) -> Callable[[Any], None]:
    def tell(item: Any) -> None:
        if gone.is_set():
            raise _GoneError
        put(item)

    return tell


def _start(work: Callable[[], Any], settle: Callable[[Any], object]) -> None:
    """Do `work` in a daemon thread with the context of the caller; its result, or _Failed, goes to `settle`."""

    def run() -> None:
        try:
            result = work()
        except _GoneError:
            return
        except BaseException as error:  # noqa: BLE001 -- it is raised again where the result is waited for
            result = _Failed(error)
        try:
            settle(result)
        except RuntimeError:
            return  # the loop is closed: nobody waits

    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(run,), name="jitc mock", daemon=True).start()
