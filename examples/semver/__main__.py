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
    """The parser of the command line, with prog="semver" and subparsers (dest="command", required=True).

    The subparser "sort" has the argument "versions" with nargs="+". The subparser "bump" has the argument "part" with
    choices "major", "minor" and "patch", and the argument "version". The subparser "match" has the argument "range",
    and the argument "versions" with nargs="+". Add them with add_argument.

    >>> build_parser().parse_args(["bump", "minor", "1.4.2"])
    Namespace(command='bump', part='minor', version='1.4.2')
    """


# jitc: complete
def bump(version: Version, part: str) -> Version:
    """What version.next_major(), next_minor() or next_patch() gives, as `part` says; another part is a ValueError.

    >>> str(bump(parse("1.4.2"), "minor"))
    '1.5.0'
    """


# jitc: complete
def run(arguments: argparse.Namespace) -> list[str]:
    """The lines to print for what build_parser() parsed: versions as text (`str`).

    For the command "sort": each of arguments.versions is parsed, and they are sorted as Version objects, then made
    text. For "bump": one line, the bumped parsed arguments.version, as text. For "match": the texts of those parsed
    versions, in their order, that satisfy arguments.range.

    >>> run(build_parser().parse_args(["sort", "1.10.0", "1.9.0"]))
    ['1.9.0', '1.10.0']
    >>> run(build_parser().parse_args(["match", "^1.2.0", "1.1.0", "1.3.0", "2.0.0"]))
    ['1.3.0']
    """


def main() -> int:
    try:
        print("\n".join(run(build_parser().parse_args())))
    except InvalidVersionError as error:
        print(f"semver: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
