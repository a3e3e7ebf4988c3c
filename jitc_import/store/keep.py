"""What becomes of a companion file when bodies were accepted or stubs failed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jitc_import.source.digest import settled_digest
from jitc_import.store.companion import Companion, Section, body_digest, companion_path, render_definition
from jitc_import.store.layout import SOURCE_LINE
from jitc_import.store.sections import NOTHING_SPENT, Spent
from jitc_import.store.splices import LINE as SPLICES_LINE
from jitc_import.store.states import assign

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jitc_import.source.stubs import SourceModule, Stub


@dataclass(frozen=True)
class Body:
    """A body for a stub: its statements, who wrote it, what it passed, what it does, how it was confined when run.

    `unasked` are all kinds of effects that nothing calls for in it, whether it has them or not.
    """

    stub: Stub
    text: str
    model: str
    checked: tuple[str, ...] = ()
    effects: str = ""
    confined: str = ""
    spent: Spent = NOTHING_SPENT
    unasked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Failure:
    """Why a stub has no body, and what trying took."""

    reason: str
    spent: Spent = NOTHING_SPENT


def updated(
    companion: Companion | None,
    module: SourceModule,
    bodies: Mapping[str, Body],
    failures: Mapping[str, Failure],
    fingerprint: str,
) -> Companion:
    """The companion file of a module after `bodies` were accepted and `failures` were not.

    Sections stand in the order of their stubs. A section that no stub wants any more is marked as unused and kept; so
    is the old body of a stub whose new spec failed. A body that fits its stub stays where a new try (`--fresh`) failed.
    """
    specs = {stub.key: stub.spec for stub in module.stubs}
    new = {key: _section(body) for key, body in bodies.items()}
    assigned = assign(module.stubs, companion)
    has_body = {key for key, section in assigned.items() if section.code and section.spec == specs[key]}
    failures = {key: failure for key, failure in failures.items() if key not in has_body}
    for key, failed in failures.items():
        new[key] = Section(
            key, specs[key], failure=failed.reason, fingerprint=fingerprint, date=_today(), spent=failed.spent
        )
    used = [
        replace(section, key=stub.key, unused=False)
        for stub in module.stubs
        if (section := new.get(stub.key) or assigned.get(stub.key))
    ]
    settled = len(used) == len(module.stubs) and all(section.spec == specs[section.key] for section in used)
    complete = settled and all(section.code for section in used)
    taken = {id(section) for key, section in assigned.items() if key not in failures}
    unused = _left_over(companion, taken)
    digest = settled_digest(module.digest, (section.key for section in used))
    preamble = _without_digests(companion.preamble) if companion else ""
    path = companion_path(module.path)
    return Companion(path, digest if complete else None, (*used, *unused), preamble)


def _section(body: Body) -> Section:
    code = render_definition(body.stub.key, body.stub.signature, body.text)
    return Section(
        body.stub.key,
        body.stub.spec,
        body_digest=body_digest(body.text),
        model=body.model,
        checked=body.checked,
        effects=body.effects,
        confined=body.confined,
        date=_today(),
        spent=body.spent,
        code=code,
    )


def _left_over(companion: Companion | None, taken: set[int]) -> Iterator[Section]:
    """The sections with code that no stub has taken and no new body has replaced."""
    for section in companion.sections if companion else ():
        if section.code and id(section) not in taken:
            yield replace(section, unused=True)


def _without_digests(preamble: str) -> str:
    """A preamble without the second pair of these lines that a merge may have left, which says nothing."""
    return "\n".join(line for line in preamble.split("\n") if not line.startswith((SOURCE_LINE, SPLICES_LINE))).strip()


def _today() -> str:
    return dt.datetime.now(tz=dt.timezone.utc).date().isoformat()
