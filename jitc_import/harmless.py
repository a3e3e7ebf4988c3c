"""What a candidate said, fit to be shown, kept and sent: no secrets, nothing that a terminal obeys."""

from __future__ import annotations

import re

from jitc_import.model.secrets import redacted

_NAMED = re.compile(
    r"((?:passw(?:or)?d|passphrase|secret|(?:api|access|private)[_-]?key)\w{0,20}['\"]?\s{0,3}[:=]\s{0,3}['\"]?)"
    r"[^\s'\",;}\]\[]{6,}",
    re.IGNORECASE,
)
"""What a name says to be secret, as in files of settings."""


def harmless(text: str) -> str:
    """A text with secrets named instead of shown, and characters that do not print escaped.

    To be called before a text is cut: half a secret is not known for one.
    """
    shown = _NAMED.sub(r"\1[hidden]", redacted(text))
    return "".join(one if one.isprintable() or one == "\n" else ascii(one)[1:-1] for one in shown)
