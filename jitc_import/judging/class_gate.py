"""The examples in the docstring of a class: a gate for its methods, run with all their bodies in place."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jitc_import.checks.examples import Examples, examples_of
from jitc_import.checks.sandbox.session import Snippet
from jitc_import.judging.assembly import NO_BODY
from jitc_import.judging.example_verdict import verdict_of_examples
from jitc_import.judging.special_methods import special_methods
from jitc_import.judging.verdicts import Verdict
from jitc_import.source.definitions import classes, qualname_of
from jitc_import.source.quiet import nodes_in

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

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
            methods = {key: one for key, one in found.items() if _class_of(key) == name}
            verdict, called = self._verdict(name, assembly, denials, methods)
            if verdict:
                told = self._told(name, verdict, methods, called)
                judged.update({key: told[key] for key in good if key in told})
        return judged

    def _told(
        self, name: str, verdict: Verdict, methods: Mapping[str, Verdict], called: Collection[str]
    ) -> dict[str, Verdict]:
        """The verdicts on the methods of a class that the one on its examples says something of.

        Where these came out, they speak for the methods that were `called`.
        """
        wrong = {key for key, one in methods.items() if one.problem is not None}
        examples, level = self._taking_part(name, verdict), self.confinement.level
        blamed, held = _concerned(examples, list(methods), wrong if verdict.failed else None)
        told: dict[str, Verdict] = {}
        if verdict.problem is not None or verdict.waiting:  # a later line may fail because of any that it runs
            waiting = [key for key in methods if _is_run_by(self._examples(name), key)]
            told.update({key: replace(methods[key], waiting=True) for key in waiting})
        for key in blamed:
            speaks = verdict.problem is not None or verdict.waiting or key in called
            told[key] = _joined(methods[key], verdict if speaks else _doubts(verdict), name, level)
        suspected = "" if wrong.intersection(held) else _in_class(name, verdict.problem or "")
        told.update({key: _held(methods[key], suspected, level) for key in held})
        return told

    def _verdict(
        self, name: str, assembly: Assembly, denials: Denials, methods: Collection[str]
    ) -> tuple[Verdict | None, frozenset[str]]:
        """What the examples of a class come to, and which `methods` they called; None where that says nothing."""
        examples = self._examples(name)
        outcome = self._run(examples, assembly, methods) if examples else None
        if outcome is None:
            return None, frozenset()
        if _lacks_body(outcome):
            return WAITING, frozenset()
        verdict = verdict_of_examples(examples, outcome, name.rpartition(".")[2], denials=denials)
        for text in verdict.doubtful:
            self.remarks.say_of_example(name, text)
        if verdict.problem and not self._needs_candidates(examples[: min(verdict.failed) + 1]):
            self.remarks.say(f"{name}: its examples fail whatever the bodies do, and do not count: {verdict.problem}")
            return None, frozenset()
        ran = outcome.ran[: len(self._taking_part(name, verdict))]
        called = {key for one in ran for line in one.called if (key := assembly.key_at(line))}
        return verdict if verdict.counted or verdict.checked else None, frozenset(called)

    def _needs_candidates(self, examples: tuple[Example, ...]) -> bool:
        """Whether examples call a stub that has no body but a candidate."""
        bare = self.bare()
        outcome = self._run(examples, bare) if bare else None
        return outcome is not None and _lacks_body(outcome)

    def _run(self, examples: tuple[Example, ...], assembly: Assembly, watched: Collection[str] = ()) -> Outcome | None:
        outcome = self.confinement.run(assembly, [Snippet(one.source) for one in examples], watched=watched)
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


def _concerned(
    examples: tuple[Example, ...], methods: Sequence[str], wrong: Collection[str] | None
) -> tuple[Sequence[str], Sequence[str]]:
    """The methods that the outcome of examples is about, and those that it may be about all the same.

    `wrong` are methods that are known to be, where the last example failed: that it runs one of those says nothing of
    others. Where it may have run special methods, it is those and what it names that are asked for first. What an
    operator calls is not known for certain: special methods pass nothing by it.
    """
    if wrong is None:
        return [key for key in methods if _named_in(examples, key)], ()
    reached = [key for key in methods if _is_run_by(examples, key)]
    if not set(reached).isdisjoint(wrong):
        return (), reached
    if not any(_may_run(examples[-1:], key) for key in methods):
        return reached, ()
    suspects = [key for key in methods if _is_run_by(examples[-1:], key)]
    return suspects, [key for key in reached if key not in suspects]


def _is_run_by(examples: tuple[Example, ...], key: str) -> bool:
    """Whether examples call a method, as far as their text tells, or may run it."""
    return _named_in(examples, key) or _may_run(examples, key)


def _may_run(examples: tuple[Example, ...], key: str) -> bool:
    *_, owner, name = qualname_of(key).split(".")
    return any(name in special_methods(one, owner) for one in examples)


def _named_in(examples: tuple[Example, ...], key: str) -> bool:
    """Whether examples name a method, or for `__init__` and `__new__` its class."""
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
    problem = _in_class(name, of_class.problem) if of_class.problem else None
    checked = (*verdict.checked, *told)
    return replace(verdict, problem=problem, checked=checked, passed=passed, confined=confined)


def _doubts(of_class: Verdict) -> Verdict:
    """What examples of a class say of a method that they name and did not call."""
    return replace(of_class, passed=0, checked=tuple(one for one in of_class.checked if one.startswith("doubtful")))


def _held(verdict: Verdict, suspected: str, confined: str) -> Verdict:
    """The verdict on a method that may be what is wrong, once those that are suspected first are not."""
    checked = (*verdict.checked, "doubtful: the examples of its class fail")
    return replace(verdict, waiting=True, suspected=suspected, checked=checked, confined=confined)


def _in_class(name: str, problem: str) -> str:
    return f"in the examples of the class {name}: {problem}"
