"""A module taken apart into what a model may see of it: imports, values, classes, functions, statements."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from jitc_import.source.definitions import FUNCTIONS, docstring_statement, start_line
from jitc_import.source.listing import loosen, plain
from jitc_import.source.spec import docstring_of
from jitc_import.source.text import StubText
from jitc_import.source.tokens import count_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitc_import.source.definitions import Function
    from jitc_import.source.listing import Listing

Kind = Literal["import", "value", "function", "class", "block", "statement"]

Form = Literal["around", "short", "full", "whole"]
"""How a piece is shown: its header only; with the value or docstring shortened; as it is; with its body too."""

_LONG_LINE = 100
_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(eq=False)
class Piece:
    """A statement of a module. `code` is the text of a leaf, or the header of a function or class with its decorators.

    `clauses` are the headers and statements of a block (`if`, `else` …). All texts are dedented cuts.
    """

    kind: Kind
    node: ast.stmt
    listing: Listing
    keys: dict[ast.AST, str]
    parent: Piece | None
    clauses: list[tuple[str, list[Piece]]] = field(default_factory=list)
    _costs: dict[Form, int] = field(default_factory=dict)

    @property
    def members(self) -> list[Piece]:
        """The pieces directly inside."""
        return [member for _, inner in self.clauses for member in inner]

    def around(self) -> Iterator[Piece]:
        """The pieces that this one stands in, from the inside out."""
        outer = self.parent
        while outer:
            yield outer
            outer = outer.parent

    @property
    def key(self) -> str | None:
        """The key of a function."""
        return self.keys.get(self.node)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names that the statement binds."""
        return tuple(_bound(self.node))

    @cached_property
    def code(self) -> str:
        """The text of a leaf, the header of a function or class."""
        if isinstance(self.node, FUNCTIONS):
            text = StubText(self.listing, self.node, self.node.end_lineno or self.node.lineno)
            return "\n".join([*text.decorators(), text.signature()])
        if isinstance(self.node, ast.ClassDef):
            decorators = [f"@{self.listing.code(one)}" for one in self.node.decorator_list]
            return "\n".join([*decorators, self.listing.header(self.node, notes=False)])
        return self.listing.code(self.node, notes=True)

    @cached_property
    def docstring(self) -> str:
        """The docstring of a function or class as it is written; empty if there is none."""
        if not isinstance(self.node, (*FUNCTIONS, ast.ClassDef)):
            return ""
        statement = docstring_statement(self.node)
        return loosen(self.listing.code(statement), self.listing.indentation(statement.lineno)) if statement else ""

    @cached_property
    def summary(self) -> str:
        """The first paragraph of the docstring, as a docstring."""
        text = docstring_of(self.node) if isinstance(self.node, (*FUNCTIONS, ast.ClassDef)) else None
        paragraph = " ".join((text or "").strip().partition("\n\n")[0].split())
        return f'"""{paragraph}"""' if paragraph and '"' not in paragraph and "\\" not in paragraph else ""

    @cached_property
    def short_code(self) -> str:
        """The text of a value without the value: `NAME: int = ...`."""
        if isinstance(self.node, ast.AnnAssign):
            target, annotation = self.listing.code(self.node.target), self.listing.code(self.node.annotation)
            return f"{target}: {annotation}" + (" = ..." if self.node.value else "")
        if isinstance(self.node, ast.Assign):
            return " = ".join([*map(self.listing.code, self.node.targets), "..."])
        return self.code

    @cached_property
    def whole(self) -> str:
        """The whole statement as it is written, comments included, marks left out."""
        start, end = start_line(self.node), self.node.end_lineno or self.node.lineno
        column = len(self.listing.indentation(start))
        return self.listing.cut((start, column), (end, len(self.listing.lines[end - 1])), notes=True)

    @cached_property
    def uses(self) -> tuple[str, ...]:
        """The names that what is shown of the statement refers to."""
        is_leaf = self.kind in ("import", "value", "statement")
        return words(plain(self.listing.code(self.node) if is_leaf else self.code))

    @cached_property
    def mentions(self) -> frozenset[str]:
        """The names and attributes that the statement's code refers to, its body included."""
        nodes = list(ast.walk(self.node))
        named = {node.id for node in nodes if isinstance(node, ast.Name)}
        return frozenset(named | {node.attr for node in nodes if isinstance(node, ast.Attribute)})

    def cost(self, form: Form) -> int:
        """The tokens that the piece takes in a form, its members not counted."""
        if form not in self._costs:
            shown = {
                "around": self.code if self.kind != "block" else "".join(head for head, _ in self.clauses),
                "short": f"{self.short_code}{self.summary}{self.attributes}",
                "full": f"{self.code}{self.docstring}{self.attributes}",
                "whole": self.whole,
            }
            self._costs[form] = count_tokens(shown[form]) + 3
        return self._costs[form]

    @cached_property
    def attributes(self) -> str:
        """For an `__init__`: its `self.x = …` statements, long values left out."""
        if not isinstance(self.node, FUNCTIONS) or self.node.name != "__init__":
            return ""
        return "\n".join(self._attribute_lines(self.node))

    def _attribute_lines(self, node: Function) -> Iterator[str]:
        for statement in ast.walk(node):
            if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
                continue
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self":
                text = self.listing.code(statement)
                yield text if "\n" not in text and len(text) < _LONG_LINE else f"self.{target.attr} = ..."


def words(text: str) -> tuple[str, ...]:
    """The identifiers in a text, each once, in order."""
    return tuple(dict.fromkeys(_WORD.findall(text)))


def _bound(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        yield node.name
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            yield from (one.id for one in ast.walk(target) if isinstance(one, ast.Name))
    elif isinstance(node, (ast.AnnAssign, ast.AugAssign)):
        if isinstance(node.target, ast.Name):
            yield node.target.id
    elif type(node).__name__ == "TypeAlias":
        yield from words(ast.unparse(node))[1:2]
