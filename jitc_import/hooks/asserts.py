"""Marked test modules: pytest's rewriter sees the bodies, so asserts in both files show their values."""

from __future__ import annotations

from pathlib import Path

from _pytest.assertion.rewrite import rewrite_asserts

from jitc_import.graft.tree import compile_tree
from jitc_import.hooks.build import build

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from types import CodeType

    from _pytest.assertion.rewrite import AssertionRewritingHook


def code_with_asserts(hook: AssertionRewritingHook, source: bytes, path: str, name: str) -> CodeType:
    """The code object of the marked module at `path`, its asserts rewritten by pytest."""
    hook._rewritten_names[name] = Path(path)  # noqa: SLF001 -- as its exec_module does
    config = None if hook.config.getini("enable_assertion_pass_hook") else hook.config

    def compiles(tree: ast.Module, path: str) -> CodeType:
        rewrite_asserts(tree, source, path, config)
        return compile_tree(tree, path)

    return build(source, path, name, compiles)[0]
