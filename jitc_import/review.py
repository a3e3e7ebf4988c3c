"""Asking a person at the terminal whether a body is accepted (`JITC_MODE=review`)."""

from __future__ import annotations

import contextlib
import textwrap
import threading
from typing import TYPE_CHECKING

from jitc_import.progress import pause_display

if TYPE_CHECKING:
    from jitc_import.source.stubs import SourceModule, Stub

_one_at_a_time = threading.Lock()


def approved(module: SourceModule, stub: Stub, body: str) -> bool:
    """Show a body under its stub's signature and ask; only a clear yes accepts it."""
    from rich.console import Console
    from rich.prompt import Confirm
    from rich.syntax import Syntax

    console = Console(stderr=True)
    with _one_at_a_time, contextlib.suppress(EOFError):  # the end of the input is no yes
        pause_display()
        console.print(f"\n{module.path}:{stub.line} {stub.key}", markup=False, highlight=False)
        console.print(
            Syntax(f"{stub.signature}\n{textwrap.indent(body, '    ')}", "python", background_color="default")
        )
        return Confirm.ask("Accept this body?", console=console, default=False)
    return False
