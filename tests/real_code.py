"""Real modules as their authors would have left them to be completed: bodies out, marks in; and the way to compare.

`by_hand` and `stubs` of a `Taken` have the same lines but for the bodies. The comments that mark the stubs stand in
both: without the hook they mean nothing.
"""

from __future__ import annotations

import ast
import dis
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any

from jitc_import.source.definitions import definitions, docstring_statement, first_line, start_line
from jitc_import.source.spec import is_placeholder
from server import asked_keys, script_from
from splitting import Function, leaves, outermost

_SAME = (
    *("co_name", "co_names", "co_varnames", "co_cellvars", "co_freevars", "co_flags", "co_stacksize"),
    *("co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_exceptiontable", "co_qualname"),
)
_HEADER = re.compile(r"(?:class .*?: *)?((?:async +)?def +\w+)")
_FIRST_LINE_OF_CLASS = "__firstlineno__"


@dataclass(frozen=True)
class Taken:
    """A module with all its bodies, the same with stubs in their place, and how many those are."""

    by_hand: str
    stubs: str
    count: int


def take_each(text: str) -> Taken:
    """Take the bodies of the functions that stand in no other function, each of which gets a mark of its own."""
    return _take(text, "# jitc: enable", lambda tree: [node for node in outermost(tree) if _is_taken(node)])


def take_all(text: str) -> Taken:
    """Take the bodies of the functions that hold no other function; the module mark makes them stubs.

    What is empty by hand is to stay so. Abstract methods and members of protocols are no stubs of such a mark.
    """
    return _take(text, "# jitc: enable all", _leaves_to_take)


def _leaves_to_take(tree: ast.Module) -> list[Function]:
    bodiless = {
        node
        for outer in ast.walk(tree)
        if isinstance(outer, ast.ClassDef) and any("Protocol" in ast.unparse(base) for base in outer.bases)
        for node in outer.body
    }
    return [
        node
        for node in leaves(tree)
        if _is_taken(node) and not _is_decorated(node, "abstract") and node not in bodiless
    ]


def _is_taken(node: Function) -> bool:
    return not is_placeholder(node) and not _is_decorated(node, "overload")


def _is_decorated(node: Function, word: str) -> bool:
    return any(word in ast.unparse(decorator) for decorator in node.decorator_list)


def _take(text: str, mark: str, choose: Callable[[ast.Module], list[Function]]) -> Taken:
    lines = text.split("\n")
    lines.insert(_behind_coding(lines), mark)
    tree = ast.parse("\n".join(lines))
    if mark.endswith("all"):
        notes = {first_line(node): "# jitc: skip" for _, node in definitions(tree) if is_placeholder(node)}
    else:
        notes = {first_line(node): "# jitc: complete" for node in choose(tree)}
    for number in sorted(notes, reverse=True):
        margin = lines[number - 1][: len(lines[number - 1]) - len(lines[number - 1].lstrip())]
        lines.insert(number - 1, margin + notes[number])
    by_hand = "\n".join(lines)
    chosen = choose(ast.parse(by_hand))
    return Taken(by_hand, _without_bodies(by_hand, chosen), len(chosen)) if chosen else Taken(text, text, 0)


def _behind_coding(lines: list[str]) -> int:
    """How many lines stand before what may stand anywhere: `#!` and the encoding."""
    return sum(line.startswith("#") and (line.startswith("#!") or "coding" in line) for line in lines[:2])


def _without_bodies(text: str, chosen: list[Function]) -> str:
    data = text.encode()
    begins = [0]
    for line in data.split(b"\n"):
        begins.append(begins[-1] + len(line) + 1)
    for node in sorted(chosen, key=lambda node: node.lineno, reverse=True):
        first, last = node.body[1 if docstring_statement(node) else 0], node.body[-1]
        start = begins[start_line(first) - 1] + first.col_offset
        end = begins[(last.end_lineno or 0) - 1] + (last.end_col_offset or 0)
        data = data[:start] + b"..." + data[end:]
    return data.decode()


def differences(by_hand: CodeType, completed: CodeType, texts: dict[str, str]) -> list[str]:
    """What tells the code of a completed module from that by hand, line numbers aside.

    `texts` holds those of all files that code may name; lines count as the same where they read the same.
    """
    lines = {name: text.split("\n") for name, text in texts.items()}
    found: list[str] = []
    waiting = [(by_hand, completed)]
    while waiting:
        one, other = waiting.pop()
        found += (f"{one.co_name}, line {one.co_firstlineno}: {each}" for each in _differing(one, other, lines))
        nested = [[const for const in code.co_consts if isinstance(const, CodeType)] for code in (one, other)]
        waiting += zip(*nested, strict=False)
    return found


