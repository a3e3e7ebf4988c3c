"""A small template language: {{ name | filter }} and {% if %}, {% for %}, {% else %}, {% end %}."""

# jitc: enable all
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

TOKEN = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})", re.DOTALL)


class TemplateError(ValueError):
    """A template is wrong."""


@dataclass
class Block:
    """A tag of a template. `kind` is "text", "value", "if" or "for"; `head` is the text, or what stands in the tag."""

    kind: str
    head: str = ""
    body: list[Block] = field(default_factory=list)
    otherwise: list[Block] = field(default_factory=list)


def tokens(source: str) -> Iterator[tuple[str, str]]:
    """The pieces of a template as (kind, content): kind is "text", "value" or "tag", content of tags stripped.

    Empty texts are left out.

    >>> list(tokens("Hi {{ name }}!{% end %}"))
    [('text', 'Hi '), ('value', 'name'), ('text', '!'), ('tag', 'end')]
    """


def lookup(path: str, values: dict[str, Any]) -> Any:
    """The value at a dotted path: "user.name" is values["user"]["name"], or an attribute where it is no dictionary.

    A part that is a number is the index of a list. Raises TemplateError for a path that leads nowhere.

    >>> lookup("users.1.name", {"users": [{"name": "Ann"}, {"name": "Bob"}]})
    'Bob'
    """


def apply_filter(name: str, value: Any) -> Any:
    """The filters: upper, lower, title, length, and join, which joins items with ", ".

    Raises TemplateError for any other name.

    >>> apply_filter("join", [1, 2])
    '1, 2'
    """


def evaluate(expression: str, values: dict[str, Any]) -> Any:
    """A path with any number of filters after it: "user.name | lower | title".

    >>> evaluate("user.name | lower | title", {"user": {"name": "ANN"}})
    'Ann'
    """


def parse(source: str) -> list[Block]:
    """The blocks of a template.

    Raises TemplateError for an unknown tag, an `else` or `end` without a beginning, and a beginning without `end`.

    >>> parse("a{% if x %}b{% else %}c{% end %}")[1]
    Block(kind='if', head='x', body=[Block(kind='text', head='b', body=[], otherwise=[])], \
otherwise=[Block(kind='text', head='c', body=[], otherwise=[])])
    """


def render_blocks(blocks: list[Block], values: dict[str, Any]) -> str:
    """The text of blocks. `for` has a head like "item in items", and renders `otherwise` if there are no items."""


def render(source: str, **values: Any) -> str:
    """The text of a template.

    >>> render("{% for n in names %}{{ n | upper }} {% else %}nobody{% end %}", names=["ann", "bob"])
    'ANN BOB '
    """
