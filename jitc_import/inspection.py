"""Bodies looked at without running them: what is wrong with each, what it does besides returning, what it may keep."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jitc_import.checks.expected import REACHING
from jitc_import.checks.kept_state import keeps_unasked_state
from jitc_import.checks.names import Scope
from jitc_import.checks.static import STATIC_CHECKS, Surroundings, called_for, effects_in_place, static_problem
from jitc_import.model.reply import Candidate
from jitc_import.prompting import search_path
from jitc_import.source.bindings import globals_made
from jitc_import.source.definitions import qualname_of
from jitc_import.source.digest import same_code
from jitc_import.store.keep import Body
from jitc_import.survey import USABLE
from jitc_import.tried import Tried

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jitc_import.model.reply import Rejection
    from jitc_import.settings import Settings
    from jitc_import.source.definitions import Function
    from jitc_import.survey import Survey

GRAVE = frozenset({"syntax", "signature", "effects"})
"""Static checks whose failure leaves nothing that could be used."""


@dataclass
class Inspection:
    """Looks at bodies for the stubs of one module; `names` exist besides those that its source binds."""

    survey: Survey
    settings: Settings
    names: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        module = self.survey.module
        is_package = self.survey.package == module.name
        self.scope = Scope.of(module.tree, self.names | ({"__path__"} if is_package else set()))
        self.path = search_path(module)

    def look(
        self, answers: Mapping[str, Candidate | Rejection], authors: Mapping[str, str], reply: str
    ) -> dict[str, Tried | str]:
        """What the answers of one `reply`, by key, come to: a body with what was found, or why there is none."""
        scope = self.scope.with_names(self._globals_made(answers.values()))
        around = self._surroundings(
            {key: answer.body for key, answer in answers.items() if isinstance(answer, Candidate)}
        )
        found: dict[str, Tried | str] = {}
        for stub in self.survey.module.stubs:
            answer = answers.get(stub.key)
            if isinstance(answer, Candidate):
                body = Body(stub, answer.body, authors[stub.key])
                found[stub.key] = self._tried(body, answer.definition, reply, scope, around)
            elif answer:
                found[stub.key] = answer.reason
        return found

    def _tried(self, body: Body, definition: Function, reply: str, scope: Scope, around: Surroundings) -> Tried | str:
        stub, package = body.stub, self.survey.package
        if stub.draft and same_code(stub.draft, body.text):
            return "the body is the draft, unchanged: finish it, so that the function does what its docstring says"
        found = static_problem(stub.key, definition, body.text, scope, package, self.path, around=around)
        if self.settings.verify == "off" and not (found and found.check == "syntax"):
            return Tried(replace(body, checked=("syntax",)), reply, None)
        if found and found.check in GRAVE:
            return found.text
        effects = effects_in_place(stub.key, body.text, scope, package, around)
        unasked = called_for(stub.key, scope, package, around).unasked(effects.excused)
        body = replace(body, effects=str(effects), unasked=unasked)
        if found:
            return Tried(replace(body, checked=("syntax", "signature")), reply, found.text)
        words = " ".join([qualname_of(stub.key), stub.docstring or "", *stub.hints, stub.draft])
        keeps = keeps_unasked_state(effects, self.survey.module.tree, words)
        checked = (*STATIC_CHECKS, *["doubtful: it keeps state that nothing calls for"] * keeps)
        return Tried(replace(body, checked=checked), reply, None)

    def in_place(self, body: Body, others: Mapping[str, str]) -> Body:
        """A body to be kept, with the effects that it has beside `others`, and a doubt where nothing calls for them.

        When it was looked at, what it uses may have had another body.
        """
        if not body.effects:
            return body
        key, package, around = (
            body.stub.key,
            self.survey.package,
            self._surroundings({**others, body.stub.key: body.text}),
        )
        effects = effects_in_place(key, body.text, self.scope, package, around)
        unasked = called_for(key, self.scope, package, around).unasked(effects.excused) & REACHING
        reaching = ", ".join(kind for kind in effects.kinds if kind in unasked)
        doubt = (f"doubtful: it has effects that nothing calls for: {reaching}",) if reaching else ()
        return replace(body, effects=str(effects), checked=(*body.checked, *doubt))

    def _surroundings(self, new: Mapping[str, str]) -> Surroundings:
        """What stands around `new` bodies, which are given by key: each other, and those that are kept."""
        module = self.survey.module
        bodies = {
            one.stub.key: one.section.body for one in self.survey.standings if one.section and one.state in USABLE
        }
        bodies |= new
        lacking = [stub.key for stub in module.stubs if stub.key not in bodies]
        hints = {stub.key: " ".join(stub.hints) for stub in module.stubs}
        return Surroundings(module.tree, bodies, lacking, hints, self.settings.strict)

    def _globals_made(self, answers: Iterable[Candidate | Rejection]) -> frozenset[str]:
        """The names that bodies of this reply and those that are kept already create with `global`."""
        nodes: list[ast.AST] = [answer.definition for answer in answers if isinstance(answer, Candidate)]
        kept = (one.section.code for one in self.survey.standings if one.section and one.state in USABLE)
        nodes += [ast.parse(code) for code in kept if "global" in code]
        return frozenset().union(*map(globals_made, nodes))
