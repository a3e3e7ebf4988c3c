"""Write signatures, types and docstrings; a language model completes the bodies at import, once, and they are kept.

Importing this package loads nothing else of it: names are looked up when they are first used.

PYTEST_DONT_REWRITE: pytest looks for asserts in packages that have a plugin, and warns of those already imported.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from jitc_import.completion import Completion, completion_of
    from jitc_import.decorator import llm_complete
    from jitc_import.errors import (
        BudgetError,
        CompletionError,
        EndpointError,
        JitcError,
        JitcImportError,
        JitcWarning,
        LockedError,
        MarkError,
        MockError,
        SettingsError,
        StoreError,
        WeightsError,
    )
    from jitc_import.hooks.finder import include, install, uninstall
    from jitc_import.mocks.decorator import llm_mock

__version__ = "0.1.0"

__all__ = [
    "BudgetError",
    "Completion",
    "CompletionError",
    "EndpointError",
    "JitcError",
    "JitcImportError",
    "JitcWarning",
    "LockedError",
    "MarkError",
    "MockError",
    "SettingsError",
    "StoreError",
    "WeightsError",
    "__version__",
    "completion_of",
    "include",
    "install",
    "llm_complete",
    "llm_mock",
    "uninstall",
]

_HOMES = {
    "Completion": "completion",
    "completion_of": "completion",
    "llm_complete": "decorator",
    "llm_mock": "mocks.decorator",
    "include": "hooks.finder",
    "install": "hooks.finder",
    "uninstall": "hooks.finder",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = __import__(f"{__name__}.{_HOMES.get(name, 'errors')}", fromlist=[name])
    value: object = getattr(home, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
