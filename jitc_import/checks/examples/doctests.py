"""The examples of a docstring that are written as at Python's prompt."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from itertools import dropwhile, takewhile
from typing import TYPE_CHECKING

from jitc_import.checks.examples.example import Example
from jitc_import.checks.examples.literals import is_literal, parsed
from jitc_import.source.quiet import quietly

if TYPE_CHECKING:
    import doctest
    from collections.abc import Callable, Iterator

_PROMPT = re.compile(r"^( *)>>>(?!>)")
_CONTINUED = re.compile(r"^ *\.\.\.(?: |$)")
_FENCE = re.compile(r"^ *(?:```|~~~)")
_DIRECTIVE = re.compile(r"#\s*doctest:")
_OPENING = re.compile(r"[\[({'\"]")


@dataclass(frozen=True)
class Chunk:
    """The lines of one prompt, what follows its `...` and what it shows, up to a blank line, a fence or a prompt."""

    line: int
    texts: tuple[str, ...]


def chunks_of(lines: list[str]) -> Iterator[Chunk]:
    """The chunks of a docstring's lines, in order."""
    starts = [number for number, line in enumerate(lines) if _PROMPT.match(line)]
    for start, limit in zip(starts, [*starts, len(lines)][1:], strict=True):
        end = start + 1
        while end < limit and lines[end].strip() and not _FENCE.match(lines[end]):
            end += 1
        yield Chunk(start, tuple(lines[start:end]))


def example_of(chunk: Chunk, informal: Callable[[str], Example | None]) -> Example | str | None:
    """The example of a chunk; why it seems wrong, as a text; None where it holds nothing but a comment.

    `informal` reads a line that puts the result behind the call (`>>> f(3) -> 4`), which is no doctest.
    """
    read = _read(chunk)
    if isinstance(read, str) or read is None:
        return read
    if _is_skipped(read):
        return None
    source, want = read.source.removesuffix("\n"), read.want.removesuffix("\n")
    if not want and (value := informal(source)):
        return replace(value, line=chunk.line, lines=len(source.split("\n")))
    if problem := _problem(source, want, read):
        return problem
    size = len(source.split("\n")) + (len(want.split("\n")) if want else 0)
    message = None if read.exc_msg is None else read.exc_msg.removesuffix("\n")
    return Example(source, want, "doctest", chunk.line, size, dict(read.options), message)


def shows_late(read: Example | str | None, lines: list[str], chunk: Chunk) -> bool:
    """Whether a call shows nothing, and a literal, or a traceback, stands by itself behind the blank line below it."""
    if (
        not isinstance(read, Example)
        or read.form != "doctest"
        or read.want
        or not isinstance(parsed(read.source), ast.Call)
    ):
        return False
    below = lines[chunk.line + len(chunk.texts) :]
    paragraph = list(takewhile(str.strip, dropwhile(lambda line: not line.strip(), below)))
    if not paragraph or below[0].strip():
        return False
    return is_literal("\n".join(paragraph)) or paragraph[0].strip().startswith("Traceback (most recent")


def _is_skipped(read: doctest.Example) -> bool:
    import doctest

    return bool(read.options.get(doctest.SKIP))


def _read(chunk: Chunk) -> doctest.Example | str | None:
    """What doctest reads, where need be after straightening the lines in the one way that is certainly meant."""
    import doctest

    parser, problem = doctest.DocTestParser(), ""
    for texts in (chunk.texts, _straightened(chunk.texts)):
        try:
            found = parser.get_examples("\n".join(texts) + "\n")
        except ValueError as error:
            problem = re.sub(r"^line \d+ of the docstring for \S+ ", "", str(error))
            continue
        return found[0] if found else None
    return f"doctest cannot read it: {problem[:200]}"


def _straightened(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The lines without indentation, and with a blank after the prompt.

    Only where what it shows is a literal: a line that stands further left may as well be prose.
    """
    marked = 1
    while marked < len(texts) and _CONTINUED.match(texts[marked]):
        marked += 1
    shown = [text.strip() for text in texts[marked:]]
    if any(text.startswith("...") for text in shown) or (shown and not is_literal("\n".join(shown))):
        return texts
    return (*(re.sub(r"^ *(>>>|\.\.\.)(?=\S)", r"\1 ", text).lstrip() for text in texts[:marked]), *shown)


def _problem(source: str, want: str, read: doctest.Example) -> str | None:
    """Why an example cannot be used."""
    try:
        with quietly():
            compile(source, "<example>", "single", dont_inherit=True)
    except SyntaxError as error:
        # What a doctest shows on purpose: this very error.
        return None if (read.exc_msg or "").startswith("SyntaxError") else f"its source is not Python: {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:
        return f"its source is not Python: {type(error).__name__}"
    is_call = parsed(source) is not None and not source.lstrip().startswith("print")
    if read.exc_msg is None and not read.options and is_call and _is_cut(want):
        return "its expected value has no end, or brackets that do not match"
    return None


def _is_cut(want: str) -> bool:
    """Whether an expected value begins like a literal and is none, for want of a bracket or quote."""
    if not _OPENING.match(want) or parsed(want) is not None:
        return False
    if want[0] in "'\"":
        return want.count(want[0]) % 2 == 1 and "\n" not in want
    outside = re.sub(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"", "", want.split("#", maxsplit=1)[0])
    return any(outside.count(left) != outside.count(right) for left, right in ("()", "[]", "{}"))
