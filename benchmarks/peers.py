"""Other import hooks, and other tools that have a model write bodies: how they are installed and measured.

Each way of importing has a folder of its own with the same modules, which match the hook, and caches that are warm.
Only the import is timed; what instrumented functions cost when they are called is not.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from module_set import HAND, JITI, PREFIX, ROOT, definitions, names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from bodies import Definition

FIRST_CALLS = 20
"""Modules whose first calls by jiti are timed."""

VENVS = os.path.join(ROOT, ".venvs")


class Way:
    """One way to import a module: the folder it lies in, a finder for the time of the import, a prefix of its name.

    `entry` is what finds modules in that folder, if not what Python has for it.
    """

    __slots__ = ("entry", "finder", "folder", "prefix")

    def __init__(self, folder: str, finder: object = None, prefix: str = "", entry: Any = None) -> None:
        self.folder = folder
        self.finder = finder
        self.prefix = prefix
        self.entry = entry

    def time(self, module: str) -> tuple[int, int]:
        """Nanoseconds that importing the module anew takes: CPU time of this thread, and by the clock."""
        name = self.prefix + module
        sys.path[0] = self.folder
        if self.entry:
            sys.path_importer_cache[self.folder] = self.entry
        if self.finder:
            sys.meta_path.insert(0, self.finder)  # type: ignore[arg-type]
        sys.modules.pop(name, None)
        wall, cpu = time.perf_counter_ns(), time.thread_time_ns()
        importlib.import_module(name)
        cpu, wall = time.thread_time_ns() - cpu, time.perf_counter_ns() - wall
        if self.finder:
            sys.meta_path.remove(self.finder)  # type: ignore[arg-type]
        return cpu, wall


@dataclass(frozen=True)
class Peer:
    """A package to measure beside: the Python it needs, and how its way is set up; `note` says what is measured."""

    package: str
    way: Callable[[str, Sequence[str]], Way]
    note: str
    needs: tuple[int, int] = (3, 10)


def own_folder(folder: str, peer: str) -> str:
    """A copy of the modules by hand for one peer alone."""
    copy = os.path.join(folder, peer)
    if not os.path.isdir(copy):
        shutil.copytree(os.path.join(folder, HAND), copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def pytest_way(folder: str, modules: Sequence[str]) -> Way:  # noqa: ARG001
    """The assertion rewriter, the modules being test files by their names."""
    from _pytest.assertion.rewrite import AssertionRewritingHook
    from _pytest.config import get_config

    config = get_config()
    config.parse(["-p", "no:cacheprovider", "-o", f"python_files={PREFIX}*.py", "--rootdir", folder, folder])
    return Way(own_folder(folder, "pytest"), AssertionRewritingHook(config))


def beartype_way(folder: str, modules: Sequence[str]) -> Way:
    """The path hook of beartype.claw: the finder that it makes for the folder stays."""
    from beartype.claw import beartype_packages  # type: ignore[import-not-found, unused-ignore]

    copy = own_folder(folder, "beartype")
    beartype_packages(tuple(modules))
    sys.path_importer_cache.pop(copy, None)
    sys.path.insert(0, copy)
    importlib.import_module(modules[0])
    del sys.path[0], sys.modules[modules[0]]
    kept = sys.path_importer_cache[copy]
    sys.path_importer_cache.clear()
    sys.path_importer_cache[copy] = kept
    return Way(copy)


def typeguard_way(folder: str, modules: Sequence[str]) -> Way:
    """The finder of typeguard's import hook."""
    from typeguard import install_import_hook  # type: ignore[import-not-found, unused-ignore]

    install_import_hook(modules)
    return Way(own_folder(folder, "typeguard"), sys.meta_path[0])


def wishful_way(folder: str, modules: Sequence[str]) -> Way:  # noqa: ARG001
    """Modules of wishful's own namespace, whose cache holds the modules by hand."""
    cache = own_folder(folder, "wishful")
    os.environ["WISHFUL_CACHE_DIR"] = cache
    wishful = importlib.import_module("wishful")
    wishful.configure(cache_dir=cache)
    importlib.import_module("wishful.static")
    return Way(cache, sys.meta_path[0], prefix="wishful.static.")


