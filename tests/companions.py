"""Companion files written by hand, in the format that people read."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from jitc_import.source.checksum import source_digest
from jitc_import.source.digest import settled_digest
from jitc_import.store.files import companion_path

if TYPE_CHECKING:
    from conftest import Project


def write_module(project: Project, name: str, source: str, bodies: dict[str, str]) -> Path:
    """Write a module and its companion file, which holds a definition for each key; returns the latter's path."""
    path = project.write(name, source)
    return write_companion(path, bodies)


def write_companion(path: Path, bodies: dict[str, str], *, digest: str | None = None) -> Path:
    companion = Path(companion_path(str(path)))
    companion.parent.mkdir(exist_ok=True)
    companion.write_text(
        companion_text(digest or settled_digest(source_digest(path.read_bytes()), bodies), bodies), encoding="utf-8"
    )
    return companion


def companion_text(digest: str, bodies: dict[str, str]) -> str:
    head = f"# jitc companion 1\n# The bodies of the stubs beside it.\n# source: {digest}\n# ruff: noqa\n"
    return head + "".join(_section(key, body) for key, body in bodies.items()) + "\n# --- end of file\n"


def _section(key: str, body: str) -> str:
    digest = "0" * 32
    return f"\n# --- {key}\n# spec: {digest}\n# body: {digest}\n{textwrap.dedent(body).strip()}\n"
