"""A problem through the tool's public face: a marked module, `complete` in its own process, and `status --json`."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any

from judging import PASSED, ROOT, judge_completed

if TYPE_CHECKING:
    from human_eval_set import Problem

JITC = (sys.executable, "-m", "jitc_import")

VERIFYING = re.compile(r"(examples|tests)\b(?! 0/)")
"""What a check is called that ran something of the user's against the body."""

OUT_OF_TIME = -1000
"""What stands for the exit code of a process whose time was over."""

GRACE = 20.0
"""Seconds that a process has to end when it is interrupted."""

_TOKENS = re.compile(r"^# tokens: (\d+) read, (\d+) written", re.MULTILINE)
_TRIES = re.compile(r"^# tries: (\d+) requests?, (\d+) candidates?", re.MULTILINE)


class NoAnswerError(Exception):
    """The tool ended without a body and without a verdict: nothing that says how good it is."""


def complete(problem: Problem, work: str, model: str | None, timeout: float) -> dict[str, Any]:
    """Have the problem completed, and judge what came of it, ready for JSON.

    `timeout` is in seconds, for the whole of it; `model` None means that of the environment.
    Raises NoAnswerError where neither a body nor a failure was recorded.
    """
    home = _written(problem, work)
    path = os.path.join(home, f"{problem.module}.py")
    settings = {"JITC_MODEL": model} if model else {}
    begun = time.monotonic()
    code, said = _complete(path, settings, timeout)
    seconds = round(time.monotonic() - begun, 1)
    stub = _status(problem, path)
    belief = _belief(stub)
    if belief == "failed" and stub["state"] != "failed" and code != OUT_OF_TIME:
        raise NoAnswerError(said.strip()[-500:] or f"the stub is {stub['state']}")
    verdict = "no body" if belief == "failed" else judge_completed(problem, home)
    return {
        "solved": verdict == PASSED,
        "verdict": verdict,
        "belief": belief,
        **_spent(stub, _companion(problem, home)),
        "seconds": seconds,
        "settings": {name: value for name, value in os.environ.items() if name.startswith("JITC_")},
        "checked": stub["checked"],
        "failure": stub["failure"],
        "companion": _companion(problem, home),
        "said": said[-4000:],
    }


def _written(problem: Problem, work: str) -> str:
    """A new folder with nothing but the marked module; a project of its own, so that no settings file reaches it."""
    home = os.path.join(work, problem.module)
    shutil.rmtree(home, ignore_errors=True)
    os.makedirs(home)
    for name, text in (("pyproject.toml", ""), (f"{problem.module}.py", problem.marked())):
        with open(os.path.join(home, name), "w", encoding="utf-8") as file:
            file.write(text)
    return home


def _complete(path: str, settings: dict[str, str], timeout: float) -> tuple[int, str]:
    """Run `complete`; returns its exit code, OUT_OF_TIME after `timeout`, and what it said."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        environment = {**_environment(), **settings}
        child = subprocess.Popen(
            (*JITC, "complete", path), env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        code = _wait(child, timeout)
        output.seek(0)
        return code, output.read()


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": ROOT}


def _wait(child: subprocess.Popen[bytes], timeout: float | None) -> int:
    """The exit code of a child, which is interrupted after `timeout` seconds, as by Ctrl-C, so that it can clean up."""
    try:
        return child.wait(timeout)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGINT)
    try:
        child.wait(GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    return OUT_OF_TIME


def _status(problem: Problem, path: str) -> dict[str, Any]:
    """What `status --json` says of the stub."""
    command = (*JITC, "status", "--json", path)
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)
    try:
        stubs: list[dict[str, Any]] = json.loads(done.stdout)[0]["stubs"]
        return next(stub for stub in stubs if stub["key"] == problem.entry)
    except (ValueError, LookupError, StopIteration):
        said = (done.stdout + done.stderr)[-500:]
        raise NoAnswerError(f"status says nothing of the stub: {said}") from None


def _belief(stub: dict[str, Any]) -> str:
    """What the tool believes of the body: verified, unverified, or failed where there is none."""
    if stub["state"] != "fresh":
        return "failed"
    verified = stub.get("verified", any(VERIFYING.match(check) for check in stub["checked"]))
    return "verified" if verified else "unverified"


def _spent(stub: dict[str, Any], companion: str) -> dict[str, int | None]:
    """Requests, candidates and tokens: as status says, else as the companion file does, else None."""
    requests, candidates = _numbers(_TRIES, companion)
    tokens_in, tokens_out = _numbers(_TOKENS, companion)
    derived = {"requests": requests, "candidates": candidates, "tokens_in": tokens_in, "tokens_out": tokens_out}
    return {name: stub.get(name, value) for name, value in derived.items()}


def _numbers(pattern: re.Pattern[str], text: str) -> tuple[int | None, int | None]:
    found = pattern.search(text)
    return (int(found[1]), int(found[2])) if found else (None, None)


def _companion(problem: Problem, home: str) -> str:
    try:
        with open(os.path.join(home, "__jitc__", f"{problem.module}.jitc.py"), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""
