"""In the child: the stubs of other modules that have no body yet, and which of them were called."""

from __future__ import annotations

met: dict[str, int] = {}
"""How often each was called, by `module:qualified name`."""

_MOST = 20
"""Names that are told."""


def absent(name: str) -> NotImplementedError:
    """What the stand-in for the stub `name` (`module:qualified name`) raises; takes notice of the call."""
    met[name] = met.get(name, 0) + 1
    error = NotImplementedError(f"{name.replace(':', '.')} has no body yet")
    error._jitc_absent = name  # type: ignore[attr-defined]  # noqa: SLF001 -- ours: `absent_in` looks for it
    return error


def met_since(before: dict[str, int]) -> list[str]:
    """The stubs that were called since `met` was as in `before`."""
    return [name for name, count in met.copy().items() if count != before.get(name)][:_MOST]


def absent_in(error: BaseException | None) -> list[str]:
    """The stubs whose stand-ins raised an exception, or what it came from: fixtures raise again what they raised."""
    found: list[str] = []
    while error is not None and len(found) < _MOST:
        found.append(getattr(error, "_jitc_absent", ""))
        error = error.__cause__ or error.__context__
    return [name for name in found if name]
