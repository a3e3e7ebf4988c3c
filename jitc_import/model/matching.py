"""Which definition of a reply is which stub."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitc_import.model.found import Found, is_placeholder
from jitc_import.source.definitions import definitions, qualname_of
from jitc_import.source.digest import canonical

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterator, Sequence

    from jitc_import.source.definitions import Function
    from jitc_import.source.stubs import SourceModule, Stub

    Path = tuple[str, ...]
    Twin = tuple[str, Function]

ROLES = frozenset({"setter", "deleter", "getter", "overload"})
"""Decorators that tell definitions of one name apart."""


def path_of(key: str) -> Path:
    """The names in a key from the outermost inwards: `outer.<locals>.inner#2` gives `outer`, `inner`."""
    return tuple(name for name in qualname_of(key).split(".") if name != "<locals>")


def match_stubs(module: SourceModule, stubs: Sequence[Stub], found: Sequence[Found]) -> dict[str, Found]:
    """For each stub that has one, its definition in the reply.

    A definition is a stub's if its qualified name is; if it is the end of one stub's name alone, that will do (a
    method without its class). Definitions that share a name are told apart by their decorators, then their
    parameters, then their order. Of one that is written twice the last that is no placeholder counts.
    """
    twins: dict[Path, list[Twin]] = {}
    for key, node in definitions(module.tree):
        twins.setdefault(path_of(key), []).append((key, node))
    wanted = {stub.key for stub in stubs}
    matched: dict[str, Found] = {}
    for path, candidates in _by_path({path_of(key) for key in wanted}, set(twins), found):
        matched.update(_tell_apart(twins[path], wanted, candidates))
    return matched


def _by_path(wanted: set[Path], defined: set[Path], found: Sequence[Found]) -> Iterator[tuple[Path, list[Found]]]:
    by_path: dict[Path, list[Found]] = {}
    for definition in found:
        by_path.setdefault(definition.path, []).append(definition)
    lacking = wanted - set(by_path)
    for path, definitions_there in by_path.items():
        if path in wanted:
            yield path, definitions_there
        elif path not in defined:
            meant = [longer for longer in lacking if longer[-len(path) :] == path]
            if len(meant) == 1:
                yield meant[0], definitions_there


def _tell_apart(twins: Sequence[Twin], wanted: set[str], found: Sequence[Found]) -> dict[str, Found]:
    if len(twins) == 1:
        return {twins[0][0]: _last(found)}
    matched: dict[str, Found] = {}
    for role in dict.fromkeys(_role(node) for _, node in twins):
        there = [twin for twin in twins if _role(twin[1]) == role]
        matched.update(_same_role(there, wanted, [each for each in found if _role(each.node) == role]))
    left = [each for each in found if each not in matched.values()]
    lacking = [twin for twin in twins if twin[0] in wanted and twin[0] not in matched]
    matched.update(_alike(lacking, left, _parameters))
    return matched


def _same_role(twins: Sequence[Twin], wanted: set[str], found: Sequence[Found]) -> dict[str, Found]:
    asked = [twin for twin in twins if twin[0] in wanted]
    if not asked or not found:
        return {}
    if len(twins) == 1:
        return {twins[0][0]: _last(found)}
    whole_times = len(found) % len(twins) == 0
    if not whole_times and len(found) != len(asked):
        return dict(_alike(asked, found, lambda node: canonical(node.args)))
    group = twins if whole_times else asked
    in_order = zip(group, found[-len(group) :], strict=True)
    return {key: definition for (key, _), definition in in_order if key in wanted}


def _alike(
    twins: Sequence[Twin], found: Sequence[Found], trait: Callable[[Function], object]
) -> Iterator[tuple[str, Found]]:
    """Pairs that share a trait which no other of the twins, and no other definition, has."""
    traits = [trait(node) for _, node in twins]
    for (key, _), own in zip(twins, traits, strict=True):
        alike = [each for each in found if trait(each.node) == own]
        if len(alike) == 1 and traits.count(own) == 1:
            yield key, alike[0]


def _last(found: Sequence[Found]) -> Found:
    """The one that counts in Python, unless it is but a placeholder."""
    return next((each for each in reversed(found) if not is_placeholder(each.node)), found[-1])


def _role(node: Function) -> str:
    for decorator in node.decorator_list:
        name = _last_name(decorator)
        if name in ROLES:
            return name
    return ""


def _last_name(decorator: ast.expr) -> str:
    return str(getattr(decorator, "attr", getattr(decorator, "id", "")))


def _parameters(node: Function) -> list[str]:
    arguments = node.args
    return [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
