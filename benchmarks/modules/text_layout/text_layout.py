"""Laying out plain text: wrapping, justifying, columns."""

# jitc: enable
from __future__ import annotations


def wrap(text: str, width: int) -> list[str]:  # jitc: complete
    """Break a text into lines of at most `width` characters, between words.

    Runs of white space count as one space. A word that is longer than a line stands on a line of its own.

    >>> wrap("the quick brown  fox jumps", 10)
    ['the quick', 'brown fox', 'jumps']
    >>> wrap("a extraordinary b", 5)
    ['a', 'extraordinary', 'b']
    """


def justify(line: str, width: int) -> str:  # jitc: complete
    """Stretch a line to `width` by more spaces between its words, the left gaps getting one more where it does not divide.

    A line of one word, or none, is returned as it is.

    >>> justify("a b c", 8)
    'a   b  c'
    """


def justify_paragraph(text: str, width: int) -> str:  # jitc: complete
    """Wrap a text and justify all lines but the last; the lines are joined by line breaks.

    >>> print(justify_paragraph("the quick brown fox", 11))
    the   quick
    brown fox
    """


def indent(text: str, prefix: str, first: str | None = None) -> str:  # jitc: complete
    """Put a prefix before each line that is not empty; `first`, if given, before the first line instead.

    indent("a\\n\\nb", "> ") == "> a\\n\\n> b"
    """


def align(cells: list[str], widths: list[int], alignment: str) -> str:  # jitc: complete
    """One row of a table: each cell padded to its width, two spaces between cells, no spaces at the end.

    `alignment` has a letter for each cell: l, r or c, as str.ljust, str.rjust and str.center pad.

    >>> align(["ab", "7"], [4, 3], "lr")
    'ab      7'
    """


def table(rows: list[list[str]], alignment: str) -> str:  # jitc: complete
    """A table of rows of equal length; each column is as wide as its widest cell.

    >>> print(table([["name", "age"], ["Ann", "7"]], "lr"))
    name  age
    Ann     7
    """


def columns(items: list[str], count: int) -> list[list[str]]:  # jitc: complete
    """Distribute items over `count` columns, downwards; returns the rows.

    All columns but the last ones are filled to the same height. Example: columns(["a", "b", "c", "d", "e"], 2)
    gives [["a", "d"], ["b", "e"], ["c"]].
    """


def truncate(text: str, width: int) -> str:  # jitc: complete
    """Cut a text that is longer than `width` so that it fits with "..." at its end, which is part of the width.

    Spaces before the dots are removed.

    >>> truncate("hello world", 9)
    'hello...'
    >>> truncate("hello", 5)
    'hello'
    """
