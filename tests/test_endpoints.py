"""What is odd about each kind of endpoint, played by a scripted server from its documentation or its own errors."""

# mypy: disable-error-code="empty-body"
from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import openai
import pytest

from conftest import Project
from jitc_import import llm_mock
from jitc_import.errors import EndpointError
from jitc_import.model.budget import Budget, Spent
from jitc_import.model.client import Client, Reply, Request
from jitc_import.model.endpoint import choose_endpoint
from jitc_import.model.prompts import Message
from jitc_import.settings import Settings
from server import Response, ScriptedServer, error

if TYPE_CHECKING:
    from server import Body

KEY = "sk-secret-0123456789"
MESSAGES: tuple[Message, ...] = ({"role": "system", "content": "Be brief."}, {"role": "user", "content": "Write f."})
TEXT = "```python\ndef f(x):\n    return 2 * x\n```\n"
SCHEMA = {"type": "json_schema", "json_schema": {"name": "answer", "schema": {"type": "object"}}}
EVERYTHING = Request(MESSAGES, temperature=0.2, seed=7, max_tokens=30_000, response_format=SCHEMA)


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer([]) as running:
        yield running


def client_of(server: ScriptedServer, **values: Any) -> Client:
    chosen = Settings(**{"model": "m", "base_url": server.url, "timeout": 10.0, **values})
    return Client(chosen, Budget(50, None, Spent()))


def ask(server: ScriptedServer, request: Request = EVERYTHING, **values: Any) -> Reply:
    return client_of(server, **values).ask(request)


def failure(server: ScriptedServer, request: Request = EVERYTHING, **values: Any) -> str:
    with pytest.raises(EndpointError) as caught:
        ask(server, request, **values)
    assert KEY not in str(caught.value)
    return str(caught.value)


def answer(status: int, told: object) -> Response:
    return Response(status=status, body=json.dumps(told).encode())


def refusing(name: str, refusal: Response) -> Callable[[Body], str | Response]:
    """A script that refuses a parameter, and else answers."""
    return lambda request: refusal if name in request else TEXT


