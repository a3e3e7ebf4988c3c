"""Functions that stand in for others and have their parameters, so that Python refuses wrong arguments at the call.

What takes `*args` and looks at them itself does so too late, where it is a coroutine or a generator.
"""

from __future__ import annotations

from inspect import Parameter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from inspect import Signature

COROUTINE = "async def stand_in({parameters}): return await {work}"
GENERATOR = "def stand_in({parameters}): yield from {work}"
STREAM = """async def stand_in({parameters}):
        async for item in {work}: yield item"""
"""Natures of functions."""

_GIVEN: dict[Any, str] = {
    Parameter.VAR_POSITIONAL: "*{0}",
    Parameter.KEYWORD_ONLY: "{0}={0}",
    Parameter.VAR_KEYWORD: "**{0}",
}
"""How a parameter is passed on, where it is not by position."""


def with_parameters(signature: Signature, nature: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """A function with some parameters that awaits, or yields, what `work` gives for its arguments."""
    parameters = [
        one.replace(annotation=Parameter.empty, default=one.default if one.default is one.empty else None)
        for one in signature.parameters.values()
    ]
    name = "_work"
    while name in signature.parameters:
        name += "_"
    given = ", ".join(_GIVEN.get(one.kind, "{0}").format(one.name) for one in parameters)
    taken = str(signature.replace(parameters=parameters, return_annotation=Parameter.empty))[1:-1]
    made = nature.format(parameters=taken, work=f"{name}({given})")
    names: dict[str, Any] = {}
    exec(f"def make({name}):\n    {made}\n    return stand_in", globals(), names)  # noqa: S102 -- names alone
    function = names["make"](work)
    defaults = {one.name: one.default for one in signature.parameters.values() if one.default is not one.empty}
    by_name = {one.name for one in parameters if one.kind is one.KEYWORD_ONLY}
    function.__defaults__ = tuple(value for key, value in defaults.items() if key not in by_name)
    function.__kwdefaults__ = {key: value for key, value in defaults.items() if key in by_name}
    return function  # type: ignore[no-any-return]


def is_with_parameters(function: object) -> bool:
    """Whether a function is what `with_parameters` made."""
    return getattr(function, "__globals__", None) is globals()
