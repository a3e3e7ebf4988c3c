"""Scripts: source files that run as `__main__` and are no modules.

`multiprocessing` has its children run the script of their parent by `runpy.run_path`, which asks `sys.path_hooks`
about the file: a marked one is found by a finder of ours, so it has its bodies there too.
"""

from __future__ import annotations

import os
from _frozen_importlib import ModuleSpec

from jitc_import.errors import JitcImportError
from jitc_import.hooks.bytecode import UNMARKED
from jitc_import.hooks.loader import JitcLoader
from jitc_import.hooks.missed import may_be_marked
from jitc_import.hooks.scope import in_scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, ModuleType


class ScriptLoader(JitcLoader):
    """The loader of a script: Python caches the bytecode of none, so this caches that of marked ones only."""

    def keeps(self, companion: bytes) -> bool:
        """Whether bytecode is cached; `companion` is UNMARKED for an unmarked script."""
        return companion != UNMARKED and super().keeps(companion)

    def code_to_run(self) -> CodeType:
        """The code object of the script; where it cannot be completed, one that raises the reason."""
        try:
            return super().get_code("__main__")
        except JitcImportError as error:
            return refused_program(error, self.path)


class RunPathLoader(ScriptLoader):
    """What `runpy.run_path` gets, which would tell an ImportError of `get_code` from none of its own."""

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 -- runpy names it `__main__`
        """The code object of the script; where it cannot be completed, one that raises the reason."""
        return self.code_to_run()


class ScriptFinder:
    """Finds `__main__` in a marked script; raises ImportError for any other path, as path hooks do."""

    def __init__(self, path: str) -> None:
        if not (path.endswith(".py") and in_scope(os.path.abspath(path)) and may_be_marked(path)):
            raise ImportError(path)
        self.path = path

    def find_spec(self, fullname: str, target: ModuleType | None = None) -> ModuleSpec | None:  # noqa: ARG002
        """The spec of the script as `__main__`.

        It has no name, as a script has no spec: `multiprocessing` would have grandchildren import it by name.
        """
        if fullname != "__main__":
            return None
        return ModuleSpec(None, RunPathLoader("__main__", self.path), origin=self.path)  # type: ignore[arg-type]


def refused_program(error: JitcImportError, path: str) -> CodeType:
    """Code that raises `error` in the user's file at `path`: nothing but that is left of the program."""
    from jitc_import.hooks.refusal import refusal

    with open(path, "rb") as file:
        return refusal(error, path, file.read())
