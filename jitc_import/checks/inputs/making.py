"""Making calls: those of the examples with other arguments, or calls on arguments of the annotated types."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from jitc_import.checks.examples.calls import BUILTINS, is_method
from jitc_import.checks.examples.literals import NotALiteralError, parsed, tree_value
from jitc_import.checks.inputs.annotated import maker_of
from jitc_import.checks.inputs.evidence import Seen, in_order
from jitc_import.checks.inputs.mutation import mutated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jitc_import.checks.examples.example import Example

    Place = tuple[str, int | str]

_TRIES = 100
"""Attempts in a row that may give nothing new: where little can be varied, there are fewer inputs than wanted."""


@dataclass(frozen=True)
class Input:
    """One run: statements that come first, and the expression whose value is compared.

    `like_examples` says whether it was made from one. `has_new_text`: it holds a text that no example has; `zeros` are
    the parameters that are zero in it, and in no example.
    """

    setup: tuple[str, ...]
    call: str
    like_examples: bool = field(default=False, compare=False)
    has_new_text: bool = field(default=False, compare=False)
    zeros: tuple[str, ...] = field(default=(), compare=False)

    @property
    def lines(self) -> tuple[str, ...]:
        """All that is run, one by one."""
        return (*self.setup, self.call)


@dataclass(frozen=True)
class _Origin:
    """An example's expression, and the arguments in it that can be exchanged: where they belong, what they are."""

    setup: tuple[str, ...]
    source: str
    arguments: tuple[tuple[Place, Any], ...]


def made_inputs(
    examples: Sequence[Example],
    parameters: tuple[str, ...],
    annotations: Sequence[str | None],
    count: int,
    seed: int,
    name: str = "",
) -> tuple[Input, ...]:
    """At most `count` inputs, none twice and none of the examples; always the same for a seed.

    `parameters` are the names of the function's parameters, `annotations` their texts or None. `name` is the
    function's own: without it, it is what the examples call most, and inputs are made from examples only. Where
    neither examples nor annotations tell what to make, there are none.
    """
    dice = Random(seed)  # noqa: S311 - nothing is kept secret by it
    name = name or _name_called_most(examples)
    origins = list(_origins(examples, name, parameters))
    if origins:
        return _from_examples(origins, name, dice, count)
    return _from_annotations(name, parameters, annotations, dice, count) if name else ()


def _name_called_most(examples: Sequence[Example]) -> str:
    calls = [node for example in examples for node in _calls(parsed(example.source))]
    return next((name for name, _ in Counter(map(_name_called, calls)).most_common() if name), "")


def _calls(tree: ast.AST | None) -> Iterator[ast.Call]:
    """The calls in an expression that are not those of a builtin."""
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") not in BUILTINS | {"print"}:
            yield node


def _name_called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _origins(examples: Sequence[Example], name: str, parameters: tuple[str, ...]) -> Iterator[_Origin]:
    setup: list[str] = []
    bound: set[str] = set()
    for example in examples:
        tree = parsed(example.source)
        if example.form == "doctest" and not example.want:
            setup.append(example.source)
            bound |= _names(example.source)
            continue
        if tree is None or example.exception is not None:
            continue
        tree = tree.left if isinstance(tree, ast.Compare) and any(_calls(tree.left)) else tree
        arguments = tuple(_arguments(tree, name, parameters))
        if arguments and any(_name_called(call) == name for call in _calls(tree)):
            needs_setup = example.form == "doctest" and bound & _names(example.source)
            yield _Origin(tuple(setup) if needs_setup else (), ast.unparse(tree), arguments)


