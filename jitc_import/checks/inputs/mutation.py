"""Values like those of the examples: of the same type and, as far as the examples show it, of the same kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitc_import.checks.inputs.evidence import Seen, in_ascending_order, in_order, is_balanced, is_integer

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_LONGEST_TEXT = 200
_LONGEST_LIST = 50
_TRIES = 8
_RARELY = 0.06


def mutated(value: Any, seen: Seen, dice: Random) -> Any:
    """Another value of the type of `value`; the same one where nothing is known to change.

    `value` need not be one of those that were seen: it may have been changed before.
    """
    change = _CHANGES.get(type(value))
    return change(value, seen, dice) if change else value


def _bool(value: bool, _: Seen, __: Random) -> bool:  # noqa: FBT001 - the value itself
    return not value


def _int(value: int, seen: Seen, dice: Random) -> int:
    top = int(seen.highest)
    choices = [value + 1, value - 1, value * 2, value * 3, value + 2, dice.randint(0, top), dice.randint(0, 12), 0, 1]
    choices += [number for number in seen.numbers if type(number) is int]
    if seen.lowest < 0:
        choices += [-value, -1, -dice.randint(1, top)]
    return dice.choice([number for number in choices if seen.lowest <= number <= top] or [value])


def _float(value: float, seen: Seen, dice: Random) -> float:
    choices = [value + 1, value - 1, value * 2, value / 2, round(dice.uniform(0, seen.highest), 2), value + 0.5, 0.0]
    choices += [number for number in seen.numbers if type(number) is float]
    if seen.lowest < 0:
        choices += [-value, round(-dice.uniform(0, seen.highest), 2)]
    return dice.choice([number for number in choices if seen.lowest <= number <= seen.highest] or [value])


def _str(value: str, seen: Seen, dice: Random) -> str:
    if seen.are_integers and is_integer(value):
        return str(_int(int(value), Seen(tuple(map(int, seen.texts))), dice))
    if seen.are_characters and len(value) == 1:
        characters: list[str] = [*seen.alphabet, *_neighbours(value)]
        return dice.choice(characters)
    for _ in range(_TRIES):
        text = _shaped(value, seen, dice) if seen.are_shaped else _text(value, seen, dice)
        if not seen.are_balanced or is_balanced(text):
            return text[:_LONGEST_TEXT]
    return dice.choice(seen.texts or [value])


def _neighbours(character: str) -> list[str]:
    """The letters or digits beside one; none for any other sign."""
    beside = [chr(ord(character) + step) for step in (-1, 1) if character.isascii()]
    kinds: tuple[Callable[[str], bool], ...] = (str.isdigit, str.isupper, str.islower)
    return [other for other in beside if any(kind(other) and kind(character) for kind in kinds)]


def _shaped(value: str, seen: Seen, dice: Random) -> str:
    """Another string of the same shape, by exchanging one character for one of its kind that was seen."""
    index = dice.randrange(len(value)) if value else 0
    kinds: tuple[Callable[[str], bool], ...] = (str.isdigit, str.isupper, str.islower)
    for kind in kinds:
        if value and kind(value[index]):
            return value[:index] + dice.choice([*filter(kind, seen.alphabet)] or [value[index]]) + value[index + 1 :]
    return value


def _text(value: str, seen: Seen, dice: Random) -> str:
    if not value or dice.random() < _RARELY:
        return "" if value else dice.choice(seen.texts or [""])
    index, other = dice.randrange(len(value)), dice.randrange(len(value))
    low, high = sorted((index, other))
    sign = dice.choice(seen.alphabet or value)
    choices = [
        value[:index] + value[index + 1 :],
        value[:index] + value[index] + value[index:],
        value[:low] + value[high] + value[low + 1 : high] + value[low] + value[high + 1 :] if low < high else value,
        value[:index] + sign + value[index + 1 :],
        value[:index] + sign + value[index:],
        value + dice.choice(seen.texts or [value]),
        value[::-1],
        value[low : high + 1],
        "".join(dice.choice(seen.alphabet or value) for _ in range(dice.randint(1, len(value) + 3))),
    ]
    if seen.alphabet != seen.alphabet.lower() != seen.alphabet.upper():
        choices.append(value[:index] + value[index].swapcase() + value[index + 1 :])
    return dice.choice(choices)


def _list(value: list[Any], seen: Seen, dice: Random) -> list[Any]:
    made = _kept_in_length(value, seen, dice) if _keeps_length(seen) else _changed_in_length(value, seen, dice)
    if seen.are_distinct:
        made = [item for index, item in enumerate(made) if item not in made[:index]]
    if seen.are_sorted:
        made = in_ascending_order(made)
    return made[:_LONGEST_LIST]


def _tuple(value: tuple[Any, ...], seen: Seen, dice: Random) -> tuple[Any, ...]:
    return tuple(_list(list(value), seen, dice))


def _keeps_length(seen: Seen) -> bool:
    return seen.has_one_length or seen.are_square


def _kept_in_length(value: list[Any], seen: Seen, dice: Random) -> list[Any]:
    """Another list of the same length."""
    if not value:
        return value
    made = list(value)
    if dice.random() < 0.2 and len(set(map(type, value))) == 1:  # noqa: PLR2004 - now and then
        dice.shuffle(made)
    for index in dice.sample(range(len(made)), dice.randint(1, min(2, len(made)))):
        made[index] = _element(value[index], index, seen, dice)
    return made


def _element(value: Any, index: int, seen: Seen, dice: Random) -> Any:
    """Another element: in a record, one of what was seen at its place; in a table, a row of the same length."""
    elements = seen.elements
    if seen.has_one_length and index < len(seen.sequences[0]):
        elements = Seen(tuple(sequence[index] for sequence in seen.sequences))
    if seen.are_tables and isinstance(value, (list, tuple)):
        rows = Seen(tuple(tuple(row) for row in elements.sequences))
        row = _kept_in_length(list(value), Seen((tuple(value), *rows.values)), dice)
        return type(value)(row)
    return mutated(value, elements, dice)


def _changed_in_length(value: list[Any], seen: Seen, dice: Random) -> list[Any]:
    if not value or dice.random() < _RARELY:
        return [] if value else list(dice.choice(seen.sequences or [value]))
    index, other = sorted((dice.randrange(len(value)), dice.randrange(len(value))))
    another = value if seen.are_tables else list(dice.choice(seen.sequences or [value]))
    known = list(value) if seen.are_tables else list(seen.elements.values)
    choices: list[Callable[[], list[Any]]] = [
        lambda: value[:index] + value[index + 1 :],
        lambda: [*value[:index], value[index], *value[index:]],
        lambda: dice.sample(value, len(value)),
        lambda: value[::-1],
        lambda: value + another,
        lambda: another + value,
        lambda: value[index : other + 1],
        lambda: [*value[:index], dice.choice(known or value), *value[index:]],
        lambda: _kept_in_length(value, seen, dice),
        lambda: _kept_in_length(value, seen, dice),
        lambda: [_element(item, 0, seen, dice) for item in value],
    ]
    return dice.choice(choices)()


def _dict(value: dict[Any, Any], seen: Seen, dice: Random) -> dict[Any, Any]:
    if not value or (not seen.are_records and dice.random() < _RARELY):
        return {} if value else dict(dice.choice(seen.dicts or [value]))
    made, key = dict(value), dice.choice(list(value))
    if seen.are_records or dice.random() < 0.4:  # noqa: PLR2004 - changed, dropped or added, about as often
        made[key] = mutated(value[key], seen.under(key), dice)
    elif dice.random() < 0.5:  # noqa: PLR2004
        del made[key]
    else:
        made[mutated(key, seen.keys, dice)] = dice.choice(seen.under(key).values or (value[key],))
    return made


def _set(value: set[Any], seen: Seen, dice: Random) -> set[Any]:
    sets = [list(in_order(other)) for other in seen.values if isinstance(other, (set, frozenset))]
    return set(_changed_in_length(list(in_order(value)), Seen(tuple(sets)), dice))


_CHANGES: dict[type, Callable[[Any, Seen, Random], Any]] = {
    bool: _bool,
    int: _int,
    float: _float,
    str: _str,
    list: _list,
    tuple: _tuple,
    dict: _dict,
    set: _set,
    frozenset: lambda value, seen, dice: frozenset(_set(value, seen, dice)),
}
