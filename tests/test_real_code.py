"""Modules of Python's library without their bodies, completed with these: their own tests find no difference."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from conftest import ROOT
from jitc_import.hooks.build import build
from jitc_import.store.files import companion_path
from real_code import RUNNER, Taken, differences, script_for, take_all, take_each
from server import ScriptedServer

LIBRARY = Path(os.__file__).parent

ASYNCIO = ",".join(
    f"test.test_asyncio.test_{name}" for name in ("locks", "queues", "taskgroups", "timeouts", "streams")
)

QUICK = {
    "contextlib": "test.test_contextlib,test.test_contextlib_async",
    "dataclasses": "test.test_dataclasses",
    "functools": "test.test_functools",
    "textwrap": "test.test_textwrap",
}
"""Modules, and the tests they have: for each more than its number says, as all are made of what the others are not."""

SLOW = {
    "_pydecimal": "test.test_decimal",
    "argparse": "test.test_argparse",
    "ast": "test.test_ast",
    "asyncio": ASYNCIO,
    "calendar": "test.test_calendar",
    "collections": "test.test_collections,test.test_userdict",
    "configparser": "test.test_configparser",
    "copy": "test.test_copy",
    "csv": "test.test_csv",
    "difflib": "test.test_difflib",
    "enum": "test.test_enum",
    "fractions": "test.test_fractions",
    "graphlib": "test.test_graphlib",
    "heapq": "test.test_heapq",
    "html.parser": "test.test_htmlparser",
    "http.cookies": "test.test_http_cookies",
    "inspect": "test.test_inspect",
    "ipaddress": "test.test_ipaddress",
    "json": "test.test_json",
    "numbers": "test.test_abstract_numbers",
    "operator": "test.test_operator",
    "pprint": "test.test_pprint",
    "random": "test.test_random",
    "shlex": "test.test_shlex",
    "statistics": "test.test_statistics",
    "string": "test.test_string",
    "tempfile": "test.test_tempfile",
    "types": "test.test_types",
    "typing": "test.test_typing",
    "urllib.parse": "test.test_urlparse",
    "uuid": "test.test_uuid",
    "weakref": "test.test_weakref,test.test_weakset",
    "xml.etree.ElementTree,xml.etree.ElementPath": "test.test_xml_etree",
    "zipfile": "test.test_zipfile",
}


@dataclass(frozen=True)
class Copies:
    """Copies of one or more modules of the library (names joined by commas): by hand, and completed."""

    names: str
    root: Path

    @cached_property
    def taken(self) -> dict[str, Taken]:
        """By path in the library, the modules whose bodies are taken out."""
        take = take_all if len(self.names) % 2 else take_each
        return {os.path.relpath(path, LIBRARY): take(_text(path)) for path in self._sources()}

    def folder(self, kind: str) -> Path:
        """The folder of the copies that are `by_hand`, or of those with `stubs`."""
        return self.root / kind

    def write(self) -> None:
        """Write both kinds, with what else is in their packages."""
        for kind in ("by_hand", "stubs"):
            for package in {name.partition(".")[0] for name in self.names.split(",")}:
                if (LIBRARY / package).is_dir():
                    ignored = shutil.ignore_patterns("test", "tests", "__pycache__")
                    shutil.copytree(LIBRARY / package, self.folder(kind) / package, ignore=ignored)
            for relative, taken in self.taken.items():
                path = self.folder(kind) / relative
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(getattr(taken, kind).encode(_encoding(LIBRARY / relative)))

    def stubs(self) -> Iterator[str]:
        """The paths of the modules that are to be completed."""
        return (str(self.folder("stubs") / relative) for relative, taken in self.taken.items() if taken.count)

    def run(self, tests: str) -> list[dict[str, object]]:
        """How the tests went by hand and completed, both at one time."""
        runs = [self._start(kind, tests) for kind in ("by_hand", "stubs")]
        ends = [run.communicate(timeout=300) for run in runs]
        for run, (_, errors) in zip(runs, ends, strict=True):
            assert run.returncode == 0, errors[-5000:]
        return [json.loads(shown.splitlines()[-1]) for shown, _ in ends]

    def differences(self) -> list[str]:
        """How the completed code differs from that by hand."""
        return [
            f"{relative}: {each}" for relative, taken in self.taken.items() for each in self._differ(relative, taken)
        ]

    def _differ(self, relative: str, taken: Taken) -> list[str]:
        if not taken.count:
            return []
        path = str(self.folder("stubs") / relative)
        companion = companion_path(path)
        code, _ = build(Path(path).read_bytes(), path, relative)
        texts = {"by hand": taken.by_hand, path: taken.stubs, companion: Path(companion).read_text("utf-8")}
        return differences(compile(taken.by_hand, "by hand", "exec", dont_inherit=True), code, texts)

    def _start(self, kind: str, tests: str) -> subprocess.Popen[str]:
        before = "import jitc_import.activate" if kind == "stubs" else ""
        scratch = self.root / f"{kind}-scratch"
        scratch.mkdir()
        return subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", before + RUNNER, str(self.folder(kind)), self.names, tests],
            cwd=scratch,
            env={**os.environ, "PYTHONPATH": str(ROOT), "JITC_MODE": "locked"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            encoding="utf-8",
        )

    def _sources(self) -> Iterator[Path]:
        for name in self.names.split(","):
            place = LIBRARY / name.replace(".", "/")
            yield from place.glob("*.py") if place.is_dir() else [place.with_suffix(".py")]


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        return tokenize.detect_encoding(file.readline)[0]


def _text(path: Path) -> str:
    return path.read_text(_encoding(path))


def _completed(names: dict[str, str], root: Path) -> dict[str, Copies]:
    """Copies of those modules that this Python has, completed in one go."""
    every = {name: Copies(name, root / name) for name in names if _is_there(name)}
    for copies in every.values():
        copies.write()
    paths = [path for copies in every.values() for path in copies.stubs()]
    originals = (taken.by_hand for copies in every.values() for taken in copies.taken.values() if taken.count)
    with ScriptedServer(script_for(originals)) as server:
        endpoint = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-test", "JITC_MODEL": "scripted"}
        endpoint["JITC_VERIFY"] = "off"  # the library uses what no model's body may: exec, frames, sys.modules
        done = subprocess.run(
            [sys.executable, "-m", "jitc_import", "complete", *paths],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(ROOT), **endpoint},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 0, done.stderr[-5000:]
    return every


def _is_there(names: str) -> bool:
    return all(importlib.util.find_spec(name) for name in names.split(","))


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Copies]:
    return _completed(QUICK, tmp_path_factory.mktemp("quick"))


def _assert_same(every: dict[str, Copies], name: str, tests: str) -> None:
    if name not in every:
        pytest.skip(f"this Python has no {name}")
    assert every[name].differences() == []
    pytest.importorskip("test.support", reason="this Python comes without its tests")
    by_hand, completed = every[name].run(tests)
    assert by_hand.pop("loaders") == ["SourceFileLoader"]
    assert completed.pop("loaders") == ["JitcLoader"]
    assert completed == by_hand
    assert by_hand["run"] not in (0, 1)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "tests"), QUICK.items(), ids=QUICK)
def test_a_completed_module_passes_its_own_tests(quick: dict[str, Copies], name: str, tests: str) -> None:
    _assert_same(quick, name, tests)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "tests"), SLOW.items(), ids=SLOW)
def test_so_do_more_of_them(tmp_path: Path, name: str, tests: str) -> None:
    _assert_same(_completed({name: tests}, tmp_path) if _is_there(name) else {}, name, tests)
