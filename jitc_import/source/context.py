"""What a model may see of a module: the module itself, with all that does not matter replaced by `...`."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING

from jitc_import.source.definitions import docstring_statement
from jitc_import.source.dissection import Pieces, take_apart
from jitc_import.source.firstparty import first_party
from jitc_import.source.listing import plain
from jitc_import.source.nearest import choose
from jitc_import.source.rendering import render_foreign, render_module
from jitc_import.source.tokens import count_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jitc_import.source.choice import Choice
    from jitc_import.source.stubs import SourceModule, Stub

REPLY_TOKENS = 150
"""Room for the body of a stub in a reply, beyond what its text takes."""


DOCSTRING_TOKENS = 500
"""Room for the whole docstring of the module; of a longer one its first paragraph is shown."""


def render_context(module: SourceModule, stubs: Sequence[Stub], budget: int, search_path: Sequence[str]) -> str:
    """The module as Python text in source order, the wanted stubs in place, in at most `budget` tokens.

    The stubs and the headers around them are there in any case; of the rest, what is nearest. Names imported from
    modules of the project, which are looked for on `search_path`, follow at the end. Nothing is imported or run.
    """
    project = first_party(module.name, module.path, search_path)
    choice = choose(_taken_apart(module), stubs, budget, project)
    text = _render(module, choice)
    while count_tokens(text) > budget and choice.drop_last():
        text = _render(module, choice)
    return text


def split_stubs(
    module: SourceModule,  # noqa: ARG001 -- what a group needs of its module may count one day
    stubs: Sequence[Stub],
    budget: int,
) -> list[tuple[Stub, ...]]:
    """Split stubs into groups whose texts and replies take at most `budget` tokens each, by class and neighbourhood.

    A single stub that takes more is a group of its own.
    """
    groups: list[list[Stub]] = []
    room = 0
    for family in _families(stubs):
        needed = sum(map(reply_cost, family))
        parts = [family] if needed <= budget else [[stub] for stub in family]
        if groups and parts == [family] and needed > room:
            groups.append([])
            room = budget
        for part in parts:
            needed = sum(map(reply_cost, part))
            if not groups or (needed > room and groups[-1]):
                groups.append([])
                room = budget
            groups[-1].extend(part)
            room -= needed
    return [tuple(group) for group in groups]


def reply_cost(stub: Stub) -> int:
    """The tokens that a stub takes in a request and, expected, in the reply."""
    return 2 * count_tokens(stub.text) + REPLY_TOKENS


def _families(stubs: Sequence[Stub]) -> Iterator[list[Stub]]:
    """Stubs in source order, those within one outermost class or function together."""
    family: list[Stub] = []
    for stub in stubs:
        if family and family[0].key.partition(".")[0] != stub.key.partition(".")[0]:
            yield family
            family = []
        family.append(stub)
    if family:
        yield family


def _render(module: SourceModule, choice: Choice) -> str:
    docstring = _docstring(module, choice.budget - choice.spent)
    body = render_module(choice, {stub.key: stub for stub in module.stubs}, docstring)
    return "\n\n\n".join(part for part in (body, render_foreign(choice)) if part) + "\n"


def _docstring(module: SourceModule, room: int) -> str:
    """The module's docstring where there is room for it, else its first paragraph, else nothing."""
    statement = docstring_statement(module.tree)
    if statement is None or room <= 0:
        return ""
    whole = plain(module.listing.code(statement))
    if count_tokens(whole) <= min(room, DOCSTRING_TOKENS):
        return whole
    paragraph = " ".join((ast.get_docstring(module.tree) or "").partition("\n\n")[0].split())
    return f'"""{paragraph}"""' if paragraph and not set(paragraph) & set('"\\') else ""


@lru_cache(maxsize=2)
def _taken_apart(module: SourceModule) -> Pieces:
    return take_apart(module.tree, module.listing)
