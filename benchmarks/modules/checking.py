"""What the hidden checks of the benchmark's modules are written with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Check = Callable[[Any], None]


def tests(*stubs: str) -> Callable[[Check], Check]:
    """Name the stubs, by key, that a check judges; a check is a function of the module, and fails by raising."""

    def named(check: Check) -> Check:
        check.stubs = stubs  # type: ignore[attr-defined]
        return check

    return named


def raises(error: type[Exception], call: Callable[..., object], *arguments: object) -> bool:
    """Whether a call ends with this error."""
    try:
        call(*arguments)
    except error:
        return True
    except Exception:  # noqa: BLE001 -- another error is the wrong one, whatever it is
        return False
    return False
