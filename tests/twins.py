"""The same program twice: by hand in plain Python, and marked, completed and hooked. They must end alike."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from companions import write_companion
from conftest import Project

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

MARK = "# jitc: enable all\n"
STUB = "def f(): ...\n"
BODY = "def f():\n    return 7\n"


@dataclass(frozen=True)
class Ending:
    """How a program ended, as far as a person sees it; `told` is the last line on stderr."""

    status: int
    shown: str
    told: str


@dataclass(frozen=True)
class Twins:
    """Two projects with the same modules."""

    by_hand: Project
    marked: Project

    @classmethod
    def under(cls, root: Path) -> Twins:
        """Twins in two folders of `root`."""
        for name in "by_hand", "marked":
            (root / name).mkdir()
        return cls(Project(root / "by_hand"), Project(root / "marked"))

    def write(self, name: str, text: str, bodies: Mapping[str, str] | None = None) -> None:
        """Write a module into both; `text` holds MARK and STUB, and by hand has the body in the stub's place."""
        chosen = {"f": BODY} if bodies is None else dict(bodies)
        self.by_hand.write(name, text.replace(MARK, "# by hand: \n").replace(STUB, chosen.get("f", STUB)))
        write_companion(self.marked.write(name, text), chosen)

    def each(self, change: Callable[[Path], object]) -> None:
        """Do the same to both folders."""
        for project in (self.by_hand, self.marked):
            change(project.root)

    def both(self, code: str, *options: str, env: Mapping[str, str] | None = None) -> tuple[Ending, Ending]:
        """How `code` ends as a script of each, by hand first."""
        self.by_hand.write("main.py", "pass\n" + code)
        self.marked.write("main.py", "import jitc_import.activate\n" + code)
        return _ending(self.by_hand, options, env), _ending(self.marked, options, env)

    def same(self, code: str, *options: str, env: Mapping[str, str] | None = None) -> Ending:
        """How `code` ends in both."""
        by_hand, marked = self.both(code, *options, env=env)
        assert marked == by_hand, difference(by_hand, marked)
        return marked


def difference(by_hand: Ending, marked: Ending) -> str:
    """The lines in which two endings differ, for a person."""
    before, after = ([str(one.status), *one.shown.split("\n"), one.told] for one in (by_hand, marked))
    return "\n".join(difflib.unified_diff(before, after, "by hand", "marked", lineterm=""))


def _ending(project: Project, options: tuple[str, ...], env: Mapping[str, str] | None) -> Ending:
    done = project.run(*options, "main.py", env=env)
    told = done.stderr.strip().rpartition("\n")[2]
    return Ending(done.returncode, *(text.replace(str(project.root), "ROOT") for text in (done.stdout, told)))
