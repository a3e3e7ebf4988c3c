"""The examples of a docstring that do not write the call: "Input: x = 3, Output: 4", "For x = 3 return 4"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from jitc_import.checks.examples.calls import is_method, plain_names, takes_any_number
from jitc_import.checks.examples.informal import Found
from jitc_import.checks.examples.literals import is_literal
from jitc_import.checks.examples.relations import ARROW, SENTENCE_RELATION, may_precede, result_at
from jitc_import.checks.examples.scanning import literal_end

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_INPUT = re.compile(r"(?i:(?<![\w.])inputs?)(?:[ ]+\d+)?[ ]*\*{0,2}[ ]*[:=]\*{0,2}")
_OUTPUT = re.compile(
    r"`{0,2}\s*(?:[.,;|/]|" + ARROW + r")?\s*(?:[-*•][ ]+)?[*`]{0,2}(?:(?:expected|the|sample|example)[ ]+)?"
    r"(?:outputs?|returns?|result|answer)(?:[ ]+\d+)?[ ]*\*{0,2}[ ]*[:=]\*{0,2}\s*`{0,2}",
    re.IGNORECASE,
)
_FOR = re.compile(r"(?<![\w.])(?P<lead>[Ff]or|[Gg]iven|[Ww]ith|[Ii]f)(?:[ ]+(?:an?[ ]+)?input)?[ ]*:?[ ]+`{0,2}")
_CLAUSE_START = re.compile(
    r"(?:[.,:;!?(\u2013\u2014*\u2022>)-]|\b(?:and|but|so|thus|hence|that|then|example))\s*[`*]*\Z", re.IGNORECASE
)
_LONGEST_GAP = 60
"""Characters before "for" that are looked at."""

_HEADER = re.compile(
    r"[ ]*[#*_=]*[ ]*(?:(?:for|sample|usage|some|more)[ ]+)?(?:examples?|e\.g\.)(?:[ ]+\d+)?[ ]*[:*_=.]*", re.IGNORECASE
)
_OTHER_HEADER = re.compile(r"[ ]*[#*]*[ ]*[A-Z][a-z]+(?:[ ]+[a-z]+)?[ ]*:?\**:?[ ]*$")
_ITEM = re.compile(r"[ ]*(?:[-*•>][ ]+|\(?\d{1,2}[.)][ ]+|[a-z][.)][ ]+)?`{0,2}")
_ARROW = re.compile(rf"`{{0,2}}[ ]*{ARROW}[ ]*`{{0,2}}")
_NAMED = re.compile(r"([A-Za-z_]\w*)[ ]*[=:][ ]*")
_SEPARATOR = re.compile(r"`{0,2}(?:[ ]*[,;][ ]*(?:and[ ]+)?|[ ]+and[ ]+|[ ]*\n[ ]*(?=[\w'\"\[({-]))`{0,2}")


def described_in(text: str, name: str, parameters: tuple[str, ...]) -> Iterator[Found]:
    """The examples that give arguments and result apart from a call, in no order; none for a method."""
    if is_method(parameters) or not plain_names(parameters) or takes_any_number(parameters):
        return
    for pattern, relation in ((_INPUT, _OUTPUT), (_FOR, SENTENCE_RELATION)):
        for match in pattern.finditer(text):
            found = _found(text, match, relation, name, parameters)
            if found:
                yield found
    yield from _pairs(text, name, parameters)


def _found(
    text: str, match: re.Match[str], relation: re.Pattern[str], name: str, parameters: tuple[str, ...]
) -> Found | None:
    """What is described from a match of "Input:" or "For" on."""
    if match.groupdict().get("lead") and not _begins_clause(text, match.start()):
        return None
    start = re.compile(r"\s*`{0,2}").match(text, match.end())
    given = _arguments(text, start.end() if start else match.end(), parameters)
    between = relation.match(text, given.end) if given else None
    if not given or not between:
        return None
    if match.groupdict().get("lead", "for").lower() != "for" and not given.named:
        return None
    is_sentence = relation is SENTENCE_RELATION
    end = result_at(text, between.end(), quoted=between.group().endswith("`"), prose=is_sentence)
    return Found(match.start(), end, f"{name}({given.text})", text[between.end() : end]) if end else None


def _begins_clause(text: str, start: int) -> bool:
    """Whether nothing stands before "for" that it may belong to: "the greatest for 8"."""
    before = text[:start].rpartition("\n\n")[2]
    line = before.rpartition("\n")[2]
    if not may_precede(line):
        return False
    begins = not before.strip() or (not line.strip() and text[start].isupper())
    return begins or _CLAUSE_START.search(before[-_LONGEST_GAP:]) is not None


def _pairs(text: str, name: str, parameters: tuple[str, ...]) -> Iterator[Found]:
    """Lines such as `[1, 2] -> 3` below the heading "Examples"; with named arguments, anywhere."""
    position = 0
    sections: list[tuple[str, list[Found]]] = [("", [])]
    for line in text.split("\n"):
        if is_header := _HEADER.fullmatch(line) or _OTHER_HEADER.match(line):
            sections.append((line.lower() if _HEADER.fullmatch(line) else "", []))
        found, named = (None, False) if is_header else _pair(text, position, name, parameters)
        if found and named:
            yield found
        elif found:
            sections[-1][1].append(found)
        position += len(line) + 1
    for header, pairs in sections:
        if header and ("examples" in header or not _are_edges(pairs, name)):
            yield from pairs


def _are_edges(pairs: list[Found], name: str) -> bool:
    """Whether pairs begin where others end, as the edges of a graph do: they are one example, together."""
    return not {one.want for one in pairs}.isdisjoint(one.source[len(name) + 1 : -1] for one in pairs)


def _pair(text: str, line_start: int, name: str, parameters: tuple[str, ...]) -> tuple[Found | None, bool]:
    """What a line pairs with an arrow, and whether its arguments are named."""
    item = _ITEM.match(text, line_start)
    given = _arguments(text, item.end(), parameters) if item else None
    arrow = _ARROW.match(text, given.end) if given else None
    if not item or not given or not arrow:
        return None, False
    quoted = item.group().endswith("`") or arrow.group().endswith("`")
    end = result_at(text, arrow.end(), quoted=quoted, prose=False)
    found = Found(item.end(), end, f"{name}({given.text})", text[arrow.end() : end]) if end else None
    return found, given.named


class _Given(NamedTuple):
    """Arguments as a call has them, the index after them, and whether they were given by the parameters' names."""

    text: str
    end: int
    named: bool


