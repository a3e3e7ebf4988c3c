"""The bytecode cache: what is kept where, what makes it a miss, and what leaves no trace."""

from __future__ import annotations

import marshal
import os
import shutil
import subprocess
import sys
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from companions import write_companion, write_module
from conftest import ROOT, Project
from jitc_import.hooks.bytecode import cache_path

SOURCE = "# jitc: enable\ndef f(x: int) -> int:\n    '''Doc.'''\n"
BODY = "def f(x: int) -> int:\n    return x + 1\n"
HEAVY = {"ast", "tokenize", "libcst", "openai", "pydantic", "json", "dataclasses", "asyncio", "inspect", "re", "typing"}
USE = "import jitc_import.activate, m; print(m.f(1), m.__spec__.cached, m.f.__code__.co_filename, m.__file__)"
OWN = f"{sys.implementation.cache_tag}-jitc"


@pytest.fixture
def marked(project: Project) -> Project:
    write_module(project, "m.py", SOURCE, {"f": BODY})
    return project


def use(project: Project, *options: str, code: str = USE, env: dict[str, str] | None = None) -> list[str]:
    done = project.run(*options, "-c", code, env=env)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout.split()


def entries(project: Project) -> list[str]:
    return sorted(path.name for path in (project.root / "__pycache__").glob("*"))


def test_an_entry_is_written_and_named(marked: Project) -> None:
    value, cached, *_ = use(marked)
    assert value == "2"
    assert Path(cached) == marked.root / "__pycache__" / f"m.{OWN}.pyc"
    assert entries(marked) == [f"m.{OWN}.pyc"]
    assert use(marked)[:2] == ["2", cached]


def test_a_warm_import_compiles_nothing(marked: Project) -> None:
    use(marked)
    code = f"import sys; before = {{*sys.modules}}; {USE}; print({HEAVY} & ({{*sys.modules}} - before) or 'none')"
    assert use(marked, code=code)[-1] == "none"
    assert use(marked, "-X", "frozen_modules=off", code=code)[-1] == "none"


@pytest.mark.parametrize("options", [[], ["-O"], ["-OO"]])
def test_each_level_of_optimisation_has_its_own(marked: Project, options: list[str]) -> None:
    use(marked)
    code = "import jitc_import.activate, m; print(m.f.__doc__)"
    assert use(marked, *options, code=code) == ["None" if options == ["-OO"] else "Doc."]
    ending = {"-O": ".opt-1", "-OO": ".opt-2"}.get("".join(options), "")
    assert f"m.{OWN}{ending}.pyc" in entries(marked)


def test_pycache_prefix_is_honoured(marked: Project, tmp_path: Path) -> None:
    prefix = tmp_path / "elsewhere"
    cached = use(marked, env={"PYTHONPYCACHEPREFIX": str(prefix)})[1]
    assert cached.startswith(str(prefix))
    assert Path(cached).name == f"m.{OWN}.pyc"
    assert Path(cached).is_file()
    assert not (marked.root / "__pycache__").exists()


def test_nothing_is_written_where_python_is_to_write_nothing(marked: Project) -> None:
    assert use(marked, "-B")[:2] == ["2", "None"]
    assert use(marked, "-B", code="import jitc_import.activate, m; print(m.__cached__)") == ["None"]
    assert not (marked.root / "__pycache__").exists()
    cached = use(marked)[1]
    assert use(marked, "-B")[1] == cached


