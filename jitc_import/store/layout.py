"""How a companion file is laid out: a head, a section a stub, an end line. Standard library only.

A section begins with a header (`# --- Circle.area`, then a line `# spec: …`) that stands between top-level
statements; what looks like one inside a multi-line string is none.
"""

from __future__ import annotations

import ast

from jitc_import.errors import StoreError
from jitc_import.source.definitions import definitions, first_line, qualname_of
from jitc_import.store.files import read_bytes, source_path, store_error
from jitc_import.store.splices import splices_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitc_import.source.definitions import Function

SCHEMA = 1
FIRST_LINE = "# jitc companion "
SOURCE_LINE = "# source: "
INCOMPLETE = "incomplete"
HEADER = "# --- "
UNUSED = "unused: "
SPEC_LINE = "# spec:"
END_LINE = "# --- end of file"

_CUT_OFF = "unexpected end of data"
"""The reason that Python gives when UTF-8 stops inside a character."""


class CutOffError(StoreError):
    """A companion file that lacks its end; `text` is what there is of it."""

    def __init__(self, path: str, text: str) -> None:
        line = text.count("\n") + 1
        cause = f"the file is cut off: its last line is not `{END_LINE}`"
        keep = f"`python -m jitc_import complete {source_path(path)}` keeps its whole sections"
        message = f"{path}:{line}: {cause}; restore it from version control, or {keep}"
        super().__init__(message, path=path, lineno=line)
        self.text = text


class Part:
    """A section as it lies in the file: its key, header line and end (1-based, exclusive), top-level statements."""

    __slots__ = ("end", "key", "line", "statements", "unused")

    def __init__(self, key: str, line: int, *, unused: bool) -> None:
        self.key = key
        self.unused = unused
        self.line = line
        self.end = line
        self.statements: list[ast.stmt] = []


class Layout:
    """A companion file taken apart: its lines, the digest in its head (None: incomplete), the splices, its parts.

    `head_end` is the last line (1-based) of the head; what follows it up to the first part is a person's. `end` is the
    end line.
    """

    __slots__ = ("end", "head_end", "lines", "parts", "source_digest", "splices")

    def __init__(self, lines: list[str], source: int, parts: list[Part]) -> None:
        self.lines = lines
        self.parts = parts
        self.end = max(number for number, line in enumerate(lines, start=1) if line.strip())
        digest = lines[source - 1][len(SOURCE_LINE) :].strip()
        self.source_digest = None if digest == INCOMPLETE else digest
        self.splices, count = splices_in(lines[source:])
        self.head_end = source + count


def read_layout(path: str) -> Layout | None:
    """Take the companion file at `path` apart; None where there is no file.

    Raises StoreError that names the cause: no regular file, cut off, merge conflict, newer schema, no Python.
    """
    data = read_bytes(path)
    return None if data is None else layout_of(decode(data, path), path)


def decode(data: bytes, path: str) -> str:
    """The text of a companion file, lines ended by a line feed. Raises StoreError where it is no UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")
        if "\n" in before:
            check_schema(before.partition("\n")[0], path)
        if error.reason == _CUT_OFF and error.end == len(error.object):
            raise CutOffError(path, before) from error
        cause = f"byte {error.start} is not UTF-8; {_next_step(path)}"
        raise store_error(path, cause, before.count("\n") + 1) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def layout_of(text: str, path: str) -> Layout:
    """Take the text of a companion file apart. Raises StoreError as `read_layout` does."""
    lines = text.split("\n")
    check_schema(lines[0], path)
    ended = next((line for line in reversed(lines) if line.strip()), "").rstrip() == END_LINE
    if not ended:
        _refuse_conflict(lines, path)
        raise CutOffError(path, text)
    tree = _parse(text, lines, path)
    parts = list(_parts(lines, tree, path))
    head = range(1, parts[0].line if parts else len(lines))
    source = next((number for number in head if lines[number - 1].startswith(SOURCE_LINE)), None)
    if source is None:
        raise store_error(path, f"lacks the line `{SOURCE_LINE}…` in its head; {_next_step(path)}")
    return Layout(lines, source, parts)


def definition_in(part: Part, path: str) -> Function:
    """The definition that a part with statements is there for. Raises StoreError where it has none of that name."""
    found = find_definition(part.statements, part.key)
    if found is None:
        raise store_error(path, f"the section {part.key} holds no definition of {qualname_of(part.key)}", part.line)
    return found


def address_of(key: str, line: int, *, unused: bool) -> str:
    """What tells a section from all others of its file: its key, and for an unused one the line of its `def` too."""
    return f"{UNUSED}{key}, line {line}" if unused else key


def find_definition(statements: list[ast.stmt], key: str) -> Function | None:
    """The definition among `statements` that has the qualified name in `key`; the last one, as Python has it."""
    found = None
    for name, node in definitions(ast.Module(body=statements, type_ignores=[])):
        if qualname_of(name) == qualname_of(key):
            found = node
    return found


def start_line(statement: ast.stmt) -> int:
    """The line (1-based) a statement begins on, its decorators included."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return first_line(statement)
    return statement.lineno


