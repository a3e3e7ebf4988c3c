"""The confined child of one module under way: started when it is first needed, given up where it cannot be had."""

from __future__ import annotations

import ast
import os
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from jitc_import import explain
from jitc_import.checks.properties import IMPORTS as FOR_PROPERTIES
from jitc_import.checks.properties import hypothesis_available
from jitc_import.checks.sandbox.session import Job, Limits, Sandbox, SandboxError, Snippet
from jitc_import.checks.user_tests import imports_for_tests, pytest_available
from jitc_import.harmless import harmless
from jitc_import.project import project_root
from jitc_import.prompting import search_path
from jitc_import.source.firstparty import first_party
from jitc_import.source.imported import imported_modules, imports_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jitc_import.checks.sandbox.session import Outcome
    from jitc_import.judging.assembly import Assembly
    from jitc_import.progress import Display
    from jitc_import.settings import Settings
    from jitc_import.survey import Survey

_FOR_STAND_INS = "jitc_import.hooks.stand_ins"

NOTHING_RUN = "nothing was run"
"""What the companion file says of bodies whose module does not run in the child."""


@dataclass
class Confinement:
    """Runs snippets in a completed module; `root` is the project's folder where its tests are run, too."""

    survey: Survey
    settings: Settings
    shown: Display
    root: str | None = None
    _sandbox: Sandbox | None = field(default=None, init=False)
    _given_up: bool = field(default=False, init=False)
    _absent: set[str] = field(default_factory=set, init=False)

    @property
    def level(self) -> str:
        """How the child is confined; that nothing is run where none can be had; empty where none was asked for."""
        if self._given_up:
            return NOTHING_RUN
        return self._sandbox.level if self._sandbox else ""

    def run(
        self,
        assembly: Assembly,
        snippets: Iterable[Snippet],
        *,
        seconds: float | None = None,
        watched: Iterable[str] = (),
    ) -> Outcome | None:
        """Run snippets in a child of their own, for `seconds` or a candidate's time; None where none can be had.

        `watched` are the stubs of which it is told by which snippets their bodies were called.
        """
        sandbox = self._open()
        if sandbox is None:
            return None
        try:
            lines = tuple(assembly.lines[key] for key in watched)
            job = Job(assembly.code, assembly.text, assembly.path, tuple(snippets), seconds=seconds, watched=lines)
            outcome = sandbox.run(job)
            self._say_absent(outcome.absent)
        except SandboxError as error:
            self.give_up(str(error))
            return None
        return outcome

    def _say_absent(self, names: Iterable[str]) -> None:
        """Say once for each module that stubs of it have no body, and were called."""
        for name in names:
            other = harmless(name.partition(":")[0])
            if other not in self._absent:
                self._absent.add(other)
                told = f"{other} has stubs without a body: examples and tests that call them do not count"
                self.shown.say(f"{explain.module_label(self.survey.module)}: {told}")

    def give_up(self, why: str) -> None:
        """Run nothing any more, and say why."""
        self._given_up = True
        self.shown.say(f"{explain.module_label(self.survey.module)}: examples and tests are not run: {why}")

    def close(self) -> None:
        """End the child."""
        if self._sandbox:
            self._sandbox.close()

    def _may_meet_stubs(self, path: Sequence[str], imported: Sequence[str]) -> bool:
        """Whether a candidate's time may go into importing modules of the project: to stand in for stubs takes long.

        Packages around a module import them, or its functions do.
        """
        module, package = self.survey.module, self.survey.package
        project = first_party(module.name, module.path, path)
        around = accumulate(package.split("."), "{}.{}".format) if package else ()
        if any(os.path.getsize(file) for file in map(project.file, around) if file):
            return True
        nodes = (node for node in ast.walk(module.tree) if isinstance(node, (ast.Import, ast.ImportFrom)))
        names = (name for node in nodes for name, _ in imports_in(node, package) if name not in imported)
        return any(map(project.file, names))

    def _open(self) -> Sandbox | None:
        if self._given_up or self._sandbox:
            return None if self._given_up else self._sandbox
        try:
            sandbox = self._new()
            self._sandbox = sandbox.__enter__()
            level = sandbox.level
        except SandboxError as error:
            self.give_up(str(error))
            return None
        if level == "none" and not self.settings.allow_unconfined:
            self.give_up("nothing confines what is run on this system; JITC_ALLOW_UNCONFINED=1 runs it all the same")
            return None
        explain.say_confinement(level, self.shown)
        return sandbox

    def _new(self) -> Sandbox:
        module, settings = self.survey.module, self.settings
        limits = Limits(settings.candidate_seconds, settings.candidate_memory, settings.candidate_output)
        imports = [*imported_modules(module.tree, self.survey.package)]
        path = search_path(module)
        if self._may_meet_stubs(path, imports):
            imports.append(_FOR_STAND_INS)
        if self.root and pytest_available():
            imports += imports_for_tests()
            path.append(self.root)
        if hypothesis_available():
            imports += FOR_PROPERTIES
        projects = [root for root in (project_root(module.path), self.root) if root]
        explain.say_closed([path[0], *projects], self.shown)
        return Sandbox(os.path.abspath(module.path), module.name, path, imports, limits, projects=projects)
