"""What tokens cost where the maker of a model sells them: US dollars for a million read, and a million written.

Plain list prices, without rebates for cached or batched requests, of https://developers.openai.com/api/docs/pricing,
https://platform.claude.com/docs/en/about-claude/pricing and https://ai.google.dev/gemini-api/docs/pricing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    Price = tuple[float, float]

AS_OF = "mid-2026"
"""When these were the prices; those of OpenAI and Google were read in several copies of their pages, which agree."""

PRICES: dict[str, dict[str, tuple[float, float]]] = {
    "api.openai.com": {
        "gpt-5.4": (2.50, 15.00),
        "gpt-5.4-mini": (0.75, 4.50),
        "gpt-5.4-nano": (0.20, 1.25),
        "gpt-5": (1.25, 10.00),
        "gpt-5-mini": (0.25, 2.00),
        "gpt-4.1": (2.00, 8.00),
    },
    "api.anthropic.com": {
        "claude-opus-4-6": (5.00, 25.00),
        "claude-opus-4-5": (5.00, 25.00),
        "claude-sonnet-4-6": (3.00, 15.00),
        "claude-sonnet-4-5": (3.00, 15.00),
        "claude-haiku-4-5": (1.00, 5.00),
    },
    "generativelanguage.googleapis.com": {
        "gemini-3-flash-preview": (0.50, 3.00),
    },
}
"""By the host that sells them: a model of the same name elsewhere has another price, or none."""

_VERSION = re.compile(r"-(\d{4}-\d{2}-\d{2}|\d{8}|latest)$")


def price_of(host: str, model: str, own: Mapping[str, Price]) -> Price | None:
    """The price of a model at a host; the user's `own`, by the model's name, go before. None where none is known.

    Of several names of a model the longest counts: with its version, without it, without the vendor before it.
    """
    plain = _VERSION.sub("", model)
    known = PRICES.get(host, {})
    names = (model, plain, plain.rpartition("/")[2])
    return next((own[name] for name in names if name in own), None) or known.get(plain)
