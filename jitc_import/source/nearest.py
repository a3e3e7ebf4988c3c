"""What is nearest to some stubs: their classes, what they refer to, their callers, what stands beside them."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left, bisect_right
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitc_import.source.choice import Choice
from jitc_import.source.pieces import words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from jitc_import.source.dissection import Pieces
    from jitc_import.source.firstparty import FirstParty
    from jitc_import.source.pieces import Form, Piece
    from jitc_import.source.stubs import Stub

NEIGHBOUR_TOKENS = 1500
"""Room for siblings that nothing refers to, however large the budget: they cost reading time and tell little."""

CALLER_LINES = 25
"""Callers, and functions that are referred to, are shown without their bodies if they are longer than this."""

FAR = 500
"""Pieces before and after the wanted stubs among which callers and neighbours are looked for."""

_LONGEST_LINE_OF_BASES = 3
_EXAMPLE = re.compile(r"^\s*(?:>>>|\.\.\.)(.*)$", re.MULTILINE)
_ATTRIBUTE = re.compile(r"\b([^\W\d]\w*)\.([^\W\d]\w*)")
_MODEL_CLASS = re.compile(
    r"\b(?:dataclass|NamedTuple|TypedDict|BaseModel|\w*Enum|\w*Flag|\w*Error|\w*Exception|\w*Warning)\b"
)
_ENUM_CLASS = re.compile(r"[(,. ](?:\w*Enum|\w*Flag)\b")


@dataclass(frozen=True)
class References:
    """The names that stubs refer to: in their code (examples counted), in their prose, and as `name.attribute`."""

    code: tuple[str, ...]
    prose: tuple[str, ...]
    attributes: dict[str, list[str]]


def choose(pieces: Pieces, stubs: Sequence[Stub], budget: int, project: FirstParty) -> Choice:
    """Choose what is shown of a module and its project around some of its stubs."""
    choice = Choice(pieces, budget)
    for stub in stubs:
        choice.require(pieces.function(stub.key), stub)
    references = _references(stubs)
    own = list(dict.fromkeys(outer for piece in choice.wanted for outer in piece.around()))
    imports = [piece for piece in pieces.every if piece.kind == "import" and not _is_tool_import(piece)]
    _add_imports(choice, imports, {*references.code, *references.prose})
    _add_own(choice, own, references)
    referred = _add_referred(choice, own, references)
    for piece in imports:
        choice.add(piece, "full")
    _add_foreign(choice, project, imports, referred, references)
    _add_methods(choice, own)
    _add_callers(choice)
    _add_neighbours(choice)
    return choice


def _references(stubs: Sequence[Stub]) -> References:
    prose = "\n".join("\n".join([stub.docstring or "", *stub.hints]) for stub in stubs)
    examples = "\n".join(_EXAMPLE.findall(prose))
    code = "\n".join("\n".join([*stub.decorators, stub.signature, stub.draft]) for stub in stubs) + examples
    attributes: dict[str, list[str]] = {}
    for name, attribute in _ATTRIBUTE.findall(f"{code}\n{prose}"):
        attributes.setdefault(name, []).append(attribute)
    return References(words(code), words(prose), attributes)


def _add_imports(choice: Choice, imports: Sequence[Piece], names: set[str]) -> None:
    """The imports that the stubs refer to."""
    for piece in imports:
        if names.intersection(piece.names):
            choice.add(piece, "full")


def _add_own(choice: Choice, own: Sequence[Piece], references: References) -> None:
    """The classes that the stubs stand in, with their fields; of functions around them, the rest of the body."""
    names = {*references.code, *references.prose}
    for piece in own:
        if piece.kind == "class":
            choice.add(piece, "full", "short")
            _add_fields(choice, piece, names)
        elif piece.kind == "function":
            choice.add(piece, "full", "short")
            for member in piece.members:
                if member not in choice.shown:
                    choice.add(member, "whole", "short")


def _add_fields(choice: Choice, owner: Piece, names: Collection[str] = ()) -> None:
    """The fields of a class and what its `__init__` sets; unannotated values only of enums or where referred to."""
    for member in owner.members:
        if member.kind == "value":
            open_value = isinstance(member.node, ast.AnnAssign) or _ENUM_CLASS.search(owner.code)
            if open_value or any(name in names for name in member.names):
                choice.add(member, "full", "short")
            else:
                choice.add(member, "short")
        elif member.kind == "function" and member.attributes:
            choice.add(member, "full", "short")


def _add_methods(choice: Choice, owners: Iterable[Piece]) -> None:
    for owner in owners:
        for member in owner.members if owner.kind == "class" else ():
            if member.kind == "function":
                choice.add(member, "full", "short")


def _add_referred(choice: Choice, own: Sequence[Piece], references: References) -> set[str]:
    """What the stubs and the classes around them refer to, and what that refers to in turn; the names followed."""
    waiting = deque((name, True) for name in references.code)
    waiting.extend((name, True) for piece in own for name in piece.uses)
    waiting.extend((name, False) for name in references.prose)
    seen: set[str] = set()
    while waiting:
        name, in_code = waiting.popleft()
        if name in seen or not (in_code or _is_name(name) or _only_definitions(choice, name)):
            continue
        seen.add(name)
        for piece in choice.pieces.by_name.get(name, ()):
            if not _is_tool_import(piece) and choice.add(piece, *_forms(choice, piece)):
                waiting.extend((used, True) for used in _shown_uses(choice, piece))
    return seen


def _forms(choice: Choice, piece: Piece) -> tuple[Form, ...]:
    """How a piece that is referred to is best shown: a short function as it works, all else as it is declared."""
    lines = (piece.node.end_lineno or 0) - piece.node.lineno
    holds_a_stub = any(piece in wanted.around() for wanted in choice.wanted)
    if piece.kind == "function" and lines <= CALLER_LINES and not holds_a_stub:
        return "whole", "full", "short"
    return "full", "short"


def _shown_uses(choice: Choice, piece: Piece) -> Iterator[str]:
    """The names in what is shown of a referred piece; a class shows its fields and methods."""
    if piece.kind == "class":
        _add_fields(choice, piece)
        _add_methods(choice, [piece])
    if choice.shown.get(piece) != "short" or piece.kind != "value":
        yield from piece.uses
    for member in piece.members:
        if member in choice.shown:
            yield from member.uses


def _is_name(word: str) -> bool:
    """Whether a word of prose can hardly be an ordinary one."""
    return not word.islower() or "_" in word


def _only_definitions(choice: Choice, name: str) -> bool:
    return all(piece.kind in ("function", "class", "import") for piece in choice.pieces.by_name.get(name, ()))


def _add_foreign(
    choice: Choice, project: FirstParty, imports: Sequence[Piece], referred: set[str], references: References
) -> None:
    """Definitions in other modules of the project: those referred to, then the other functions and classes."""
    for piece in imports:
        for here, module, name in project.imported(piece.node):
            if here in referred:
                _add_definition(choice, project, module, name)
                for attribute in references.attributes.get(here, ()):
                    _add_definition(choice, project, f"{module}.{name}" if name else module, attribute)
    room, choice.budget = choice.budget, min(choice.budget, choice.spent + NEIGHBOUR_TOKENS)
    for piece in imports:
        for here, module, name in project.imported(piece.node):
            found = project.find(module, name) if name and here not in referred else None
            if found and found[1].kind != "value":
                choice.add_foreign(*found, "short")
    choice.budget = room


def _add_definition(choice: Choice, project: FirstParty, module: str, name: str | None, depth: int = 0) -> None:
    """A definition of another module; with a class its fields, methods and bases."""
    found = project.find(module, name) if name else None
    if found is None or found[1] in choice.foreign or not choice.add_foreign(*found, "full", "short"):
        return
    origin, piece = found
    if piece.kind == "class" and isinstance(piece.node, ast.ClassDef):
        _add_fields(choice, piece)
        _add_methods(choice, [piece])
        for base in piece.node.bases:
            if isinstance(base, ast.Name) and depth < _LONGEST_LINE_OF_BASES:
                _add_definition(choice, project, origin, base.id, depth + 1)


def _add_callers(choice: Choice) -> None:
    """Functions and statements that use a wanted stub, the nearest first."""
    names = {piece.names[0] for piece in choice.wanted}
    outer = {around for piece in choice.wanted for around in piece.around()}
    for piece in _nearest(choice):
        lines = (piece.node.end_lineno or 0) - piece.node.lineno
        if piece.kind in ("class", "import") or piece in outer or piece in choice.wanted or lines > CALLER_LINES:
            continue
        if not names.isdisjoint(piece.mentions) and not any(choice.shown.get(one) == "whole" for one in piece.around()):
            choice.add(piece, "whole")


def _add_neighbours(choice: Choice) -> None:
    """Classes that only hold data, exceptions, then what stands next to the stubs, in a room of its own.

    Of values that nothing refers to only the names: what they hold may be nobody's business.
    """
    room, choice.budget = choice.budget, min(choice.budget, choice.spent + NEIGHBOUR_TOKENS)
    nearest = _nearest(choice)
    for piece in nearest:
        if piece.kind == "class" and _MODEL_CLASS.search(piece.code) and choice.add(piece, "short"):
            _add_fields(choice, piece)
    for piece in nearest:
        is_definition = piece.kind in ("function", "class")
        if (is_definition and not any(one.kind == "class" for one in piece.around())) or _is_constant(piece):
            choice.add(piece, "short")
    choice.budget = room


def _is_constant(piece: Piece) -> bool:
    """Whether a statement is a value of the module itself."""
    return piece.kind == "value" and piece.parent is None


def _nearest(choice: Choice) -> list[Piece]:
    """The pieces around the wanted stubs, the nearest first; those far away are not looked at."""
    lines = [piece.node.lineno for piece in choice.wanted]
    first, last = min(lines, default=0), max(lines, default=0)
    every = choice.pieces.every
    start = bisect_left(every, first, key=_line) - FAR
    around = every[max(start, 0) : bisect_right(every, last, key=_line) + FAR]
    return sorted(around, key=lambda piece: max(first - _line(piece), _line(piece) - last, 0))


def _line(piece: Piece) -> int:
    return piece.node.lineno


def _is_tool_import(piece: Piece) -> bool:
    """Whether an import is only of jitc_import."""
    if piece.kind != "import":
        return False
    if isinstance(piece.node, ast.ImportFrom):
        return (piece.node.module or "").partition(".")[0] == "jitc_import"
    names = piece.node.names if isinstance(piece.node, ast.Import) else []
    return all(alias.name.partition(".")[0] == "jitc_import" for alias in names)
