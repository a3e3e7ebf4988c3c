"""Bringing a companion file up to date where no model is needed: `complete` does it, imports never do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jitc_import.progress import name_stubs
from jitc_import.ready import made_ready
from jitc_import.store.companion import Companion, read_companion, recover_companion, write_companion
from jitc_import.store.keep import updated
from jitc_import.store.layout import CutOffError
from jitc_import.store.lock import companion_lock
from jitc_import.store.states import State
from jitc_import.survey import survey_module

if TYPE_CHECKING:
    from jitc_import.settings import Settings
    from jitc_import.survey import Survey


def mend(path: str, settings: Settings) -> str | None:
    """Cut a companion file that lacks its end down to its whole sections; returns what was done, None if nothing.

    Raises StoreError for a file that is broken in another way.
    """
    try:
        read_companion(path)
    except CutOffError:
        with companion_lock(path, settings.lock_timeout):
            whole = recover_companion(path) or Companion(path, None)
            write_companion(whole)
        return f"{path} was cut off; kept: {name_stubs([section.key for section in whole.sections])}"
    return None


def settle(survey: Survey, settings: Settings, *, keep_edited: bool = False, forget_failures: bool = False) -> Survey:
    """Record the source's digest once all stubs have bodies, and what sections are unused.

    With `keep_edited` an edited body whose stub changed since counts as written for the stub as it is now; with
    `forget_failures` all stubs that failed may be tried again, those too that only their decorators can try.
    """
    if survey.companion is None:
        return survey
    with companion_lock(survey.companion.path, settings.lock_timeout):
        survey = survey_module(survey.module, settings)
        if survey.companion is None:
            return survey
        companion = _accept_edited(survey, survey.companion) if keep_edited else survey.companion
        if forget_failures:
            companion = replace(companion, sections=tuple(one for one in companion.sections if one.code))
        renewed = made_ready(updated(companion, survey.module, {}, {}, settings.fingerprint()), survey.module)
        if renewed != survey.companion:
            write_companion(renewed)
            survey = survey_module(survey.module, settings)
    return survey


def _accept_edited(survey: Survey, companion: Companion) -> Companion:
    specs = {
        standing.section.key: standing.stub.spec
        for standing in survey.standings
        if standing.section and standing.state is State.CONFLICT
    }
    sections = tuple(replace(section, spec=specs.get(section.key, section.spec)) for section in companion.sections)
    return replace(companion, sections=sections)
