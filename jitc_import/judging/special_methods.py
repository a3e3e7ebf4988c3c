"""Which special methods a line of Python may run on the objects in it: by operators, builtins, statements."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from jitc_import.source.quiet import nodes_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitc_import.checks.examples import Example

_ITERATION = "iter next getitem len"


def _table(text: str) -> dict[str, tuple[str, ...]]:
    """A table: names and, after a colon, the methods (without their underscores) that each of them may run."""
    rows = [line.partition(":") for line in text.replace("ITERATION", _ITERATION).strip().splitlines()]
    return {name: tuple(methods.split()) for names, _, methods in rows for name in names.split()}


_NODES = _table("""
    Add: add radd iadd
    Sub: sub rsub isub
    Mult: mul rmul imul
    MatMult: matmul rmatmul imatmul
    Div: truediv rtruediv itruediv
    FloorDiv: floordiv rfloordiv ifloordiv
    Mod: mod rmod imod
    Pow: pow rpow ipow
    LShift: lshift rlshift ilshift
    RShift: rshift rrshift irshift
    BitAnd: and rand iand
    BitOr: or ror ior
    BitXor: xor rxor ixor
    UAdd: pos
    USub: neg
    Invert: invert
    Eq: eq
    NotEq: ne eq
    Lt Gt: lt gt
    LtE GtE: le ge
    In NotIn: contains eq ITERATION
    Not BoolOp If IfExp While Assert: bool len
    For Starred YieldFrom: ITERATION
    comprehension: bool aiter anext ITERATION
    AsyncFor: aiter anext
    With: enter exit
    AsyncWith: aenter aexit
    Await: await
    FormattedValue: format str repr
    Set SetComp Dict DictComp: hash eq
""")
_BUILTINS = _table("""
    bool any all: bool ITERATION
    int: int index trunc
    float: float index
    complex: complex float index
    bin hex oct range chr: index
    repr ascii: repr
    str print format: format str repr
    iter list tuple enumerate zip map filter: ITERATION
    bytes: bytes ITERATION
    set frozenset dict: hash eq ITERATION
    sorted min max: lt gt ITERATION
    sum: add radd ITERATION
    reversed: reversed ITERATION
    divmod: divmod rdivmod
    pow: pow rpow
    getattr hasattr: getattr getattribute
    len: len
    abs: abs
    round: round
    hash: hash
    next: next
    dir: dir
    setattr: setattr
    delattr: delattr
""")
_PARTS: dict[type[ast.expr_context], str] = {ast.Load: "get", ast.Store: "set", ast.Del: "del"}


def special_methods(example: Example, owner: str) -> frozenset[str]:
    """The special methods that an example may run on objects of the class `owner`, besides those that make one."""
    nodes = nodes_in(example.source)
    found = {name for node in nodes for name in _run_by(node)}
    if example.want and (owner in example.want or any(map(_shows_object, nodes))):
        found.add("repr")
    return frozenset(f"__{name}__" for name in found)


def _run_by(node: ast.AST) -> Iterator[str]:
    yield from _NODES.get(type(node).__name__, ())
    if isinstance(node, ast.Subscript):
        yield f"{_PARTS[type(node.ctx)]}item"
    elif isinstance(node, ast.Attribute):
        part = _PARTS[type(node.ctx)]
        yield from (f"{part}attr", part, *(["getattribute"] if part == "get" else []))
    elif isinstance(node, ast.Call):
        name = getattr(node.func, "id", "")
        yield from _BUILTINS.get(name, () if not name or hasattr(builtins, name) else ("call",))
    elif isinstance(node, ast.Assign) and any(isinstance(one, (ast.Tuple, ast.List)) for one in node.targets):
        yield from _ITERATION.split()


def _shows_object(node: ast.AST) -> bool:
    """Whether a statement shows what may well be an object: not what a method, a builtin or a comparison gives."""
    shown = node.value if isinstance(node, ast.Expr) else None
    if isinstance(shown, ast.Call):
        return isinstance(shown.func, ast.Name) and not hasattr(builtins, shown.func.id)
    return isinstance(shown, (ast.Name, ast.BinOp, ast.UnaryOp, ast.Subscript))
