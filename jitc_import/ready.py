"""Making a companion file ready for an import without syntax trees: where its bodies go is worked out beforehand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jitc_import.graft.fitting import fitting_splices
from jitc_import.store.bodies import bodies_of
from jitc_import.store.companion import render_companion
from jitc_import.store.splices import with_digest

if TYPE_CHECKING:
    from jitc_import.source.stubs import SourceModule
    from jitc_import.store.companion import Companion


def made_ready(companion: Companion, module: SourceModule) -> Companion:
    """`companion` with its splices, if it holds a body for each stub of `module` and all of them can be put in so."""
    companion = replace(companion, splices="")
    if companion.source_digest is None or module.mark is None:
        return companion
    text = render_companion(companion)
    nodes = bodies_of(text.encode(), companion.path).nodes
    donors = {stub.key: nodes[stub.key] for stub in module.stubs}
    splices = " ".join(map(str, fitting_splices(module.text, text, donors)))
    return replace(companion, splices=with_digest(module.digest, text, splices))
