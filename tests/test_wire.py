"""What stands between here and an endpoint: proxies, certificates, headers, organisations, and its pace."""

from __future__ import annotations

import math
import shutil
import ssl
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jitc_import.errors import EndpointError
from jitc_import.model.budget import Budget, Spent
from jitc_import.model.client import Client, Request
from jitc_import.model.pace import Pace, pace_of
from jitc_import.model.transport import DeadlineError, interrupt_requests
from jitc_import.settings import Settings
from server import Response, ScriptedServer, error

if TYPE_CHECKING:
    from jitc_import.model.prompts import Message
    from server import Body

KEY = "sk-secret-0123456789"
MESSAGES: tuple[Message, ...] = ({"role": "user", "content": "Write f."},)
FAR = "models.example"


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


def client_of(base_url: str, **values: Any) -> Client:
    return Client(
        Settings(**{"model": "m", "base_url": base_url, "timeout": 10.0, **values}), Budget(99, None, Spent())
    )


def slow(pace: Pace) -> None:
    """Have one request alone be told that it is too many."""
    with pace.turn(time.monotonic()) as falls:
        pace.slower(falls)


def authority(folder: Path, host: str) -> Path:
    """A certificate for a host, and its key (`key.pem`), signed by nobody else."""
    if not shutil.which("openssl"):
        pytest.skip("needs openssl")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={host}"]
    named = f"subjectAltName=DNS:{host}"
    files = ["-addext", named, "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*command, *files], check=True, capture_output=True)
    return folder / "cert.pem"


class TestProxies:
    def test_are_asked_for_what_is_elsewhere(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with ScriptedServer(["there"]) as proxy:
            monkeypatch.setenv("http_proxy", f"http://me:pass%20word@127.0.0.1:{proxy.address[1]}")
            reply = client_of(f"http://{FAR}/v1", allow_http=True).ask(Request(MESSAGES))
        assert reply.text == "there"
        assert proxy.paths == [f"http://{FAR}/v1/chat/completions"]
        assert proxy.headers[0]["proxy-authorization"].startswith("Basic ")

    def test_are_left_out_for_hosts_in_no_proxy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with ScriptedServer(["there"]) as proxy:
            monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.address[1]}")
            monkeypatch.setenv("no_proxy", f"other.example,{FAR}:8000")
            with pytest.raises(EndpointError, match="reached"):
                client_of(f"http://{FAR}:8000/v1", allow_http=True, timeout=5).ask(Request(MESSAGES))
            client_of(f"http://{FAR}/v1", allow_http=True).ask(Request(MESSAGES))
        assert proxy.paths == [f"http://{FAR}/v1/chat/completions"]

    @pytest.mark.slow
    def test_lead_to_an_endpoint_with_a_certificate_of_ones_own(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        certificate = authority(tmp_path, FAR)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, tmp_path / "key.pem")
        with ScriptedServer(["there"], tls=tls) as far, ScriptedServer([]) as proxy:
            proxy.tunnel = far.address
            monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.address[1]}")
            assert client_of(f"https://{FAR}/v1").ask(Request(MESSAGES)).text == "there"
        assert proxy.tunnels == [f"{FAR}:443"]
        assert "authorization" not in proxy.headers[0]
        assert far.headers[0]["authorization"] == f"Bearer {KEY}"

    def test_keep_their_password_to_themselves(self, monkeypatch: pytest.MonkeyPatch) -> None:
        refusal = Response(status=400, body=b'{"error": {"message": "who is pass-word-1?"}}')
        client = client_of(f"http://{FAR}/v1", allow_http=True)
        with ScriptedServer([refusal]) as proxy:
            monkeypatch.setenv("http_proxy", f"http://me:pass-word-1@127.0.0.1:{proxy.address[1]}")
            with pytest.raises(EndpointError, match=r"who is \[key\]\?"):
                client.ask(Request(MESSAGES))


