"""What a model is told of a call that it is to answer. The templates stand first."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jitc_import.mocks.answer import AnswerType
    from jitc_import.model.prompts import Message

SYSTEM = "You stand in for a Python function that is not written yet. You are shown the function and one call of it, \
and answer with what that call returns."

CALL = """\
```python
{source}
```

What does this call return?

```python
{call}
```{receiver}"""

RECEIVER = "\n\nThere, `{name}` is {shown}."

IN_SCHEMA = "Reply with nothing but JSON of this schema:\n{schema}"

RAISING = 'Where the function is to raise an exception, reply \
{"{key}": null, "raise": {"exception": NAME, "message": TEXT}} instead.'

ANYTHING = "Reply with nothing but the value, as JSON, or as plain text if it is a text."

AGAIN = "That is no answer: {problem}\n\n{manner}"

FIELDS = ("name", "annotations", "docstring", "func_args", "func_kwargs", "source", "call")
"""What a user's own template may hold in braces."""

_FIELD = re.compile("{(" + "|".join([*FIELDS, "receiver"]) + ")}")


def check_template(template: str) -> None:
    """Raise ValueError for a prompt template in which nothing of the call has a place."""
    if not _FIELD.search(template):
        named = ", ".join(f"{{{name}}}" for name in FIELDS)
        raise ValueError(f"prompt_template must hold at least one of {named}")


def call_messages(template: str | None, values: Mapping[str, str], answer: AnswerType) -> tuple[Message, ...]:
    """The request for one call. `values` are those of the fields, and what the method is called on, if any."""
    name, shown = values["receiver_name"], values["receiver"]
    told = RECEIVER.replace("{name}", name).replace("{shown}", shown) if name else ""
    asked = _FIELD.sub(lambda found: {**values, "receiver": told}[found[1]], CALL if template is None else template)
    return (
        {"role": "system", "content": f"{SYSTEM} {manner_of(answer)}"},
        {"role": "user", "content": asked},
    )


def again_messages(messages: tuple[Message, ...], reply: str, problem: str, answer: AnswerType) -> tuple[Message, ...]:
    """The request once more, after a reply that was no answer."""
    asked = AGAIN.replace("{manner}", manner_of(answer)).replace("{problem}", problem)
    return (
        *messages,
        {"role": "assistant", "content": reply.strip() or "(nothing)"},
        {"role": "user", "content": asked},
    )


def manner_of(answer: AnswerType) -> str:
    """How the reply is to be written."""
    schema = answer.shown_schema()
    manner = ANYTHING
    if schema is not None:
        manner = IN_SCHEMA.replace("{schema}", json.dumps(schema, ensure_ascii=False))
    if not answer.exceptions or answer.never:
        return manner
    return f"{manner}\n{RAISING.replace('{key}', answer.key)} NAME is one of: {', '.join(answer.exceptions)}."
