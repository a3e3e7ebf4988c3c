"""The first requests for the stubs of a module: which go together, and what stands around them."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jitc_import.model.prompts import first_messages
from jitc_import.recorded import recorded_calls, told_call
from jitc_import.source.context import render_context, split_stubs
from jitc_import.source.tokens import count_tokens
from jitc_import.template import project_template

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitc_import.model.prompts import Message
    from jitc_import.settings import Settings
    from jitc_import.source.stubs import Options, SourceModule, Stub

    Shown = Callable[[Stub], Stub]

PROMPT_SHARE = 0.6
"""The part of the context window that a prompt may fill; the rest is for the reply."""

REQUEST_SHARE = 0.8
"""The part that the stubs of one request and the bodies expected for them may fill; the rest is what stands around."""


@dataclass(frozen=True)
class Prompt:
    """One request before it is sent: the stubs it asks for, and what it says."""

    stubs: tuple[Stub, ...]
    messages: tuple[Message, ...]

    @property
    def tokens(self) -> int:
        """The size of the messages in tokens, as estimated without a tokenizer."""
        return sum(count_tokens(message["content"]) for message in self.messages)


def first_prompts(
    module: SourceModule, stubs: Sequence[Stub], settings: Settings, options: Options | None, shown: Shown
) -> list[Prompt]:
    """The first requests for some stubs of a module: one, or as few as their options and the context window allow.

    `options` go before those of the stubs; `shown` gives for a stub what is shown of it.
    """
    by_options: dict[Options, list[Stub]] = {}
    for stub in stubs:
        by_options.setdefault(options or stub.options, []).append(stub)
    return [
        first_prompt(module, group, settings, options, shown)
        for same in by_options.values()
        for group in split_stubs(module, same, int(settings.context * REQUEST_SHARE))
    ]


def first_prompt(
    module: SourceModule,
    stubs: Sequence[Stub],
    settings: Settings,
    options: Options | None,
    shown: Shown,
    *,
    thinking: bool = False,
) -> Prompt:
    """The request for stubs that go together, as the first of a conversation."""
    asked = [shown(stub) for stub in stubs]
    every = tuple(map(shown, module.stubs))
    seen = module if every == module.stubs else replace(module, stubs=every)
    context = render_context(seen, asked, int(settings.context * PROMPT_SHARE), search_path(module))
    template = (options or stubs[0].options).prompt_template or project_template(settings, module.path)
    mocked = {stub.key: [told_call(one) for one in recorded_calls(module, stub)] for stub in stubs}
    return Prompt(tuple(stubs), first_messages(context, asked, template, thinking=thinking, mocked=mocked))


def search_path(module: SourceModule) -> list[str]:
    """`sys.path` with the root of a module's code in front: the folder that holds its outermost package."""
    depth = module.name.count(".") + (os.path.basename(module.path) == "__init__.py")
    root = os.path.dirname(os.path.abspath(module.path))
    for _ in range(depth):
        root = os.path.dirname(root)
    return [root, *sys.path]
