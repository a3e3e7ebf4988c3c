"""Keys and tokens in what would be sent: found by the shapes that their issuers give them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitc_import.errors import CompletionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jitc_import.model.prompts import Message
    from jitc_import.source.stubs import SourceModule

SHAPES = {
    "an OpenAI or compatible API key": r"\bsk-(?:proj-|svcacct-|or-v1-)?[A-Za-z0-9_-]{20,}",
    "an Anthropic API key": r"\bsk-ant-[A-Za-z0-9_-]{20,}",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})",
    "a GitLab token": r"\bglpat-[A-Za-z0-9_-]{20,}",
    "an AWS access key id": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    "a Google API key": r"\bAIza[A-Za-z0-9_-]{35}",
    "a Hugging Face token": r"\bhf_[A-Za-z0-9]{30,}",
    "an npm token": r"\bnpm_[A-Za-z0-9]{36}",
    "a PyPI token": r"\bpypi-[A-Za-z0-9_-]{50,}",
    "a Slack token": r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}",
    "a Stripe key": r"\b[rs]k_live_[A-Za-z0-9]{20,}",
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:[A-Za-z0-9+/=:,\s-]|\\[nrt])*",
    "a JSON web token": r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    "a password in a URL": r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]*://[^\s/:@'\"{}<>]+:[^\s/@'\"{}<>]{3,}@",
}
"""What a token of each kind looks like; entropy is no sign: it took most plain lines for secrets.

A run of characters is looked at from its start only: each takes time in proportion to the text.
"""

_SHAPES = [(kind, re.compile(shape)) for kind, shape in SHAPES.items()]


_NAMED = re.compile(
    r"((?:passw(?:or)?d|passphrase|secret|(?:api|access|private)[_-]?key)\w{0,20}['\"]?\s{0,3}[:=]\s{0,3}['\"]?)"
    r"[^\s'\",;}\]\[]{6,}",
    re.IGNORECASE,
)
"""What a name says to be secret, as in files of settings."""

_NAME = re.compile(r"(?:^|[_-])(?:passw(?:or)?d|passphrase|pwd|secret|token|(?:api|access|private|secret)[_-]?key)$")
"""A name, in lower case, of something that is secret."""

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def names_secret(name: object) -> bool:
    """Whether a name says of its value that it is secret: `password`, `apiKey`, `access_token`."""
    return isinstance(name, str) and _NAME.search(_HUMP.sub("_", name[-80:]).lower()) is not None


def without_named(text: str) -> str:
    """A text in which what a name says to be secret is hidden: `password='[hidden]'`."""
    return _NAMED.sub(r"\1[hidden]", text)


@dataclass(frozen=True)
class Secret:
    """A secret that was found: what kind it is of, and its text."""

    kind: str
    text: str


def redacted(text: str) -> str:
    """A text with its secrets named instead of shown."""
    for kind, shape in _SHAPES:
        text = shape.sub(f"[{kind}]", text)
    return text


def refuse_secrets(messages: Sequence[Message], module: SourceModule) -> None:
    """Raise CompletionError, which names file, line and kind but not the secret, where a message holds one."""
    for message in messages:
        for secret in find_secrets(message["content"]):
            line = _line_of(secret.text, module.text)
            where = f"{module.path}:{line}" if line else f"what {module.name} imports or was answered"
            raise CompletionError(
                f"{where} holds {secret.kind}, and nothing is sent that holds a secret. Next: read it from the "
                "environment, or keep it out of what the stubs refer to",
                name=module.name,
                path=module.path,
                lineno=line,
            )


def find_secrets(text: str) -> Iterator[Secret]:
    """The secrets in a text."""
    for kind, shape in _SHAPES:
        for matched in shape.finditer(text):
            yield Secret(kind, matched[0])


def without_secrets(text: str) -> str:
    """A text in which each secret is told by its kind."""
    for kind, shape in _SHAPES:
        text = shape.sub(f"<{kind}>", text)
    return text


def _line_of(secret: str, source: str) -> int | None:
    place = source.find(secret.splitlines()[0])
    return None if place == -1 else source.count("\n", 0, place) + 1
