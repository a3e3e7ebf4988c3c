"""How many problems of HumanEval a model solves: by one plain request each, and through the tool.

    pip install --group bench
    export OPENAI_BASE_URL=… OPENAI_API_KEY=… JITC_MODEL=…
    python benchmarks/solve_rate.py baseline --every 5 --limit 30 --out baseline.jsonl
    python benchmarks/solve_rate.py tool --every 5 --limit 30 --out tool.jsonl
    python benchmarks/solve_rate.py report baseline.jsonl tool.jsonl

`baseline` sends each problem once (`zero_shot.py`). `tool` writes each as a marked module, has it completed by
`python -m jitc_import complete` with the settings of the environment (`JITC_REPAIRS`, `JITC_CANDIDATES`, …), and takes
what `status --json` says of it. In both, the benchmark's own tests then judge the result in another process
(`judging.py`).

A line of JSON is added to `--out` for each problem as it ends; a further run with the same file does what is missing.
A problem that got no answer (the endpoint is away, a key is wrong) has no line. The modules and companion files of the
tool stay in `--work`, by default beside `--out`. Without a selection all problems are meant; selections add up, and
`--limit` cuts what they give. What the columns of the tables say stands in `solve_report.py`.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import contextlib
import json
import os
import sys
from typing import TYPE_CHECKING, Any

import solve_report
import through_tool
import zero_shot
from human_eval_set import load_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from human_eval_set import Problem

    Record = dict[str, Any]


def main() -> int:
    """Run the mode that the command line names; returns 1 where a problem got no answer."""
    arguments = _arguments()
    if arguments.mode == "report":
        print(solve_report.report(*(_chosen(arguments, read(path)) for path in (arguments.baseline, arguments.tool))))
        return 0
    done = read(arguments.out)
    problems = load_problems()
    numbers = select(arguments, range(len(problems)))
    unanswered = run([problems[number] for number in numbers if number not in done], _way(arguments), arguments)
    done = read(arguments.out)
    print(solve_report.table([done[number] for number in numbers if number in done]))
    return 1 if unanswered else 0


def run(problems: Sequence[Problem], way: Callable[[Problem], Record], arguments: argparse.Namespace) -> int:
    """Go through the problems, several at a time, and keep each result at once; returns how many got no answer."""
    unanswered = 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as crew:
        under_way = {crew.submit(way, problem): problem for problem in problems}
        for future in concurrent.futures.as_completed(under_way):
            problem = under_way[future]
            try:
                found = future.result()
            except (through_tool.NoAnswerError, OSError, _openai_error()) as error:
                unanswered += 1
                print(f"{problem.module}: no answer: {error}", file=sys.stderr, flush=True)
                continue
            _keep(arguments, {"problem": problem.number, "entry": problem.entry, "model": arguments.model, **found})
    return unanswered


def read(path: str) -> dict[int, Record]:
    """The results in a file, by problem; none where it is not there. A line that a killed run left cut is nothing."""
    results: dict[int, Record] = {}
    if not os.path.exists(path):
        return results
    with open(path, encoding="utf-8") as file:
        for line in file:
            with contextlib.suppress(ValueError):
                record = json.loads(line)
                results[record["problem"]] = record
    return results


def select(arguments: argparse.Namespace, numbers: Sequence[int]) -> list[int]:
    """The numbers among these that the command line means."""
    steps = [arguments.every or 0, 2 if arguments.even else 0]
    meant = {number for step in steps if step for number in numbers if number % step == 0}
    meant.update(arguments.problems)
    chosen = [number for number in numbers if number in meant or not (any(steps) or arguments.problems)]
    return chosen[: arguments.limit]


def _chosen(arguments: argparse.Namespace, results: dict[int, Record]) -> dict[int, Record]:
    meant = select(arguments, range(max(results, default=0) + 1))
    return {number: results[number] for number in meant if number in results}


def _way(arguments: argparse.Namespace) -> Callable[[Problem], Record]:
    if arguments.mode == "baseline":
        return lambda problem: zero_shot.try_once(problem, arguments.model, arguments.timeout)
    work = os.path.abspath(arguments.work or f"{os.path.splitext(arguments.out)[0]}-modules")
    return lambda problem: through_tool.complete(problem, work, arguments.model, arguments.timeout)


def _keep(arguments: argparse.Namespace, record: Record) -> None:
    with open(arguments.out, "a+b") as file:
        file.seek(max(file.tell() - 1, 0))
        begin = b"\n" if file.read() not in (b"", b"\n") else b""  # a killed run may have left a line cut
        file.write(begin + json.dumps(record, ensure_ascii=False).encode() + b"\n")
    print(solve_report.line(record), file=sys.stderr, flush=True)


def _openai_error() -> type[Exception]:
    import openai

    return openai.OpenAIError


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    modes = parser.add_subparsers(dest="mode", required=True)
    for name in ("baseline", "tool"):
        mode = modes.add_parser(name)
        mode.add_argument("--out", required=True, metavar="FILE", help="where the results are, one JSON line a problem")
        mode.add_argument("--work", metavar="FOLDER", help="where the tool's modules are written")
        mode.add_argument("--model", default=os.environ.get("JITC_MODEL"), help="its name; default: JITC_MODEL")
        mode.add_argument("--jobs", type=int, default=1, metavar="N", help="problems at a time")
        mode.add_argument("--timeout", type=float, default=1800, metavar="SECONDS", help="for one problem")
    report = modes.add_parser("report")
    report.add_argument("baseline")
    report.add_argument("tool")
    for mode in modes.choices.values():
        mode.add_argument("--problems", type=_numbers, default=[], metavar="N,N,…")
        mode.add_argument("--every", type=int, metavar="N", help="each whose number N divides")
        mode.add_argument("--even", action="store_true", help="as --every 2")
        mode.add_argument("--limit", type=int, metavar="N", help="the first N of what is selected")
    arguments = parser.parse_args()
    if arguments.mode == "baseline" and not arguments.model:
        parser.error("the baseline needs --model or JITC_MODEL")
    return arguments


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


if __name__ == "__main__":
    sys.exit(main())
