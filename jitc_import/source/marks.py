"""The `# jitc:` comments: what they say, and whether a module is marked. Standard library only.

# jitc: enable [all] [tests=path,…]           a module, in its leading comment block
# jitc: complete [hint words] [key=value …]   a function, or each placeholder method of a class
# jitc: skip                                  a function or class that is left out
"""

from __future__ import annotations

import re

from jitc_import.errors import MarkError
from jitc_import.source.definitions import docstring_statement, start_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

OPTION_NAMES = ("model", "temperature", "seed")
"""Options that a function's mark may give as `key=value`."""

VERBS = ("enable", "complete", "skip")

_MARK = re.compile(r"#+\s*jitc\s*:\s*(?P<verb>\S*)\s*(?P<words>.*)", re.IGNORECASE | re.DOTALL)
_OPTION = re.compile(r"(?P<name>[A-Za-z_]\w*)=(?P<value>\S+(?: @ \S+)?)")
_WORDS = re.compile(r"model=\S+ @ \S+|\S+")  # a model's name may hold that of its endpoint
_TESTS = re.compile(r"(?<!\S)tests=(?P<paths>[^\s,]+(?:\s*,\s*[^\s,]+)*)(?=,?(?:\s|$))", re.IGNORECASE)
_ENABLE = re.compile(r"#+\s*jitc\s*:\s*enable\b", re.IGNORECASE)
_NEAR_MARK = re.compile(
    r"#+\s*(?P<name>[A-Za-z][\w-]{2,11})"
    r"(?:\s*:\s*(?:enable|complete|skip)\b.*|[\s-]+(?:enable|enable all|complete|skip))",
    re.IGNORECASE | re.DOTALL,
)
_TOOL = r"noqa\b|type:|pragma\b|pylint:|mypy:|pyright:|ruff:|fmt:|yapf:|isort:|flake8|nosec\b|codespell:|-\*-|vim:"
_ORDER = re.compile(rf"#!|#+\s*(?:{_TOOL})", re.IGNORECASE)
_PIECE = re.compile(rf"(?:^|(?<=\s))(?=#+\s*(?:jitc\s*:|{_TOOL}))", re.IGNORECASE)
_OUR_NAMES = ("jitc", "jitc-import", "jitc_import")


class Mark:
    """One `# jitc:` comment, read."""

    __slots__ = ("hint", "line", "options", "verb")

    def __init__(self, verb: str, line: int, hint: str = "", options: dict[str, str] | None = None) -> None:
        self.verb = verb
        self.line = line
        self.hint = hint
        self.options = options or {}


class ModuleMark:
    """The module mark of a module: the line (1-based) it stands on, and what it says.

    `all`: every placeholder is a stub. `tests` are the paths of test files, from the project's root.
    """

    __slots__ = ("all", "line", "tests")

    def __init__(self, line: int, *, all: bool, tests: tuple[str, ...] = ()) -> None:  # noqa: A002 -- the mark's word
        self.line = line
        self.all = all
        self.tests = tests


def is_mark(comment: str) -> bool:
    """Whether a comment (with its `#`) is one of ours, well spelt or not."""
    return _MARK.fullmatch(comment.strip()) is not None or _is_near_mark(comment.strip())


def split_comment(comment: str) -> tuple[tuple[str, ...], str]:
    """The marks in a comment, and what it says besides without its `#` and without orders to other tools.

    One comment may hold several: `# noqa: E501  # jitc: complete quickly` gives one mark and no words.
    """
    pieces = [piece.strip() for piece in _PIECE.split(comment)]
    marks = tuple(piece for piece in pieces if is_mark(piece))
    notes = (piece.lstrip("#:").strip() for piece in pieces if not is_mark(piece) and not _ORDER.match(piece))
    return marks, " ".join(note for note in notes if note)


def read_mark(comment: str, line: int, path: str) -> Mark:
    """Read a comment that `is_mark`.

    Raises MarkError, naming `path` and `line`, where it is misspelt.
    """
    matched = _MARK.fullmatch(comment.strip())
    if matched is None:
        raise mark_error(f"`{comment.strip()}` is no mark; did you mean `# jitc: ...`?", line, path)
    verb = matched["verb"].lower().rstrip(",;:.")
    if verb not in VERBS:
        raise mark_error(f"`{comment.strip()}` is no mark{_meant(verb, VERBS)}", line, path)
    if verb == "enable":
        return _read_enable(matched["words"], comment, line, path)
    words = _WORDS.findall(matched["words"])
    if verb == "skip":
        return Mark(verb, line)
    options = dict(_options(words, line, path))
    return Mark(verb, line, " ".join(word for word in words if not _names_option(word)), options)


def decode(source: bytes) -> str:
    """The text of a Python source: its coding line and byte order mark obeyed, lines ended by a line feed.

    Raises SyntaxError where it cannot be decoded.
    """
    import io
    import tokenize

    unified = source.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    encoding, _ = tokenize.detect_encoding(io.BytesIO(unified).readline)
    return unified.decode(encoding)


