"""The wire under a request: bounded in bytes and in time, and gone when it is over."""

from __future__ import annotations

import codecs
import contextvars
import queue
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

from jitc_import.errors import EndpointError
from jitc_import.model.caller import LeftError, ending
from jitc_import.model.endpoint import is_loopback

if TYPE_CHECKING:
    import ssl

    from jitc_import.model.endpoint import Endpoint

T = TypeVar("T")
Tell = Callable[[str], None]

MAX_BYTES = 64 * 2**20
"""Bytes of a response after decompression; an event of a stream takes some 300 for a token."""

MAX_ERROR_BYTES = 64 * 2**10
"""Bytes of an error's body that are read."""

HEAD_BYTES = 2**11
"""Bytes at the beginning of a response that are kept, to tell what it is where it is no reply."""

GOODBYE = 0.5
"""Seconds that are given to the thread of a request to end once its connection is shut."""

_STREAM = re.compile(rb'"stream":\s*true')
_FRAMING = frozenset({"content-encoding", "content-length", "transfer-encoding"})


_waiting: set[queue.SimpleQueue[Callable[[], None]]] = set()
"""What the threads that wait for a request listen to."""


class DeadlineError(Exception):
    """The time for a request is over."""


class Exchange(httpx2.BaseTransport):
    """The transport of one request: reads no more than its bounds, and can be shut from another thread."""

    def __init__(self, endpoint: Endpoint, context: ssl.SSLContext | None) -> None:
        self._inner = httpx2.HTTPTransport(verify=context or False, proxy=proxy_for(endpoint.base_url))
        self._url_name = endpoint.url_name
        self._socket: socket.socket | None = None
        self._shut = False
        self._head = self._tail = b""
        self._media = ""

    @property
    def ended(self) -> bool:
        """Whether the server said that the stream is over, or sent none: JSON that is cut short is an error as such."""
        return b"[DONE]" in self._tail or "json" in self._media

    @property
    def oddity(self) -> str | None:
        """The beginning of a response that holds no event of a stream, as UTF-8; None where it holds some."""
        if "json" not in self._media and re.search(rb"^data:", self._head, re.MULTILINE):
            return None
        return self._head.decode("utf-8", "replace")

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request. Raises EndpointError for a web page in place of an answer."""
        request.extensions = {**request.extensions, "trace": self._trace}
        request.headers["Accept-Encoding"] = "identity"
        response = self._inner.handle_request(request)
        response.request = request
        self._media = media = response.headers.get("content-type", "").lower()
        if response.is_success and "html" in media:
            raise EndpointError(
                f"it answered with a web page; check {self._url_name}, which for most servers ends in /v1"
            )
        content = self._bounded(response)
        if response.is_success and _STREAM.search(request.read()):
            content = _as_stream(content) if "json" in media else _data_lines(content)
        headers = [(name, value) for name, value in response.headers.multi_items() if name.lower() not in _FRAMING]
        stream = _Stream(content, response)
        return httpx2.Response(response.status_code, headers=headers, stream=stream, extensions=response.extensions)

    def shut(self) -> None:
        """End the connection, whatever another thread is waiting for on it."""
        self._shut = True
        if self._socket:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        """Take note of the socket when the connection, or TLS on it, is made."""
        connection = info.get("return_value")
        if event.endswith(("connect_tcp.complete", "start_tls.complete")) and connection:
            self._socket = connection.get_extra_info("socket")
            if self._shut:
                self.shut()

    def _bounded(self, response: httpx2.Response) -> Iterator[bytes]:
        """The body after decompression; that of an error ends at its bound, a longer reply raises EndpointError."""
        left = MAX_BYTES if response.is_success else MAX_ERROR_BYTES
        for chunk in response.iter_bytes():
            left -= len(chunk)
            if left < 0 and response.is_success:
                raise EndpointError(f"it sent more than {MAX_BYTES >> 20} MiB")
            self._head += chunk[: HEAD_BYTES - len(self._head)]
            self._tail = (self._tail + chunk)[-64:]
            yield chunk
            if left < 0:
                return


class _Stream(httpx2.SyncByteStream):
    """Bytes of a response, and the response to close when they are read."""

    def __init__(self, content: Iterator[bytes], response: httpx2.Response) -> None:
        self._content = content
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        return self._content

    def close(self) -> None:
        self._response.close()


def run_bounded(work: Callable[[Tell], T], tell: Tell, deadline: float, shut: Callable[[], None]) -> T:
    """Do `work` in a thread until `deadline` (by time.monotonic); what it tells goes to `tell`, in this thread.

    A thread, because nothing else stops a server that sends a byte now and then, a name server that never answers, or
    a client that is not ours. Raises DeadlineError when time is over, LeftError when the caller has left, and whatever
    `work` and `tell` raise; `shut` is called in every case.
    """
    told: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
    results: list[T] = []
    over = threading.Event()

    def pass_on(piece: str) -> None:
        if over.is_set():
            raise LeftError  # a client that is not ours cannot be shut, but stops at its next piece
        told.put(lambda: tell(piece))

    def run() -> None:
        try:
            result = work(pass_on)
        except BaseException as error:  # noqa: BLE001 -- it is raised again in the thread that waits
            told.put(_raiser(error))
        else:
            told.put(lambda: results.append(result))

    thread = threading.Thread(target=contextvars.copy_context().run, args=(run,), name="jitc request", daemon=True)
    _waiting.add(told)
    try:
        with ending(lambda: told.put(_raiser(LeftError()))):
            thread.start()
            while not results:
                _next_told(told, deadline)()
        return results[0]
    finally:
        over.set()
        _waiting.discard(told)
        shut()
        if thread.ident is not None:
            thread.join(GOODBYE)


def pause(seconds: float) -> None:
    """Wait; `interrupt_requests` ends that, too."""
    told: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
    _waiting.add(told)
    try:
        _next_told(told, time.monotonic() + seconds)()
    except DeadlineError:
        return
    finally:
        _waiting.discard(told)


def interrupt_requests() -> None:
    """Have each thread that waits for a request raise KeyboardInterrupt: Python itself tells the main thread only."""
    for told in tuple(_waiting):
        told.put(_raiser(KeyboardInterrupt()))


@contextmanager
def interruptible() -> Iterator[Callable[[], None]]:
    """Within, what this gives raises KeyboardInterrupt once `interrupt_requests` was called: for other waits."""
    told: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def look() -> None:
        with suppress(queue.Empty):
            told.get_nowait()()

    _waiting.add(told)
    try:
        yield look
    finally:
        _waiting.discard(told)


def _next_told(told: queue.SimpleQueue[Callable[[], None]], deadline: float) -> Callable[[], None]:
    left = deadline - time.monotonic()
    try:
        if left > 0:
            return told.get(timeout=left)
    except queue.Empty:
        pass
    raise DeadlineError


def _raiser(error: BaseException) -> Callable[[], None]:
    def again() -> None:
        raise error

    return again


def _data_lines(content: Iterator[bytes]) -> Iterator[bytes]:
    """The data of a stream alone: the SDK takes an event that holds but an `id` or a `retry` for broken JSON."""
    held: list[bytes] = []
    content = _without_mark(content)
    for chunk in content:
        held.append(chunk)
        if not chunk.endswith(b"\r") and (b"\n" in chunk or b"\r" in chunk):
            *lines, rest = re.split(b"\r\n|\r|\n", b"".join(held))
            held = [rest]
            yield from (b"%b\n" % line for line in lines if not line or line.startswith(b"data"))
    yield b"".join(held)


def _without_mark(content: Iterator[bytes]) -> Iterator[bytes]:
    """Content without the byte order mark before it, which would hide the name of the first field."""
    beginning = b""
    for chunk in content:
        beginning += chunk
        if not codecs.BOM_UTF8.startswith(beginning):
            break
    yield beginning.removeprefix(codecs.BOM_UTF8)
    yield from content


def _as_stream(content: Iterator[bytes]) -> Iterator[bytes]:
    """One JSON answer, of a server that does not stream, as a stream of one event."""
    body = b"".join(_without_mark(content))
    yield b"".join(b"data: %b\n" % line for line in body.splitlines()) + b"\ndata: [DONE]\n\n"


def proxy_for(url: str) -> str | None:
    """The proxy that the environment names for a URL; a server on this machine needs none."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_loopback(host) or proxy_bypass(f"{host}:{parts.port}" if parts.port else host):
        return None
    proxies = getproxies()
    return proxies.get(parts.scheme) or proxies.get("all")
