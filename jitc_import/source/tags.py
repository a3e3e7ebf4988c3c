"""Which functions of a module are stubs: what its marks and decorators say, and what they must not say."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from jitc_import.source.marks import mark_error, read_mark
from jitc_import.source.options import DecoratorArguments, Options, combine, fall_back, read_calls, read_mark_options
from jitc_import.source.spec import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from jitc_import.source.listing import Listing
    from jitc_import.source.marks import Mark, ModuleMark
    from jitc_import.source.outline import Definition, Outline
    from jitc_import.source.places import Place

Tag = Literal["comment", "decorator", "class", "module"]
"""What made a function a stub."""

_ABSTRACT = tuple(f"abc.abstract{kind}" for kind in ("method", "property", "classmethod", "staticmethod"))
_OVERLOADS = ("typing.overload", "typing_extensions.overload")
_PROTOCOLS = ("typing.Protocol", "typing_extensions.Protocol")


@dataclass(frozen=True)
class Tagged:
    """A stub: the function, what tagged it, and what its marks say."""

    definition: Definition
    tag: Tag
    ours: tuple[int, ...]
    hints: tuple[str, ...]
    options: Options
    unread: tuple[ast.expr, ...]
    dynamic: bool


@dataclass
class _Marks:
    """The marks of one definition, by verb, and our decorators on it by position."""

    complete: list[Mark] = field(default_factory=list)
    skip: list[Mark] = field(default_factory=list)
    ours: dict[int, DecoratorArguments] = field(default_factory=dict)

    @property
    def first_line(self) -> int:
        """The line of the first of the marks."""
        return min(mark.line for mark in (*self.complete, *self.skip))


@dataclass(frozen=True)
class Tags:
    """The stubs of a module in source order, and what is odd about its marks."""

    tagged: tuple[Tagged, ...]
    warnings: tuple[str, ...]


def find_tags(
    found: list[Definition],
    listing: Listing,
    places: Mapping[int, Place],
    mark: ModuleMark | None,
    path: str,
    decorated: Collection[int] = (),
) -> Tags:
    """Find the stubs among the definitions of a module; those on the lines `decorated` are stubs in any case.

    Raises MarkError for the first mark that is misspelt, or stands where it means nothing.
    """
    every = {definition: _Marks() for definition in found}
    if mark:
        _assign_marks(every, found, listing, places, mark, path)
    warnings = [] if mark else list(_unread_marks(listing, path))
    tagged: dict[Definition, Tagged] = {}
    for definition in found:
        marks = every[definition]
        marks.ours = dict(_our_decorators(definition, path))
        _refuse_contradictions(definition, marks, tagged, path)
        stub = _tag(definition, every, mark, path, known=definition.line in decorated)
        if stub and not any(outer in tagged for outer in definition.around()):
            tagged[definition] = stub
    warnings.extend(_idle_class_marks(found, every, tagged, path))
    return Tags(tuple(tagged.values()), tuple(warnings))


def refuse_lambdas(tree: ast.Module, found: Outline, path: str) -> None:
    """Raise MarkError where `llm_complete` is called on a lambda."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not any(isinstance(argument, ast.Lambda) for argument in node.args):
            continue
        origins = found.scope_at(node.lineno).origins(node.func, node.lineno)
        if any(is_ours(origin.name) for origin in origins):
            raise mark_error("llm_complete stands on a lambda, which has no body: write a `def`", node.lineno, path)


def is_ours(name: str, function: str = "llm_complete") -> bool:
    """Whether a dotted name is `llm_complete` (or another function of ours), wherever in the package it stands."""
    first, _, rest = name.partition(".")
    return first == "jitc_import" and rest.rpartition(".")[2] == function


def _unread_marks(listing: Listing, path: str) -> Iterator[str]:
    for comment in listing.comments.values():
        for text in comment.marks:
            yield f"{path}:{comment.line}: `{text}` is not looked at: the module has no `# jitc: enable`"


def _assign_marks(
    every: dict[Definition, _Marks],
    found: list[Definition],
    listing: Listing,
    places: Mapping[int, Place],
    module_mark: ModuleMark,
    path: str,
) -> None:
    """Give each mark to the definition that it stands at."""
    first_lines = dict(_lines_of_headers(found))
    for comment in listing.comments.values():
        for text in comment.marks:
            mark = read_mark(text, comment.line, path)
            if mark.verb == "enable":
                if mark.line != module_mark.line:
                    raise mark_error("a second module mark", mark.line, path)
                continue
            definition = _marked(found, places.get(comment.line), first_lines.get(comment.line))
            if definition is None:
                raise mark_error(f"`{text}` stands where it means nothing", mark.line, path)
            marks = every[definition]
            (marks.complete if mark.verb == "complete" else marks.skip).append(mark)


def _lines_of_headers(found: list[Definition]) -> Iterator[tuple[int, Definition]]:
    """The lines of `def`, `class` and `@`, where a comment may stand in the midst of parentheses."""
    for definition in found:
        yield definition.node.lineno, definition
        for decorator in definition.node.decorator_list:
            yield decorator.lineno, definition


def _marked(found: list[Definition], place: Place | None, beginning: Definition | None) -> Definition | None:
    if place is None:
        return beginning
    if place.definition is None:
        return None
    definition = found[place.definition]
    return None if place.slot == "body" and not definition.function else definition


