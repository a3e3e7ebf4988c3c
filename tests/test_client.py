"""Asking a model: the real SDK over real HTTP against a scripted server that misbehaves."""

from __future__ import annotations

import asyncio
import gzip
import json
import shutil
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openai
import pytest

from jitc_import.errors import BudgetError, EndpointError
from jitc_import.model.budget import Budget, Spent
from jitc_import.model.client import DEFAULT_MODEL, Client, Reply, Request, shared_client
from jitc_import.model.endpoint import choose_endpoint, is_loopback
from jitc_import.model.prompts import Message
from jitc_import.model.thoughts import without_thoughts
from jitc_import.model.transport import MAX_BYTES
from jitc_import.settings import Settings
from server import Response, ScriptedServer, error

KEY = "sk-secret-0123456789"
MESSAGES: tuple[Message, ...] = ({"role": "user", "content": "Write f."},)
PROXY = ("http://me:pass-word-1@127.0.0.1:1", r"through http://127\.0\.0\.1:1, the proxy .*refused")
TEXT = "```python\ndef f(x):\n    return 2 * x\n```\n"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "OPENAI_BASE_URL",
        "OPENAI_ORG_ID",
        "OPENAI_PROJECT_ID",
        "HTTP_PROXY",
        "http_proxy",
        "ALL_PROXY",
        "all_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


def settings(**values: Any) -> Settings:
    return Settings(**values)


def client_of(server: ScriptedServer, spent: Spent | None = None, **values: Any) -> Client:
    chosen = settings(**{"model": "scripted", "base_url": server.url, "timeout": 10.0, **values})
    return Client(chosen, Budget(chosen.max_calls, chosen.max_tokens, spent or Spent()))


def ask(*answers: str | Response, request: Request | None = None, **values: Any) -> tuple[Reply, ScriptedServer]:
    with ScriptedServer(list(answers)) as server:
        return client_of(server, **values).ask(request or Request(MESSAGES)), server


def failure(*answers: str | Response, **values: Any) -> tuple[str, ScriptedServer]:
    with ScriptedServer(list(answers)) as server, pytest.raises(EndpointError) as caught:
        client_of(server, **values).ask(Request(MESSAGES))
    message = str(caught.value)
    assert KEY not in message
    assert message.isprintable()
    assert caught.value.__cause__ is None
    assert "jitc request" not in [thread.name for thread in threading.enumerate()]
    return message, server


