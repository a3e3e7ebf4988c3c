"""Put bodies into the syntax tree of a module and compile it once. Standard library only.

A body is compiled where it belongs, so closures, `super()`, `__class__` and private names work as ever. The line
table of a code object is relative to its first line, and that follows from the user's `def`: so the nodes of a body
are shifted before compiling, and the first line is shifted back, and the companion file named, afterwards.
"""

from __future__ import annotations

import ast
import sys
from _thread import allocate_lock

from jitc_import.errors import StoreError
from jitc_import.graft.relocate import Move, relocated
from jitc_import.source.definitions import FUNCTIONS, definitions, docstring_statement, first_line, statements_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from types import CodeType

    from jitc_import.graft.relocate import Scope
    from jitc_import.source.definitions import Function

    Compiler = Callable[[ast.Module, str], CodeType]

NO_DOCSTRINGS = 2
"""The level of optimisation from which on Python drops docstrings."""

_deep = allocate_lock()


class Graft:
    """One body on its way into one stub; the donor's first line lies `shift` lines below the stub's."""

    __slots__ = ("body", "donor", "key", "placeholder", "shift", "stub")

    def __init__(self, key: str, stub: Function, donor: Function) -> None:
        self.key = key
        self.stub = stub
        self.donor = donor
        self.shift = first_line(donor) - first_line(stub)
        self.placeholder = stub.body
        self.body: list[ast.stmt] = []


def graft(  # noqa: PLR0913 -- three are rarely given
    tree: ast.Module,
    donors: Mapping[str, Function],
    path: str,
    companion: str,
    *,
    raw_lines: Sequence[str] | None = None,
    optimize: int = -1,
    compiler: Compiler | None = None,
) -> CodeType:
    """The code of the module `tree` with the bodies of `donors` (by the key of the stub) in place of the stubs' own.

    `path` and `companion` are the files that the code objects name; `optimize` is as for `compile`, in place of which
    `compiler` is called. With `raw_lines`, the lines (with their ends) of the companion file, the code of each
    decorated stub holds the donor's text, for `raw_of`. `tree` and `donors` are used up. Keys that `tree` lacks are
    passed over.

    Raises StoreError that names key and line where a body does not compile, SyntaxError where the module does not.
    """
    level = sys.flags.optimize if optimize < 0 else optimize
    grafts = dict(_plan(tree, donors))
    moves = {
        scope: Move(made.shift, _raw(made.donor, raw_lines) if raw_lines and made.stub.decorator_list else None)
        for scope, made in grafts.items()
    }
    for made in grafts.values():
        _move(made, companion)
        made.stub.body = made.body = _body(made, keep_docstring=level < NO_DOCSTRINGS)
    try:
        code = compiler(tree, path) if compiler else compile_tree(tree, path, optimize)
    except SyntaxError as error:
        _blame_body(tree, path, companion, grafts.values(), error)
        raise
    return relocated(code, moves, companion)


def compile_tree(tree: ast.Module, path: str, optimize: int = -1) -> CodeType:
    """Compile a syntax tree, as deep as Python would compile its source."""
    try:
        return compile(tree, path, "exec", dont_inherit=True, optimize=optimize)
    except RecursionError:
        return _compile_deep(tree, path, optimize)


def _compile_deep(tree: ast.Module, path: str, optimize: int) -> CodeType:
    """Up to 3.11 a level of the tree counts as one of Python's; to the compiler itself it counts as a third."""
    with _deep:
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(3 * limit)
        try:
            return compile(tree, path, "exec", dont_inherit=True, optimize=optimize)
        finally:
            sys.setrecursionlimit(limit)


