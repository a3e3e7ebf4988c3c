"""Whether the local model is asked where no model is named."""

from __future__ import annotations

import os

from jitc_import.errors import EndpointError

LOCAL = "local"
"""The name of the local model in settings."""


CONFIGURED = ("OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT")
"""Variables that say that another endpoint is meant."""


def is_local(model: str | None, base_url: str | None) -> bool:
    """Whether requests for a model go to the local one: it is named, or nothing else is and its weights are here.

    Looks at files, never at the network.
    """
    if model:
        return model == LOCAL
    if base_url or any(os.environ.get(name, "").strip() for name in CONFIGURED):
        return False
    from jitc_import.local.folders import NoHomeError
    from jitc_import.local.weights import local_model

    try:
        return local_model() is not None
    except NoHomeError:
        return False
    except EndpointError:  # what JITC_LOCAL_MODEL names is wrong: said when it is asked
        return True


def weights_asked(model: str | None, base_url: str | None) -> str:
    """The file name of the weights that requests for a model go to; empty where they go elsewhere."""
    if not is_local(model, base_url):
        return ""
    from jitc_import.local.weights import local_model

    try:
        return os.path.basename(local_model() or "")
    except EndpointError:
        return ""
