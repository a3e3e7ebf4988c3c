"""A mocked function: what the model is told of it, what its calls may return and raise."""

from __future__ import annotations

import ast
import contextlib
import inspect
import os
import re
import textwrap
import typing
from collections import abc
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jitc_import.errors import MockError
from jitc_import.mocks.annotations import AS_TEXT, annotations_of, origin_in, with_self, without_alias
from jitc_import.mocks.answer import AnswerType, answer_type
from jitc_import.mocks.arguments import without_addresses
from jitc_import.mocks.exceptions import named_exceptions
from jitc_import.mocks.json_types import NoSchemaError
from jitc_import.mocks.shown import receiver_name, shown_call
from jitc_import.mocks.veil import VEIL, Veiled
from jitc_import.model.secrets import find_secrets, names_secret, without_secrets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FunctionType

ASYNCHRONOUS = (abc.AsyncIterator, abc.AsyncIterable, abc.AsyncGenerator)
STREAMED = (abc.Iterator, abc.Iterable, abc.Generator, *ASYNCHRONOUS)
"""Return annotations whose items are yielded one by one."""

_PLACEHOLDER = re.compile(r"raise NotImplementedError(?:\([^()]*\))?(?:[ \t]*#[^\n]*)?\Z")
_DRAFTED = 3
"""Statements, the docstring counted, from which on a body is certainly more than a placeholder."""

_NO_VALUE = (None, type(None), Any, object)
"""What a generator of a mock may be annotated to return: it returns None."""

_STEP = "annotate a type that JSON can stand for, or leave the annotation out"