def _plan(tree: ast.Module, donors: Mapping[str, Function]) -> Iterator[tuple[Scope, Graft]]:
    """What is grafted where; no donor goes into two stubs, as its nodes are moved."""
    keys = {id(node): key for key, node in definitions(tree)}
    taken: set[int] = set()
    for scope, stub in outermost(tree, {node for node, key in keys.items() if key in donors}):
        donor = donors[keys[id(stub)]]
        if id(donor) in taken:
            from copy import deepcopy

            donor = deepcopy(donor)
        taken.add(id(donor))
        yield scope, Graft(keys[id(stub)], stub, donor)


def outermost(tree: ast.Module, wanted: set[int]) -> Iterator[tuple[Scope, Function]]:
    """The functions of `wanted` (by `id`) and their scopes; what stands inside one of them goes with its body."""
    waiting: list[tuple[ast.AST, Scope]] = [(tree, ())]
    while waiting:
        node, scope = waiting.pop()
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            scope = (*scope, (node.name, first_line(node)))
        if isinstance(node, FUNCTIONS) and id(node) in wanted:
            yield scope, node
        else:
            waiting.extend((child, scope) for child in statements_in(node))


def _body(made: Graft, *, keep_docstring: bool) -> list[ast.stmt]:
    """The stub's docstring and the donor's statements."""
    docstring = docstring_statement(made.stub) if keep_docstring else None
    statements = made.donor.body[1:] if docstring_statement(made.donor) else made.donor.body
    while not docstring and statements and _is_text(statements[0]):
        statements = statements[1:]  # or it would become the docstring
    if docstring:
        return [docstring, *statements]
    return statements or [ast.copy_location(ast.Pass(), made.donor.body[-1])]


def _is_text(statement: ast.stmt) -> bool:
    if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
        return False
    return isinstance(statement.value.value, str)


def _move(made: Graft, companion: str) -> None:
    """Have the donor's nodes name the lines they would have below the stub's `def`."""
    waiting: list[object] = [*made.donor.body]
    while waiting:
        node = waiting.pop()
        fields = node.__dict__  # what ast.walk looks up by name, in a third of the time
        if "lineno" in fields:
            if type(node) is ast.ImportFrom and node.module == "__future__" and not node.level:
                raise _broken(made, companion, node.lineno, "`from __future__` belongs at the start of the module")
            fields["lineno"] -= made.shift
            fields["end_lineno"] -= made.shift
        for value in fields.values():
            if type(value) is list:
                waiting += [each for each in value if isinstance(each, ast.AST)]
            elif isinstance(value, ast.AST):
                waiting.append(value)


def _raw(donor: Function, lines: Sequence[str]) -> str:
    """The text of a donor, its indentation taken off except inside strings of several lines."""
    inside = {
        number
        for node in ast.walk(donor)
        if isinstance(node, (ast.Constant, ast.JoinedStr))
        for number in range(node.lineno + 1, (node.end_lineno or 0) + 1)
    }
    start = first_line(donor)
    margin = " " * donor.col_offset
    numbered = enumerate(lines[start - 1 : donor.end_lineno], start)
    text = "".join(line if number in inside else line.removeprefix(margin) for number, line in numbered)
    return text.rstrip("\n")


def _blame_body(tree: ast.Module, path: str, companion: str, grafts: Collection[Graft], error: SyntaxError) -> None:
    """Raise StoreError where it is a body that does not compile, SyntaxError where it is the module itself."""
    for made in grafts:
        made.stub.body = made.placeholder
    compile_tree(tree, path)
    for made in grafts:
        last = (made.donor.end_lineno or 0) - made.shift
        if not first_line(made.stub) <= (error.lineno or 0) <= last:
            continue
        made.stub.body = made.body
        try:
            compile_tree(tree, path)
        except SyntaxError as found:
            raise _broken(made, companion, (found.lineno or 0) + made.shift, found.msg) from None
        made.stub.body = made.placeholder


def _broken(made: Graft, companion: str, line: int, cause: str) -> StoreError:
    step = "mend it, or delete the section and have the stub completed anew"
    return StoreError(
        f"{companion}:{line}: the body of {made.key} does not compile: {cause}; {step}", path=companion, lineno=line
    )
