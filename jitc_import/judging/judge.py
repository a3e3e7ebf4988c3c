"""What candidate bodies are worth: run together with the bodies that they use, from cheap to dear.

    examples     those of the docstring, then those of the class around a method
    properties   what the annotations promise, on generated arguments (where hypothesis is installed)
    tests        the user's own
    types        the completed module, by a type checker (where one is installed)

The first that fails ends it for that body. All but the types run in the confined child. The module is put together with
all candidates in place, so that those that use each other are judged as they will run.
"""

from __future__ import annotations

import ast
import os
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from jitc_import.checks.inputs import made_inputs
from jitc_import.checks.sandbox.session import Snippet
from jitc_import.checks.types import checker_available, type_problems
from jitc_import.errors import StoreError
from jitc_import.heldout import parameters_of, stub_examples
from jitc_import.judging.assembly import Assembly, assemble, completed_text
from jitc_import.judging.behaviour import Behaviour, behaviour_of
from jitc_import.judging.bound import is_bound, probe
from jitc_import.judging.broken_import import verdict_of_import
from jitc_import.judging.class_gate import ClassGate
from jitc_import.judging.confinement import Confinement
from jitc_import.judging.denials import Denials
from jitc_import.judging.doctest_flags import configured_flags
from jitc_import.judging.example_verdict import verdict_of_examples
from jitc_import.judging.footing import footing_of
from jitc_import.judging.printing import prints, prints_text
from jitc_import.judging.properties_gate import PropertiesGate
from jitc_import.judging.recorded_verdict import with_recorded
from jitc_import.judging.remarks import Remarks
from jitc_import.judging.tests_gate import TestsGate, wanted_tests
from jitc_import.judging.usage import used_stubs
from jitc_import.judging.verdicts import UNRUN, Verdict, with_blame, with_check
from jitc_import.project import project_root
from jitc_import.prompting import search_path
from jitc_import.recorded import broken_records, recorded_calls
from jitc_import.source.definitions import qualname_of
from jitc_import.survey import USABLE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from jitc_import.checks.examples import Example
    from jitc_import.checks.inputs import Input
    from jitc_import.checks.sandbox.session import Outcome
    from jitc_import.progress import Display
    from jitc_import.settings import Settings
    from jitc_import.source.stubs import Stub
    from jitc_import.store.keep import Body
    from jitc_import.survey import Survey

COMPARED = 24
"""Generated inputs on which candidates are compared."""

_UNFIT = (StoreError, SyntaxError, RecursionError, ValueError)
"""What putting a module together raises where a body does not fit."""


