"""Compiling a source that mentions jitc: is it marked, and where are its bodies. Not on the warm path."""

from __future__ import annotations

import ast
from _frozen_importlib_external import decode_source

from jitc_import.errors import JitcImportError
from jitc_import.graft.tree import graft
from jitc_import.hooks import loader
from jitc_import.hooks.bytecode import UNMARKED, companion_stamp
from jitc_import.hooks.scope import in_scope
from jitc_import.source.marks import module_mark
from jitc_import.store.bodies import load_bodies
from jitc_import.store.files import companion_path, store_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from jitc_import.graft.tree import Compiler
    from jitc_import.source.definitions import Function


def build(source: bytes, path: str, name: str, compiler: Compiler | None = None) -> tuple[CodeType, bytes]:
    """The code object of a module, completed where it is marked, and the companion part of its stamp.

    `compiler` is what compiles the syntax tree, if not Python alone. Raises SyntaxError for what is no Python, and
    JitcImportError where a marked module cannot be completed.
    """
    tree = _parse(source, path)
    text = _decode(source)
    plain = compiler or (lambda tree, path: _compile_plain(source, tree, path))
    if module_mark(text, tree, path) is None:
        return plain(tree, path), UNMARKED
    companion = companion_path(path)
    donors, lines, stamp = _donors(source, path, name, companion)
    if not donors:
        return plain(tree, path), stamp
    prime_lines(companion, lines)
    raw_lines = lines if "llm_complete" in text else None
    try:
        return graft(tree, donors, path, companion, raw_lines=raw_lines, compiler=compiler), stamp
    except RecursionError:
        cause = "some code nests too deeply for a module whose bodies are put in; split it up, or unmark the module"
        raise JitcImportError(f"{path}: {cause}", name=name, path=path) from None


def joined(source: bytes, path: str, name: str, compiler: Callable[[str, str], CodeType]) -> CodeType | None:
    """The code of a completed module, compiled as one text whatever its companion file says of splices.

    `compiler` compiles that text. None where the bodies do not go into the text. Raises as `build` does.
    """
    from jitc_import.graft.fitting import splices_of
    from jitc_import.graft.splice import UnfitError, spliced

    companion = companion_path(path)
    donors, lines, _ = _donors(source, path, name, companion)
    text, bare = _decode(source), [line.removesuffix("\n") for line in lines]
    try:
        splices = splices_of(text, "\n".join(bare), donors)
        return spliced(text, bare, splices, path, companion, raw="llm_complete" in text, compiler=compiler)
    except UnfitError:
        return None


def _donors(source: bytes, path: str, name: str, companion: str) -> tuple[dict[str, Function], list[str], bytes]:
    """For each stub's key the definition that has its body, and the lines and stamp of the companion file it is in."""
    stamp = companion_stamp(companion)
    bodies = load_bodies(companion)
    if bodies is not None and bodies.belong_to(source):
        return bodies.nodes, bodies.lines, stamp
    if loader.stand_ins and in_scope(path):
        from jitc_import.hooks.stand_ins import donors_with_stand_ins

        return donors_with_stand_ins(source, path, name)
    sections = _complete(source, path, name)
    stamp = companion_stamp(companion)
    if not sections:
        return {}, [], stamp
    bodies = load_bodies(companion)
    nodes = bodies.nodes if bodies else {}
    lost = sorted(set(sections.values()) - nodes.keys())
    if bodies is None or lost:
        raise store_error(companion, f"changed while it was read: it has no section {', '.join(lost)}; import again")
    return {stub: nodes[section] for stub, section in sections.items()}, bodies.lines, stamp


def _complete(source: bytes, path: str, name: str) -> dict[str, str]:
    from jitc_import.hooks.kept import kept_sections, without_completing

    if not in_scope(path):
        return kept_sections(source, path, name)
    try:
        from jitc_import.complete import complete_for_import
    except ModuleNotFoundError as error:
        return without_completing(error, source, path, name)
    from jitc_import.hooks.order import complete_imports

    return complete_for_import(source, path, name, complete_imports)


def prime_lines(companion: str, lines: list[str]) -> None:
    """Have tracebacks show these lines of the companion file from now on, even if the file vanishes."""
    import linecache

    linecache.cache[companion] = (sum(map(len, lines)), None, lines, companion)


def _parse(source: bytes, path: str) -> ast.Module:
    try:
        return ast.parse(source, path)
    except RecursionError:
        compile(source, path, "exec", dont_inherit=True)  # for Python's own words
        raise


def _decode(source: bytes) -> str:
    """The text of a source that was parsed: the parser lets bytes that are no UTF-8 stand in comments."""
    try:
        return decode_source(source)
    except UnicodeDecodeError:
        return source.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")


def _compile_plain(source: bytes, tree: ast.Module, path: str) -> CodeType:
    """Compile the tree, lest the parser warn twice; where it is too deep for that, the source."""
    try:
        return compile(tree, path, "exec", dont_inherit=True)
    except RecursionError:
        code: CodeType = compile(source, path, "exec", dont_inherit=True)
        return code
