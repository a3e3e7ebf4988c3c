"""Whether an expression of a docstring is certainly a call of its function that can be run as it stands."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jitc_import.checks.examples.literals import is_literal, parsed

if TYPE_CHECKING:
    from typing import TypeGuard

BUILTINS = frozenset(
    {
        *("abs", "all", "any", "bool", "bytearray", "bytes", "complex", "dict", "divmod", "enumerate", "float"),
        *("frozenset", "int", "len", "list", "max", "min", "next", "pow", "range", "repr", "reversed", "round"),
        *("set", "sorted", "str", "sum", "tuple", "type", "zip", "isinstance"),
    }
)
"""What an example may call besides its function."""

CONSTRUCTORS = frozenset(
    {
        *("date", "datetime", "timedelta", "deque", "datetime.date", "datetime.datetime", "datetime.time"),
        *("datetime.timedelta", "collections.deque", "np.array", "numpy.array"),
    }
)
"""Classes, and what makes objects like one, that do not begin with a capital."""

_PLAIN = (
    *(ast.Constant, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.Compare, ast.Call),
    *(ast.Attribute, ast.Subscript, ast.Slice, ast.keyword, ast.operator, ast.unaryop, ast.boolop, ast.cmpop),
    *(ast.expr_context,),
)


def calls_certainly(tree: ast.expr, name: str, parameters: tuple[str, ...]) -> bool:
    """Whether `tree` calls the function, with arguments that fit, and needs no name that an example would bind.

    A method is called on what a class makes: `Circle(2).area()`; a call on a name (`circle.area()`) needs that name.
    """
    try:
        nodes = list(ast.walk(tree))
        called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
        looked_into = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
    except RecursionError:
        return False
    made = {id(node) for call in nodes if _is_constructor(call) for node in ast.walk(call.func)}
    for node in nodes:
        if isinstance(node, ast.Name):
            is_class = node.id[:1].isupper() and id(node) in called | looked_into
            if not (is_class or id(node) in made or (id(node) in called and node.id in BUILTINS | {name})):
                return False
        elif not isinstance(node, _PLAIN) or (isinstance(node, ast.Constant) and node.value is ...):
            return False
    return any(isinstance(node, ast.Call) and _is_own(node, name, parameters) for node in nodes)


def is_call_of(source: str, name: str) -> bool:
    """Whether what is typed is nothing but a call of a function or method of this name."""
    tree = parsed(source)
    return isinstance(tree, ast.Call) and name == getattr(tree.func, "id", getattr(tree.func, "attr", None))


def is_made(tree: ast.expr) -> bool:
    """Whether an expression is a literal, or makes an object of a class out of literals and such objects."""
    if not isinstance(tree, ast.Call):
        return is_literal(ast.unparse(tree))
    is_class = isinstance(tree.func, ast.Name) and tree.func.id[:1].isupper()
    arguments = [*tree.args, *(keyword.value for keyword in tree.keywords)]
    return (is_class or _is_constructor(tree)) and all(map(is_made, arguments))


def _is_constructor(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in CONSTRUCTORS


def is_method(parameters: tuple[str, ...]) -> bool:
    """Whether the function has to be called on an object or class."""
    return parameters[:1] in {("self",), ("cls",)}


def plain_names(parameters: tuple[str, ...]) -> list[str]:
    """The parameters that take one argument each."""
    return [parameter for parameter in parameters if parameter[0] not in "*/"]


def takes_any_number(parameters: tuple[str, ...]) -> bool:
    """Whether there is a parameter for any number of arguments; a bare star is none."""
    return any(parameter.startswith("*") and parameter != "*" for parameter in parameters)


def _is_own(call: ast.Call, name: str, parameters: tuple[str, ...]) -> bool:
    if isinstance(call.func, ast.Name):
        return call.func.id == name and not is_method(parameters) and _binds(call, parameters)
    if not isinstance(call.func, ast.Attribute) or call.func.attr != name:
        return False
    return _root_is_class(call.func.value) and _binds(call, parameters[is_method(parameters) :])


def _root_is_class(node: ast.expr) -> bool:
    while isinstance(node, (ast.Attribute, ast.Call, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name) and node.id[:1].isupper()


def _binds(call: ast.Call, parameters: tuple[str, ...]) -> bool:
    """Whether the arguments fit the parameters by number and name; `*args` and `**options` take any."""
    plain = plain_names(parameters)
    takes_all = takes_any_number(parameters)
    by_name = {keyword.arg for keyword in call.keywords}
    if takes_all:
        return None not in by_name
    return len(call.args) + len(call.keywords) <= len(plain) and by_name <= set(plain[len(call.args) :])
