"""IPython's autoreload and completed modules: an edited companion file is noticed, and bodies are never lost.

Autoreload goes by the time of a module's source alone. And from IPython 9 on it often does not reload: it runs the
definitions that changed in the source, in which a stub is a placeholder. So before each cell it is told of companion
files that changed, and to reload modules with marks as it always did: through the import system.
"""

from __future__ import annotations

import os
import sys

from jitc_import.hooks.bytecode import companion_stamp, stamp_of
from jitc_import.hooks.loader import JitcLoader
from jitc_import.store.files import companion_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_companions: dict[str, bytes] = {}
"""By module, the stamp of its companion file when it was last looked at."""

_mentions: dict[str, tuple[bytes, bool]] = {}
"""By source file, its stamp when it was last read, and whether it mentions jitc."""

_shells: list[Any] = []


def watch() -> None:
    """Look after autoreload in the IPython shell of this process, if there is one. Twice is once."""
    get_ipython = getattr(sys.modules.get("IPython"), "get_ipython", None)
    shell = get_ipython() if get_ipython else None
    if shell is not None and not any(known is shell for known in _shells):
        _shells.append(shell)
        shell.events.register("pre_execute", _before_cell)
        shell.events.register("post_execute", _after_cell)


def _before_cell() -> None:
    for reloader in filter(None, map(_reloader, _shells)):
        for name, path in _marked_modules():
            _tell(reloader, name, path)


def _after_cell() -> None:
    for name, path in _marked_modules():
        _companions.setdefault(name, companion_stamp(companion_path(path)))


def _reloader(shell: Any) -> Any:
    """What does the work of `%autoreload` in a shell; None where that is not loaded."""
    return getattr(shell.magics_manager.registry.get("AutoreloadMagics"), "_reloader", None)


def _marked_modules() -> Iterator[tuple[str, str]]:
    """Name and source file of each module in scope that may be marked by now."""
    for name, module in sys.modules.copy().items():
        if type(module) is not type(sys):  # a lazy module is none that was loaded, and looking would load it
            continue
        loader = module.__dict__.get("__loader__")
        if isinstance(loader, JitcLoader) and name != "__main__" and _mentions_jitc(loader.path):
            yield name, loader.path


def _mentions_jitc(path: str) -> bool:
    try:
        stamp = stamp_of(os.stat(path))
        known, found = _mentions.get(path, (b"", False))
        if known != stamp:
            with open(path, "rb") as file:
                found = b"jitc" in file.read().lower()
            _mentions[path] = stamp, found
    except OSError:
        return False
    return found


def _tell(reloader: Any, name: str, path: str) -> None:
    deduper = getattr(reloader, "deduper_reloader", None)
    if deduper is not None:
        deduper.source_by_modname[name] = ""  # with nothing to compare, it leaves the module to a true reload
    now = companion_stamp(companion_path(path))
    if _companions.setdefault(name, now) != now:
        _companions[name] = now
        reloader.modules_mtimes[name] = 0.0
        reloader.failed.pop(path, None)
