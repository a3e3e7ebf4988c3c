"""Files inside archives that Python imports from: they are read, and never written."""

from __future__ import annotations

import os


def archive_of(path: str) -> str | None:
    """The archive that a path leads into; None where it leads through folders alone."""
    above = os.path.dirname(path)
    while not os.path.lexists(above) and above != os.path.dirname(above):
        above = os.path.dirname(above)
    if not os.path.isfile(above):
        return None
    from zipfile import is_zipfile

    return above if is_zipfile(above) else None


def read_archived(archive: str, path: str) -> bytes | None:
    """The content of the file at `path`, which leads into an archive; None where it holds no such file."""
    from zipimport import ZipImportError, zipimporter

    try:
        return zipimporter(archive).get_data(path)
    except (OSError, ZipImportError):
        return None
