"""Completing a function when it is defined: the decorator at work without the import hook.

The module's source is read again, its stubs are completed by the same road and into the same companion file as at an
import, the grafted module is compiled, and the function gets the code object that stands there in its place
(`transplant.py`).
"""

from __future__ import annotations

import ast
import linecache
import os
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NoReturn

from jitc_import.checks.names import Scope
from jitc_import.complete import complete_module
from jitc_import.errors import CompletionError
from jitc_import.graft.tree import graft
from jitc_import.settings import load_settings
from jitc_import.source.bindings import bound_once
from jitc_import.source.checksum import source_digest
from jitc_import.source.definitions import first_line
from jitc_import.source.stubs import Options, read_module
from jitc_import.store.bodies import load_bodies
from jitc_import.store.companion import companion_path
from jitc_import.survey import survey_module
from jitc_import.transplant import transplanted
from jitc_import.wish import PLAIN_WISH, Wish

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, FunctionType

    from jitc_import.source.stubs import SourceModule, Stub


@dataclass(frozen=True)
class _Source:
    """The source a function was defined in, and the path that its companion file goes by.

    `names` are those of an interactive session, whose earlier inputs are not in the source.
    """

    data: bytes
    path: str
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Defined:
    """A module whose functions are being defined: the code object of each stub that has a body, by key.

    `lines` are the first lines of functions that only the call of the decorator showed to be stubs.
    """

    digest: str
    module: SourceModule
    lines: frozenset[int]
    codes: dict[str, CodeType]


_defined: dict[str, _Defined] = {}
_lock = threading.RLock()


def complete_definition(decorated: Any, function: FunctionType, given: dict[str, Any]) -> Any:
    """Give `function`, found inside `decorated`, the body that a model writes for it; returns what to bind.

    `given` holds the arguments of the decorator. All stubs of the module that their decorators tag are completed with
    the first of them. Raises CompletionError where there is no source or no body.
    """
    source = _source_of(function)
    with _lock:
        defined = _defined.get(source.path)
        if defined is None or defined.digest != source_digest(source.data):
            defined = _read(source, function, frozenset())
        stub = _stub_at(defined, function)
        if stub is None:
            defined = _read(source, function, defined.lines | {function.__code__.co_firstlineno})
            stub = _stub_at(defined, function) or _refuse(defined.module, function)
        if stub.key not in defined.codes:
            defined = _complete(defined, replace(_wish(stub, given), names=source.names))
        _defined[source.path] = defined
    return transplanted(decorated, function, defined.codes[stub.key], _settled_names(defined.module, stub))


def _read(source: _Source, function: FunctionType, lines: frozenset[int]) -> _Defined:
    module = read_module(source.data, source.path, function.__module__, lines)
    return _Defined(source_digest(source.data), module, lines, {})


def _complete(defined: _Defined, wish: Wish) -> _Defined:
    module = defined.module
    settings = load_settings(module.path, model=wish.options.model if wish.options else None)
    survey = complete_module(survey_module(module, settings), settings, wish)
    return replace(defined, codes=dict(_codes(module, survey.addresses)))


def _wish(stub: Stub, given: dict[str, Any]) -> Wish:
    if not stub.dynamic:
        return PLAIN_WISH
    options = Options(**{name: value for name, value in given.items() if name != "client"})
    return Wish(only=frozenset({stub.key}), client=given["client"], options=options)


def _settled_names(module: SourceModule, stub: Stub) -> frozenset[str]:
    """Variables of the functions around a stub that keep their value, so that a copy serves as well."""
    around = Scope.of(module.tree).enclosing[stub.key]
    functions = [node for node in around if not isinstance(node, ast.ClassDef)]
    return frozenset().union(*map(bound_once, functions))


def _codes(module: SourceModule, addresses: dict[str, str]) -> Iterator[tuple[str, CodeType]]:
    """The code object of each stub, cut out of the grafted module."""
    companion = companion_path(module.path)
    bodies = load_bodies(companion)
    nodes = bodies.nodes if bodies else {}
    donors = {key: nodes[section] for key, section in addresses.items()}
    keys = {first_line(donor): key for key, donor in donors.items()}
    tree = ast.parse(module.text, filename=module.path)
    with open(companion, encoding="utf-8") as file:
        lines = file.readlines()
    for code in _nested(graft(tree, donors, module.path, companion, raw_lines=lines)):
        if code.co_filename == companion and code.co_firstlineno in keys:
            yield keys.pop(code.co_firstlineno), code


def _nested(code: CodeType) -> Iterator[CodeType]:
    """The code objects inside a code object, outer before inner."""
    for constant in code.co_consts:
        if hasattr(constant, "co_code"):
            yield constant
            yield from _nested(constant)


def _source_of(function: FunctionType) -> _Source:
    path = function.__code__.co_filename
    if os.path.isfile(path):
        with open(path, "rb") as file:
            return _Source(file.read(), os.path.abspath(path))
    if lines := linecache.getlines(path, function.__globals__):
        data = "".join(lines).encode("utf-8", "surrogatepass")
        return _Source(data, os.path.abspath("interactive.py"), frozenset(function.__globals__))
    raise CompletionError(
        f"{function.__module__}.{function.__qualname__}: its source is not to be had ({path}), so there is nothing to "
        "show a model. Next: write the function into a file and import it",
        name=function.__module__,
    )


def _stub_at(defined: _Defined, function: FunctionType) -> Stub | None:
    line = function.__code__.co_firstlineno
    return next((stub for stub in defined.module.stubs if stub.line == line), None)


def _refuse(module: SourceModule, function: FunctionType) -> NoReturn:
    line = function.__code__.co_firstlineno
    raise CompletionError(
        f"{module.path}:{line}: {function.__qualname__} is not where its code object says it is; was the file edited "
        "after it was imported? Next: import it anew",
        name=module.name,
        path=module.path,
        lineno=line,
    )
