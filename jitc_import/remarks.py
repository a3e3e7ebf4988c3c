"""What is said of one module while its bodies are judged: each line once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jitc_import import explain

if TYPE_CHECKING:
    from jitc_import.progress import Display
    from jitc_import.source.stubs import SourceModule


@dataclass
class Remarks:
    """Shows lines about a module, and remembers which."""

    module: SourceModule
    shown: Display
    _said: set[str] = field(default_factory=set, init=False)

    def say(self, text: str) -> None:
        """Show a line, unless it was shown before."""
        if text not in self._said:
            self._said.add(text)
            self.shown.say(f"{explain.module_label(self.module)}: {text}")
