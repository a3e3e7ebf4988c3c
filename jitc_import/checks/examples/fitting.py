"""Whether an example in prose fits its function's annotations, and shows the value that it tells of when it is run."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from jitc_import.checks.examples.calls import is_call_of
from jitc_import.checks.examples.latitude import Loose
from jitc_import.checks.examples.literals import NotALiteralError, parsed, tree_value, value_of
from jitc_import.source.annotations import unquoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitc_import.checks.examples.example import Example
    from jitc_import.source.definitions import Function

_NUMBERS = (int, float, complex)
_GROUPS = (list, tuple, set, frozenset)
_TYPES: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (int, float),
    "complex": _NUMBERS,
    "bool": (bool,),
    "str": (str,),
    "bytes": (bytes, bytearray),
    **dict.fromkeys(("list", "List", "MutableSequence"), (list,)),
    **dict.fromkeys(("tuple", "Tuple"), (tuple,)),
    **dict.fromkeys(("set", "Set", "frozenset", "FrozenSet", "AbstractSet"), (set, frozenset)),
    **dict.fromkeys(("dict", "Dict", "Mapping", "MutableMapping", "Counter", "defaultdict", "OrderedDict"), (dict,)),
    **dict.fromkeys(("Sequence", "Collection", "Iterable", "Iterator"), (*_GROUPS, str, bytes, bytearray, dict)),
}
"""The types of the literals that are values of an annotated type; others may be of any."""

_LAZY = re.compile(r"(?:Async)?(?:Iterator|Generator|Iterable)\Z")
_YIELDS = re.compile(
    r"\A\W*(?:lazily|yields?|iterates?)\b|^[ ]*yields:?$|\breturns?[ ]an?[ ](?:\w+[ ])?(?:generator|iterator)\b"
    r"|\)[`*]*[ ]+yields[ ]",
    re.IGNORECASE | re.MULTILINE,
)
_DRAWING = frozenset({"all", "any", "dict", "frozenset", "list", "max", "min", "next", "set", "sorted", "sum", "tuple"})
"""What draws its values out of something lazy."""


def is_comparable(example: Example, function: Function, docstring: str) -> bool:
    """Whether running an example of a function shows what it tells: all at a prompt do, as they stand there."""
    if example.form == "doctest":
        return True
    if isinstance(function, ast.AsyncFunctionDef):
        return False
    if _is_lazy(function, docstring) and not _draws(example.source):
        return False
    return example.asserted or example.exception is not None or _fits(example, function)


def latitude_at_prompt(example: Example, function: Function) -> frozenset[Loose]:
    """What its annotation leaves open of the value that a prompt shows of a call.

    Of a function that gives floats, a whole number may be shown as one or not; of one that gives a text, its quotes may
    be left out.
    """
    if example.form != "doctest" or function.returns is None or not is_call_of(example.source, function.name):
        return frozenset()
    named = {node.id for node in ast.walk(unquoted(function.returns)) if isinstance(node, ast.Name)}
    is_text = [_head(member) for member in _members(function.returns)] == ["str"]
    only_floats = "float" in named and named.isdisjoint({"int", "complex", "bool", "Any", "object", "Number"})
    return frozenset[Loose]({"floats"} if only_floats else {"text"} if is_text else ())


def _is_lazy(function: Function, docstring: str) -> bool:
    """Whether a call of it may show a generator, or another object that its values are yet to be drawn from."""
    if function.returns is None:
        return _YIELDS.search(docstring) is not None
    return any(_LAZY.match(_head(member)) for member in _members(function.returns))


def _draws(source: str) -> bool:
    tree = parsed(source)
    nodes = ast.walk(tree) if tree else ()
    return any(isinstance(node, ast.Call) and getattr(node.func, "id", None) in _DRAWING for node in nodes)


def _fits(example: Example, function: Function) -> bool:
    """Whether no annotation contradicts: `to_binary(5) -> 101` is short for a text, `1 -> 2` an edge of a graph."""
    call = parsed(example.source)
    if not isinstance(call, ast.Call) or not is_call_of(example.source, function.name):
        return True
    try:
        wanted = value_of(example.want)
    except NotALiteralError:
        return False
    if not _is_of(wanted, function.returns, is_argument=False):
        return False
    return not isinstance(call.func, ast.Name) or all(_argument_fits(*each) for each in _bound(call, function))


def _bound(call: ast.Call, function: Function) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """The arguments of a call, each with the annotation of its parameter."""
    by_place = [*function.args.posonlyargs, *function.args.args]
    by_name = {one.arg: one.annotation for one in (*by_place, *function.args.kwonlyargs)}
    yield from zip(call.args, (one.annotation for one in by_place), strict=False)
    yield from ((keyword.value, by_name.get(keyword.arg or "")) for keyword in call.keywords)


def _argument_fits(argument: ast.expr, annotation: ast.expr | None) -> bool:
    try:
        return _is_of(tree_value(argument), annotation, is_argument=True)
    except NotALiteralError:
        return True


def _is_of(value: object, annotation: ast.expr | None, *, is_argument: bool) -> bool:
    """Whether a literal may be a value of an annotated type. For an argument, any group stands for another."""
    if value is None or annotation is None:
        return True
    return any(_is_of_member(value, member, is_argument=is_argument) for member in _members(annotation))


def _is_of_member(value: object, member: ast.expr, *, is_argument: bool) -> bool:
    types = _TYPES.get(_head(member))
    if types is None:
        return True
    if isinstance(value, float) and types == (int,):
        return value.is_integer()
    if is_argument and set(types) & {*_GROUPS}:
        types = (*types, *_GROUPS)
    if isinstance(value, bool) and bool not in types:
        return is_argument and int in types
    return isinstance(value, types)


def _members(annotation: ast.expr) -> Iterator[ast.expr]:
    """The members of a union; what is no union is its only one."""
    tree = unquoted(annotation)
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.BitOr):
        yield from _members(tree.left)
        yield from _members(tree.right)
    elif isinstance(tree, ast.Subscript) and _head(tree) in {"Union", "Optional", "Annotated"}:
        yield from (tree.slice.elts if isinstance(tree.slice, ast.Tuple) else [tree.slice])
    else:
        yield tree


def _head(tree: ast.expr) -> str:
    tree = tree.value if isinstance(tree, ast.Subscript) else tree
    return tree.attr if isinstance(tree, ast.Attribute) else getattr(tree, "id", "")
