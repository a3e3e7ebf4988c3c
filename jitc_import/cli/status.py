"""`status`: how each stub stands, as a table or as JSON; nothing is run or sent."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from dataclasses import asdict
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, Any

from jitc_import.cli.surveys import add_paths, survey_all
from jitc_import.errors import StoreError
from jitc_import.progress import counted
from jitc_import.recorded import broken_records
from jitc_import.store.records import read_records, records_path
from jitc_import.store.sections import Section

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from jitc_import.cli.surveys import Surveyed
    from jitc_import.store.sections import Spent
    from jitc_import.survey import Standing

_NO_SECTION = Section("", "")

COLUMNS = ("stub", "state", "line", "trust", "model", "checked", "effects", "spent")

COLOURS = {"fresh": "green", "edited": "cyan", "missing": "yellow", "stale": "yellow"}
"""States that a table shows in another colour than red."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("status", help="show how each stub stands", description=__doc__)
    add_paths(parser)
    parser.add_argument("--json", action="store_true", help="as JSON on stdout")
    parser.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Show the stubs that the arguments name; returns 1 where a module or its recorded calls could not be read."""
    surveys = list(survey_all(arguments.paths, {}, mocks=True))
    if arguments.json:
        print(json.dumps([_record(surveyed) for surveyed in surveys], indent=2))
    else:
        _print_table(surveys)
    return 1 if any(surveyed.error or broken_records(surveyed.target.path) for surveyed in surveys) else 0


def _record(surveyed: Surveyed) -> dict[str, Any]:
    record: dict[str, Any] = {"module": surveyed.target.name, "path": surveyed.target.path}
    if surveyed.survey is None:
        return {**record, "error": surveyed.error}
    survey, recorded = surveyed.survey, _recorded(surveyed)
    broken = broken_records(surveyed.target.path)
    mocks = [
        {"key": mock.key, "line": mock.line, "recorded": None if broken else recorded[mock.key]}
        for mock in survey.module.mocks
    ]
    told = {"stubs": [_stub_record(standing) for standing in survey.standings], "mocks": mocks}
    return {**record, **told, "broken_records": broken} if broken else {**record, **told}


def _recorded(surveyed: Surveyed) -> Counter[str]:
    """How many calls of each mock are recorded; none where the file cannot be read."""
    try:
        return Counter(record.function for record in read_records(records_path(surveyed.target.path)))
    except StoreError:
        return Counter()


def _stub_record(standing: Standing) -> dict[str, Any]:
    record: dict[str, Any] = {
        "key": standing.stub.key,
        "line": standing.stub.line,
        "state": standing.state.value,
    }
    section = standing.section or _NO_SECTION
    return {
        **record,
        "model": section.model if standing.section else None,
        "checked": list(section.checked),
        "verified": section.verified,
        "effects": section.effects or None,
        "confined": section.confined or None,
        "date": section.date if standing.section else None,
        "failure": section.failure,
        **asdict(section.spent),
    }


def _print_table(surveys: Sequence[Surveyed]) -> None:
    """Print a table, in parts where messages stand between its rows; the parts have the same columns if they can."""
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    rows = list(_rows(surveys))
    columns = zip_longest(COLUMNS, *(row for row in rows if not isinstance(row, str)), fillvalue="")
    widths = [max(cell_len(Text.from_markup(cell).plain) for cell in column) for column in columns]
    fits = sum(widths) + len(widths) <= console.width
    for number, (is_message, part) in enumerate(groupby(rows, lambda row: isinstance(row, str))):
        if is_message:
            console.print(*part, sep="\n", soft_wrap=True)
            continue
        table = Table(box=None, pad_edge=False, header_style="bold", show_header=number == 0)
        for name, width in zip(COLUMNS, widths, strict=True):
            table.add_column(name, min_width=width if fits else None)
        for row in part:
            table.add_row(*row)
        console.print(table)
    console.print(_summary(surveys))


def _rows(surveys: Sequence[Surveyed]) -> Iterator[tuple[str, ...] | str]:
    """The rows of the table, and messages, which stand below the row that they are about."""
    from rich.markup import escape

    for surveyed in surveys:
        yield (f"[bold]{escape(_shown(surveyed.target.path))}[/bold]",)
        if surveyed.survey is None:
            yield f"  [red]{escape(surveyed.error or '')}[/red]"
            continue
        for standing in surveyed.survey.standings:
            colour, section = COLOURS.get(standing.state.value, "red"), standing.section
            checked = (section.failure or ", ".join(section.checked)) if section else ""
            spent = _spent(section.spent) if section else ""
            yield (
                f"  {escape(standing.stub.key)}",
                f"[{colour}]{standing.state.value}[/{colour}]",
                str(standing.stub.line),
                section.trust if section else "",
                escape(section.model or "") if section else "",
                escape(checked),
                escape(section.effects) if section else "",
                spent,
            )
        recorded, broken = _recorded(surveyed), broken_records(surveyed.target.path)
        if broken:
            yield f"  [red]{escape(broken)}[/red]"
        for mock in surveyed.survey.module.mocks:
            told = "" if broken else counted(recorded[mock.key], "recorded call")
            yield f"  {escape(mock.key)}", "[blue]mock[/blue]", str(mock.line), "", "", told, "", ""


def _spent(spent: Spent) -> str:
    """What a stub took, in words; empty where that was not recorded."""
    if not spent.requests:
        return ""
    asked = counted(spent.requests, "request")
    if spent.shared_by > 1:  # what was asked for later may have been shared by fewer
        asked += f"{', the first' * (spent.requests > 1)} shared by {spent.shared_by} stubs"
    return f"{asked}, {spent.tokens_in + spent.tokens_out} tokens, {spent.seconds:.0f} s"


def _summary(surveys: Sequence[Surveyed]) -> str:
    found = [surveyed.survey for surveyed in surveys if surveyed.survey]
    states = [standing.state.value for survey in found for standing in survey.standings]
    mocks = sum(len(survey.module.mocks) for survey in found)
    counts = ", ".join(f"{states.count(state)} {state}" for state in sorted(set(states)))
    shown = f"{counted(len(states), 'stub')} in {counted(len(surveys), 'module')}"
    told = f"{shown}: {counts}" if counts else shown
    return f"{told}; {counted(mocks, 'mock')}" if mocks else told


def _shown(path: str) -> str:
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative
