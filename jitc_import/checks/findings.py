"""What was found in a body that is looked through for effects: kinds, and what no body may use."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jitc_import.checks.effects_table import OPENS, REFUSED_NAMES, TABLE, UNKNOWN_NAMES, Refused, method_kinds
from jitc_import.checks.known_effects import LEADING_OUT, is_imported, verdict_of
from jitc_import.checks.origins import OWN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_RUNNING_TEXT = frozenset({"eval", "exec"})
_FIELD = re.compile(r"[.\[](\w+)")
"""Attributes and keys in the fields of `str.format`."""


@dataclass
class Findings:
    """The findings about one body, in a module of the package `top`.

    `imported` is what that module imports, by dotted name; `families` names modules that there may be objects of.
    `excused` are kinds for which the module's own imports are reason enough, `uses` what the body takes of its own
    module: a name, and an attribute of it ("()" where it is called). `kept` names what outlives its call and is no
    value of the module: attributes of functions and classes, globals that it declares.
    """

    imported: frozenset[str]
    top: str
    families: frozenset[str]
    kinds: set[str] = field(default_factory=set)
    excused: set[str] = field(default_factory=set)
    uses: set[tuple[str, str]] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    refused: str | None = None

    def add(self, *kinds: str) -> None:
        """Note kinds of effects."""
        self.kinds.update(kinds)

    def refuse(self, what: str) -> None:
        """Note what is never accepted; the first decides."""
        self.refused = self.refused or f"it uses {what}, which is never accepted"

    def known(self, path: str) -> None:
        """Note what is known of a dotted name."""
        verdict = verdict_of(path, self.imported, self.top)
        if isinstance(verdict, Refused):
            self.refuse(path.removeprefix("builtins."))
            return
        if verdict is None:
            (self.excused if is_imported(path, self.imported) else self.kinds).add("unknown")
        else:
            self.kinds.update(verdict)
        if path.startswith("pathlib."):
            self.kinds.update(method_kinds(path.rpartition(".")[2], ["pathlib"]))

    def made(self, path: str, name: str, *, is_called: bool) -> None:
        """Note an attribute of what a call of `path` gives."""
        if path.startswith(OWN) or path == "builtins.super":
            self.uses.add((path.rpartition(".")[2], name))
        kinds = TABLE.get(f"{path}.{name}", ())
        if not isinstance(kinds, Refused):
            self.kinds.update(kinds)
        if path.startswith("pathlib.") and not is_called:
            self.kinds.update(OPENS if name == "open" else method_kinds(name, ["pathlib"]))

    def attributes(self, names: Iterable[str]) -> None:
        """Note attributes that lead to the interpreter's own, or far."""
        for name in names:
            if name in REFUSED_NAMES:
                self.refuse(name)
            elif name in UNKNOWN_NAMES and name != "__dict__":
                self.kinds.add("unknown")

    def far(self, names: Collection[str], *others: bool) -> None:
        """Note attributes that lead from a value of which nothing is known to where anything can be done."""
        if any(others) or not (LEADING_OUT | _RUNNING_TEXT).isdisjoint(names):
            self.kinds.add("unknown")

    def text(self, text: str) -> None:
        """Note texts that name what is refused: attributes for `getattr`, fields for `str.format`."""
        plain = unicodedata.normalize("NFKC", text)
        if "{" in plain or plain.replace(".", "").isidentifier():
            for name in sorted(REFUSED_NAMES.intersection([plain.partition(".")[0], *_FIELD.findall(plain)])):
                self.refuse(name)
