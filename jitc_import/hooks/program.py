"""The program that `run` is to run: found, compiled, and its `__main__` module set up as Python does it."""

from __future__ import annotations

import builtins
import os
import sys
from _frozen_importlib import BuiltinImporter
from _frozen_importlib_external import SourcelessFileLoader

from jitc_import.errors import JitcImportError
from jitc_import.hooks.finder import find_script
from jitc_import.hooks.scripts import ScriptLoader, refused_program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import CodeType, ModuleType

STANDARD_INPUT = "<stdin>"

_tool_modules: list[ModuleType] = []
"""The `__main__` modules that made way for a program's: code that still runs needs their globals."""


class LaunchError(Exception):
    """There is no such program; the exit status says of what kind the fault is."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(f"{sys.executable}: {message}")
        self.status = status


def load_script(name: str) -> tuple[CodeType, ModuleType]:
    """The script file `name`, or the `__main__` module in a folder or archive, with a `__main__` for it to run in."""
    path = os.path.join(os.getcwd(), name)
    if _is_container(path):
        _set_path(path, even_if_safe=True)
        return _found_by_runpy(None)
    try:
        os.close(os.open(path, os.O_RDONLY))
    except OSError as error:
        raise LaunchError(f"can't open file {path!r}: [Errno {error.errno}] {error.strerror}", 2) from error
    _set_path(os.path.dirname(os.path.realpath(name)))
    if path.endswith(".pyc"):
        bare = SourcelessFileLoader("__main__", path)
        main = _new_main(__loader__=bare, __file__=path, __cached__=None)
        return bare.get_code("__main__"), main  # type: ignore[return-value]
    loader = ScriptLoader("__main__", path)
    main = _new_main(__loader__=loader, __file__=path, __cached__=None)
    return loader.code_to_run(), main


def load_module(name: str) -> tuple[CodeType, ModuleType]:
    """The module `name` (of a package, its `__main__`), with a `__main__` for it to run in."""
    _set_path(os.getcwd())
    sys.argv[0] = "-m"
    code, main = _found_by_runpy(name)
    sys.argv[0] = main.__file__  # type: ignore[assignment]
    return code, main


def load_standard_input() -> tuple[CodeType, ModuleType]:
    """The program on the standard input."""
    _set_path("")
    source = sys.stdin.buffer.read()
    main = _new_main(__loader__=BuiltinImporter, __file__=STANDARD_INPUT, __cached__=None)
    if b"jitc" in source.lower():
        _refuse_marked(source)
    return compile(source, STANDARD_INPUT, "exec", dont_inherit=True), main


def _found_by_runpy(name: str | None) -> tuple[CodeType, ModuleType]:
    """A module, or `__main__` in the first entry of the path, by the very search that `python -m` makes."""
    import runpy

    failure = runpy._Error  # type: ignore[attr-defined]  # noqa: SLF001
    try:
        if name is None:
            _, spec, code = runpy._get_main_module_details(failure)  # type: ignore[attr-defined]  # noqa: SLF001
        else:
            _, spec, code = runpy._get_module_details(name, failure)  # type: ignore[attr-defined]  # noqa: SLF001
    except (ImportError, failure) as error:
        refused = _cause(error)
        if refused is None or refused.path is None:
            raise LaunchError(str(error), 1) from error
        return refused_program(refused, refused.path), _new_main(__file__=refused.path)
    return code, _main_of(spec)


def _cause(error: BaseException | None) -> JitcImportError | None:
    while error is not None and not isinstance(error, JitcImportError):
        error = error.__cause__ or error.__context__
    return error


def _main_of(spec: ModuleSpec) -> ModuleType:
    return _new_main(
        __file__=spec.origin,
        __cached__=spec.cached,
        __doc__=None,
        __loader__=spec.loader,
        __package__=spec.parent,
        __spec__=spec,
    )


def _new_main(**attributes: object) -> ModuleType:
    """A fresh `__main__` module in `sys.modules`, with the attributes that Python gives it."""
    old = sys.modules["__main__"]
    _tool_modules.append(old)
    main = type(sys)("__main__")
    names = vars(main)
    if "__annotations__" in vars(old):
        names["__annotations__"] = {}
    names.update(__builtins__=builtins, **attributes)
    sys.modules["__main__"] = main
    return main


def _set_path(entry: str, *, even_if_safe: bool = False) -> None:
    """Put `entry` in the place of what Python put first on the path when it started this tool."""
    if getattr(sys.flags, "safe_path", False) or sys.flags.isolated:
        if even_if_safe:
            sys.path.insert(0, entry)
        return
    sys.path[:1] = [entry]


def _is_container(path: str) -> bool:
    """Whether Python can import from `path`: a folder, or an archive."""
    for hook in sys.path_hooks:
        try:
            accepted = hook is not find_script and hook(path)
        except ImportError:
            continue
        if accepted:
            return True
    return False


def _refuse_marked(source: bytes) -> None:
    import ast
    from _frozen_importlib_external import decode_source

    from jitc_import.source.marks import module_mark

    mark = module_mark(decode_source(source), ast.parse(source, STANDARD_INPUT), STANDARD_INPUT)
    if mark is not None:
        raise JitcImportError(
            f"{STANDARD_INPUT}:{mark.line}: a marked program needs a file, beside which its bodies are kept; save it "
            "and run that",
            path=STANDARD_INPUT,
            lineno=mark.line,
        )