@dataclass(frozen=True)
class Mocked:
    """A function whose calls are answered by a model."""

    function: FunctionType
    _answers: dict[type, AnswerType] = field(default_factory=dict, compare=False, repr=False)
    """What methods return, by the class they are called on."""

    @property
    def name(self) -> str:
        """For messages: module and function."""
        return f"{self.function.__module__}.{self.function.__qualname__}"

    @property
    def path(self) -> str:
        """The source file, or the name that stands for one in an interactive session."""
        return "interactive.py" if self.is_interactive else self.function.__code__.co_filename

    @property
    def is_interactive(self) -> bool:
        """Whether the function stands in no file."""
        path = self.function.__code__.co_filename
        is_file = "__file__" in self.function.__globals__ or os.path.exists(path)  # notebooks name files that are none
        return not is_file or not path or path.startswith("<")

    @cached_property
    def signature(self) -> inspect.Signature:
        """The parameters, their annotations as they are written."""
        return inspect.signature(self.function, **AS_TEXT)

    @cached_property
    def annotations(self) -> dict[str, Any]:
        """The annotations as they are written; where Python evaluates them late, as text while names are missing."""
        return annotations_of(self.function)

    @property
    def is_async(self) -> bool:
        """Whether calls or their items are waited for on an event loop."""
        return inspect.iscoroutinefunction(self.function) or self.is_async_stream

    @property
    def is_async_stream(self) -> bool:
        """Whether items are waited for with `async for`."""
        if inspect.isasyncgenfunction(self.function):
            return True
        return self._streamed in ASYNCHRONOUS

    @property
    def is_stream(self) -> bool:
        """Whether items are yielded one by one."""
        if inspect.isgeneratorfunction(self.function) or inspect.isasyncgenfunction(self.function):
            return True
        return self._streamed is not None

    @cached_property
    def _streamed(self) -> Any:
        """The type in STREAMED that the return annotation says; None where it says another, or cannot be told yet."""
        written = self.annotations.get("return")
        if isinstance(written, str):  # names are missing
            matched = re.match(r"(?:\w+\.)*((?:Async)?(?:Iterator|Iterable|Generator))\b", written.strip("'\" "))
            return getattr(abc, matched[1]) if matched else None
        return origin_in(STREAMED, written)

    def check(self) -> None:
        """Raise MockError where the return annotation has no schema; one with names that are yet to come waits.

        What a call gives, a value or a stream, is settled here.
        """
        names = _names_at_work(self.function)
        with contextlib.suppress(NameError):
            self.__dict__["_streamed"] = origin_in(STREAMED, self._return_hint(names))
            self.__dict__["answer"] = self._answer(names)

    @cached_property
    def answer(self) -> AnswerType:
        """What calls return. Raises NameError while the annotation has names that do not exist, and MockError."""
        return self._answer(self._enclosed)

    @property
    def _enclosed(self) -> dict[str, Any]:
        """The variables of functions around that the function uses and that have a value by now."""
        names: dict[str, Any] = {}
        for name, cell in zip(self.function.__code__.co_freevars, self.function.__closure__ or (), strict=True):
            with contextlib.suppress(ValueError):  # the cell is empty
                names[name] = cell.cell_contents
        return names

    def answer_to(self, bound: inspect.BoundArguments) -> AnswerType:
        """What a call returns; of a method, what depends on the class that it is called on. Raises as `answer` does."""
        name = receiver_name(bound.signature)
        if name is None or "answer" in self.__dict__:
            return self.answer
        on = bound.arguments[name]
        kind = on if isinstance(on, type) else type(on)
        if kind not in self._answers:
            names = {one.__name__: one for one in reversed(kind.__mro__)}
            self._answers[kind] = self._answer({**names, **self._enclosed}, kind)
        return self._answers[kind]

    def _answer(self, names: Mapping[str, Any], receiver: type | None = None) -> AnswerType:
        hint = self._return_hint(names)
        several = self.is_stream
        if several:
            arguments = typing.get_args(without_alias(hint))
            if arguments[2:] and arguments[2] not in _NO_VALUE:
                promised = _written(arguments[2])
                raise self.error(
                    f"its return type promises a value ({promised}) at the end of its items, which no mock gives",
                    "annotate the items alone: Iterator[…]",
                )
            hint = arguments[0] if arguments else Any
        try:
            answer = answer_type(with_self(hint, receiver), tuple(self.exceptions), several=several)
        except NoSchemaError as error:
            raise self.error(f"its return type {error}", _STEP) from None
        if answer.never and not answer.exceptions:
            raise self.error("it never returns, and its docstring names no exception to raise", "name one there")
        return answer

    def _return_hint(self, names: Mapping[str, Any]) -> Any:
        """The return annotation, evaluated where `names` are known besides the globals."""
        if "return" not in self.annotations:
            return None if self.function.__name__ == "__init__" else Any
        written = self.annotations["return"]
        only = type("_", (), {"__annotations__": {"return": written}})
        parameters = {one.__name__: one for one in getattr(self.function, "__type_params__", ())}
        around = {**self.function.__globals__, **names, **parameters}
        try:
            return typing.get_type_hints(only, self.function.__globals__, around, include_extras=True)["return"]
        except (AttributeError, SyntaxError, TypeError) as error:
            raise self.error(f"its return type {written!r} cannot be read: {error}", _STEP) from None

    @cached_property
    def exceptions(self) -> Mapping[str, type[Exception]]:
        """The exceptions that calls may raise, by the names that the docstring has for them."""
        return named_exceptions(self.function, iterates=self.is_async or self.is_stream)

    @cached_property
    def source(self) -> str:
        """The definition without its decorators; signature and docstring alone where there is no source."""
        try:
            text = textwrap.dedent(inspect.getsource(self.function))
            (node,) = ast.parse(text).body
        except (OSError, TypeError, SyntaxError, ValueError):
            return self._header()
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return self._header()
        written = "\n".join(_without_secret_defaults(text, node).split("\n")[node.lineno - 1 :]).rstrip()
        return _PLACEHOLDER.sub("...", written) if len(node.body) < _DRAFTED else written

    @cached_property
    def told_by(self) -> str:
        """Signature and docstring, the same in each process."""
        return without_addresses(self._header())

    def _header(self) -> str:
        keyword = "async def" if inspect.iscoroutinefunction(self.function) else "def"
        veiled = [
            one.replace(default=Veiled()) if isinstance(one.default, str) and names_secret(one.name) else one
            for one in self.signature.parameters.values()
        ]
        lines = [f"{keyword} {self.function.__name__}{self.signature.replace(parameters=veiled)}:"]
        if self.function.__doc__:
            lines.append(textwrap.indent(f'"""{inspect.getdoc(self.function)}\n"""', "    "))
        return "\n".join([*lines, "    ..."])

    def bound(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> inspect.BoundArguments:
        """The arguments of a call, with defaults. Raises TypeError as the call itself would."""
        try:
            bound = self.signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{self.function.__qualname__}() {error}") from None
        bound.apply_defaults()
        return bound

    def fields(self, bound: inspect.BoundArguments, room: int) -> dict[str, str]:
        """What a prompt template may show of a call, for which there is room for so many characters.

        `receiver` is what a method is called on, by the name in `receiver_name`; both are empty for functions.
        """
        shown = shown_call(bound, room)
        annotations = {name: _written(value) for name, value in self.annotations.items()}
        pairs = [f"{key!r}: {value}" for key, value in shown.keywords.items()]
        return {
            "name": self.function.__name__,
            "annotations": str(annotations),
            "docstring": inspect.getdoc(self.function) or "",
            "func_args": f"({', '.join(shown.positional)}{',' if len(shown.positional) == 1 else ''})",
            "func_kwargs": "{" + ", ".join([*pairs, *shown.more]) + "}",
            "source": self.source,
            "call": shown.written(self.function.__name__),
            "receiver_name": receiver_name(bound.signature) or "",
            "receiver": shown.receiver,
        }

    def exception(self, name: str, message: str) -> Exception:
        """The exception that an answer names. Raises MockError where it cannot be made."""
        kind = self.exceptions[name]
        for arguments in ((message,), ()):
            try:
                return kind(*arguments)
            except Exception:  # noqa: BLE001, S112 -- whatever somebody's __init__ raises
                continue
        raise self.error(f"it is to raise {name}, which cannot be made from a message", "give it a default message")

    def written(self, bound: inspect.BoundArguments) -> str:
        """A call as it would be written, without its receiver; what is very long is shortened."""
        return shown_call(bound).written(self.function.__name__)

    def shown(self, bound: inspect.BoundArguments) -> str:
        """A call as it may stand in a message: without what looks like a secret."""
        return without_secrets(self.written(bound))

    def refuse_secrets(self, text: str) -> None:
        """Raise MockError, which names the kind of secret but not the secret, where a text of a call holds one."""
        for secret in find_secrets(text):
            raise self.error(
                f"the call holds {secret.kind}, and nothing is sent or kept that holds a secret",
                "keep it out of the arguments",
            )

    def error(self, cause: str, step: str) -> MockError:
        """The error of this function."""
        end = "\n" if "\n" in cause else ". "
        return MockError(f"{self.name}: {cause}{end}Next: {step}")

    def error_of(self, what: str, error: Exception, step: str) -> MockError:
        """The error of this function for one that came about for it, which may say what to do next itself."""
        cause, _, own = str(error).partition("Next: ")
        cause = cause.rstrip(" .\n")
        return self.error(f"{what}{cause}", f"{own}, or {step}" if own else step)


def _without_secret_defaults(text: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """The text of a definition without the texts that are defaults of parameters whose names call them secret."""
    taken = node.args
    positional = [*taken.posonlyargs, *taken.args][-len(taken.defaults) :] if taken.defaults else []
    pairs = [*zip(positional, taken.defaults, strict=True), *zip(taken.kwonlyargs, taken.kw_defaults, strict=True)]
    secret = [
        ast.get_source_segment(text, default)
        for parameter, default in pairs
        if names_secret(parameter.arg) and isinstance(default, ast.Constant) and isinstance(default.value, (str, bytes))
    ]
    for written in secret:
        text = text.replace(written, VEIL) if written and len(written) > len(VEIL) else text
    return text


def _names_at_work(function: FunctionType) -> dict[str, Any]:
    """The variables of the functions and classes in which a function is being defined right now."""
    names: dict[str, Any] = {}
    frame = inspect.currentframe()
    while frame and frame.f_globals is not function.__globals__:
        frame = frame.f_back
    while frame and frame.f_globals is function.__globals__ and frame.f_locals is not frame.f_globals:
        names = {**frame.f_locals, **names}
        frame = frame.f_back
    return names


def _written(annotation: object) -> str:
    if isinstance(annotation, str):
        return annotation
    return inspect.formatannotation(annotation)
