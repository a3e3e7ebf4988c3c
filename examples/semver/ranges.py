"""Ranges of versions: `>=1.2.0 <2.0.0`, `^1.2.3`, `~1.2.3`."""
# jitc: enable all

from __future__ import annotations

from dataclasses import dataclass

from .version import Version, parse

OPERATORS = (">=", "<=", "!=", "==", ">", "<")


@dataclass(frozen=True)
class Comparator:
    """One condition on a version: an operator of OPERATORS and the version it compares with."""

    operator: str
    version: Version

    def matches(self, version: Version) -> bool:
        """Whether `version` is in the relation `self.operator` to `self.version`.

        For ">=" that is `version >= self.version`; write one `if` for each of OPERATORS.

        >>> Comparator(">=", parse("1.2.0")).matches(parse("1.3.0"))
        True
        >>> Comparator("!=", parse("1.2.0")).matches(parse("1.2.0"))
        False
        """


def parse_comparator(text: str) -> Comparator:
    """A comparator from text: one of OPERATORS, and right behind it, without a space, a version.

    Go through OPERATORS in order: with the first that the text starts with, the version is what follows it. If the
    text starts with none of them, the operator is "==" and the whole text is the version.

    >>> parse_comparator(">=1.2.0") == Comparator(">=", parse("1.2.0"))
    True
    >>> parse_comparator("1.2.0").operator
    '=='
    """


def caret_range(version: Version) -> tuple[Comparator, Comparator]:
    """`^version`: at least this version, and below the next version that may break something.

    The upper limit is next_major() if major is above 0, else next_minor() if minor is above 0, else next_patch().

    >>> [str(comparator.version) for comparator in caret_range(parse("1.2.3"))]
    ['1.2.3', '2.0.0']
    >>> [comparator.operator for comparator in caret_range(parse("1.2.3"))]
    ['>=', '<']
    >>> str(caret_range(parse("0.2.3"))[1].version)
    '0.3.0'
    """


def tilde_range(version: Version) -> tuple[Comparator, Comparator]:
    """`~version`: at least this version, and below its next_minor().

    >>> [f"{comparator.operator}{comparator.version}" for comparator in tilde_range(parse("1.2.3"))]
    ['>=1.2.3', '<1.3.0']
    """


def parse_range(text: str) -> list[Comparator]:
    """The comparators of a range: conditions that are separated by spaces, all of which must hold.

    Go through the conditions (`text.split()`). If one starts with "^", add the two comparators of caret_range for the
    parsed version behind the "^"; if it starts with "~", likewise those of tilde_range; any other condition adds what
    parse_comparator makes of it.

    >>> [f"{comparator.operator}{comparator.version}" for comparator in parse_range(">=1.0.0 !=1.5.0")]
    ['>=1.0.0', '!=1.5.0']
    >>> len(parse_range("^1.2.3"))
    2
    >>> parse_range("")
    []
    """


def satisfies(version: Version, text: str) -> bool:
    """Whether a version matches every comparator of the range in `text`.

    >>> satisfies(parse("1.4.2"), "^1.2.0")
    True
    >>> satisfies(parse("2.0.0"), "^1.2.0")
    False
    """


def best_match(versions: list[Version], text: str) -> Version | None:
    """The highest of those versions for which satisfies(version, text) is true; None if there is none of them.

    >>> str(best_match([parse("1.0.0"), parse("1.4.0"), parse("2.0.0")], "^1.0.0"))
    '1.4.0'
    >>> best_match([parse("3.0.0")], "^1.0.0") is None
    True
    """
