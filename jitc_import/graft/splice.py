"""Put bodies into the text of a module and compile that: the quick way to what `tree.graft` gives.

Syntax trees as Python objects cost more than compiling. So where the tool knows from before which lines of the
companion file go where in the source, it compiles the two texts as one, in which every line below the first body lies
elsewhere than in the source; code objects are then told their true lines. Standard library only.
"""

from __future__ import annotations

from _bisect import bisect_right

from jitc_import.graft.lines import moved_lines
from jitc_import.graft.raw import raw_constant
from jitc_import.graft.relocate import CODE, Move, moved, with_line_told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import CodeType

    from jitc_import.graft.lines import Place

_NUMBERS = 8
_SEPARATORS = str.maketrans(":.-<", "    ")


class UnfitError(Exception):
    """The code of this module cannot be had this way; `tree.graft` knows another."""


class Splice:
    """Where one body goes. Lines are 1-based, columns 0-based.

    first:       the line the stub begins on, decorators included
    line, column (characters): the place in the source from which on the stub's own body is cut
    last, end:   the line up to whose end it is cut, and the column (bytes) at which the stub ends on it
    donor:       the line of the definition in the companion file
    begin, stop: the first and the last line of its body there
    """

    __slots__ = ("begin", "column", "donor", "end", "first", "last", "line", "stop")

    def __init__(self, numbers: Sequence[int]) -> None:
        self.first, self.line, self.column, self.last, self.end, self.donor, self.begin, self.stop = numbers

    def __str__(self) -> str:
        return f"{self.first}:{self.line}.{self.column}-{self.last}.{self.end}<{self.donor}:{self.begin}-{self.stop}"


def read_splices(text: str, more: int) -> list[Splice]:
    """The splices in a text, each written as by `str`, a blank between two; the companion file has `more` lines above.

    Raises ValueError.
    """
    numbers = [*map(int, text.translate(_SEPARATORS).split())]
    splices = [Splice(numbers[at : at + _NUMBERS]) for at in range(0, len(numbers), _NUMBERS)]
    for splice in splices:
        splice.donor += more
        splice.begin += more
        splice.stop += more
    return splices


