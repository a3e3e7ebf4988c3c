"""A definition as a companion file shows it: inside a skeleton of the classes and functions that hold it."""

from __future__ import annotations

import ast
import tokenize
from typing import TYPE_CHECKING

from jitc_import.errors import StoreError
from jitc_import.source.definitions import qualname_of
from jitc_import.source.digest import canonical
from jitc_import.store.body_text import body_digest, body_in, indented, plain_body
from jitc_import.store.layout import find_definition

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCALS = "<locals>"


def render_definition(key: str, signature: str, body: str) -> str:
    """The definition of `key` inside its skeleton, ready to be the code of a section.

    `signature` is the user's, ending in ":"; `body` has its statements at column 0. Neither is reformatted; a
    docstring in `body` is left out.

    Raises StoreError where the two do not make that definition: it would not read back as the same code.
    """
    try:
        body = plain_body(body)
        definition = f"{_with_line_feeds(signature).strip()}\n{indented(body)}"
        opening = list(_opening(key, _outer_names(body)))
        code = "\n".join([*opening, indented(definition, _depth(key))])
        _verify(code, key, signature, body)
    except (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError) as error:
        raise StoreError(f"the definition of {key} cannot be kept: {str(error) or type(error).__name__}") from error
    return code


def _opening(key: str, outer_names: list[str]) -> Iterator[str]:
    """The lines that open the classes and functions around a definition.

    The innermost function binds the `nonlocal` names of the body: without that the file would not compile.
    """
    components = qualname_of(key).split(".")
    level = 0
    for place, component in enumerate(components[:-1]):
        if component == LOCALS:
            if LOCALS not in components[place + 1 :]:
                yield from (indented(f"{name} = None", level) for name in outer_names)
            continue
        is_function = components[place + 1] == LOCALS
        yield indented(f"def {component}():" if is_function else f"class {component}:", level)
        level += 1


def _depth(key: str) -> int:
    components = qualname_of(key).split(".")
    return len(components) - components.count(LOCALS) - 1


def _outer_names(body: str) -> list[str]:
    if "nonlocal" not in body:
        return []
    declared = (node.names for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Nonlocal))
    return sorted({name for names in declared for name in names})


def _verify(code: str, key: str, signature: str, body: str) -> None:
    node = find_definition(ast.parse(code).body, key)
    if node is None or body_digest(body_in(code, key)) != body_digest(body):
        raise ValueError("its signature and body do not make one definition")
    bare = ast.parse(f"{_with_line_feeds(signature).strip()}\n    pass").body[0]
    node.body, node.decorator_list = [ast.Pass()], []
    if canonical(bare) != canonical(node):
        raise ValueError("its signature does not read back as it was")


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
