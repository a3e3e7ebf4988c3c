"""`check`: exit 1 unless every stub has a body that runs as it is; needs no key and sends nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from jitc_import.cli.surveys import add_paths, survey_all
from jitc_import.explain import set_in
from jitc_import.progress import counted
from jitc_import.survey import USABLE

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from jitc_import.cli.surveys import Surveyed


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("check", help="exit 1 unless all stubs have fresh bodies", description=__doc__)
    add_paths(parser)
    parser.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Name each stub without a usable body; returns 1 if there is one."""
    surveys = list(survey_all(arguments.paths, {}))
    problems = [problem for surveyed in surveys for problem in _problems(surveyed)]
    for problem in problems:
        print(problem)
    stubs = sum(len(surveyed.survey.standings) for surveyed in surveys if surveyed.survey)
    if problems:
        if any(surveyed.survey and not surveyed.survey.settled for surveyed in surveys):
            print("jitc: next: python -m jitc_import complete", *arguments.paths, file=sys.stderr)
        return 1
    print(f"jitc: {counted(stubs, 'stub')} in {counted(len(surveys), 'module')}, all with bodies", file=sys.stderr)
    return 0


def _problems(surveyed: Surveyed) -> Iterator[str]:
    if surveyed.survey is None:
        yield surveyed.error or ""
        return
    for standing in surveyed.survey.standings:
        if standing.state not in USABLE:
            failure = standing.section.failure if standing.section else None
            why = f": {set_in(failure)}" if failure else ""
            yield f"{surveyed.target.path}:{standing.stub.line}: {standing.stub.key} is {standing.state.value}{why}"
