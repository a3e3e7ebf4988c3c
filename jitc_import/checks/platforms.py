"""Which code is for some platforms or Pythons only, and which imports are allowed to fail."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jitc_import.source.definitions import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLATFORMS = frozenset(
    {
        *(
            "aix",
            "android",
            "cygwin",
            "darwin",
            "emscripten",
            "freebsd",
            "ios",
            "java",
            "linux",
            "nt",
            "posix",
            "sunos",
        ),
        *("vms", "wasi", "win", "win32", "windows", "msys", "pypy", "cpython", "graalpy"),
    }
)
"""What programs compare `sys.platform`, `os.name` and the like with, in lower case."""

_VERSIONS = frozenset({"version_info", "hexversion", "implementation", "python_implementation", "PYPY", "WINDOWS"})
"""Names that are asked for the Python that runs."""

_CAUGHT = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
"""What catches an import that fails."""


def functions_for_some(tree: ast.Module) -> Iterator[ast.AST]:
    """The functions that stand under a test of the platform."""
    for node in _inside(tree, ast.If):
        yield from (inner for inner in ast.walk(node) if isinstance(inner, FUNCTIONS))


def imports_that_may_fail(tree: ast.Module) -> set[ast.AST]:
    """The imports under a test of the platform, and those whose failure is caught, with what is tried instead."""
    return {
        inner
        for node in _inside(tree, (ast.If, ast.Try))
        for inner in ast.walk(node)
        if isinstance(inner, (ast.Import, ast.ImportFrom))
    }


def _inside(tree: ast.Module, kinds: type[ast.AST] | tuple[type[ast.AST], ...]) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if not isinstance(node, kinds):
            continue
        if isinstance(node, ast.If) and tests_platform(node.test):
            yield node
        elif isinstance(node, ast.Try) and any(map(_catches, node.handlers)):
            yield from (*node.body, *node.handlers)


def tests_platform(test: ast.expr) -> bool:
    """Whether a condition asks for the platform, or for the Python, that runs."""
    for node in ast.walk(test):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.lower() in _PLATFORMS:
            return True
        if getattr(node, "attr", getattr(node, "id", "")) in _VERSIONS:
            return True
    return False


def _catches(handler: ast.ExceptHandler) -> bool:
    """Whether a handler takes an ImportError."""
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(getattr(each, "attr", getattr(each, "id", "")) in _CAUGHT for each in caught)
