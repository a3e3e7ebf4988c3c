"""One version: parsing, printing, order, and the next version."""
# jitc: enable

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering

PATTERN = re.compile(
    r"(?P<major>0|[1-9][0-9]*)\.(?P<minor>0|[1-9][0-9]*)\.(?P<patch>0|[1-9][0-9]*)"
    r"(?:-(?P<prerelease>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
    r"(?:\+(?P<build>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
)


class InvalidVersionError(ValueError):
    """A text that is no semantic version."""


@total_ordering
@dataclass(frozen=True, eq=False)
class Version:
    """A semantic version; `prerelease` and `build` hold the dot-separated identifiers, as text."""

    major: int
    minor: int
    patch: int
    prerelease: tuple[str, ...] = ()
    build: tuple[str, ...] = ()

    # jitc: complete
    def __str__(self) -> str:
        """The version as text, beginning with `major.minor.patch`.

        If there is a prerelease, then "-" and its identifiers joined by dots; if there is a build, then "+" and its
        identifiers joined by dots.

        >>> str(Version(1, 2, 3))
        '1.2.3'
        >>> str(Version(1, 0, 0, ("rc", "1"), ("linux",)))
        '1.0.0-rc.1+linux'
        """

    # jitc: complete
    def __eq__(self, other: object) -> bool:
        """Whether both have the same precedence_key(), so that the build does not count.

        Return NotImplemented if `other` is no Version.

        >>> Version(1, 0, 0, (), ("a",)) == Version(1, 0, 0, (), ("b",))
        True
        >>> Version(1, 0, 0) == "1.0.0"
        False
        """

    # jitc: complete
    def __lt__(self, other: object) -> bool:
        """Whether the precedence_key() of this version is smaller than that of the other.

        Return NotImplemented if `other` is no Version.

        >>> Version(1, 0, 0, ("alpha",)) < Version(1, 0, 0) < Version(1, 0, 1)
        True
        """

    def __hash__(self) -> int:  # jitc: complete
        """The hash of precedence_key()."""

    # jitc: complete
    def precedence_key(self) -> tuple[int, int, int, int, tuple[tuple[int, int, str], ...]]:
        """A tuple whose order is the order of versions.

        It is (major, minor, patch, released, identifiers): `released` is 1 if the prerelease is empty, else 0;
        `identifiers` is a tuple with identifier_key(identifier) for each identifier of the prerelease.

        >>> Version(1, 2, 3).precedence_key()
        (1, 2, 3, 1, ())
        >>> Version(1, 2, 3, ("rc", "1")).precedence_key()
        (1, 2, 3, 0, ((1, 0, 'rc'), (0, 1, '')))
        """

    # jitc: complete
    def next_major(self) -> Version:
        """The next major version: Version(major + 1, 0, 0), its prerelease and build left empty.

        >>> str(Version(1, 2, 3).next_major())
        '2.0.0'
        """

    # jitc: complete
    def next_minor(self) -> Version:
        """The next minor version: Version(major, minor + 1, 0), its prerelease and build left empty.

        >>> str(Version(1, 2, 3).next_minor())
        '1.3.0'
        """

    # jitc: complete
    def next_patch(self) -> Version:
        """The next patch version: Version(major, minor, patch + 1), its prerelease and build left empty.

        If this version has a prerelease, it is Version(major, minor, patch) instead: the patch stays.

        >>> str(Version(1, 2, 3).next_patch())
        '1.2.4'
        >>> str(Version(1, 2, 3, ("rc", "1")).next_patch())
        '1.2.3'
        """


# jitc: complete
def identifier_key(identifier: str) -> tuple[int, int, str]:
    """The order of one prerelease identifier: numbers come before words.

    A number (decimal digits only) gives (0, its value, ""), a word gives (1, 0, the word).

    >>> identifier_key("11")
    (0, 11, '')
    >>> identifier_key("beta")
    (1, 0, 'beta')
    """


# jitc: complete
def parse(text: str) -> Version:
    """The version in a text: the whole text must match PATTERN (use PATTERN.fullmatch).

    Raises InvalidVersionError, with the text in its message, if it does not match. The groups "prerelease" and
    "build" are split at the dots into tuples of texts; a group that is None gives the empty tuple.

    >>> parse("1.0.0-rc.1+linux")
    Version(major=1, minor=0, patch=0, prerelease=('rc', '1'), build=('linux',))
    >>> parse("1.2.3")
    Version(major=1, minor=2, patch=3, prerelease=(), build=())
    >>> parse("1.2")
    Traceback (most recent call last):
    ...
    semver.version.InvalidVersionError: not a semantic version: '1.2'
    """
