"""A completed module before a type checker: mypy where it is installed, else pyright where it is on the PATH.

The module is checked as a whole, as the project configures its checker, and only messages inside the bodies count. A
type checker is often stricter than Python, and sometimes wrong, so only what is certainly a mistake is a problem (see
`certainty`); what else it says is advice.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jitc_import.checks.certainty import Message, certain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

SECONDS = 30
"""How long a type checker may take; the first run reads the standard library's types."""

_MUTE = re.compile(r"(?i)(#\s*)(type)(?=\s*:\s*ignore)|(#\s*)(mypy|pyright)(?=\s*:)")
"""What begins a comment that silences a type checker, or changes how strict it is."""

_SHOWN = 3  # messages about one body; the rest mostly follows from them

# As `python -m mypy`, but a module of the project is not taken for one of the standard library.
_MYPY = 'import sys\nif sys.path[:1] == [""]: del sys.path[0]\nfrom mypy.__main__ import console_entry\nconsole_entry()'
_OPTIONS = (
    *("--output=json", "--no-error-summary", "--follow-imports=silent", "--explicit-package-bases"),
    *("--check-untyped-defs", "--no-warn-unused-ignores"),
)


@dataclass(frozen=True)
class TypeReport:
    """What a type checker says of each body, by key: certain mistakes, and advice. `note`: why it says nothing."""

    problems: Mapping[str, str] = field(default_factory=dict)
    advice: Mapping[str, str] = field(default_factory=dict)
    note: str | None = None


class _NoVerdictError(Exception):
    """The checker came to no result; the words say why."""


def checker_available() -> str | None:
    """`mypy`, `pyright`, or None where neither is installed."""
    if importlib.util.find_spec("mypy"):
        return "mypy"
    return "pyright" if shutil.which("pyright") else None


def type_problems(
    path: str, text: str, bodies: Mapping[str, range], root: str | None, search_path: Sequence[str]
) -> TypeReport:
    """Check `text` as the contents of the module at `path`; `bodies` are the lines (1-based) of its bodies, by key.

    `root` is the project's folder, whose configuration counts; the first of `search_path` is the folder that the
    module is imported from. Nothing of the module is run, and nothing is written beside it.
    """
    checker = checker_available()
    if checker is None:
        return TypeReport(note="no type checker is installed")
    run = _run_mypy if checker == "mypy" else _run_pyright
    folder = root or os.path.dirname(os.path.abspath(path))
    try:
        with tempfile.TemporaryDirectory(prefix="jitc-types-") as scratch:
            messages = list(run(os.path.abspath(path), _unmuted(text, bodies), folder, search_path, scratch))
    except (_NoVerdictError, OSError) as error:
        return TypeReport(note=f"{checker} gives no verdict: {error}")
    return _report(messages, text.split("\n"), bodies)


def _unmuted(text: str, bodies: Mapping[str, range]) -> str:
    """The text without comments to a type checker in the bodies: what a model wrote does not silence its own check."""
    lines = text.split("\n")
    for number in {number for lines_of_body in bodies.values() for number in lines_of_body}:
        lines[number - 1] = _MUTE.sub(r"\1\3not-", lines[number - 1])
    return "\n".join(lines)


def _report(messages: Iterable[Message], lines: Sequence[str], bodies: Mapping[str, range]) -> TypeReport:
    problems: dict[str, str] = {}
    advice: dict[str, str] = {}
    every = list(messages)
    for key, body in bodies.items():
        within = [(message, lines[message.line - 1].strip()) for message in every if message.line in body]
        sure = certain(within)
        if sure:
            problems[key] = _told(sure)
        if unsure := [one for one in within if one not in sure]:
            advice[key] = _told(unsure)
    return TypeReport(problems, advice)


def _told(messages: Sequence[tuple[Message, str]]) -> str:
    told = dict.fromkeys(f'line "{line}": {message.text}' for message, line in messages)
    return "\n".join(list(told)[:_SHOWN])


def _run_mypy(path: str, text: str, folder: str, search_path: Sequence[str], scratch: str) -> Iterator[Message]:
    shadow = _write(scratch, os.path.basename(path), text)
    command = [sys.executable, "-c", _MYPY, *_OPTIONS, "--cache-dir", _cache(), "--shadow-file", path, shadow, path]
    done = _run(command, folder, {"MYPYPATH": search_path[0]} if search_path else {})
    if done.returncode not in (0, 1):
        raise _NoVerdictError(_last_line(done.stderr) or _last_line(done.stdout) or f"exit status {done.returncode}")
    for line in done.stdout.splitlines():
        found = _json(line)
        if found.get("severity") == "error" and _same(path, os.path.join(folder, found["file"])):
            yield Message(found["line"], found["code"] or "", found["message"], found["hint"] or "")


def _run_pyright(path: str, text: str, folder: str, search_path: Sequence[str], scratch: str) -> Iterator[Message]:
    copy = _write(scratch, os.path.basename(path), text)
    configuration = {"include": [copy], "extraPaths": [*search_path[:1], folder], "reportMissingImports": False}
    project = _write(scratch, "pyrightconfig.json", json.dumps(configuration))
    command = [shutil.which("pyright") or "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", project]
    done = _run(command, scratch, {})
    found = _json(done.stdout)
    if "generalDiagnostics" not in found:
        raise _NoVerdictError(_last_line(done.stderr) or _last_line(done.stdout) or f"exit status {done.returncode}")
    for one in found["generalDiagnostics"]:
        if one["severity"] == "error" and _same(copy, one["file"]):
            first, _, rest = one["message"].partition("\n")
            yield Message(one["range"]["start"]["line"] + 1, one.get("rule", ""), first, rest)


def _run(command: Sequence[str], folder: str, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    try:
        return subprocess.run(  # noqa: S603 -- the user's own type checker
            command,
            cwd=folder,
            env={**environment, **variables},
            timeout=SECONDS,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _NoVerdictError(f"it did not end within {SECONDS} s") from None


def _write(folder: str, name: str, text: str) -> str:
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return path


def _cache() -> str:
    """The folder of mypy's cache: the user's, not the project's, which may not expect one."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or os.path.expanduser("~/.cache")
    folder = os.path.join(base, "jitc", "mypy")
    if not os.path.isabs(folder):  # no home is known
        return os.devnull  # mypy's word for no cache
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError:
        return os.devnull
    return folder if os.access(folder, os.W_OK) else os.devnull


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _same(path: str, other: str) -> bool:
    return os.path.realpath(path) == os.path.realpath(other)


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return _json(lines[-1]).get("message", lines[-1]) if lines else ""