def _our_decorators(definition: Definition, path: str) -> Iterator[tuple[int, DecoratorArguments]]:
    for position, decorator in enumerate(definition.node.decorator_list):
        for origin in definition.origins(decorator):
            if is_ours(origin.name):
                yield position, read_calls(origin.calls, decorator.lineno, path)


def _refuse_contradictions(
    definition: Definition, marks: _Marks, tagged: Mapping[Definition, Tagged], path: str
) -> None:
    node = definition.node
    explicit = bool(marks.complete or marks.ours)
    if marks.ours and not definition.function:
        raise mark_error(
            f"llm_complete stands on the class {node.name}; it completes functions: put `# jitc: complete` above the "
            "class, which marks each of its placeholder methods, or the decorator on the methods",
            node.decorator_list[next(iter(marks.ours))].lineno, path,
        )  # fmt: skip
    if explicit and marks.skip:
        raise mark_error(f"`complete` and `skip` both stand at {node.name}", marks.first_line, path)
    stub = next((outer for outer in definition.around() if outer in tagged), None)
    if stub and (explicit or marks.skip):
        line = marks.first_line if marks.complete or marks.skip else definition.line
        raise mark_error(f"{node.name} stands inside the stub {stub.key}, which is completed as a whole", line, path)
    if explicit and definition.decorated_with(*_OVERLOADS):
        cause = f"{node.name} is an @overload, which has no body: mark the implementation after the overloads"
        raise mark_error(cause, definition.line, path)
    if explicit and is_mocked(definition):
        cause = f"{node.name} has llm_mock, which answers each call: it cannot be a stub"
        raise mark_error(cause, definition.line, path)


def _tag(
    definition: Definition,
    every: Mapping[Definition, _Marks],
    module_mark: ModuleMark | None,
    path: str,
    *,
    known: bool,
) -> Tagged | None:
    """The stub that a definition is, by itself; None if it is none. `known`: its decorator has said so."""
    function, marks = definition.function, every[definition]
    if function is None or marks.skip:
        return None
    if known and not marks.ours:
        return replace(_tagged(definition, "decorator", every, path), dynamic=True)
    if marks.ours or marks.complete:
        return _tagged(definition, "decorator" if marks.ours else "comment", every, path)
    if module_mark is None or not is_placeholder(function) or _is_excluded(definition):
        return None
    inherited = _inherited_tag(definition, every, module_mark)
    return _tagged(definition, inherited, every, path) if inherited else None


def _inherited_tag(
    definition: Definition, every: Mapping[Definition, _Marks], module_mark: ModuleMark
) -> Literal["class", "module"] | None:
    """What tags a placeholder without a mark of its own: the mark of its class, or that of the module."""
    for outer in definition.around():
        if every[outer].skip:
            return None
        if outer is definition.parent and outer.function is None and every[outer].complete:
            return "class"
    return "module" if module_mark.all else None


def _tagged(definition: Definition, tag: Tag, every: Mapping[Definition, _Marks], path: str) -> Tagged:
    marks, parent = every[definition], definition.parent
    arguments = list(marks.ours.values())
    said = [*(one.options for one in arguments), *(read_mark_options(mark, path) for mark in marks.complete)]
    options = combine(said, definition.line, path)
    of_class = every[parent].complete if parent and parent.function is None else []
    inherited = combine((read_mark_options(mark, path) for mark in of_class), definition.line, path)
    hints = tuple(mark.hint for mark in (*of_class, *marks.complete) if mark.hint)
    unread = tuple(value for one in arguments for value in one.unread)
    dynamic = any(one.dynamic for one in arguments)
    return Tagged(definition, tag, tuple(marks.ours), hints, fall_back(options, inherited), unread, dynamic)


def _is_excluded(definition: Definition) -> bool:
    """Whether a placeholder is one for good: an overload, an abstract method, a member of a Protocol, for typing."""
    parent = definition.parent
    if parent and isinstance(parent.node, ast.ClassDef) and _is_protocol(parent):
        return True
    return definition.type_checking or definition.decorated_with(*_ABSTRACT, *_OVERLOADS) or is_mocked(definition)


def _is_protocol(definition: Definition) -> bool:
    bases = definition.node.bases if isinstance(definition.node, ast.ClassDef) else []
    plain = [base.value if isinstance(base, ast.Subscript) else base for base in bases]
    return any(origin.name in _PROTOCOLS for base in plain for origin in definition.origins(base))


def is_mocked(definition: Definition) -> bool:
    """Whether `llm_mock` decorates a definition."""
    every = (origin for decorator in definition.node.decorator_list for origin in definition.origins(decorator))
    return any(is_ours(origin.name, "llm_mock") for origin in every)


def _idle_class_marks(
    found: list[Definition], every: Mapping[Definition, _Marks], tagged: Mapping[Definition, Tagged], path: str
) -> Iterator[str]:
    used = {stub.definition.parent for stub in tagged.values()}
    for definition in found:
        marks = every[definition]
        if marks.complete and not definition.function and definition not in used:
            yield f"{path}:{marks.first_line}: the class {definition.node.name} has no placeholder method to complete"
