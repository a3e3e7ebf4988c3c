"""Which messages of a type checker are certainly about a mistake, and which are about types that it cannot follow.

Certain is a message where no value at run time could have both the type that was found and the one that is wanted: a
`str` is never an `int`. Not certain: an `int` under the static type `float`; an empty list, which is a list of
anything; `X | None` that is never None here; a subclass under the name of its base.
"""

from __future__ import annotations

import ast
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_NUMBERS = frozenset({"bool", "int", "float", "complex"})
_SERIES = frozenset({"str", "bytes", "bytearray", "list", "dict", "set", "frozenset", "tuple", "range"})
_VIEWS = frozenset({"dict_keys", "dict_values", "dict_items", "map", "filter", "zip", "enumerate", "Generator"})
_CONCRETE = _NUMBERS | _SERIES | _VIEWS | {"None"}
_COLLECTIVE = frozenset({"Sized", "Iterable", "Collection", "Container", "Sequence", "Mapping", "MutableSequence"})
_GROWING = frozenset({"list", "dict", "set", "deque", "defaultdict", "Counter", "OrderedDict"})
"""Types whose contents mypy infers from the first use: another use may be right."""

_FIRM = _CONCRETE - {"float", "complex", "None"}
"""Types whose values have no attribute or operator that the type lacks; a `float` may be an `int`."""

_RETURN = re.compile(
    r'Incompatible return value type \(got "(.+)", expected "(.+)"\)'
    r'|Type "(.+)" is not assignable to return type "(.+)"'
)
_ARGUMENT = re.compile(r'Argument .+? to "[^"]+"(?: of "(\w+)")? has incompatible type "(.+)"; expected "(.+)"')
_ITEM = re.compile(r'(?:List item \d+|Argument \d+ to <set>) has incompatible type "(.+)"; expected "(.+)"')
_COMPREHENSION = re.compile(r"(?:List|Set) comprehension has incompatible type \w+\[(.+)\]; expected \w+\[(.+)\]")
_ATTRIBUTE = re.compile(r'"(.+?)" has no attribute "|Cannot access attribute "\w+" for class "(.+)"')
_OPERANDS = re.compile(
    r'Unsupported operand types for \S+ \("(.+)" and "(.+)"\)|Operator "\S+" not supported for types "(.+)" and "(.+)"'
)
_MEMBERSHIP = re.compile(r'Unsupported right operand type for in \("(.+)"\)')
_INDEXED = re.compile(r'Value of type "(.+)" is not indexable|"__getitem__" method not defined on type "(.+)"')
_CALL = re.compile(
    r"(?:Too many|Too few|Missing|Unexpected keyword) (?:positional )?argument|Expected \d+ positional argument"
    r'|No parameter named "|Arguments? missing for parameter'
)

_HARMLESS = frozenset(
    (
        *("union-attr", "return", "attr-defined", "type-arg", "func-returns-value", "no-any-return", "no-untyped-call"),
        *("reportOptionalMemberAccess", "reportOptionalSubscript", "reportOptionalOperand", "reportReturnType"),
        *("reportAttributeAccessIssue", "reportMissingImports", "reportMissingModuleSource"),
    )
)
"""Codes of messages that may be wrong, but give no reason to doubt what else is said about the same body."""


@dataclass(frozen=True)
class Message:
    """An error of mypy or pyright: its line (1-based), its code or rule, what it says, and what it adds to that."""

    line: int
    code: str
    text: str
    hint: str = ""


def certain(messages: Sequence[tuple[Message, str]]) -> list[tuple[Message, str]]:
    """Those of the messages about one body, each with the line of code, that are certainly about a mistake.

    Where a variable is given a value of another type, which Python allows, type checkers keep to the first one, and
    what they say of the lines after that may be wrong: then none is certain.
    """
    sure = [one for one in messages if _is_certain(*one)]
    unsure = [message for message, line in messages if (message, line) not in sure]
    return [] if any(_casts_doubt(message) for message in unsure) else sure


def _is_certain(message: Message, line: str) -> bool:
    judge = _JUDGES.get(message.code)
    return judge is not None and "operand is of type" not in message.hint and judge(message.text, line)


def _casts_doubt(message: Message) -> bool:
    """Whether the checker may have a wrong idea of what a variable holds."""
    return message.code not in _HARMLESS and not message.code.startswith("import")


