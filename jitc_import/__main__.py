"""`python -m jitc_import COMMAND …`, and the console script `jitc`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command that `sys.argv` names; returns the exit status."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["run"]:
        from jitc_import.hooks.runner import run

        return run(arguments[1:])
    from jitc_import.cli.main import main as run_command

    return run_command(arguments)


if __name__ == "__main__":
    sys.exit(main())
