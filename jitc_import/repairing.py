"""The request for other bodies: the first one again, the bodies as they are now, and what is wrong with some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitc_import.model.prompts import definitions_block, repair_messages
from jitc_import.model.secrets import find_secrets
from jitc_import.prompting import PROMPT_SHARE, Prompt
from jitc_import.store.skeleton import render_definition

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jitc_import.candidacy import Candidacy
    from jitc_import.road import Road


def repair_prompt(
    first: Prompt, asked: Sequence[Candidacy], known: Iterable[Candidacy], last_reply: str, road: Road
) -> Prompt:
    """A request for other bodies of the stubs `asked`, with the evidence; a new one where that has no room.

    `known` are the candidacies of all stubs of the request `first`, `last_reply` is what came last.
    """
    stubs = tuple(one.stub for one in asked)
    failures = {one.stub.key: _without_secrets(one.latest_problem + one.recollection) for one in asked}
    shown = _shown_reply(asked, known, last_reply)
    repair = Prompt(stubs, repair_messages(first.messages, shown, failures, stubs))
    fits = repair.tokens <= road.settings.context * PROMPT_SHARE
    return repair if fits else road.first_prompt(stubs)


def _shown_reply(asked: Sequence[Candidacy], known: Iterable[Candidacy], last_reply: str) -> str:
    """What the model is shown as its own reply: the very one, if all is in it; else the bodies as they are now."""
    if not all(one.discussed for one in asked):
        return last_reply
    seen = [one for one in known if one in asked or one.accepted]
    told = [(one.stub, tried) for one in seen if (tried := one.discussed)]
    replies = {tried.reply for _, tried in told}
    if len(replies) == 1:
        return replies.pop()
    return definitions_block([render_definition(stub.key, stub.signature, one.body.text) for stub, one in told])


def _without_secrets(reason: str) -> str:
    """What a model may be told of a failure: a body may have printed what it should not know."""
    found = next(find_secrets(reason), None)
    return f"it failed (what it printed holds {found.kind} and is not shown)" if found else reason
