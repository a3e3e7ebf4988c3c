"""The parameters of a candidate against those of its stub."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitc_import.source.definitions import Function


def signature_problem(candidate: Function, stub: Function) -> str | None:
    """Why the candidate's signature is not the stub's: other names, kinds or order, or async against sync."""
    wanted, found = _parameters(stub.args), _parameters(candidate.args)
    if wanted != found:
        return f"its parameters are ({', '.join(found)}), but the stub has ({', '.join(wanted)})"
    if type(candidate) is not type(stub):
        return f"it is {_form(candidate)}, but the stub is {_form(stub)}"
    return None


def _parameters(arguments: ast.arguments) -> list[str]:
    """The parameters as they stand between parentheses, without annotations and defaults."""
    shown = [parameter.arg for parameter in arguments.posonlyargs]
    if shown:
        shown.append("/")
    shown += [parameter.arg for parameter in arguments.args]
    if arguments.vararg:
        shown.append(f"*{arguments.vararg.arg}")
    elif arguments.kwonlyargs:
        shown.append("*")
    shown += [parameter.arg for parameter in arguments.kwonlyargs]
    if arguments.kwarg:
        shown.append(f"**{arguments.kwarg.arg}")
    return shown


def _form(node: Function) -> str:
    return "an async function (`async def`)" if isinstance(node, ast.AsyncFunctionDef) else "a plain function (`def`)"
