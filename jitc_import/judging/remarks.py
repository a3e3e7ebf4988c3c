"""What is said of one module while its bodies are judged: each line once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jitc_import import explain
from jitc_import.judging.example_verdict import NO_FAULTS

if TYPE_CHECKING:
    from jitc_import.progress import Display
    from jitc_import.source.stubs import SourceModule


@dataclass
class Remarks:
    """Shows lines about a module, and remembers which."""

    module: SourceModule
    shown: Display
    _said: set[str] = field(default_factory=set, init=False)

    def say_of_example(self, name: str, text: str) -> None:
        """Say of an example of a stub or class that it does not count."""
        fault = "" if any(words in text for words in NO_FAULTS) else "seems wrong and "
        self.say(f"{name}: an example {fault}does not count: {text}")

    def say(self, text: str) -> None:
        """Show a line, unless it was shown before."""
        if text not in self._said:
            self._said.add(text)
            self.shown.say(f"{explain.module_label(self.module)}: {text}")
