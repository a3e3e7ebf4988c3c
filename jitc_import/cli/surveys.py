"""What several commands need: the surveys of the modules that a command line names."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitc_import.errors import JitcImportError
from jitc_import.heldout import stub_examples
from jitc_import.settings import load_settings
from jitc_import.settle import mend
from jitc_import.store.files import companion_path
from jitc_import.store.states import State
from jitc_import.survey import survey_source
from jitc_import.targets import find_targets

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from jitc_import.settings import Settings
    from jitc_import.survey import Survey
    from jitc_import.targets import Target


@dataclass(frozen=True)
class Surveyed:
    """A module that has stubs or marks: its survey, or the error that stands in the way."""

    target: Target
    settings: Settings
    survey: Survey | None
    error: str | None = None


def add_paths(parser: argparse.ArgumentParser) -> None:
    """The positional argument that names modules."""
    parser.add_argument(
        "paths", nargs="*", default=["."], metavar="PATH", help="files, folders or module names (default: this folder)"
    )


def survey_all(
    paths: Sequence[str], overrides: dict[str, object], *, mending: bool = False, mocks: bool = False
) -> Iterator[Surveyed]:
    """Survey each module that `paths` name and that says anything to us; says on stderr what imports will not look at.

    With `mending`, companion files that are cut off are cut down to their whole sections first; with `mocks`, modules
    count that have mocked functions and no stubs.
    Raises TargetError for a path that is not there and SettingsError for a wrong setting.
    """
    for target in find_targets(paths):
        with open(target.path, "rb") as file:
            source = file.read()
        if b"jitc" not in source.lower():
            continue
        surveyed = _survey(target, source, load_settings(target.path, **overrides), mending=mending)
        if surveyed.survey:
            for warning in surveyed.survey.module.warnings:
                print(f"jitc: warning: {warning}", file=sys.stderr)
        survey = surveyed.survey
        if surveyed.error or (survey and (survey.standings or (mocks and survey.module.mocks))):
            yield surveyed


def untried_in(survey: Survey, settings: Settings) -> list[str]:
    """The keys of stubs with examples on which their body was never tried, though the settings ask for that."""
    if settings.verify != "full":
        return []
    kept = [(one.stub, one.section) for one in survey.standings if one.section and one.state is State.FRESH]
    return [stub.key for stub, section in kept if not section.confined and stub_examples(stub).good]


def say_untried(bodies: int, paths: Sequence[str]) -> None:
    """Say of so many bodies that examples are there on which they were never tried, and what to do."""
    if bodies:
        told = "1 body was never tried on the examples of its stub"
        told = told if bodies == 1 else f"{bodies} bodies were never tried on the examples of their stubs"
        print(f"jitc: {told}; to do that: python -m jitc_import check --run", *paths, file=sys.stderr)


def _survey(target: Target, source: bytes, settings: Settings, *, mending: bool) -> Surveyed:
    try:
        if mending and (mended := mend(companion_path(target.path), settings)):
            print(f"jitc: {mended}", file=sys.stderr)
        return Surveyed(target, settings, survey_source(source, target.path, target.name, settings))
    except SyntaxError as error:
        return Surveyed(target, settings, None, f"{target.path}:{error.lineno}: {error.msg} (SyntaxError)")
    except JitcImportError as error:
        return Surveyed(target, settings, None, str(error))
