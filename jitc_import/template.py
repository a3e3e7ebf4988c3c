"""A project's own prompt: a text file that stands for the first request, with the module in the place of `{code}`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jitc_import.errors import SettingsError
from jitc_import.model.prompts import check_template
from jitc_import.project import project_root

if TYPE_CHECKING:
    from jitc_import.settings import Settings


def project_template(settings: Settings, source: str) -> str | None:
    """The template that the settings name, for the project of the file `source`; None where they name none.

    Raises SettingsError where it cannot be read, or has no place for the code.
    """
    if settings.prompt_template is None:
        return None
    root = project_root(source) or os.path.dirname(os.path.abspath(source))
    path = os.path.join(root, settings.prompt_template)
    try:
        with open(path, encoding="utf-8") as file:
            template = file.read()
        check_template(template)
    except (OSError, ValueError) as error:
        cause = error.strerror if isinstance(error, OSError) else error
        origin = settings.origin_of("prompt_template")
        raise SettingsError(f"prompt_template ({origin}): {path} cannot be used: {cause}", path=path) from error
    return template
