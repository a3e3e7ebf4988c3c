"""In a child that checks bodies: marked modules that lack some, with stand-ins that raise when they are called.

Python then imports what the module under check imports, though it is not completed yet. Nothing of it is ever kept.
"""

from __future__ import annotations

from jitc_import.judging.assembly import donors_of, lacking_stubs
from jitc_import.settings import load_settings
from jitc_import.source.definitions import qualname_of
from jitc_import.store.keep import Body
from jitc_import.survey import survey_source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from jitc_import.source.definitions import Function

NEVER = b"?" * 17
"""The companion part of the stamp of code with stand-ins: as no file has it, an entry with it would never be good."""

_ABSENT = "jitc_import.checks.sandbox.absent"


def donors_with_stand_ins(source: bytes, path: str, name: str) -> tuple[dict[str, Function], list[str], bytes]:
    """For each stub's key the definition that has its body or stands in for it, and the lines that these name.

    Raises SyntaxError, MarkError and StoreError as a survey does.
    """
    settings = load_settings(path)
    survey = survey_source(source, path, name, settings)
    stand_ins = {
        stub.key: Body(stub, _raising(f"{name}:{qualname_of(stub.key)}"), "") for stub in lacking_stubs(survey)
    }
    nodes, text = donors_of(survey, stand_ins, settings)
    return nodes, text.splitlines(keepends=True), NEVER


def _raising(name: str) -> str:
    return f"raise __import__({_ABSENT!r}, fromlist=('absent',)).absent({name!r})"
