"""What is wanted of a module beyond the bodies that it lacks, and the stubs that this comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from jitc_import.store.states import State

if TYPE_CHECKING:
    import openai

    from jitc_import.source.stubs import Options, Stub
    from jitc_import.survey import Survey


@dataclass(frozen=True)
class Wish:
    """What is wanted beyond the bodies that are missing or stale.

    `fresh` completes anew what is fresh, `retry` tries again what failed before, `edited` says what becomes of bodies
    that a person edited, `only` limits all of it to some keys. `client` and `options` are what a decorator was given
    when it ran; they go before what the source says. `names` exist besides those that the source binds: a session's.
    """

    fresh: bool = False
    retry: bool = False
    edited: Literal["keep", "overwrite"] | None = None
    only: frozenset[str] | None = None
    client: openai.OpenAI | openai.AsyncOpenAI | None = None
    options: Options | None = None
    names: frozenset[str] = frozenset()


PLAIN_WISH = Wish()


def wanted_stubs(survey: Survey, wish: Wish = PLAIN_WISH) -> tuple[Stub, ...]:
    """The stubs that a wish would ask a model for."""
    states = {State.MISSING, State.STALE}
    if wish.fresh:
        states |= {State.FRESH, State.FAILED}
    if wish.retry:
        states.add(State.FAILED)
    if wish.edited == "overwrite":
        states |= {State.EDITED, State.CONFLICT}
    found = survey.in_state(*states)
    if wish.only is not None:
        return tuple(stub for stub in found if stub.key in wish.only)
    return tuple(stub for stub in found if not stub.dynamic)
