"""Counts what goes to a model's endpoint: stands between, hands everything on, and reads the usage it is told."""

from __future__ import annotations

import http.client
import json
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from types import TracebackType

NOT_HANDED_ON = {"connection", "host", "keep-alive", "transfer-encoding", "content-length", "accept-encoding"}


class Meter:
    """A server on loopback before the endpoint `upstream`; `url` takes its place."""

    def __init__(self, upstream: str, seconds: float = 600) -> None:
        self.upstream = urlsplit(upstream.rstrip("/"))
        self.seconds = seconds
        self.requests = self.answered = self.tokens_in = self.tokens_out = 0
        """Requests that came, those answered with status 200, and the tokens that the endpoint reported for them."""
        self._lock = threading.Lock()
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.meter = self

    def __enter__(self) -> Meter:
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()

    @property
    def url(self) -> str:
        """The base URL, as OPENAI_BASE_URL takes it."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def count(self, **more: int) -> None:
        """Add to the figures."""
        with self._lock:
            for name, number in more.items():
                setattr(self, name, getattr(self, name) + number)

    def connect(self) -> http.client.HTTPConnection:
        """A connection to the endpoint."""
        secure = self.upstream.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        return kind(self.upstream.hostname or "", self.upstream.port, timeout=self.seconds)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    meter: Meter

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Http

    def do_GET(self) -> None:
        self._hand_on(b"")

    def do_POST(self) -> None:
        self.server.meter.count(requests=1)
        self._hand_on(self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name of the base class
        """Say nothing."""

    def _hand_on(self, body: bytes) -> None:
        meter = self.server.meter
        headers = {name: value for name, value in self.headers.items() if name.lower() not in NOT_HANDED_ON}
        connection = meter.connect()
        try:
            connection.request(self.command, meter.upstream.path + self.path, body or None, headers)
            self._hand_back(connection.getresponse())
        except (OSError, http.client.HTTPException) as error:
            with suppress(OSError):
                self.send_error(502, str(error))
        finally:
            connection.close()

    def _hand_back(self, response: http.client.HTTPResponse) -> None:
        self.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in NOT_HANDED_ON | {"date", "server"}:
                self.send_header(name, value)
        self.end_headers()
        usage: dict[str, Any] = {}
        for line in response:
            self.wfile.write(line)
            self.wfile.flush()
            usage = _usage(line) or usage
        if self.command == "POST" and response.status == http.client.OK:
            read, written = usage.get("prompt_tokens", 0), usage.get("completion_tokens", 0)
            self.server.meter.count(answered=1, tokens_in=read, tokens_out=written)


def _usage(line: bytes) -> dict[str, Any] | None:
    if b'"usage"' not in line:
        return None
    with suppress(ValueError):
        told = json.loads(line.removeprefix(b"data:"))
        return told.get("usage") if isinstance(told, dict) else None
    return None
