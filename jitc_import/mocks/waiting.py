"""Calls that wait in a thread, so that a loop goes on, or items come while a reply is still being written."""

from __future__ import annotations

import asyncio
import contextvars
import queue
import threading
from typing import TYPE_CHECKING, Any, TypeVar

from jitc_import.model.caller import Caller, LeftError, current
from jitc_import.model.on_loop import running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

T = TypeVar("T")

_END = object()


class _Failed:
    """What a thread raised."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


async def in_thread(work: Callable[[], T]) -> T:
    """The result of `work`, done in a thread of its own; who stops waiting ends the request under way."""
    loop = asyncio.get_running_loop()
    running.set(loop)
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: Any) -> None:
        if future.done():
            return
        if isinstance(result, _Failed):
            future.set_exception(_raisable(result.error))
        else:
            future.set_result(result)

    caller = Caller()
    _start(caller, work, lambda result: loop.call_soon_threadsafe(settle, result))
    try:
        return await future
    finally:
        caller.leave()


def items_of(work: Callable[[Callable[[Any], None]], None]) -> Iterator[Any]:
    """What `work`, done in a thread of its own, tells; whoever closes the iterator ends the work."""
    told: queue.SimpleQueue[Any] = queue.SimpleQueue()
    caller = Caller()
    _start(
        caller,
        lambda: work(_teller(told.put, caller)),
        lambda result: told.put(result if isinstance(result, _Failed) else _END),
    )
    try:
        while (item := told.get()) is not _END:
            if isinstance(item, _Failed):
                raise item.error
            yield item
    finally:
        caller.leave()


async def items_of_async(work: Callable[[Callable[[Any], None]], None]) -> AsyncIterator[Any]:
    """The same for an event loop."""
    loop = asyncio.get_running_loop()
    running.set(loop)
    told: asyncio.Queue[Any] = asyncio.Queue()
    caller = Caller()

    def put(item: Any) -> None:
        loop.call_soon_threadsafe(told.put_nowait, item)

    _start(
        caller, lambda: work(_teller(put, caller)), lambda result: put(result if isinstance(result, _Failed) else _END)
    )
    try:
        while (item := await told.get()) is not _END:
            if isinstance(item, _Failed):
                raise item.error
            yield item
    finally:
        caller.leave()


def _raisable(error: BaseException) -> BaseException:
    """An error that a future takes: one that ends iterators it refuses, and who awaits it would wait for ever."""
    if not isinstance(error, StopIteration):
        return error
    raised = RuntimeError(f"the call raised {error!r}")
    raised.__cause__ = error
    return raised


def _teller(put: Callable[[Any], None], caller: Caller) -> Callable[[Any], None]:
    def tell(item: Any) -> None:
        if caller.left:
            raise LeftError
        put(item)

    return tell


def _start(caller: Caller, work: Callable[[], Any], settle: Callable[[Any], object]) -> None:
    """Do `work` for a caller, in a daemon thread with its context; the result, or _Failed, goes to `settle`."""

    def run() -> None:
        try:
            result = work()
        except LeftError:
            return
        except BaseException as error:  # noqa: BLE001 -- it is raised again where the result is waited for
            result = _Failed(error)
        try:
            settle(result)
        except RuntimeError:
            return  # the loop is closed: nobody waits

    context = contextvars.copy_context()
    context.run(current.set, caller)
    threading.Thread(target=context.run, args=(run,), name="jitc mock", daemon=True).start()
