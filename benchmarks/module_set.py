"""The modules that the benchmarks import: small, medium and large ones, by hand, marked and completed, and for peers.

Six in ten have 4 functions, three in ten 12 with a class among them, one in ten 40 with two classes. Half of the
functions are stubs. A third of the modules marks itself as a whole, a third marks each function by a comment, a third
by the decorator. What they do when they are executed is little, so that nothing hides what an import costs.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from bodies import FUNCTIONS, METHODS, Definition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [ROOT, os.path.join(ROOT, "tests")]

from server import ScriptedServer, script_from  # noqa: E402 -- the path to it is set above

PREFIX = "bench_"
HAND, MARKED, OUTSIDE, JITI = "hand", "mark", os.path.join("inst", "site-packages"), "jiti"
MARKS = ("all", "comment", "decorator")

_SIZES = ((4, 0), (4, 0), (7, 1), (4, 0), (4, 0), (7, 1), (4, 0), (24, 2), (4, 0), (7, 1))
"""Functions and classes of ten modules in turn."""

_HEAD = '''"""Module {name}: figures and texts of one kind."""

{imports}

LIMIT = {number}
KINDS = ("plain", "round", "square", "kind {number}")

'''
_CLASS = '''
class Ledger{letter}:
    """Entries that belong together."""

    unit = "piece {number}"

    def __init__(self, entries: tuple[float, ...] = (3.0, 1.0, 2.0), scale: float = 1.0) -> None:
        self.entries = list(entries)
        self.scale = scale

'''


def names(count: int) -> list[str]:
    """The names of the modules of a set."""
    return [f"{PREFIX}{number}" for number in range(count)]


def mark_of(number: int) -> str:
    """How the module of this number is marked."""
    return MARKS[number % len(MARKS)]


def definitions(number: int) -> Iterator[tuple[str, str, Definition, bool]]:
    """The functions of a module: the class they stand in, if any, their name, what they are, whether a stub."""
    functions, classes = _SIZES[number % len(_SIZES)]
    for index in range(functions):
        kind = FUNCTIONS[(index + number) % len(FUNCTIONS)]
        yield "", f"{kind.name}_{index}", kind, (index + number // 3) % 2 == 0
    for letter in "AB"[:classes]:
        for index in range(5 if classes == 1 else 8):
            kind = METHODS[(index + number) % len(METHODS)]
            yield f"Ledger{letter}", f"{kind.name}_{letter.lower()}{index}", kind, (index + number // 3) % 2 == 0


def write_set(folder: str, count: int, style: str) -> None:
    """Write the modules of a set: by hand, marked ("mark"), or with jiti's decorator ("jiti")."""
    os.makedirs(folder)
    for number, name in enumerate(names(count)):
        with open(os.path.join(folder, f"{name}.py"), "w", encoding="utf-8") as file:
            file.write(module_text(name, number, style))
    for script in ("script", "empty"):
        with open(os.path.join(folder, f"{script}.py"), "w", encoding="utf-8") as file:
            file.write(f"import {PREFIX}0\n" if script == "script" else "import sys\n")


def module_text(name: str, number: int, style: str) -> str:
    """The source of a module."""
    mark = mark_of(number) if style == MARKED else style
    top = {"all": "# jitc: enable all\n", "comment": "# jitc: enable\n", "decorator": "# jitc: enable\n"}.get(mark, "")
    imports = ["import math"]
    if mark == "decorator":
        imports += ["", "from jitc_import import llm_complete"]
    elif mark == JITI:
        imports += ["", "from jiti import jiti"]
    pieces = [top, _HEAD.format(name=name, number=number, imports="\n".join(imports))]
    inside = ""
    for owner, function, kind, stub in definitions(number):
        if owner != inside:
            pieces.append(_CLASS.format(letter=owner[-1], number=number))
            inside = owner
        pieces.append(_function_text(owner, kind.text(function, number), mark if stub else ""))
    return "".join(pieces)


def _function_text(owner: str, text: tuple[str, str], mark: str) -> str:
    """A function with its body, or without where `mark` makes it a stub."""
    head, body = text
    before = {"comment": "# jitc: complete\n", "decorator": "@llm_complete\n", JITI: "@jiti\n"}.get(mark, "")
    ending = "    ...\n" if mark == JITI else "" if before or mark == "all" else body
    function = f"{before}{head}{ending}"
    if owner:
        return "".join(f"    {line}" if line.strip() else line for line in function.splitlines(keepends=True)) + "\n"
    return f"\n{function}\n"


def complete_set(folder: str, count: int) -> None:
    """Have the product itself complete the marked modules, once, against a scripted server on this machine."""
    with ScriptedServer(_script(count)) as server:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("JITC_", "OPENAI_"))},
            "PYTHONPATH": ROOT,
            "OPENAI_BASE_URL": server.url,
            "OPENAI_API_KEY": "none",
            "JITC_MODEL": "scripted",
            "JITC_MODE": "auto",
            "JITC_VERIFY": "static",
            "JITC_MAX_CALLS": "100000",
        }
        command = [sys.executable, "-m", "jitc_import", "complete", folder]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the modules could not be completed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def _script(count: int) -> Callable[[dict[str, object]], str]:
    """Answers each request with the bodies of the module it is about."""
    scripts: dict[str, Callable[[dict[str, object]], str]] = {}

    def answer(request: dict[str, object]) -> str:
        found = re.search(rf"Module {PREFIX}(\d+):", str(request["messages"]))
        number = int(found[1]) if found else count
        name = f"{PREFIX}{number}"
        if name not in scripts:
            scripts[name] = script_from(module_text(name, number, HAND))
        return scripts[name](request)

    return answer
