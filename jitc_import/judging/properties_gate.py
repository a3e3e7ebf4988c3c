"""What annotations promise, as a gate: functions are called with arguments of their types."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jitc_import.checks.effects import PURE
from jitc_import.checks.inputs.annotated import maker_of
from jitc_import.checks.properties import hypothesis_available, property_snippet, read_properties, wrong_value
from jitc_import.harmless import harmless
from jitc_import.heldout import parameters_of
from jitc_import.judging.bound import probe
from jitc_import.source.definitions import qualname_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jitc_import.judging.assembly import Assembly
    from jitc_import.judging.confinement import Confinement
    from jitc_import.judging.verdicts import Verdict
    from jitc_import.source.stubs import SourceModule, Stub
    from jitc_import.store.keep import Body


@dataclass(frozen=True)
class PropertiesGate:
    """Tries bodies of which nothing failed so far on generated arguments, where hypothesis is installed."""

    module: SourceModule
    confinement: Confinement
    _endless: set[Body] = field(default_factory=set, init=False)

    def judged(
        self, found: Mapping[str, Verdict], bodies: Mapping[str, Body], assembly: Assembly
    ) -> dict[str, Verdict]:
        """The verdicts, with what that shows: of bodies that passed something all, of others what values they give."""
        if not hypothesis_available():
            return dict(found)
        good = {key: verdict for key, verdict in found.items() if verdict.problem is None}
        tried = {key: self._tried(bodies[key].stub, good[key], assembly) for key in good if good[key].passed}
        rest = {key: bodies[key] for key in good if key not in tried and self._gives_only(bodies[key])}
        return {**found, **tried, **self._with_values(rest, good, assembly)}

    def _tried(self, stub: Stub, verdict: Verdict, assembly: Assembly) -> Verdict:
        snippet = property_snippet(stub.key)
        outcome = self.confinement.run(assembly, [snippet]) if snippet else None
        if not snippet or not outcome or not outcome.ran or outcome.absent:
            return verdict
        names = [one.arg for one in parameters_of(stub)]
        words = "\n".join([stub.docstring or "", *stub.hints])
        advice = read_properties(snippet, outcome.ran[0], words, names)
        problem = next((harmless(one.text) for one in advice if one.verdict), None)
        broken = next((harmless(one.text) for one in advice if one.of_type), "")
        told = (*([broken] if broken else []), *(harmless(one.text) for one in advice))
        return replace(verdict, problem=problem, advice=(*verdict.advice, *dict.fromkeys(told)), broken=broken)

    def _gives_only(self, body: Body) -> bool:
        """Whether a body is that of a plain function without effects, and its annotations tell how to call it."""
        stub = body.stub
        is_plain = "." not in qualname_of(stub.key) and not stub.decorators and "->" in stub.signature
        if not is_plain or body.effects != PURE or body in self._endless:
            return False
        annotations = [one.annotation for one in parameters_of(stub)]
        is_known = all(one is not None and maker_of(ast.unparse(one)) for one in annotations)
        return is_known and not probe(self.module, stub)

    def _with_values(
        self, bodies: Mapping[str, Body], found: Mapping[str, Verdict], assembly: Assembly
    ) -> dict[str, Verdict]:
        """The verdicts on stubs of which nothing ran so far: one child looks at all, up to one that does not end."""
        asked = {key: snippet for key in bodies if (snippet := property_snippet(key, only_values=True))}
        outcome = self.confinement.run(assembly, asked.values()) if asked else None
        if outcome and outcome.imported and len(outcome.ran) < len(asked):
            self._endless.add(bodies[[*asked][len(outcome.ran)]])
        told: dict[str, Verdict] = {}
        for (key, snippet), ran in zip(asked.items(), outcome.ran if outcome else (), strict=False):
            if ran.absent:
                continue
            stub = bodies[key].stub
            wrong = wrong_value(snippet, ran, "\n".join([stub.docstring or "", *stub.hints]))
            problem = harmless(wrong) if wrong else None
            told[key] = replace(found[key], problem=problem, confined=self.confinement.level)
        return told
