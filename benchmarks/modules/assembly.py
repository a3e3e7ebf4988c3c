"""The benchmark's modules as text: the stubs, the reference bodies, and modules put together from both."""

from __future__ import annotations

import ast
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from jitc_import.source.definitions import definitions, docstring_statement  # noqa: E402 -- the path is set above

Body = list[ast.stmt]
NOTHING: Body = [ast.Return(ast.Constant(None))]
"""The body of a stub that was never completed."""


def names() -> list[str]:
    """The names of the modules, in alphabetical order."""
    return sorted(entry for entry in os.listdir(HERE) if os.path.isfile(checks_path(entry)))


def stub_path(name: str) -> str:
    """The module with its stubs: the one file that the tool sees."""
    return os.path.join(HERE, name, f"{name}.py")


def checks_path(name: str) -> str:
    """The checks that the tool never sees."""
    return os.path.join(HERE, name, "checks.py")


def read(path: str) -> str:
    """The text of a file."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def reference(name: str) -> dict[str, Body]:
    """The bodies that prove the checks right, by key of the stub."""
    return bodies_of(read(os.path.join(HERE, "solutions", f"{name}.py")))


def bodies_of(text: str) -> dict[str, Body]:
    """The bodies of the outermost definitions of a text (a reference, a companion file), without their docstrings."""
    bodies = {}
    for key, node in definitions(ast.parse(text)):
        if "<locals>" not in key:
            bodies[key] = node.body[1:] if docstring_statement(node) else node.body
    return bodies


def assembled(name: str, bodies: dict[str, Body]) -> str:
    """The source of a module with these bodies in place of those of its stubs, docstrings kept, decorator gone."""
    tree = ast.parse(read(stub_path(name)))
    for key, node in definitions(tree):
        if key in bodies:
            docstring = docstring_statement(node)
            node.body = [*([docstring] if docstring else []), *bodies[key]] or NOTHING
            node.decorator_list = [item for item in node.decorator_list if "llm_complete" not in ast.unparse(item)]
    return ast.unparse(ast.fix_missing_locations(tree))
