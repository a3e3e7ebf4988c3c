"""The bodies in a companion file, ready to be grafted. Standard library only: the import path uses it."""

from __future__ import annotations

from jitc_import.store.layout import definition_in, read_layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from jitc_import.source.definitions import Function


class Bodies:
    """The definitions in a companion file by section key; their line numbers are those of that file.

    `source_digest` is that of the source they were all kept for; None while a stub of the module lacks a body.
    """

    __slots__ = ("nodes", "source_digest")

    def __init__(self, source_digest: str | None, nodes: dict[str, Function]) -> None:
        self.source_digest = source_digest
        self.nodes = nodes


def load_bodies(path: str) -> Bodies | None:
    """The bodies in the companion file at `path`, unused and failed sections left out; None where there is no file.

    Raises StoreError as `read_companion` does.
    """
    layout = read_layout(path)
    if layout is None:
        return None
    used = (part for part in layout.parts if part.statements and not part.unused)
    return Bodies(layout.source_digest, {part.key: definition_in(part, path) for part in used})
