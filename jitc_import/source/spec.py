"""The spec of a stub: what the user asks for, as one digest. Standard library only.

A body is fresh as long as the spec digest of its stub is the one it was written for. It covers the signature, the
decorators (ours left out), the docstring, the hints, the draft and the options; not where the stub stands, nor what
made it a stub.
"""

from __future__ import annotations

import ast

from jitc_import.source.definitions import docstring_statement
from jitc_import.source.digest import canonical, canonical_comments, canonical_docstring, digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from jitc_import.source.definitions import Function


def docstring_of(node: Function | ast.ClassDef | ast.Module) -> str | None:
    """The docstring of `node` as it is evaluated, not cleaned; None if there is none."""
    statement = docstring_statement(node)
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return str(statement.value.value)
    return None


def draft_of(node: Function) -> list[ast.stmt]:
    """The statements of a draft: the body without its docstring; empty for a placeholder body."""
    body = node.body[1:] if docstring_statement(node) else node.body
    return [] if len(body) <= 1 and all(map(_says_nothing, body)) else body


def is_placeholder(node: Function) -> bool:
    """Whether a body is a docstring, comments, and nothing more, `...`, `pass` or `raise NotImplementedError`."""
    return not draft_of(node)


def spec_digest(
    node: Function,
    *,
    ours: Collection[int] = (),
    hints: Iterable[str] = (),
    options: Mapping[str, str | float | None] | None = None,
    unread: Iterable[ast.expr | None] = (),
) -> str:
    """The spec digest of a function.

    `ours` are the positions of our own decorators, `hints` the words of its marks and comments, `options` what the
    marks say (None: not said), `unread` the values of options that are no literals.
    """
    decorators = [one for position, one in enumerate(node.decorator_list) if position not in ours]
    signature = [node.name, node.args, node.returns, getattr(node, "type_params", []), decorators]
    return digest(
        [
            type(node).__name__,
            *map(canonical, signature),
            canonical_docstring(docstring_of(node)),
            canonical_comments(hints),
            canonical(draft_of(node)),
            *_canonical_options(options or {}),
            *map(canonical, unread),
        ]
    )


def _says_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant) and statement.value.value is Ellipsis
    if isinstance(statement, ast.Raise) and statement.cause is None:
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    return isinstance(statement, ast.Pass)


def _canonical_options(options: Mapping[str, str | float | None]) -> Iterable[str]:
    for name, value in sorted(options.items()):
        if value is not None:
            yield f"{name}={canonical(float(value)) if name == 'temperature' else canonical(value)}"
