"""Marked modules whose loader is another's: the bodies go through that loader, or around it. Not on the warm path."""

from __future__ import annotations

import ast
import os
from _frozen_importlib_external import SourceLoader, decode_source
from contextlib import contextmanager
from io import BytesIO
from tokenize import detect_encoding

from jitc_import.errors import JitcImportError, JitcWarning, MarkError
from jitc_import.graft.tree import graft
from jitc_import.hooks.build import build, joined, prime_lines
from jitc_import.hooks.foreign import read_source, source_loader_in
from jitc_import.hooks.loader import tell_tools
from jitc_import.hooks.missed import own_frames
from jitc_import.hooks.quick import quickly_built
from jitc_import.source.marks import module_mark
from jitc_import.store.files import companion_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType, ModuleType
    from typing import Any

_PYTEST = "_pytest.assertion.rewrite"
_REFUSALS = (TypeError, AttributeError, ValueError)
"""What a loader raises that expects a text and gets a syntax tree."""


def is_marked(source: bytes, path: str) -> bool:
    """Whether a source that mentions jitc has a module mark, well spelt or not."""
    if not any(b"jitc" in line and b"#" in line for line in source.lower().splitlines()):
        return False
    try:
        return module_mark(decode_source(source), ast.parse(source, path), path) is not None
    except MarkError:
        return True  # it is told when the module is completed
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def code_through(loader: Any, path: str, name: str) -> CodeType:
    """The code object of the marked module at `path`, by way of the loader of another.

    Raises as `build` does, and JitcImportError where the bodies have no place.
    """
    source = read_source(loader, path)
    if source is None:
        raise JitcImportError(f"{path}: the source has vanished", name=name, path=path)
    if not os.path.isfile(path):
        return _code_in_archive(loader, source, path, name)
    code = _code_of_file(loader, source, path, name)
    tell_tools(code, name, path)
    return code


def run_through(loader: Any, code: CodeType, module: ModuleType, path: str) -> None:
    """Have the loader of another run a module, and take `code` for its code."""
    asked = []
    lender = source_loader_in(loader)
    own = lender.get_code

    def get_code(fullname: str) -> CodeType | None:
        if fullname != module.__name__:  # the loader may be one for many modules
            other: CodeType | None = own(fullname)
            return other
        asked.append(fullname)
        return code

    with _lent(lender, get_code=get_code):
        loader.exec_module(module)
    if not asked:
        cause = f"{_name_of(loader)} runs modules in a way of its own, into which no bodies can be put"
        raise JitcImportError(
            f"{path}: {cause}; leave this module out there, or unmark it", name=module.__name__, path=path
        )


def _code_of_file(loader: Any, source: bytes, path: str, name: str) -> CodeType:
    if type(loader).__module__ == _PYTEST:
        from jitc_import.hooks.asserts import code_with_asserts

        return code_with_asserts(loader, source, path, name)
    code, _ = build(source, path, name)
    inner = source_loader_in(loader)
    if inner is not None and _is_stock(inner):
        return code
    by_loader = _code_by(inner, source, path, name) if inner is not None else None
    return by_loader or _warned(code, loader, name)


def _is_stock(loader: Any) -> bool:
    """Whether a loader compiles as Python's own does."""
    kind = type(loader)
    return kind.get_code is SourceLoader.get_code and kind.source_to_code is SourceLoader.source_to_code


def _code_by(loader: Any, source: bytes, path: str, name: str) -> CodeType | None:
    """The code that a loader makes of the completed module, as a syntax tree or as a text; None where of neither."""
    compiles = loader.source_to_code

    def by_tree(*rest: Any, **options: Any) -> CodeType | None:
        return build(source, path, name, lambda tree, path: compiles(tree, path, *rest, **options))[0]

    def by_text(*rest: Any, **options: Any) -> CodeType | None:
        encoding, _ = detect_encoding(BytesIO(source).readline)

        def compiles_text(text: str, path: str) -> CodeType:
            code: CodeType = compiles(text.encode(encoding), path, *rest, **options)
            return code

        found = quickly_built(source, path, compiles_text)
        return found[0] if found else joined(source, path, name, compiles_text)

    for way in by_tree, by_text:
        try:
            code = _code_asked_for(loader, name, way)
        except _REFUSALS:
            continue
        if code is not None:
            return code
    return None


def _code_asked_for(loader: Any, name: str, way: Callable[..., CodeType | None]) -> CodeType | None:
    """What `get_code` of a loader gives while `way` compiles; None where it does not compile.

    It neither reads nor writes its cache: that is for modules as they stand in their files.
    """
    made = []

    def source_to_code(_data: object, _path: object, *rest: Any, **options: Any) -> CodeType | None:
        made.append(way(*rest, **options))
        return made[-1]

    def path_stats(path: str) -> None:
        raise OSError(path)

    with _lent(loader, source_to_code=source_to_code, path_stats=path_stats):
        code: CodeType | None = loader.get_code(name)
    return code if made else None


def _warned(code: CodeType, loader: Any, name: str) -> CodeType:
    import warnings

    message = f"{name} has its bodies, but not what {_name_of(loader)} makes of modules: that takes no completed ones"
    warnings.warn(message, JitcWarning, stacklevel=own_frames() + 1)
    return code


def _name_of(loader: Any) -> str:
    return f"{type(loader).__module__}.{type(loader).__qualname__}"


@contextmanager
def _lent(owner: Any, **attributes: Any) -> Iterator[None]:
    """Give an object attributes of its own for a while."""
    own = vars(owner)
    before = {name: own[name] for name in attributes if name in own}
    own.update(attributes)
    try:
        yield
    finally:
        for name in attributes:
            own.pop(name, None)
        own.update(before)


def _code_in_archive(loader: Any, source: bytes, path: str, name: str) -> CodeType:
    """The code of a module that is no file, with the bodies of a companion file beside it."""
    from jitc_import.store.bodies import bodies_of

    companion = companion_path(path)
    data = read_source(loader, companion)
    bodies = bodies_of(data, companion) if data is not None else None
    if bodies is None or not bodies.belong_to(source):
        kept = "has no companion file" if bodies is None else f"does not belong to the bodies in {companion}"
        step = "complete it before it is packed, and pack the companion file with it"
        raise JitcImportError(
            f"{path} {kept}, and is no file beside which bodies can be kept. Next: {step}", name=name, path=path
        )
    prime_lines(companion, bodies.lines)
    raw_lines = bodies.lines if b"llm_complete" in source else None
    return graft(ast.parse(source, path), bodies.nodes, path, companion, raw_lines=raw_lines)
