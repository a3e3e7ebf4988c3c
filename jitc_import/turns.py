"""The models that take turns on a module: a cheap one first, each further one for what those before it failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitc_import.model.client import shared_client

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jitc_import.candidacy import Candidacy
    from jitc_import.model.client import Client
    from jitc_import.settings import Settings
    from jitc_import.source.stubs import Stub
    from jitc_import.wish import Wish


@dataclass(frozen=True)
class Turn:
    """The turn of one model: the way to it, whether it is the `first`, and the model `after` it; None for the last."""

    client: Client
    first: bool
    after: str | None

    def takes(self, stub: Stub, tried: Mapping[str, Candidacy]) -> bool:
        """Whether this model is asked for a stub, after what was tried before its turn."""
        if self.first:
            return True
        left = stub.key not in tried or not tried[stub.key].accepted
        return left and stub.options.model is None

    def is_last_for(self, stub: Stub) -> bool:
        """Whether no other model will be asked for a stub; one whose mark names a model has that alone."""
        return self.after is None or stub.options.model is not None


def turns(settings: Settings, wish: Wish) -> list[Turn]:
    """The turns for a module, in order: one alone where one model is set or a decorator has its own."""
    if wish.client is not None or (wish.options and wish.options.model) or not settings.models:
        return [Turn(shared_client(settings, wish.client), first=True, after=None)]
    clients = [shared_client(settings.for_model(model)) for model in settings.models]
    return [
        Turn(client, number == 0, next(iter(settings.models[number + 1 :]), None))
        for number, client in enumerate(clients)
    ]
