"""What a model wrote, read generously and taken strictly: for each stub a body, or the reason why there is none.

fences        blocks of code in the text
pieces        Python in the blocks, definition by definition where it does not parse as a whole
matching      which definition is which stub
bare          a body without its `def`
found, needs  the text of a body, and what else of the reply it needs (constants, free_names)
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitc_import.harmless import harmless
from jitc_import.model.bare import bare_body
from jitc_import.model.fences import Block, code_blocks
from jitc_import.model.found import (
    Found,
    body_of,
    definitions_in,
    is_placeholder,
    statements_of,
    text_of,
)
from jitc_import.model.matching import Matches, match_stubs, path_of
from jitc_import.model.needs import Needs, Supplies, UnmetNeedError, needs_of, supplies_of
from jitc_import.model.parsing import UnparsableError
from jitc_import.model.pieces import Broken, Piece, read_block
from jitc_import.model.surroundings import Surroundings
from jitc_import.source.annotations import unquoted
from jitc_import.source.definitions import qualname_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jitc_import.source.definitions import Function
    from jitc_import.source.stubs import SourceModule, Stub

MAX_REPLY = 2_000_000
"""Characters of a reply that are read."""

SHOWN = 120
"""Characters of a reply without code that its rejection shows."""

_OTHER_LANGUAGES = frozenset(
    {
        *("js", "javascript", "jsx", "ts", "typescript", "tsx", "java", "kotlin", "go", "rust", "c", "cpp", "c++"),
        *("cs", "csharp", "ruby", "rb", "php", "swift", "scala", "sql", "bash", "sh", "html"),
    }
)
"""Tags of fences that hold something else."""

_UNIONS = frozenset({"Union", "Annotated", "Literal"})
"""Annotations that allow what one of their arguments allows."""

_DO_NOTHING = re.compile(r"\b(nothing|no-?op\b|ignore|does\s+not\s+do\s+anything)", re.IGNORECASE)
"""Words of a docstring that ask for a body that does nothing."""


@dataclass(frozen=True)
class Candidate:
    """A body that a model wrote for the stub `key`.

    `body` are the statements at column 0 that go under the user's `def` line: no docstring, the imports, constants and
    helpers they need before them. `raw` is the definition as the model wrote it, `definition` its syntax tree.
    """

    key: str
    body: str
    raw: str
    definition: Function


@dataclass(frozen=True)
class Rejection:
    """Why there is no body for the stub `key`, in words that help the model to do better."""

    key: str
    reason: str


def read_reply(
    text: str, module: SourceModule, stubs: Sequence[Stub], *, cut: bool = False
) -> dict[str, Candidate | Rejection]:
    """For each stub that was asked for, its body in a reply or why there is none.

    `cut` says that the reply stopped at the limit of tokens; the definition it stopped in is left out. Whether the
    parameters are the stub's is not judged here. Never raises for what the text holds.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MAX_REPLY:
        return {stub.key: Rejection(stub.key, f"the reply is longer than {MAX_REPLY:,} characters") for stub in stubs}
    reading = _Reading.of(text, module, cut=cut)
    matches = match_stubs(module, stubs, reading.found)
    matched = matches.found or reading.bare(stubs)
    reading.leave_out(matched.values())
    needs = reading.needs(matched)
    results: dict[str, Candidate | Rejection] = {}
    for stub in stubs:
        found = matched.get(stub.key)
        result = reading.candidate(stub, found, needs[stub.key]) if found else reading.why_missing(stub, matches)
        results[stub.key] = Rejection(stub.key, result) if isinstance(result, str) else result
    return results


