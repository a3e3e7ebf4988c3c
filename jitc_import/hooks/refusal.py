"""Code objects whose only act is to raise an error: executed by an import, they leave no frame of this tool.

A loader that raises shows its own frames between the user's `import` and the error.
"""

from __future__ import annotations

import ast
from _frozen_importlib import _call_with_frames_removed  # type: ignore[attr-defined]

from jitc_import.errors import JitcImportError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType

_MARKER = "the error to raise"

_IMPORTLIB = "<frozen importlib._bootstrap>"
_TRIMMED = "_call_with_frames_removed"
"""Python leaves a frame of this name in importlib out of the traceback of an import, and importlib's own above it."""

_COMPILERS = (ast.parse.__code__, _call_with_frames_removed.__code__)


def is_users_matter(error: BaseException) -> bool:
    """Whether an error says something about the user's code; another shows the frames that led to it."""
    if isinstance(error, (JitcImportError, SyntaxError, KeyboardInterrupt)):
        return True
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_code in _COMPILERS


def refusal(error: BaseException, path: str, source: bytes) -> CodeType:
    """Code that raises `error`: ours at the line of the user's file that it names, others without any frame."""
    error.__traceback__ = error.__context__ = error.__cause__ = None
    error.__suppress_context__ = False
    if not isinstance(error, JitcImportError):
        return _raising(error, _IMPORTLIB, 1, "").replace(co_name=_TRIMMED)
    lines = source.decode("utf-8", "replace").splitlines()
    named = error.lineno if error.path == path else None
    line = named or _line_of_mark(lines)
    return _raising(error, path, line, lines[line - 1] if line <= len(lines) else "")


def _raising(error: BaseException, path: str, line: int, text: str) -> CodeType:
    """Code that raises `error` on a line, all of whose text counts as the statement: so no caret is drawn."""
    raised = ast.Raise(exc=ast.Constant(value=_MARKER), cause=None)
    tree = ast.Module(body=[raised], type_ignores=[])
    for node in (raised, raised.exc):
        node.lineno = node.end_lineno = line  # type: ignore[union-attr]
        node.col_offset = len(text) - len(text.lstrip())  # type: ignore[union-attr]
        node.end_col_offset = len(text.rstrip().encode())  # type: ignore[union-attr]
    code = compile(tree, path, "exec", dont_inherit=True)
    return code.replace(co_consts=tuple(error if const == _MARKER else const for const in code.co_consts))


def _line_of_mark(lines: list[str]) -> int:
    for number, line in enumerate(lines, start=1):
        if line.lstrip().startswith("#") and "jitc" in line and "enable" in line:
            return number
    return 1
