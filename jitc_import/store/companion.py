"""The companion file of a module, read, rendered and written: readable sections, one a stub."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from jitc_import.errors import StoreError
from jitc_import.store.body_text import body_digest
from jitc_import.store.files import companion_path, ensure_writable, read_bytes, source_path, store_error, write_bytes
from jitc_import.store.header import header_lines, read_fields, section_of
from jitc_import.store.layout import (
    END_LINE,
    FIRST_LINE,
    HEADER,
    INCOMPLETE,
    SCHEMA,
    SOURCE_LINE,
    SPEC_LINE,
    CutOffError,
    decode,
    definition_in,
    layout_of,
)
from jitc_import.store.sections import Companion, Section
from jitc_import.store.skeleton import render_definition
from jitc_import.store.splices import splice_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitc_import.store.layout import Layout

__all__ = [
    "Companion",
    "Section",
    "body_digest",
    "companion_path",
    "ensure_writable",
    "parse_companion",
    "read_companion",
    "recover_companion",
    "render_companion",
    "render_definition",
    "source_path",
    "write_companion",
]

_HEAD = """\
{first_line}{schema}
# The bodies of {source}, written by a model and kept by jitc-import. To be read, reviewed and committed.
# A body may be edited here: it then runs as it is, and is never overwritten unasked.
# Signatures, decorators and docstrings are only shown: those in {source} count.
# ruff: noqa
# type: ignore
# fmt: off
{source_line}{digest}
"""

_RECOVERY_TRIES = 20
"""Headers from the end of a cut-off file that are tried as the place of the cut."""


def read_companion(path: str) -> Companion | None:
    """The companion file at `path`; None where there is no file.

    Raises StoreError that names the cause: no regular file, cut off, merge conflict, newer schema, no Python.
    """
    data = read_bytes(path)
    return None if data is None else parse_companion(decode(data, path), path)


def recover_companion(path: str) -> Companion | None:
    """As `read_companion`, but where the file is cut off the sections that are whole.

    Raises StoreError for every other fault.
    """
    try:
        return read_companion(path)
    except CutOffError as error:
        return _whole_sections(error.text, path)


def parse_companion(text: str, path: str) -> Companion:
    """Read the text of the companion file at `path`. Raises StoreError as `read_companion` does."""
    layout = layout_of(text, path)
    first = layout.parts[0].line if layout.parts else layout.end
    preamble = _without_blank_lines(layout.lines[layout.head_end : first - 1])
    return Companion(path, layout.source_digest, tuple(_sections(layout, path)), preamble, layout.splices)


def render_companion(companion: Companion) -> str:
    """The text of a companion file; the code of its sections and its preamble stand there as they are.

    Raises StoreError where it would not read back as the same.
    """
    text = _HEAD.format(
        first_line=FIRST_LINE,
        schema=SCHEMA,
        source=_one_line(os.path.basename(source_path(companion.path))),
        source_line=SOURCE_LINE,
        digest=companion.source_digest or INCOMPLETE,
    )
    text += "".join(f"{line}\n" for line in splice_lines(companion.splices))
    if companion.preamble:
        text += f"\n{companion.preamble}\n"
    text += "".join(f"\n\n{_render_section(section)}\n" for section in companion.sections)
    text += f"\n\n{END_LINE}\n"
    _verify(text, companion)
    return text


def write_companion(companion: Companion) -> None:
    """Write a companion file atomically; a file that holds the same already is left alone.

    The caller holds the lock of the file. Raises StoreError where it cannot be written.
    """
    data = render_companion(companion).encode()
    if read_bytes(companion.path) != data:
        write_bytes(companion.path, data)


def _sections(layout: Layout, path: str) -> Iterator[Section]:
    for part in layout.parts:
        lines = layout.lines[part.line : part.end - 1]
        fields, taken = read_fields(lines)
        # Comments alone are no code: they stay with a section that has a definition, and go with one that has none.
        code = _without_blank_lines(lines[taken:]) if part.statements else ""
        yield section_of(part, fields, code, definition_in(part, path).lineno if part.statements else part.line)


def _render_section(section: Section) -> str:
    lines = list(header_lines(section))
    if section.code:
        lines += ["", section.code]  # a comment right above a definition is what `help` takes for its docstring
    return "\n".join(lines)


def _verify(text: str, companion: Companion) -> None:
    try:
        text.encode()
        found = parse_companion(text, companion.path)
    except (StoreError, UnicodeEncodeError) as error:
        raise store_error(companion.path, f"cannot be written: {error}") from error
    for section, read in zip(companion.sections, found.sections, strict=False):
        if section != read:
            raise store_error(companion.path, f"cannot hold the section {section.key}: it would not read back")
    if found != companion:
        raise store_error(companion.path, "cannot be written: it would not read back")


def _whole_sections(text: str, path: str) -> Companion:
    """The sections of a cut-off file that are whole: each that another follows, and the last if its digest fits."""
    whole = _parse_as_ended(_without_cut_header(text), path)
    if whole and whole.sections:
        *before, last = whole.sections
        kept = (*before, last) if last.code and not last.edited else tuple(before)
        return replace(whole, source_digest=None, sections=kept, splices="")
    for end in _cuts(text):
        if found := _parse_as_ended(text[:end], path):
            return replace(found, source_digest=None, splices="")
    return Companion(path, None)


def _parse_as_ended(text: str, path: str) -> Companion | None:
    try:
        return parse_companion(f"{text}\n{END_LINE}\n", path)
    except StoreError:
        return None


def _without_cut_header(text: str) -> str:
    """`text` without a header at its end of which too little is left to tell whose it is."""
    lines = text.split("\n")
    while lines and (lines[-1].startswith(HEADER) or HEADER.startswith(lines[-1]) or SPEC_LINE.startswith(lines[-1])):
        lines.pop()
    return "\n".join(lines)


def _cuts(text: str) -> Iterator[int]:
    """The offsets of the last headers in `text`, last first."""
    end = len(text)
    for _ in range(_RECOVERY_TRIES):
        end = text.rfind(f"\n{HEADER}", 0, end)
        if end == -1:
            return
        if text.find(f"\n{SPEC_LINE}", end + 1) == text.find("\n", end + 1):
            yield end + 1


def _without_blank_lines(lines: list[str]) -> str:
    numbers = [number for number, line in enumerate(lines) if line.strip()]
    return "\n".join(lines[numbers[0] : numbers[-1] + 1]) if numbers else ""


def _one_line(name: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in name)