def module_mark(text: str, tree: ast.Module, path: str) -> ModuleMark | None:
    """The module mark in `text` (a decoded source, lines ended by a line feed), of which `tree` is the syntax tree.

    Raises MarkError where a module mark is misspelt, or stands after the first statement.
    """
    found = None
    for line, comment in _leading_comments(text, tree):
        marks, _ = split_comment(comment)
        if marks and _ENABLE.match(marks[0]):
            mark = read_mark(marks[0], line, path)
            found = ModuleMark(line, all=mark.hint == "all", tests=tuple(mark.options.get("tests", "").split()))
            break
        if _means_enable(comment):
            cause = f"`{comment}` is no module mark; did you mean `# jitc: enable`?"
            raise MarkError(f"{path}:{line}: {cause}", path=path, lineno=line)
    if found is None:
        _refuse_late_mark(text, path)
    return found


def comments_of(text: str) -> Iterator[tuple[int, int, str]]:
    """Each comment token of `text` as (line, column, comment), up to where the text stops being Python."""
    import io
    import tokenize

    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.start[1], token.string
    except (tokenize.TokenError, SyntaxError):
        return


def mark_error(cause: str, line: int, path: str) -> MarkError:
    """The error for a mark at `path`:`line`."""
    where = "marks stand above a function or class, at the end of its `def` line, or in the function's body"
    return MarkError(f"{path}:{line}: {cause} ({where})", path=path, lineno=line)


def _leading_comments(text: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Own-line comments before the first statement that is not the module docstring."""
    docstring = docstring_statement(tree)
    inside = range(docstring.lineno, (docstring.end_lineno or 0) + 1) if docstring else range(0)
    statements = tree.body[1:] if docstring else tree.body
    end = start_line(statements[0]) if statements else None
    for number, line in enumerate(text.split("\n")[: end - 1 if end else None], start=1):
        stripped = line.strip().lstrip("\ufeff")
        if number not in inside and stripped.startswith("#"):
            yield number, stripped


def _means_enable(comment: str) -> bool:
    """Whether a comment looks like a misspelt module mark: the functions of the module would silently stay empty."""
    matched = _MARK.fullmatch(comment)
    if matched is None:
        return "enable" in comment.lower() and _is_near_mark(comment)
    verb = matched["verb"].lower()
    return verb not in VERBS and _meant(verb, VERBS) == _meant("enable", VERBS)


def _is_near_mark(comment: str) -> bool:
    """Whether a comment looks like a mark whose name or colon is misspelt: `# jtic: skip`, `# jitc complete`."""
    matched = _NEAR_MARK.fullmatch(comment)
    if matched is None:
        return False
    import difflib

    return bool(difflib.get_close_matches(matched["name"].lower(), _OUR_NAMES, n=1, cutoff=0.75))


def _refuse_late_mark(text: str, path: str) -> None:
    if not _ENABLE.search(text):
        return
    for line, _, comment in comments_of(text):
        if any(_ENABLE.match(mark) for mark in split_comment(comment)[0]):
            cause = "the module mark stands too late: it belongs in the comments before the first statement"
            raise MarkError(f"{path}:{line}: {cause}", path=path, lineno=line)


def _read_enable(words: str, comment: str, line: int, path: str) -> Mark:
    """The module mark; its test files are the option `tests`, with spaces between."""
    tests = _TESTS.search(words)
    rest = words if tests is None else f"{words[: tests.start()]} {words[tests.end() :]}"
    said = rest.replace(",", " ").lower().split()
    if said not in ([], ["all"]):
        cause = f"`{comment.strip()}` is no module mark: `# jitc: enable`, and `all` or `tests=PATH,PATH` after it"
        raise MarkError(f"{path}:{line}: {cause}", path=path, lineno=line)
    options = {"tests": tests["paths"].replace(",", " ")} if tests else {}
    return Mark("enable", line, " ".join(said), options)


def _options(words: list[str], line: int, path: str) -> Iterator[tuple[str, str]]:
    for word in words:
        matched = _OPTION.fullmatch(word.rstrip(",;"))
        if not matched:
            continue
        if matched["name"] in OPTION_NAMES:
            yield matched["name"], matched["value"]
        elif meant := _meant(matched["name"], OPTION_NAMES):
            raise mark_error(f"`{word}` is no option{meant}", line, path)


def _names_option(word: str) -> bool:
    matched = _OPTION.fullmatch(word.rstrip(",;"))
    return matched is not None and matched["name"] in OPTION_NAMES


def _meant(word: str, known: tuple[str, ...]) -> str:
    import difflib

    close = difflib.get_close_matches(word.lower(), known, n=1)
    return f"; did you mean `{close[0]}`?" if close else ""
