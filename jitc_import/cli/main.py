"""The command line: which command is meant, and the exit code.

0 done, 1 something is missing, stale or failed, 2 usage, 130 interrupted. Results go to stdout, notices to stderr.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jitc_import.errors import JitcError, JitcWarning, SettingsError
from jitc_import.targets import TargetError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COMMANDS = ("compile", "complete", "status", "check", "model")
"""Commands besides `run`; each is a module here."""

EXIT_UNDONE, EXIT_USAGE, EXIT_INTERRUPTED = 1, 2, 130


def main(argv: Sequence[str]) -> int:
    """Run the command that `argv` (without the program's name) asks for; returns the exit code."""
    try:
        arguments = _parser(argv).parse_args(argv)
    except ModuleNotFoundError as error:
        step = "install jitc-import with its dependencies; without them there are `run` and `compile`"
        return _report(JitcError(f"this command needs {error.name}, which is not installed. Next: {step}"), EXIT_UNDONE)
    try:
        with _plain_warnings():
            return int(arguments.command(arguments))
    except (TargetError, SettingsError) as error:
        return _report(error, EXIT_USAGE)
    except JitcError as error:
        return _report(error, EXIT_UNDONE)
    except KeyboardInterrupt as interruption:
        print(f"jitc: interrupted; {str(interruption) or 'what was accepted is kept'}", file=sys.stderr)
        return EXIT_INTERRUPTED


@contextmanager
def _plain_warnings() -> Iterator[None]:
    """Within this, our own warnings are lines like all that a command says, without a line of code."""
    before = warnings.showwarning

    def show(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
        if not issubclass(category, JitcWarning):
            before(message, category, *place, **more)
            return
        from jitc_import.progress import display

        display().say(f"warning: {message}")

    warnings.showwarning = show
    try:
        yield
    finally:
        warnings.showwarning = before


def _report(error: JitcError, code: int) -> int:
    print(f"jitc: {error}", file=sys.stderr)
    return code


def _parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of the command line; where a command is named, only what that needs is imported."""
    parser = argparse.ArgumentParser(prog="jitc", description="Complete stub functions with a language model, once.")
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="run a script or module with the import hook on", add_help=False)
    run.add_argument("what", nargs=argparse.REMAINDER, metavar="SCRIPT.py | -m MODULE [ARGUMENT …]")
    for name in [argv[0]] if argv and argv[0] in COMMANDS else COMMANDS:
        importlib.import_module(f"jitc_import.cli.{name}").add_parser(commands)
    return parser


def _version() -> str:
    from jitc_import import __version__

    return f"jitc-import {__version__}"
