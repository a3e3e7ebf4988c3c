"""What a candidate said, fit to be shown, kept and sent: no secrets, nothing that a terminal obeys."""

from __future__ import annotations

from jitc_import.model.secrets import redacted, without_named


def harmless(text: str) -> str:
    """A text with secrets named instead of shown, and characters that do not print escaped.

    To be called before a text is cut: half a secret is not known for one.
    """
    shown = without_named(redacted(text))
    return "".join(one if one.isprintable() or one == "\n" else ascii(one)[1:-1] for one in shown)
