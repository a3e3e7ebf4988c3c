"""`check`: exit 1 unless every stub has a body that runs as it is; needs no key and sends nothing.

With `--run` it runs the checks of the bodies again, as the settings and the tests are now, and records what came of it.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

from jitc_import.cli.surveys import add_paths, say_untried, survey_all, untried_in
from jitc_import.explain import set_in
from jitc_import.progress import counted, display
from jitc_import.survey import USABLE

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from jitc_import.cli.surveys import Surveyed


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("check", help="exit 1 unless all stubs have fresh bodies", description=__doc__)
    add_paths(parser)
    parser.add_argument("--run", action="store_true", help="run the checks of the bodies again")
    parser.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Name each stub without a usable body, or whose body fails its checks; returns 1 if there is one."""
    surveys = list(survey_all(arguments.paths, {"verify": "full"} if arguments.run else {}))
    problems = [problem for surveyed in surveys for problem in _problems(surveyed)]
    trust: Counter[str] = Counter()
    if arguments.run:
        for surveyed in surveys:
            problems += _failing(surveyed, trust)
    for problem in problems:
        print(problem)
    if any(surveyed.survey and not surveyed.survey.settled for surveyed in surveys):
        print("jitc: next: python -m jitc_import complete", *arguments.paths, file=sys.stderr)
    if not problems:
        stubs = sum(len(surveyed.survey.standings) for surveyed in surveys if surveyed.survey)
        print(f"jitc: {counted(stubs, 'stub')} in {counted(len(surveys), 'module')}, all with bodies", file=sys.stderr)
    _say_of_checks(surveys, trust, arguments)
    return 1 if problems else 0


def _say_of_checks(surveys: Sequence[Surveyed], trust: Counter[str], arguments: argparse.Namespace) -> None:
    """Say how far the bodies may be trusted that were run again, or how many might be."""
    if arguments.run:
        told = ", ".join(f"{count} {name}" for name, count in trust.most_common()) or "none"
        print(f"jitc: bodies: {told}", file=sys.stderr)
    else:
        untried = sum(len(untried_in(one.survey, one.settings)) for one in surveys if one.survey)
        say_untried(untried, arguments.paths)


def _failing(surveyed: Surveyed, trust: Counter[str]) -> Iterator[str]:
    """Run the checks of the bodies of a module; what failed, in words. Adds to `trust` how far each may be trusted."""
    from jitc_import.rerun import run_again

    if surveyed.survey is None:
        return
    rerun = run_again(surveyed.survey, surveyed.settings, display())
    trust.update(rerun.trust.values())
    lines = {one.stub.key: one.stub.line for one in surveyed.survey.standings}
    for key, problem in rerun.problems.items():
        yield f"{surveyed.target.path}:{lines[key]}: {key} fails its checks: {set_in(problem)}"


def _problems(surveyed: Surveyed) -> Iterator[str]:
    if surveyed.survey is None:
        yield surveyed.error or ""
        return
    for standing in surveyed.survey.standings:
        if standing.state not in USABLE:
            failure = standing.section.failure if standing.section else None
            why = f": {set_in(failure)}" if failure else ""
            yield f"{surveyed.target.path}:{standing.stub.line}: {standing.stub.key} is {standing.state.value}{why}"
