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
def build_parser() -> argparse.ArgumentParser:
    """The parser of the command line: a subcommand "sort", "bump" or "match", stored in `command`.

    "sort" takes one or more `versions`; "bump" takes a `part` (one of "major", "minor", "patch") and a `version`;
    "match" takes a `range` and one or more `versions`.

    >>> build_parser().parse_args(["bump", "minor", "1.4.2"])
    Namespace(command='bump', part='minor', version='1.4.2')
    """
    parser = argparse.ArgumentParser(prog="semver")
    commands = parser.add_subparsers(dest="command", required=True)
    sort = commands.add_parser("sort")
    sort.add_argument("versions", nargs="+")
    # likewise: bump with part (choices=) and version; match with range and versions (nargs="+")


# jitc: complete
def bump(version: Version, part: str) -> Version:
    """What version.next_major(), next_minor() or next_patch() gives, as `part` says; another part is a ValueError.

    >>> str(bump(parse("1.4.2"), "minor"))
    '1.5.0'
    """


# jitc: complete
def run(arguments: argparse.Namespace) -> list[str]:
    """The lines to print for what build_parser() parsed.

    "sort" gives the versions in ascending order; "bump" gives one line, the bumped arguments.version; "match" gives
    those of the versions that satisfy arguments.range.

    >>> run(build_parser().parse_args(["sort", "1.10.0", "1.9.0"]))
    ['1.9.0', '1.10.0']
    >>> run(build_parser().parse_args(["bump", "minor", "1.4.2"]))
    ['1.5.0']
    >>> run(build_parser().parse_args(["match", "^1.2.0", "1.1.0", "1.3.0", "2.0.0"]))
    ['1.3.0']
    """
    if arguments.command == "bump":
        return [str(bump(parse(arguments.version), arguments.part))]
    versions = [parse(text) for text in arguments.versions]
    # now sort, or match


def main() -> int:
    try:
        print("\n".join(run(build_parser().parse_args())))
    except InvalidVersionError as error:
        print(f"semver: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