@contextmanager
def faster_retries(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    waits: list[float] = []
    monkeypatch.setattr("jitc_import.model.tries.pause", waits.append)
    yield waits


class TestAReply:
    def test_is_streamed(self) -> None:
        pieces: list[str] = []
        with ScriptedServer([TEXT]) as server:
            reply = client_of(server).ask(Request(MESSAGES), pieces.append)
        assert reply.text == TEXT == "".join(pieces)
        assert len(pieces) > 2
        assert (reply.cut, reply.tokens_in, reply.tokens_out, reply.model) == (False, 2, len(TEXT) // 4, "scripted")

    def test_what_is_sent(self) -> None:
        _, server = ask(TEXT, request=Request(MESSAGES, model="big", temperature=0.5, seed=7, max_tokens=100))
        (sent,) = server.requests
        assert sent == {
            "model": "big",
            "messages": list(MESSAGES),
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": 0.5,
            "seed": 7,
            "max_tokens": 100,
        }
        assert server.headers[0]["authorization"] == f"Bearer {KEY}"
        assert server.paths == ["/v1/chat/completions"]

    def test_temperature_is_zero_where_nothing_is_said(self) -> None:
        assert ask(TEXT)[1].requests[0]["temperature"] == 0.0

    def test_that_was_cut(self) -> None:
        assert ask(Response(TEXT, finish="length"))[0].cut

    @pytest.mark.parametrize("text", ["", " \n", "<think>hm</think>\n"])
    def test_that_is_empty(self, text: str) -> None:
        reply, server = ask(Response(text))
        assert (reply.text.strip(), reply.cut) == ("", False)
        assert len(server.requests) == 1

    def test_without_usage_is_estimated(self) -> None:
        reply, _ = ask(Response(TEXT, usage=False))
        assert 5 < reply.tokens_out < 30

    @pytest.mark.parametrize("answer", [Response(TEXT, done=False), Response(TEXT, finish=None)])
    def test_that_ends_in_one_of_two_ways(self, answer: Response) -> None:
        assert ask(answer)[0].text == TEXT

    def test_of_a_server_that_does_not_stream(self) -> None:
        told = {"model": "m", "choices": [{"message": {"content": TEXT}, "finish_reason": "stop"}]}
        reply, _ = ask(Response(body=json.dumps(told, indent=2).encode()))
        assert (reply.text, reply.model) == (TEXT, "m")

    @pytest.mark.parametrize("media", ["text/event-stream", "application/json"])
    def test_behind_a_byte_order_mark(self, media: str) -> None:
        told = json.dumps({"choices": [{"delta": {"content": TEXT}, "finish_reason": "stop"}]})
        body = told if "json" in media else f"data: {told}\n\ndata: [DONE]\n\n"
        assert ask(Response(body=f"\ufeff{body}".encode(), media=media))[0].text == TEXT

    def test_with_odd_but_clear_events(self) -> None:
        odd = (
            '{"choices": [{"delta": {"content": "a"}}], "x": NaN, "choices": [{"delta": {"content": "b"}}]}',
            '{"choices": [], "usage": null}',
            '{"choices": null}',
            '{"other": [1]}',
            "3",
            '{"choices": [{"delta": {"content":\ndata: "c"}}]}',
            '{"choices": [{"delta": null, "finish_reason": "stop"}]}\r\n\r\nevent: unknown\r\nid: 7\r\n\r\nretry: 3000',
        )
        assert ask(Response(events=odd))[0].text == "bc"

    @pytest.mark.parametrize(
        ("text", "left"),
        [
            ("<think>\nhm\n</think>\n\ncode", "\n\ncode"),
            ("  <thinking>hm</thinking>code", "code"),
            ("hm, let me see\n</think>\ncode", "\ncode"),
            ("hm\n```\nx\n```\nno\n</think>\n```\ny\n```", "\n```\ny\n```"),
            ("```\nx\n```\nends with\n</think>\n", "```\nx\n```\nends with\n</think>\n"),
            ("<think>never ends", ""),
            ("Sure.\n<think>\n```\nx\n```\n</think>\n```\ny\n```", "\n```\ny\n```"),
            ('s = """\n</think>\n"""\nreturn s', 's = """\n</think>\n"""\nreturn s'),
            ('s = """\n<think>\n"""\nreturn s', 's = """\n<think>\n"""\nreturn s'),
            ("```\ns = 1\n```\n<think>later</think>", "```\ns = 1\n```\n<think>later</think>"),
            ("code with <think>tags</think>", "code with <think>tags</think>"),
            ("```python\n'''\n</think>\n'''\n```", "```python\n'''\n</think>\n'''\n```"),
        ],
    )
    def test_without_thoughts(self, text: str, left: str) -> None:
        assert without_thoughts(text) == left

    def test_to_several_threads_at_once(self) -> None:
        with ScriptedServer(lambda request: Response(request["messages"][0]["content"], wait=0.3)) as server:
            client, replies = client_of(server), []

            def run(number: int) -> None:
                replies.append(client.ask(Request(({"role": "user", "content": f"n{number}"},))).text)

            threads = [threading.Thread(target=run, args=(number,)) for number in range(6)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert sorted(replies) == [f"n{number}" for number in range(6)]
        assert server.at_once > 1


class TestParametersThatAreRefused:
    def test_are_left_out_from_then_on(self) -> None:
        def script(request: dict[str, Any]) -> str | Response:
            for name in ("stream_options", "seed", "temperature"):
                if name in request:
                    return error(400, f"Unsupported parameter: '{name}' is not supported with this model.", param=name)
            return TEXT

        with ScriptedServer(script) as server:
            client = client_of(server)
            for _ in range(2):
                assert client.ask(Request(MESSAGES, seed=1)).text == TEXT
        assert len(server.requests) == 5
        assert set(server.requests[-1]) == {"model", "messages", "stream"}

    def test_the_limit_goes_by_its_other_name(self) -> None:
        told = "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead."
        with ScriptedServer([error(400, told, code="unsupported_parameter"), TEXT]) as server:
            client_of(server).ask(Request(MESSAGES, max_tokens=9))
        assert server.requests[0]["max_tokens"] == server.requests[1]["max_completion_tokens"] == 9
        assert "max_tokens" not in server.requests[1]

    def test_named_by_another_framework(self) -> None:
        told = {"detail": [{"loc": ["body", "seed"], "msg": "extra fields not permitted"}]}
        with ScriptedServer([Response(status=422, body=json.dumps(told).encode()), TEXT]) as server:
            assert client_of(server).ask(Request(MESSAGES, seed=1)).text == TEXT

    def test_another_bad_request_is_an_error(self) -> None:
        message, server = failure(error(400, "no such thing"))
        assert "it answered with an error (400: no such thing)" in message
        assert len(server.requests) == 1


class TestWhereToAsk:
    def test_neither_key_nor_endpoint(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("OPENAI_API_KEY")
        with pytest.raises(EndpointError, match=r"set OPENAI_API_KEY[^~]*set OPENAI_BASE_URL and JITC_MODEL"):
            shared_client(settings()).ask(Request(MESSAGES))

    def test_a_local_server_needs_no_key(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("OPENAI_API_KEY")
        assert ask(TEXT)[1].headers[0]["authorization"] == "Bearer none"

    def test_another_server_needs_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("OPENAI_API_KEY")
        with pytest.raises(EndpointError, match="OPENAI_API_KEY is not set"):
            choose_endpoint(settings(base_url="https://models.example/v1"))

    @pytest.mark.parametrize(
        "url", ["http://models.example/v1", "http://10.0.0.7:8000/v1", "http://127.0.0.1.example/v1"]
    )
    def test_plain_http_is_refused(self, url: str) -> None:
        with pytest.raises(EndpointError, match="without https"):
            choose_endpoint(settings(base_url=url))
        assert choose_endpoint(settings(base_url=url, allow_http=True)).base_url == url

    @pytest.mark.parametrize("url", ["models.example", "ftp://x/v1", "http://", "http://[::1", "https://x\n/v1"])
    def test_what_is_no_url(self, url: str) -> None:
        with pytest.raises(EndpointError, match="is no URL"):
            choose_endpoint(settings(base_url=url))

    @pytest.mark.parametrize("url", ["htps://me:my-password@x/v1", "//me:my-password@x", "me:my-password@x/v1"])
    def test_what_is_no_url_shows_no_password(self, url: str) -> None:
        with pytest.raises(EndpointError, match="is no URL") as caught:
            choose_endpoint(settings(base_url=url))
        assert "my-password" not in str(caught.value)

    def test_a_key_that_is_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-\u201cquoted\u201d")
        with pytest.raises(EndpointError, match="in no key"):
            choose_endpoint(settings())

    @pytest.mark.parametrize(
        ("host", "is_it"),
        [
            ("127.0.0.1", True),
            ("127.9.9.9", True),
            ("::1", True),
            ("localhost", True),
            ("LocalHost.", True),
            ("10.0.0.1", False),
            ("localhost.example", False),
        ],
    )
    def test_loopback(self, host: str, *, is_it: bool) -> None:
        assert is_loopback(host) is is_it

    def test_a_password_in_the_url_is_not_shown(self) -> None:
        endpoint = choose_endpoint(settings(base_url="https://user:pass@models.example/v1?token=1"))
        assert endpoint.name == "https://models.example/v1"
        assert KEY not in repr(endpoint)

    def test_nobody_listens(self) -> None:
        with ScriptedServer([]) as server:
            client = client_of(server)
        begun = time.monotonic()
        with pytest.raises(EndpointError, match=r"http://127\.0\.0\.1:\d+/v1: cannot be reached .*refused"):
            client.ask(Request(MESSAGES))
        assert time.monotonic() - begun < 2

    def test_a_certificate_that_nobody_signed(self, tmp_path: Path) -> None:
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1"]
        if not shutil.which(command[0]):
            pytest.skip("needs openssl")
        files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem")]
        subprocess.run([*command, *files], check=True, capture_output=True)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
        with ScriptedServer([TEXT], tls=tls) as server, pytest.raises(EndpointError, match="certificate is not valid"):
            client_of(server).ask(Request(MESSAGES))
        assert not server.requests

    def test_proxies_are_not_for_this_machine(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        assert ask(TEXT)[0].text == TEXT

    @pytest.mark.parametrize(
        ("proxy", "told"),
        [("socks5://127.0.0.1:1", "socksio"), ("gopher://x", "gopher"), PROXY],
    )
    def test_proxies_that_do_not_work(self, monkeypatch: pytest.MonkeyPatch, proxy: str, told: str) -> None:
        monkeypatch.setenv("https_proxy", proxy)
        client = Client(settings(base_url="https://models.example/v1", model="m"), Budget(5, None, Spent()))
        with pytest.raises(EndpointError, match=f"https://models.example/v1: .*{told}"):
            client.ask(Request(MESSAGES))

    def test_a_server_without_tls(self) -> None:
        with ScriptedServer([]) as server:
            client = client_of(server, base_url=server.url.replace("http://", "https://"))
            with pytest.raises(EndpointError, match=r"https://127.*reached"):
                client.ask(Request(MESSAGES))


class TestTheModel:
    def test_the_only_one_there_is(self) -> None:
        with ScriptedServer([TEXT, TEXT], models=["coder"]) as server:
            client = client_of(server, model=None)
            assert client.model_name(None) == ""
            client.ask(Request(MESSAGES))
            client.ask(Request(MESSAGES))
        assert [sent["model"] for sent in server.requests] == ["coder", "coder"]
        assert server.paths.count("/v1/models") == 1
        assert client.model_name(None) == "coder"

    @pytest.mark.parametrize(("models", "told"), [(["a", "b"], "a, b"), ([], "names none")])
    def test_one_of_several_must_be_chosen(self, models: list[str], told: str) -> None:
        expected = pytest.raises(EndpointError, match=f"which model.*{told}; set JITC_MODEL")
        with ScriptedServer([TEXT], models=models) as server, expected:
            client_of(server, model=None).ask(Request(MESSAGES))
        assert not server.requests

    def test_of_openai(self) -> None:
        client = shared_client(settings())
        assert client.model_name(None) == DEFAULT_MODEL
        assert client.model_name("other") == "other"
        assert client is shared_client(settings())

    def test_that_is_unknown(self) -> None:
        message, _ = failure(error(404, "The model `scripted` does not exist", code="model_not_found"))
        assert "does not know the model scripted" in message
        assert "set JITC_MODEL" in message

    def test_the_local_one_is_not_installed(self) -> None:
        with pytest.raises(EndpointError, match="no local model is installed"):
            shared_client(settings(model="local")).ask(Request(MESSAGES))


class TestRefusals:
    @pytest.mark.parametrize("shown", [6, 12, 19])
    def test_a_key_that_is_cut_with_the_words_around_it(self, shown: int) -> None:
        message, _ = failure(error(400, f"{'x' * (300 - shown)}{KEY} is not welcome"))
        assert KEY[:6] not in message

    @pytest.mark.parametrize("status", [401, 403])
    def test_a_wrong_key(self, status: int) -> None:
        message, server = failure(error(status, f"Incorrect API key provided: {KEY}."))
        assert f"refuses the key ({status}: Incorrect API key provided: [key].)" in message
        assert len(server.requests) == 1

    def test_no_chat_completions_there(self) -> None:
        message, _ = failure(Response(status=404, body=b"Not Found", media="text/plain"))
        assert "check OPENAI_BASE_URL" in message

    @pytest.mark.parametrize(
        ("answer", "told"),
        [
            (Response(status=204, body=b"", media=""), "empty"),
            (Response(body=b"It works!", media="text/plain"), "this: It works!"),
            (Response(body=b'{"detail": "no such thing"}'), 'this: {"detail": "no such thing"}'),
            (Response(body=f'{{"you": "{KEY}"}}'.encode()), 'this: {"you": "[key]"}'),
        ],
    )
    def test_what_is_no_chat_completion_is_shown(self, answer: Response, told: str) -> None:
        assert f"its answer is no chat completion, but {told}; check OPENAI_BASE_URL" in failure(answer)[0]

    def test_a_request_that_is_too_long(self) -> None:
        message, _ = failure(error(400, "the request exceeds the available context size"))
        assert "too long for the model" in message

    def test_control_characters_of_the_server_are_escaped(self) -> None:
        message, _ = failure(error(400, "\x1b]52;c;aGk=\x07 \x1b[2J\u202e" + "x" * 5_000))
        assert r"\x1b]52" in message
        assert len(message) < 1_200

    @pytest.mark.parametrize("text", ["", "<think>hm, hm"])
    def test_tokens_that_are_used_up_before_the_answer(self, text: str) -> None:
        message, _ = failure(Response(text, finish="length"))
        assert "tokens were used up before the answer began" in message

    def test_an_empty_reply_without_a_reason_to_finish(self) -> None:
        assert failure(Response("", finish=None))[0].endswith("its reply is empty")

    def test_an_empty_reply_of_a_connection_that_just_ends(self) -> None:
        assert "closed before the reply was complete" in failure(Response("", finish=None, done=False))[0]

    def test_an_empty_reply_that_was_filtered(self) -> None:
        assert "refuses to answer: content filter" in failure(Response("", finish="content_filter"))[0]

    def test_a_model_that_refuses(self) -> None:
        refusal = json.dumps({"choices": [{"delta": {"refusal": "I will not."}, "finish_reason": "stop"}]})
        assert "refuses to answer: I will not." in failure(Response(events=(refusal,)))[0]

    def test_an_error_inside_the_stream(self) -> None:
        assert "overloaded" in failure(Response(events=('{"error": {"message": "overloaded", "code": 3}}',)))[0]

    def test_a_reply_that_holds_the_key(self) -> None:
        assert "holds the key" in failure(f"def f(x):\n    return '{KEY}'\n")[0]


class TestABusyEndpoint:
    def test_is_asked_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with faster_retries(monkeypatch) as waits:
            reply, server = ask(error(503, "busy"), error(429, "slow down"), TEXT)
        assert reply.text == TEXT
        assert 0.25 <= waits[0] <= 0.5 <= waits[1] <= 1.0
        assert len(server.requests) == 3

    def test_but_not_for_ever(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with faster_retries(monkeypatch) as waits:
            busy = error(429, "slow down", headers=[("Retry-After", "1")])
            message, server = failure(*[busy] * 9, timeout=100)
        assert "takes no more requests now (429: slow down); still busy, so wait a while" in message
        assert "JITC_TIMEOUT" not in message
        assert message.endswith("(asked 7 times)")
        assert len(server.requests) == 7
        assert len(waits) == 6

    def test_a_server_that_fails_is_asked_three_times(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with faster_retries(monkeypatch):
            assert len(failure(*[error(500, "oops")] * 9)[1].requests) == 3

    @pytest.mark.parametrize(
        ("name", "said", "waited"),
        [
            ("Retry-After", "2", 2.0),
            ("Retry-After", "70", 70.0),
            ("Retry-After", "0.25", 0.25),
            ("retry-after-ms", "1500", 1.5),
            ("Retry-After", "DATE", 30.0),
        ],
    )
    def test_may_ask_to_wait(self, monkeypatch: pytest.MonkeyPatch, name: str, said: str, waited: float) -> None:
        said = formatdate(time.time() + 31, usegmt=True) if said == "DATE" else said
        with faster_retries(monkeypatch) as waits:
            ask(error(429, "slow down", headers=[(name, said)]), TEXT, timeout=100)
        assert len(waits) == 1
        assert waited - 1 <= waits[0] <= waited * 1.1 + 1
        assert waits[0] >= waited or said.endswith("GMT")

    @pytest.mark.parametrize(
        "said",
        [
            *("-5", "soon", "nan", "inf", "0", "1" * 400),
            *("Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 99999 07:28:00 GMT", "Wed, 21 Oct 99999 07:28:00"),
        ],
    )
    def test_asks_to_wait_in_a_way_that_makes_no_sense(self, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
        with faster_retries(monkeypatch) as waits:
            ask(error(429, "slow down", headers=[("Retry-After", said)]), TEXT, timeout=100)
        assert 0.25 <= waits[0] <= 0.5

    def test_says_that_another_try_is_of_no_use(self) -> None:
        assert len(failure(error(503, "gone", headers=[("x-should-retry", "false")]))[1].requests) == 1

    def test_a_wait_beyond_the_deadline_is_not_begun(self) -> None:
        begun = time.monotonic()
        message, server = failure(error(429, "slow down", headers=[("Retry-After", "30")]))
        assert time.monotonic() - begun < 2
        assert len(server.requests) == 1
        assert "it asks to wait 30 s, for which JITC_TIMEOUT must be longer" in message

    @pytest.mark.slow
    def test_the_error_at_the_deadline_says_how_often_it_was_asked(self) -> None:
        busy = error(429, "slow down", headers=[("retry-after-ms", "20")])
        message, _ = failure(busy, busy, Response(TEXT, wait=9), timeout=4)
        assert "no complete reply within 4 seconds" in message
        assert message.endswith("(asked 3 times)")

    def test_an_empty_purse_is_not_asked_again(self) -> None:
        assert len(failure(error(429, "You exceeded your quota", code="insufficient_quota"))[1].requests) == 1


class TestABrokenWire:
    def test_a_connection_that_drops_is_no_reply(self) -> None:
        message, server = failure(Response(TEXT, drop=True))
        assert "connection was lost before the reply was complete" in message
        assert len(server.requests) == 1

    def test_nor_is_a_stream_that_just_ends(self) -> None:
        message, _ = failure(Response(TEXT, finish=None, done=False))
        assert "closed before the reply was complete" in message

    def test_a_content_length_beyond_the_body(self, monkeypatch: pytest.MonkeyPatch) -> None:
        answer = Response(body=b'data: {"choices": []}\n\n', media="text/event-stream", length=9_999)
        with faster_retries(monkeypatch):
            message, server = failure(*[answer] * 3)
        assert "connection was lost" in message
        assert len(server.requests) == 3

    def test_a_web_page(self) -> None:
        message, _ = failure(Response(body=b"<html>Welcome</html>", media="text/html; charset=utf-8"))
        assert "web page" in message
        assert "ends in /v1" in message

    @pytest.mark.parametrize(
        "body",
        [
            b"data: {not json\n\n",
            b"data: " + b"[" * 100_000 + b"\n\n",
            b"data: " + b"9" * 1_000_000 + b"\n\n",
            b"data: \xff\xfe\n\n",
            '{"choices": []}'.encode("utf-16"),
            b'data: {"choices": [{"delta": {"content": ["a"]}}]}\n\n',
            b'data: {"choices": [{"delta": {"content": "\\ud800"}, "finish_reason": "stop"}]}\n\n',
            b"nothing of the kind\n",
            b"",
        ],
        ids=range(9),
    )
    def test_what_is_no_answer(self, body: bytes) -> None:
        assert failure(Response(body=body, media="text/event-stream"))[0]

    def test_a_redirect_is_not_followed(self) -> None:
        with ScriptedServer([TEXT]) as other:
            message, _ = failure(
                Response(status=307, body=b"", headers=(("Location", f"{other.url}/chat/completions"),))
            )
        assert not other.requests
        assert f"redirects to {other.url}" in message

    @pytest.mark.parametrize("packed", [gzip.compress, zlib.compress], ids=["gzip", "deflate"])
    def test_a_body_that_inflates(self, packed: Any) -> None:
        bomb = packed(b"data: {}\n\n" + b"\0" * (MAX_BYTES + 1))
        assert len(bomb) < 200_000
        encoding = "gzip" if packed is gzip.compress else "deflate"
        message, _ = failure(Response(body=bomb, media="text/event-stream", headers=(("Content-Encoding", encoding),)))
        assert "more than 64 MiB" in message

    def test_an_honest_compressed_body(self) -> None:
        told = {"choices": [{"message": {"content": TEXT}, "finish_reason": "stop"}]}
        answer = Response(body=gzip.compress(json.dumps(told).encode()), headers=(("Content-Encoding", "gzip"),))
        assert ask(answer)[0].text == TEXT

    def test_a_text_without_end(self) -> None:
        piece = json.dumps({"choices": [{"delta": {"content": "x" * 100_000}}]})
        assert "longer than 2,000,000" in failure(Response(events=(piece,) * 25))[0]

    def test_headers_without_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with faster_retries(monkeypatch):
            headers = tuple((f"X-{number}", "y" * 20) for number in range(20_000))
            assert failure(*[Response(TEXT, headers=headers)] * 3)[0]

    def test_an_error_body_without_end_is_read_to_its_bound(self) -> None:
        assert len(failure(Response(status=400, body=b"x" * 10_000_000, media="text/plain"))[0]) < 1_000


class TestTheDeadline:
    @pytest.mark.slow
    @pytest.mark.parametrize(
        "answer",
        [
            Response(TEXT * 100, drip=0.1, piece=1),
            Response(TEXT, wait=5),
            Response(body=b"data: " * 100, media="text/event-stream", drip=0.05),
            Response(status=400, body=b"no " * 100, drip=0.05),
        ],
        ids=["drip", "silence", "bytes", "error"],
    )
    def test_is_kept(self, answer: Response) -> None:
        begun = time.monotonic()
        message, _ = failure(answer, timeout=1)
        assert 0.9 < time.monotonic() - begun < 1.9
        assert "no complete reply within 1 seconds; JITC_TIMEOUT" in message

    @pytest.mark.slow
    def test_holds_for_all_tries_together(self) -> None:
        begun = time.monotonic()
        failure(*[Response(status=503, body=b"{}", wait=0.4)] * 9, timeout=1)
        assert time.monotonic() - begun < 1.9

    def test_an_error_in_the_display_ends_the_request(self) -> None:
        def fail(_: str) -> None:
            raise KeyboardInterrupt

        with ScriptedServer([Response(TEXT * 100, drip=0.1)]) as server, pytest.raises(KeyboardInterrupt):
            client_of(server).ask(Request(MESSAGES), fail)
        assert "jitc request" not in [thread.name for thread in threading.enumerate()]


class TestTheBudget:
    def test_of_requests(self) -> None:
        with ScriptedServer([TEXT] * 3) as server:
            client = client_of(server, max_calls=2)
            client.ask(Request(MESSAGES))
            client.ask(Request(MESSAGES))
            with pytest.raises(BudgetError, match=r"budget of this process is 2 requests .*; JITC_MAX_CALLS"):
                client.ask(Request(MESSAGES))
        assert len(server.requests) == 2

    def test_of_tokens(self) -> None:
        spent = Spent()
        with ScriptedServer([TEXT] * 3) as server:
            client = client_of(server, spent, max_tokens=10)
            client.ask(Request(MESSAGES))
            with pytest.raises(BudgetError, match="JITC_MAX_TOKENS"):
                client.ask(Request(MESSAGES))
        assert spent.tokens == 2 + len(TEXT) // 4

    def test_every_request_counts(self) -> None:
        spent = Spent()
        with ScriptedServer([error(400, "no seed here"), TEXT]) as server:
            client_of(server, spent).ask(Request(MESSAGES, seed=1))
        assert spent.calls == 2

    def test_nothing_is_sent_where_nothing_may_be_spent(self) -> None:
        with ScriptedServer([TEXT]) as server, pytest.raises(BudgetError):
            client_of(server, max_calls=0).ask(Request(MESSAGES))
        assert not server.requests


class TestAClientOfTheUser:
    def test_is_used(self) -> None:
        with ScriptedServer([error(503, "busy"), TEXT]) as server:
            own = openai.OpenAI(api_key=KEY, base_url=server.url, default_headers={"X-Mine": "yes"})
            reply = Client(settings(model="m"), Budget(5, None, Spent()), own).ask(Request(MESSAGES))
            own.close()
        assert reply.text == TEXT
        assert server.headers[1]["x-mine"] == "yes"

    @pytest.mark.slow
    def test_keeps_the_deadline(self) -> None:
        with ScriptedServer([Response(TEXT * 100, drip=0.1)]) as server:
            own = openai.OpenAI(api_key=KEY, base_url=server.url)
            with pytest.raises(EndpointError, match="within 1 seconds"):
                Client(settings(model="m", timeout=1), Budget(5, None, Spent()), own).ask(Request(MESSAGES))
            own.close()

    def test_may_be_anything_with_chat_completions(self) -> None:
        def create(**sent: Any) -> Any:
            assert sent["stream"]
            choice = SimpleNamespace(message=SimpleNamespace(content=TEXT, refusal=None), finish_reason="stop")
            return SimpleNamespace(choices=[choice], model="fake", usage=None)

        own: Any = SimpleNamespace(chat=SimpleNamespace(completions=SimpleNamespace(create=create)))
        assert Client(settings(model="m"), Budget(5, None, Spent()), own).ask(Request(MESSAGES)).text == TEXT

    def test_may_be_asynchronous(self) -> None:
        with ScriptedServer([error(503, "busy"), TEXT, TEXT]) as server:
            own = openai.AsyncOpenAI(api_key=KEY, base_url=server.url, default_headers={"X-Mine": "yes"})
            client = Client(settings(model="m"), Budget(5, None, Spent()), own)
            pieces: list[str] = []
            assert client.ask(Request(MESSAGES), pieces.append).text == TEXT == "".join(pieces)
            assert asyncio.run(whole(own)) == TEXT  # no connection of another loop is in its way
        assert server.headers[1]["x-mine"] == "yes"

    def test_an_asynchronous_one_finds_the_only_model(self) -> None:
        with ScriptedServer([TEXT], models=["coder"]) as server:
            own = openai.AsyncOpenAI(api_key=KEY, base_url=server.url)
            assert Client(settings(), Budget(5, None, Spent()), own).ask(Request(MESSAGES)).model == "coder"

    @pytest.mark.slow
    def test_an_asynchronous_one_keeps_the_deadline(self) -> None:
        with ScriptedServer([Response(TEXT * 100, drip=0.1)]) as server:
            own = openai.AsyncOpenAI(api_key=KEY, base_url=server.url)
            with pytest.raises(EndpointError, match="within 1 seconds"):
                Client(settings(model="m", timeout=1), Budget(5, None, Spent()), own).ask(Request(MESSAGES))

    def test_is_remembered_with_what_it_refuses(self) -> None:
        with ScriptedServer([error(400, "no seed here"), TEXT, TEXT]) as server:
            own = openai.OpenAI(api_key=KEY, base_url=server.url)
            for _ in range(2):
                shared_client(settings(model="m"), own).ask(Request(MESSAGES, seed=1))
            own.close()
        assert ["seed" in sent for sent in server.requests] == [True, False, False]


async def whole(client: openai.AsyncOpenAI) -> str:
    events = await client.chat.completions.create(model="m", messages=[{"role": "user", "content": "?"}], stream=True)
    text = "".join([event.choices[0].delta.content or "" async for event in events if event.choices])
    await client.close()
    return text
