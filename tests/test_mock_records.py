"""Records of mocks: by hand, by several processes, of methods, and what becomes of them when something is wrong."""

# mypy: disable-error-code="empty-body"

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT, Project
from jitc_import import MockError
from mocking import answer
from server import ScriptedServer

MODULE = '''
from collections.abc import Iterator

from jitc_import import llm_mock


class Farm:
    def __init__(self, name: str) -> None:
        self.name = name

    @llm_mock
    def weigh(self, thing: str) -> float:
        """Its weight."""

    @classmethod
    @llm_mock
    def kind(cls, of: type) -> str:
        """What it is."""


@llm_mock
def anything(x):
    """Whatever."""


@llm_mock
def numbers(count: int) -> Iterator[int]:
    """Numbers."""
'''


@pytest.fixture
def farm(project: Project) -> dict[str, Any]:
    """The names of a module, as an import has them."""
    path = project.write("farm.py", MODULE)
    names: dict[str, Any] = {"__name__": "farm", "__file__": str(path)}
    exec(compile(path.read_text(), str(path), "exec"), names)  # noqa: S102 -- as an import would
    return names


def recorded(project: Project) -> Path:
    return project.root / "__jitc__" / "farm.mocks.json"


def test_methods_are_told_apart_by_the_fields_of_self(
    farm: dict[str, Any], live: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.script = [answer(1), answer(2)]
    monkeypatch.setenv("JITC_MOCK", "record")
    weights = [farm["Farm"](name).weigh("cow") for name in ("a", "b", "a", "b")]
    assert weights == [1, 2, 1, 2]
    assert len(live.requests) == 2


def test_a_class_has_one_record_as_a_script_and_as_a_module(project: Project, server: ScriptedServer) -> None:
    project.write("farm.py", MODULE + "\n\nif __name__ == '__main__':\n    print(Farm.kind(Farm))\n")
    server.script = [answer("barn")]
    there = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-test", "JITC_MODEL": "scripted"}
    assert project.run("farm.py", env={**there, "JITC_MOCK": "record"}).stdout == "barn\n"
    done = project.run("-c", "import farm; print(farm.Farm.kind(farm.Farm))", env={"JITC_MOCK": "replay"})
    assert done.stdout == "barn\n", done.stderr


def test_what_a_caller_does_with_an_answer_leaves_the_record_alone(
    farm: dict[str, Any], live: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.script = [answer([1])]
    monkeypatch.setenv("JITC_MOCK", "record")
    for _ in range(3):
        got = farm["anything"](1)
        assert got == [1]
        got.append(2)


def test_a_stream_that_is_left_half_way_is_recorded_whole(
    farm: dict[str, Any], live: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.script = ['{"items": [1, 2, 3]}']
    monkeypatch.setenv("JITC_MOCK", "record")
    stream = farm["numbers"](3)
    assert next(stream) == 1
    stream.close()
    monkeypatch.setenv("JITC_MOCK", "replay")
    assert list(farm["numbers"](3)) == [1, 2, 3]


def test_arguments_that_nothing_tells_apart_are_refused_where_answers_are_recorded(
    farm: dict[str, Any], live: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.script = [answer(1)]
    assert farm["anything"](x for x in [1]) == 1
    monkeypatch.setenv("JITC_MOCK", "record")
    with pytest.raises(MockError, match=r"farm\.anything: nothing tells a generator .* from another.*Next: pass"):
        farm["anything"](x for x in [1])
    assert len(live.requests) == 1


def test_a_record_that_was_edited_by_hand_counts_and_a_wrong_one_is_named(
    farm: dict[str, Any], project: Project, live: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.script = ['{"items": [1]}']
    monkeypatch.setenv("JITC_MOCK", "record")
    assert list(farm["numbers"](1)) == [1]
    entry = json.loads(recorded(project).read_text())
    entry["mocks"]["numbers"][0]["answer"] = [4, 5]
    recorded(project).write_text(json.dumps(entry))
    assert list(farm["numbers"](1)) == [4, 5]
    entry["mocks"]["numbers"][0]["answer"] = ["four"]
    recorded(project).write_text(json.dumps(entry))
    with pytest.raises(MockError, match=r"numbers: the recorded answer to numbers\(1\) does not fit any more.*integer"):
        list(farm["numbers"](1))


BROKEN = [
    b"",
    b"\xff\xfe{",
    b"[]",
    b"<<<<<<< ours\n{}",
    b'{"jitc mocks": 99, "mocks": {}}',
    b'{"jitc mocks": 1, "mocks": {"anything": [{"call": 3, "digest": "x", "answer": 1}]}}',
    b'{"jitc mocks": 1, "mocks": {"anything": [{"call": "anything(1)", "digest": "x", "answer": 1, "model": 3}]}}',
    b'{"jitc mocks": 1, "mocks": {"anything": {"call": "anything(1)"}}}',
]


@pytest.mark.parametrize("content", BROKEN, ids=range(len(BROKEN)))
def test_a_file_of_records_that_is_broken_is_named_and_left_alone(
    farm: dict[str, Any], project: Project, live: ScriptedServer, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    recorded(project).parent.mkdir(exist_ok=True)
    recorded(project).write_bytes(content)
    for way in ("record", "replay"):
        monkeypatch.setenv("JITC_MOCK", way)
        with pytest.raises(MockError, match=r"farm\.anything: .*farm\.mocks\.json.*Next: mend the file"):
            farm["anything"](1)
    assert recorded(project).read_bytes() == content
    assert not live.requests


@pytest.mark.slow
def test_processes_that_record_at_once_lose_nothing(project: Project, server: ScriptedServer) -> None:
    project.write("farm.py", MODULE)
    server.script = lambda _: answer(8)
    code = "import farm, sys\nfor x in range(6): farm.anything(int(sys.argv[1]) * 10 + x)"
    there = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "k", "JITC_MODEL": "m", "JITC_MOCK": "record"}
    env = {**os.environ, **there, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code]
    running = [subprocess.Popen([*command, str(number)], cwd=project.root, env=env) for number in range(4)]
    assert [process.wait(60) for process in running] == [0] * 4
    assert len(json.loads(recorded(project).read_text())["mocks"]["anything"]) == 24


def test_records_in_an_archive_are_read_and_none_is_written_there(
    farm: dict[str, Any], project: Project, live: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.script = [answer(3), answer(4)]
    monkeypatch.setenv("JITC_MOCK", "record")
    assert farm["anything"](1) == 3
    with zipfile.ZipFile(project.root / "packed.zip", "w") as archive:
        for path in (project.root / "farm.py", recorded(project)):
            archive.write(path, path.relative_to(project.root))
    monkeypatch.syspath_prepend(project.root / "packed.zip")
    packed = importlib.import_module("farm")
    monkeypatch.delitem(sys.modules, "farm")
    assert packed.anything(1) == 3
    with pytest.raises(MockError, match="lies in an archive, where nothing is written: work where the source is"):
        packed.anything(2)
    monkeypatch.setenv("JITC_MOCK", "replay")
    with pytest.raises(MockError, match="no answer is recorded for anything"):
        packed.anything(2)
