"""Marked modules for which no model is asked: those of installed packages, and all that `compile` prepares."""

from __future__ import annotations

import ast
import os
from _frozen_importlib_external import decode_source

from jitc_import.errors import JitcImportError, LockedError
from jitc_import.hooks.scope import in_scope
from jitc_import.source.marks import module_mark
from jitc_import.store.bodies import load_bodies
from jitc_import.store.files import companion_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from jitc_import.survey import Survey

_HOW_TO_BUILD = (
    "install a build that has them; to make one, include `__jitc__/*.jitc.py` in the package "
    "(docs/packaging.md of jitc-import)"
)
_HOW_TO_READ = "install jitc-import with its dependencies, or ship the companion file that belongs to this source"


def ensure_kept(source: bytes, path: str, name: str) -> None:
    """See that a module can be built without a model. Raises as `kept_sections` does, MarkError and StoreError."""
    if b"jitc" not in source.lower():
        return
    bodies = load_bodies(companion_path(path))
    if bodies is not None and bodies.belong_to(source):
        return
    if module_mark(decode_source(source), ast.parse(source, path), path) is not None:
        kept_sections(source, path, name)


def kept_sections(source: bytes, path: str, name: str) -> dict[str, str]:
    """For each stub's key the address of the section that holds its body, as `complete_for_import` gives them.

    Raises LockedError that names the stubs without a body, JitcImportError where that cannot be told, SyntaxError for
    what is no Python.
    """
    try:
        from jitc_import.explain import refuse_unusable
        from jitc_import.settings import load_settings
        from jitc_import.survey import survey_source
        from jitc_import.wish import PLAIN_WISH, wanted_stubs
    except ModuleNotFoundError as error:
        return without_completing(error, source, path, name)
    survey = survey_source(source, path, name, load_settings(path))
    if wanted_stubs(survey):
        raise _lacking(survey)
    refuse_unusable(survey, PLAIN_WISH)
    return survey.addresses


def without_completing(error: ModuleNotFoundError, source: bytes, path: str, name: str) -> dict[str, str]:
    """As `kept_sections`, of a module whose companion file is no answer, where what completes modules is not installed.

    A module that says nothing of jitc but its mark has no stubs. Raises JitcImportError for any other.
    """
    if not os.path.exists(companion_path(path)) and source.lower().count(b"jitc") == 1:
        mark = module_mark(decode_source(source), ast.parse(source, path), path)
        if mark is not None and not mark.all:
            return {}
    raise _cannot_complete(error, path, name) from error


def _cannot_complete(error: ModuleNotFoundError, path: str, name: str) -> JitcImportError:
    if os.path.exists(companion_path(path)):
        cause = f"the companion file of {name} does not belong to this very source, and telling which bodies still fit"
        return _error(f"{cause} needs {error.name}, which is not installed", _HOW_TO_READ, path, name)
    if _is_built_without(path):
        cause = f"{name} has stubs, and there is no {companion_path(path)}: the package was built without its companion"
        return _error(f"{cause} files", _HOW_TO_BUILD, path, name)
    cause = f"{name} has stubs without a body, and completing them needs {error.name}, which is not installed"
    return _error(cause, _HOW_TO_READ, path, name)


def _error(cause: str, step: str, path: str, name: str) -> JitcImportError:
    return JitcImportError(f"{path}: {cause}. Next: {step}", name=name, path=path)


def _is_built_without(path: str) -> bool:
    return not in_scope(path) and not os.path.exists(companion_path(path))


def _lacking(survey: Survey) -> LockedError:
    from jitc_import.explain import unasked
    from jitc_import.wish import wanted_stubs

    path = survey.module.path
    if _is_built_without(path):
        why, step = "the package was built without its companion files", _HOW_TO_BUILD
    elif in_scope(path):
        why, step = "no model is asked here", f"run `python -m jitc_import complete {path}`"
    else:
        why, step = "no model is asked for those of an installed package", f"tell its authors, or {_HOW_TO_BUILD}"
    return unasked(survey, wanted_stubs(survey), why, step)
