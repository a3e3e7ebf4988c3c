"""The errors and warnings of jitc_import: one tree under JitcError."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class JitcWarning(UserWarning):
    """Something the user should know that stops nothing."""


class JitcError(Exception):
    """The root of every error that jitc_import raises on its own account."""


class JitcImportError(JitcError, ImportError):
    """An error that stops an import.

    `name` is the module, `path` its source file, `lineno` the line (1-based) that the traceback of the import shows.
    """

    def __init__(
        self, message: str, *, name: str | None = None, path: str | None = None, lineno: int | None = None
    ) -> None:
        super().__init__(message, name=name, path=path)
        self.lineno = lineno


class MarkError(JitcImportError):
    """A `# jitc:` comment or a decorator that is misspelt or stands where it means nothing."""


class TemplateError(MarkError, ValueError):
    """A prompt template that has no place for the code."""


class StoreError(JitcImportError):
    """A companion file that cannot be read, written or locked."""


class SettingsError(JitcImportError, ValueError):
    """A setting that has no meaning."""


class CompletionError(JitcImportError):
    """Stubs that could not be completed; `reasons` maps the key of each to the cause."""

    def __init__(
        self,
        message: str,
        *,
        reasons: Mapping[str, str] | None = None,
        name: str | None = None,
        path: str | None = None,
        lineno: int | None = None,
    ) -> None:
        super().__init__(message, name=name, path=path, lineno=lineno)
        self.reasons = dict(reasons or {})


class LockedError(CompletionError):
    """A stub is missing or stale and the mode forbids to call a model."""


class EndpointError(CompletionError):
    """The endpoint gave no usable answer: no key, no connection, refused, cut off, too slow.

    `is_unanswered` says that nobody could be asked, or gave a whole reply: what was asked for is not what is wrong.
    """

    is_unanswered = False


class BudgetError(CompletionError):
    """The budget of requests or tokens of this process is spent."""


class MockError(JitcError):
    """The model gave no valid answer to a call of a mocked function."""


class WeightsError(JitcError):
    """The weights of a local model cannot be downloaded, kept or removed."""
