"""Who is to blame where a module does not run in the child: a body that it calls as it is imported, or the place."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from jitc_import.harmless import harmless
from jitc_import.judging.assembly import NO_BODY
from jitc_import.judging.verdicts import UNRUN, Verdict

if TYPE_CHECKING:
    from jitc_import.checks.sandbox.session import Outcome
    from jitc_import.judging.assembly import Assembly
    from jitc_import.judging.confinement import Confinement


def verdict_of_import(
    outcome: Outcome, key: str, assembly: Assembly, bare: Assembly | None, confinement: Confinement
) -> Verdict:
    """What it says of the body of the stub `key` that its module, put together as `assembly`, failed to run.

    It is the fault of the place where the module does not run without any candidate (`bare`) either: then nothing is
    run any more, and that is said. So it is where a stub of another module was called that has no body yet.
    """
    why = harmless(outcome.import_failure or outcome.ended or "")
    told = f"importing the module fails: {why}" + (f" ({outcome.import_where})" if outcome.import_where else "")
    at_work = None if outcome.absent else _key_at_work(outcome, assembly)
    if at_work:
        return Verdict(told, blocked=at_work != key)
    without = confinement.run(bare, ()) if bare and not outcome.absent else None
    if without and without.imported:
        return Verdict(told)
    if bare and without and NO_BODY in (without.import_failure or ""):
        return Verdict(told, blocked=_key_at_work(without, bare) not in {key, None})
    first = why.strip().partition("\n")[0].strip()  # some go on for a screen
    confinement.give_up(f"the module does not run in the confined child ({first})")
    return replace(UNRUN, confined=confinement.level)


def _key_at_work(outcome: Outcome, assembly: Assembly) -> str | None:
    """The stub whose body was at work when the module failed to run, where one was."""
    line = re.match(r"line (\d+)", outcome.import_where or "")
    return assembly.key_at(int(line[1])) if line else None
