"""Why an example that did not come out is not held against the body."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jitc_import.harmless import harmless

if TYPE_CHECKING:
    from jitc_import.checks.examples import Example
    from jitc_import.checks.sandbox.session import Ran
    from jitc_import.judging.footing import Footing

_ANSWER = re.compile(r"(?:PermissionError: \[Errno (?:1|13)\]|OSError: \[Errno (?:30|38|97)\])")
"""What a confined child answers: EPERM, EACCES; EROFS, ENOSYS, EAFNOSUPPORT."""

_QUOTED = re.compile(r"'([\w.]+)'")


@dataclass
class Excuses:
    """The examples of a stub, called `name`, that do not count, by position; `told` says why.

    `denied` cannot be run confined, `held` called a stub of another module that has no body yet, `wrong` are wrong
    themselves, `doubted` seem so: a call of the stub came before.
    """

    footing: Footing
    name: str
    told: list[str] = field(default_factory=list)
    denied: set[int] = field(default_factory=set)
    held: set[int] = field(default_factory=set)
    wrong: set[int] = field(default_factory=set)
    doubted: set[int] = field(default_factory=set)

    def take(self, position: int, example: Example, ran: Ran, *, is_first: bool) -> bool:
        """Whether there is an excuse for an example that did not come out; `is_first`: no other failed before it."""
        source = example.source.strip()
        if _is_denied(example, ran) or any(
            _is_lacking(ran) or self.footing.share(position, one) for one in self.denied
        ):
            self.denied.add(position)
            cause = ran.exception or "an example before it cannot"
            self.told.append(harmless(f"{source} cannot be run confined ({cause})"))
            return True
        if any(_is_lacking(ran) or self.footing.share(position, one) for one in self.held):
            self.held.add(position)
            return True
        is_wrong = self._is_wrong(position, example, ran)
        if not is_first or not (is_wrong or self._is_doubted(position, example, ran)):
            return False
        (self.wrong if is_wrong else self.doubted).add(position)
        self.told.append(harmless(f"{source} ({ran.exception or f'it shows {ran.output.strip()}'})"))
        return True

    @property
    def checked(self) -> tuple[str, ...]:
        """What is recorded of them: those that are wrong leave the others as they are."""
        unrun = len(self.denied | self.held)
        told = (f"doubtful: {unrun} of the examples not run",) * bool(unrun)
        return told + (f"doubtful: {len(self.doubted)} of the examples seem wrong",) * bool(self.doubted)

    def _is_wrong(self, position: int, example: Example, ran: Ran) -> bool:
        """Whether it fails for a reason that no body can do anything about.

        It comes before any call, names what is not there, or calls the stub with other arguments than it takes.
        """
        if not self.footing.reached(position):
            return True
        if not _is_own_exception(example, ran):
            return False
        kind, _, message = (ran.exception or "").strip().splitlines()[-1].partition(":")
        quoted = _QUOTED.search(message)
        name = quoted[1] if quoted else ""
        if kind == "NameError":
            return self.footing.lacks(position, name, self.denied | self.held | self.wrong | self.doubted)
        if kind in {"ImportError", "ModuleNotFoundError"} and self.footing.imports(position, name):
            return True
        call = rf"TypeError: (?:\w+\.)*{re.escape(self.name)}\(\) (?:takes|missing|got) "
        return re.match(call, ran.exception or "") is not None or not self.footing.named(position)

    def _is_doubted(self, position: int, example: Example, ran: Ran) -> bool:
        """Whether it fails in its own text, and has nothing to do with the calls before it as far as that tells."""
        return _is_own_exception(example, ran) and not self.footing.rests(position)


def _is_own_exception(example: Example, ran: Ran) -> bool:
    """Whether an example raised in its own text, and was not to raise."""
    return ran.exception is not None and not ran.inside and example.exception is None


def _is_denied(example: Example, ran: Ran) -> bool:
    """Whether an example broke down on what may not be done where it is checked.

    Where an exception is expected, one of another kind is the body's, unless it is the system's own answer.
    """
    if not ran.denied or example.exception is None:
        return ran.denied is not None
    kinds = [text.strip().partition(":")[0].rpartition(".")[2] for text in (ran.exception or "", example.exception)]
    return kinds[0] == kinds[1] or _ANSWER.match(ran.exception or "") is not None


def _is_lacking(ran: Ran) -> bool:
    """Whether something is not there that what was denied may have made."""
    return (ran.exception or "").startswith(("FileNotFoundError", "NameError"))
