"""What a candidate may read: Python, what is installed, and the files of the project that look like no secret."""

from __future__ import annotations

import os
import sys
from fnmatch import fnmatch
from itertools import chain, islice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST_FILES = 5_000
"""Files of the project that get a rule each; those nearest to its root come first."""

_MOST_FOLDERS = 2_000
_MOST_SEEN = 4 * MOST_FILES

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
_COMPANIONS = "__jitc__"


class Readable:
    """Paths: `whole` folders and files, `listed` folders, `files` one by one; `left_out` tells that there were more.

    Opened are `projects`, of which the first of `search_path` always is one, unless they hold more than a project, such
    as `home`; of what else is not installed, the modules and packages that an import may find.
    """

    __slots__ = ("files", "left_out", "listed", "whole")

    def __init__(
        self,
        search_path: Sequence[str],
        read_also: Iterable[str] = (),
        most: int = MOST_FILES,
        *,
        projects: Iterable[str] = (),
        home: str = "",
    ) -> None:
        self.whole = [*_SYSTEM, *_python(), _OWN, *map(os.path.abspath, read_also)]
        entries = dict.fromkeys(map(os.path.abspath, search_path))
        opened = dict.fromkeys(map(os.path.abspath, [*search_path[:1], *projects]))
        self.listed = [one for one in opened if not (self._is_whole(one) or holds_more(one, home))]
        importable: list[str] = []
        for entry in entries:
            if self._is_whole(entry):
                self.whole.append(entry)
            elif not _lies_in(entry, self.listed):
                importable += _modules_in(entry)
        self.listed += filter(os.path.isdir, importable)
        modules = (path for path in importable if not os.path.isdir(path))
        files = dict.fromkeys(islice(chain(_files_below(self.listed), modules), _MOST_SEEN))
        self.files, self.left_out = list(files)[:most], len(files) > most

    def _is_whole(self, entry: str) -> bool:
        return _is_installed(entry) or _lies_in(entry, self.whole) or not os.path.isdir(entry)


def holds_more(folder: str, home: str) -> bool:
    """Whether a folder is no project: it is or holds `home`, or is the root of all files."""
    folder, home = os.path.realpath(folder), os.path.realpath(home) if home else ""
    return folder == os.path.dirname(folder) or folder == home or home.startswith(folder + os.sep)


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


def _modules_in(folder: str) -> list[str]:
    """What an import finds right in a folder: files of code, and the folders of packages."""
    return [one.path for one in _entries(folder) if _is_module(one)]


def _files_below(roots: Sequence[str]) -> Iterator[str]:
    """Regular files that look like no secret, root by root, nearest first; links only where they stay below a root.

    Folders of companion files are among them.
    """
    homes = [os.path.realpath(root) for root in roots]
    for root in roots:
        waiting = [root]
        for seen, folder in enumerate(waiting):
            if seen == _MOST_FOLDERS:
                break
            for entry in _entries(folder):
                kind = _kind(entry)
                if kind == "file" or (kind == "link" and _stays_below(entry.path, homes)):
                    yield entry.path
                elif kind == "folder" and entry.name == _COMPANIONS:
                    yield entry.path  # whole: another process may write a companion file meanwhile
                elif kind == "folder" and not _is_foreign(entry):
                    waiting.append(entry.path)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted((one for one in entries if not looks_secret(one.name)), key=lambda one: one.name)
    except OSError:
        return []


def _kind(entry: os.DirEntry[str]) -> str:
    """What an entry is; nothing where nobody may know."""
    try:
        kinds = {"link": entry.is_symlink(), "folder": entry.is_dir(), "file": entry.is_file()}
    except OSError:
        return ""
    return next((kind for kind, is_so in kinds.items() if is_so), "")


def _is_module(entry: os.DirEntry[str]) -> bool:
    if _kind(entry) == "folder":
        return os.path.isfile(os.path.join(entry.path, "__init__.py")) and not _is_foreign(entry)
    return _kind(entry) == "file" and entry.name.endswith(_CODE)


def _is_foreign(entry: os.DirEntry[str]) -> bool:
    """Environments and packages of other languages: what of them is on the search path has its own rule."""
    return entry.name in ("node_modules", *_INSTALLED) or os.path.exists(os.path.join(entry.path, "pyvenv.cfg"))


def _stays_below(link: str, homes: Iterable[str]) -> bool:
    try:
        target = os.path.realpath(link)
    except OSError:  # of a process of someone else, say
        return False
    for home in homes:
        if target.startswith(home + os.sep):
            parts = target[len(home) + 1 :].split(os.sep)
            return os.path.isfile(target) and not any(map(looks_secret, parts))
    return False
