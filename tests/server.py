"""A scripted OpenAI-compatible server on loopback: real HTTP, real streaming, and every kind of misbehaviour.

with ScriptedServer(["first reply", Response(status=429)]) as server:
    ...  # server.url is a base URL, server.requests holds the parsed bodies

with ScriptedServer(script_from(source_with_bodies)) as server:
    ...  # every request is answered with the definitions it asks for
"""

from __future__ import annotations

import ast
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from jitc_import.source.definitions import definitions, first_line, qualname_of

if TYPE_CHECKING:
    from types import TracebackType

    from jitc_import.source.definitions import Function

    Body = dict[str, Any]
    Script = Callable[[Body], "str | Response"] | Sequence["str | Response"]

ASKED = re.compile(r"(?:^- |^Complete the function )`([^`]+)`", re.MULTILINE)
"""How a prompt names a function to write."""


@dataclass(frozen=True)
class Response:
    """One answer of the server; as it stands, a well-behaved stream of `text`."""

    text: str = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    """Sent as it is, in place of a stream; `media` is its type."""
    media: str = "application/json"
    finish: str | None = "stop"
    usage: bool = True
    done: bool = True
    piece: int = 0
    """Characters of text in an event; 0: a dozen, or what makes some hundred events of a long text."""
    wait: float = 0.0
    """Seconds before the status line."""
    drip: float = 0.0
    """Seconds before each piece of the body; a `body` is then sent byte by byte."""
    drop: bool = False
    """The connection is cut after the text, before anything says that it ended."""
    length: int | None = None
    """A Content-Length that is claimed."""
    events: tuple[str, ...] | None = None
    """The `data:` lines to send in place of those made from `text`."""


class ScriptedServer:
    """A server that answers chat completions from a list, in order, or from a function of the request."""

    def __init__(
        self, script: Script, *, models: Sequence[str] = ("scripted",), tls: ssl.SSLContext | None = None
    ) -> None:
        self.requests: list[Body] = []
        self.headers: list[dict[str, str]] = []
        """The headers of each request, their names in lower case."""
        self.paths: list[str] = []
        self.models = tuple(models)
        self.script = script
        self.tunnels: list[str] = []
        """What was asked for as of a proxy with CONNECT; such connections lead to `tunnel`."""
        self.tunnel: tuple[str, int] | None = None
        self.at_once = 0
        """The most requests that were under way at one time."""
        self._under_way = 0
        self._lock = threading.Lock()
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.scripted = self
        self._scheme = "https" if tls else "http"
        if tls:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> ScriptedServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()

    @property
    def url(self) -> str:
        """The base URL, as OPENAI_BASE_URL takes it."""
        return f"{self._scheme}://127.0.0.1:{self._http.server_address[1]}/v1"

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        return "127.0.0.1", self._http.server_address[1]

    def answer(self, request: Body, headers: dict[str, str]) -> Response:
        """The next answer of the script."""
        with self._lock:
            number = len(self.requests)
            self.requests.append(request)
            self.headers.append(headers)
            left = 1 if callable(self.script) else len(self.script) - number
        if left <= 0:
            return error(400, "the script has no more answers")
        script = self.script
        answer = script(request) if callable(script) else script[number]
        return answer if isinstance(answer, Response) else Response(answer)

    def count(self, step: int) -> None:
        """A request begins (1) or ends (-1)."""
        with self._lock:
            self._under_way += step
            self.at_once = max(self.at_once, self._under_way)


def error(
    status: int,
    message: str,
    *,
    code: str | None = None,
    param: str | None = None,
    headers: Iterable[tuple[str, str]] = (),
) -> Response:
    """An error as the OpenAI API sends it."""
    told = {"error": {"message": message, "type": "invalid_request_error", "code": code, "param": param}}
    return Response(status=status, body=json.dumps(told).encode(), headers=tuple(headers))


def script_from(original: str) -> Callable[[Body], str]:
    """A script that answers with the definitions of `original` that the last message asks for.

    Where it names none (a user's own prompt template), the whole of `original` is sent back.
    """
    writer = _Original(original)

    def script(request: Body) -> str:
        wanted = asked_keys(request)
        return f"```python\n{writer.write(wanted) if wanted else original}\n```\n"

    return script


def asked_keys(request: Body) -> list[str]:
    """The functions that the last message of a request asks for, by qualified name."""
    return ASKED.findall(request["messages"][-1]["content"])


