"""Code objects of grafted functions, moved to the lines of the companion file."""

from __future__ import annotations

from jitc_import.graft.qualnames import with_own_qualnames
from jitc_import.graft.raw import raw_constant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import CodeType

    Scope = tuple[tuple[str, int], ...]

CODE = type((lambda: 0).__code__)
_OF_A_FUNCTION = 1
"""The flag of code that has local variables of its own, as that of a class has not."""

_FIRST_NAMES = ("__name__", "__module__", "__qualname__", "__firstlineno__")
_NAME_AND_LINE = b"\x02\x03"
"""The places of the last two among the names that code of a class begins with."""

_PROLOGUE = 40
"""Bytes of code within which a class has stored its line."""

_MOST_CONSTS = 255
_GENERIC = "<generic parameters of "
"""How the name of the code object around a function or class with type parameters (3.12) begins."""


class Move:
    """Where the code of one function goes: so many lines down, and the text it is to hold, if any."""

    __slots__ = ("raw", "shift")

    def __init__(self, shift: int, raw: str | None) -> None:
        self.shift = shift
        self.raw = raw


def relocated(code: CodeType, moves: Mapping[Scope, Move], companion: str) -> CodeType:
    """`code`, that of a module, with the code of the functions in `moves` naming the file `companion`.

    A function is found by its scope: name and first line of each class and function from the module down to itself.
    """
    return _below(with_own_qualnames(code), (), moves, _ancestors(moves), companion) if moves else code


def _below(
    code: CodeType, scope: Scope, moves: Mapping[Scope, Move], ancestors: set[Scope], companion: str
) -> CodeType:
    consts = list(code.co_consts)
    for index, const in enumerate(consts):
        if type(const) is not CODE:
            continue
        inner = scope
        if not const.co_name.startswith(_GENERIC):
            inner = (*scope, (const.co_name, const.co_firstlineno))
            if inner in moves:
                consts[index] = moved(const, moves[inner], companion)
                continue
        if inner in ancestors:
            consts[index] = _below(const, inner, moves, ancestors, companion)
    return code.replace(co_consts=tuple(consts))


def moved(code: CodeType, move: Move, companion: str) -> CodeType:
    """The code of one function and all code inside it; inner before outer, and without recursion."""
    order = [code]
    for outer in order:
        order += [const for const in outer.co_consts if type(const) is CODE]
    done: dict[int, CodeType] = {}
    for inner in reversed(order):
        consts = tuple(done[id(const)] if type(const) is CODE else const for const in inner.co_consts)
        if inner is code and move.raw is not None:
            consts += (raw_constant(move.raw),)
        line = inner.co_firstlineno + move.shift
        new = inner.replace(co_consts=consts, co_filename=companion, co_firstlineno=line)
        done[id(inner)] = with_line_told(new, inner.co_firstlineno)
    return done[id(code)]


def with_line_told(code: CodeType, was: int) -> CodeType:
    """`code`, once its first line `was` another: as the code of a class tells it to the class (3.13).

    Code of a class begins by storing its name and its line. Where it loads the number of the line again, for something
    else, that stays; where there is no room for one more constant, the class goes on telling the old line.
    """
    if code.co_firstlineno == was or code.co_flags & _OF_A_FUNCTION or code.co_names[:4] != _FIRST_NAMES:
        return code
    units = code.co_code
    at = next((at for at in range(3, min(len(units), _PROLOGUE), 2) if _stores_line(units, at, code, was)), 0)
    if not at:
        return code
    load, number = units[at - 1], units[at]
    consts = [*code.co_consts]
    if _uses(units, load, number) == 1:
        consts[number] = code.co_firstlineno
        return code.replace(co_consts=tuple(consts))
    if len(consts) > _MOST_CONSTS:
        return code
    changed = units[:at] + bytes((len(consts),)) + units[at + 1 :]
    return code.replace(co_code=changed, co_consts=(*consts, code.co_firstlineno))


def _uses(units: bytes, load: int, number: int) -> int:
    """How many instructions load a constant below 256: of a higher one, an instruction before tells the rest."""
    from opcode import EXTENDED_ARG

    places = (place for place in range(2, len(units), 2) if units[place] == load and units[place + 1] == number)
    return sum(units[place - 2] != EXTENDED_ARG for place in places)


def _stores_line(units: bytes, at: int, code: CodeType, was: int) -> bool:
    """Whether the argument at `at` is the number of the line, between the stores of the name and of the line."""
    number = units[at]
    stores = units[at - 2 : at + 3 : 4] == _NAME_AND_LINE and units[at - 3] == units[at + 1]
    return stores and number < len(code.co_consts) and code.co_consts[number] == was


def _ancestors(scopes: Iterable[Scope]) -> set[Scope]:
    return {scope[:depth] for scope in scopes for depth in range(len(scope))}
