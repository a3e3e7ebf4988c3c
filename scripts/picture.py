"""Draw docs/terminal.svg: a stub, the run that completes it, the kept body, all as they really come out.

$ OPENAI_BASE_URL=… JITC_MODEL=… python scripts/picture.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

from rich.console import Console
from rich.syntax import Syntax
from rich.text import Text

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

SHAPES = '''\
# jitc: enable
from dataclasses import dataclass


@dataclass
class Circle:
    radius: float

    def area(self) -> float:  # jitc: complete
        """Area of the circle.

        >>> round(Circle(2).area(), 2)
        12.57
        """


if __name__ == "__main__":
    print(f"{Circle(2).area():.2f}")
'''

RUN = "python -m jitc_import run shapes.py"


def main() -> None:
    """Run the commands in an empty folder and draw what they print."""
    console = Console(record=True, width=100, file=open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "shapes.py"), "w", encoding="utf-8") as file:
            file.write(SHAPES)
        show(console, "cat shapes.py", SHAPES, python=True)
        show(console, RUN, output_of(folder))
        with open(os.path.join(folder, "__jitc__", "shapes.jitc.py"), encoding="utf-8") as file:
            kept = file.read()
        sections = kept[kept.index("\n# ---") + 1 :]
        first = kept[: -len(sections)].count("\n") + 1
        show(console, f"tail -n +{first} __jitc__/shapes.jitc.py", sections, python=True)
        show(console, f"{RUN}    # no model, no key, no network any more", output_of(folder, JITC_MODE="locked"))
    console.save_svg(os.path.join(ROOT, "docs", "terminal.svg"), title="jitc-import")


def output_of(folder: str, **environment: str) -> str:
    """What the run prints. Raises where it fails."""
    done = subprocess.run(
        [sys.executable, *RUN.split()[1:]],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": ROOT, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    return done.stdout


def show(console: Console, command: str, output: str, *, python: bool = False) -> None:
    """Print a command and its output."""
    console.print(Text.assemble(("$ ", "bold green"), (command, "bold")))
    console.print(Syntax(output, "python", background_color="default") if python else Text(output))


if __name__ == "__main__":
    main()
