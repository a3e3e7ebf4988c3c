"""The doctest flags that a project has set for pytest."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from conftest import Project
from jitc_import.judging.doctest_flags import configured_flags
from server import ScriptedServer
from test_verified import complete, record

BOTH = {doctest.ELLIPSIS: True, doctest.NORMALIZE_WHITESPACE: True}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "[tool.pytest.ini_options]\ndoctest_optionflags = ['ELLIPSIS', 'NORMALIZE_WHITESPACE']"),
        ("pyproject.toml", "[tool.pytest.ini_options]\ndoctest_optionflags = 'ELLIPSIS NUMBER NORMALIZE_WHITESPACE'"),
        ("pytest.ini", "[pytest]\ndoctest_optionflags = ELLIPSIS NORMALIZE_WHITESPACE"),
        ("tox.ini", "[pytest]\ndoctest_optionflags =\n    ELLIPSIS\n    NORMALIZE_WHITESPACE"),
        ("setup.cfg", "[tool:pytest]\ndoctest_optionflags = ELLIPSIS NORMALIZE_WHITESPACE"),
    ],
)
def test_are_read_where_pytest_reads_them(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    assert configured_flags(str(tmp_path)) == BOTH


@pytest.mark.parametrize("text", ["", "[tool", "[tool.pytest]\nini_options = 3", "\x00", "tool = 1"])
def test_are_none_where_nothing_says_so(text: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    (tmp_path / "setup.cfg").write_text("doctest_optionflags = ELLIPSIS")
    assert configured_flags(str(tmp_path)) == {}


def test_hold_for_doctests(project: Project, server: ScriptedServer) -> None:
    project.write("pyproject.toml", "[tool.pytest.ini_options]\ndoctest_optionflags = 'ELLIPSIS'\n")
    project.write("m.py", '# jitc: enable all\ndef f(n):\n    """Count.\n\n    >>> f(9)\n    [0, ..., 8]\n    """\n')
    server.script = ["def f(n):\n    return list(range(n))"]
    code, errors = complete(project, "m.py", server)
    assert code == 0, errors
    assert record(project, "f")["verified"]
