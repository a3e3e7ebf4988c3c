"""What a candidate may read: Python, what is installed, and the files of the project that look like no secret."""

from __future__ import annotations

import os
import sys
from fnmatch import fnmatch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST_FILES = 5_000
"""Files of the project that get a rule each; those nearest to its root come first."""

_MOST_FOLDERS = 2_000

_SYSTEM = (
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/libexec",
    "/usr/local/lib",
    "/usr/local/lib64",
    "/usr/share/zoneinfo",
    "/usr/share/locale",
    "/usr/share/ca-certificates",
    "/etc/localtime",
    "/etc/timezone",
    "/etc/ld.so.cache",
    "/etc/mime.types",
    "/etc/apache2/mime.types",
    "/etc/httpd/conf/mime.types",
    "/etc/ssl/openssl.cnf",
    "/etc/ssl/certs",
    "/etc/pki/tls/openssl.cnf",
    "/dev/zero",
    "/dev/full",
    "/dev/random",
    "/dev/urandom",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/sys/devices/system/cpu",
)
"""What Python, its libraries and common modules read, and nobody minds."""

_KEYS = ("*.pem", "*.key", "*.p12", "*.pfx", "id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*")
_SECRET = (*_KEYS, "*.env", "*.kdbx", "credentials*", "secrets*")
_SECRET_DATA = ("*credential*", "*secret*", "*api_key*", "*apikey*", "*token.*", "*tokens.*", "*passw*")
"""Names of data that is mostly secret; a module of Python may be called so."""

_CODE = (".py", ".pyc", ".pyi", ".so", ".pyd")
_OWN = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
"""This package: the hook loads parts of it when it is first needed."""

_INSTALLED = ("site-packages", "dist-packages")


class Readable:
    """Paths: `whole` folders and files, `listed` folders, `files` one by one; `left_out` tells that there were more."""

    __slots__ = ("files", "left_out", "listed", "whole")

    def __init__(self, search_path: Sequence[str], read_also: Iterable[str] = (), most: int = MOST_FILES) -> None:
        self.whole = [*_SYSTEM, *_python(), _OWN, *map(os.path.abspath, read_also)]
        self.listed: list[str] = []
        self.files: list[str] = []
        for entry in dict.fromkeys(map(os.path.abspath, search_path)):
            if _is_installed(entry) or _lies_in(entry, self.whole) or not os.path.isdir(entry):
                self.whole.append(entry)
            else:
                self.listed.append(entry)
        self.left_out = False
        for path in _files_below(self.listed):
            if len(self.files) == most:
                self.left_out = True
                break
            self.files.append(path)


def looks_secret(name: str) -> bool:
    """Whether a file or folder of this name is kept from candidates: hidden, or named like a key."""
    name = name.lower()
    patterns = _SECRET if name.endswith(_CODE) or "." not in name else (*_SECRET, *_SECRET_DATA)
    return name.startswith(".") or any(fnmatch(name, pattern) for pattern in patterns)


def _python() -> Iterator[str]:
    """The folders that Python itself lives in."""
    for prefix in {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}:
        for folder in ("lib", "lib64", "share", "pyvenv.cfg"):
            yield os.path.join(prefix, folder)
    yield os.path.dirname(os.__file__)


def _is_installed(path: str) -> bool:
    parts = path.split(os.sep)
    return any(folder in parts for folder in _INSTALLED)


def _lies_in(path: str, folders: Iterable[str]) -> bool:
    return any(path == folder or path.startswith(folder + os.sep) for folder in folders)


def _files_below(roots: Sequence[str]) -> Iterator[str]:
    """Regular files that look like no secret, nearest first; links only where they stay below one of the roots."""
    homes = [os.path.realpath(root) for root in roots]
    waiting = list(roots)
    for seen, folder in enumerate(waiting):
        if seen == _MOST_FOLDERS:
            return
        for entry in _entries(folder):
            if entry.is_symlink():
                if _stays_below(os.path.realpath(entry.path), homes):
                    yield entry.path
            elif entry.is_dir():
                if not _is_foreign(entry):
                    waiting.append(entry.path)
            elif entry.is_file():
                yield entry.path


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted((one for one in entries if not looks_secret(one.name)), key=lambda one: one.name)
    except OSError:
        return []


def _is_foreign(entry: os.DirEntry[str]) -> bool:
    """Environments and packages of other languages: what of them is on the search path has its own rule."""
    return entry.name in ("node_modules", *_INSTALLED) or os.path.exists(os.path.join(entry.path, "pyvenv.cfg"))


def _stays_below(target: str, homes: Iterable[str]) -> bool:
    for home in homes:
        if target.startswith(home + os.sep):
            parts = target[len(home) + 1 :].split(os.sep)
            return os.path.isfile(target) and not any(map(looks_secret, parts))
    return False
