"""The weights on this machine."""

from __future__ import annotations

import os

from jitc_import.errors import EndpointError

MAGIC = b"GGUF"


def local_model() -> str | None:
    """The GGUF file to use: the one that JITC_LOCAL_MODEL names; None where there is none.

    Raises EndpointError where JITC_LOCAL_MODEL names no GGUF file.
    """
    named = os.environ.get("JITC_LOCAL_MODEL", "").strip()
    if not named:
        return None
    path = os.path.abspath(os.path.expanduser(named))
    try:
        with open(path, "rb") as file:
            magic = file.read(len(MAGIC))
    except OSError as error:
        raise EndpointError(f"JITC_LOCAL_MODEL: {path} cannot be read ({error.strerror})") from error
    if magic != MAGIC:
        raise EndpointError(f"JITC_LOCAL_MODEL: {path} is no GGUF file")
    return path
