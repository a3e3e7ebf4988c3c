"""The errors and warnings of completing, in words: which module and stub, the cause, and the next step."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, TypeVar

from jitc_import.checks.sandbox.readable import holds_more
from jitc_import.errors import CompletionError, JitcWarning, LockedError
from jitc_import.progress import name_stubs
from jitc_import.store.companion import companion_path
from jitc_import.store.states import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jitc_import.progress import Display
    from jitc_import.settings import Settings
    from jitc_import.source.stubs import SourceModule, Stub
    from jitc_import.survey import Standing, Survey
    from jitc_import.wish import Wish

E = TypeVar("E", bound=CompletionError)

_said: set[str] = set()

FULLY_CONFINED = "landlock+seccomp+rlimits"
"""The level of confinement of which there is nothing to say."""

SHOWN_REASONS = 20
"""Stubs whose reasons a message gives before it counts the rest: a message fits on a screen."""


def module_label(module: SourceModule) -> str:
    """What a module goes by in messages: its name, and for the one that was started its file."""
    return os.path.basename(module.path) if module.name == "__main__" else module.name


def refuse_unusable(survey: Survey, wish: Wish) -> None:
    """Raise the CompletionError for the stubs that stay without a body, if there are any that a wish covers."""
    unusable = [standing for standing in survey.standings if _refused(standing, wish)]
    if unusable:
        conflicts = [standing for standing in unusable if standing.state is State.CONFLICT]
        raise _conflict(survey.module, conflicts) if conflicts else _failed(survey.module, unusable)


def locked(survey: Survey, stubs: Sequence[Stub], settings: Settings) -> LockedError:
    """The error for stubs without a body where the mode lets no model be called."""
    path, mode = survey.module.path, f"the mode `{settings.mode}` (from {settings.origin_of('mode')})"
    command = f"run `python -m jitc_import complete {path}`"
    if settings.mode == "review":
        step = f"{command} in a terminal, or set JITC_MODE=auto to have bodies accepted unseen"
        return unasked(survey, stubs, f"{mode} needs a terminal", step)
    step = f"{command} where a model may be called, and commit {companion_path(path)}"
    return unasked(survey, stubs, f"{mode} forbids to call a model", step)


def unasked(survey: Survey, stubs: Sequence[Stub], why: str, step: str) -> LockedError:
    """The error for stubs without a body where no model is called, in words why, and what to do next."""
    module = survey.module
    states = {standing.stub.key: standing.state.value for standing in survey.standings}
    return LockedError(
        f"{module_label(module)}: {name_stubs([stub.key for stub in stubs])} without a body, and {why}\n"
        + _lines((stub, states[stub.key]) for stub in stubs)
        + f"\nNext: {step}",
        reasons={stub.key: states[stub.key] for stub in stubs},
        name=module.name,
        path=module.path,
        lineno=stubs[0].line,
    )


def unanswered(error: E, module: SourceModule, stubs: Sequence[Stub]) -> E:
    """The error of a request that got no answer, with the module and the stubs it was for."""
    return type(error)(
        f"{module_label(module)}: {name_stubs([stub.key for stub in stubs])} not completed: {error}",
        reasons={stub.key: str(error) for stub in stubs},
        name=module.name,
        path=module.path,
        lineno=stubs[0].line,
    )


def warn_unverified(module: SourceModule, stub: Stub, reason: str) -> None:
    """Say, at the stub, that a body is used though it failed a check."""
    message = f"{module.name}.{stub.key}: kept although {set_in(reason)} (JITC_ON_UNVERIFIED=keep)"
    warnings.warn_explicit(message, JitcWarning, module.path, stub.line, module.name)


def set_in(reason: str) -> str:
    """A reason whose further lines stand deeper than what they belong to."""
    return reason.replace("\n", "\n      ")


def say_where_requests_go(settings: Settings, shown: Display) -> None:
    """Say once a process which endpoint a project's own file names: whoever cloned it may not know."""
    origin = settings.origin_of("base_url")
    if settings.base_url and origin.endswith("pyproject.toml") and settings.base_url not in _said:
        _said.add(settings.base_url)
        shown.say(f"requests go to {settings.base_url}, as {origin} says")


def say_confinement(level: str, shown: Display) -> None:
    """Say once a process where what is run is confined less than it could be."""
    if level != FULLY_CONFINED and level not in _said:
        _said.add(level)
        shown.say(f"what a model wrote is run confined by {level} only, which is all that this system has")


def say_closed(folders: Iterable[str], shown: Display) -> None:
    """Say once a process which folders of a project are not opened to bodies, as they hold more than a project."""
    for folder in folders:
        if holds_more(folder, os.path.expanduser("~")) and folder not in _said:
            _said.add(folder)
            shown.say(
                f"{folder} holds more than a project: bodies that are checked read only modules and packages in it"
            )


def _refused(standing: Standing, wish: Wish) -> bool:
    if wish.only is None:
        return standing.state in {State.FAILED, State.CONFLICT} or (not standing.stub.dynamic and _lacking(standing))
    return standing.stub.key in wish.only and (standing.state in {State.FAILED, State.CONFLICT} or _lacking(standing))


def _lacking(standing: Standing) -> bool:
    return standing.state in {State.MISSING, State.STALE}


def _failed(module: SourceModule, standings: Sequence[Standing]) -> CompletionError:
    reasons = {standing.stub.key: _reason(standing) for standing in standings}
    return CompletionError(
        f"{module_label(module)}: {name_stubs(list(reasons))} could not be completed\n"
        + _lines((standing.stub, _reason(standing)) for standing in standings)
        + "\nNext: say more in the docstring, give a draft, or take another model; to try the same again: "
        f"python -m jitc_import complete --retry {module.path}",
        reasons=reasons,
        name=module.name,
        path=module.path,
        lineno=standings[0].stub.line,
    )


def _conflict(module: SourceModule, standings: Sequence[Standing]) -> CompletionError:
    companion = companion_path(module.path)
    reasons = {standing.stub.key: "its body was edited, and its stub changed since" for standing in standings}
    shown = "\n".join(_both(module, companion, standing) for standing in standings[:SHOWN_REASONS])
    return CompletionError(
        f"{module_label(module)}: {name_stubs(list(reasons))} in conflict: the body was edited by hand, and the stub "
        f"changed since\n{shown}\n"
        f"Next: keep the edited body with `python -m jitc_import complete --edited keep {module.path}`, "
        f"or have it written anew with `--edited overwrite`",
        reasons=reasons,
        name=module.name,
        path=module.path,
        lineno=standings[0].stub.line,
    )


def _both(module: SourceModule, companion: str, standing: Standing) -> str:
    stub, section = standing.stub, standing.section
    where = f"{companion}:{section.line}" if section else companion
    body = _indented(section.code if section else "")
    return f"  {stub.key}, {module.path}:{stub.line}\n{_indented(stub.text)}\n  edited at {where}\n{body}"


def _indented(text: str) -> str:
    return "\n".join(f"    | {line}" for line in text.strip("\n").split("\n")[:12])


def _reason(standing: Standing) -> str:
    section = standing.section
    return (section.failure if section and section.failure else None) or standing.state.value


def _lines(reasons: Iterable[tuple[Stub, str]]) -> str:
    lines = [f"  {stub.key}, line {stub.line}: {set_in(reason)}" for stub, reason in reasons]
    more = [f"  and {len(lines) - SHOWN_REASONS} more"] if len(lines) > SHOWN_REASONS else []
    return "\n".join(lines[:SHOWN_REASONS] + more)
