"""Which weights are on this machine, and which of them `local` means; looks at names, sizes and first bytes only."""

from __future__ import annotations

import os

from jitc_import.errors import EndpointError
from jitc_import.local.catalogue import CATALOGUE, MAGIC, Weights, pull_command
from jitc_import.local.folders import data_folder

VARIABLE = "JITC_LOCAL_MODEL"


def local_model() -> str | None:
    """The path of the GGUF file that `local` means: that of JITC_LOCAL_MODEL, or the best that is installed, or None.

    Raises EndpointError where that file is missing, damaged or no GGUF file, NoHomeError where none can be installed.
    """
    if chosen := os.environ.get(VARIABLE):
        return _chosen(os.path.abspath(os.path.expanduser(chosen)))
    folder = models_folder()
    for weights in CATALOGUE:
        path = os.path.join(folder, weights.file)
        if os.path.lexists(path):
            if fault := fault_of(path, weights):
                step = f"Next: `{pull_command(weights)}` downloads it again"
                raise EndpointError(f"local: the weights {path} are damaged: the file {fault}. {step}")
            return path
    return None


def models_folder() -> str:
    """The folder of the weights that `jitc model pull` brings, in the user's data directory; it may not exist yet.

    Raises NoHomeError.
    """
    return os.path.join(data_folder(), "models")


def fault_of(path: str, weights: Weights) -> str | None:
    """What shows at a glance that a file is not these weights, in words that follow "the file", or None."""
    fault = format_fault(path)
    if fault is None and (size := os.path.getsize(path)) != weights.bytes:
        return f"has {size:,} bytes, not {weights.bytes:,}"
    return fault


def format_fault(path: str) -> str | None:
    """What shows at a glance that a path is no GGUF file, in words that follow "the file", or None."""
    if os.path.isdir(path):
        return "is a folder"
    if os.path.exists(path) and not os.path.isfile(path):
        return "is no regular file"
    try:
        with open(path, "rb") as file:
            return magic_fault(file.read(len(MAGIC)))
    except FileNotFoundError:
        return "does not exist"
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def magic_fault(beginning: bytes) -> str | None:
    """What is wrong with the first bytes of what should be a GGUF file, in words, or None."""
    if not beginning:
        return "is empty"
    return None if beginning == MAGIC else f"is no GGUF file: it begins with {beginning!r}, not {MAGIC!r}"


def digests_differ(digest: str, weights: Weights) -> str:
    """That a file has another SHA-256 than these weights, in words that follow "the file"."""
    return f"has the SHA-256 {digest[:12]}…, not {weights.sha256[:12]}…"


def _chosen(path: str) -> str:
    if fault := format_fault(path):
        step = f"Next: set {VARIABLE} to a GGUF file, or unset it and run `jitc model pull`"
        raise EndpointError(f"{VARIABLE}={path}: the file {fault}. {step}")
    return path