@dataclass
class _Reading:
    """A reply taken apart."""

    blocks: list[Block]
    broken: list[Broken]
    found: list[Found]
    supplies: Supplies
    surroundings: Surroundings
    cut: bool
    talk: str = ""

    @classmethod
    def of(cls, text: str, module: SourceModule, *, cut: bool) -> _Reading:
        blocks = code_blocks(text)
        parts = [part for block in blocks for part in read_block(block)]
        pieces = [part for part in parts if isinstance(part, Piece)]
        broken = [part for part in parts if isinstance(part, Broken)]
        surroundings = Surroundings(module)
        found = [each for each in definitions_in(pieces) if not (cut and each.reaches_end)]
        talk = _talk(text) if not found and all(block.tag is None for block in blocks) else ""
        return cls(blocks, broken, found, supplies_of(pieces, surroundings.package), surroundings, cut, talk)

    def needs(self, matched: Mapping[str, Found]) -> dict[str, Needs | str]:
        """What each body needs, or why that cannot be had."""
        needs = {key: self._needs_of(key, found) for key, found in matched.items()}
        if shared := _shared(needs.values()):
            # a class of its own in each body would be several classes, and none the other's
            for name in shared:
                self.supplies.drop(name)
            needs = {key: self._needs_of(key, found) for key, found in matched.items()}
        return needs

    def candidate(self, stub: Stub, found: Found, needs: Needs | str) -> Candidate | str:
        """The body of a stub, or why it is not taken."""
        if isinstance(needs, str):
            return needs
        if not _says_something(found.node, stub):
            return "the body is still a placeholder"
        try:
            body = needs.text(body_of(found))
            raw = text_of(found.node, found.piece)
        except UnparsableError as error:
            return str(error)
        return Candidate(stub.key, body, raw, found.node)

    def bare(self, stubs: Sequence[Stub]) -> dict[str, Found]:
        """The one stub that was asked for, where the reply is its body alone."""
        (stub, *others), tags = stubs, {block.tag or "" for block in self.blocks}
        name = path_of(stub.key)[-1]
        if others or any(name in each.path for each in self.found) or not tags.isdisjoint(_OTHER_LANGUAGES):
            return {}
        found = bare_body(self.blocks, stub.signature, path_of(stub.key))
        return {stub.key: found} if found and not (self.cut and found.reaches_end) else {}

    def leave_out(self, matched: Iterable[Found]) -> None:
        """Take out the definitions that are stubs' own: none of them is a helper of another."""
        taken = set(matched)
        self.found = [each for each in self.found if each not in taken]
        self.supplies.leave_out(taken)

    def why_missing(self, stub: Stub, matches: Matches) -> str:
        """Why a reply has no definition of a stub."""
        path = path_of(stub.key)
        if not self.blocks:
            return "the reply is empty"
        if self.cut:
            return f"the reply was cut off before {qualname_of(stub.key)} was complete; write it shorter"
        for broken in self.broken:
            if broken.path in (path, path[-len(broken.path) :], path[: len(broken.path)]):
                return broken.reason
        if unclear := matches.unclear.get(stub.key):
            return unclear
        tags = {block.tag for block in self.blocks if block.tag}
        if tags and tags <= _OTHER_LANGUAGES:
            return f"the reply is {', '.join(sorted(tags))}, not Python"
        return f"the reply has no definition of {qualname_of(stub.key)}{self._instead(path[-1])}{self.talk}"

    def _needs_of(self, key: str, found: Found) -> Needs | str:
        try:
            return needs_of(found, path_of(key), self.supplies, self.surroundings)
        except UnmetNeedError as error:
            return str(error)

    def _instead(self, name: str) -> str:
        same = [each.name for each in self.found if each.path[-1] == name]
        strange = (each.name for each in self.found if each.path[0] not in self.surroundings.names)
        names = list(dict.fromkeys(same or strange))[:3]
        return f" (it defines {', '.join(names)})" if names else ""


def _talk(text: str) -> str:
    """The first line of a reply without code, which may say why there is none."""
    line = harmless(text).strip().partition("\n")[0].strip()
    return f"; it says: {line[:SHOWN]}{'…' if len(line) > SHOWN else ''}"


def _says_something(node: Function, stub: Stub) -> bool:
    """Whether a body is more than a placeholder; one that does nothing will do where that may be what is asked for."""
    if not is_placeholder(node):
        return True
    statements = statements_of(node)
    returns = _annotation(stub.signature)
    if any(isinstance(each, ast.Return) for each in statements):
        return returns is None or _may_be_none(returns)
    if any(isinstance(each, ast.Pass) for each in statements):
        return _is_none(returns) if returns else bool(_DO_NOTHING.search(stub.docstring or ""))
    return False


def _annotation(signature: str) -> ast.expr | None:
    """What a function is said to return, quoted or not."""
    (node,) = ast.parse(f"{signature} ...").body
    returns: ast.expr | None = getattr(node, "returns", None)
    return unquoted(returns) if returns else None


def _may_be_none(annotation: ast.expr) -> bool:
    """Whether None is among what an annotation allows; what it allows inside a container does not count."""
    annotation = unquoted(annotation)
    if isinstance(annotation, ast.BinOp):
        return _may_be_none(annotation.left) or _may_be_none(annotation.right)
    if isinstance(annotation, ast.Subscript):
        inner = annotation.slice
        members = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        name = _last_name(annotation.value)
        return name == "Optional" or (name in _UNIONS and any(map(_may_be_none, members)))
    return _is_none(annotation) or _last_name(annotation) in {"Optional", "Any", "object"}


def _is_none(annotation: ast.expr) -> bool:
    return isinstance(annotation, ast.Constant) and annotation.value is None


def _last_name(annotation: ast.expr) -> str:
    return str(getattr(annotation, "attr", getattr(annotation, "id", "")))


def _shared(needs: Iterable[Needs | str]) -> list[str]:
    """The names of what several bodies need and must be one thing for all."""
    used = Counter(
        name for each in needs if isinstance(each, Needs) for name, other in each.others.items() if other.is_alone
    )
    return [name for name, times in used.items() if times > 1]
