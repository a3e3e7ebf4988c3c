"""What bodies were denied in the child though nothing calls for it: no want of the place, but a fault of theirs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jitc_import.checks.static import UNASKED
from jitc_import.harmless import harmless

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jitc_import.checks.sandbox.outcome import Denial
    from jitc_import.judging.assembly import Assembly
    from jitc_import.judging.verdicts import Verdict
    from jitc_import.store.keep import Body


@dataclass
class Denials:
    """The denials that are held against candidates of an assembly; `found` says why, by key."""

    assembly: Assembly
    bodies: Mapping[str, Body]
    found: dict[str, str] = field(default_factory=dict, init=False)

    def culprit(self, denial: Denial | None, what: str, exception: str, where: str) -> str | None:
        """The stub against whose body it is held that `what` was cut short by a denial; None for nobody."""
        key = self.assembly.key_at(denial.line) if denial and denial.line else None
        body = self.bodies.get(key) if key else None
        kinds = _unasked(denial, body) if denial and body else ()
        if not (key and kinds):
            return None
        does = f"the body was denied what {UNASKED} ({', '.join(kinds)})"
        self.found.setdefault(key, harmless(f"{what}: {does}: {exception}{f' ({where})' if where else ''}"))
        return key

    def applied(self, verdicts: Mapping[str, Verdict]) -> dict[str, Verdict]:
        """The verdicts, with what was found since."""
        told = {key: text for key, text in self.found.items() if key in verdicts and verdicts[key].problem is None}
        return {**verdicts, **{key: replace(verdicts[key], problem=text) for key, text in told.items()}}


def _unasked(denial: Denial, body: Body) -> tuple[str, ...]:
    """The effects, one of which was denied, that a body has and that nothing calls for; none where one of them is."""
    kinds, does = set(denial.kinds), set(body.effects.split(", "))
    if not kinds & does and "unknown" in does & body.unasked:
        does = kinds  # it hides what it does
    found = kinds & does
    return tuple(sorted(found)) if found <= body.unasked else ()