def never_both(one: str, other: str) -> bool:
    """Whether no value has both types, given as mypy writes them."""
    left, right = _members(one), _members(other)
    return bool(left and right) and all(_disjoint(*pair) for pair in itertools.product(left, right))


def _members(text: str) -> list[ast.expr]:
    """The members of a union as trees, a plain type as its only one; none where this is no Python expression."""
    try:
        return list(_parts(ast.parse(text, mode="eval").body))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _parts(tree: ast.expr) -> Iterator[ast.expr]:
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.BitOr):
        yield from _parts(tree.left)
        yield from _parts(tree.right)
    else:
        yield tree


def _disjoint(one: ast.expr, other: ast.expr) -> bool:
    left, right = _head(one), _head(other)
    if left == right == "tuple":
        whole = isinstance(one, ast.Subscript) and isinstance(other, ast.Subscript)
        return whole and _tuples_differ(_arguments(one), _arguments(other))
    if any(few in _NUMBERS | {"None"} and many in _COLLECTIVE for few, many in ((left, right), (right, left))):
        return True
    same = left == right or {left, right} <= _NUMBERS
    return {left, right} <= _CONCRETE and not same


def _tuples_differ(one: list[ast.expr], other: list[ast.expr]) -> bool:
    if any(_is_ellipsis(each) for each in (*one, *other)):
        return False
    return len(one) != len(other) or any(map(_disjoint, one, other))


def _is_ellipsis(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Constant) and tree.value is Ellipsis


def _head(tree: ast.expr) -> str:
    if isinstance(tree, ast.Subscript):
        head = _head(tree.value)
        return _kind(_arguments(tree)[0]) if head == "Literal" else head
    if isinstance(tree, ast.Constant) and tree.value is None:
        return "None"
    return tree.id if isinstance(tree, ast.Name) else ""


def _kind(literal: ast.expr) -> str:
    """The type of a value in `Literal[...]`; of an enumeration's member nothing is known."""
    return type(literal.value).__name__ if isinstance(literal, ast.Constant) else ""


def _arguments(tree: ast.expr) -> list[ast.expr]:
    if not isinstance(tree, ast.Subscript):
        return []
    return tree.slice.elts if isinstance(tree.slice, ast.Tuple) else [tree.slice]


def _is_firm(name: str) -> bool:
    members = _members(name)
    return bool(members) and all(_head(member) in _FIRM for member in members)


def _return(message: str, line: str) -> bool:  # noqa: ARG001
    found = _RETURN.search(message)
    return found is not None and never_both(*filter(None, found.groups()))


def _argument(message: str, line: str) -> bool:  # noqa: ARG001
    found = _ARGUMENT.search(message)
    return found is not None and found[1] not in _GROWING and never_both(found[2], found[3])


def _item(message: str, line: str) -> bool:
    found = _ITEM.match(message)
    return found is not None and line.startswith("return") and never_both(found[1], found[2])


def _comprehension(message: str, line: str) -> bool:
    found = _COMPREHENSION.search(message)
    return found is not None and line.startswith("return") and never_both(found[1], found[2])


def _attribute(message: str, line: str) -> bool:  # noqa: ARG001
    found = _ATTRIBUTE.match(message)
    return found is not None and all(map(_is_firm, filter(None, found.groups())))


def _operator(message: str, line: str) -> bool:  # noqa: ARG001
    found = _OPERANDS.search(message) or _MEMBERSHIP.search(message)
    return found is not None and all(map(_is_firm, filter(None, found.groups())))


def _index(message: str, line: str) -> bool:  # noqa: ARG001
    found = _INDEXED.search(message)
    return found is not None and all(map(_is_firm, filter(None, found.groups())))


def _call(message: str, line: str) -> bool:  # noqa: ARG001
    return _CALL.match(message) is not None and 'of "object"' not in message  # a mixin's super() may be another class


_JUDGES: dict[str, Callable[[str, str], bool]] = {
    "return-value": _return,
    "arg-type": lambda message, line: _argument(message, line) or _item(message, line),
    "list-item": _item,
    "misc": _comprehension,
    "attr-defined": _attribute,
    "operator": _operator,
    "index": _index,
    "call-arg": _call,
    "str-format": lambda message, line: True,  # noqa: ARG005
    "reportReturnType": _return,
    "reportAttributeAccessIssue": _attribute,
    "reportOperatorIssue": _operator,
    "reportIndexIssue": _index,
    "reportCallIssue": _call,
}
