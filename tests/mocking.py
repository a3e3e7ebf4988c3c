"""What tests of mocks share: an answer as a model writes it, and what the model was told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server import ScriptedServer

KEY = "sk-" + "abcdefghij0123456789" * 2
"""What looks like a key."""


def answer(value: object) -> str:
    """A reply that answers with a JSON value."""
    return json.dumps({"answer": value})


def asked(server: ScriptedServer, number: int = -1) -> str:
    """All that a request told the model."""
    return "\n".join(message["content"] for message in server.requests[number]["messages"])
