"""Whether the attributes that a body reads exist: of modules, and of the instances of its own module's classes."""

from __future__ import annotations

import ast
import difflib
import os
import sys
from typing import TYPE_CHECKING

from jitc_import.checks.imports import find_module, has_name, names_in
from jitc_import.checks.members import OF_ALL
from jitc_import.checks.origins import LOCAL, OWN, function_scope, in_scopes, origins, with_globals
from jitc_import.checks.platforms import tests_platform
from jitc_import.source.definitions import FUNCTIONS
from jitc_import.source.imported import absolute_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from jitc_import.checks.members import Classes
    from jitc_import.checks.origins import Scope
    from jitc_import.source.definitions import Function

_SHOWN = 6
"""Names that a message shows at most."""

_FOREIGN_FOLDERS = frozenset({"site-packages", "dist-packages"})
_ELSEWHERE_OTHERS = frozenset(
    {"curses", "errno", "msvcrt", "winreg", "ctypes", "resource", "termios", "select", "posix", "stat"}
)
"""Modules whose names are others on each platform, or at run time."""

_OF_OTHER_PLATFORMS = frozenset(
    {
        *("startfile", "STARTUPINFO", "STARTF_USESHOWWINDOW", "SW_HIDE", "CREATE_NO_WINDOW", "CTRL_C_EVENT", "ioctl"),
        *("CREATE_NEW_PROCESS_GROUP", "CREATE_NEW_CONSOLE", "DETACHED_PROCESS", "CTRL_BREAK_EVENT", "windll"),
        *("getwindowsversion", "WinError", "O_BINARY", "SIGBREAK", "lchflags", "lchmod", "kqueue", "kevent"),
    }
)
"""Attributes of Python's modules elsewhere; with them a body may look what there is."""


def attribute_problems(
    function: Function,
    around: Sequence[Function | ast.ClassDef],
    classes: Classes,
    package: str,
    search_path: Sequence[str],
) -> Iterator[str]:
    """The attributes that a body reads and that do not exist, one text each.

    `function` is the stub with that body, `around` the scopes it stands in, outermost first, `package` the module's
    `__package__`. A body that looks before it reads, or catches what is missing, is let be.
    """
    if any(_looks_first(node) for node in ast.walk(function)):
        return
    outer = [function_scope(node) for node in around if isinstance(node, FUNCTIONS)]
    scopes = (with_globals(classes.scope, function), *outer, function_scope(function))
    typed = _typed(function, around, classes)
    made = {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute) and _is_stored(node)}
    found: list[str] = []
    for node, inside in in_scopes(function.body, scopes):
        if isinstance(node, ast.Attribute) and not _is_stored(node) and node.attr not in made:
            found += _of_module(node, inside, package, tuple(search_path))
            found += _of_class(node, typed, classes)
    yield from dict.fromkeys(found)


def _is_stored(node: ast.Attribute) -> bool:
    return isinstance(node.ctx, ast.Store)


