"""A spec whose `cached` is None where no bytecode could be kept: Python's own would name a file that is not there."""

from __future__ import annotations

from _frozen_importlib import ModuleSpec


class UncachedSpec(ModuleSpec):
    """Python computes `cached` from the origin while it is None; this one does not."""

    @property
    def cached(self) -> str | None:
        """The file that the bytecode is cached in, if any."""
        return self._cached

    @cached.setter
    def cached(self, path: str | None) -> None:
        self._cached = path


def forget_cached(spec: ModuleSpec) -> None:
    """Have `spec.cached` be None."""
    if type(spec) is ModuleSpec:
        spec.__class__ = UncachedSpec
        spec.cached = None
