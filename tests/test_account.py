"""What `complete` says at its end: requests, tokens, and the price where one is known."""

from __future__ import annotations

import json

import pytest

from conftest import Project
from jitc_import.errors import BudgetError, EndpointError, SettingsError
from jitc_import.model.account import Account
from jitc_import.model.budget import Budget, Spent
from jitc_import.model.client import Client, Request
from jitc_import.model.prices import price_of
from jitc_import.settings import Settings, load_settings
from server import Response, ScriptedServer, error, script_from, usage_of

SOURCE = """
    # jitc: enable
    def double(x: int) -> int:  # jitc: complete
        \"\"\"Twice x.\"\"\"
"""
WHOLE = "def double(x: int) -> int:\n    return 2 * x\n"


def last_line(project: Project, server: ScriptedServer, model: str = "m") -> str:
    env = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "x", "JITC_MODEL": model}
    return project.run("-m", "jitc_import", "complete", ".", env=env).stderr.rstrip("\n").rpartition("\n")[2]


@pytest.mark.slow
def test_complete_ends_with_what_it_took(project: Project, server: ScriptedServer) -> None:
    project.write("pyproject.toml", '[tool.jitc.prices]\n"m" = [2.0, 1000]\n')
    project.write("shapes.py", SOURCE)
    write = script_from(WHOLE)
    server.script = lambda request: write(request) if len(server.requests) > 1 else error(503, "busy")
    line = last_line(project, server)
    used = usage_of(server.requests[1], write(server.requests[1]))
    read, written = used["prompt_tokens"], used["completion_tokens"]
    dollars = f"{(2 * read + 1000 * written) / 1e6:.4f}"
    assert line == f"jitc: 2 requests, {read:,} tokens read and {written:,} written; ${dollars}"
    assert not last_line(project, server)  # nothing was asked


def test_an_unknown_price_is_said_to_be_unknown(project: Project, server: ScriptedServer) -> None:
    project.write("shapes.py", SOURCE)
    text = script_from(WHOLE)
    server.script = lambda request: Response(text(request), usage=False)
    line = last_line(project, server, "gpt-5.4-mini")  # a model of that name on this machine is not OpenAI's
    assert line.startswith("jitc: 1 request, about ")
    assert line.endswith("; no price is known for gpt-5.4-mini")


def test_failures_are_told_before_what_they_cost(project: Project, server: ScriptedServer) -> None:
    project.write("shapes.py", SOURCE)
    server.script = lambda _: error(400, "no")
    assert last_line(project, server).startswith("jitc: 1 request, 0 tokens read and 0 written")


class LeaveError(Exception):
    """Whoever listens to a reply wants no more of it."""


def left(server: ScriptedServer, spent: Spent, leave: BaseException) -> None:
    """A reply that is left at its first piece; what comes of a reply is counted whole."""

    def hear(_: str) -> None:
        raise leave

    settings = Settings(model="m", base_url=server.url, max_tokens=500)
    with pytest.raises(type(leave)):
        Client(settings, Budget(5, 500, spent)).ask(Request(({"role": "user", "content": "x"},)), hear)


@pytest.mark.parametrize("leave", [LeaveError(), KeyboardInterrupt()])
def test_a_reply_that_is_left_while_it_comes_has_cost_something(server: ScriptedServer, leave: BaseException) -> None:
    server.script = lambda _: Response("word " * 2000, piece=4000, usage=False)
    spent = Spent()
    left(server, spent, leave)
    assert spent.tokens > 500
    assert spent.account.summary({}).startswith(f"1 request, about 1 tokens read and {spent.tokens - 1:,} written")
    with pytest.raises(BudgetError, match="JITC_MAX_TOKENS"):
        left(server, spent, leave)
    assert len(server.requests) == 1