@dataclass
class _Original:
    """A module with all its bodies, from which definitions are cut in the skeletons of their classes."""

    text: str
    lines: list[str] = field(init=False)
    nodes: dict[str, list[Function]] = field(init=False)
    outermost: dict[str, str] = field(init=False)
    """By the name that a prompt uses, the function to send for it."""

    def __post_init__(self) -> None:
        self.lines = self.text.split("\n")
        self.nodes, self.outermost = {}, {}
        for key, node in definitions(ast.parse(self.text)):
            qualname = qualname_of(key)
            self.nodes.setdefault(qualname, []).append(node)
            self.outermost[qualname.replace(".<locals>", "")] = qualname.partition(".<locals>")[0]

    def write(self, qualnames: Iterable[str]) -> str:
        """The definitions of these names; a nested function comes with the functions around it."""
        outermost = dict.fromkeys(self.outermost[name] for name in qualnames)
        return "\n\n".join(self._cut(name, node) for name in outermost for node in self.nodes[name])

    def _cut(self, qualname: str, node: Function) -> str:
        text = "\n".join(self.lines[first_line(node) - 1 : node.end_lineno])
        *classes, _ = qualname.split(".")
        headers = [f"{' ' * depth}class {name}:" for depth, name in enumerate(classes)]
        if node.col_offset and not classes:
            headers = ["if True:"]
        return "\n".join([*headers, text])


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    scripted: ScriptedServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def do_GET(self) -> None:
        self.server.scripted.paths.append(self.path)
        listed = {"object": "list", "data": [{"id": name, "object": "model"} for name in self.server.scripted.models]}
        self._send_body(Response(body=json.dumps(listed).encode()))

    def do_POST(self) -> None:
        scripted = self.server.scripted
        scripted.paths.append(self.path)
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        scripted.count(1)
        try:
            response = scripted.answer(request, {name.lower(): value for name, value in self.headers.items()})
            time.sleep(response.wait)
            with suppress(BrokenPipeError, ConnectionResetError):
                self._send(response, request)
        finally:
            scripted.count(-1)

    def do_CONNECT(self) -> None:
        scripted = self.server.scripted
        scripted.tunnels.append(self.path)
        scripted.headers.append({name.lower(): value for name, value in self.headers.items()})
        with socket.create_connection(scripted.tunnel or ("", 0)) as other:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=_pump, args=(other, self.connection), daemon=True)
            back.start()
            _pump(self.connection, other)
            back.join(5)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name of the base class
        """Say nothing."""

    def _send(self, response: Response, request: Body) -> None:
        if response.body is not None:
            self._send_body(response)
        elif request.get("stream"):
            self._stream(response, request)
        else:
            self._send_body(replace(response, body=_whole(response, request)))

    def _send_body(self, response: Response) -> None:
        body = response.body or b""
        self._head(response, response.media, [("Content-Length", str(response.length or len(body)))])
        for piece in [body[i : i + 1] for i in range(len(body))] if response.drip else [body]:
            time.sleep(response.drip)
            self.wfile.write(piece)
            self.wfile.flush()
        if response.drop or (response.length or 0) > len(body):
            self._cut()

    def _stream(self, response: Response, request: Body) -> None:
        self._head(response, "text/event-stream", [("Transfer-Encoding", "chunked")])
        for event in response.events if response.events is not None else _events(response, request):
            time.sleep(response.drip)
            data = f"data: {event}\n\n".encode()
            self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
            self.wfile.flush()
        if response.drop:
            self._cut()
            return
        self.wfile.write(b"0\r\n\r\n")

    def _head(self, response: Response, media: str, framing: list[tuple[str, str]]) -> None:
        self.send_response(response.status)
        for name, value in [("Content-Type", media), *framing, *response.headers]:
            self.send_header(name, value)
        self.end_headers()

    def _cut(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        self.connection.close()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    """Pass on what comes, until there is no more."""
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


def _whole(response: Response, request: Body) -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": response.text}, "finish_reason": response.finish}
    return json.dumps(_frame(request) | {"choices": [choice], "usage": usage_of(request, response.text)}).encode()


def _events(response: Response, request: Body) -> Iterable[str]:
    piece = response.piece or max(12, len(response.text) // 300)
    for start in range(0, len(response.text), piece):
        yield _chunk(request, {"content": response.text[start : start + piece]}, None)
    if response.drop:
        return
    if response.finish is not None:
        yield _chunk(request, {}, response.finish)
    if response.usage and (request.get("stream_options") or {}).get("include_usage"):
        yield json.dumps(_frame(request) | {"choices": [], "usage": usage_of(request, response.text)})
    if response.done:
        yield "[DONE]"


def usage_of(request: Body, text: str) -> dict[str, int]:
    """The usage the server reports: a token is four characters."""
    read = sum(len(message["content"]) for message in request["messages"]) // 4
    written = len(text) // 4
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _chunk(request: Body, delta: dict[str, str], finish: str | None) -> str:
    return json.dumps(_frame(request) | {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


def _frame(request: Body) -> dict[str, Any]:
    return {"id": "scripted", "object": "chat.completion.chunk", "created": 0, "model": request.get("model", "")}