def jiti_way(folder: str, modules: Sequence[str]) -> Way:  # noqa: ARG001
    """Modules with jiti's decorator: importing them looks at the stubs, the bodies wait for the first call."""
    return Way(os.path.join(folder, JITI))


def fill_jiti(folder: str, modules: Sequence[str]) -> None:
    """Write jiti's mirror of the modules as its own store writes it, but for the tidying of imports by ruff."""
    from jiti.core import store  # type: ignore[import-not-found, unused-ignore]

    root = store.Path(folder, JITI)
    sys.path.insert(0, str(root))
    for number, name in enumerate(modules):
        sections = {}
        for function, kind, _ in _jiti_stubs(number, name):
            told = function.declaration()
            body = "".join(kind.text(function.__name__, number))
            sections[told.key] = store.Section(told.key, told.spec_hash, store.content_hash(body), body)
        path = root / ".jiti" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(store.render_file(f"import math\nfrom {name} import LIMIT", sections))


def first_calls(folder: str, modules: Sequence[str]) -> float:
    """Microseconds a module that the first calls of all its stubs take: jiti reads and compiles a body then."""
    os.chdir(os.path.join(folder, JITI))  # jiti looks for its mirror there
    start = time.thread_time_ns()
    for number, name in enumerate(modules):
        for function, kind, home in _jiti_stubs(number, name):
            function(*((home(),) if home else ()), *kind.arguments)
    return (time.thread_time_ns() - start) / 1000 / len(modules)


def _jiti_stubs(number: int, name: str) -> Iterator[tuple[Any, Definition, Any]]:
    """The stubs of a module as jiti made them, what they are, and the class they stand in, if any."""
    module = importlib.import_module(name)
    for owner, function, kind, stub in definitions(number):
        home = getattr(module, owner) if owner else None
        if stub:
            yield getattr(home or module, function), kind, home


PEERS = {
    "pytest": Peer("pytest", pytest_way, "assertion rewriter, modules match `python_files`"),
    "beartype.claw": Peer("beartype", beartype_way, "`beartype_packages(…)` of all modules"),
    "typeguard": Peer("typeguard", typeguard_way, "`install_import_hook(…)` for all modules"),
    "wishful": Peer("wishful", wishful_way, "`wishful.static.NAME`, the modules by hand in its cache", (3, 12)),
    "jiti": Peer("jiti", jiti_way, "`@jiti` on the same stubs; bodies are loaded at the first call", (3, 13)),
}


def peers_python() -> tuple[str, dict[str, str]]:
    """A Python like this one that has the peers, in an environment made below `.venvs`; and why some are not there."""
    home = os.path.join(VENVS, f"bench-{sys.version_info[0]}.{sys.version_info[1]}")
    python = os.path.join(home, "Scripts" if os.name == "nt" else "bin", "python")
    if not os.path.exists(python):
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
    missing = {}
    for name, peer in PEERS.items():
        if sys.version_info < peer.needs:
            missing[name] = f"needs Python {peer.needs[0]}.{peer.needs[1]}"
        elif not _has(python, peer.package) and (failed := _install(python, peer.package)):
            missing[name] = failed
    return python, missing


def _has(python: str, package: str) -> bool:
    look = f"import importlib.metadata as m; m.version({package!r})"
    return not subprocess.run([python, "-c", look], capture_output=True, check=False).returncode


def _install(python: str, package: str) -> str:
    """Install a package; returns why it could not be."""
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line for line in done.stderr.splitlines() if "ERROR" in line]
    return f"cannot be installed: {(lines or ['?'])[-1]}" if done.returncode else ""


if __name__ == "__main__":
    fill_jiti(sys.argv[1], names(int(sys.argv[2])))
    print(json.dumps(first_calls(sys.argv[1], names(int(sys.argv[2]))[:FIRST_CALLS])))