class TestTheEnvironmentOfTheSdk:
    def test_reaches_the_wire(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
        monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-1")
        monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Team: blue\nX-Title: my: program")
        with ScriptedServer(["my: program"]) as server:
            assert client_of(server.url).ask(Request(MESSAGES)).text == "my: program"
        sent = server.headers[0]
        assert (sent["openai-organization"], sent["openai-project"]) == ("org-1", "proj-1")
        assert (sent["x-team"], sent["x-title"]) == ("blue", "my: program")

    def test_secrets_in_headers_are_not_shown(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Gateway-Key: gate-secret-1")
        refused = pytest.raises(EndpointError, match=r"bad \[key\]")
        with ScriptedServer([error(400, "bad gate-secret-1")]) as server, refused:
            client_of(server.url).ask(Request(MESSAGES))
        assert server.headers[0]["x-gateway-key"] == "gate-secret-1"

    @pytest.mark.parametrize("line", ["Bücher: 1", "a b: 1", ": 1", "A: ü"])
    def test_a_header_that_is_none_is_named_before_any_request(
        self, monkeypatch: pytest.MonkeyPatch, line: str
    ) -> None:
        monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", f"X-Fine: yes\n{line}")
        with ScriptedServer(["there"]) as server:
            with pytest.raises(EndpointError, match="OPENAI_CUSTOM_HEADERS holds a line that is no header"):
                client_of(server.url).ask(Request(MESSAGES))
            assert not server.requests

    def test_do_not_go_to_an_endpoint_with_a_name_of_its_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
        monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-1")
        monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "authorization: Bearer gate-secret-1\nX-Gateway-Key: gate-secret-2")
        monkeypatch.setenv("JITC_KEY_WORK", "work-secret")
        with ScriptedServer(["hello"]) as server:
            monkeypatch.setenv("JITC_ENDPOINT_WORK", server.url)
            client_of(f"https://{FAR}/v1").ask(Request(MESSAGES, model="scripted @ work"))
        sent = server.headers[0]
        assert sent["authorization"] == "Bearer work-secret"
        assert not {"openai-organization", "openai-project", "x-gateway-key"} & set(sent)


class TestThePace:
    def test_falls_by_half_and_rises_by_one_a_round(self) -> None:
        pace = Pace()
        deadline = time.monotonic() + 5
        with pace.turn(deadline), pace.turn(deadline), pace.turn(deadline), pace.turn(deadline) as falls:
            pace.slower(falls)
        assert pace.limit == 2
        for _ in range(20):
            slow(pace)
        assert pace.limit == 1
        for _ in range(3):
            pace.faster()
        assert 2 < pace.limit < 3.1

    def test_a_turn_does_not_come_after_the_deadline(self) -> None:
        pace = Pace()
        slow(pace)
        with pace.turn(time.monotonic()), pytest.raises(DeadlineError), pace.turn(time.monotonic() + 0.05):
            pass
        with pace.turn(time.monotonic()):
            pass

    def test_an_interruption_ends_the_wait_for_a_turn(self) -> None:
        pace, ended = Pace(), threading.Event()
        slow(pace)

        def wait() -> None:
            with pytest.raises(KeyboardInterrupt), pace.turn(time.monotonic() + 30):
                pass
            ended.set()

        with pace.turn(time.monotonic()):
            threading.Thread(target=wait, daemon=True).start()
            for _ in range(100):
                interrupt_requests()
                if ended.wait(0.1):
                    break
        assert ended.is_set()

    def test_all_threads_get_through_where_an_endpoint_takes_one_at_a_time(self) -> None:
        free = threading.Lock()

        def script(_: Body) -> str | Response:
            if not free.acquire(blocking=False):
                return error(429, "one at a time", headers=[("retry-after-ms", "60")])
            time.sleep(0.03)
            free.release()
            return "done"

        with ScriptedServer(script) as server:
            replies: list[str] = []
            ask = lambda: replies.append(client_of(server.url).ask(Request(MESSAGES)).text)  # noqa: E731
            threads = [threading.Thread(target=ask) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert replies == ["done"] * 8
        assert len(server.requests) < 8 * 4

    def test_a_burst_of_refusals_halves_it_once_and_the_next_one_again(self) -> None:
        together = [threading.Barrier(8), threading.Barrier(4)]
        limits: list[float] = []
        lock = threading.Lock()

        def script(_: Body) -> str | Response:
            with lock:
                number = len(limits)
                limits.append(pace_of(server.url).limit)
            if number >= 12:
                return "done"
            together[number >= 8].wait(20)  # breaks, and the test with it, where fewer are let through
            return error(429, "too many", headers=[("retry-after-ms", "60")])

        with ScriptedServer(script) as server, ThreadPoolExecutor(8) as pool:
            ask = lambda _: client_of(server.url, timeout=60.0).ask(Request(MESSAGES)).text  # noqa: E731
            assert list(pool.map(ask, range(8))) == ["done"] * 8
        assert limits[:13] == [math.inf] * 8 + [4.0] * 4 + [2.0]
        assert len(server.requests) == 8 + 4 + 8

    @pytest.mark.slow
    def test_a_wait_for_a_turn_counts_within_the_deadline(self) -> None:
        with ScriptedServer(lambda _: Response("done", wait=1.2)) as server:
            client = client_of(server.url)
            slow(pace_of(server.url))
            first = threading.Thread(target=lambda: client.ask(Request(MESSAGES)))
            first.start()
            while not server.requests:
                time.sleep(0.01)
            with pytest.raises(EndpointError, match="no complete reply within"):
                client.ask(Request(MESSAGES), deadline=time.monotonic() + 0.2)
            first.join()
        assert len(server.requests) == 1
