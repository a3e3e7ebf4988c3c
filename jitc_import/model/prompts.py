"""What a model is told. The templates stand first; the functions below only fill them in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

from jitc_import.model.fences import fence_for
from jitc_import.source.definitions import qualname_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jitc_import.source.stubs import Stub

SYSTEM = "You are a helpful programming assistant."

TASK = """\
Complete {these} in the following Python module. {manner}
{fence}python
{code}
{fence}{notes}"""

AT_ONCE = "Reply with {whole} in one ```python block."

THINKING = """\
First explain in a few short steps what {these} must do, going through an example and the edge cases. \
Then give {whole} in one ```python block."""

SEVERAL = """\
These are the functions to write; leave out the rest of the module:
{functions}"""

METHODS = "Write a method inside its class, and nothing else of that class."

DRAFTS = "Code that is already in a body is a draft: it shows what is meant, and need not be kept."

HINTS = "Comments in a function are instructions from its author."

MOCKED = """\
A mock of `{name}`, which may have been wrong, was answered so:
{calls}"""

REPAIR = """\
{count} not right yet:
{failures}

Say in a sentence what is wrong, then correct {these}. Reply with {whole} in one ```python block."""

LONGEST_REASON = 600
"""Characters of a reason that a model is told."""

LONGEST_REPLY = 20_000
"""Characters of a reply that a model is shown again."""


class Message(TypedDict):
    """One message of a conversation, as chat completions take it."""

    role: Literal["system", "user", "assistant"]
    content: str


def check_template(template: str) -> None:
    """Raise ValueError for a prompt template that has no place for the code."""
    if "{code}" not in template:
        raise ValueError("a prompt template must hold {code}, where the code of the module goes")


def first_messages(
    context: str,
    stubs: Sequence[Stub],
    template: str | None = None,
    *,
    thinking: bool = False,
    mocked: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Message, ...]:
    """The first request for some stubs; `context` is the module as the model may see it, the stubs in place.

    `mocked` holds, by key, calls and answers of the mock that a stub was before.
    With `thinking` the model is to explain before it writes: small ones then get more right, and write thrice as much.
    A user's `template` stands for the whole user message, its `{code}` for the context. Raises ValueError where it
    holds none.
    """
    if template is None:
        manner = _filled(THINKING if thinking else AT_ONCE, these=_these(stubs), whole=_whole(stubs))
        told = {
            "these": _these(stubs),
            "manner": manner,
            "fence": fence_for(context),
            "notes": _notes(stubs, mocked or {}),
        }
        return _message("system", SYSTEM), _message("user", _filled(TASK, **told, code=context.strip("\n")))
    check_template(template)
    return _message("system", SYSTEM), _message("user", _filled(template, code=context))


def repair_messages(
    messages: Sequence[Message], reply: str, failures: Mapping[str, str], stubs: Sequence[Stub]
) -> tuple[Message, ...]:
    """The conversation so far, and a request for those of `stubs` that failed; `failures` says why, by key."""
    failed = [stub for stub in stubs if stub.key in failures]
    lines = "\n".join(f"{_function(stub)}\n  {_shortened(failures[stub.key])}" for stub in failed)
    count = "This function is" if len(failed) == 1 else "These functions are"
    told = _filled(
        REPAIR, count=count, these="it" if len(failed) == 1 else "them", whole=_whole(failed), failures=lines
    )
    shown = reply.strip() or "(nothing)"  # some servers refuse a message without content
    if len(shown) > LONGEST_REPLY:
        shown = f"{shown[:LONGEST_REPLY]}\n…"
    return *messages, _message("assistant", shown), _message("user", told)


def definitions_block(definitions: Sequence[str]) -> str:
    """Definitions as a model would have written them: one block of Python."""
    code = "\n\n\n".join(definitions)
    fence = fence_for(code)
    return f"{fence}python\n{code}\n{fence}"


def _function(stub: Stub) -> str:
    """A function by name and signature, decorators before it where they tell it from another of its name."""
    decorators = " ".join(f"{decorator} " for decorator in stub.decorators)
    return f"- `{_name(stub)}`: `{decorators}{' '.join(stub.signature.split())}`"


def _name(stub: Stub) -> str:
    return qualname_of(stub.key).replace(".<locals>", "")


def _these(stubs: Sequence[Stub]) -> str:
    return f"the function `{_name(stubs[0])}`" if len(stubs) == 1 else f"these {len(stubs)} functions"


def _whole(stubs: Sequence[Stub]) -> str:
    """What a reply is to hold: small models write better bodies under a docstring that they have just repeated."""
    return "the whole function" if len(stubs) == 1 else "the whole functions"


def _notes(stubs: Sequence[Stub], mocked: Mapping[str, Sequence[str]]) -> str:
    notes = [_filled(SEVERAL, functions="\n".join(map(_function, stubs)))] * (len(stubs) > 1)
    notes += [METHODS] * any("." in _name(stub) for stub in stubs)
    notes += [DRAFTS] * any(stub.draft for stub in stubs) + [HINTS] * any(stub.hints for stub in stubs)
    told = [(_name(stub), mocked[stub.key]) for stub in stubs if mocked.get(stub.key)]
    notes += [_filled(MOCKED, name=name, calls="\n".join(f"- `{call}`" for call in calls)) for name, calls in told]
    return "".join(f"\n\n{note}" for note in notes)


def _shortened(reason: str) -> str:
    reason = reason.strip().replace("\n", "\n  ")
    return reason if len(reason) <= LONGEST_REASON else f"{reason[:LONGEST_REASON]}…"


def _filled(template: str, **values: str) -> str:
    """A template with its fields filled in, one after the other; braces in code mean nothing here."""
    for name, value in values.items():
        template = template.replace("{" + name + "}", value)
    return template


def _message(role: Literal["system", "user", "assistant"], content: str) -> Message:
    return {"role": role, "content": content}