def chunk(finish: str | None = None, **delta: object) -> str:
    return json.dumps({"model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


def left_out(server: ScriptedServer) -> set[str]:
    """What the last request was without, of what the first one had."""
    return server.requests[0].keys() - server.requests[-1].keys()


# --- OpenAI


def test_openai_reasoning_models_refuse_temperature(server: ScriptedServer, capsys: pytest.CaptureFixture[str]) -> None:
    told = "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) is supported."
    server.script = refusing("temperature", error(400, told, code="unsupported_value", param="temperature"))
    client = client_of(server)
    for _ in range(2):
        assert client.ask(EVERYTHING).text == TEXT
    assert left_out(server) == {"temperature"}
    assert len(server.requests) == 3
    assert capsys.readouterr().err.count("m takes no temperature; requests go without") == 1


def test_openai_newer_models_name_the_limit_anew(server: ScriptedServer) -> None:
    told = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    server.script = refusing("max_tokens", error(400, told, code="unsupported_parameter", param="max_tokens"))
    ask(server)
    assert [request.get("max_completion_tokens") for request in server.requests] == [None, 30_000]


def test_openai_models_bound_the_limit(server: ScriptedServer) -> None:
    told = "max_tokens is too large: 30000. This model supports at most 16384 completion tokens."
    refusal = error(400, told, code="invalid_value", param="max_tokens")
    server.script = lambda request: refusal if request.get("max_tokens", 0) > 16_384 else TEXT
    client = client_of(server)
    for limit in (30_000, 30_000, 4_096):
        client.ask(Request(MESSAGES, max_tokens=limit))
    assert [request.get("max_tokens") for request in server.requests] == [30_000, None, None, 4_096]


@pytest.mark.parametrize(
    "told",
    [
        "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
        "Invalid schema for response_format 'answer': 'additionalProperties' must be supplied and be false.",
    ],
)
def test_openai_models_may_take_no_schema(server: ScriptedServer, told: str) -> None:
    server.script = refusing("response_format", error(400, told))
    assert ask(server).text == TEXT
    assert left_out(server) == {"response_format"}


def test_openai_lets_only_verified_organisations_stream(server: ScriptedServer) -> None:
    told = "Your organization must be verified to stream this model."
    refusal = error(400, told, code="unsupported_value", param="stream")
    server.script = lambda request: refusal if request.get("stream") else TEXT
    assert ask(server).text == TEXT
    assert left_out(server) == {"stream", "stream_options"}


def used_up(**usage: object) -> Response:
    """A reply whose limit was reached before the answer began."""
    counted = {"prompt_tokens": 9, "completion_tokens": 30_000, **usage}
    return Response(events=(chunk("length"), json.dumps({"choices": [], "usage": counted}), "[DONE]"))


def test_openai_hidden_reasoning_that_uses_up_the_limit(server: ScriptedServer) -> None:
    server.script = [used_up(completion_tokens_details={"reasoning_tokens": 30_000}), TEXT]
    assert ask(server).text == TEXT
    assert left_out(server) == {"max_tokens"}


def test_a_reply_of_nothing_at_its_limit_is_an_error_at_once(server: ScriptedServer) -> None:
    server.script = [used_up()]
    assert "tokens were used up before the answer began; set JITC_CONTEXT higher" in failure(server)


def test_openai_asks_to_wait_in_milliseconds(server: ScriptedServer) -> None:
    server.script = [error(429, "Rate limit reached", headers=[("retry-after-ms", "30")]), TEXT]
    assert ask(server).seconds < 5
    assert len(server.requests) == 2


def test_openai_account_without_credit_is_not_asked_again(server: ScriptedServer) -> None:
    server.script = [error(429, "You exceeded your current quota", code="insufficient_quota")]
    failure(server)
    assert len(server.requests) == 1


# --- Azure OpenAI


@pytest.fixture
def azure(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> ScriptedServer:
    monkeypatch.delenv("OPENAI_API_KEY")
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", server.url.removesuffix("/v1"))
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_API_VERSION", "2024-10-21")
    server.script = [TEXT] * 3
    return server


def test_azure_from_the_environment(azure: ScriptedServer) -> None:
    assert ask(azure, Request(MESSAGES, max_tokens=9), model="my-deployment", base_url=None).text == TEXT
    (path,) = azure.paths
    assert path == "/openai/deployments/my-deployment/chat/completions?api-version=2024-10-21"
    assert azure.headers[0]["api-key"] == KEY
    assert "authorization" not in azure.headers[0]
    assert "temperature" not in azure.requests[0]
    assert azure.requests[0]["max_completion_tokens"] == 9


def test_azure_by_a_token_of_entra(azure: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_AD_TOKEN", "entra-token-0123")
    ask(azure, base_url=None)
    assert azure.headers[0]["authorization"] == "Bearer entra-token-0123"


def test_azure_yields_to_an_endpoint_or_key_of_openai(azure: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(azure)
    assert azure.paths == ["/v1/chat/completions"]
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert choose_endpoint(Settings()).official


@pytest.mark.parametrize(
    ("lacking", "told"),
    [
        ("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_API_KEY is not; set it, too"),
        ("OPENAI_API_VERSION", "OPENAI_API_VERSION is not set"),
    ],
)
def test_azure_needs(azure: ScriptedServer, monkeypatch: pytest.MonkeyPatch, lacking: str, told: str) -> None:
    monkeypatch.delenv(lacking)
    assert told in failure(azure, base_url=None)
    assert not azure.requests


def test_azure_needs_the_name_of_a_deployment(azure: ScriptedServer) -> None:
    client = client_of(azure, base_url=None, model=None)
    assert client.model_name(None) == ""
    with pytest.raises(EndpointError, match="which deployment\\? set JITC_MODEL"):
        client.ask(EVERYTHING)
    assert not azure.paths


def test_azure_needs_https_elsewhere_than_here(azure: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "http://res.example")
    assert "AZURE_OPENAI_ENDPOINT names res.example without https" in failure(azure, base_url=None)


def test_azure_as_a_client_of_the_user(azure: ScriptedServer) -> None:
    own = openai.AzureOpenAI(azure_endpoint=azure.url, api_key=KEY, api_version="2024-10-21")
    Client(Settings(model="mine"), Budget(5, None, Spent()), own).ask(Request(MESSAGES, max_tokens=9))
    own.close()
    asynchronous = openai.AsyncAzureOpenAI(azure_endpoint=azure.url, api_key=KEY, api_version="2024-10-21")
    Client(Settings(model="mine"), Budget(5, None, Spent()), asynchronous).ask(Request(MESSAGES, max_tokens=9))
    assert ["/deployments/mine/" in path for path in azure.paths] == [True, True]
    assert [request["max_completion_tokens"] for request in azure.requests] == [9, 9]


def test_azure_sends_what_its_filter_says_first(azure: ScriptedServer) -> None:
    filtered = json.dumps({"choices": [], "prompt_filter_results": [{"prompt_index": 0}], "model": ""})
    azure.script = [Response(events=(filtered, chunk(content=TEXT), chunk("stop"), "[DONE]"))]
    assert ask(azure, base_url=None).text == TEXT


def test_azure_older_versions_know_fewer_parameters(azure: ScriptedServer) -> None:
    def script(request: Body) -> str | Response:
        for name in ("stream_options", "max_completion_tokens"):
            if name in request:
                return error(400, f"Unrecognized request argument supplied: {name}")
        return TEXT

    azure.script = script
    ask(azure, base_url=None)
    assert azure.requests[-1]["max_tokens"] == 30_000
    assert "stream_options" not in azure.requests[-1]


@pytest.mark.slow
def test_a_decorator_takes_an_asynchronous_client(project: Project, server: ScriptedServer) -> None:
    server.script = [TEXT.replace("x)", "x: int) -> int")]
    project.write(
        "shapes.py",
        f"""
        import openai
        from jitc_import import llm_complete

        @llm_complete(client=openai.AsyncOpenAI(base_url={server.url!r}, api_key="own"), model="mine")
        def f(x: int) -> int:
            \"\"\"Twice x.\"\"\"

        print(f(4))
        """,
    )
    ran = project.run("shapes.py")
    assert ran.stdout == "8\n", ran.stderr
    assert server.headers[0]["authorization"] == "Bearer own"


# --- Ollama, llama.cpp, vLLM, LM Studio


def test_ollama_needs_no_key_and_tells_its_models(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    server.models, server.script = ("qwen3:8b",), [TEXT]
    assert ask(server, model=None).model == "qwen3:8b"


@pytest.mark.parametrize("name", ["reasoning", "reasoning_content"])
def test_reasoning_beside_the_answer_is_no_code(server: ScriptedServer, name: str) -> None:
    thinking = [chunk(**{name: "def wrong(): ..."}), chunk(content=None, **{name: "hm"})]
    server.script = [Response(events=(*thinking, chunk(content=TEXT), chunk("stop"), "[DONE]"))]
    pieces: list[str] = []
    reply = client_of(server).ask(EVERYTHING, pieces.append)
    assert reply.text == TEXT
    assert pieces == ["", "", TEXT]
    assert reply.tokens_out > 6 + len(TEXT) // 8  # thoughts cost, too


@pytest.mark.parametrize("tag", ["think", "thinking", "thought", "reasoning"])
@pytest.mark.parametrize("piece", [1, 3, 1000])
def test_reasoning_before_the_answer_is_no_code(server: ScriptedServer, tag: str, piece: int) -> None:
    thought = f"\n<{tag}>\ndef wrong(): <b></b>\n</{tag}>\n"
    server.script = [Response(thought + TEXT, piece=piece)]
    pieces: list[str] = []
    assert client_of(server).ask(EVERYTHING, pieces.append).text.strip() == TEXT.strip()
    assert "".join(pieces).strip() == TEXT.strip()


@pytest.mark.parametrize("text", ["<b>", "  <thin", "[", "<", "[1, 2]", "\n\ndef f(): ..."])
def test_what_only_looks_like_reasoning_is_told(server: ScriptedServer, text: str) -> None:
    server.script = [Response(text, piece=1)]
    pieces: list[str] = []
    assert client_of(server).ask(EVERYTHING, pieces.append).text == text == "".join(pieces)


def test_reasoning_that_uses_up_the_limit_is_asked_again_without(server: ScriptedServer) -> None:
    server.script = [Response("<think>hm", finish="length"), TEXT, TEXT]
    client = client_of(server)
    for _ in range(2):
        assert client.ask(Request(MESSAGES, max_tokens=100)).text == TEXT
    assert ["max_tokens" in request for request in server.requests] == [True, False, False]


def test_reasoning_is_no_item_of_a_mock(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    server.script = [Response('<think>{"items": [7, 8]}</think>{"items": [1, 2]}', piece=4)]

    @llm_mock(model="m")
    def numbers() -> Iterator[int]:
        """Numbers."""

    assert list(numbers()) == [1, 2]


def test_llama_cpp_cannot_hold_a_reply_to_every_schema(server: ScriptedServer) -> None:
    told = {"error": {"code": 400, "message": "Failed to initialize samplers: failed to parse grammar", "type": "x"}}
    server.script = refusing("response_format", answer(400, told))
    assert ask(server).text == TEXT
    assert left_out(server) == {"response_format"}


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (
            500,
            {"error": {"code": 500, "message": "Jinja Exception: System role not supported", "type": "server_error"}},
        ),
        (400, {"error": "Error rendering prompt with jinja template: Only user and assistant roles are supported!"}),
        (400, [{"error": {"code": 400, "message": "Developer instruction is not enabled for models/gemma-3-1b-it"}}]),
    ],
    ids=["llama.cpp", "LM Studio", "Google"],
)
def test_models_without_a_system_message(server: ScriptedServer, status: int, told: object) -> None:
    def script(request: Body) -> str | Response:
        return answer(status, told) if request["messages"][0]["role"] == "system" else TEXT

    server.script = script
    assert ask(server).text == TEXT
    assert server.requests[-1]["messages"] == [{"role": "user", "content": "Be brief.\n\nWrite f."}]


def test_vllm_forbids_extra_parameters(server: ScriptedServer) -> None:
    told = "[{'type': 'extra_forbidden', 'loc': ('body', 'seed'), 'msg': 'Extra inputs are not permitted', 'input': 7}]"
    server.script = refusing(
        "seed", answer(400, {"object": "error", "message": told, "type": "BadRequestError", "param": None, "code": 400})
    )
    ask(server)
    assert left_out(server) == {"seed"}


def test_vllm_takes_no_limit_beyond_its_context(server: ScriptedServer) -> None:
    told = (
        "'max_tokens' or 'max_completion_tokens' is too large: 30000. This model's maximum context length is 4096"
        " tokens and your request has 20 input tokens (30000 > 4096 - 20). (parameter=max_tokens, value=30000)"
    )
    server.script = refusing("max_tokens", answer(400, {"error": {"message": told, "type": "BadRequestError"}}))
    ask(server)
    assert left_out(server) == {"max_tokens"}
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "told",
    [
        "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 20 `inputs` tokens and 30000 `max_new_tokens`",
        "it has a maxOutputTokens value of 30000 but the supported range is from 1 (inclusive) to 8193 (exclusive)",
        "However, you requested 30020 tokens (20 in the messages, 30000 in the completion). Please reduce the length",
    ],
    ids=["TGI", "Vertex", "llama-cpp-python"],
)
def test_limits_that_are_too_large_go_by_other_names(server: ScriptedServer, told: str) -> None:
    server.script = refusing("max_tokens", error(400, told))
    client = client_of(server)
    client.ask(EVERYTHING)
    assert left_out(server) == {"max_tokens"}
    assert len(server.requests) == 2


def test_llama_cpp_python_calls_it_an_error_of_its_own(server: ScriptedServer) -> None:
    told = (
        "1 validation error:\n  {'type': 'literal_error', 'loc': ('body', 'response_format', 'type'), "
        "'msg': \"Input should be 'text' or 'json_object'\", 'input': 'json_schema'}\n\n  File \"app.py\""
    )
    refusal = answer(500, {"error": {"message": told, "type": "internal_server_error", "param": None, "code": None}})
    server.script = refusing("response_format", refusal)
    ask(server)
    assert left_out(server) == {"response_format"}


def test_llama_cpp_python_takes_a_schema_as_an_object(
    server: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    told = "{'loc': ('body', 'response_format', 'type'), 'msg': \"Input should be 'text' or 'json_object'\"}"
    refusal = answer(500, {"error": {"message": told, "type": "internal_server_error"}})
    server.script = lambda request: refusal if request["response_format"]["type"] == "json_schema" else TEXT
    client = client_of(server)
    for _ in range(2):
        assert client.ask(EVERYTHING).text == TEXT
    formats = [request["response_format"] for request in server.requests]
    as_object = {"type": "json_object", "schema": {"type": "object"}}
    assert formats == [SCHEMA, as_object, as_object]
    assert "schema" not in capsys.readouterr().err


def test_groq_takes_an_object_without_a_schema(server: ScriptedServer) -> None:
    told = "'response_format' : property 'schema' is unsupported"
    server.script = lambda request: TEXT if request["response_format"] == {"type": "json_object"} else error(400, told)
    assert ask(server).text == TEXT
    assert len(server.requests) == 3


def test_lm_studio_errors_are_plain_strings(server: ScriptedServer) -> None:
    server.script = refusing("response_format", answer(400, {"error": "'response_format.type' must be 'text'"}))
    ask(server)
    server.script = lambda _: answer(404, {"error": "No models loaded. Please load a model first."})
    assert "does not know the model m (404: No models loaded." in failure(server)


# --- OpenRouter


def test_openrouter_sends_comments_while_it_waits(server: ScriptedServer) -> None:
    events = f": OPENROUTER PROCESSING\n\ndata: {chunk('stop', content=TEXT)}\n\ndata: [DONE]\n\n"
    server.script = [Response(body=events.encode(), media="text/event-stream")]
    assert ask(server).text == TEXT


def test_openrouter_providers_fail_in_the_middle(server: ScriptedServer) -> None:
    told = {
        "error": {"code": "server_error", "message": "Provider disconnected"},
        "choices": [{"finish_reason": "error"}],
    }
    server.script = [Response(events=(chunk(content="```py"), json.dumps(told), "[DONE]"))]
    assert "it reported an error: Provider disconnected" in failure(server)
    server.requests.clear()
    server.script = [Response(events=(chunk("error", content="```py"), "[DONE]"))]
    assert "it broke the reply off (error)" in failure(server)


def test_openrouter_account_without_credit(server: ScriptedServer) -> None:
    server.script = [answer(402, {"error": {"code": 402, "message": "Insufficient credits"}})]
    assert "nothing left to pay with (402: Insufficient credits)" in failure(server)


# --- Anthropic, Google, Mistral


def test_anthropic_bounds_the_limit(server: ScriptedServer) -> None:
    told = "max_tokens: 30000 > 8192, which is the maximum allowed number of output tokens for m"
    refusal = answer(400, {"error": {"message": told, "type": "invalid_request_error", "param": None, "code": None}})
    server.script = refusing("max_tokens", refusal)
    ask(server)
    assert left_out(server) == {"max_tokens"}
    assert len(server.requests) == 2


def test_anthropic_newer_models_choose_the_temperature(server: ScriptedServer) -> None:
    told = {"error": {"message": "`temperature` is deprecated for this model.", "type": "invalid_request_error"}}
    server.script = refusing("temperature", answer(400, told))
    ask(server)
    assert left_out(server) == {"temperature"}


def test_anthropic_may_be_overloaded(server: ScriptedServer) -> None:
    overloaded = answer(529, {"error": {"message": "Overloaded", "type": "overloaded_error"}})
    server.script = [overloaded, TEXT]
    assert ask(server).text == TEXT


def test_google_names_all_unknown_parameters_in_a_list(server: ScriptedServer) -> None:
    def script(request: Body) -> str | Response:
        unknown = [name for name in ("seed", "stream_options") if name in request]
        lines = [f'Invalid JSON payload received. Unknown name "{name}": Cannot find field.' for name in unknown]
        told = {"code": 400, "message": "\n".join(lines), "status": "INVALID_ARGUMENT"}
        return answer(400, [{"error": told}]) if unknown else TEXT

    server.script = script
    assert ask(server).text == TEXT
    assert left_out(server) == {"seed", "stream_options"}


def test_google_knows_only_a_part_of_json_schema(server: ScriptedServer) -> None:
    told = "Invalid JSON payload. Unknown name \"const\" at 'generation_config.response_schema': Cannot find field."
    server.script = refusing("response_format", answer(400, [{"error": {"code": 400, "message": told}}]))
    ask(server)
    assert left_out(server) == {"response_format"}


def test_google_says_in_the_error_how_long_to_wait(server: ScriptedServer) -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.5s"}]
    told = [{"error": {"code": 429, "message": "Quota exceeded", "status": "RESOURCE_EXHAUSTED", "details": details}}]
    server.script = [answer(429, told)]
    assert "it asks to wait 35 s" in failure(server)


def test_mistral_takes_no_seed(server: ScriptedServer) -> None:
    told = [{"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Extra inputs are not permitted", "input": 7}]
    refusal = answer(
        422, {"object": "error", "message": {"detail": told}, "type": "invalid_request_error", "code": None}
    )
    server.script = refusing("seed", refusal)
    ask(server)
    assert left_out(server) == {"seed"}


def test_what_an_error_repeats_of_the_request_is_not_what_it_is_about(server: ScriptedServer) -> None:
    told = [
        {
            "type": "value_error",
            "loc": ["body", "seed"],
            "msg": "no",
            "input": {"response_format": 1, "param": "stream"},
        }
    ]
    server.script = refusing("seed", answer(422, {"detail": told}))
    ask(server)
    assert left_out(server) == {"seed"}


def test_mistral_reasoning_models_answer_in_parts(server: ScriptedServer) -> None:
    thinking = [{"type": "thinking", "thinking": [{"type": "text", "text": "def wrong(): ..."}]}]
    parts = (chunk(content=thinking), chunk(content=[{"type": "text", "text": TEXT}]), chunk("stop", content=""))
    server.script = [Response(events=(*parts, "[DONE]"))]
    pieces: list[str] = []
    assert client_of(server).ask(EVERYTHING, pieces.append).text == TEXT
    assert pieces == ["", TEXT]


@pytest.mark.parametrize("finish", ["model_length", "MAX_TOKENS", "max_tokens", "length"])
def test_a_reply_that_was_cut_goes_by_several_names(server: ScriptedServer, finish: str) -> None:
    server.script = [Response(TEXT, finish=finish)]
    assert ask(server).cut


# --- several endpoints, and clients of the user


def test_what_one_endpoint_refuses_another_is_still_asked_for(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script = refusing("temperature", error(400, "no temperature here", param="temperature"))
    with ScriptedServer(lambda _: TEXT) as other:
        monkeypatch.setenv("JITC_ENDPOINT_A", server.url)
        monkeypatch.setenv("JITC_ENDPOINT_B", other.url)
        client = client_of(server)
        for model in ("m @ a", "m @ a", "m @ b"):
            client.ask(replace(EVERYTHING, model=model))
        assert ["temperature" in request for request in server.requests] == [True, False, False]
        assert ["temperature" in request for request in other.requests] == [True]


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("m @", "'m @' names no endpoint; write MODEL @ ENDPOINT"),
        ("m @ ", "'m @' names no endpoint"),
        ("@ far", "'@ far' names no model"),
        ("@", "names no endpoint"),
    ],
)
def test_half_a_name_is_an_error(server: ScriptedServer, model: str, told: str) -> None:
    assert told in failure(server, replace(EVERYTHING, model=model))
    assert told in failure(server, model=model)
    assert server.requests == []


def test_a_model_s_name_may_begin_with_what_parts_it_from_an_endpoint(server: ScriptedServer) -> None:
    server.script = [TEXT]
    ask(server, model="@vendor/model")
    assert server.requests[0]["model"] == "@vendor/model"


def test_a_client_of_the_user_is_no_other_endpoint(server: ScriptedServer) -> None:
    own = openai.OpenAI(base_url=server.url, api_key=KEY)
    client = Client(Settings(), Budget(5, None, Spent()), own)
    with pytest.raises(EndpointError, match=r"'far @ other' is a model at another endpoint.*give model="):
        client.ask(replace(EVERYTHING, model="far @ other"))
    assert server.requests == []


def test_a_client_of_the_user_with_several_models_is_told_which_by_the_decorator(server: ScriptedServer) -> None:
    server.models = ("one", "two")
    own = openai.OpenAI(base_url=server.url, api_key=KEY)
    with pytest.raises(EndpointError, match=r"which model\? It has one, two; give model= beside client=$"):
        Client(Settings(), Budget(5, None, Spent()), own).ask(EVERYTHING)
