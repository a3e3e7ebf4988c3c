"""`check --run`: the checks of kept bodies are run again, as things are now; nothing is asked, no body is changed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from conftest import Project
from server import ScriptedServer
from test_verified import CLAMP, RIGHT, WRONG, complete, record

UNTRIED = "1 body was never tried on the examples of its stub"


def check(project: Project, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run `check` without any endpoint."""
    return project.run("-m", "jitc_import", "check", *arguments, env=env)


@pytest.fixture
def kept(project: Project, server: ScriptedServer) -> Path:
    """A companion file with a right body that was not run when it was kept; `ranges.py` is its module."""
    return keep(project, server, RIGHT)


def keep(project: Project, server: ScriptedServer, reply: str) -> Path:
    project.write("ranges.py", CLAMP)
    server.script = [reply]
    assert complete(project, "ranges.py", server, JITC_VERIFY="static")[0] == 0
    return project.root / "__jitc__/ranges.jitc.py"


def test_a_body_that_was_never_run_is_told_of_and_verified_by_a_run(project: Project, kept: Path) -> None:
    body = kept.read_text().partition("def clamp")[2]
    told = check(project)
    assert told.returncode == 0
    assert UNTRIED in told.stderr
    assert "python -m jitc_import check --run" in told.stderr

    ran = check(project, "--run")
    assert ran.returncode == 0, ran.stderr
    assert "1 verified" in ran.stderr
    assert record(project, "clamp")["verified"] is True
    assert "examples 2/2" in record(project, "clamp")["checked"]
    assert kept.read_text().partition("def clamp")[2] == body
    assert "never tried" not in check(project).stderr


@pytest.mark.usefixtures("kept")
def test_complete_tells_of_what_was_never_run(project: Project, server: ScriptedServer) -> None:
    assert UNTRIED in complete(project, "ranges.py", server)[1]
    assert UNTRIED not in complete(project, "ranges.py", server, JITC_VERIFY="static")[1]


def test_what_was_recorded_runs_as_before(project: Project, kept: Path) -> None:
    check(project, "--run")
    text = kept.read_text()
    code = "import jitc_import.activate, ranges, sys; print(ranges.clamp(5, 0, 3), 'libcst' in sys.modules)"
    ran = project.run("-c", code, fresh=True)
    assert ran.stdout == "3 False\n", ran.stderr
    assert check(project, "--run").returncode == 0
    assert kept.read_text() == text


def test_a_body_that_fails_is_named_and_recorded_and_stays(project: Project, server: ScriptedServer) -> None:
    kept = keep(project, server, WRONG)
    ran = check(project, "--run")
    assert ran.returncode == 1
    assert "ranges.py:2: clamp fails its checks: " in ran.stdout
    assert "clamp(-5, 0, 3)" in ran.stdout
    assert record(project, "clamp")["checked"][-1] == "unverified"
    assert "return min(x, high)" in kept.read_text()
    assert check(project).returncode == 0  # it runs as it is


@pytest.mark.usefixtures("kept")
def test_tests_that_came_later_count(project: Project) -> None:
    project.write("test_ranges.py", "from ranges import clamp\n\ndef test_it():\n    assert clamp(1, 2, 3) == 3\n")
    ran = check(project, "--run", JITC_TESTS="test_ranges.py")
    assert ran.returncode == 1
    assert "test_it" in ran.stdout


def test_an_edited_body_is_judged_and_its_section_left_alone(project: Project, kept: Path) -> None:
    edited = kept.read_text().replace("max(low, min(x, high))", "min(x, high)")
    kept.write_text(edited)
    ran = check(project, "--run")
    assert ran.returncode == 1
    assert "clamp fails its checks" in ran.stdout
    assert kept.read_text() == edited


def test_in_locked_mode_nothing_is_written(project: Project, kept: Path) -> None:
    text = kept.read_text()
    ran = check(project, "--run", JITC_MODE="locked")
    assert "1 verified" in ran.stderr
    assert kept.read_text() == text


def test_what_cannot_be_run_here_takes_nothing_away(project: Project, kept: Path) -> None:
    check(project, "--run")
    (project.root / "ranges.py").write_text("# jitc: enable\nimport not_installed\n" + CLAMP.split("\n", 2)[2])
    ran = check(project, "--run")
    assert "1 unchecked" in ran.stderr
    assert "examples 2/2" in kept.read_text()


def test_a_module_that_lacks_bodies_is_named_and_those_it_has_are_run(project: Project, kept: Path) -> None:
    (project.root / "ranges.py").write_text(CLAMP + "\n\ndef lone() -> int:  # jitc: complete\n    ...\n")
    ran = check(project, "--run")
    assert ran.returncode == 1
    assert "lone is missing" in ran.stdout
    assert "1 verified" in ran.stderr
    assert "examples 2/2" in kept.read_text()
