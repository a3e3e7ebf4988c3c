"""Which definition of a reply is which stub."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from jitc_import.model.found import Found, substance
from jitc_import.source.definitions import definitions, qualname_of
from jitc_import.source.digest import canonical

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from jitc_import.source.definitions import Function
    from jitc_import.source.stubs import SourceModule, Stub

    Path = tuple[str, ...]
    Trait = Callable[["Look"], object]

T = TypeVar("T")

ROLES = frozenset({"setter", "deleter", "getter", "overload"})
"""Decorators that tell definitions of one name apart, whatever they belong to."""


@dataclass(frozen=True)
class Look:
    """What tells a definition from others of its name.

    `decorators`, `parameters` (annotations and defaults included) and `returns` are canonical text. `facts` holds the
    decorators by what they call, and the annotations by parameter.
    """

    role: str
    decorators: str
    parameters: str
    names: tuple[str, ...]
    returns: str
    facts: Mapping[str, str]

    @classmethod
    def of(cls, node: Function, decorators: Sequence[ast.expr]) -> Look:
        """The look of a definition with these of its decorators."""
        arguments = node.args
        parameters = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        facts = {f"@{canonical(_called(each))}": canonical(each) for each in decorators}
        facts |= {each.arg: canonical(each.annotation) for each in parameters if each.annotation}
        return cls(
            next((name for name in map(_last_name, decorators) if name in ROLES), ""),
            canonical(list(decorators)) if decorators else "",
            canonical(arguments),
            tuple(each.arg for each in parameters),
            canonical(node.returns),
            facts,
        )

    def contradicts(self, other: Look) -> bool:
        """Whether a definition of this look in a reply cannot be meant for one of another look."""
        differ = any(other.facts.get(name, fact) != fact for name, fact in self.facts.items())
        return differ or self.role not in {"", other.role}


def _same(look: Look) -> object:
    return look.decorators, look.parameters


_BY_DECORATORS: tuple[Trait, ...] = (
    lambda look: (look.decorators, look.parameters, look.returns),
    _same,
    lambda look: look.decorators and (look.decorators, look.names),
    lambda look: look.decorators,
)
_BY_PARAMETERS: tuple[Trait, ...] = (lambda look: look.parameters, lambda look: (look.role, look.names))


@dataclass(frozen=True)
class Matches:
    """The definitions that are stubs' by key, and for the other stubs why it cannot be told which is theirs."""

    found: dict[str, Found] = field(default_factory=dict)
    unclear: dict[str, str] = field(default_factory=dict)


def path_of(key: str) -> Path:
    """The names in a key from the outermost inwards: `outer.<locals>.inner#2` gives `outer`, `inner`."""
    return tuple(name for name in qualname_of(key).split(".") if name != "<locals>")


def match_stubs(module: SourceModule, stubs: Sequence[Stub], found: Sequence[Found]) -> Matches:
    """For each stub that has one, its definition in the reply.

    A definition is a stub's if its qualified name is; if it is the end of one stub's name alone, that will do (a
    method without its class). Definitions that share a name are told apart by their decorators and annotated
    parameters; by their order only where those of the reply all look the same and none is missing. Of one that is
    written twice the last that is no placeholder counts.
    """
    twins: dict[Path, dict[str, Function]] = {}
    for key, node in definitions(module.tree):
        twins.setdefault(path_of(key), {})[key] = node
    written = {stub.key: stub.decorators for stub in module.stubs}
    wanted = {stub.key for stub in stubs}
    matches = Matches()
    for path, candidates in _by_path({path_of(key) for key in wanted}, set(twins), found):
        if len(twins[path]) == 1:
            matches.found[next(iter(twins[path]))] = _last(candidates)
            continue
        looks = {key: Look.of(node, _decorators(node, written.get(key))) for key, node in twins[path].items()}
        telling = _Telling.of(looks, wanted & set(looks), candidates)
        matches.found.update((key, each) for key, each in telling.tell().items() if key in wanted)
        if telling.left:
            matches.unclear.update((key, _why_unclear(key, len(looks))) for key in telling.lacking & wanted)
    return matches


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


