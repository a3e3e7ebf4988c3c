"""In the child, confined: the module under check is run with its candidate bodies, then the snippets, one by one.

A script is run under its file's name, so that what stands under `if __name__ == "__main__"` does not run.
"""

from __future__ import annotations
import __future__

import contextlib
import importlib
import io
import linecache
import marshal
import os
import sys
import traceback
from importlib.machinery import ModuleSpec, SourceFileLoader

from jitc_import.checks.sandbox.absent import met, met_since
from jitc_import.checks.sandbox.calls import Calls, Entered
from jitc_import.checks.sandbox.denial import denial_of
from jitc_import.checks.sandbox.frames import packed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType, ModuleType, TracebackType
    from typing import Any

MODULE = -1
"""The number of the frame that tells of the module itself."""

_LONGEST_TEXT = 4_000
_FUTURES = sum({getattr(__future__, name).compiler_flag for name in __future__.all_feature_names})


def run_name(name: str, path: str) -> str:
    """The name under which a module is run: that of a script is its file's, unless that is taken."""
    if name != "__main__":
        return name
    stem = os.path.splitext(os.path.basename(path))[0]
    return stem if stem not in sys.modules else "__mp_main__"


class Given(SourceFileLoader):
    """Loads the module under check from a code object that was made elsewhere, whoever imports it."""

    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self._code = code

    def find_spec(self, name: str, _path: Sequence[str] | None = None, _target: object = None) -> ModuleSpec | None:
        """For one name only."""
        if name != self.name:
            return None
        is_package = os.path.basename(self.path) == "__init__.py"
        spec = ModuleSpec(name, self, origin=self.path, is_package=is_package)
        spec.has_location = True
        if is_package:
            spec.submodule_search_locations = [os.path.dirname(self.path)]
        return spec

    def get_code(self, _fullname: str) -> CodeType:
        """The code object that was given."""
        return self._code


class Sink(io.RawIOBase):
    """Where one snippet's output goes; all of them together are cut at `room` bytes."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Keep some bytes; ends the process where they are too many."""
        kept = bytes(data)
        self._report.room -= len(kept)
        if self._report.room < 0:
            self._report.end("output")
        self.parts.append(kept)
        return len(kept)

    def send(self, text: str) -> None:
        """Send a text at once, for the case that the rest is cut short; it does not count as output."""
        self._report.frame(told=text)

    def text(self) -> str:
        """What was written."""
        return b"".join(self.parts).decode("utf-8", "backslashreplace")


class Prompt:
    """Shows values as a prompt does, and knows whether there was one: what is printed may look just like it."""

    def __init__(self) -> None:
        self.shown = False

    def __call__(self, value: object) -> None:
        """Show a value, unless it is None."""
        self.shown = self.shown or value is not None
        sys.__displayhook__(value)


class Report:
    """The frames of a job, each with the job's number that nobody else knows."""

    def __init__(self, fd: int, nonce: str, room: int) -> None:
        self._fd = fd
        self._nonce = nonce
        self.room = room

    def frame(self, **fields: object) -> None:
        """Send one frame."""
        data = memoryview(packed({"id": self._nonce, **fields}))
        while data:
            data = data[os.write(self._fd, data) :]

    def end(self, reason: str) -> None:
        """Send the last frame, and end the process with all its threads."""
        self.frame(end=reason)
        os._exit(0)


def run_job(job: dict[str, Any], code: bytes, fd: int) -> None:
    """Run a job, with its frames going to `fd`. Does not return."""
    report = Report(fd, job["nonce"], job["output"])
    try:
        module = _imported(job, code, report)
        if module is not None:
            entered = Entered(job["watched"])
            with Calls(job["text_path"], entered.take) if entered.spans else contextlib.nullcontext() as calls:
                _run_snippets(job, module, report, calls, entered)
    except MemoryError:
        report.end("memory")
    report.end("done")


