"""State that a body keeps and nothing calls for: it may count its calls to know which answer is wanted."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from jitc_import.checks.expected import words_apart

if TYPE_CHECKING:
    from jitc_import.checks.effects import Effects

_WORDS = re.compile(
    r"\b(?:global\w*|cach\w*|memo\w*|remember\w*|stateful|state|count(?:er|s)?|calls?|called|calling|so far|previous\w*"
    r"|last|earlier|again|(?:each|every|first) time|once|next|new|fresh|unique|sequen\w+|successive\w*|history"
    r"|singleton|shared?|laz(?:y|ily)|regist\w+|accumulat\w*|increment\w*|toggl\w*|alternat\w*|cycl\w*|log\w*|track\w*"
    r"|reset\w*|set(?:s|ting|tings)?|configur\w*|stor(?:e|es|ed)|record\w*|keeps?|recursi\w*)\b",
    re.IGNORECASE,
)
"""Words of a stub that call for it."""


def keeps_unasked_state(effects: Effects, module: ast.Module, words: str) -> bool:
    """Whether a body with these effects keeps what neither the words of its stub nor its module have a place for."""
    return bool(effects.kept) and not (_WORDS.search(words_apart(words)) or set(effects.kept) <= _places(module))


def _places(module: ast.Module) -> set[str]:
    """The names of values in a module and its classes, and of the attributes that its own code uses."""
    around: list[ast.Module | ast.ClassDef] = [
        module,
        *(node for node in ast.walk(module) if isinstance(node, ast.ClassDef)),
    ]
    assigned = [part for one in around for node in one.body if not _is_definition(node) for part in ast.walk(node)]
    names = {node.id for node in assigned if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return names | {node.attr for node in ast.walk(module) if isinstance(node, ast.Attribute)}


def _is_definition(node: ast.stmt) -> bool:
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
