"""The lock of a companion file, across processes and threads."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conftest import ROOT
from jitc_import.errors import StoreError
from jitc_import.store.companion import companion_path
from jitc_import.store.lock import companion_lock, lock_path

COUNTER = """
import sys
from jitc_import.store.lock import companion_lock
for _ in range(int(sys.argv[3])):
    with companion_lock(sys.argv[1], 60):
        with open(sys.argv[2]) as file:
            number = int(file.read())
        with open(sys.argv[2], "w") as file:
            file.write(str(number + 1))
"""

HOLDER = """
import sys, time
from jitc_import.store.lock import companion_lock
with companion_lock(sys.argv[1], 60):
    print("held", flush=True)
    time.sleep(60)
"""


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


@contextmanager
def holder_of(path: str) -> Iterator[subprocess.Popen[str]]:
    with start(HOLDER, path) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        yield holder
        holder.kill()


@pytest.fixture
def path(tmp_path: Path) -> str:
    (tmp_path / "pkg").mkdir()
    return companion_path(str(tmp_path / "pkg" / "shapes.py"))


def test_lock_file_is_there_while_held_and_then_gone(path: str) -> None:
    with companion_lock(path, 1):
        assert Path(lock_path(path)).name == ".shapes.lock"
        assert int(Path(lock_path(path)).read_bytes()) == os.getpid()
    assert not Path(path).parent.exists()


def test_folder_that_holds_something_stays(path: str) -> None:
    with companion_lock(path, 1):
        Path(path).write_text("")
    assert os.listdir(Path(path).parent) == ["shapes.jitc.py"]


def test_released_when_the_block_fails(path: str) -> None:
    with pytest.raises(KeyboardInterrupt), companion_lock(path, 1):
        raise KeyboardInterrupt
    with companion_lock(path, 0):
        pass
    assert not Path(path).parent.exists()


@pytest.mark.slow
def test_twenty_processes_lose_no_update(path: str, tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    counter.write_text("0")
    processes = [start(COUNTER, path, str(counter), "10") for _ in range(20)]
    for process in processes:
        process.communicate(timeout=120)
    assert [process.returncode for process in processes] == [0] * 20
    assert counter.read_text() == "200"
    assert not Path(path).parent.exists()


def test_threads_lose_no_update(path: str) -> None:
    numbers = [0]

    def count() -> None:
        for _ in range(10):
            with companion_lock(path, 60):
                number = numbers[0]
                time.sleep(0.001)
                numbers[0] = number + 1

    threads = [threading.Thread(target=count) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers == [50]
    assert not Path(path).parent.exists()


def test_holder_is_killed(path: str) -> None:
    with holder_of(path) as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert Path(lock_path(path)).exists()
        with companion_lock(path, 5):
            assert int(Path(lock_path(path)).read_bytes()) == os.getpid()
    assert not Path(path).parent.exists()


def test_waiting_ends_with_the_path_and_the_holder(path: str) -> None:
    with holder_of(path) as holder:
        begun = time.monotonic()
        expected = rf"\.shapes\.lock has been held by process {holder.pid} for more than 0\.3 s"
        with pytest.raises(StoreError, match=expected), companion_lock(path, 0.3):
            pass
        assert 0.3 <= time.monotonic() - begun < 3


def test_planted_link_is_refused(path: str, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    Path(path).parent.mkdir()
    Path(lock_path(path)).symlink_to(victim)
    with pytest.raises(StoreError, match=r"\.shapes\.lock is a symbolic link"), companion_lock(path, 1):
        pass
    assert victim.read_text() == "precious"
    assert Path(lock_path(path)).is_symlink()


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_planted_folder_or_pipe_is_refused(path: str, make: object) -> None:
    Path(path).parent.mkdir()
    make(lock_path(path))  # type: ignore[operator]
    with pytest.raises(StoreError, match="not a regular file"), companion_lock(path, 1):
        pass


def test_planted_hard_link_is_refused(path: str, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    Path(path).parent.mkdir()
    os.link(victim, lock_path(path))
    with pytest.raises(StoreError, match="is a hard link to another file"), companion_lock(path, 1):
        pass
    assert victim.read_text() == "precious"


def test_lock_file_that_was_replaced_is_left_to_its_owner(path: str) -> None:
    with companion_lock(path, 1):
        os.unlink(lock_path(path))
        Path(lock_path(path)).write_text("1")
    assert Path(lock_path(path)).read_text() == "1"


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    path = companion_path(str(tmp_path / "missing" / "shapes.py"))
    begun = time.monotonic()
    with pytest.raises(StoreError, match="cannot be locked"), companion_lock(path, 5):
        pass
    assert time.monotonic() - begun < 1


def test_folder_that_goes_between_two_looks_is_made_again(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make, calls = os.mkdir, []

    def mkdir(folder: str, *arguments: int) -> None:
        calls.append(folder)
        if len(calls) == 1:
            raise FileExistsError(17, "File exists", folder)
        make(folder, *arguments)

    monkeypatch.setattr(os, "mkdir", mkdir)
    with companion_lock(path, 1):
        assert Path(lock_path(path)).exists()
    assert calls[:2] == [str(Path(path).parent)] * 2
