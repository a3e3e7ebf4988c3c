"""The bodies in a companion file, ready to be grafted. Standard library only: the import path uses it."""

from __future__ import annotations

from jitc_import.source.checksum import source_digest
from jitc_import.source.digest import settled_digest
from jitc_import.store.layout import UNUSED, address_of, decode, definition_in, layout_of, read_layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from jitc_import.source.definitions import Function
    from jitc_import.store.layout import Layout


class Bodies:
    """The definitions in a companion file by the address of their section; line numbers are those of that file.

    The address of a section is its key, unless it is unused (`layout.address_of`).

    `source_digest` is that in the file's head; None while a stub of the module lacks a body. `lines` are those of the
    file, with their ends.
    """

    __slots__ = ("lines", "nodes", "source_digest")

    def __init__(self, source_digest: str | None, nodes: dict[str, Function], lines: list[str]) -> None:
        self.source_digest = source_digest
        self.nodes = nodes
        self.lines = lines

    def belong_to(self, source: bytes) -> bool:
        """Whether all stubs of this very source have their bodies here: no section was added, lost or renamed since."""
        used = (address for address in self.nodes if not address.startswith(UNUSED))
        return self.source_digest == settled_digest(source_digest(source), used)


def load_bodies(path: str) -> Bodies | None:
    """The bodies in the companion file at `path`, failed sections left out; None where there is no file.

    Raises StoreError as `read_companion` does.
    """
    layout = read_layout(path)
    return _bodies_in(layout, path) if layout else None


def bodies_of(data: bytes, path: str) -> Bodies:
    """The bodies in the content of the companion file at `path`. Raises StoreError as `load_bodies`."""
    return _bodies_in(layout_of(decode(data, path), path), path)


def _bodies_in(layout: Layout, path: str) -> Bodies:
    found = [(part, definition_in(part, path)) for part in layout.parts if part.statements]
    nodes = {address_of(part.key, node.lineno, unused=part.unused): node for part, node in found}
    return Bodies(layout.source_digest, nodes, [f"{line}\n" for line in layout.lines[: layout.end]])