def _of_module(node: ast.Attribute, scopes: tuple[Scope, ...], package: str, path: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with an attribute that stands right behind the name of a module."""
    names: list[str] = []
    value = node.value
    while isinstance(value, ast.Attribute):
        names.insert(0, value.attr)
        value = value.value
    found = origins(value.id, scopes) if isinstance(value, ast.Name) else frozenset()
    if len(found) != 1 or found & {LOCAL, OWN}:
        return
    origin = ".".join([*found, *names])
    level = len(origin) - len(origin.lstrip("."))
    module = absolute_name(origin[level:], level, package)
    if module is None or node.attr in _OF_OTHER_PLATFORMS or node.attr.startswith("__"):
        return
    if _is_known(module, path) and not has_name(module, node.attr, path):
        yield f"{module} has no `{node.attr}`{_instead(node.attr, names_in(module, path), show_all=False)}"


def _is_known(name: str, path: tuple[str, ...]) -> bool:
    """Whether a dotted name is a module of Python's library or of the user's: what others have may come at run time."""
    if name.partition(".")[0] in _ELSEWHERE_OTHERS:
        return False
    if name.partition(".")[0] in sys.stdlib_module_names:
        return name in sys.modules or (find_module(name, path) is not None and _is_submodule(name, path))
    spec = find_module(name, path)
    if spec is None or not spec.has_location or not spec.origin or not spec.origin.endswith(".py"):
        return False
    return _FOREIGN_FOLDERS.isdisjoint(spec.origin.split(os.sep))


def _is_submodule(name: str, path: tuple[str, ...]) -> bool:
    parent, _, _ = name.rpartition(".")
    spec = find_module(parent, path) if parent else None
    return not parent or (spec is not None and spec.submodule_search_locations is not None)


def _of_class(node: ast.Attribute, typed: dict[str, ast.ClassDef], classes: Classes) -> Iterator[str]:
    """What is wrong with an attribute of `self`, or of a parameter that is annotated with a class of the module."""
    if not isinstance(node.value, ast.Name) or node.value.id not in typed:
        return
    holder = typed[node.value.id]
    members = classes.members(holder)
    if members is not None and node.attr not in members:
        public = {name for name in members - OF_ALL if not name.startswith("__")}
        yield f"{holder.name} has no attribute `{node.attr}`{_instead(node.attr, public - {*dir(int), *dir(str)})}"


def _instead(name: str, names: Collection[str], *, show_all: bool = True) -> str:
    """What to write instead: the names that are close, else all if they are few."""
    close = difflib.get_close_matches(name, sorted(names), n=3, cutoff=0.7)
    shown = close or (sorted(names)[:_SHOWN] if show_all else [])
    rest = ", …" if not close and len(names) > _SHOWN else ""
    return f"; it has {', '.join(shown)}{rest}" if shown else ""


def _typed(function: Function, around: Sequence[Function | ast.ClassDef], classes: Classes) -> dict[str, ast.ClassDef]:
    """The parameters that are surely instances of classes of the module (or these classes), and keep their values."""
    found: dict[str, ast.ClassDef] = {}
    parameters = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    decorators = {ast.unparse(each) for each in function.decorator_list}
    if around and isinstance(around[-1], ast.ClassDef) and "staticmethod" not in decorators and parameters:
        if classes.by_name.get(around[-1].name) is around[-1]:
            found[parameters[0].arg] = around[-1]
        parameters = parameters[1:]
    for parameter in parameters:
        name = _annotated(parameter.annotation)
        if name in classes.by_name and origins(name, (classes.scope,)) == {OWN}:
            found[parameter.arg] = classes.by_name[name]
    changing = set(_rebound(function.body)) | set(_narrowed(function.body))
    return {name: node for name, node in found.items() if name not in changing}


def _annotated(annotation: ast.expr | None) -> str:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return annotation.value.strip()
    return annotation.id if isinstance(annotation, ast.Name) else ""


def _rebound(body: list[ast.stmt]) -> Iterator[str]:
    """Names that something in a body binds, in whatever scope."""
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                yield node.id
            elif isinstance(node, ast.arg):
                yield node.arg
            elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
                yield node.name


def _narrowed(body: list[ast.stmt]) -> Iterator[str]:
    """Names whose class a body asks for."""
    for statement in body:
        for node in ast.walk(statement):
            asked: list[ast.expr] = []
            if isinstance(node, ast.Match):
                asked = [node.subject]
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                "isinstance",
                "issubclass",
                "type",
                "cast",
            ):
                asked = node.args
            yield from (inner.id for each in asked for inner in ast.walk(each) if isinstance(inner, ast.Name))


def _looks_first(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in ("hasattr", "setattr", "vars", "dir")
    if isinstance(node, ast.ExceptHandler):
        caught = {getattr(inner, "id", "") for inner in ast.walk(node.type)} if node.type else {"Exception"}
        return bool(caught & {"AttributeError", "Exception", "BaseException"})
    return isinstance(node, ast.If) and tests_platform(node.test)
