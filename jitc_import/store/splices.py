"""The lines in the head of a companion file that say which of its lines go where in the source.

    # splices: 0f3ab9… 12:14.0-14.7<33:34-41 20:22.0-23.15<48:49-50

With them, a module is completed on its first import without any syntax tree (`graft.splice`). They hold for exactly
the pair of files that their digest is taken from; they are written by the tool, and nothing needs them. Standard
library only.
"""

from __future__ import annotations

from jitc_import.source.checksum import hexdigest, source_digest, with_line_feeds

LINE = "# splices: "

_MOST_COLUMNS = 110
_BEGIN = b"\n# splices: "
_FIRST_SECTION = b"\n# --- "
_BOM = b"\xef\xbb\xbf"


def splice_lines(splices: str) -> list[str]:
    """What stands in the head of a companion file for a text of splices; nothing for an empty one."""
    lines: list[str] = []
    for piece in splices.split():
        if lines and len(lines[-1]) + 1 + len(piece) <= _MOST_COLUMNS:
            lines[-1] += f" {piece}"
        else:
            lines.append(LINE + piece)
    return lines


def splices_in(lines: list[str]) -> tuple[str, int]:
    """The text of the splices that `lines` begin with, and how many lines they take."""
    count = 0
    while count < len(lines) and lines[count].startswith(LINE):
        count += 1
    return " ".join(line[len(LINE) :].strip() for line in lines[:count]), count


def good_splices(source: bytes, companion: bytes) -> tuple[str, list[str], int] | None:
    """The splices in a companion file as text, the lines of that file, and how many of them say the splices.

    Lines in splices are counted without these. None where the splices are not for these two files.
    """
    companion = with_line_feeds(companion).removeprefix(_BOM)
    said, rest = _apart(companion)
    digest, _, splices = said.replace(_BEGIN, b" ").decode("ascii", "replace").strip().partition(" ")
    if not splices or digest != _digest(source_digest(source), rest, splices):
        return None
    return splices, companion.decode().split("\n"), said.count(b"\n")


def with_digest(source: str, companion: str, splices: str) -> str:
    """The text of splices with the digest of the two files: a source's `source_digest`, and the companion's text."""
    _, rest = _apart(companion.encode())
    return f"{_digest(source, rest, splices)} {splices}" if splices else ""


def _apart(companion: bytes) -> tuple[bytes, bytes]:
    """The lines of splices in a companion file, and the file without them."""
    start = end = companion.find(_BEGIN)
    if not 0 <= start < companion.find(_FIRST_SECTION):
        return b"", companion
    while companion.startswith(_BEGIN, end):
        end = companion.find(b"\n", end + 1)
    return companion[start:end], companion[:start] + companion[end:]


def _digest(source: str, companion: bytes, splices: str) -> str:
    return hexdigest(f"{source}\n{splices}\n".encode() + companion)
