"""The road of a module: what is missing is asked of a model, judged, and kept.

    survey      which stubs lack a body
    turns       which models are asked: mostly one, else each for what those before it failed
    ask         one request for all of them; what fails goes back with the reason
    judge       is each candidate acceptable
    keep        the accepted bodies go into the companion file, at once

`complete_for_import` is what the import hook calls, `complete_module` what everything else does.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from jitc_import import explain
from jitc_import.errors import EndpointError
from jitc_import.heldout import shown_part
from jitc_import.judging.judge import Judge
from jitc_import.progress import display
from jitc_import.prompting import first_prompts
from jitc_import.road import Road
from jitc_import.search import Search
from jitc_import.settings import load_settings
from jitc_import.store.companion import companion_path, ensure_writable
from jitc_import.store.lock import companion_lock
from jitc_import.survey import survey_module, survey_source
from jitc_import.turns import turns
from jitc_import.wish import PLAIN_WISH, wanted_stubs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitc_import.candidacy import Candidacy
    from jitc_import.progress import Display
    from jitc_import.prompting import Prompt
    from jitc_import.settings import Settings
    from jitc_import.source.stubs import SourceModule, Stub
    from jitc_import.survey import Survey
    from jitc_import.turns import Turn
    from jitc_import.wish import Wish


def complete_for_import(
    source: bytes, path: str, name: str, first: Callable[[SourceModule], None] | None = None
) -> dict[str, str]:
    """See to it that the companion file of a module holds a body for each stub.

    Where a model is to be asked, `first` is called before: it may complete what the module imports.
    Returns for each stub's key the address of its section; stubs whose decorator completes them when it runs may lack
    one. Raises JitcImportError where a stub stays without a body, SyntaxError for what is no Python.
    """
    settings = load_settings(path)
    survey = survey_source(source, path, name, settings)
    return complete_module(survey, settings, first=first).addresses


def complete_module(
    survey: Survey,
    settings: Settings,
    wish: Wish = PLAIN_WISH,
    shown: Display | None = None,
    first: Callable[[SourceModule], None] | None = None,
) -> Survey:
    """Complete the stubs of a module that lack a body, and survey it again; `first` as for `complete_for_import`.

    Raises CompletionError (LockedError, EndpointError, BudgetError) that names each stub left without a body, and
    StoreError where the companion file cannot be kept. What was accepted before is kept in every case.
    """
    if not wanted_stubs(survey, wish):
        explain.refuse_unusable(survey, wish)
        return survey
    if settings.mode == "locked" or (settings.mode == "review" and not sys.stdin.isatty()):
        raise explain.locked(survey, wanted_stubs(survey, wish), settings)
    path = companion_path(survey.module.path)
    ensure_writable(path)
    if first:
        first(survey.module)  # while no lock is held: two processes may come along a circle from both its ends
    with companion_lock(path, settings.lock_timeout):
        survey = survey_module(survey.module, settings)  # another process may have completed it meanwhile
        if stubs := wanted_stubs(survey, wish):
            survey = _travel(survey, stubs, settings, wish, shown or display())
    explain.refuse_unusable(survey, wish)
    return survey


def prompts_for(module: SourceModule, stubs: Sequence[Stub], settings: Settings, wish: Wish) -> list[Prompt]:
    """The first requests for some stubs of a module, as they will be sent."""
    return first_prompts(module, stubs, settings, wish.options, shown_part)


def _travel(survey: Survey, stubs: Sequence[Stub], settings: Settings, wish: Wish, shown: Display) -> Survey:
    """Complete `stubs`, and survey their module again; what stays without a body is kept as failed.

    Where several models are set, each is asked for what those before it failed.
    """
    tried: dict[str, Candidacy] = {}
    with Judge(survey, settings, shown) as judge:
        for turn in turns(settings, wish):
            asked = [stub for stub in stubs if turn.takes(stub, tried)]
            if asked:
                survey = _take_turn(turn, asked, Road(survey, settings, wish, shown, turn.client, judge), tried)
    return survey


def _take_turn(turn: Turn, stubs: Sequence[Stub], road: Road, tried: dict[str, Candidacy]) -> Survey:
    """Have one model complete stubs; what it tried is added to `tried`. Returns the survey of what came of it.

    Where its endpoint does not answer, that is said, and its turn is over; raises EndpointError if it was the last.
    """
    explain.say_where_requests_go(turn.client.settings, road.shown)
    with road.tracked(stubs):
        for prompt in prompts_for(road.module, stubs, road.settings, road.wish):
            last = turn.is_last_for(prompt.stubs[0])
            search = Search(prompt, road, tried)
            tried.update(search.candidacies)
            try:
                search.run()
            except EndpointError as error:
                if last:
                    raise
                road.shown.say(f"{error}; next {turn.after} is asked")
                continue
            if last:
                road.fail(search.conclude())  # at once: the next request may meet an endpoint that is down
    return road.survey
