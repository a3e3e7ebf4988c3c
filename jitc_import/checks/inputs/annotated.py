"""Values of the types that annotations name."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from jitc_import.checks.examples.literals import is_literal, parsed, tree_value

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    Maker = Callable[[Random], Any]

_LETTERS = "abcdeABC  012"
_DEEPEST = 5
_LISTS = frozenset({"list", "List", "Sequence", "Iterable", "Collection", "MutableSequence"})
_SETS = {"set": set, "Set": set, "MutableSet": set, "frozenset": frozenset, "FrozenSet": frozenset, "AbstractSet": set}
_DICTS = frozenset({"dict", "Dict", "Mapping", "MutableMapping"})
_PLAIN: dict[str, Maker] = {
    "int": lambda dice: dice.choice([0, 1, 2, 3, dice.randint(0, 12), dice.randint(0, 100)]),
    "float": lambda dice: dice.choice([0.0, 1.0, round(dice.uniform(0, 10), 2), round(dice.uniform(0, 100), 1)]),
    "str": lambda dice: "".join(dice.choice(_LETTERS) for _ in range(dice.choice([0, 1, 2, 3, 5, 8]))),
    "bool": lambda dice: dice.random() < 0.5,  # noqa: PLR2004 - a coin
    "None": lambda _: None,
}


def maker_of(annotation: str | None) -> Maker | None:
    """What makes values of a type, given dice; None where the annotation names no type of plain values."""
    tree = parsed(annotation) if annotation else None
    return _maker(tree, 0) if tree is not None else None


def _maker(tree: ast.expr, depth: int) -> Maker | None:
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str) and depth < _DEEPEST:
        quoted = parsed(tree.value)
        return _maker(quoted, depth + 1) if quoted is not None else None
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.BitOr):
        return _one_of([tree.left, tree.right], depth)
    if isinstance(tree, ast.Subscript) and depth < _DEEPEST:
        arguments = tree.slice.elts if isinstance(tree.slice, ast.Tuple) else [tree.slice]
        return _generic(_last_name(tree.value), arguments, depth + 1)
    return _PLAIN.get(_last_name(tree))


def _last_name(tree: ast.expr) -> str:
    if isinstance(tree, ast.Constant):
        return str(tree.value)
    return tree.attr if isinstance(tree, ast.Attribute) else getattr(tree, "id", "")


def _generic(name: str, arguments: list[ast.expr], depth: int) -> Maker | None:
    if name == "Literal":
        values = [tree_value(argument) for argument in arguments if is_literal(ast.unparse(argument))]
        return (lambda dice: dice.choice(values)) if values else None
    if name in {"Optional", "Union"}:
        return _one_of([*arguments, *[ast.Constant(None)] * (name == "Optional")], depth)
    if name in {"tuple", "Tuple"}:
        return _tuples(arguments, depth)
    return _collection(name, [maker for argument in arguments if (maker := _maker(argument, depth))])


def _collection(name: str, makers: list[Maker]) -> Maker | None:
    if name in _DICTS and len(makers) == 2:  # noqa: PLR2004 - of keys and of values
        return _hashed(_many(lambda dice: (makers[0](dice), makers[1](dice)), dict), dict)
    if name in _LISTS and len(makers) == 1:
        return _many(makers[0], list)
    if name in _SETS and len(makers) == 1:
        return _hashed(_many(makers[0], _SETS[name]), _SETS[name])
    return None


def _one_of(arguments: list[ast.expr], depth: int) -> Maker | None:
    makers = [maker for argument in arguments if (maker := _maker(argument, depth))]
    return (lambda dice: dice.choice(makers)(dice)) if len(makers) == len(arguments) else None


def _tuples(arguments: list[ast.expr], depth: int) -> Maker | None:
    if len(arguments) == 2 and isinstance(arguments[1], ast.Constant) and arguments[1].value is ...:  # noqa: PLR2004
        element = _maker(arguments[0], depth)
        return _many(element, tuple) if element else None
    makers = [maker for argument in arguments if (maker := _maker(argument, depth))]
    return (lambda dice: tuple(maker(dice) for maker in makers)) if len(makers) == len(arguments) else None


def _many(element: Maker, made: Callable[[Any], Any]) -> Maker:
    return lambda dice: made([element(dice) for _ in range(dice.choice([0, 1, 2, 3, 4, 6]))])


def _hashed(maker: Maker, empty: Callable[[], Any]) -> Maker:
    """The same; empty where its elements can be in no set."""

    def make(dice: Random) -> Any:
        try:
            return maker(dice)
        except TypeError:
            return empty()

    return make
