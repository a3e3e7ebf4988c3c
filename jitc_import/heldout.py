"""The examples of a stub, and the one that a model is not shown at first, so that no answer is learnt by rote."""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from jitc_import.checks.examples import examples_of
from jitc_import.checks.examples.calls import calls_certainly
from jitc_import.checks.examples.fitting import is_comparable, latitude_at_prompt
from jitc_import.checks.examples.literals import parsed
from jitc_import.checks.shape import promises_value
from jitc_import.source.definitions import qualname_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitc_import.checks.examples import Example, Examples
    from jitc_import.source.definitions import Function
    from jitc_import.source.stubs import Stub

ENOUGH = 3
"""Examples that a stub must have before one of them is kept back."""


@lru_cache(maxsize=4096)
def stub_examples(stub: Stub) -> Examples:
    """The examples in the docstring of a stub; none for one inside a function, which cannot be reached from outside."""
    name = qualname_of(stub.key).rpartition(".")[2]
    docstring = "" if ".<locals>." in stub.key else stub.docstring or ""
    definition = _definition(stub)
    found = examples_of(docstring, name, _signs(definition.args))
    comparable = [one for one in found.good if is_comparable(one, definition, docstring)]
    good = (replace(one, loose=one.loose | latitude_at_prompt(one, definition)) for one in comparable)
    return replace(found, good=tuple(good))


def parameters_of(stub: Stub) -> list[ast.arg]:
    """The parameters of a stub, those for further positional and keyword arguments left out."""
    arguments = _arguments(stub)
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def _signs(arguments: ast.arguments) -> tuple[str, ...]:
    """The names of parameters with the signs between them, as a signature has them."""
    vararg, kwarg = arguments.vararg, arguments.kwarg
    return (
        *(one.arg for one in arguments.posonlyargs),
        *("/",) * bool(arguments.posonlyargs),
        *(one.arg for one in arguments.args),
        *(f"*{vararg.arg if vararg else ''}",) * bool(vararg or arguments.kwonlyargs),
        *(one.arg for one in arguments.kwonlyargs),
        *((f"**{kwarg.arg}",) if kwarg else ()),
    )


def gives_value(stub: Stub) -> bool:
    """Whether its annotation says for certain that a call of the stub shows a value."""
    return not stub.signature.startswith("async ") and promises_value(_definition(stub))


def _arguments(stub: Stub) -> ast.arguments:
    return _definition(stub).args


def _definition(stub: Stub) -> Function:
    definition: Function = ast.parse(f"{stub.signature} ...").body[0]  # type: ignore[assignment]
    return definition


@lru_cache(maxsize=4096)
def shown_part(stub: Stub) -> Stub:
    """A stub as the first prompt shows it: without the last value that can be cut out, if it has enough examples.

    What it raises stays: that may be told nowhere else. So does what another line shows, too.
    """
    examples = stub_examples(stub).good
    telling = [example for example in examples if example.want]
    names = tuple(one.arg for one in parameters_of(stub)), qualname_of(stub.key).rpartition(".")[2]
    for one in reversed(telling if len(telling) >= ENOUGH else []):
        if not one.exception and _stands_alone(one, examples, *names):
            hidden = (stub.docstring or "").split("\n")[one.line : one.line + one.lines]
            text = _without(stub.text, [line.strip() for line in hidden])
            if text is not None and _bare(one.source) not in _bare(text):
                return replace(stub, text=text)
    return stub


def _bare(text: str) -> str:
    """A text without blanks."""
    return "".join(text.split())


def _stands_alone(example: Example, examples: Sequence[Example], parameters: tuple[str, ...], name: str) -> bool:
    """Whether an example can be cut out: a call and its value, with no lines of another; no later one rests on it."""
    if "=" in example.source.split("(")[0]:
        return False
    tree = parsed(example.source)
    if example is not examples[-1] and not (tree and calls_certainly(tree, name, parameters)):
        return False
    taken = set(range(example.line, example.line + example.lines))
    return not any(taken & set(range(one.line, one.line + one.lines)) for one in examples if one is not example)


def _without(text: str, hidden: Sequence[str]) -> str | None:
    """`text` without the last run of lines that read as `hidden`; None where there is none."""
    lines = text.split("\n")
    for start in range(len(lines) - len(hidden), -1, -1):
        if [line.strip() for line in lines[start : start + len(hidden)]] == list(hidden):
            return "\n".join(lines[:start] + lines[start + len(hidden) :])
    return None
