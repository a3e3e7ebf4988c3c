"""`compile`: prepare the bytecode cache, for images and read-only file systems; no module is run, no model asked."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from _frozen_importlib_external import _calc_mode  # type: ignore[attr-defined]
from typing import TYPE_CHECKING

from jitc_import.errors import JitcError, SettingsError
from jitc_import.hooks.build import build
from jitc_import.hooks.bytecode import CHECKED, TIMED, UNCHECKED, UNMARKED, cache_path, make_entry, stamp_of
from jitc_import.hooks.content import companion_content_stamp, content_stamp
from jitc_import.hooks.kept import ensure_kept
from jitc_import.targets import find_targets

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence
    from types import CodeType

    from jitc_import.targets import Target

KINDS = {"checked-hash": CHECKED, "unchecked-hash": UNCHECKED, "timestamp": TIMED}
"""What makes an entry invalid, by the names that `python -m compileall` has for it."""

LEVELS = (0, 1, 2)

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_CHILD = (
    "import os, sys; sys.path[:] = sys.argv.pop(1).split(os.pathsep); "
    "from jitc_import.__main__ import main; sys.exit(main())"
)


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("compile", help="prepare the bytecode cache of an image", description=__doc__)
    parser.add_argument(
        "paths", nargs="*", default=["."], metavar="PATH", help="files, folders or module names (default: this folder)"
    )
    parser.add_argument(
        *("-o", "--optimize"),
        type=int,
        action="extend",
        nargs="+",
        choices=LEVELS,
        metavar="LEVEL",
        help="levels of optimisation: 0, 1 (python -O), 2 (-OO); default: the level this command runs at",
    )
    parser.add_argument(
        "--invalidation-mode",
        choices=KINDS,
        default="checked-hash",
        help="when an entry counts no more: if the content of the files is another (default), never, or if their times "
        "are others",
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="say only what failed")
    parser.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Compile what the arguments name, at each level; returns 1 where a module could not be."""
    targets = find_targets(arguments.paths)
    levels = sorted(set(arguments.optimize or [sys.flags.optimize]))
    others = [_start(level, arguments) for level in levels if level != sys.flags.optimize]
    failed = False
    told = []
    if len(others) < len(levels):
        failures = [f"jitc: {failure}\n" for failure in _failures(targets, KINDS[arguments.invalidation_mode])]
        failed = bool(failures)
        told.append("".join(failures))
    for other in others:
        told.append(other.communicate()[1])
        failed = failed or other.returncode != 0
    sys.stderr.write("".join(dict.fromkeys(told)))  # mostly the same for each level
    if failed:
        return 1
    if not arguments.quiet:
        many = "1 module" if len(targets) == 1 else f"{len(targets)} modules"
        print(f"jitc: {many} compiled, level {' and '.join(map(str, levels))}", file=sys.stderr)
    return 0


def _failures(targets: Sequence[Target], kind: bytes) -> Iterator[str]:
    """Compile at the level of this process; what stands in the way of a module, in words."""
    for target in targets:
        try:
            _compile(target, kind)
        except SyntaxError as error:
            yield f"{target.path}:{error.lineno}: {error.msg} ({type(error).__name__})"
        except SettingsError:
            raise
        except JitcError as error:
            yield str(error)
        except OSError as error:
            yield f"{error.filename or target.path}: {error.strerror}"
        except (ValueError, RecursionError, MemoryError, OverflowError) as error:
            yield f"{target.path}: {error} ({type(error).__name__})"


def _compile(target: Target, kind: bytes) -> None:
    path = target.path
    cache = cache_path(path)
    if cache is None:
        raise JitcError(f"{path}: Python keeps no bytecode of it: its name does not end in .py")
    with open(path, "rb") as file:
        stamp = stamp_of(os.fstat(file.fileno()))
        source = file.read()
    content = companion_content_stamp(path)
    code, companion = _build(source, target)
    if kind != TIMED:
        while companion != UNMARKED and (now := companion_content_stamp(path)) != content:  # it was edited meanwhile
            content = now
            code, companion = _build(source, target)
        stamp = content_stamp(source)
        companion = companion if companion == UNMARKED else content
    try:
        _write(cache, make_entry(code, stamp, companion, kind), _calc_mode(path))
    except OSError as error:
        raise JitcError(f"{cache}: cannot be written: {error.strerror}") from error


def _build(source: bytes, target: Target) -> tuple[CodeType, bytes]:
    """The code object of a module, and the companion part of its stamp, as an import has them."""
    if b"jitc" not in source.lower():
        return compile(source, target.path, "exec", dont_inherit=True), UNMARKED
    ensure_kept(source, target.path, target.name)
    return build(source, target.path, target.name)


def _write(cache: str, entry: bytes, mode: int) -> None:
    """Put an entry in its place, whole or not at all, whoever else does the same."""
    os.makedirs(os.path.dirname(cache), exist_ok=True)
    temporary = f"{cache}.{os.urandom(6).hex()}"
    try:
        with open(os.open(temporary, _CREATE, mode & 0o666), "wb") as file:
            file.write(entry)
        os.replace(temporary, cache)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _start(level: int, arguments: argparse.Namespace) -> subprocess.Popen[str]:
    """The same command in a Python that runs at another level: only that compiles as its imports would."""
    prefix = ["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix is not None else []
    options = [f"-{'O' * level}"] if level else []
    command = ["compile", "-q", "--invalidation-mode", arguments.invalidation_mode, *arguments.paths]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONOPTIMIZE"}
    return subprocess.Popen(  # noqa: S603 -- this very Python
        [sys.executable, *prefix, *options, "-c", _CHILD, os.pathsep.join(sys.path), *command],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
