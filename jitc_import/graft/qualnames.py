"""Qualified names of code, mended where the compiler took two pieces of code for one. Standard library only.

The compiler keeps equal code once. Equal code stands on the same line, so by hand that is never code of two functions;
but a body that is moved up to its stub's `def` shares lines with what stands below. All is the same in such twins but
the qualified name, which is that of the one that was compiled first.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType
    from typing import Any

    # A code object has `co_qualname` from 3.11 on, so typed code that is also for 3.10 takes it for anything.

_CODE: Any = type((lambda: 0).__code__)
_IN_FUNCTION = 1
"""The flag of code that has local variables of its own, as that of a module or class has not."""

_COMPREHENSIONS = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})
_GENERIC = "<generic parameters of "


def with_own_qualnames(code: CodeType) -> CodeType:
    """`code`, that of a module, in which code that stands in two places has the qualified name of either.

    Up to 3.10 the name is none of the code's business.
    """
    if not hasattr(code, "co_qualname"):
        return code
    right: set[int] = set()
    strange = False
    for inner, name in _expected(code):
        if inner.co_qualname == name:
            right.add(id(inner))
        else:
            strange = True
    return _renamed(code, "", right) if strange else code


def _expected(module: Any) -> Iterator[tuple[Any, str]]:
    """All code in a module with the name it ought to have; that of a function declared global is another."""
    waiting = [(module, "")]
    while waiting:
        outer, prefix = waiting.pop()
        for const in outer.co_consts:
            if type(const) is _CODE:
                yield const, prefix + const.co_name
                waiting.append((const, _prefix_in(const, const.co_qualname, prefix)))


def _renamed(outer: Any, prefix: str, right: set[int]) -> Any:
    """`outer` with new names for the code in it that has the right name for another place, which is in `right`."""
    consts = list(outer.co_consts)
    for index, const in enumerate(consts):
        if type(const) is _CODE:
            name = prefix + const.co_name if id(const) in right else const.co_qualname
            inner = _renamed(const, _prefix_in(const, name, prefix), right)
            consts[index] = inner if inner.co_qualname == name else inner.replace(co_qualname=name)
    changed = any(one is not other for one, other in zip(consts, outer.co_consts, strict=True))
    return outer.replace(co_consts=tuple(consts)) if changed else outer


def _prefix_in(code: CodeType, name: str, prefix: str) -> str:
    """What the names of code directly inside `code`, which is called `name`, begin with."""
    if code.co_name.startswith(_GENERIC):
        return prefix
    is_function = code.co_flags & _IN_FUNCTION and code.co_name not in _COMPREHENSIONS
    return f"{name}.<locals>." if is_function else f"{name}."