def test_a_cache_folder_that_cannot_be(marked: Project) -> None:
    (marked.root / "__pycache__").write_text("a file")
    assert use(marked)[:2] == ["2", "None"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_folder(marked: Project) -> None:
    marked.root.chmod(0o555)
    try:
        assert use(marked)[:2] == ["2", "None"]
    finally:
        marked.root.chmod(0o755)


@pytest.mark.parametrize("length", [0, 1, 10, 40, 60, -1])
def test_a_truncated_entry_is_a_miss(marked: Project, length: int) -> None:
    entry = Path(use(marked)[1])
    whole = entry.read_bytes()
    entry.write_bytes(whole[:length])
    assert use(marked)[0] == "2"
    assert entry.read_bytes() == whole


def header_length() -> int:
    from jitc_import.hooks import bytecode

    return bytecode._HEADER_END


@pytest.mark.parametrize(
    "payload", [b"", b"\0", b"garbage" * 30, marshal.dumps(None), marshal.dumps([1]), marshal.dumps("x" * 100)[:-9]]
)
def test_an_entry_that_holds_no_code_is_a_miss(marked: Project, payload: bytes) -> None:
    entry = Path(use(marked)[1])
    entry.write_bytes(entry.read_bytes()[: header_length()] + payload)
    assert use(marked)[0] == "2"


@pytest.mark.parametrize("position", [0, 5, 9])
def test_an_entry_of_another_python_or_version_is_a_miss(marked: Project, position: int) -> None:
    entry = Path(use(marked)[1])
    good = entry.read_bytes()
    entry.write_bytes(good[:position] + bytes([good[position] ^ 1]) + good[position + 1 :])
    assert use(marked)[0] == "2"
    assert entry.read_bytes() == good


def test_an_entry_that_is_a_folder_is_a_miss(marked: Project) -> None:
    (marked.root / "__pycache__" / f"m.{OWN}.pyc").mkdir(parents=True)
    assert use(marked)[0] == "2"


def test_the_ordinary_entry_is_never_trusted(marked: Project) -> None:
    assert use(marked, code="import m; print(m.f(1))") == ["None"]
    assert use(marked)[0] == "2"
    assert use(marked, code="import m; print(m.f(1))") == ["None"]


def test_an_edit_of_the_same_size_in_the_same_second_is_seen(marked: Project) -> None:
    source = marked.root / "m.py"
    second = 1_700_000_000 * 10**9
    os.utime(source, ns=(second, second))
    use(marked)
    changed = SOURCE.replace("Doc.", "New.").encode()
    source.write_bytes(changed)
    write_companion(source, {"f": BODY})
    os.utime(source, ns=(second + 1000, second + 1000))
    assert use(marked, code="import jitc_import.activate, m; print(m.f.__doc__)") == ["New."]


def test_an_edit_of_the_companion_file_is_seen(marked: Project) -> None:
    use(marked)
    write_companion(marked.root / "m.py", {"f": BODY.replace("+ 1", "+ 5")})
    assert use(marked)[0] == "6"


@pytest.mark.slow
def test_a_module_without_companion_file_is_cached_too_and_sees_one_come(project: Project) -> None:
    project.write("m.py", "# jitc: enable\ndef f(x):\n    return x\n")
    first = use(project)
    assert first[:1] == ["1"]
    code = f"import sys; {USE}; print('ast' in sys.modules)"
    assert use(project, code=code)[-1] == "False"
    write_companion(project.root / "m.py", {"f": "def f(x):\n    return x * 10\n"})
    assert use(project)[0] == "10"


def test_a_moved_project_has_the_new_names_of_both_files(marked: Project, tmp_path: Path) -> None:
    use(marked)
    moved = Project(tmp_path / "moved")
    moved.root.mkdir()
    for name in ("m.py", "__jitc__", "__pycache__"):
        shutil.move(marked.root / name, moved.root / name)
    code = f"import sys; {USE}; print('ast' in sys.modules)"
    value, cached, companion, source, compiled = use(moved, code=code)
    assert (value, compiled) == ("2", "False")
    assert [Path(cached).parent.parent, Path(companion).parent.parent, Path(source).parent] == [moved.root] * 3


def test_a_source_that_changes_while_it_is_compiled_is_not_cached(marked: Project) -> None:
    code = """
import jitc_import.activate, jitc_import.hooks.build as build, os
whole = build.build
def slow(source, path, name):
    made = whole(source, path, name)
    os.utime(path, (1, 1))
    return made
build.build = slow
import m
print(m.f(1), m.__spec__.cached)
"""
    assert use(marked, code=code) == ["2", "None"]
    assert not (marked.root / "__pycache__").exists()


def test_processes_that_race_leave_one_good_entry(marked: Project) -> None:
    body = BODY + "".join(f"    v{n} = x * {n}\n" for n in range(300))
    write_companion(marked.root / "m.py", {"f": body})
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", USE]
    started = [subprocess.Popen(command, cwd=marked.root, env=env, stdout=subprocess.PIPE) for _ in range(6)]
    shown = [child.communicate(timeout=60)[0].split()[0] for child in started]
    assert shown == [b"2"] * 6
    assert entries(marked) == [f"m.{OWN}.pyc"]
    assert use(marked, code=f"import sys; {USE}; print('ast' in sys.modules)")[-1] == "False"


@pytest.mark.parametrize("name", ["/a/b.py", "/a/b.c.py", "/b.py"])
def test_where_an_entry_lies(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, stem = os.path.split(name)
    assert cache_path(name) == os.path.join(folder, "__pycache__", f"{stem[:-3]}.{OWN}.pyc")
    monkeypatch.setattr(sys, "pycache_prefix", "/p")
    assert cache_path(name) == os.path.join(os.path.dirname(cache_from_source(name)), f"{stem[:-3]}.{OWN}.pyc")


def test_a_script_without_the_ending_py_has_no_entry() -> None:
    assert cache_path("/a/tool") is None
