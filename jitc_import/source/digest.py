"""Digests that say whether two pieces of code mean the same, however they are formatted.

The text under a digest is made from the syntax tree field by field, so it is the same on every supported Python:
positions, absent fields and empty lists are left out, and so is what versions of the parser or of `repr` do
differently. Standard library only: the import path uses it.
"""

from __future__ import annotations

import ast

from jitc_import.source.checksum import hexdigest
from jitc_import.source.definitions import docstring_statement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_IGNORED_FIELDS = frozenset({"type_comment", "kind", "ctx"})


def settled_digest(source: str, keys: Iterable[str]) -> str:
    """The digest of a source (given as its `source_digest`) with the keys of its stubs, all of which have bodies."""
    return digest([source, *sorted(keys)])


def digest(parts: Iterable[str]) -> str:
    """The digest of a sequence of texts; where one ends and the next begins counts."""
    return hexdigest("".join(f"{len(part)}:{part}" for part in parts).encode("utf-8", "surrogatepass"))


def canonical(node: object) -> str:
    """A text that is equal for equal code; `node` is a syntax tree, a list of trees, or a value in one."""
    pieces: list[str] = []
    waiting: list[object] = [node]  # a stack of its own: an expression may be deeper than Python's
    while waiting:
        item = waiting.pop()
        if isinstance(item, _Written):
            pieces.append(item)
        elif isinstance(item, ast.JoinedStr):
            waiting.extend(reversed([_Written("JoinedStr("), *_joined_pieces(item), _CLOSE]))
        elif isinstance(item, ast.AST):
            waiting.extend(reversed([_Written(f"{type(item).__name__}("), *_fields(item), _CLOSE]))
        elif isinstance(item, list):
            waiting.extend(reversed([_Written("["), *(part for one in item for part in (one, _COMMA)), _Written("]")]))
        else:
            pieces.append(_canonical_value(item))
    return "".join(pieces)


def same_code(one: str, other: str) -> bool:
    """Whether two texts of statements are the same code, formatting and comments aside. Raises SyntaxError."""
    return canonical(ast.parse(one).body) == canonical(ast.parse(other).body)


def canonical_comments(comments: Iterable[str]) -> str:
    """Comments without their `#` and with single spaces, one a line."""
    return "\n".join(" ".join(comment.lstrip("#").split()) for comment in comments)


def canonical_docstring(docstring: str | None) -> str:
    """A docstring without its indentation, trailing spaces, and blank lines around it."""
    if docstring is None:
        return ""
    first, *rest = docstring.expandtabs().split("\n")
    margin = min((len(line) - len(line.lstrip()) for line in rest if line.strip()), default=0)
    return "\n".join([first.strip(), *(line[margin:].rstrip() for line in rest)]).strip("\n")


class _Written(str):
    """A piece of canonical text, told apart from a text that stands in a tree."""

    __slots__ = ()


_CLOSE, _COMMA = _Written(")"), _Written(",")


def _canonical_value(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return hex(value)  # repr refuses integers of more than 4,300 digits
    return ascii(value)  # repr shows a character as itself only where this Python's Unicode tables know it


def _fields(node: ast.AST) -> Iterator[object]:
    for name, value in ast.iter_fields(node):
        if _counts(name, value):
            yield _Written(f"{name}=")
            yield _normal_field(node, name, value)
            yield _COMMA


def _counts(name: str, value: object) -> bool:
    if name == "format_spec" and isinstance(value, ast.JoinedStr):
        return any(True for _ in _joined_pieces(value))
    return name not in _IGNORED_FIELDS and value is not None and value != []


def _normal_field(node: ast.AST, name: str, value: object) -> object:
    """A field as it counts: formatters change `del (a, b)` and the white space of docstrings."""
    if name == "targets" and isinstance(node, ast.Delete):
        return [part for target in node.targets for part in _deleted(target)]
    if name == "body" and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        statement = docstring_statement(node)
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            return [canonical_docstring(str(statement.value.value)), *node.body[1:]]
    return value


def _deleted(target: ast.expr) -> Iterator[ast.expr]:
    if isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            yield from _deleted(element)
    else:
        yield target


def _joined_pieces(node: ast.JoinedStr) -> Iterator[object]:
    """The pieces of an f-string, adjacent literal text joined and empty text left out."""
    text = ""
    for value in node.values:
        if isinstance(value, ast.Constant):
            text += str(value.value)
            continue
        if text:
            yield text
        text = ""
        yield value
        yield _COMMA
    if text:
        yield text
