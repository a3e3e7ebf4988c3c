"""`model`: the weights of a local model: download, list, locate, remove; `pull` alone uses the network."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from jitc_import.errors import EndpointError, WeightsError
from jitc_import.local.catalogue import CATALOGUE, LARGE, SMALL, Weights, pull_command
from jitc_import.local.measure import say, sized
from jitc_import.local.part import part_size
from jitc_import.local.pull import digest_fault, pull, remove
from jitc_import.local.weights import VARIABLE, fault_of, local_model, models_folder

if TYPE_CHECKING:
    from collections.abc import Callable


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its own commands to the command line."""
    parser = commands.add_parser("model", help="the weights of a local model", description=__doc__)
    actions = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    pulling = actions.add_parser(
        "pull", help=f"download {LARGE.name} ({sized(LARGE.bytes)})", description=_pull.__doc__
    )
    pulling.add_argument("--small", action="store_true", help=f"{SMALL.name} instead ({sized(SMALL.bytes)})")
    pulling.set_defaults(command=_pull)
    listing = actions.add_parser("list", help="show which weights are installed", description=_list.__doc__)
    listing.add_argument("--check", action="store_true", help="read the files and compare their SHA-256, too")
    listing.set_defaults(command=_list)
    locating = actions.add_parser(
        "path", help="print the path of the file that `local` means", description=_path.__doc__
    )
    locating.set_defaults(command=_path)
    removing = actions.add_parser("remove", help="remove downloaded weights", description=_remove.__doc__)
    removing.add_argument("weights", nargs="*", type=_named, metavar="NAME", help="which (default: all)")
    removing.set_defaults(command=_remove)


def _pull(arguments: argparse.Namespace) -> int:
    """Download weights. What an interrupted run has downloaded is kept, and the next run goes on from there."""
    weights = SMALL if arguments.small else LARGE
    try:
        path = pull(weights, models_folder())
    except KeyboardInterrupt:
        raise KeyboardInterrupt(_kept(weights)) from None
    say(f"{weights.name} is installed: {path}")
    return 0


def _kept(weights: Weights) -> str:
    """What an interruption leaves, and the next step."""
    part = part_size(os.path.join(models_folder(), weights.file))
    if not part:
        return f"nothing was downloaded yet. Next: `{pull_command(weights)}` begins anew"
    return f"{sized(part)} of {sized(weights.bytes)} are kept. Next: `{pull_command(weights)}` goes on from there"


def _list(arguments: argparse.Namespace) -> int:
    """Show the weights, and which file `local` means; returns 1 where one is damaged."""
    from rich.console import Console
    from rich.table import Table

    look = digest_fault if arguments.check else fault_of
    states = [_state(weights, look) for weights in CATALOGUE]
    table = Table("model", "size", "state", box=None, pad_edge=False, header_style="bold")
    for weights, (_, state) in zip(CATALOGUE, states, strict=True):
        table.add_row(weights.name, sized(weights.bytes), state)
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False, markup=False, soft_wrap=True)
    console.print(table)
    meant, local = _local()
    print(f"\nfolder: {models_folder()}\nlocal: {local}")
    return 0 if meant and all(sound for sound, _ in states) else 1


def _path(_: argparse.Namespace) -> int:
    """Print the path of the GGUF file that `local` means, and nothing else; returns 1 where there is none."""
    path = local_model()
    if path is None:
        raise WeightsError(f"no local model is installed. Next: `jitc model pull`, or set {VARIABLE} to a GGUF file")
    print(path)
    return 0


def _remove(arguments: argparse.Namespace) -> int:
    """Remove downloaded weights, unfinished downloads included, and say what that freed; nothing is asked."""
    folder = models_folder()
    for weights in dict.fromkeys(arguments.weights or CATALOGUE):
        _spare_chosen(os.path.join(folder, weights.file))
        freed = remove(weights, folder)
        say(f"{weights.name}: {f'removed, {sized(freed)} freed' if freed else 'nothing to remove'}")
    return 0


def _spare_chosen(path: str) -> None:
    """Refuse to remove the very file that the user has set, which a variable would then name in vain."""
    chosen = os.path.abspath(os.path.expanduser(os.environ.get(VARIABLE) or os.devnull))
    if os.path.exists(chosen) and os.path.exists(path) and os.path.samefile(chosen, path):
        raise WeightsError(f"{path} is what {VARIABLE} is set to, and stays. Next: unset {VARIABLE} first")


def _state(weights: Weights, look: Callable[[str, Weights], str | None]) -> tuple[bool, str]:
    """Whether nothing is wrong with weights, and how they stand, in words."""
    path = os.path.join(models_folder(), weights.file)
    if os.path.lexists(path):
        fault = look(path, weights)
        mend = f"; `{pull_command(weights)}` downloads it again"
        return not fault, f"damaged: the file {fault}{mend}" if fault else "installed"
    if part := part_size(path):
        return True, f"{sized(part)} downloaded; `{pull_command(weights)}` goes on"
    return True, f"not installed; `{pull_command(weights)}`"


def _local() -> tuple[bool, str]:
    """Whether `local` means something sound or nothing, and what, in words."""
    try:
        path = local_model()
    except EndpointError as error:
        return False, str(error)
    origin = f" (from {VARIABLE})" if os.environ.get(VARIABLE) else ""
    return True, f"{path}{origin}" if path else "nothing yet"


def _named(name: str) -> Weights:
    for weights in CATALOGUE:
        if weights.name == name:
            return weights
    raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(weights.name for weights in CATALOGUE)}")
