"""`python -m jitc_import run …`: a program runs as `python …` runs it, with the hook on."""

from __future__ import annotations

import atexit
import os
import sys

from jitc_import.errors import JitcImportError
from jitc_import.hooks.finder import install
from jitc_import.hooks.program import LaunchError, load_module, load_script, load_standard_input

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, ModuleType, TracebackType

USAGE = """\
usage: python -m jitc_import run SCRIPT [ARGUMENT ...]
       python -m jitc_import run FOLDER-OR-ZIP [ARGUMENT ...]
       python -m jitc_import run -m MODULE [ARGUMENT ...]
       python -m jitc_import run - [ARGUMENT ...]

Runs a program as python does; marked modules are completed, and the program itself if it is marked.
"""

EXIT_FAILED, EXIT_USAGE = 1, 2
EXIT_INTERRUPTED = 0xC000013A if os.name == "nt" else 130

_interrupted = False


def run(arguments: list[str]) -> int:
    """Run the program that `arguments` name, and hand it the rest of them; returns the exit status.

    SystemExit passes through. Another error is shown as Python shows it, without the frames of this tool.
    """
    if arguments[:1] in (["-h"], ["--help"]):
        sys.stdout.write(USAGE)
        return 0
    if not arguments or arguments == ["-m"] or (arguments[0][:1] == "-" and arguments[0] not in ("-m", "-")):
        sys.stderr.write(USAGE)
        return EXIT_USAGE
    atexit.register(_die_if_interrupted)  # before the program's own, so it is called after them
    install()
    sys.argv = arguments[1:] if arguments[0] == "-m" else arguments
    try:
        code, main = _load(arguments)
    except LaunchError as error:
        sys.stderr.write(f"{error}\n")
        return error.status
    except (JitcImportError, SyntaxError, KeyboardInterrupt) as error:
        return _shown(error, None)
    return _execute(code, main)


def _load(arguments: list[str]) -> tuple[CodeType, ModuleType]:
    if arguments[0] == "-m":
        return load_module(arguments[1])
    return load_standard_input() if arguments[0] == "-" else load_script(arguments[0])


def _execute(code: CodeType, main: ModuleType) -> int:
    try:
        exec(code, main.__dict__)  # noqa: S102 -- this is what running a program means
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001 -- the top of the program, where Python catches everything
        failure = error
    else:
        return 0
    trace = failure.__traceback__
    return _shown(failure, trace.tb_next if trace else None)


def _shown(error: BaseException, trace: TracebackType | None) -> int:
    """Show what ended the program, `trace` being its own frames; returns the exit status."""
    error.__traceback__ = trace
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, trace
    sys.last_exc = error  # type: ignore[attr-defined, unused-ignore]  # Python's own since 3.12
    hook = getattr(sys, "excepthook", sys.__excepthook__)
    sys.audit("sys.excepthook", hook, type(error), error, trace)
    try:
        hook(type(error), error, trace)
    except SystemExit:
        raise
    except BaseException as fault:  # noqa: BLE001 -- as Python does with a hook that fails
        fault.__traceback__ = fault.__traceback__.tb_next if fault.__traceback__ else None
        sys.stderr.write("Error in sys.excepthook:\n")
        sys.__excepthook__(type(fault), fault, fault.__traceback__)
        sys.stderr.write("\nOriginal exception was:\n")
        sys.__excepthook__(type(error), error, trace)
    return _interrupt() if isinstance(error, KeyboardInterrupt) else EXIT_FAILED


def _interrupt() -> int:
    global _interrupted  # noqa: PLW0603 -- what the function that atexit calls goes by
    _interrupted = True
    return EXIT_INTERRUPTED


def _die_if_interrupted() -> None:
    """End by the signal itself, as Python does after an interrupt that nothing caught: a shell stops its loop then."""
    if not _interrupted or os.name == "nt":
        return
    import _signal  # type: ignore[import-not-found]  # signal itself loads enum

    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            continue
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    os.kill(os.getpid(), _signal.SIGINT)
