"""How the stubs of one module stand: what the source asks for against what its companion file holds."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitc_import.source.compiling import refuse_uncompilable
from jitc_import.source.stubs import read_module
from jitc_import.store.companion import companion_path, read_companion
from jitc_import.store.states import State, assign, state_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitc_import.settings import Settings
    from jitc_import.source.stubs import SourceModule, Stub
    from jitc_import.store.companion import Companion, Section

USABLE = frozenset({State.FRESH, State.EDITED})
"""States of a stub whose stored body runs as it is."""


@dataclass(frozen=True)
class Standing:
    """One stub, the section that is its own (if any), and its state."""

    stub: Stub
    section: Section | None
    state: State


@dataclass(frozen=True)
class Survey:
    """The stubs of one module, in source order, and how each stands."""

    module: SourceModule
    companion: Companion | None
    standings: tuple[Standing, ...]

    def in_state(self, *states: State) -> tuple[Stub, ...]:
        """The stubs in any of these states."""
        return tuple(standing.stub for standing in self.standings if standing.state in states)

    @property
    def settled(self) -> bool:
        """Whether every stub has a body that runs as it is."""
        return all(standing.state in USABLE for standing in self.standings)

    @property
    def addresses(self) -> dict[str, str]:
        """For each stub with a usable body, by key, the address of the section that holds it."""
        return {
            standing.stub.key: standing.section.address
            for standing in self.standings
            if standing.section and standing.state in USABLE
        }

    @property
    def package(self) -> str:
        """The `__package__` of the module."""
        is_package = os.path.basename(self.module.path) == "__init__.py"
        return self.module.name if is_package else self.module.name.rpartition(".")[0]


def survey_source(source: bytes, path: str, name: str, settings: Settings) -> Survey:
    """Survey a module from its source.

    Raises SyntaxError for what is no Python, MarkError for a wrong mark, StoreError for a broken companion file.
    """
    module = read_module(source, path, name)
    if module.stubs:
        refuse_uncompilable(source, module)  # else the bodies would be blamed, and a model asked in vain
    return survey_module(module, settings)


def survey_module(module: SourceModule, settings: Settings) -> Survey:
    """Survey a module that is read already. Raises StoreError for a broken companion file."""
    companion = read_companion(companion_path(module.path)) if module.stubs or module.mark else None
    sections = assign(module.stubs, companion)
    return Survey(module, companion, tuple(_standings(module.stubs, sections, settings)))


def _standings(stubs: Sequence[Stub], sections: dict[str, Section], settings: Settings) -> list[Standing]:
    fingerprint = settings.fingerprint()
    found = []
    for stub in stubs:
        section = sections.get(stub.key)
        found.append(Standing(stub, section, state_of(stub.spec, section, fingerprint)))
    return found
