"""How a stub stands towards what the companion file holds for it."""

from __future__ import annotations

from collections import defaultdict
from enum import Enum
from typing import TYPE_CHECKING

from jitc_import.source.definitions import qualname_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitc_import.source.stubs import Stub
    from jitc_import.store.sections import Companion, Section


class State(str, Enum):
    """The state of a stub. `drifted` is reserved: a name that the body uses changed its signature."""

    MISSING = "missing"
    FRESH = "fresh"
    STALE = "stale"
    EDITED = "edited"
    CONFLICT = "conflict"
    DRIFTED = "drifted"
    FAILED = "failed"

    def __str__(self) -> str:
        return self.value


def state_of(stub_spec: str, section: Section | None, fingerprint: str | None = None) -> State:
    """The state of a stub with the spec `stub_spec`, to which `section` is assigned.

    A failure counts only for the spec and the settings it was recorded for; without a `fingerprint` of the settings as
    they are now, for whatever settings.

    Raises StoreError where the section's code is no longer the definition that its key names.
    """
    if section is None:
        return State.MISSING
    if not section.code:
        return State.FAILED if _failure_holds(stub_spec, section, fingerprint) else State.MISSING
    if section.spec == stub_spec:
        return State.EDITED if section.edited else State.FRESH
    return State.CONFLICT if section.edited else State.STALE


def assign(stubs: Sequence[Stub], companion: Companion | None) -> dict[str, Section]:
    """The section of each stub, by stub key; a stub without one is left out.

    A section can only be that of a stub of its qualified name. Among several, one of an equal spec is taken first,
    then the one of an equal key; an unused section is taken for its spec only.
    """
    free: dict[str, list[Section]] = defaultdict(list)
    for section in companion.sections if companion else ():
        free[qualname_of(section.key)].append(section)
    assigned: dict[str, Section] = {}
    for fits in (_same_in_all, _same_spec, _same_key):
        for stub in stubs:
            candidates = free[qualname_of(stub.key)]
            fitting = next((section for section in candidates if fits(stub, section)), None)
            if fitting and stub.key not in assigned:
                assigned[stub.key] = fitting
                candidates.remove(fitting)
    return assigned


def _failure_holds(stub_spec: str, section: Section, fingerprint: str | None) -> bool:
    if section.failure is None or section.spec != stub_spec:
        return False
    return fingerprint is None or fingerprint == section.fingerprint


def _same_in_all(stub: Stub, section: Section) -> bool:
    return _same_key(stub, section) and section.spec == stub.spec


def _same_spec(stub: Stub, section: Section) -> bool:
    return section.spec == stub.spec


def _same_key(stub: Stub, section: Section) -> bool:
    return not section.unused and section.key == stub.key
