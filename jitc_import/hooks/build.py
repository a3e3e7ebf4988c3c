"""Compiling a source that mentions jitc: is it marked, and where are its bodies. Not on the warm path."""

from __future__ import annotations

import ast
from _frozen_importlib_external import decode_source

from jitc_import.errors import JitcImportError
from jitc_import.graft.tree import graft
from jitc_import.hooks.bytecode import UNMARKED, companion_stamp
from jitc_import.source.marks import module_mark
from jitc_import.store.bodies import load_bodies
from jitc_import.store.files import companion_path, store_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType

    from jitc_import.source.definitions import Function


def build(source: bytes, path: str, name: str) -> tuple[CodeType, bytes]:
    """The code object of a module, completed where it is marked, and the companion part of its stamp.

    Raises SyntaxError for what is no Python, and JitcImportError where a marked module cannot be completed.
    """
    tree = ast.parse(source, path)
    text = decode_source(source)
    if module_mark(text, tree, path) is None:
        return _compile_unmarked(source, tree, path), UNMARKED
    companion = companion_path(path)
    donors, stamp = _donors(source, path, name, companion)
    lines = _prime_lines(companion) if donors else None
    raw_lines = lines if "llm_complete" in text else None
    try:
        return graft(tree, donors, path, companion, raw_lines=raw_lines), stamp
    except RecursionError:
        cause = "some code nests too deeply for a module whose bodies are put in; split it up, or unmark the module"
        raise JitcImportError(f"{path}: {cause}", name=name, path=path) from None


def _donors(source: bytes, path: str, name: str, companion: str) -> tuple[dict[str, Function], bytes]:
    """For each stub's key the definition that has its body, and the stamp of the companion file they come from."""
    stamp = companion_stamp(companion)
    bodies = load_bodies(companion)
    if bodies is not None and bodies.belong_to(source):
        return bodies.nodes, stamp
    sections = _complete(source, path, name)
    stamp = companion_stamp(companion)
    if not sections:
        return {}, stamp
    bodies = load_bodies(companion)
    nodes = bodies.nodes if bodies else {}
    lost = sorted(set(sections.values()) - nodes.keys())
    if lost:
        raise store_error(companion, f"changed while it was read: it has no section {', '.join(lost)}; import again")
    return {stub: nodes[section] for stub, section in sections.items()}, stamp


def _complete(source: bytes, path: str, name: str) -> dict[str, str]:
    try:
        from jitc_import.complete import complete_for_import
    except ModuleNotFoundError as error:
        cause = f"{name} has stubs without a body, and completing them needs {error.name}, which is not installed"
        step = "install jitc-import with its dependencies, or ship the companion file that belongs to this source"
        raise JitcImportError(f"{path}: {cause}. Next: {step}", name=name, path=path) from error
    return complete_for_import(source, path, name)


def _prime_lines(companion: str) -> list[str]:
    """The lines of the companion file, which tracebacks show from now on even if the file vanishes."""
    import linecache

    with open(companion, encoding="utf-8-sig") as file:
        lines = file.readlines()
    linecache.cache[companion] = (sum(map(len, lines)), None, lines, companion)
    return lines


def _compile_unmarked(source: bytes, tree: ast.Module, path: str) -> CodeType:
    """Compile the tree, lest the parser warn twice; where it is too deep for that, the source."""
    try:
        return compile(tree, path, "exec", dont_inherit=True)
    except RecursionError:
        code: CodeType = compile(source, path, "exec", dont_inherit=True)
        return code
