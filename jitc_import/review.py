"""Asking a person at the terminal whether a body is accepted (`JITC_MODE=review`)."""

from __future__ import annotations

import contextlib
import textwrap
import threading
from typing import TYPE_CHECKING

from jitc_import.progress import pause_display

if TYPE_CHECKING:
    from jitc_import.source.stubs import SourceModule
    from jitc_import.store.keep import Body

_one_at_a_time = threading.Lock()


def approved(module: SourceModule, body: Body) -> bool:
    """Show a body under its stub's signature, what it passed and does, and ask; only a clear yes accepts it."""
    from rich.console import Console
    from rich.prompt import Confirm
    from rich.syntax import Syntax

    stub = body.stub
    console = Console(stderr=True)
    with _one_at_a_time, contextlib.suppress(EOFError):  # the end of the input is no yes
        pause_display()
        console.print(f"\n{module.path}:{stub.line} {stub.key}", markup=False, highlight=False)
        console.print(
            Syntax(f"{stub.signature}\n{textwrap.indent(body.text, '    ')}", "python", background_color="default")
        )
        console.print(f"checked: {', '.join(body.checked)}", markup=False, highlight=False)
        if body.effects:
            console.print(f"effects: {body.effects}", markup=False, highlight=False)
        return Confirm.ask("Accept this body?", console=console, default=False)
    return False
