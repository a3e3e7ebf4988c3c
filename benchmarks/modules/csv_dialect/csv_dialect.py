"""Reading and writing delimited text, without the csv module."""

# jitc: enable
from __future__ import annotations

from dataclasses import dataclass

from jitc_import import llm_complete


@dataclass(frozen=True)
class Dialect:
    """How fields are separated and quoted."""

    delimiter: str = ","
    quote: str = '"'

    @llm_complete()
    def needs_quotes(self, field: str) -> bool:
        """Whether a field holds the delimiter, the quote or a line break, or begins or ends with a space.

        >>> Dialect().needs_quotes("a,b"), Dialect().needs_quotes("a;b")
        (True, False)
        """
        ...

    @llm_complete()
    def write_field(self, field: str) -> str:
        """A field as it is written: in quotes where it needs them, quotes inside it doubled.

        >>> print(Dialect().write_field('the "big" one'))
        "the ""big"" one"
        """
        ...

    @llm_complete()
    def write_row(self, fields: list[str]) -> str:
        """The fields of one row, written and joined; no line break at the end.

        >>> Dialect().write_row(["a", "b,c", ""])
        'a,"b,c",'
        """
        ...

    @llm_complete()
    def read_row(self, line: str) -> list[str]:
        """The fields of one row. An empty line has one empty field.

        Raises ValueError if a quoted field has no end.

        >>> Dialect().read_row('a,"b, c",,"the ""big"" one"')
        ['a', 'b, c', '', 'the "big" one']
        """
        ...


@llm_complete()
def sniff(line: str) -> Dialect:
    """The dialect with that delimiter, of comma, semicolon, tab and bar, that is most frequent in a line.

    The first of them among equals, so a comma where there is none. sniff("a;b;c,d") == Dialect(";")
    """
    ...


@llm_complete()
def read_table(text: str, dialect: Dialect = Dialect()) -> list[dict[str, str]]:
    """The rows below the header row, by the names in the header; empty lines are left out.

    Fields that are missing at the end of a row are empty. Raises ValueError for a row with more fields than the header.

    >>> read_table("name,age\\nAnn,7\\n\\nBob")
    [{'name': 'Ann', 'age': '7'}, {'name': 'Bob', 'age': ''}]
    """
    ...


@llm_complete()
def write_table(rows: list[dict[str, str]], dialect: Dialect = Dialect()) -> str:
    """The opposite of read_table: a header with the keys of the first row, then the rows; each line ends with \\n.

    A key that a row lacks is an empty field. No rows give the empty text.
    """
    ...


@llm_complete()
def convert(value: str) -> int | float | bool | None | str:
    """A field as the value it looks like: whole number, decimal number, true or false (in any case), None if empty.

    convert("7") == 7, convert("2.50") == 2.5, convert("TRUE") is True, convert("x7") == "x7"
    """
    ...
