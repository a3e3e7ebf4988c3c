"""The stubs of a module: what its author asks for, found with libcst without running anything."""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from libcst import ParserSyntaxError

from jitc_import.errors import MarkError
from jitc_import.source.checksum import source_digest
from jitc_import.source.listing import Listing, plain
from jitc_import.source.marks import decode, module_mark
from jitc_import.source.options import Options
from jitc_import.source.outline import Outline, outline
from jitc_import.source.places import comment_places
from jitc_import.source.scopes import Scope
from jitc_import.source.spec import docstring_of, spec_digest
from jitc_import.source.tags import Tag, find_tags, is_mocked, refuse_lambdas
from jitc_import.source.text import StubText

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from jitc_import.source.marks import ModuleMark
    from jitc_import.source.outline import Definition
    from jitc_import.source.places import Place
    from jitc_import.source.tags import Tagged

__all__ = ["Options", "SourceModule", "Stub", "Tag", "read_module"]


@dataclass(frozen=True)
class Stub:
    """A function whose body is to be completed.

    `key` is that of `definitions`; `line` (1-based) the first, decorators included. `signature` ends with its colon,
    `decorators` leave ours out; `draft` is empty for a placeholder body. `hints` are the words of its marks, then the
    comments inside it. `dynamic`: some argument of `llm_complete` is no literal, so it is completed when the decorator
    runs. `text` is what a model should see of it. All texts are dedented and free of marks.
    """

    key: str
    line: int
    tag: Tag
    signature: str
    decorators: tuple[str, ...]
    docstring: str | None
    draft: str
    hints: tuple[str, ...]
    options: Options
    dynamic: bool
    spec: str
    text: str


@dataclass(frozen=True)
class Mock:
    """A function that `llm_mock` decorates: its key, and its first line (that of a decorator)."""

    key: str
    line: int


@dataclass(frozen=True, eq=False)
class SourceModule:
    """A module as read: its decoded text (lines end with a line feed), its syntax tree, its stubs in source order."""

    name: str
    path: str
    text: str
    tree: ast.Module
    digest: str
    mark: ModuleMark | None
    stubs: tuple[Stub, ...]
    warnings: tuple[str, ...] = ()
    listing: Listing = field(repr=False, default_factory=lambda: Listing(""))
    mocks: tuple[Mock, ...] = ()


def read_module(source: bytes, path: str, name: str, decorated: Collection[int] = ()) -> SourceModule:
    """Read the source of the module `name` and find its stubs.

    `decorated` are the first lines of functions that `llm_complete` is known to decorate, from having been called.
    Without a module mark only the stubs that `llm_complete` decorates are found, and comment marks give warnings.
    Raises SyntaxError as Python does, and MarkError for a mark that is misspelt or stands where it means nothing.
    """
    tree = ast.parse(source, filename=path)
    text = _text(source, path, name)
    listing = Listing(text)
    try:
        mark = module_mark(text, tree, path)
        looked_at = mark is not None or "llm_complete" in text
        nothing = Outline([], Scope("module"))
        every = outline(tree) if looked_at or "llm_mock" in text else nothing
        found = every if looked_at else nothing
        places = _places(listing, path) if looked_at else {}
        tags = find_tags(found.definitions, listing, places, mark, path, decorated)
        refuse_lambdas(tree, found, path)
    except MarkError as error:
        error.name = name
        raise
    last_lines = _last_lines(found, places)
    stubs = tuple(_stub(tagged, listing, last_lines[tagged.definition]) for tagged in tags.tagged)
    mocks = tuple(Mock(one.key, one.line) for one in every.definitions if one.function and is_mocked(one))
    return SourceModule(name, path, text, tree, source_digest(source), mark, stubs, tags.warnings, listing, mocks)


def _text(source: bytes, path: str, name: str) -> str:
    try:
        return decode(source)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        cause = f"a comment holds bytes that are not {error.encoding}: Python lets them stand, jitc cannot read them"
        raise MarkError(f"{path}:{line}: {cause}; save the file anew", name=name, path=path, lineno=line) from None


def _places(listing: Listing, path: str) -> dict[int, Place]:
    try:
        return comment_places(listing)
    except ParserSyntaxError as error:
        line = error.raw_line
        raise MarkError(
            f"{path}:{line}: Python can read this file and libcst cannot, so its marks are not found",
            path=path,
            lineno=line,
        ) from error


def _stub(tagged: Tagged, listing: Listing, last_line: int) -> Stub:
    definition, node = tagged.definition, tagged.definition.node
    if isinstance(node, ast.ClassDef):
        raise TypeError(definition.key)
    text = StubText(listing, node, last_line, tagged.ours)
    hints = (*tagged.hints, *text.notes())
    docstring = docstring_of(node)
    options = tagged.options.said()
    return Stub(
        key=definition.key,
        line=definition.line,
        tag=tagged.tag,
        signature=plain(text.signature()),
        decorators=tuple(map(plain, text.decorators())),
        docstring=None if docstring is None else inspect.cleandoc(docstring),
        draft=plain(text.draft()),
        hints=hints,
        options=tagged.options,
        dynamic=tagged.dynamic,
        spec=spec_digest(node, ours=tagged.ours, hints=hints, options=options, unread=tagged.unread),
        text=plain(text.whole(tagged.hints)),
    )


def _last_lines(found: Outline, places: Mapping[int, Place]) -> dict[Definition, int]:
    """The last line of each definition, the comments counted that follow its last statement in its indentation."""
    last = {definition: definition.node.end_lineno or definition.line for definition in found.definitions}
    for line, place in places.items():
        if place.definition is None or place.slot != "body":
            continue
        innermost = found.definitions[place.definition]
        for definition in (innermost, *innermost.around()):
            if line <= last[definition]:
                break
            last[definition] = line
    return last
