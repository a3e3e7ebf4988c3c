"""The whole-module benchmark: its references are right, its checks find what is wrong, and it measures what it says."""

from __future__ import annotations

import contextlib
import doctest
import importlib
import io
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from jitc_import.source.stubs import read_module
from server import ScriptedServer, script_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Project

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
MODULES = BENCHMARKS / "modules"

if not MODULES.is_dir():
    pytest.skip("the benchmarks are not part of a source distribution", allow_module_level=True)

sys.path.insert(0, str(MODULES))
assembly: Any = importlib.import_module("assembly")
judging: Any = importlib.import_module("judge")
sys.path.remove(str(MODULES))

NAMES = assembly.names()


@pytest.fixture(autouse=True)
def _own_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(MODULES), *sys.path])
    monkeypatch.setattr(sys, "modules", dict(sys.modules))


def failing(name: str, text: str) -> dict[str, str]:
    """How the first check that names a stub fails, by key of the stub."""
    failures: dict[str, str] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for check in judging.load_checks(assembly.checks_path(name)):
            try:
                check(judging.run_text(text, name))
            except Exception as error:  # noqa: BLE001 -- a stub that does nothing fails in any way
                failures.update(dict.fromkeys(check.stubs, repr(error)))
    return failures


def stub_keys(name: str) -> list[str]:
    """The keys of a module's stubs, as the tool finds them."""
    path = assembly.stub_path(name)
    return [stub.key for stub in read_module(Path(path).read_bytes(), path, name).stubs]


def test_there_are_at_least_twenty_modules_of_five_to_fifteen_stubs_each() -> None:
    assert len(NAMES) >= 20
    assert {name: len(stub_keys(name)) for name in NAMES if not 5 <= len(stub_keys(name)) <= 15} == {}


@pytest.mark.parametrize("name", NAMES)
def test_each_stub_has_a_reference_and_a_check(name: str) -> None:
    checked = {key for check in judging.load_checks(assembly.checks_path(name)) for key in check.stubs}
    assert sorted(checked) == sorted(assembly.reference(name)) == sorted(stub_keys(name))


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_passes_all_checks(name: str) -> None:
    assert failing(name, assembly.assembled(name, assembly.reference(name))) == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_stub_that_does_nothing_fails_its_checks(name: str) -> None:
    reference = assembly.reference(name)
    passed = [
        key
        for key in reference
        if key not in failing(name, assembly.assembled(name, {**reference, key: assembly.NOTHING}))
    ]
    assert passed == []


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_in_docstrings_hold_for_the_reference(name: str) -> None:
    module = judging.run_text(assembly.assembled(name, assembly.reference(name)), name)
    output = io.StringIO()
    runner = doctest.DocTestRunner(verbose=False)
    for test in _doctests(module):
        runner.run(test, out=output.write, clear_globs=False)
    assert not runner.failures, output.getvalue()


def _doctests(module: ModuleType) -> Iterator[doctest.DocTest]:
    return iter(doctest.DocTestFinder().find(module, module.__name__, globs=vars(module)))


def solution(name: str) -> str:
    """The reference bodies of a module, as they stand in their file."""
    return (MODULES / "solutions" / f"{name}.py").read_text(encoding="utf-8")


def run(project: Project, endpoint: str, *arguments: str) -> tuple[list[dict[str, Any]], str]:
    """The records that a run of the benchmark leaves, and what it prints."""
    environment = {"OPENAI_BASE_URL": endpoint, "OPENAI_API_KEY": "none", "JITC_MODEL": "scripted"}
    script = str(BENCHMARKS / "whole_modules.py")
    done = project.run(script, "run", "--out", "out.jsonl", *arguments, env=environment, timeout=170)
    assert done.returncode == 0, done.stderr
    out = project.root / "out.jsonl"
    return [json.loads(line) for line in out.read_text().splitlines()] if out.exists() else [], done.stdout


@pytest.mark.slow
def test_runs_are_judged_by_stub_and_by_module_resumed_and_compared_in_pairs(project: Project) -> None:
    wrong = solution("trie").replace("return node.count if node else 0", "return 7")
    with ScriptedServer(script_from(wrong)) as server:
        (record,), _ = run(project, server.url, "--only", "trie", "--baseline")
        assert len(server.requests) == 1
    assert record["label"] == "baseline"
    assert not record["right"]
    assert [stub["key"] for stub in record["stubs"] if not stub["right"]] == ["Trie.count"]
    assert [stub["key"] for stub in record["stubs"] if stub["alone"]], "some were right, and failed for their sibling"

    with ScriptedServer(script_from(solution("trie"))) as server:
        (_, record), shown = run(project, server.url, "--only", "trie")
        assert record["requests"] == len(server.requests) >= 1
        assert record["tokens_in"] > record["tokens_out"] > 0
        again, _ = run(project, server.url, "--only", "trie")
        assert len(server.requests) == record["requests"], "what is in the file is not asked again"
    assert again[1:] == [record]
    assert record["right"]
    assert all(stub["right"] and stub["in_place"] for stub in record["stubs"])
    pair = next(line for line in shown.splitlines() if line.startswith("| modules"))
    assert [cell.strip() for cell in pair.split("|")[2:8]] == ["0 %", "100 %", "0", "0", "1", "0"]


@pytest.mark.slow
def test_a_stub_that_ends_the_process_fails_alone(project: Project) -> None:
    wrong = solution("trie").replace("return node.count if node else 0", "import os; os._exit(0)")
    with ScriptedServer(script_from(wrong)) as server:
        (record,), _ = run(project, server.url, "--only", "trie", "--baseline")
    assert [stub["key"] for stub in record["stubs"] if not stub["right"]] == ["Trie.count"]


@pytest.mark.slow
def test_a_model_that_leaves_a_stub_out_has_its_other_stubs_judged(project: Project) -> None:
    bodies = solution("numerals")
    left_out = bodies[: bodies.index("def ordinal_words")]
    with ScriptedServer(lambda _request: f"```python\n{left_out}\n```") as server:
        (record,), _ = run(project, server.url, "--only", "numerals", "--baseline")
    (without,) = [stub for stub in record["stubs"] if not stub["right"]]
    assert (without["key"], without["body"], without["why"]) == ("ordinal_words", False, "no body")
    assert not record["right"]


@pytest.mark.slow
def test_an_endpoint_that_does_not_answer_is_no_result(project: Project) -> None:
    with ScriptedServer([]) as server:
        records, _ = run(project, server.url, "--only", "trie")
    assert records == []
