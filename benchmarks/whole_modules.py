"""Whole modules of interdependent stubs, completed in one pass through the command line, judged by hidden checks.

$ OPENAI_BASE_URL=… OPENAI_API_KEY=… JITC_MODEL=… python benchmarks/whole_modules.py run --out tool.jsonl
$ … python benchmarks/whole_modules.py run --baseline --out baseline.jsonl     # one zero-shot try, no check is run
$ python benchmarks/whole_modules.py report tool.jsonl baseline.jsonl

The tool sees a folder with the module of stubs and nothing else. A stub is right if the checks that name it pass in
the module as it was completed, or with its body alone among the reference bodies: what a sibling does wrong is not
held against it. A module is right if all its checks pass in it as it was completed. A run that was stopped goes on
where it was: what stands in the file is not asked again.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

MODULES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "modules")
sys.path[:0] = [MODULES]

import assembly  # noqa: E402 -- the path to it is set above
from meter import Meter  # noqa: E402
from report import print_report  # noqa: E402

Record = dict[str, Any]

BASELINE = {
    "JITC_VERIFY": "static",
    "JITC_REPAIRS": "0",
    "JITC_CANDIDATES": "1",
    "JITC_ON_UNVERIFIED": "keep",
}
"""One pass over the module, no check of a body run, whatever came back kept."""

DEFAULTS = {"JITC_TIMEOUT": "900", "OPENAI_BASE_URL": "https://api.openai.com/v1"}
"""Where the environment says nothing; a small model needs minutes for a module."""

USABLE = ("fresh", "edited")
JUDGE_SECONDS, CHECK_SECONDS = 60.0, 5.0


def main() -> None:
    """Run or report, as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("run", help="complete and judge modules")
    run.add_argument("--out", required=True, help="JSON lines, one a module; modules in it are left out")
    run.add_argument("--baseline", action="store_true", help="one zero-shot try")
    run.add_argument("--label", help="what to call this run in the report (tool or baseline)")
    run.add_argument("--only", nargs="+", metavar="MODULE", choices=assembly.names(), default=assembly.names())
    run.add_argument("--jobs", type=int, default=1, help="modules at a time")
    run.add_argument("--limit", type=float, default=7200, help="seconds that a module may take")
    run.add_argument("--keep", metavar="FOLDER", help="keep the completed modules here")
    run.set_defaults(command=run_modules)
    report = commands.add_parser("report", help="tables of runs, in pairs where there are several")
    report.add_argument("files", nargs="+")
    report.set_defaults(command=lambda arguments: print_report(_records(arguments.files)))
    arguments = parser.parse_args()
    arguments.command(arguments)


def run_modules(arguments: argparse.Namespace) -> None:
    """Complete and judge what is not in the file yet, and print the table."""
    label = arguments.label or ("baseline" if arguments.baseline else "tool")
    done = {record["module"] for record in _records([arguments.out]) if record["label"] == label}
    lock = threading.Lock()

    def one(name: str) -> None:
        record = {"label": label, **measure(name, arguments)}
        with lock:
            if not record["answered"]:
                print(f"{name}: not measured, no reply: {record['said']}", file=sys.stderr)
                return
            with open(arguments.out, "a", encoding="utf-8") as file:
                file.write(json.dumps(record) + "\n")
            right = sum(stub["right"] for stub in record["stubs"])
            print(f"{name}: {right} of {len(record['stubs'])} right, {record['seconds']:.0f} s", flush=True)

    with ThreadPoolExecutor(arguments.jobs) as pool:
        list(pool.map(one, [name for name in arguments.only if name not in done]))
    print_report(_records([arguments.out]))


def measure(name: str, arguments: argparse.Namespace) -> Record:
    """Complete one module in a scratch folder and judge what came of it."""
    environment = {**DEFAULTS, **_environment(), **(BASELINE if arguments.baseline else {})}
    with tempfile.TemporaryDirectory() as folder, Meter(environment["OPENAI_BASE_URL"]) as meter:
        environment["OPENAI_BASE_URL"] = meter.url
        shutil.copy(assembly.stub_path(name), folder)
        begun = time.monotonic()
        code, said = _tool(["complete", f"{name}.py"], folder, environment, arguments.limit)
        seconds = time.monotonic() - begun
        status = json.loads(_tool(["status", "--json", f"{name}.py"], folder, environment, 60)[1])
        record = {
            "module": name,
            "model": environment.get("JITC_MODEL"),
            **{count: getattr(meter, count) for count in ("requests", "answered", "tokens_in", "tokens_out")},
            "seconds": round(seconds, 1),
            "exit": code,
            "said": said[-1000:],
            **judge(name, folder, status[0]["stubs"]),
        }
        if arguments.keep:
            shutil.copytree(folder, os.path.join(arguments.keep, name), dirs_exist_ok=True)
    return record


