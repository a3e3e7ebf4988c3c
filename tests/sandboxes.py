"""What tests of the sandbox share: a module with candidate bodies, jobs on it, and what is left of processes."""

from __future__ import annotations

import marshal
import os
import sys
import textwrap
from pathlib import Path

from jitc_import.checks.sandbox.session import Job, Limits, Outcome, Sandbox, Snippet

LIMITS = Limits(seconds=30.0, memory=256 << 20, output=64 << 10)
PATH = [entry for entry in sys.path if "site-packages" in entry]


def sandbox(
    path: Path, name: str | None = None, *imports: str, root: Path | None = None, limits: Limits = LIMITS
) -> Sandbox:
    """A sandbox for the module at `path`, with its folder, or `root`, in front of what is installed."""
    return Sandbox(str(path), name or path.stem, [str(root or path.parent), *PATH], imports, limits)


def job(path: Path, *snippets: str, source: str | None = None, stop_at_failure: bool = False) -> Job:
    """A job on the module at `path`, or on another `source` for it, whose bodies are all its own."""
    text = path.read_text(encoding="utf-8") if source is None else textwrap.dedent(source)
    code = marshal.dumps(compile(text, str(path), "exec", dont_inherit=True))
    return Job(code, text, str(path), tuple(map(Snippet, snippets)), stop_at_failure)


def body(text: str) -> str:
    """A module with one function, `f`, whose body is `text`."""
    return f"import os, sys, time\n\ndef f():\n{textwrap.indent(textwrap.dedent(text).strip(), '    ')}\n"


def outputs(outcome: Outcome) -> list[str]:
    """What the snippets of a job that ended well printed."""
    assert (outcome.ended, outcome.import_failure) == (None, None)
    assert [ran.exception for ran in outcome.ran] == [None] * len(outcome.ran)
    return [ran.output for ran in outcome.ran]


def children_of(pid: int) -> list[int]:
    """The processes below one, as the system lists them; ended ones that nobody took leave of too."""
    parents = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            parents[int(entry)] = int(Path("/proc", entry, "stat").read_bytes().rpartition(b")")[2].split()[1])
        except OSError:
            continue
    found = [child for child, parent in parents.items() if parent == pid]
    return found + [below for child in found for below in children_of(child)]
