"""What a companion file holds, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from jitc_import.store.body_text import body_digest, body_in
from jitc_import.store.layout import address_of

if TYPE_CHECKING:
    from collections.abc import Sequence

VERIFYING = ("examples ", "tests ")
"""What begins the checks that ran something of the user's against a body."""


def trust_in(checked: Sequence[str]) -> str:
    """How far a body may be trusted that passed these checks: verified, doubtful, unverified or unchecked."""
    for note in ("unverified", "doubtful"):
        if any(check.startswith(note) for check in checked):
            return note
    return "verified" if any(check.startswith(VERIFYING) for check in checked) else "unchecked"


@dataclass(frozen=True)
class Spent:
    """What a stub took: the requests that asked for it, their tokens and seconds, and the candidates they brought.

    `shared_by` is the number of stubs that its first request asked for.
    """

    tokens_in: int = 0
    tokens_out: int = 0
    shared_by: int = 1
    requests: int = 0
    candidates: int = 0
    seconds: float = 0.0


NOTHING_SPENT = Spent()


@dataclass(frozen=True)
class Section:
    """What a companion file holds for one stub.

    `code` is the definition in its skeleton, as it stands in the file; empty where only a failure is recorded.
    `effects` says what the body does besides returning, `confined` how it was confined while it was run.
    `date` is that of the reply (YYYY-MM-DD), `spent` what it took. `line` (1-based) is that of the `def` in the file,
    or of the header.
    `failure` is why the stub could not be completed, and `fingerprint` that of the settings it was tried with.
    `unused`: no stub asks for it; it is kept until `clean`.
    """

    key: str
    spec: str
    body_digest: str = ""
    model: str = ""
    checked: tuple[str, ...] = ()
    effects: str = ""
    confined: str = ""
    date: str = ""
    spent: Spent = NOTHING_SPENT
    code: str = ""
    line: int = field(default=0, compare=False)
    failure: str | None = None
    fingerprint: str | None = None
    unused: bool = False

    @property
    def verified(self) -> bool:
        """Whether an example or a test ran, and all that did came out, without a doubt left."""
        return self.trust == "verified"

    @property
    def trust(self) -> str:
        """How far its body may be trusted, as `trust_in` says; one that a person edited was not checked since."""
        if not self.code:
            return ""
        return "unchecked" if self.edited else trust_in(self.checked)

    @property
    def address(self) -> str:
        """What tells it from the other sections of its file."""
        return address_of(self.key, self.line, unused=self.unused)

    @cached_property
    def body(self) -> str:
        """The statements and comments of the body at column 0, without a docstring."""
        return body_in(self.code, self.key) if self.code else ""

    @cached_property
    def edited(self) -> bool:
        """Whether a person changed the body after it was kept."""
        return bool(self.code) and body_digest(self.body) != self.body_digest


@dataclass(frozen=True)
class Companion:
    """A companion file: its sections in order, and the digest of the source that they were all kept for.

    `source_digest` (a `settled_digest`) is None while a stub of the module lacks a body. `preamble` is what a person
    wrote above the sections; it means nothing to jitc and is kept. `splices` is what `store.splices` reads.
    """

    path: str
    source_digest: str | None
    sections: tuple[Section, ...] = ()
    preamble: str = ""
    splices: str = ""
