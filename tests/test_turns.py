"""Several models in order: each is asked for what those before it failed, and only for that."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from conftest import Project
from server import Response, ScriptedServer, asked_keys, error

TWO = '''
# jitc: enable
def double(x: int) -> int:  # jitc: complete
    """Twice x.

    >>> double(4)
    8
    """


def half(x: int) -> int:  # jitc: complete
    """Half of x, rounded down.

    >>> half(7)
    3
    """
'''
DOUBLE = "def double(x):\n    return 2 * x\n"
HALF = "def half(x):\n    return x // 2\n"
WRONG_HALF = "def half(x):\n    return x / 2\n"


def fenced(*definitions: str) -> str:
    return "```python\n" + "\n\n".join(definitions) + "```"


@pytest.fixture
def dear() -> Iterator[ScriptedServer]:
    """The endpoint of a dearer model."""
    with ScriptedServer([]) as running:
        yield running


def settings(cheap: ScriptedServer, dear: ScriptedServer, **more: str) -> dict[str, str]:
    return {
        "OPENAI_BASE_URL": cheap.url,
        "JITC_ENDPOINT_WORK": dear.url,
        "JITC_KEY_WORK": "a-key-for-work",
        "JITC_MODELS": "small, large @ work",
        "JITC_REPAIRS": "0",
        **more,
    }


def stubs(project: Project, env: dict[str, str]) -> dict[str, Any]:
    told = project.run("-m", "jitc_import", "status", "--json", "m.py", env=env)
    return {stub["key"]: stub for stub in json.loads(told.stdout)[0]["stubs"]}


def test_a_second_model_is_asked_only_for_what_the_first_failed(
    project: Project, server: ScriptedServer, dear: ScriptedServer
) -> None:
    project.write("m.py", TWO)
    server.script, dear.script = [fenced(DOUBLE, WRONG_HALF)], [fenced(HALF)]
    env = settings(server, dear)
    done = project.run("-m", "jitc_import", "complete", "m.py", env=env)
    assert done.returncode == 0, done.stderr
    assert [request["model"] for request in (*server.requests, *dear.requests)] == ["small", "large"]
    assert asked_keys(dear.requests[0]) == ["half"]
    assert dear.headers[0]["authorization"] == "Bearer a-key-for-work"
    assert "a-key-for-work" not in str(server.headers)
    found = stubs(project, env)
    assert [found[key]["model"] for key in ("double", "half")] == ["small", "large"]
    assert (found["half"]["requests"], found["half"]["candidates"]) == (2, 2)


def test_a_second_model_is_not_asked_where_the_first_does_all(
    project: Project, server: ScriptedServer, dear: ScriptedServer
) -> None:
    project.write("m.py", TWO)
    server.script = [fenced(DOUBLE, HALF)]
    assert project.run("-m", "jitc_import", "complete", "m.py", env=settings(server, dear)).returncode == 0
    assert dear.requests == []


def test_an_endpoint_that_is_away_leaves_its_turn_to_the_next_and_that_is_said(
    project: Project, server: ScriptedServer, dear: ScriptedServer
) -> None:
    project.write("m.py", TWO)
    server.script, dear.script = [Response(status=401, body=b"{}")], [fenced(DOUBLE, HALF)]
    done = project.run("-m", "jitc_import", "complete", "m.py", env=settings(server, dear))
    assert done.returncode == 0, done.stderr
    assert "refuses the key" in done.stderr
    (told,) = [line for line in done.stderr.splitlines() if "next large @ work is asked" in line]
    assert told.startswith("jitc: m: 2 stubs")


@pytest.mark.parametrize("written", ["large @ work", "large @work", "large  @  work"])
def test_the_name_of_an_endpoint_is_read_with_or_without_a_space(
    project: Project, server: ScriptedServer, dear: ScriptedServer, written: str
) -> None:
    project.write("m.py", TWO)
    dear.script = [fenced(DOUBLE, HALF)]
    env = {**settings(server, dear, JITC_MODEL=written), "JITC_MODELS": ""}
    assert project.run("-m", "jitc_import", "complete", "m.py", env=env).returncode == 0
    assert (server.requests, dear.requests[0]["model"]) == ([], "large")


def test_what_no_model_solves_is_a_failure_once(project: Project, server: ScriptedServer, dear: ScriptedServer) -> None:
    project.write("m.py", TWO)
    server.script, dear.script = [fenced(DOUBLE, WRONG_HALF)], [fenced(WRONG_HALF)]
    env = settings(server, dear)
    done = project.run("-m", "jitc_import", "complete", "m.py", env=env)
    assert done.returncode == 1
    assert "half" in done.stderr
    assert {key: stub["state"] for key, stub in stubs(project, env).items()} == {"double": "fresh", "half": "failed"}
    again = project.run("-m", "jitc_import", "complete", "m.py", env=env)
    assert again.returncode == 1
    assert (len(server.requests), len(dear.requests)) == (1, 1)


def test_the_best_of_all_models_is_kept_unverified(
    project: Project, server: ScriptedServer, dear: ScriptedServer
) -> None:
    project.write("m.py", TWO)
    server.script, dear.script = [fenced(DOUBLE, WRONG_HALF)], ["I do not know."]
    env = settings(server, dear, JITC_ON_UNVERIFIED="keep")
    done = project.run("-m", "jitc_import", "complete", "m.py", env=env)
    assert done.returncode == 0, done.stderr
    assert stubs(project, env)["half"]["model"] == "small"
    assert "unverified" in stubs(project, env)["half"]["checked"]


def test_a_stub_whose_mark_names_a_model_has_that_alone(
    project: Project, server: ScriptedServer, dear: ScriptedServer
) -> None:
    project.write(
        "m.py",
        TWO.replace(
            "def half(x: int) -> int:  # jitc: complete", "def half(x: int) -> int:  # jitc: complete model=own"
        ),
    )
    server.script = lambda request: fenced(DOUBLE) if request["model"] == "small" else fenced(WRONG_HALF)
    done = project.run("-m", "jitc_import", "complete", "m.py", env=settings(server, dear))
    assert done.returncode == 1
    assert "completing 2 stubs (double, half) with small, own\n" in done.stderr
    assert [request["model"] for request in server.requests] == ["small", "own"]
    assert dear.requests == []


def test_the_command_line_sets_one_model_over_several_of_the_project(project: Project, server: ScriptedServer) -> None:
    project.write("m.py", TWO)
    project.write("pyproject.toml", '[tool.jitc]\nmodels = ["small", "large @ work"]\n')
    server.script = [fenced(DOUBLE, HALF)]
    env = {"OPENAI_BASE_URL": server.url}
    done = project.run("-m", "jitc_import", "complete", "--model", "mine", "m.py", env=env)
    assert done.returncode == 0, done.stderr
    assert server.requests[0]["model"] == "mine"


def test_the_environment_cannot_set_one_model_and_several(project: Project, server: ScriptedServer) -> None:
    project.write("m.py", TWO)
    server.script = [fenced(DOUBLE, HALF)]
    env = {"OPENAI_BASE_URL": server.url, "JITC_MODEL": "one", "JITC_MODELS": "small, large"}
    done = project.run("-m", "jitc_import", "complete", "m.py", env=env)
    assert done.returncode == 2
    assert "JITC_MODEL and JITC_MODELS are both set: one of them says which are asked" in done.stderr
    done = project.run("-m", "jitc_import", "complete", "--model", "mine", "m.py", env=env)
    assert [request["model"] for request in server.requests] == ["mine"], done.stderr


def test_a_project_cannot_set_one_model_and_several(project: Project) -> None:
    project.write("m.py", TWO)
    project.write("pyproject.toml", '[tool.jitc]\nmodel = "one"\nmodels = ["small", "large"]\n')
    done = project.run("-m", "jitc_import", "complete", "m.py")
    assert done.returncode == 2
    assert "`model` and `models`" in done.stderr


def test_an_unknown_endpoint_names_its_variables(project: Project, server: ScriptedServer) -> None:
    project.write("m.py", TWO)
    env = {"OPENAI_BASE_URL": server.url, "JITC_MODEL": "large @ my-work"}
    done = project.run("-m", "jitc_import", "complete", "m.py", env=env)
    assert done.returncode == 1
    assert "JITC_ENDPOINT_MY_WORK" in done.stderr
    assert "JITC_KEY_MY_WORK" in done.stderr
    assert server.requests == []


def test_an_endpoint_with_a_name_is_told_of_by_its_own_variables(
    project: Project, server: ScriptedServer, dear: ScriptedServer
) -> None:
    project.write("m.py", TWO)
    dear.script = [error(401, "no such key"), error(404, "Not Found")]
    env = settings(server, dear, JITC_MODELS="large @ work")
    for named in ("set JITC_KEY_WORK to one that is valid there", "check JITC_ENDPOINT_WORK"):
        told = project.run("-m", "jitc_import", "complete", "m.py", env=env).stderr
        assert named in told
        assert "OPENAI_" not in told
