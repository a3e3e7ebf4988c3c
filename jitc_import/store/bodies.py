"""The bodies in a companion file, ready to be grafted. Standard library only: the import path uses it."""

from __future__ import annotations

from jitc_import.store.layout import address_of, definition_in, read_layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from jitc_import.source.definitions import Function


class Bodies:
    """The definitions in a companion file by the address of their section; line numbers are those of that file.

    The address of a section is its key, unless it is unused (`layout.address_of`).

    `source_digest` is that of the source they were all kept for; None while a stub of the module lacks a body.
    """

    __slots__ = ("nodes", "source_digest")

    def __init__(self, source_digest: str | None, nodes: dict[str, Function]) -> None:
        self.source_digest = source_digest
        self.nodes = nodes


def load_bodies(path: str) -> Bodies | None:
    """The bodies in the companion file at `path`, failed sections left out; None where there is no file.

    Raises StoreError as `read_companion` does.
    """
    layout = read_layout(path)
    if layout is None:
        return None
    found = [(part, definition_in(part, path)) for part in layout.parts if part.statements]
    nodes = {address_of(part.key, node.lineno, unused=part.unused): node for part, node in found}
    return Bodies(layout.source_digest, nodes)
