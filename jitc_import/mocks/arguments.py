"""Values as they are shown to a model: bounded, in an order that does not change, and never their addresses."""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import hashlib
import io
import pickle
import re
import types
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from jitc_import.mocks.veil import VEIL, told_apart
from jitc_import.model.secrets import names_secret, without_named

if TYPE_CHECKING:
    from collections.abc import Iterable

showing: ContextVar[bool] = ContextVar("showing", default=False)
"""Whether values are being shown: a mock that a `__repr__` calls must not ask about that."""

_told: ContextVar[dict[int, tuple[object, str]] | None] = ContextVar("told", default=None)
"""The objects whose repr is known, by their ids, with it: values that have no room are shown several times."""

_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+")
_PLAIN_REPR: Any = object.__repr__
"""That of objects, which tells no more than an address."""

_PLAIN = (type(None), bool, int, float, complex)
_SEQUENCES: dict[Any, str] = {list: "[]", tuple: "()", set: "{}", frozenset: "{}"}
_DICTS = {collections.Counter, collections.defaultdict}
"""Kinds of dicts that are equal in any order, and whose repr keeps the order."""

_DEFINED = (type, types.FunctionType, types.BuiltinFunctionType)
_POINTER = tuple.__itemsize__


@dataclass(frozen=True)
class Bounds:
    """How much of a value is shown: characters of a text or other value, items of a collection, levels.

    `room` is for what a collection or object holds, in all, in characters. What `tells_apart` says of equal values the
    same, and hides nothing; dicts that are equal are written in one order where they are `sorted`.
    """

    text: int
    items: int
    depth: int
    room: int = 1 << 60
    tells_apart: bool = False
    sorted: bool = False

    def tighter(self) -> Bounds:
        """Bounds that let less through: shorter texts and fewer items in turns, then fewer levels."""
        if self.text > self.items * SENT.text // SENT.items:
            return replace(self, text=self.text * 3 // 4)
        if self.items > 1:
            return replace(self, items=self.items * 3 // 4)
        return replace(self, depth=self.depth - 1)


SENT = Bounds(text=2_000, items=60, depth=5)
"""What a model is shown of a value, where there is room for it."""

WHOLE = Bounds(text=1 << 30, items=1 << 30, depth=40, tells_apart=True, sorted=True)
"""What tells one call from another."""

WHOLE_AS_GIVEN = replace(WHOLE, sorted=False)
"""What told one call from another before: dicts, too, by their order."""


class AlikeError(Exception):
    """A value that WHOLE cannot tell from others of its kind; its text names the kind."""


class TooLongError(Exception):
    """A value that has no room within some bounds."""


@contextlib.contextmanager
def telling_once() -> Iterator[None]:
    """Meanwhile each object is asked for its repr once."""
    token = _told.set({})
    try:
        yield
    finally:
        _told.reset(token)


def shown_value(value: object, bounds: Bounds = SENT, name: str = "") -> str:
    """A value in words of Python; what is left out is marked. Raises AlikeError for what tells apart; TooLongError.

    A text whose `name` calls it secret is not shown.
    """
    token = showing.set(True)
    try:
        return _shown_as(name, value, bounds, ()).encode("utf-8", "backslashreplace").decode()
    finally:
        showing.reset(token)


def fitted_value(value: object, room: int, name: str = "") -> str:
    """A value in words of Python, of so many characters at most."""
    bounds = replace(SENT, room=room)
    while bounds.depth >= 0:
        with contextlib.suppress(TooLongError):
            shown = shown_value(value, bounds, name)
            if len(shown) <= room:
                return shown
        bounds = bounds.tighter()
    return "…"


def _shown_as(name: object, value: Any, bounds: Bounds, around: tuple[int, ...]) -> str:
    """A value under a name, which may say that it is secret: then it is hidden, but still told from others."""
    if type(value) in {str, bytes} and value and names_secret(name):
        return told_apart(value) if bounds.tells_apart else VEIL
    return _shown(value, bounds, around)


def _shown(value: Any, bounds: Bounds, around: tuple[int, ...]) -> str:
    kind = type(value)
    if kind in _PLAIN:
        return _number(value, bounds)
    if kind in {str, bytes, bytearray}:
        return _text(value, bounds)
    if id(value) in around:
        return "…"
    if len(around) >= bounds.depth:
        return _too_deep(bounds)
    return _object(value, bounds, (*around, id(value)))


def _object(value: Any, bounds: Bounds, inside: tuple[int, ...]) -> str:
    kind = type(value)
    if kind is dict or kind in _SEQUENCES:
        return _collection(value, bounds, inside)
    if bounds.sorted and kind in _DICTS:
        factory = without_addresses(f"{getattr(value, 'default_factory', None)}")
        return f"{kind.__qualname__}({factory}, {_shown(dict(value), bounds, inside)})"
    if kind.__repr__ is _PLAIN_REPR and bounds.tells_apart and not _is_python(kind):
        return f"<{kind.__qualname__}{_digest(value, strictly=isinstance(value, Iterator))}>"
    if kind.__repr__ is _PLAIN_REPR or _has_dataclass_repr(kind):
        return _fields(value, bounds, inside)
    return _other(value, bounds, inside)


def _too_deep(bounds: Bounds) -> str:
    if bounds.tells_apart:
        raise AlikeError(f"what is nested deeper than {bounds.depth} levels")
    return "…"


def _is_python(kind: type[object]) -> bool:
    """Whether all that an object of a class holds is in its fields: classes written in C keep what they hold apart."""
    fields = (kind.__dictoffset__ > 0) + (kind.__weakrefoffset__ > 0) + sum(len(_slots(base)) for base in kind.__mro__)
    return not kind.__itemsize__ and kind.__basicsize__ <= object.__basicsize__ + fields * _POINTER


def _has_dataclass_repr(kind: type[object]) -> bool:
    """Whether its repr is the one that dataclasses write, and no one of its own, which may hide something."""
    made_in = getattr(kind.__repr__, "__globals__", {}).get("__name__")
    return dataclasses.is_dataclass(kind) and made_in in {"dataclasses", "reprlib"}


def _number(value: Any, bounds: Bounds) -> str:
    try:
        return cut(repr(value), bounds.text)
    except ValueError:  # Python refuses to write very long integers in decimal
        return hex(value) if bounds.tells_apart else f"<a whole number of {value.bit_length():,} bits>"


def _text(value: Any, bounds: Bounds) -> str:
    if len(value) <= bounds.text:
        return repr(value)
    unit = "characters" if isinstance(value, str) else "bytes"
    return f"{value[: bounds.text]!r}… ({len(value):,} {unit} in all)"


def _collection(value: Any, bounds: Bounds, inside: tuple[int, ...]) -> str:
    if isinstance(value, dict):
        pairs = (
            f"{_shown(key, bounds, inside)}: {_shown_as(key, one, bounds, inside)}"
            for key, one in _some(value.items(), bounds)
        )
        return "{" + _joined(sorted(pairs) if bounds.sorted else pairs, len(value), bounds) + "}"
    items: Iterable[str]
    if isinstance(value, (list, tuple)):
        items = (_shown(item, bounds, inside) for item in _some(value, bounds))
    elif value:
        items = sorted(_shown(item, bounds, inside) for item in value)[: bounds.items]
    else:
        return repr(value)
    opening, closing = tuple(_SEQUENCES[type(value)])
    comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
    written = f"{opening}{_joined(items, len(value), bounds)}{comma}{closing}"
    return f"frozenset({written})" if isinstance(value, frozenset) else written


def _some(values: Iterable[Any], bounds: Bounds) -> Iterator[Any]:
    return (value for _, value in zip(range(bounds.items), values, strict=False))


def _joined(items: Iterable[str], count: int, bounds: Bounds) -> str:
    """What there is of so many items. Raises TooLongError as soon as they have no room."""
    shown, left = [], bounds.room
    for item in items:
        left -= len(item)
        if left < 0:
            raise TooLongError
        shown.append(item)
    return ", ".join([*shown, *mark_of_more(count - len(shown))])


def mark_of_more(left: int) -> list[str]:
    """What says that some are left out, if any are."""
    return [f"… ({left:,} more)"] if left > 0 else []


def _fields(value: Any, bounds: Bounds, inside: tuple[int, ...]) -> str:
    """An object by its fields, as what makes it would be written."""
    held = _held(value)
    pairs = (f"{name}={_shown_as(name, one, bounds, inside)}" for name, one in _some(held.items(), bounds))
    return f"{type(value).__qualname__}({_joined(pairs, len(held), bounds)})"


def _held(value: Any) -> dict[str, Any]:
    """What an object holds, without asking its code for it, and without what a dataclass says is not to be shown."""
    kind = type(value)
    hidden = {one.name for one in dataclasses.fields(kind) if not one.repr} if dataclasses.is_dataclass(kind) else set()
    try:
        held = dict(object.__getattribute__(value, "__dict__"))
    except AttributeError:
        held = {}
    for name, slot in [one for base in kind.__mro__ for one in _slots(base)]:
        with contextlib.suppress(AttributeError):  # nothing is in it
            held.setdefault(name, slot.__get__(value, kind))
    return {name: one for name, one in held.items() if name not in hidden}


def _slots(base: type) -> list[tuple[str, Any]]:
    return [(name, slot) for name, slot in vars(base).items() if isinstance(slot, types.MemberDescriptorType)]


def _other(value: Any, bounds: Bounds, inside: tuple[int, ...]) -> str:
    if isinstance(value, _DEFINED):
        return _definition(value, bounds, inside)
    known = _told.get()
    if known is not None and id(value) in known and not bounds.tells_apart:
        return cut(known[id(value)][1], bounds.text)
    try:
        told = repr(value)
    except Exception:  # noqa: BLE001 -- whatever somebody's __repr__ raises: a mock does, while values are shown
        return _fields(value, bounds, inside) if _held(value) else _not_shown(value, bounds)
    text = without_addresses(told)
    vague = text != told or "..." in text  # numpy and others leave out what tells two values apart
    if bounds.tells_apart and (vague or (isinstance(value, io.IOBase) and "name=" not in text)):
        text += _digest(value, strictly=callable(value) or isinstance(value, (Iterator, memoryview)))
    if not bounds.tells_apart:
        text = without_named(text)
        if known is not None:
            known[id(value)] = value, text
    return cut(text, bounds.text)


def _not_shown(value: object, bounds: Bounds) -> str:
    text = f"<{type(value).__qualname__}, which cannot be shown>"
    return text + _digest(value, strictly=True) if bounds.tells_apart else text


def without_addresses(text: str) -> str:
    """A text without the addresses of objects, which are others in each run."""
    return _ADDRESS.sub("", text)


def _definition(value: Any, bounds: Bounds, inside: tuple[int, ...]) -> str:
    """A class or function by its name: not by its module, which has another name where it is run as a script."""
    name: str = value.__qualname__
    on = getattr(value, "__self__", None) if isinstance(value, types.BuiltinFunctionType) else None
    if on is not None and not isinstance(on, (type, types.ModuleType)):
        return f"{_shown(on, bounds, inside)}.{value.__name__}"
    if bounds.tells_apart and "<" in name and not isinstance(value, type):
        raise AlikeError(f"the function {name}")
    return name


def _digest(value: object, *, strictly: bool) -> str:
    """What tells a value from others.

    Where nothing does, a value counts as any other of its kind, as locks and connections do; `strictly` it may not, as
    iterators and functions, and raises AlikeError.
    """
    try:
        return f" {hashlib.sha256(pickle.dumps(value, protocol=4)).hexdigest()[:32]}"
    except Exception:  # noqa: BLE001 -- whatever pickling raises
        if strictly:
            raise AlikeError(f"a {type(value).__qualname__}") from None
        return ""


def cut(text: str, length: int) -> str:
    """A text, with a mark where it is longer than it may be."""
    return text if len(text) <= length else f"{text[:length]}… ({len(text):,} characters in all)"
