"""What kind of function a body makes of its stub: one that returns or one that yields, as the stub says.

Only what is certain is a problem: annotations whose meaning is not known here, and decorators that may change what a
function gives, are let be.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jitc_import.source.annotations import unquoted
from jitc_import.source.definitions import FUNCTIONS
from jitc_import.source.spec import docstring_of, draft_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from jitc_import.source.definitions import Function

_GENERATORS = {"Generator", "Iterator", "Iterable"}
_ASYNC_GENERATORS = {"AsyncGenerator", "AsyncIterator", "AsyncIterable"}
_VALUES = frozenset(
    """
    int float complex str bytes bytearray bool list dict set frozenset tuple List Dict Set FrozenSet Tuple Sequence
    Mapping MutableMapping MutableSequence Collection Counter OrderedDict DefaultDict defaultdict deque Deque range
    Decimal Fraction date datetime timedelta Path
    """.split()  # noqa: SIM905
)
"""Annotations of values that are neither None nor anything that yields."""

_UNIONS = frozenset({"Union", "Optional"})
_PLAIN_DECORATORS = frozenset(
    """
    staticmethod classmethod property cached_property abstractmethod override final lru_cache cache wraps llm_complete
    setter getter
    """.split()  # noqa: SIM905
)
"""Decorators under which a function gives what its body gives."""

_CONTEXT_MANAGERS = frozenset({"contextmanager", "asynccontextmanager"})
_ENDING_CALLS = frozenset({"exit", "_exit", "quit", "abort", "fail", "skip", "error", "execv", "execvp", "execve"})
_LITERALS: dict[type[ast.expr], str] = {
    **dict.fromkeys((ast.List, ast.ListComp), "a list"),
    **dict.fromkeys((ast.Set, ast.SetComp), "a set"),
    **dict.fromkeys((ast.Dict, ast.DictComp), "a dict"),
    **dict.fromkeys((ast.JoinedStr,), "a str"),
    ast.Tuple: "a tuple",
}
_MAKERS = frozenset({"list", "tuple", "set", "dict", "str", "sorted", "range", "frozenset"})


def shape_problem(body: list[ast.stmt], stub: Function, classes: Collection[str] = ()) -> str | None:
    """Why a body does not make the kind of function that its stub is; None where nothing speaks against it.

    `classes` are the names of classes in the stub's module.
    """
    yields = any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in _own(body))
    returned = [node.value for node in _own(body) if isinstance(node, ast.Return) and not _is_none(node.value)]
    decorators = {_last_name(each) for each in stub.decorator_list}
    if decorators & _CONTEXT_MANAGERS:
        wrong = not (yields or returned)
        return "it never yields, but a context manager yields once, where its block runs" if wrong else None
    if not decorators <= _PLAIN_DECORATORS:
        return None
    if stub.returns is None:
        return _against_draft(stub, yields=yields, returns=bool(returned))
    annotation = unquoted(stub.returns)
    if yields:
        return _yielding_problem(stub, annotation)
    return _returning_problem(body, stub, annotation, returned, frozenset(classes))


def promises_value(stub: Function) -> bool:
    """Whether the annotation of a function says for certain that it gives a value, not None."""
    return stub.returns is not None and all(_name_of(each) in _VALUES for each in _members(unquoted(stub.returns)))


def overwritten_parameters(body: list[ast.stmt], stub: Function) -> Iterator[str]:
    """The parameters whose arguments are lost: assigned to before anything reads them, one text each."""
    words = (docstring_of(stub) or "").lower()
    if any(word in words for word in ("ignore", "unused", "not used", "deprecated", "compatib")):
        return
    names = {node.id for statement in draft_of(stub) for node in ast.walk(statement) if isinstance(node, ast.Name)}
    parameters = _parameters(stub) - names
    used = {node.id for each in body for node in ast.walk(each) if isinstance(node, ast.Name)}
    for name in sorted(parameters) if used.isdisjoint({"locals", "vars"}) else ():
        if not name.startswith("_") and _is_overwritten(name, body):
            yield f"the parameter {name} is overwritten before it is read"


def _is_overwritten(name: str, body: list[ast.stmt]) -> bool:
    for statement in body:
        uses = [node for node in ast.walk(statement) if _names(node, name)]
        if not uses:
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        plain = isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None
        return plain and len(uses) == 1 and uses[0] in targets
    return False


def _names(node: ast.AST, name: str) -> bool:
    return name in (getattr(node, "id", None), getattr(node, "arg", None)) or name in getattr(node, "names", ())


def _against_draft(stub: Function, *, yields: bool, returns: bool) -> str | None:
    draft = list(_own(draft_of(stub)))
    draft_yields = any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in draft)
    if draft_yields and not (yields or returns):
        return "it never yields, but the draft does"
    if yields and not draft_yields and any(isinstance(node, ast.Return) and node.value for node in draft):
        return "it yields, but the draft returns a value"
    return None


def _yielding_problem(stub: Function, annotation: ast.expr) -> str | None:
    shown = ast.unparse(annotation)
    is_async = isinstance(stub, ast.AsyncFunctionDef)
    strange = _GENERATORS if is_async else _ASYNC_GENERATORS
    if _name_of(annotation) in strange:
        return f"it is {'an async' if is_async else 'a plain'} generator, but the annotation says {shown}"
    if all(_name_of(member) in _VALUES or _is_none(member) for member in _members(annotation)):
        return f"it yields, but the annotation says {shown}: collect the values and return them"
    return None


def _returning_problem(
    body: list[ast.stmt],
    stub: Function,
    annotation: ast.expr,
    returned: list[ast.expr | None],
    classes: frozenset[str],
) -> str | None:
    shown, name = ast.unparse(annotation), _name_of(annotation)
    if name in ("Generator", "Iterator") and isinstance(stub, ast.FunctionDef):
        for value in returned:
            if value is not None and (kind := _container(value)):
                return f"it returns {kind}, but the annotation says {shown}: yield its items, or return iter(…)"
    certain = {*_VALUES, *_GENERATORS, *_ASYNC_GENERATORS, *classes}
    if not returned and all(_name_of(member) in certain for member in _members(annotation)) and _falls_off(body):
        return f"it never returns a value, but the annotation says {shown}"
    return None


def _container(value: ast.expr) -> str | None:
    """What a returned value is that is iterable but no iterator; None where that is not certain."""
    if isinstance(value, ast.Constant):
        return f"a {type(value.value).__name__}"
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in _MAKERS:
        return "a list" if value.func.id == "sorted" else f"a {value.func.id}"
    return _LITERALS.get(type(value))


def _falls_off(body: list[ast.stmt]) -> bool:
    """Whether the end of a block is surely reached where nothing in it returns or raises before."""
    last = body[-1]
    if isinstance(last, ast.If):
        return not last.orelse or _falls_off(last.body) or _falls_off(last.orelse)
    if isinstance(last, ast.While):
        return not (isinstance(last.test, ast.Constant) and last.test.value)
    if isinstance(last, ast.With):
        return _falls_off(last.body)
    if isinstance(last, ast.Try):
        return _falls_off(last.orelse or last.body) and not last.finalbody
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        return _last_name(last.value.func) not in _ENDING_CALLS
    return not isinstance(last, (ast.Raise, ast.Match, ast.AsyncWith)) and not type(last).__name__.startswith("Try")


def _own(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of a body that are not in functions or classes within it."""
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            waiting.extend(ast.iter_child_nodes(node))


def _members(annotation: ast.expr) -> list[ast.expr]:
    """What an annotation allows, one by one: the members of a union, or itself."""
    if isinstance(annotation, ast.BinOp):
        return [*_members(unquoted(annotation.left)), *_members(unquoted(annotation.right))]
    if isinstance(annotation, ast.Subscript) and _last_name(annotation.value) in _UNIONS:
        inner = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
        none = [ast.Constant(None)] if _last_name(annotation.value) == "Optional" else []
        return [*(member for each in inner for member in _members(unquoted(each))), *none]
    return [annotation]


def _name_of(annotation: ast.expr) -> str:
    """The name of a type, without its arguments."""
    return _last_name(annotation.value if isinstance(annotation, ast.Subscript) else annotation)


def _is_none(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def _last_name(node: ast.expr) -> str:
    node = node.func if isinstance(node, ast.Call) else node
    return str(getattr(node, "attr", getattr(node, "id", "")))


def _parameters(stub: Function) -> frozenset[str]:
    arguments = stub.args
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    return frozenset(one.arg for one in every if one)
