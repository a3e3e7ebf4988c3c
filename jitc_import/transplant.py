"""Giving a live function another code object, whatever variables of enclosing scopes that one needs."""

from __future__ import annotations

import os
import sys
import types
from typing import TYPE_CHECKING, Any

from jitc_import.errors import CompletionError
from jitc_import.graft.raw import raw_of

if TYPE_CHECKING:
    from types import CellType, CodeType, FrameType, FunctionType

_CO_OPTIMIZED = 1
"""The flag of code that belongs to a function (`inspect.CO_OPTIMIZED`), not to a module or class."""

_CELL_FILLER = "__jitc_cell_filler__"
_PACKAGE = os.path.dirname(os.path.abspath(__file__))


def transplanted(decorated: Any, function: FunctionType, code: CodeType, settled: frozenset[str]) -> Any:
    """`decorated` with `code` in its innermost function, which is `function`.

    The function stays the same object where the code needs no other variables of enclosing scopes than before. Else a
    new function takes its place; variables in `settled` keep their value, so it gets a copy of those.

    Raises CompletionError where the code needs a variable that is out of reach.
    """
    if code.co_freevars == function.__code__.co_freevars:
        function.__code__ = code
        function.raw = raw_of(code)  # type: ignore[attr-defined]
        return decorated
    return _rewrapped(decorated, function, _new_function(function, code, settled))


def _new_function(function: FunctionType, code: CodeType, settled: frozenset[str]) -> FunctionType:
    closure = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    cells = tuple(closure.get(name) or _cell_of(name, function, settled) for name in code.co_freevars)
    new = types.FunctionType(code, function.__globals__, function.__name__, function.__defaults__, cells)
    new.__kwdefaults__ = function.__kwdefaults__
    for name in ("__module__", "__qualname__", "__doc__", "__type_params__"):
        if hasattr(function, name):
            setattr(new, name, getattr(function, name))
    annotate = "__annotate__" if hasattr(function, "__annotate__") else "__annotations__"
    setattr(new, annotate, getattr(function, annotate))
    new.__dict__.update(function.__dict__)
    new.raw = raw_of(code)  # type: ignore[attr-defined]
    return new


def _cell_of(name: str, function: FunctionType, settled: frozenset[str]) -> CellType:
    frame = _defining_frame()
    if name in settled and (cell := _cell_of_value(name, frame)):
        return cell
    if name == "__class__" and frame is not None and "__qualname__" in frame.f_locals:
        filler: _CellFiller = frame.f_locals.setdefault(_CELL_FILLER, _CellFiller())
        return filler.cell
    raise CompletionError(
        f"{function.__module__}.{function.__qualname__}: its body uses {name} of the scope around it, which a "
        "decorator cannot reach. Next: mark the module with `# jitc: enable` and import it with the hook on",
        name=function.__module__,
        path=function.__code__.co_filename,
        lineno=function.__code__.co_firstlineno,
    )


def _cell_of_value(name: str, frame: FrameType | None) -> CellType | None:
    """A cell with the value that a variable has in the innermost function around; None if it has none yet."""
    while frame is not None and not (frame.f_code.co_flags & _CO_OPTIMIZED and name in frame.f_locals):
        frame = frame.f_back
    return types.CellType(frame.f_locals[name]) if frame is not None else None


def _defining_frame() -> FrameType | None:
    """The frame that the decorator was called in."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and os.path.dirname(frame.f_code.co_filename) == _PACKAGE:
        frame = frame.f_back
    return frame


class _CellFiller:
    """Stands in a class body until the class exists, then fills the `__class__` cell of `super()` and goes."""

    def __init__(self) -> None:
        self.cell: CellType = types.CellType()

    def __set_name__(self, owner: type, name: str) -> None:
        self.cell.cell_contents = owner
        delattr(owner, name)


def _rewrapped(decorated: Any, function: FunctionType, new: FunctionType) -> Any:
    if decorated is function:
        return new
    if isinstance(decorated, (staticmethod, classmethod)) and decorated.__func__ is function:
        return type(decorated)(new)
    if isinstance(decorated, property):
        parts: list[Any] = [decorated.fget, decorated.fset, decorated.fdel]
        fget, fset, fdel = [new if part is function else part for part in parts]
        return type(decorated)(fget, fset, fdel)
    raise CompletionError(
        f"{function.__module__}.{function.__qualname__}: its body uses super() or a variable around it, and another "
        "decorator has wrapped it already. Next: put @llm_complete() lowest, or use the import hook",
        name=function.__module__,
    )