def test_a_request_that_is_not_answered_in_time_was_read(server: ScriptedServer) -> None:
    server.script = lambda _: Response("late", wait=0.5)
    spent = Spent()
    client = Client(Settings(model="m", base_url=server.url, timeout=0.1), Budget(5, None, spent))
    with pytest.raises(EndpointError):
        client.ask(Request(({"role": "user", "content": "one two three four"},)))
    assert spent.account.summary({}).startswith(f"1 request, about {spent.tokens} tokens read and 0 written")
    assert spent.tokens > 0


def test_the_account_in_words() -> None:
    account = Account()
    assert account.summary({}) == ""
    account.count_request("api.openai.com", "gpt-5.4-mini-2026-03-17")
    account.count_tokens("api.openai.com", "gpt-5.4-mini-2026-03-17", 1_000_000, 2_000, exact=True)
    assert account.summary({}).startswith(
        "1 request, 1,000,000 tokens read and 2,000 written; $0.7590 at the list prices"
    )
    account.count_request("other.example", "big")
    assert account.summary({}).endswith(", and no price is known for big")
    assert account.summary({"big": (1, 1), "gpt-5.4-mini": (0, 0)}).endswith("written; $0.0000")


def test_the_embedded_model_is_free_of_charge() -> None:
    account = Account()
    account.count_request("127.0.0.1", "local")
    assert account.summary({}).endswith("; free of charge")


@pytest.mark.parametrize(
    ("host", "model", "price"),
    [
        ("api.anthropic.com", "claude-haiku-4-5-20251001", (1.0, 5.0)),
        ("api.anthropic.com", "claude-haiku-4-5-latest", (1.0, 5.0)),
        ("api.openai.com", "gpt-5.4-mini-turbo", None),
        ("openrouter.ai", "gpt-5.4-mini", None),
    ],
)
def test_prices_go_by_host_and_model(host: str, model: str, price: tuple[float, float] | None) -> None:
    assert price_of(host, model, {}) == price
    assert price_of(host, model, {model: (7, 8)}) == (7, 8)


def test_an_own_price_is_for_the_model_of_every_vendor_unless_one_is_named() -> None:
    own = {"qwen3-coder": (1.0, 2.0), "vendor/other": (3.0, 4.0), "other": (5.0, 6.0), "free": (0.0, 0.0)}
    models = ("qwen/qwen3-coder", "vendor/other", "elsewhere/other", "a/free", "qwen3-coder/else")
    assert [price_of("router.example", model, own) for model in models] == [(1, 2), (3, 4), (5, 6), (0, 0), None]


def test_of_a_long_table_of_prices_the_wrong_one_is_shown(project: Project) -> None:
    right = "".join(f'"a-model-with-a-long-name-{number}" = [1, 2]\n' for number in range(9))
    path = project.write("pyproject.toml", f'[tool.jitc.prices]\n{right}"wrong" = [1]\n')
    with pytest.raises(SettingsError, match=r"is \{'wrong': \[1\]\}; allowed"):
        load_settings(str(path))


def test_a_price_has_a_model(project: Project) -> None:
    path = project.write("pyproject.toml", '[tool.jitc.prices]\n" " = [1, 2]\n')
    with pytest.raises(SettingsError, match=r"is \{' ': \[1, 2\]\}; allowed"):
        load_settings(str(path))


@pytest.mark.parametrize("price", [3, "1", [1], [1, 2, 3], [1, "2"], [-1, 2], [True, 1], [float("inf"), 1], [1e308, 1]])
def test_a_price_that_is_none(project: Project, price: object) -> None:
    shown = json.dumps(price).replace("Infinity", "inf")
    path = project.write("pyproject.toml", f'[tool.jitc.prices]\n"m" = {shown}\n')
    with pytest.raises(SettingsError, match=r"prices.*allowed: a table of"):
        load_settings(str(path))


def test_prices_are_for_a_table(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JITC_PRICES", "cheap")
    with pytest.raises(SettingsError, match="JITC_PRICES is 'cheap'; allowed: a table"):
        load_settings(str(project.root))