def spliced(  # noqa: PLR0913 -- one is rarely given
    source: str,
    companion_lines: Sequence[str],
    splices: Sequence[Splice],
    path: str,
    companion: str,
    *,
    raw: bool,
    compiler: Callable[[str, str], CodeType] | None = None,
) -> CodeType:
    """The code of the module `source` with bodies out of the companion file, as `tree.graft` gives it.

    Lines of `source` and of `companion_lines` end in a line feed, and have none, respectively. `splices` are in the
    order of the source and hold at least one. `path`, `companion` and `raw` are as `path`, `companion` and
    `raw_lines` are there; `compiler` compiles the joined text, if not Python alone.

    Raises UnfitError where the code cannot be had this way, whatever the reason.
    """
    joined = _Joined(source.split("\n"), companion_lines, splices, companion, raw=raw)
    text = "\n".join(joined.lines)
    try:
        code = compiler(text, path) if compiler else compile(text, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise UnfitError(str(error)) from None
    made, _ = joined.relocated(code)
    if joined.waiting:
        raise UnfitError("a function is not where it was expected")
    return made


class _Joined:
    """The two texts as one, and the way back from its lines.

    A segment is a run of lines out of one file: `starts` holds the first line of each, `steps` what to subtract from a
    line to have that of the file, `splices` the splice it comes with, or None for those of the source. By the first
    line of each stub, `bodies` holds the segment of its body, `waiting` its name, `raws` the text kept with its code.
    """

    def __init__(
        self,
        source: list[str],
        companion_lines: Sequence[str],
        splices: Sequence[Splice],
        companion: str,
        *,
        raw: bool,
    ) -> None:
        self.companion = companion
        self.lines: list[str] = []
        self.starts = [0]
        self.steps = [0]
        self.splices: list[Splice | None] = [None]
        self.bodies: dict[int, int] = {}
        self.waiting: dict[int, str] = {}
        self.raws: dict[int, str] = {}
        taken = 0
        for splice in splices:
            first = splice.first + self.steps[-1]
            if raw and source[splice.first - 1].lstrip()[:1] == "@":
                self.raws[first] = _raw(companion_lines, splice)
            self.lines += source[taken : splice.line - 1]
            if splice.column:
                self.lines.append(source[splice.line - 1][: splice.column])
            self.bodies[first] = len(self.starts)
            self.waiting[first] = _name(companion_lines[splice.donor - 1])
            self._begin(splice.begin, splice)
            self.lines += companion_lines[splice.begin - 1 : splice.stop]
            taken = splice.last
            self._begin(taken + 1, None)
        self.lines += source[taken:]

    def _begin(self, line: int, splice: Splice | None) -> None:
        """Begin a segment whose first line is `line` in its own file."""
        start = len(self.lines) + 1
        self.starts.append(start)
        self.steps.append(start - line)
        self.splices.append(splice)

    def relocated(self, code: CodeType) -> tuple[CodeType, bool]:
        """`code`, and all code in it, with the lines of the files; and whether a body is in it."""
        first = code.co_firstlineno
        if self.waiting.get(first) == code.co_name:
            del self.waiting[first]
            return self._grafted(code), True
        consts = [*code.co_consts]
        holds = False
        for index, const in enumerate(consts):
            if type(const) is CODE:
                consts[index], inside = self.relocated(const)
                holds = holds or inside
        line = self._source_line(first)
        if holds:
            table = moved_lines(code, line, self._source_line, self._source_end)
            code = code.replace(co_consts=tuple(consts), co_firstlineno=line, co_linetable=table)
        elif line != first:
            code = code.replace(co_consts=tuple(consts), co_firstlineno=line)
        return with_line_told(code, first), holds

    def _grafted(self, code: CodeType) -> CodeType:
        """The code of a function that has its body from a segment, where all code inside it lies, too."""
        segment = self.bodies[code.co_firstlineno]
        splice = self.splices[segment]
        assert splice is not None  # noqa: S101 -- the segment of a body has one
        start, step = self.starts[segment], self.steps[segment]

        def line_of(line: int) -> int:
            return line - step if line >= start else splice.donor

        def end_of(line: int, column: int) -> Place:
            return line_of(line), column

        inner = Move(-step, None)
        consts = [moved(each, inner, self.companion) if type(each) is CODE else each for each in code.co_consts]
        if raw := self.raws.get(code.co_firstlineno):
            consts.append(raw_constant(raw))
        return code.replace(
            co_consts=tuple(consts),
            co_filename=self.companion,
            co_firstlineno=splice.donor,
            co_linetable=moved_lines(code, splice.donor, line_of, end_of, start if _stays_below(code, start) else 0),
        )

    def _source_line(self, line: int) -> int:
        return line - self.steps[bisect_right(self.starts, line) - 1]

    def _source_end(self, line: int, column: int) -> Place:
        segment = bisect_right(self.starts, line) - 1
        splice = self.splices[segment]
        return (splice.last, splice.end) if splice else (line - self.steps[segment], column)


def _name(line: str) -> str:
    """The name of the function whose definition begins on `line`."""
    _, _, rest = line.partition("def ")
    return rest.partition("(")[0].partition("[")[0].strip()


def _stays_below(code: CodeType, start: int) -> bool:
    """Whether the lines of `code`, once at `start` or below, are never above it again."""
    lines = [line for _, _, line in code.co_lines() if line is not None]
    at = next((index for index, line in enumerate(lines) if line >= start), len(lines))
    return min(lines[at:], default=0) >= start


def _raw(lines: Sequence[str], splice: Splice) -> str:
    """The definition as it stands in the companion file, its indentation taken off."""
    chosen = lines[splice.donor - 1 : splice.stop]
    margin = len(chosen[0]) - len(chosen[0].lstrip())
    return "\n".join(line[margin:] for line in chosen)
