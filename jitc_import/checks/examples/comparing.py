"""Whether what ran is what an example expects."""

from __future__ import annotations

import builtins
import re
from typing import TYPE_CHECKING

from jitc_import.checks.examples.literals import (
    NotALiteralError,
    displayed_value_of,
    is_literal,
    parsed,
    plain_value_of,
    value_of,
)
from jitc_import.checks.examples.sameness import same, within

if TYPE_CHECKING:
    import doctest

    from jitc_import.checks.examples.example import Example

_NEAR = {"doctest": within(1e-9), "value": within(1e-6)}
"""How far apart two floats may be: what is written in prose is often rounded."""

_EXCEPTION = re.compile(r"(?P<type>[A-Za-z_][\w.]*)(?P<message>:.*)?\Z", re.DOTALL)
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")
_ESCAPE = re.compile(r"\\([nrtabfv0\\]|x[0-9a-f]{2})")
_ESCAPED = dict(zip("nrtabfv0\\", "\n\r\t\a\b\f\v\0\\", strict=True))
_PROSE = re.compile(r"[A-Za-z(\"'-].*\s.*[a-z]", re.DOTALL)


def matches(example: Example, output: str, exception: str | None, *, shown: bool = True) -> bool:
    """Whether an example holds, given what running it printed and the exception it ended with, if any.

    `exception` is the text "TypeName: message"; `shown` says whether a value was shown where one is asked for. As
    doctest decides it, and besides where want and got are literals of the same value and types: other quotes, another
    order of a set, `1e-07` for `0.0000001`, `np.float64(0.5)` for `0.5`.
    """
    if exception is not None or example.exception is not None:
        return _same_exception(example, exception)
    if example.form == "value":
        return _same_value(example.want, output, shown=shown)
    return _same_output(example, output) and (shown or not example.want)


def is_printed_text(example: Example, output: str) -> bool:
    """Whether the text that an example in prose gives is what was printed."""
    try:
        return example.form == "value" and output.rstrip("\n") == value_of(example.want)
    except NotALiteralError:
        return False


def _same_value(want: str, output: str, *, shown: bool) -> bool:
    expected = value_of(want)
    if expected is None or not shown:
        return expected is None and not (shown and output.strip())
    # What a function prints besides is not what an example in prose speaks of.
    return any(_equals(expected, shown) for shown in (output, output.rstrip().rpartition("\n")[2]))


def _equals(expected: object, shown: str) -> bool:
    try:
        return same(expected, displayed_value_of(shown), _NEAR["value"], exact_types=False)
    except NotALiteralError:
        return False


def _same_output(example: Example, output: str) -> bool:
    want, got = example.want, output
    if not want or (want.strip() == "None" and not got.strip()):  # what is not shown is often left out, not denied
        return True
    if _checker_agrees(want, got, example) or _checker_agrees(want, _without_trailing_blanks(got), example):
        return True
    exact = "floats" not in example.loose
    if any(_same_literals(shown, got, exact_types=exact) for shown in (want, literal_before_prose(example))):
        return True
    return any(_checker_agrees(edit(want), edit(got), example) for edit in (_without_addresses, _without_escapes))


def _checker_agrees(want: str, got: str, example: Example) -> bool:
    return _checker().check_output(_ended(want), _ended(got), _flags(example))


def _checker() -> doctest.OutputChecker:
    import doctest

    return doctest.OutputChecker()


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _flags(example: Example) -> int:
    return sum(flag for flag, is_set in example.options.items() if is_set)


def _without_trailing_blanks(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _without_addresses(text: str) -> str:
    """A text whose addresses, which are others in each run, are all the same."""
    return _ADDRESS.sub("at 0x", text)


def _without_escapes(text: str) -> str:
    """A text with what its escapes stand for: a docstring that is no raw string shows that."""
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1]) or chr(int(found[1][1:], 16)), text)


def _same_literals(want: str, got: str, *, exact_types: bool) -> bool:
    try:
        return same(value_of(want), plain_value_of(got), _NEAR["doctest"], exact_types=exact_types)
    except NotALiteralError:
        return False


def literal_before_prose(example: Example) -> str:
    """The literal that an expected output begins with, where only prose follows it: a missing blank line."""
    lines = example.want.split("\n")
    if parsed(example.source) is None or "print" in example.source:
        return example.want
    for count in range(len(lines) - 1, 0, -1):
        shown, prose = "\n".join(lines[:count]), lines[count:]
        if is_literal(shown):
            is_prose = _PROSE.match("\n".join(prose)) and not any(is_literal(line) for line in prose if line.strip())
            return shown if is_prose else example.want
    return example.want


def _same_exception(example: Example, exception: str | None) -> bool:
    if exception is None or example.exception is None:
        return False
    import doctest

    if example.form == "value" and _is_kind_of(exception, example.exception):
        return True
    want, got = _ended(example.exception), _ended(exception)
    flags = _flags(example)
    if _checker().check_output(want, got, flags):
        return True
    # In the module itself, as in most docs, a class goes by its bare name.
    if "." not in want.split(":", 1)[0] and _checker().check_output(want, _unqualified(got), flags):
        return True
    message = want.partition(":")[2].strip()
    loose = flags & doctest.IGNORE_EXCEPTION_DETAIL or message in {"", "..."}  # in docs mostly an abbreviation
    return bool(loose) and _bare_type(want) == _bare_type(got)


def _is_kind_of(exception: str, kind: str) -> bool:
    """Whether what was raised is a builtin exception of a kind, as prose tells it: "f(-1) raises ValueError"."""
    got, wanted = (getattr(builtins, _bare_type(text), None) for text in (exception, kind))
    return isinstance(got, type) and isinstance(wanted, type) and issubclass(got, wanted)


def _unqualified(text: str) -> str:
    """An exception's text with its type's bare name."""
    match = _EXCEPTION.match(text.strip())
    return _ended(match["type"].rpartition(".")[2] + (match["message"] or "")) if match else text


def _bare_type(text: str) -> str:
    return _unqualified(text).split(":")[0].strip()
