"""Companion files on disk: what is refused, what is written, what a kill leaves."""

from __future__ import annotations

import errno
import os
import random
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import ROOT
from jitc_import.errors import JitcWarning, StoreError
from jitc_import.store.bodies import load_bodies
from jitc_import.store.companion import Companion, Section, read_companion, write_companion
from jitc_import.store.files import MAX_BYTES, companion_path, ensure_writable, read_bytes, write_bytes

OTHER_USER = 12345

needs_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "shapes.py").write_text("")
    path = Path(companion_path(str(tmp_path / "shapes.py")))
    write_companion(Companion(str(path), None))
    return path


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path.relative_to(Path.cwd())))


MAKERS: dict[str, Callable[[Path], None]] = {
    "a symbolic link": lambda path: path.symlink_to(path.parent / "elsewhere"),
    "a directory": lambda path: path.mkdir(),
    "a named pipe": os.mkfifo,
    "a socket": make_socket,
}


@pytest.mark.parametrize("kind", MAKERS)
def test_irregular_files_are_refused(path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    (path.parent / "elsewhere").write_bytes(path.read_bytes())
    path.unlink()
    MAKERS[kind](path)
    for act in (read_companion, load_bodies, ensure_writable, lambda path: write_bytes(path, b"")):
        with pytest.raises(StoreError, match=f"shapes.jitc.py is {kind}, not a regular file"):
            act(str(path))
    assert {entry.name for entry in path.parent.iterdir()} == {"elsewhere", path.name}


@needs_root
def test_devices_are_refused(path: Path) -> None:
    path.unlink()
    os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 5))  # /dev/zero: never ends
    with pytest.raises(StoreError, match="is a device"):
        read_companion(str(path))


def test_dangling_link_is_not_taken_for_a_missing_file(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")
    with pytest.raises(StoreError, match="is a symbolic link"):
        read_companion(str(path))


def test_linked_folder_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "__jitc__").symlink_to("elsewhere")
    with pytest.raises(StoreError, match="__jitc__ is a symbolic link"):
        ensure_writable(companion_path(str(tmp_path / "shapes.py")))
    with pytest.raises(StoreError, match="__jitc__ is a symbolic link"):
        write_companion(Companion(companion_path(str(tmp_path / "shapes.py")), None))
    assert not list((tmp_path / "elsewhere").iterdir())


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "__jitc__").write_text("")
    path = companion_path(str(tmp_path / "shapes.py"))
    with pytest.raises(StoreError, match="__jitc__ is a regular file"):
        ensure_writable(path)
    with pytest.raises(StoreError, match="cannot be read: Not a directory"):
        read_companion(path)


def test_size_is_bounded(path: Path) -> None:
    with path.open("ab") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(StoreError, match="is larger than 16 MiB"):
        read_companion(str(path))
    with pytest.raises(StoreError, match="would be larger than 16 MiB"):
        write_bytes(str(path), b"#" * (MAX_BYTES + 1))


def test_world_writable_file_is_warned_of_and_refused_in_locked_mode(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.chmod(0o666)
    with pytest.warns(JitcWarning, match="can be written by anyone"):
        assert read_companion(str(path))
    monkeypatch.setenv("JITC_MODE", "locked")
    with pytest.raises(StoreError, match=r"can be written by anyone.*refused in `locked` mode"):
        load_bodies(str(path))
    (path.parent.parent / "shapes.py").chmod(0o666)  # who may write the source needs no companion file
    assert load_bodies(str(path))


@needs_root
def test_file_of_another_user(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.chown(path, OTHER_USER, -1)
    with pytest.warns(JitcWarning, match=f"belongs to another user .uid {OTHER_USER}"):
        assert load_bodies(str(path))
    monkeypatch.setenv("CI", "true")
    with pytest.raises(StoreError, match="belongs to another user"):
        load_bodies(str(path))
    os.chown(path.parent.parent / "shapes.py", OTHER_USER, -1)
    assert load_bodies(str(path))


@needs_root
def test_checkout_that_root_owns(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.chown(path.parent.parent / "shapes.py", OTHER_USER, -1)
    monkeypatch.setattr(os, "geteuid", lambda: OTHER_USER)
    assert load_bodies(str(path))


def test_equal_content_is_not_written_again(path: Path) -> None:
    before = path.stat()
    write_companion(Companion(str(path), None))
    assert path.stat() == before
    write_companion(Companion(str(path), "0" * 32))
    assert path.stat().st_ino != before.st_ino


def test_permissions_are_kept(path: Path) -> None:
    path.chmod(0o640)
    write_bytes(str(path), b"#")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_write_protected_file_is_left_alone(path: Path) -> None:
    before = path.read_bytes()
    path.chmod(0o444)
    for act in (ensure_writable, lambda path: write_bytes(path, b"#")):
        with pytest.raises(StoreError, match="is write-protected"):
            act(str(path))
    assert path.read_bytes() == before


def test_ensure_writable_leaves_nothing(tmp_path: Path) -> None:
    ensure_writable(companion_path(str(tmp_path / "shapes.py")))
    assert not list((tmp_path / "__jitc__").iterdir())


def test_file_system_that_refuses(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    before = path.read_bytes()
    monkeypatch.setattr(os, "open", refuse)
    for act in (ensure_writable, lambda path: write_bytes(path, b"#")):
        with pytest.raises(StoreError, match=r"shapes\.jitc\.py cannot be written: Read-only file system"):
            act(str(path))
    monkeypatch.undo()
    assert path.read_bytes() == before


@pytest.mark.parametrize("step", ["fsync", "replace", "fchmod"])
@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_fault_at_any_step(path: Path, step: str, fault: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise fault

    before = path.read_bytes()
    monkeypatch.setattr(os, step, fail)
    with pytest.raises((StoreError, KeyboardInterrupt)):
        write_bytes(str(path), b"#")
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


WRITER = """
import sys
from jitc_import.store.companion import Companion, Section, write_companion
for number in range(int(sys.argv[2])):
    sections = tuple(Section(f"f{n}", f"{number:032}", failure="x" * 500) for n in range(50))
    write_companion(Companion(sys.argv[1], None, sections))
"""


@pytest.mark.slow
def test_killed_writers_leave_a_whole_file(path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 -- moments, not secrets
    strays = 0
    for _ in range(25):
        command = [sys.executable, "-c", WRITER, str(path), "300"]
        with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}) as writer:
            end = time.monotonic() + 0.35 + chance.random() * 0.4
            while time.monotonic() < end:
                assert is_whole(path)
            writer.send_signal(signal.SIGKILL)
        assert is_whole(path)
        left = [entry.name for entry in path.parent.iterdir() if entry.name != path.name]
        assert all(name.startswith(".jitc-") for name in left)
        strays += len(left)
        write_bytes(str(path), b"# jitc companion 1\n# source: incomplete\n# --- end of file\n")
        assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    assert strays, "no writer was killed between two steps: the test shows nothing"


def is_whole(path: Path) -> bool:
    read = read_companion(str(path))
    return read is not None and len({section.spec for section in read.sections}) <= 1


def test_strays_of_other_modules_are_left_alone(path: Path) -> None:
    stray = path.with_name(".jitc-0123456789abcdef-00.tmp")
    stray.write_text("")
    write_companion(Companion(str(path), None, (Section("f", "0", failure="x"),)))
    assert stray.exists()


def test_relative_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_companion(Companion(companion_path("shapes.py"), None))
    assert read_bytes(companion_path("shapes.py"))
