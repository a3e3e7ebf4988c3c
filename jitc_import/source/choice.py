"""Which pieces of a module are shown, and in which form, within a budget."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jitc_import.source.tokens import count_tokens

if TYPE_CHECKING:
    from jitc_import.source.dissection import Pieces
    from jitc_import.source.pieces import Form, Piece
    from jitc_import.source.stubs import Stub

_ORDER: tuple[Form, ...] = ("around", "short", "full", "whole")


@dataclass
class Choice:
    """What is shown: wanted stubs by piece, other pieces with their form, definitions of other modules by module."""

    pieces: Pieces
    budget: int
    wanted: dict[Piece, Stub] = field(default_factory=dict)
    shown: dict[Piece, Form] = field(default_factory=dict)
    foreign: dict[Piece, str] = field(default_factory=dict)
    added: list[tuple[Piece, Form | None]] = field(default_factory=list)
    spent: int = 0

    def require(self, piece: Piece, stub: Stub) -> None:
        """Show a wanted stub and the headers of what it stands in."""
        self.wanted[piece] = stub
        self.spent += count_tokens(stub.text) + 8
        self._show_around(piece)

    def add(self, piece: Piece, *forms: Form) -> bool:
        """Show a piece in the first of `forms` that there is room for; False if there is none."""
        now = self.shown.get(piece)
        if piece in self.wanted or (now and _ORDER.index(now) >= max(map(_ORDER.index, forms))):
            return True
        around = sum(outer.cost("around") for outer in piece.around() if outer not in self.shown)
        for form in forms:
            if self.spent + around + piece.cost(form) <= self.budget:
                self._show_around(piece)
                self.added.append((piece, now))
                self.shown[piece] = form
                self.spent += piece.cost(form)
                return True
        return False

    def add_foreign(self, module: str, piece: Piece, *forms: Form) -> bool:
        """Show a definition of another module; False if there is no room."""
        if self.add(piece, *forms):
            self.foreign.setdefault(piece, module)
            return True
        return False

    def drop_last(self) -> bool:
        """Take the last addition back; False if there is none."""
        if not self.added:
            return False
        piece, before = self.added.pop()
        del self.shown[piece]
        if before:
            self.shown[piece] = before
        else:
            self.foreign.pop(piece, None)
        return True

    def _show_around(self, piece: Piece) -> None:
        for outer in piece.around():
            if outer not in self.shown:
                self.shown[outer] = "around"
                self.spent += outer.cost("around")
