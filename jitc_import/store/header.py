"""The header of a section: comment lines, one a field, read and written.

A value stands on one line whatever it holds: what is not printable is escaped as in a Python string.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jitc_import.store.layout import HEADER, UNUSED
from jitc_import.store.sections import Section, Spent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jitc_import.store.layout import Part

FIELDS = ("spec", "body", "model", "checked", "effects", "confined", "date", "tokens", "tries", "failed", "settings")

_FIELD = re.compile(rf"# (?P<name>{'|'.join(FIELDS)}):(?P<value>.*)")
_TOKENS = re.compile(r"(?P<read>\d{1,18}) read, (?P<written>\d{1,18}) written, for (?P<stubs>\d{1,18}) stubs?")
_TRIES = re.compile(
    r"(?P<requests>\d{1,18}) requests?, (?P<candidates>\d{1,18}) candidates?, (?P<seconds>\d{1,12}(\.\d)?) s"
)
_CHECKS = re.compile(r"(?:`[^`]*`|(?!, ).)+")
"""One of the checks that stand in a line, parted by a comma and a blank; not where those stand between backticks."""

_COMMA = re.compile(r"(`[^`]*`)|, ")
_ESCAPED = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|[\\nrt])")


def header_lines(section: Section) -> Iterator[str]:
    """The lines above the code of a section."""
    yield f"{HEADER}{UNUSED if section.unused else ''}{section.key}"
    yield f"# spec: {_escape(section.spec)}"
    values = {
        "body": _escape(section.body_digest),
        "model": _escape(section.model),
        "checked": ", ".join(map(_escape_check, section.checked)),
        "effects": _escape(section.effects),
        "confined": _escape(section.confined),
        "date": _escape(section.date),
        "tokens": _tokens(section.spent),
        "tries": _tries(section.spent),
    }
    yield from (f"# {name}: {value}" for name, value in values.items() if value)
    if section.failure is not None:
        yield f"# failed: {_escape(section.failure)}".rstrip()
    if section.fingerprint is not None:
        yield f"# settings: {_escape(section.fingerprint)}".rstrip()


def read_fields(lines: list[str]) -> tuple[dict[str, str], int]:
    """The fields in `lines`, which begin below a header, still escaped; and how many lines they take."""
    fields: dict[str, str] = {}
    for number, line in enumerate(lines):
        matched = _FIELD.fullmatch(line)
        if not matched:
            return fields, number
        fields.setdefault(matched["name"], matched["value"].strip())
    return fields, len(lines)


def section_of(part: Part, fields: Mapping[str, str], code: str, line: int) -> Section:
    """The section that a part of a file holds; `fields` are those of its header, `line` (1-based) that of its `def`."""
    texts = {name: _unescape(value) for name, value in fields.items()}
    return Section(
        key=part.key,
        spec=texts["spec"],
        body_digest=texts.get("body", ""),
        model=texts.get("model", ""),
        checked=tuple(
            _unescape(check.strip()) for check in _CHECKS.findall(fields.get("checked", "")) if check.strip()
        ),
        effects=texts.get("effects", ""),
        confined=texts.get("confined", ""),
        date=texts.get("date", ""),
        spent=_spent(fields),
        code=code,
        line=line,
        failure=texts.get("failed"),
        fingerprint=texts.get("settings"),
        unused=part.unused,
    )


def _tokens(spent: Spent) -> str:
    if (spent.tokens_in, spent.tokens_out, spent.shared_by) == (0, 0, 1):
        return ""
    stubs = "stub" if spent.shared_by == 1 else "stubs"
    return f"{spent.tokens_in} read, {spent.tokens_out} written, for {spent.shared_by} {stubs}"


def _tries(spent: Spent) -> str:
    if (spent.requests, spent.candidates, spent.seconds) == (0, 0, 0.0):
        return ""
    requests = "request" if spent.requests == 1 else "requests"
    candidates = "candidate" if spent.candidates == 1 else "candidates"
    return f"{spent.requests} {requests}, {spent.candidates} {candidates}, {spent.seconds:.1f} s"


def _spent(fields: Mapping[str, str]) -> Spent:
    tokens = _TOKENS.fullmatch(fields.get("tokens", ""))
    tries = _TRIES.fullmatch(fields.get("tries", ""))
    return Spent(
        tokens_in=int(tokens["read"]) if tokens else 0,
        tokens_out=int(tokens["written"]) if tokens else 0,
        shared_by=int(tokens["stubs"]) if tokens else 1,
        requests=int(tries["requests"]) if tries else 0,
        candidates=int(tries["candidates"]) if tries else 0,
        seconds=float(tries["seconds"]) if tries else 0.0,
    )


def _escape(value: str) -> str:
    text = "".join(_escape_character(character) for character in value)
    inner = text.strip(" ")
    if not inner:
        return r"\x20" * len(text)
    before, _, after = text.partition(inner)
    return r"\x20" * len(before) + inner + r"\x20" * len(after)


def _escape_check(check: str) -> str:
    """A check, escaped so that it is one among others in a line."""
    text = _escape(check)
    if text.count("`") % 2:
        text = text.replace("`", r"\x60")
    return _COMMA.sub(lambda matched: matched[1] or r"\x2c ", text)


def _escape_character(character: str) -> str:
    if character.isprintable() and character != "\\":
        return character
    return character.encode("unicode_escape").decode("ascii")


def _unescape(value: str) -> str:
    return _ESCAPED.sub(lambda matched: matched[0].encode("ascii").decode("unicode_escape"), value)
