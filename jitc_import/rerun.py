"""The checks of kept bodies, run again: as the settings, the tests and the checks are now. Nothing is asked."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jitc_import.candidacy import Candidacy
from jitc_import.inspection import Inspection
from jitc_import.judging.judge import Judge
from jitc_import.model.reply import Candidate
from jitc_import.ready import made_ready
from jitc_import.store.companion import write_companion
from jitc_import.store.keep import updated
from jitc_import.store.layout import find_definition
from jitc_import.store.lock import companion_lock
from jitc_import.store.sections import trust_in
from jitc_import.store.states import State
from jitc_import.survey import USABLE, survey_module
from jitc_import.tried import Tried

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jitc_import.progress import Display
    from jitc_import.settings import Settings
    from jitc_import.store.keep import Body
    from jitc_import.store.sections import Companion, Section
    from jitc_import.survey import Standing, Survey

_OPINIONS = ("agreement ", "the same text ", "doubtful: agreement ", "doubtful: 1 of ")
"""What begins notes on the other candidates that there were for a stub: they stay true."""


@dataclass(frozen=True)
class Rerun:
    """What came of it: how far each body may be trusted, and what is wrong with those that failed, by key."""

    trust: Mapping[str, str]
    problems: Mapping[str, str]


def run_again(survey: Survey, settings: Settings, shown: Display) -> Rerun:
    """Judge the bodies that a module has, all in place, and record what came of it beside those nobody edited.

    In `locked` mode nothing is recorded. Raises StoreError where the companion file cannot be read or written.
    """
    standings = [one for one in survey.standings if one.section and one.state in USABLE]
    candidacies = {one.stub.key: Candidacy(one.stub) for one in standings}
    inspection = Inspection(survey, settings)
    looked_at = _looked_at(inspection, standings)
    for key, found in looked_at.items():
        if isinstance(found, Tried):
            candidacies[key].add(found)
        else:
            candidacies[key].reject(found)
    sound = {key: found for key, found in looked_at.items() if isinstance(found, Tried) and found.flaw is None}
    with Judge(survey, settings, shown) as judge:
        for key, verdict in judge.verdicts({key: tried.body for key, tried in sound.items()}).items():
            sound[key].verdict = verdict
    bodies = {key: inspection.in_place(one.outcome(), {}) for key, one in candidacies.items() if one.chosen}
    if settings.mode != "locked":
        _record(survey, bodies, settings)
    problems = {key: one.problem for key, one in candidacies.items() if one.problem}
    trust = {key: trust_in(bodies[key].checked) if key in bodies else "unverified" for key in candidacies}
    return Rerun(trust, problems)


def _looked_at(inspection: Inspection, standings: list[Standing]) -> dict[str, Tried | str]:
    sections = {one.stub.key: one.section for one in standings if one.section}
    answers = {key: _as_answer(key, section) for key, section in sections.items()}
    authors = {key: section.model for key, section in sections.items()}
    return inspection.look(answers, authors, "")


def _as_answer(key: str, section: Section) -> Candidate:
    """A kept body as if a model had just written it."""
    definition = find_definition(ast.parse(section.code).body, section.key)
    assert definition is not None  # noqa: S101 -- reading the companion file has seen to that
    return Candidate(key, section.body, section.code, definition)


def _record(survey: Survey, bodies: Mapping[str, Body], settings: Settings) -> None:
    """Write what was checked into the companion file, unless that says it all already."""
    if survey.companion is None:
        return
    with companion_lock(survey.companion.path, settings.lock_timeout):
        before = survey_module(survey.module, settings)  # bodies may have been edited, or come, meanwhile
        if before.companion is None:
            return
        judged = {one.section: bodies[one.stub.key] for one in before.standings if _is_of(one, bodies)}
        after = _with_checks(before.companion, judged)
        if after != before.companion:
            after = updated(after, survey.module, {}, {}, settings.fingerprint())
            write_companion(made_ready(after, survey.module))


def _is_of(standing: Standing, bodies: Mapping[str, Body]) -> bool:
    body = bodies.get(standing.stub.key)
    return bool(body and standing.section and standing.state is State.FRESH and standing.section.body == body.text)


def _with_checks(companion: Companion, judged: Mapping[Section | None, Body]) -> Companion:
    sections = (_checked(one, judged[one]) if one in judged else one for one in companion.sections)
    return replace(companion, sections=tuple(sections))


def _checked(section: Section, body: Body) -> Section:
    """A section with what its body passed; what could not be run this time takes nothing away."""
    opinions = tuple(check for check in section.checked if check.startswith(_OPINIONS))
    checked = (*body.checked, *(opinions if "unverified" not in body.checked else ()))
    if trust_in(body.checked) == "unchecked" and section.trust != "unchecked":
        return section
    return replace(section, checked=checked, effects=body.effects, confined=body.confined)