def _arguments(text: str, start: int, parameters: tuple[str, ...]) -> _Given | None:
    """The arguments that begin at `start`.

    There are as many as parameters. Either none has a name, or all have: those of the parameters, or others in whose
    stead the place counts ("grid: [[1]], bucket_capacity: 1" of `f(grid, capacity)`).
    """
    wanted = plain_names(parameters)
    names: list[str] = []
    values: list[str] = []
    position = end = start
    while len(values) < len(wanted):
        named = _NAMED.match(text, position)
        value_start = named.end() if named else position
        value_end = literal_end(text, value_start)
        if value_end is None or not is_literal(text[value_start:value_end]):
            break
        names.append(named.group(1) if named else "")
        values.append(" ".join(text[value_start:value_end].split("\n")))
        separator = _SEPARATOR.match(text, value_end)
        end, position = value_end, separator.end() if separator else value_end
        if not separator:
            break
    if len(values) != len(wanted):
        return None
    if any(names) and sorted(names) == sorted(wanted):
        return _Given(_written(dict(zip(names, values, strict=True)), parameters, by_name=True), end, named=True)
    if any(names) and not _keep_places(names, wanted):
        return None
    return _Given(_written(dict(zip(wanted, values, strict=True)), parameters, by_name=False), end, named=False)


def _written(values: Mapping[str, str], parameters: tuple[str, ...], *, by_name: bool) -> str:
    """The arguments as a call may give them: those of the parameters before "/" by place, those after "*" by name."""
    first_named = len(parameters) if not by_name else parameters.index("/") if "/" in parameters else 0
    first_named = min(first_named, parameters.index("*") if "*" in parameters else first_named)
    pairs = ((at >= first_named, one) for at, one in enumerate(parameters) if one in values)
    return ", ".join(f"{one}={values[one]}" if named else values[one] for named, one in pairs)


def _keep_places(names: list[str], parameters: list[str]) -> bool:
    """Whether names that are not all those of the parameters leave no doubt where each argument belongs."""
    pairs = zip(names, parameters, strict=True)
    at_home = [name == parameter for name, parameter in pairs if name == parameter or name in parameters]
    return all(names) and len(set(names)) == len(names) and bool(at_home) and all(at_home)
