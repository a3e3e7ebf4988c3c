"""The user's folders for what belongs to the local model; where no home is known, there are none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jitc_import.errors import EndpointError

if TYPE_CHECKING:
    from collections.abc import Callable


class NoHomeError(EndpointError):
    """Nothing tells where the user's own files belong."""


def data_folder() -> str:
    """The folder of what is downloaded; it may not exist yet. Raises NoHomeError."""
    import platformdirs

    return _known(platformdirs.user_data_dir, "its weights are", "XDG_DATA_HOME, or JITC_LOCAL_MODEL to a GGUF file")


def cache_folder() -> str:
    """The folder of what can be made anew; it may not exist yet. Raises NoHomeError."""
    import platformdirs

    return _known(platformdirs.user_cache_dir, "processes can leave word of it", "XDG_CACHE_HOME")


def _known(folder: Callable[..., str], what: str, else_set: str) -> str:
    try:
        path = folder("jitc-import", appauthor=False)
    except RuntimeError:  # some versions of platformdirs leave the `~` in its place
        path = "~"
    if path.startswith("~"):
        raise NoHomeError(
            f"the local model: nothing tells where {what}, as this user has no home folder. "
            f"Next: set HOME, or {else_set}"
        )
    return os.path.normpath(path)
