"""Inputs on which candidate bodies are compared: made from the examples of a stub, or from its annotations."""

from __future__ import annotations

from jitc_import.checks.inputs.making import Input, made_inputs

__all__ = ["Input", "made_inputs"]
