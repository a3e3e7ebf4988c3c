"""The examples in the docstring of a class: a gate for its methods, run with all their bodies in place."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jitc_import.checks.examples import Examples, examples_of
from jitc_import.checks.sandbox.session import Snippet
from jitc_import.judging.assembly import NO_BODY
from jitc_import.judging.verdicts import Verdict, verdict_of_examples
from jitc_import.source.definitions import classes, qualname_of
from jitc_import.source.quiet import nodes_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jitc_import.checks.examples import Example
    from jitc_import.checks.sandbox.session import Outcome
    from jitc_import.judging.assembly import Assembly
    from jitc_import.judging.confinement import Confinement
    from jitc_import.judging.denials import Denials
    from jitc_import.judging.remarks import Remarks
    from jitc_import.source.stubs import SourceModule

WAITING = Verdict(waiting=True)


@dataclass
class ClassGate:
    """Runs the examples of classes. A method takes part in those of its class where they name it.

    `bare` makes the module without any candidate; `flags` are doctest's, as the project sets them.
    """

    module: SourceModule
    confinement: Confinement
    remarks: Remarks
    bare: Callable[[], Assembly | None]
    flags: Mapping[int, bool]
    _read: dict[str, Examples] = field(default_factory=dict, init=False)

    def checks(self, key: str) -> bool:
        """Whether there is anything to run for a stub."""
        return bool(self._examples(_class_of(key)))

    def judged(self, found: Mapping[str, Verdict], assembly: Assembly, denials: Denials) -> dict[str, Verdict]:
        """The verdicts, with what the examples of their class say of the methods of which all came out so far."""
        good = [key for key, verdict in found.items() if verdict.problem is None]
        around = sorted({_class_of(key) for key in good} - {""})
        judged = dict(found)
        for name in around:
            if verdict := self._verdict(name, assembly, denials):
                examples = self._taking_part(name, verdict)
                taking_part = [key for key in good if _class_of(key) == name and _named_in(examples, key)]
                level = self.confinement.level
                judged.update({key: _joined(judged[key], verdict, name, level) for key in taking_part})
        return judged

    def _verdict(self, name: str, assembly: Assembly, denials: Denials) -> Verdict | None:
        """What the examples of a class come to; None where that says nothing of the candidates."""
        examples = self._examples(name)
        outcome = self._run(examples, assembly) if examples else None
        if outcome is None:
            return None
        if _lacks_body(outcome):
            return WAITING
        verdict = verdict_of_examples(examples, outcome, name.rpartition(".")[2], denials=denials)
        for text in verdict.doubtful:
            self.remarks.say_of_example(name, text)
        if verdict.problem and not self._needs_candidates(examples[: min(verdict.failed) + 1]):
            self.remarks.say(f"{name}: its examples fail whatever the bodies do, and do not count: {verdict.problem}")
            return None
        return verdict if verdict.counted else None

    def _needs_candidates(self, examples: tuple[Example, ...]) -> bool:
        """Whether examples call a stub that has no body but a candidate."""
        bare = self.bare()
        outcome = self._run(examples, bare) if bare else None
        return outcome is not None and _lacks_body(outcome)

    def _run(self, examples: tuple[Example, ...], assembly: Assembly) -> Outcome | None:
        outcome = self.confinement.run(assembly, [Snippet(one.source) for one in examples])
        return outcome if outcome and outcome.imported else None

    def _taking_part(self, name: str, verdict: Verdict) -> tuple[Example, ...]:
        """The examples that a verdict rests on: up to the last that shows something, or the first that failed."""
        examples = self._examples(name)
        telling = [at for at, one in enumerate(examples) if one.want or one.exception or one.is_assert]
        return examples[: (min(verdict.failed) if verdict.failed else max(telling, default=-1)) + 1]

    def _examples(self, name: str) -> tuple[Example, ...]:
        """The doctests of a class; says which seem wrong. None at all where several classes have that name."""
        if name not in self._read:
            nodes = [node for qualname, node in classes(self.module.tree) if qualname == name]
            docstring = ast.get_docstring(nodes[0]) if len(nodes) == 1 else None
            self._read[name] = read = examples_of(docstring or "", name.rpartition(".")[2], ()).under(self.flags)
            for text, why in read.broken:
                self.remarks.say(f"{name}: an example seems wrong and does not count: {text!r}: {why}")
        return tuple(example for example in self._read[name].good if example.form == "doctest")


def _lacks_body(outcome: Outcome) -> bool:
    return any(NO_BODY in (ran.exception or "") for ran in outcome.ran)


def _class_of(key: str) -> str:
    """The qualified name of the class around a method; empty for what is none, or cannot be reached."""
    name = qualname_of(key)
    return "" if "<locals>" in name else name.rpartition(".")[0]


def _named_in(examples: tuple[Example, ...], key: str) -> bool:
    """Whether examples name a method, or for `__init__` and `__new__` its class. What an operator calls is not read."""
    *_, owner, name = qualname_of(key).split(".")
    nodes = [node for one in examples for node in nodes_in(one.source)]
    if name in {"__init__", "__new__"}:
        called = [node.func for node in nodes if isinstance(node, ast.Call)]
        return any(owner in {getattr(one, "id", None), getattr(one, "attr", None)} for one in called)
    return any(isinstance(node, ast.Attribute) and node.attr == name for node in nodes)


def _joined(verdict: Verdict, of_class: Verdict, name: str, confined: str) -> Verdict:
    """The verdict on a method, with what came of the examples of its class."""
    if of_class.waiting:
        return replace(verdict, waiting=True)
    passed, told = verdict.passed + of_class.passed, tuple(f"{one} of the class" for one in of_class.checked)
    problem = f"in the examples of the class {name}: {of_class.problem}" if of_class.problem else None
    checked = (*verdict.checked, *told)
    return replace(verdict, problem=problem, checked=checked, passed=passed, confined=confined)
