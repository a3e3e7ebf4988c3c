"""The command line: sort versions, bump one, or pick those that a range admits.

$ python -m jitc_import run -m semver sort 1.10.0 1.9.0 1.10.0-rc.1
$ python -m jitc_import run -m semver bump minor 1.4.2
$ python -m jitc_import run -m semver match "^1.2.0" 1.1.0 1.3.0 2.0.0
"""
# jitc: enable

from __future__ import annotations

import argparse
import sys

from . import InvalidVersionError, Version, parse, satisfies


# jitc: complete
def bump(version: Version, part: str) -> Version:
    """Give version.next_major() for the part "major", next_minor() for "minor", next_patch() for "patch".

    Another part is a ValueError.

    >>> str(bump(parse("1.4.2"), "minor"))
    '1.5.0'
    >>> str(bump(parse("2.0.0-rc.1"), "patch"))
    '2.0.0'
    """


# jitc: complete
def in_order(texts: list[str]) -> list[str]:
    """Parse each text to a version, sort the versions, and return the `str` of each.

    >>> in_order(["1.10.0", "1.9.0", "1.10.0-rc.1"])
    ['1.9.0', '1.10.0-rc.1', '1.10.0']
    """


# jitc: complete
def matching(texts: list[str], wanted: str) -> list[str]:
    """The texts, in the order given, whose parsed version satisfies the range `wanted`; they are not sorted.

    >>> matching(["1.1.0", "1.10.0", "1.3.0", "2.0.0"], "^1.2.0")
    ['1.10.0', '1.3.0']
    """


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="semver", description="Sort, bump and match semantic versions.")
    commands = parser.add_subparsers(dest="command", required=True)
    sort = commands.add_parser("sort")
    sort.add_argument("versions", nargs="+")
    bump = commands.add_parser("bump")
    bump.add_argument("part", choices=("major", "minor", "patch"))
    bump.add_argument("version")
    match = commands.add_parser("match")
    match.add_argument("range")
    match.add_argument("versions", nargs="+")
    return parser


def run(arguments: argparse.Namespace) -> list[str]:
    if arguments.command == "bump":
        return [str(bump(parse(arguments.version), arguments.part))]
    if arguments.command == "match":
        return matching(arguments.versions, arguments.range)
    return in_order(arguments.versions)


def main() -> int:
    try:
        print("\n".join(run(build_parser().parse_args())))
    except InvalidVersionError as error:
        print(f"semver: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