@dataclass
class Judge:
    """Judges the candidates of one module. A context manager: it holds a child process."""

    survey: Survey
    settings: Settings
    shown: Display

    def __enter__(self) -> Judge:
        module, settings = self.survey.module, self.settings
        self.root = project_root(module.path) or os.path.dirname(os.path.abspath(module.path))
        self.remarks = Remarks(module, self.shown)
        if broken := broken_records(module.path):
            self.remarks.say(f"recorded calls of mocks are not used: {broken}")
        asked_for = (*(module.mark.tests if module.mark else ()), *settings.tests)
        wanted = wanted_tests(self.root, asked_for if settings.verify == "full" else (), self.remarks)
        self.confinement = Confinement(self.survey, settings, self.shown, self.root if wanted.paths else None)
        self.flags = configured_flags(self.root)
        self.classes = ClassGate(module, self.confinement, self.remarks, self._bare_module, self.flags)
        self.properties = PropertiesGate(module, self.confinement)
        self.done: dict[str, Verdict] = {}
        self.tests = TestsGate(wanted, self.root, self.confinement, self.remarks, self._bare_module)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.confinement.close()

    def interrupted(self) -> dict[str, Verdict]:
        """The verdicts on candidates under way, when someone interrupts, that nothing more would have been run for."""
        done = {} if self.tests.wanted.paths else self.done
        return {key: verdict for key, verdict in done.items() if not self.classes.checks(key)}

    def examples(self, stub: Stub) -> tuple[Example, ...]:
        """The examples in the docstring of a stub that can be run; says which seem to be none."""
        found = stub_examples(stub).under(self.flags)
        for text, why in found.broken:
            self.remarks.say(f"{stub.key}: an example seems wrong and does not count: {text!r}: {why}")
        return found.good

    def verdicts(self, bodies: Mapping[str, Body]) -> dict[str, Verdict]:
        """Judge candidates, all of them in place."""
        if self.settings.verify != "full" or not bodies:
            return dict.fromkeys(bodies, UNRUN)
        try:
            assembly = assemble(self.survey, bodies, self.settings)
        except _UNFIT as error:
            return {key: Verdict(f"it does not fit into its module: {error}") for key in bodies}
        self.done = found = {}
        denials = Denials(assembly, bodies)
        for key, body in bodies.items():
            found[key] = self._run_examples(body.stub, assembly, denials)
        found = {key: self._with_recorded(bodies[key].stub, found[key], assembly) for key in found}
        found = denials.applied(self.classes.judged(denials.applied(found), assembly, denials))
        found = self.properties.judged(found, bodies, assembly)
        failed_import = partial(self._failed_import, assembly=assembly)
        found = denials.applied(self.tests.judged(found, assembly, denials, failed_import))
        found = self._with_types(found, bodies)
        uses = self.uses(bodies)
        failing = {key for key, verdict in found.items() if verdict.problem}
        return {key: with_blame(key, verdict, uses, failing | assembly.lacking) for key, verdict in found.items()}

    def uses(self, bodies: Mapping[str, Body]) -> dict[str, frozenset[str]]:
        """For each candidate the stubs that it, or its examples, use."""
        texts = {key: body.text for key, body in bodies.items()}
        sources = {key: tuple(example.source for example in self.examples(body.stub)) for key, body in bodies.items()}
        return used_stubs(self.survey.module, texts, sources)

    def behaviour(self, body: Body, bodies: Mapping[str, Body]) -> Behaviour:
        """What a body does with generated inputs, the others in place; nothing where none can be made or run."""
        made = self._made(body.stub) if self.settings.verify == "full" else ()
        try:
            assembly = assemble(self.survey, {**bodies, body.stub.key: body}, self.settings)
        except _UNFIT:
            return Behaviour()
        lines = [line for one in made for line in one.lines]
        outcome = self.confinement.run(assembly, map(Snippet, lines)) if lines else None
        return behaviour_of(made, outcome) if outcome and outcome.imported and not outcome.absent else Behaviour()

    def _made(self, stub: Stub) -> tuple[Input, ...]:
        """The generated inputs for a stub."""
        parameters = parameters_of(stub)
        annotations = tuple(ast.unparse(one.annotation) if one.annotation else None for one in parameters)
        names, own = tuple(one.arg for one in parameters), qualname_of(stub.key).rpartition(".")[2]
        return made_inputs(self.examples(stub), names, annotations, COMPARED, 0, own)

    def _run_examples(self, stub: Stub, assembly: Assembly, denials: Denials) -> Verdict:
        examples = self.examples(stub)
        if not examples:
            return UNRUN
        asked = probe(self.survey.module, stub)
        snippets = [Snippet(example.snippet) for example in examples]
        outcome = self.confinement.run(assembly, [asked, *snippets] if asked else snippets, watched=[stub.key])
        if outcome is None:
            return replace(UNRUN, confined=self.confinement.level)
        if not outcome.imported:
            return self._failed_import(outcome, stub.key, assembly)
        if asked and outcome.ran:
            if not is_bound(outcome.ran[0], assembly.lines[stub.key]):
                self.remarks.say(f"{stub.key}: its examples are not run: its name stands for another definition here")
                return replace(UNRUN, confined=self.confinement.level)
            outcome = replace(outcome, ran=outcome.ran[1:])
        name = qualname_of(stub.key).rpartition(".")[2]
        footing, may_print, in_prose = footing_of(stub, examples), prints(stub), prints_text(stub)
        verdict = verdict_of_examples(
            examples,
            outcome,
            name,
            footing=footing,
            prints=may_print,
            prints_text=in_prose,
            denials=denials,
            key=stub.key,
            lines=assembly.lines[stub.key],
        )
        for text in verdict.doubtful:
            self.remarks.say_of_example(stub.key, text)
        tells = any(example.want or example.exception or example.is_assert for example in examples)
        if tells and not (verdict.counted or verdict.doubtful or verdict.checked):
            self.remarks.say(
                f"{stub.key}: none of its examples shows anything after a call of it, so they do not count"
            )
        return replace(verdict, confined=self.confinement.level)

    def _with_recorded(self, stub: Stub, verdict: Verdict, assembly: Assembly) -> Verdict:
        """The verdict, with what recorded calls of a mock say: advice, as the mock may have been wrong."""
        calls = recorded_calls(self.survey.module, stub)
        outcome = self.confinement.run(assembly, [Snippet(call.source) for call in calls]) if calls else None
        tells = outcome and outcome.imported and not outcome.absent
        return with_recorded(verdict, calls, outcome) if outcome and tells else verdict

    def _failed_import(self, outcome: Outcome, key: str, assembly: Assembly) -> Verdict:
        return verdict_of_import(outcome, key, assembly, self._bare_module(), self.confinement)

    def _bare_module(self) -> Assembly | None:
        """The module without any candidate: its other stubs raise when they are called."""
        try:
            return assemble(self.survey, {}, self.settings)
        except _UNFIT:
            return None

    def _with_types(self, found: Mapping[str, Verdict], bodies: Mapping[str, Body]) -> dict[str, Verdict]:
        """The verdicts, with what a type checker says of the bodies of which all came out so far."""
        good = [key for key, verdict in found.items() if verdict.problem is None]
        if not (self.settings.types and good and checker_available()):
            return dict(found)
        module = self.survey.module
        text, lines = completed_text(module, {**self._kept(), **{key: body.text for key, body in bodies.items()}})
        report = type_problems(module.path, text, lines, self.root, search_path(module))
        if report.note:
            self.remarks.say(report.note)
            return dict(found)
        return {**found, **{key: with_check(found[key], "types", report.problems.get(key)) for key in good}}

    def _kept(self) -> dict[str, str]:
        """The bodies that the module has already, by key."""
        standings = self.survey.standings
        return {one.stub.key: one.section.body for one in standings if one.section and one.state in USABLE}
