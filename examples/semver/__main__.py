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
    """The parser of the command line, with prog="semver".

    Three required subcommands, their name stored in `command`: `sort` with one or more `versions` (nargs="+");
    `bump` with `part` (choices major, minor, patch) and `version`; `match` with `range` and one or more `versions`.

    >>> build_parser().parse_args(["bump", "minor", "1.4.2"])
    Namespace(command='bump', part='minor', version='1.4.2')
    """


# jitc: complete
def bump(version: Version, part: str) -> Version:
    """The next version for `part`, which is "major", "minor" or "patch"; any other part is a ValueError.

    >>> str(bump(parse("1.4.2"), "minor"))
    '1.5.0'
    """


# jitc: complete
def run(arguments: argparse.Namespace) -> list[str]:
    """The lines to print for what build_parser() parsed.

    `sort` gives the versions in ascending order, `bump` the one bumped version, `match` those of the versions, in
    the order given, that satisfy the range. Each version is parsed first.

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
