"""Records of mocks: by hand, by several processes, of methods, and what becomes of them when something is wrong."""

# mypy: disable-error-code="empty-body"

from __future__ import annotations

import collections
import contextlib
import importlib
import itertools
import json
import os
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT, Project
from jitc_import import MockError
from jitc_import.errors import StoreError
from jitc_import.recorded import recorded_calls, told_call
from jitc_import.source.stubs import read_module
from jitc_import.store.records import call_digest, read_records
from mocking import answer
from server import Response, ScriptedServer

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
def counted(*, x, **more):
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
    live.script = [answer(3)]
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
    assert len(live.requests) == 1  # what could not be kept is not asked for
    monkeypatch.setenv("JITC_MOCK", "replay")
    with pytest.raises(MockError, match="no answer is recorded for anything"):
        packed.anything(2)


def test_threads_that_make_one_call_have_one_answer(
    farm: dict[str, Any], live: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = itertools.count()
    live.script = lambda _: Response(answer(next(numbers)), wait=0.2)
    monkeypatch.setenv("JITC_MOCK", "record")
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(farm["anything"], [1] * 4)) == [0] * 4
    assert len(live.requests) == 1


def test_a_record_that_another_process_made_meanwhile_counts(
    farm: dict[str, Any], project: Project, live: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reply(_: object) -> str:
        if not recorded(project).exists():
            live.script = lambda _: answer(1)
            farm["anything"](1)  # the thread that answers stands for another process
        return answer(2)

    live.script = reply
    monkeypatch.setattr("jitc_import.mocks.recording._locks", NoLocks())
    monkeypatch.setenv("JITC_MOCK", "record")
    assert farm["anything"](1) == 1


class NoLocks:
    def held(self, _: object) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()


def test_answers_are_recorded_as_what_the_annotation_makes_of_them(
    farm: dict[str, Any], project: Project, live: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.script = ['{"items": ["1", 2.0]}']
    monkeypatch.setenv("JITC_MOCK", "record")
    assert list(farm["numbers"](2)) == [1, 2]
    assert json.loads(recorded(project).read_text())["mocks"]["numbers"][0]["answer"] == [1, 2]


def test_programs_without_a_file_keep_their_records_apart(project: Project, server: ScriptedServer) -> None:
    code = "from jitc_import import llm_mock\n@llm_mock\ndef f(x: int) -> int:\n  '{}'\nprint(f(3))"
    there = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-test", "JITC_MODEL": "m", "JITC_MOCK": "record"}
    server.script = [answer(6), answer(9)]
    said = [project.run("-c", code.format(words), env=there).stdout for words in ("Twice.", "Thrice.", "Twice.")]
    assert said == ["6\n", "9\n", "6\n"]


def test_an_error_says_once_what_to_do_next(farm: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JITC_MODEL", "local")
    monkeypatch.setenv("JITC_LOCAL_MODEL", "missing.gguf")
    with pytest.raises(MockError) as caught:
        farm["anything"](1)
    assert str(caught.value).count("Next:") == 1


def test_an_entry_that_is_no_record_is_named(project: Project) -> None:
    sound = {"call": "f()", "digest": "d", "answer": 1}
    entries = {"one": [sound, {"call": "one(2)", "answer": 1}], "two": []}
    path = project.write("__jitc__/m.mocks.json", json.dumps({"jitc mocks": 1, "mocks": entries}))
    with pytest.raises(StoreError, match=r"entry 2 of one \(one\(2\)\) lacks its digest"):
        list(read_records(str(path)))


def test_records_that_cannot_be_read_are_told_by_status_and_complete(project: Project, server: ScriptedServer) -> None:
    stub = '@llm_complete\ndef one() -> int:\n    "One."\n'
    project.write("farm.py", f"from jitc_import import llm_complete\n{MODULE}\n\n{stub}")
    project.write("__jitc__/farm.mocks.json", "<<<<<<< ours\n{}")
    server.script = ["def one():\n    return 1"]
    there = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-test", "JITC_MODEL": "m"}
    status = project.run("-m", "jitc_import", "status", "farm.py")
    assert status.returncode == 1
    message = next(line for line in status.stdout.split("\n") if "holds no records of mocks: a merge conflict" in line)
    assert max(len(line.rstrip()) for line in status.stdout.split("\n") if line != message) < 80
    assert "0 recorded" not in status.stdout
    as_json = json.loads(project.run("-m", "jitc_import", "status", "--json", "farm.py").stdout)
    assert as_json[0]["mocks"][0]["recorded"] is None
    assert "holds no records" in as_json[0]["broken_records"]
    done = project.run("-m", "jitc_import", "complete", "farm.py", env=there)
    assert (done.returncode, done.stderr.count("recorded calls of mocks are not used: ")) == (0, 1)


SKETCH = """
import datetime as dt
from typing import Iterator as It

from jitc_import import llm_complete


@llm_complete
def names(n: int) -> dict[int, str]: ...


@llm_complete
def pair(n: int) -> "tuple[int, bool]": ...


@llm_complete
def squares(n: int) -> It[int]: ...


@llm_complete
def free(n): ...


@llm_complete
def day(n: int) -> dt.date: ...


@llm_complete
def farm(n: int) -> Farm: ...
"""


def test_records_are_offered_as_the_values_that_callers_had(project: Project) -> None:
    answers: dict[str, list[Any]] = {
        "names": [{"0": "a"}, ["no"]],
        "pair": [["1", "yes"]],
        "squares": [[0, "1"]],
        "free": [{"a": 1}],
        "day": ["2026-02-03"],
        "farm": [{"name": "a"}],
    }
    raised = {"raised": {"exception": "ValueError", "message": "no"}}
    mocks = {
        name: [
            {"call": f"{name}({number})", "digest": f"{number}", **told}
            for number, told in enumerate([*({"answer": value} for value in values), raised])
        ]
        for name, values in answers.items()
    }
    path = project.write("sketch.py", SKETCH)
    project.write("__jitc__/sketch.mocks.json", json.dumps({"jitc mocks": 1, "mocks": mocks}))
    module = read_module(path.read_bytes(), str(path), "sketch")
    offered = {stub.key: [told_call(one) for one in recorded_calls(module, stub)] for stub in module.stubs}
    assert offered == {
        "names": ["names(0) == {0: 'a'}", "names(2) raises ValueError"],
        "pair": ["pair(0) == (1, True)", "pair(1) raises ValueError"],
        "squares": ["list(squares(0)) == [0, 1]", "list(squares(1)) raises ValueError"],
        "free": ["free(0) == {'a': 1}", "free(1) raises ValueError"],
        "day": ["day(0).isoformat() == '2026-02-03'", "day(1) raises ValueError"],
        "farm": ["farm(1) raises ValueError"],
    }


def test_a_repair_tells_once_what_a_mock_answered_otherwise(project: Project, server: ScriptedServer) -> None:
    project.write(
        "farm.py",
        '''
        # jitc: enable
        def legs(animal: str) -> int:  # jitc: complete
            """Its legs.

            >>> legs("cow")
            4
            """
        ''',
    )
    entry = {"call": "legs('ant')", "digest": "d", "answer": 6}
    project.write("__jitc__/farm.mocks.json", json.dumps({"jitc mocks": 1, "mocks": {"legs": [entry]}}))
    body = "def legs(animal: str) -> int:\n    return {}"
    server.script = [body.format(7), body.format(8), body.format("4 if animal == 'cow' else 6")]
    there = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-test", "JITC_MODEL": "m"}
    there["JITC_CANDIDATE_SECONDS"] = "60"  # to import takes long on a busy machine
    done = project.run("-m", "jitc_import", "complete", "farm.py", env=there)
    assert done.returncode == 0, done.stderr
    told = [request["messages"][-1]["content"] for request in server.requests[1:]]
    assert "also differs from 1 of 1 recorded answers of its mock, e.g. legs('ant') gave 7, recorded 6" in told[0]
    assert "recorded answers" not in told[1]
    assert "differs" not in done.stderr


def test_equal_arguments_have_one_record_in_whatever_order_they_come(
    farm: dict[str, Any], live: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.script = [answer(number) for number in range(9)]
    monkeypatch.setenv("JITC_MOCK", "record")
    first, other = {"a": 1, "b": [{"c": 2, "d": 3}]}, {"b": [{"d": 3, "c": 2}], "a": 1}
    assert farm["anything"](first) == farm["anything"](other) == 0
    assert farm["counted"](x=1, p=1, q=2) == farm["counted"](q=2, p=1, x=1) == 1
    default = collections.defaultdict(list, first)
    assert farm["anything"](default) == farm["anything"](collections.defaultdict(list, other)) == 2
    assert farm["anything"](collections.Counter("ab")) == farm["anything"](collections.Counter("ba")) == 3
    ordered, turned = (collections.OrderedDict(items) for items in ([("a", 1), ("b", 2)], [("b", 2), ("a", 1)]))
    assert (farm["anything"](ordered), farm["anything"](turned)) == (4, 5)
    assert farm["anything"](collections.defaultdict(set, first)) == 6
    by_lambda = [collections.defaultdict(lambda: 0, one) for one in (first, other)]
    assert [farm["anything"](one) for one in by_lambda] == [7, 7]


def test_a_record_that_was_made_when_the_order_of_a_dict_counted_is_found(
    farm: dict[str, Any], project: Project, live: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.script = [answer(1)]
    monkeypatch.setenv("JITC_MOCK", "record")
    farm["anything"]({"b": 1, "a": 2})
    text = recorded(project).read_text()
    new = json.loads(text)["mocks"]["anything"][0]["digest"]
    recorded(project).write_text(text.replace(new, call_digest("anything", " ({'b': 1, 'a': 2})")))
    assert farm["anything"]({"b": 1, "a": 2}) == 1