def _environment() -> dict[str, str]:
    """What the tool is told: settings and what any process needs, nothing of the place where the benchmark lies."""
    kept = ("JITC_", "OPENAI_", "LANG", "LC_", "TMP")
    named = ("PATH", "HOME")
    told = {key: value for key, value in os.environ.items() if key in named or key.startswith(kept)}
    return {**told, "PYTHONPATH": assembly.ROOT}


def _tool(command: list[str], folder: str, environment: dict[str, str], limit: float) -> tuple[int, str]:
    """Run the command line in a folder; returns its exit code (124 where it took too long) and all it said."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "jitc_import", *command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=None if command[0] == "status" else subprocess.STDOUT,
            encoding="utf-8",
            timeout=limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return 124, f"not done within {limit:g} s"
    return done.returncode, done.stdout


def judge(name: str, folder: str, stubs: list[Record]) -> Record:
    """Whether the completed module is right, and each of its stubs, which are given as `status` tells them."""
    results = judge_folder(name, folder)
    failures = _failures(results)
    companion = os.path.join(folder, "__jitc__", f"{name}.jitc.py")
    bodies = assembly.bodies_of(assembly.read(companion)) if os.path.exists(companion) else {}
    judged = [_judged(name, stub, bodies, failures, in_place=bool(results)) for stub in stubs]
    whole = bool(results) and not failures and all(stub["body"] for stub in judged)
    return {"right": whole, "stubs": judged}


def _judged(
    name: str, stub: Record, bodies: dict[str, assembly.Body], failures: dict[str, str], *, in_place: bool
) -> Record:
    key = stub["key"]
    has_body = stub["state"] in USABLE and key in bodies
    right = in_place and has_body and key not in failures
    why, alone = None if right else "no body", None
    if has_body and not right:
        text = assembly.assembled(name, {**assembly.reference(name), key: bodies[key]})
        results = judge_text(name, text)
        why = _failures(results).get(key) if results else "it cannot be run"
        alone = why is None
    return {**stub, "body": has_body, "in_place": right, "alone": alone, "right": right or bool(alone), "why": why}


def judge_folder(name: str, folder: str) -> list[Record]:
    """What each check says of the module completed in a folder, imported in locked mode; empty if it cannot be."""
    return _judge({"name": name, "folder": folder})


def judge_text(name: str, text: str) -> list[Record]:
    """What each check says of a module's source; empty if it cannot be run."""
    return _judge({"name": name, "text": text})


def _judge(job: Record) -> list[Record]:
    """The results of a job in a process of its own; checks that were not come to have failed."""
    job = {**job, "checks": assembly.checks_path(job["name"]), "seconds": CHECK_SECONDS}
    environment = {"PATH": os.environ.get("PATH", ""), "JITC_MODE": "locked"}
    child = subprocess.Popen(
        [sys.executable, "-I", "-B", os.path.join(MODULES, "judge.py")],
        env=environment,
        cwd=job.get("folder"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        start_new_session=True,
    )
    timer = threading.Timer(JUDGE_SECONDS, os.killpg, (child.pid, 9))
    timer.start()
    try:
        told, _ = child.communicate(json.dumps(job))
    finally:
        timer.cancel()
    planned, *results = [json.loads(line) for line in told.splitlines()] or [[]]
    ended = {"failure": "the process ended before it was through"}
    return [*results, *({**plan, **ended} for plan in planned[len(results) :])]


def _failures(results: list[Record]) -> dict[str, str]:
    """How the first check failed that names a stub, by key."""
    failures: dict[str, str] = {}
    for result in results:
        for key in result["stubs"] if result["failure"] else ():
            failures.setdefault(key, f"{result['check']}: {result['failure']}")
    return failures


def _records(files: list[str]) -> list[Record]:
    records = []
    for path in filter(os.path.exists, files):
        records += [json.loads(line) for line in assembly.read(path).splitlines()]
    return records


if __name__ == "__main__":
    main()
