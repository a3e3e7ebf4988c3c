"""Functions of every form, completed through the hook, against the same by hand: what they do, and their code."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT
from forms import MODULES
from jitc_import.hooks.build import build
from jitc_import.store.files import companion_path
from real_code import Taken, differences, script_for, take_all, take_each
from server import ScriptedServer

WAYS = {"each": take_each, "all": take_all}

TELL = """
import importlib, sys, warnings
sys.path.insert(0, sys.argv[1])
warnings.simplefilter("ignore")
for name in sys.argv[2:]:
    print(name, *importlib.import_module(name).told(), sep="\\n")
"""


NOTHING_CHECKED = {"JITC_VERIFY": "off"}  # some forms use what no model's body may


class Forms:
    """All modules with the bodies taken out in one way, completed; and by hand."""

    def __init__(self, root: Path, way: str) -> None:
        self.taken = {name: WAYS[way](text) for name, text in MODULES.items()}
        self.folders = {kind: root / kind for kind in ("by_hand", "stubs")}
        for kind, folder in self.folders.items():
            folder.mkdir(parents=True)
            for name, taken in self.taken.items():
                (folder / f"{name}.py").write_bytes(getattr(taken, kind).encode())
        self.by_hand = self.told("by_hand", "")
        with ScriptedServer(script_for(taken.by_hand for taken in self.taken.values())) as server:
            self.completed = self.told("stubs", "import jitc_import.activate", OPENAI_BASE_URL=server.url)
            self.requests = len(server.requests)

    def told(self, kind: str, before: str, **env: str) -> dict[str, list[str]]:
        """What each module tells of itself."""
        done = subprocess.run(
            [sys.executable, "-c", before + TELL, str(self.folders[kind]), *self.taken],
            cwd=self.folders[kind],
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "OPENAI_API_KEY": "sk-test",
                "JITC_MODEL": "scripted",
                "JITC_VERIFY": "off",
                **env,
            },
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert not done.returncode, done.stderr
        return _by_module(done.stdout)

    def code_differs(self, name: str) -> list[str]:
        """How the code of a completed module differs from that by hand."""
        taken: Taken = self.taken[name]
        path = str(self.folders["stubs"] / f"{name}.py")
        companion = companion_path(path)
        code, _ = build(taken.stubs.encode(), path, name)
        by_hand = compile(taken.by_hand, "by hand", "exec", dont_inherit=True)
        texts = {"by hand": taken.by_hand, path: taken.stubs, companion: Path(companion).read_text("utf-8")}
        return differences(by_hand, code, texts)


def _by_module(shown: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    told: list[str] = []
    for line in shown.splitlines():
        if line in MODULES:
            found[line] = told = []
        else:
            told.append(line)
    return found


@pytest.fixture(scope="module", params=WAYS)
def forms(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Forms:
    return Forms(tmp_path_factory.mktemp("forms"), request.param)


@pytest.mark.slow
@pytest.mark.parametrize("name", MODULES)
def test_they_do_what_they_do_by_hand(forms: Forms, name: str) -> None:
    assert forms.completed[name] == forms.by_hand[name]
    assert forms.completed[name]


@pytest.mark.parametrize("name", MODULES)
def test_their_code_is_that_by_hand(forms: Forms, name: str) -> None:
    assert forms.code_differs(name) == []


def test_nearly_all_of_them_were_completed(forms: Forms) -> None:
    """Left by hand are the overloads, what does nothing, and what stands around other functions or in them."""
    nodes = (node for text in MODULES.values() for node in ast.walk(ast.parse(text)))
    functions = sum(isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) for node in nodes)
    assert sum(taken.count for taken in forms.taken.values()) > functions * 0.6
    assert forms.requests == len(MODULES)