@dataclass
class _Telling:
    """Definitions of one name, those of the module by key, on their way to be told apart."""

    looks: Mapping[str, Look]
    wanted: set[str]
    found: Mapping[Found, Look]
    left: dict[Found, Look]
    matched: dict[str, Found] = field(default_factory=dict)

    @classmethod
    def of(cls, looks: Mapping[str, Look], wanted: set[str], candidates: Iterable[Found]) -> _Telling:
        found = {each: Look.of(each.node, each.node.decorator_list) for each in candidates}
        return cls(looks, wanted, found, dict(found))

    @property
    def lacking(self) -> set[str]:
        return set(self.looks) - set(self.matched)

    def tell(self) -> dict[str, Found]:
        for trait in _BY_DECORATORS:
            self._by(trait, self.looks)
        for trait in _BY_PARAMETERS:
            self._by(trait, self.looks, guarded=True)
        self._by(lambda look: look.role, self.looks, guarded=True, single=True)
        self._by_order()
        for trait in (lambda look: look.names, lambda _: True):
            self._by(trait, self.lacking & self.wanted, guarded=True, single=True)
        return self.matched

    def _by(self, trait: Trait, among: Iterable[str], *, guarded: bool = False, single: bool = False) -> None:
        """Match by a trait that one alone has of those `among` which to choose; what has a false trait is not told."""
        keys = _grouped({key: self.looks[key] for key in among}, trait)
        there = _grouped(self.left, trait)
        for value, alike in keys.items():
            key, candidates = alike[0], there.get(value, [])
            if guarded:
                candidates = [each for each in candidates if not self.left[each].contradicts(self.looks[key])]
            one = len(alike) == 1 and bool(value) and key not in self.matched
            if one and candidates and (not single or len(candidates) == 1):
                self._take(key, candidates)

    def _by_order(self) -> None:
        """Match by order what looks the same, if the reply defines the name as often as the module."""
        if len(self.found) != len(self.looks):
            return
        there = _grouped(self.left, _same)
        lacking = {key: look for key, look in self.looks.items() if key not in self.matched}
        for value, alike in _grouped(lacking, _same).items():
            self._take_each(alike, there.get(value, []))
        if len(_grouped(self.left, _same)) == 1:
            self._take_each([key for key in self.looks if key not in self.matched], list(self.left))

    def _take_each(self, keys: Sequence[str], found: Sequence[Found]) -> None:
        if len(keys) == len(found):
            pairs = list(zip(keys, found, strict=True))
            if not any(self.left[each].contradicts(self.looks[key]) for key, each in pairs):
                for key, each in pairs:
                    self._take(key, [each])

    def _take(self, key: str, found: Sequence[Found]) -> None:
        self.matched[key] = _last(found)
        for each in found:
            del self.left[each]


def _grouped(looks: Mapping[T, Look], trait: Trait) -> dict[object, list[T]]:
    groups: dict[object, list[T]] = {}
    for each, look in looks.items():
        groups.setdefault(trait(look), []).append(each)
    return groups


def _why_unclear(key: str, times: int) -> str:
    told = f"it cannot be told which of the {times} definitions of {qualname_of(key)} in the module is meant"
    return f"{told}; repeat decorators and annotated parameters as they stand there, and keep their order"


def _last(found: Sequence[Found]) -> Found:
    """The one that counts in Python, unless it is but a placeholder."""
    return max(reversed(found), key=lambda each: substance(each.node))


def _decorators(node: Function, written: Sequence[str] | None) -> list[ast.expr]:
    """The decorators of a definition of the module; those of a stub without ours, as `written` has them."""
    if written is None or len(written) == len(node.decorator_list):
        return node.decorator_list
    theirs = set(map(canonical, ast.parse("\n".join([*written, "def _(): ..."])).body[0].decorator_list))  # type: ignore[attr-defined]
    return [each for each in node.decorator_list if canonical(each) in theirs]


def _called(decorator: ast.expr) -> ast.expr:
    return decorator.func if isinstance(decorator, ast.Call) else decorator


def _last_name(decorator: ast.expr) -> str:
    return str(getattr(decorator, "attr", getattr(decorator, "id", "")))