def _imported(job: dict[str, Any], code: bytes, report: Report) -> ModuleType | None:
    lines = job["text"].splitlines(keepends=True)
    linecache.cache[job["text_path"]] = (len(job["text"]), None, lines, job["text_path"])
    name = run_name(job["name"], job["path"])
    sys.argv = [job["path"]]
    _capture(report)
    try:
        loader = Given(name, job["path"], marshal.loads(code))  # noqa: S302 -- by this very tool, for this very Python
        job["futures"] = loader.get_code(name).co_flags & _FUTURES
        _lead(loader)
        if job["name"] == "__main__":
            sys.modules.pop("__main__")
        module = importlib.import_module(name)
        sys.modules.setdefault("__main__", module)
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001 -- whatever a module does
        where, _ = _place(error, (job["text_path"], job["path"]), job["text"])
        report.frame(n=MODULE, failure=_exception_text(error), where=where, absent=[*met])
        return None
    report.frame(n=MODULE, failure=None)
    return module


def _lead(loader: Given) -> None:
    """Have a loader be asked first, and stay it: our own hook would go first again with each module that it loads."""
    sys.meta_path.insert(0, loader)
    if hook := sys.modules.get("jitc_import.hooks.loader"):
        hook.leaders[:] = [loader]


def _run_snippets(
    job: dict[str, Any], module: ModuleType, report: Report, calls: Calls | None, entered: Entered
) -> None:
    names = module.__dict__.copy()
    at_import = [*met]
    places, lines = (job["text_path"], job["path"]), job["text"].splitlines()
    for number, source in enumerate(job["snippets"]):
        sink, before = _capture(report), met.copy()
        sys.displayhook = prompt = Prompt()
        entered.lines.clear()
        if calls:
            calls.forget()
        error = _run_snippet(source, names, job["futures"])
        if isinstance(error, MemoryError):
            raise error
        _flush()
        where, inside = _place(error, places, job["text"])
        told = None if error is None else _exception_text(error)
        found = {"where": where, "inside": inside, "denied": denial_of(error, job["text_path"], lines)}
        report.frame(
            n=number,
            output=sink.text(),
            exception=told,
            shown=prompt.shown,
            absent=[*at_import, *met_since(before)],
            called=entered.lines,
            **found,
        )
        if error is not None and job["stop_at_failure"]:
            return


def _run_snippet(source: str, names: dict[str, Any], futures: int) -> BaseException | None:
    try:
        exec(_compiled(source, futures), names)  # noqa: S102 -- what this process is for
    except BaseException as error:  # noqa: BLE001 -- whatever a candidate does
        return error
    return None


def _compiled(source: str, futures: int) -> CodeType:
    """As typed at a prompt; several statements as a block."""
    code: CodeType
    try:
        code = compile(source, "<example>", "single", futures, dont_inherit=True)
    except SyntaxError as error:
        try:
            code = compile(source, "<example>", "exec", futures, dont_inherit=True)
        except SyntaxError:
            raise error from None
    return code


def _capture(report: Report) -> Sink:
    """New standard streams; what goes to the second one only counts."""
    sink = Sink(report)
    for name, target in (("stdout", sink), ("stderr", Sink(report))):
        stream = io.TextIOWrapper(target, "utf-8", "backslashreplace", "", write_through=True)  # type: ignore[type-var]
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    return sink


def _flush() -> None:
    with contextlib.suppress(Exception):  # a candidate may have put anything there
        sys.stdout.flush()


def _exception_text(error: BaseException) -> str:
    """As a traceback ends, without the lines of source that stand over a syntax error's message."""
    try:
        lines = traceback.format_exception_only(type(error), error)
        if isinstance(error, SyntaxError):
            first = next((n for n, line in enumerate(lines) if line.startswith(type(error).__name__)), 0)
            lines = lines[first:]
        text = "".join(lines).strip("\n")
    except MemoryError:
        raise
    except BaseException:  # noqa: BLE001 -- its __str__ is the candidate's
        text = type(error).__name__
    return _bounded(text)


def _place(error: BaseException | None, places: tuple[str, str], text: str) -> tuple[str | None, bool]:
    """The innermost frame that lies in the bodies, and whether any lies in the module."""
    line, inside = None, False
    step: TracebackType | None = error.__traceback__ if error is not None else None
    while step is not None:
        path = step.tb_frame.f_code.co_filename
        inside = inside or path in places
        if path == places[0]:
            line = step.tb_lineno
        step = step.tb_next
    if line is None:
        return None, inside
    lines = text.splitlines()
    code = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    return _bounded(f"line {line}: {code}"), inside


def _bounded(text: str) -> str:
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + "…"
