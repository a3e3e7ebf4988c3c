"""Weights from their own repository on the Hugging Face hub; no token is ever sent."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from jitc_import.local.part import SourceError
from jitc_import.local.weights import digests_differ

if TYPE_CHECKING:
    from jitc_import.local.catalogue import Weights
    from jitc_import.local.part import Part

NAME = "the Hugging Face hub"

CONNECT_SECONDS = 5.0
"""For the first answer: a hub that cannot be reached shall not cost minutes."""

SILENT_SECONDS = 30.0
"""Without a byte, after which a connection counts as lost."""

TRIES = 5
"""Lost connections in a row, without a byte between them."""

PAUSE = 1.0
"""Seconds between tries."""


def fetch(weights: Weights, part: Part) -> None:
    """Add what is missing to `part`. Raises SourceError."""
    try:
        _fetch(weights, part)
    except ModuleNotFoundError as error:
        raise SourceError(f'it needs {error.name}: pip install "jitc-import[local]"') from error
    except (ImportError, ValueError) as error:
        told = f"what the environment says of it or of its proxy cannot be used ({_first_line(error)})"
        raise SourceError(told) from error


def _fetch(weights: Weights, part: Part) -> None:
    import httpx2
    from huggingface_hub import hf_hub_url
    from huggingface_hub.errors import HfHubHTTPError

    url = hf_hub_url(weights.repository, weights.file)
    try:
        _look(url, weights)
        _download(url, part)
    except (HfHubHTTPError, httpx2.HTTPStatusError) as error:
        raise SourceError(f"it answers with HTTP {error.response.status_code}") from error
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        raise SourceError(f"it cannot be reached ({_first_line(error)})") from error


def _look(url: str, weights: Weights) -> None:
    """Raise SourceError, before any download, where the hub has another file by this name, or is no hub."""
    from huggingface_hub import get_hf_file_metadata

    found = get_hf_file_metadata(url, token=False, timeout=CONNECT_SECONDS)
    if found.commit_hash is None:
        raise SourceError("what answers in its place is no hub")
    if found.size not in {None, weights.bytes}:
        raise SourceError(f"its {weights.file} has {found.size:,} bytes, not {weights.bytes:,}")
    if re.fullmatch("[0-9a-f]{64}", found.etag or "") and found.etag != weights.sha256:
        raise SourceError(f"its {weights.file} {digests_differ(found.etag or '', weights)}")


def _download(url: str, part: Part) -> None:
    import httpx2

    tries = TRIES
    while part.size < part.total:
        before = part.size
        try:
            _stream(url, part)
        except httpx2.TransportError as error:
            tries = TRIES if part.size > before else tries - 1
            if not tries:
                raise SourceError(f"the connection is lost again and again ({_first_line(error)})") from error
            time.sleep(PAUSE)
        else:
            if part.size <= before:
                raise SourceError(f"it gives {part.size:,} of {part.total:,} bytes and no more")


def _stream(url: str, part: Part) -> None:
    """Add what one connection gives."""
    from http import HTTPStatus

    from huggingface_hub import get_session

    headers = {"Range": f"bytes={part.size}-", "Accept-Encoding": "identity"}
    with get_session().stream("GET", url, headers=headers, timeout=SILENT_SECONDS) as response:
        response.raise_for_status()
        if response.status_code != HTTPStatus.PARTIAL_CONTENT:
            part.cut(0)
        for piece in response.iter_bytes():
            part.add(piece)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
