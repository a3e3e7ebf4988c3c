"""The processes that multiprocessing starts anew: a warning where the hook does not reach them.

It reaches them by the line in site-packages, or because they run the main script once more, which installs it. Where
jitc_import is a copy on the path and the script installs it for itself alone, their stubs would be silently empty.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FrameType

_LINE = "jitc_import.pth"
_PROBE = "import sys; sys.exit('jitc_import.activate' not in sys.modules)"
_PASSED_OVER = ("jitc_import.", "multiprocessing.", "concurrent.", "importlib.")

_MESSAGE = (
    "the processes that multiprocessing starts here are without the hook of jitc_import, so the stubs in them stay "
    "empty. Next: install jitc-import (a copy of it on the path lacks the line in site-packages that brings the hook), "
    "or import jitc_import.activate at the top of the main script, which they run too"
)

_warned: list[str] = []


def warn_of_unreached(origins: Iterable[tuple[str, int]]) -> None:
    """Warn (JitcWarning), once, if a process that is about to be started will be without the hook.

    `origins` are the lines of main programs from which the hook was installed.
    """
    if _warned or getattr(sys, "frozen", False) or _runs_again(origins) or _is_installed() or _is_there_at_start():
        return
    _warned.append(_MESSAGE)
    import warnings

    from jitc_import.errors import JitcWarning

    warnings.warn(_MESSAGE, JitcWarning, stacklevel=_frames_to_user())


def _runs_again(origins: Iterable[tuple[str, int]]) -> bool:
    """Whether one of the lines runs in the children, too: it does unless it is guarded, or not the program's own."""
    path: str | None = getattr(sys.modules["__main__"], "__file__", None)
    if path is None:
        return False
    lines = {line for file, line in origins if os.path.abspath(file) == os.path.abspath(path)}
    return bool(lines) and not lines <= _guarded_lines(path)


def _guarded_lines(path: str) -> set[int]:
    """The lines of a script that stand under `if __name__ == "__main__":`."""
    import ast

    try:
        with open(path, "rb") as file:
            tree = ast.parse(file.read())
    except (OSError, SyntaxError, ValueError):
        return set()
    guards = [node for node in tree.body if isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)]
    return {line for guard in guards for line in range(guard.lineno, (guard.end_lineno or guard.lineno) + 1)}


def _is_installed() -> bool:
    """Whether the line stands where Python reads it when it starts."""
    site = sys.modules.get("site")
    if site is None or sys.flags.no_site:
        return False
    folders = [*site.getsitepackages(), *([site.getusersitepackages()] if site.ENABLE_USER_SITE else [])]
    return any(os.path.isfile(os.path.join(folder, _LINE)) for folder in folders)


def _is_there_at_start() -> bool:
    """Whether a Python started like this one has the hook, by whatever way: asked by starting one."""
    import subprocess

    flags = subprocess._args_from_interpreter_flags()  # type: ignore[attr-defined]  # noqa: SLF001
    command = [sys.executable, *flags, "-c", _PROBE]
    return subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode == 0  # noqa: S603 -- this Python


def _frames_to_user() -> int:
    """How far above `warn_of_unreached` the line is that starts the process; `warnings` does not count importlib."""
    frame: FrameType | None = sys._getframe(2)
    level = 1
    while frame is not None and (name := frame.f_globals.get("__name__", "")).startswith(_PASSED_OVER):
        level += not name.startswith("importlib.")
        frame = frame.f_back
    return level + 1
