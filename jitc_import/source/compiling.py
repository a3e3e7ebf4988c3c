"""What Python finds wrong in a source only when it compiles it: `return` outside of a function, say."""

from __future__ import annotations

import ast
from contextlib import suppress
from typing import TYPE_CHECKING

from jitc_import.source.definitions import definitions
from jitc_import.source.quiet import quietly

if TYPE_CHECKING:
    from jitc_import.source.stubs import SourceModule


def refuse_uncompilable(source: bytes, module: SourceModule) -> None:
    """Raise the SyntaxError of a source that `ast.parse` takes; what stands in its stubs is not looked at."""
    with quietly(), suppress(RecursionError, MemoryError):  # too deep a module is the graft's to tell of
        try:
            compile(source, module.path, "exec", dont_inherit=True)
        except SyntaxError:
            compile(_without_drafts(source, module), module.path, "exec", dont_inherit=True)


def _without_drafts(source: bytes, module: SourceModule) -> ast.Module:
    tree = ast.parse(source, module.path)
    keys = {stub.key for stub in module.stubs}
    for node in [node for key, node in definitions(tree) if key in keys]:
        node.body = [ast.copy_location(ast.Pass(), node.body[0])]
    return tree
