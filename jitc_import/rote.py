"""Answers learnt by rote: bodies that look up, or compare with, the arguments of their examples and nothing else."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jitc_import.checks.examples.literals import NotALiteralError, is_literal, parsed, tree_value
from jitc_import.heldout import parameters_of, stub_examples
from jitc_import.source.definitions import qualname_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitc_import.source.stubs import Stub


_WORK = (ast.BinOp, ast.For, ast.While, ast.comprehension, ast.JoinedStr, ast.Await, ast.Yield, ast.YieldFrom)
"""What works an answer out, calls aside."""


def learnt_by_rote(stub: Stub, body: str) -> bool:
    """Whether a body has an answer for each call in its stub's examples, and none that it works out.

    That is one value whatever it is called with, or values that it finds by arguments which all stand in examples.
    """
    statements = ast.parse(body).body
    names = {one.arg for one in parameters_of(stub) if one.arg not in {"self", "cls"} and not one.arg.startswith("_")}
    if len(statements) == 1 and isinstance(statements[0], ast.Return):
        given = statements[0].value
        if given and is_literal(ast.unparse(given)):
            return bool(names)
    known = {key for statement in statements for key in _keys(statement)}
    return bool(known) and known == set(_arguments(stub)) and not any(map(_works_out, statements))


def _arguments(stub: Stub) -> Iterator[str]:
    """The arguments of the calls of a stub in its examples, as text: of one where there is one, else as a tuple."""
    name = qualname_of(stub.key).rpartition(".")[2]
    for example in stub_examples(stub).good:
        for node in ast.walk(parsed(example.source) or ast.Pass()):
            if isinstance(node, ast.Call) and name in {getattr(node.func, "id", ""), getattr(node.func, "attr", "")}:
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                yield _text(given[0] if len(given) == 1 else ast.Tuple(given, ast.Load()))


def _keys(statement: ast.stmt) -> Iterator[str]:
    """What a statement looks up or compares with, as text."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Dict):
            yield from (_text(key) for key in node.keys if key)
        elif isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], (ast.Eq, ast.Is)):
            yield _text(node.comparators[0])
        elif isinstance(node, ast.MatchValue):
            yield _text(node.value)


def _works_out(statement: ast.stmt) -> bool:
    """Whether a statement does more than to choose among literals, or to raise something."""
    raised = {id(part) for node in ast.walk(statement) if isinstance(node, ast.Raise) for part in ast.walk(node)}
    calls = [node for node in ast.walk(statement) if isinstance(node, ast.Call) and id(node) not in raised]
    if any(not (isinstance(call.func, ast.Attribute) and call.func.attr == "get") for call in calls):
        return True
    return any(isinstance(node, _WORK) and id(node) not in raised for node in ast.walk(statement))


def _text(node: ast.expr) -> str:
    try:
        return repr(tree_value(node))
    except NotALiteralError:
        return ast.unparse(node)