def _differing(one: CodeType, other: CodeType, lines: dict[str, list[str]]) -> Iterator[str]:
    for name in _SAME:
        if getattr(one, name, None) != getattr(other, name, None):
            yield f"{name}: {getattr(one, name)!r} and {getattr(other, name)!r}"
    if _instructions(one) != _instructions(other):
        yield "other instructions"
    for at, (number, elsewhere) in enumerate(zip(_line_numbers(one), _line_numbers(other), strict=True)):
        text, found = (
            lines[code.co_filename][line - 1].strip() if line else ""
            for code, line in ((one, number), (other, elsewhere))
        )
        if not _reads_the_same(text, found):
            yield f"line {number} of instruction {at}: {text!r} and {found!r}"


def _instructions(code: CodeType) -> list[tuple[str, object]]:
    """Operations and what they are given; the line that the code of a class tells (3.13) must be its own."""
    shown: list[tuple[str, object]] = []
    for each in dis.get_instructions(code):
        given = each.argrepr if each.opname.startswith(("LOAD_CONST", "COMPARE")) else each.argval
        if each.opname == "STORE_NAME" and each.argval == _FIRST_LINE_OF_CLASS:
            assert shown[-1][1] == repr(code.co_firstlineno)
            shown[-1] = ("LOAD_CONST", "its line")
        shown.append((each.opname, _named(given, each.argval)))
    return shown


def _named(given: object, value: object) -> object:
    """What stands for an argument: of code only the name, of sets the sorted members."""
    if isinstance(value, CodeType):
        return f"code of {value.co_name}"
    return sorted(map(repr, value)) if isinstance(value, frozenset) else given


def _line_numbers(code: CodeType) -> list[int | None]:
    return [line for start, end, line in code.co_lines() for _ in range(start, end, 2)]


def _reads_the_same(by_hand: str, found: str) -> bool:
    """Whether a line is that by hand; companion files write headers their way, and show no decorators."""
    headers = [match[1] for match in map(_HEADER.match, (by_hand, found)) if match]
    return found in by_hand or by_hand.startswith("@") or (len(headers) == 2 and headers[0] == headers[1])


def _telling_lines(text: str) -> set[str]:
    return {line.strip() for line in text.split("\n") if len(line) > 20}


def script_for(texts: Iterable[str]) -> Callable[[dict[str, Any]], str]:
    """A script for a server that answers with the definitions of that of `texts` of which most stands in a request."""
    scripts = {text: script_from(text) for text in texts}
    defined = {text: {node.name for _, node in definitions(ast.parse(text))} for text in scripts}
    lines = {text: _telling_lines(text) for text in scripts}

    def script(request: dict[str, Any]) -> str:
        content = _telling_lines("\n".join(message["content"] for message in request["messages"]))
        asked = {name.rpartition(".")[2] for name in asked_keys(request)}
        candidates = [text for text in scripts if asked <= defined[text]]
        return scripts[max(candidates, key=lambda text: len(lines[text] & content))](request)

    return script


RUNNER = '''
"""Run test modules against a copy of a module of Python, and print how that went: FOLDER MODULE,… TEST,…"""

import importlib
import io
import json
import sys
import unittest

import ast, copy, linecache, re, tokenize  # what the hook imports when it compiles; one of them may be the copy

folder, modules, tests = sys.argv[1], sys.argv[2].split(","), sys.argv[3].split(",")
if "jitc_import.activate" in sys.modules:
    import jitc_import.hooks.build, jitc_import.graft.tree
sys.argv[1:] = []
sys.path.insert(0, folder)
for name in [name for name in sys.modules if any(f"{name}.".startswith(f"{each}.") for each in modules)]:
    del sys.modules[name]
loaders = set()
for name in modules:
    module = importlib.import_module(name)
    assert module.__file__.startswith(folder), module.__file__
    parent, _, last = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], last, module)
    loaders.add(type(module.__spec__.loader).__name__)
suite = unittest.TestSuite(unittest.defaultTestLoader.loadTestsFromNames(tests))
result = unittest.TextTestRunner(io.StringIO()).run(suite)
bad = sorted(f"{kind} {case.id()}" for kind in ("failures", "errors") for case, _ in getattr(result, kind))
counts = {kind: len(getattr(result, kind)) for kind in ("skipped", "expectedFailures", "unexpectedSuccesses")}
told = {"run": result.testsRun, **counts, "bad": bad, "loaders": [*loaders]}
print(json.dumps(told), file=sys.__stdout__)
for _, text in [*result.errors, *result.failures]:
    print(text, file=sys.stderr)
'''
"""A program for `python -c`; with `import jitc_import.activate` before it the copy is imported through the hook."""