def check_schema(line: str, path: str) -> None:
    """Raise StoreError unless `line`, the first of a companion file, names the schema that is read here."""
    number, _, needs = line[len(FIRST_LINE) :].partition(", needs ")
    if not line.startswith(FIRST_LINE) or not number.strip().isdecimal():
        if FIRST_LINE.startswith(line):
            raise CutOffError(path, line)
        raise store_error(path, f"is no companion file: its first line is not `{FIRST_LINE}{SCHEMA}`")
    if number.strip() != str(SCHEMA):
        needed = needs.strip() or "a newer jitc-import"
        raise store_error(path, f"is of schema {number.strip()} and needs {needed}; this one reads schema {SCHEMA}")


def _parse(text: str, lines: list[str], path: str) -> ast.Module:
    try:
        return ast.parse(text, filename=path)
    except SyntaxError as error:
        _refuse_conflict(lines, path)
        raise store_error(path, f"not valid Python: {error.msg}; {_next_step(path)}", error.lineno or 1) from error
    except (ValueError, RecursionError, MemoryError) as error:
        cause = str(error) or type(error).__name__
        raise store_error(path, f"cannot be parsed: {cause}; {_next_step(path)}") from error


def _parts(lines: list[str], tree: ast.Module, path: str) -> Iterator[Part]:
    part = None
    seen: dict[str, int] = {}
    statements = iter([*tree.body, None])
    statement = next(statements)
    for number, line in enumerate(lines, start=1):
        while statement and _end(statement) < number:
            if part:
                part.statements.append(statement)
            statement = next(statements)
        if not line.startswith(HEADER) or (statement and start_line(statement) <= number):
            continue
        following = _read_header(line, number, lines)
        if not following:
            continue
        if part:
            part.end = number
            yield part
        part = following
        if line.rstrip() == END_LINE:
            _refuse_more(lines, number, path)
            return
        _refuse_twin(part, seen, path)


def _read_header(line: str, number: int, lines: list[str]) -> Part | None:
    """The part that begins on a line, the end line included; None for a comment that only looks like a header."""
    if line.rstrip() == END_LINE:
        return Part("", number, unused=False)
    if number == len(lines) or not lines[number].startswith(SPEC_LINE):
        return None
    title = line[len(HEADER) :].strip()
    return Part(title.removeprefix(UNUSED), number, unused=title.startswith(UNUSED))


def _refuse_twin(part: Part, seen: dict[str, int], path: str) -> None:
    if part.unused:
        return
    if part.key in seen:
        raise store_error(path, f"a second section {part.key}; the first is on line {seen[part.key]}", part.line)
    seen[part.key] = part.line


def _refuse_more(lines: list[str], end: int, path: str) -> None:
    more = next((number for number, line in enumerate(lines[end:], start=end + 1) if line.strip()), None)
    if more:
        raise store_error(path, f"text after the line `{END_LINE}`: move it into a section", more)


def _refuse_conflict(lines: list[str], path: str) -> None:
    begin = next((number for number, line in enumerate(lines, start=1) if line.startswith("<<<<<<<")), None)
    if begin and any(line.startswith(">>>>>>>") for line in lines[begin:]):
        step = "resolve the conflict, section by section; of the digests in the head, keep either side"
        raise store_error(path, f"merge-conflict markers: {step}", begin)


def _end(statement: ast.stmt) -> int:
    return statement.end_lineno or statement.lineno


def _next_step(path: str) -> str:
    return f"mend {path}, restore it from version control, or delete it to have it written anew"
