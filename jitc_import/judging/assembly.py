"""A module with candidate bodies in place, just as it would be kept: what the checks run and look at."""

from __future__ import annotations

import ast
import marshal
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitc_import.graft.tree import graft
from jitc_import.source.definitions import definitions, docstring_statement, first_line, qualname_of, start_line
from jitc_import.store.bodies import bodies_of
from jitc_import.store.body_text import lines_in_strings
from jitc_import.store.companion import companion_path, render_companion
from jitc_import.store.keep import Body, updated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jitc_import.settings import Settings
    from jitc_import.source.definitions import Function
    from jitc_import.source.listing import Listing
    from jitc_import.source.stubs import SourceModule, Stub
    from jitc_import.survey import Survey

NO_BODY = f"has no body yet [{secrets.token_hex(4)}]"
"""What a stub without a body says when it is called while others are checked."""


@dataclass(frozen=True)
class Assembly:
    """A completed module: its code object, marshalled, and the companion file whose lines its bodies name.

    `lines` are the first and last line (1-based) of each body in that file, by key; `lacking` are the stubs that have
    none, and raise.
    """

    code: bytes
    text: str
    path: str
    lines: Mapping[str, tuple[int, int]]
    lacking: frozenset[str] = frozenset()

    def key_at(self, line: int) -> str | None:
        """The stub whose body holds a line of the companion file."""
        return next((key for key, (first, last) in self.lines.items() if first <= line <= last), None)


def assemble(survey: Survey, bodies: Mapping[str, Body], settings: Settings) -> Assembly:
    """Put `bodies` into the module of `survey`, beside those it has; other stubs raise when they are called.

    Raises StoreError or SyntaxError where the bodies do not fit.
    """
    module, path = survey.module, companion_path(survey.module.path)
    stand_ins = {
        stub.key: Body(stub, f"raise NotImplementedError({f'{qualname_of(stub.key)} {NO_BODY}'!r})", "")
        for stub in lacking_stubs(survey)
        if stub.key not in bodies
    }
    donors, text = donors_of(survey, {**stand_ins, **bodies}, settings)
    lines = {key: (first_line(node), node.end_lineno or 0) for key, node in donors.items()}
    code = graft(ast.parse(module.text, filename=module.path), donors, module.path, path)
    return Assembly(marshal.dumps(code), text, path, lines, frozenset(stand_ins))


def lacking_stubs(survey: Survey) -> list[Stub]:
    """The stubs of a module that have no body that runs as it is."""
    addresses = survey.addresses
    return [stub for stub in survey.module.stubs if stub.key not in addresses]


def donors_of(survey: Survey, bodies: Mapping[str, Body], settings: Settings) -> tuple[dict[str, Function], str]:
    """For each stub's key the definition to graft, out of `bodies` or those it has, and the text that these lie in.

    Together they are a body for each stub. Raises StoreError where they are not fit for a companion file.
    """
    module = survey.module
    text = render_companion(updated(survey.companion, module, bodies, {}, settings.fingerprint()))
    nodes = bodies_of(text.encode(), companion_path(module.path)).nodes
    return {stub.key: nodes[stub.key] for stub in module.stubs}, text


def completed_text(module: SourceModule, bodies: Mapping[str, str]) -> tuple[str, dict[str, range]]:
    """The source of a module with `bodies` (by key) written into it, and the lines (1-based) that each takes."""
    lines = module.text.split("\n")
    ranges: dict[str, range] = {}
    nodes = [(key, node) for key, node in definitions(module.tree) if key in bodies]
    for key, node in sorted(nodes, key=lambda pair: pair[1].lineno, reverse=True):
        before = len(lines)
        at, margin = _cleared(lines, node, module.listing)
        written = _set_in(bodies[key], margin)
        lines[at:at] = written
        grown = len(lines) - before
        ranges = {other: range(one.start + grown, one.stop + grown) for other, one in ranges.items()}
        ranges[key] = range(at + 1, at + 1 + len(written))
    return "\n".join(lines), ranges


def _cleared(lines: list[str], node: Function, listing: Listing) -> tuple[int, str]:
    """Take the body of a stub out of the lines of its module; returns where another goes, and its margin.

    A docstring stays, if it has lines of its own.
    """
    if not listing.is_block(node.body):
        line, column = listing.header_end(first_line(node), node.body)
        lines[line - 1 : node.end_lineno] = [lines[line - 1][:column]]
        return line, f"{listing.indentation(node.lineno)}    "
    docstring = docstring_statement(node)
    at = (docstring.end_lineno or 0) if docstring else listing.header_end(first_line(node), node.body)[0]
    margin = listing.indentation(start_line(node.body[0]))
    del lines[at : node.end_lineno]
    return at, margin


def _set_in(body: str, margin: str) -> list[str]:
    inside = lines_in_strings(body)
    numbered = enumerate(body.split("\n"), start=1)
    return [line if number in inside or not line else margin + line for number, line in numbered]
