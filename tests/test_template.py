"""A project's own prompt, from a file that a setting names."""

from __future__ import annotations

import pytest

from conftest import Project
from server import ScriptedServer
from test_verified import CLAMP, RIGHT, complete, record


def test_a_file_of_the_project_takes_the_place_of_the_first_request(project: Project, server: ScriptedServer) -> None:
    project.write("pyproject.toml", '[tool.jitc]\nprompt_template = "prompts/mine.txt"\n')
    project.write("prompts/mine.txt", "Write {it} in the house style:\n{code}\n")
    project.write("src/ranges.py", CLAMP)
    server.script = [RIGHT]
    code, errors = complete(project, "src/ranges.py", server)
    assert code == 0, errors
    (request,) = server.requests
    assert request["messages"][-1]["content"].startswith("Write {it} in the house style:\n")
    assert "def clamp(x: int, low: int, high: int) -> int:" in request["messages"][-1]["content"]
    assert record(project, "clamp")["verified"]


@pytest.mark.parametrize(
    ("text", "cause"),
    [("Write it.", "a prompt template must hold {code}"), (None, "No such file or directory")],
)
def test_a_template_that_cannot_be_used_is_one_clear_error(
    text: str | None, cause: str, project: Project, server: ScriptedServer
) -> None:
    if text:
        project.write("mine.txt", text)
    project.write("pyproject.toml", "")
    project.write("ranges.py", CLAMP)
    code, errors = complete(project, "ranges.py", server, JITC_PROMPT_TEMPLATE="mine.txt")
    assert code == 1
    assert "prompt_template (JITC_PROMPT_TEMPLATE): " in errors
    assert cause in errors
    assert "Traceback" not in errors
    assert not server.requests