def _names(source: str) -> set[str]:
    """The names that a statement binds or uses, builtins aside."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    bound = {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    bound |= {(node.asname or node.name).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.alias)}
    return bound | {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _arguments(tree: ast.expr, name: str, parameters: tuple[str, ...]) -> Iterator[tuple[Place, Any]]:
    for call in _calls(tree):
        called = _name_called(call)
        shift = int(isinstance(call.func, ast.Attribute) and is_method(parameters))
        for position, argument in _given(call):
            place = position
            if called == name and isinstance(position, int) and position + shift < len(parameters):
                place = parameters[position + shift]
            try:
                yield (called, place), tree_value(argument)
            except NotALiteralError:
                continue


def _given(call: ast.Call) -> Iterator[tuple[int | str, ast.expr]]:
    yield from enumerate(call.args)
    yield from ((keyword.arg, keyword.value) for keyword in call.keywords if keyword.arg)


def _from_examples(origins: Sequence[_Origin], name: str, dice: Random, count: int) -> tuple[Input, ...]:
    seen: dict[Place, list[Any]] = defaultdict(list)
    for origin in origins:
        for place, value in origin.arguments:
            seen[place].append(value)
    evidence = {place: Seen(tuple(values)) for place, values in seen.items()}
    rules = _common_sizes(origins)
    texts = {text for values in seen.values() for text in _texts(values)}
    never_zero = {place for place, values in seen.items() if place[0] == name and not any(map(_is_zero, values))}
    made: dict[Input, None] = {}
    known = {Input(origin.setup, _rendered(origin, [value for _, value in origin.arguments])) for origin in origins}
    failures = 0
    while len(made) < count and failures < _TRIES:
        origin = dice.choice(origins)
        values = _other_values(origin, evidence, dice)
        has_new_text = not texts.issuperset(_texts(values))
        given = zip(origin.arguments, values, strict=True)
        zeros = tuple(str(place[1]) for (place, _), value in given if place in never_zero and _is_zero(value))
        one = Input(origin.setup, _rendered(origin, values), like_examples=True, has_new_text=has_new_text, zeros=zeros)
        is_new = one not in known and one not in made and _sizes(origin, values) >= rules
        failures = 0 if is_new else failures + 1
        if is_new:
            made[one] = None
    return tuple(made)


def _other_values(origin: _Origin, evidence: dict[Place, Seen], dice: Random) -> list[Any]:
    """Other arguments for an example: mostly one or two of them changed, some taken from other examples."""
    values = [value for _, value in origin.arguments]
    for index in dice.sample(range(len(values)), dice.randint(1, len(values))):
        place = origin.arguments[index][0]
        if dice.random() < 0.25:  # noqa: PLR2004 - a quarter is taken over
            values[index] = dice.choice(evidence[place].values)
        for _ in range(dice.choice([0, 1, 1, 2, 3])):
            values[index] = mutated(values[index], evidence[place], dice)
    return values


def _texts(value: Any) -> Iterator[str]:
    """The texts in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple, set, frozenset, dict)):
        for part in (*value, *value.values()) if isinstance(value, dict) else value:
            yield from _texts(part)


def _is_zero(value: Any) -> bool:
    return isinstance(value, (int, float)) and value == 0


def _rendered(origin: _Origin, values: Sequence[Any]) -> str:
    """The source of an example with other arguments."""
    tree, left = ast.parse(origin.source, mode="eval").body, iter(values)
    for call in list(_calls(tree)):
        call.args = [_replaced(argument, left) for argument in call.args]
        for keyword in call.keywords:
            keyword.value = _replaced(keyword.value, left) if keyword.arg else keyword.value
    return ast.unparse(tree)


def _replaced(argument: ast.expr, left: Iterator[Any]) -> ast.expr:
    try:
        tree_value(argument)
    except NotALiteralError:
        return argument
    return parsed(_text(next(left))) or argument


def _text(value: Any) -> str:
    """The source of a value: sets in an order that is the same in every process, no `inf` and no `nan`."""
    if isinstance(value, float) and repr(value).lstrip("-") in {"inf", "nan"}:
        return f"float({str(value)!r})"
    if isinstance(value, (list, tuple)):
        inner = ", ".join(map(_text, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' * (len(value) == 1)})"
    if isinstance(value, (set, frozenset)) and value:
        inner = "{" + ", ".join(map(_text, in_order(value))) + "}"
        return inner if isinstance(value, set) else f"frozenset({inner})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(key)}: {_text(item)}" for key, item in value.items()) + "}"
    return repr(value)


def _common_sizes(origins: Sequence[_Origin]) -> frozenset[tuple[Place, str, Place]]:
    """What holds of the sizes of arguments in every example: two lists of one length, an index within a list."""
    if len(origins) < 2:  # noqa: PLR2004 - one example makes no rule
        return frozenset()
    return frozenset.intersection(*(_sizes(origin, [value for _, value in origin.arguments]) for origin in origins))


def _sizes(origin: _Origin, values: Sequence[Any]) -> frozenset[tuple[Place, str, Place]]:
    sized = [(place, value) for (place, _), value in zip(origin.arguments, values, strict=True)]
    lengths = [(place, len(value)) for place, value in sized if isinstance(value, (list, tuple, str))]
    counts = [(place, value) for place, value in sized if type(value) is int]
    same_length = {(one, "==", other) for one, size in lengths for other, another in lengths if size == another}
    within = {(one, "<=", other) for one, size in counts for other, another in lengths if size <= another}
    return frozenset(same_length | within)


def _from_annotations(
    name: str, parameters: tuple[str, ...], annotations: Sequence[str | None], dice: Random, count: int
) -> tuple[Input, ...]:
    makers = [maker for annotation in annotations if (maker := maker_of(annotation))]
    if is_method(parameters) or not makers or len(makers) != len(parameters):
        return ()
    made: dict[Input, None] = {}
    failures = 0
    while len(made) < count and failures < _TRIES:
        one = Input((), f"{name}({', '.join(_text(maker(dice)) for maker in makers)})")
        failures = failures + 1 if one in made else 0
        made[one] = None
    return tuple(made)
