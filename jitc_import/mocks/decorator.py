"""The decorator `llm_mock`: the model answers each call of a function."""

from __future__ import annotations

import functools
import inspect
import warnings
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

from jitc_import.errors import JitcWarning
from jitc_import.mocks.arguments import showing
from jitc_import.mocks.asking import Call, Manner
from jitc_import.mocks.mocked import Mocked
from jitc_import.mocks.names import is_second
from jitc_import.mocks.parameters import COROUTINE, GENERATOR, STREAM, is_with_parameters, with_parameters
from jitc_import.mocks.waiting import in_thread, items_of, items_of_async
from jitc_import.model.on_loop import on_loop

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from openai import AsyncOpenAI, OpenAI

    Ask = Callable[[tuple[Any, ...], dict[str, Any]], Call]

P = ParamSpec("P")
R = TypeVar("R")


@overload
def llm_mock(function: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def llm_mock(
    *,
    client: OpenAI | AsyncOpenAI | None = None,
    model: str | None = None,
    prompt_template: str | None = None,
    temperature: float | None = None,
    seed: int | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def llm_mock(
    function: Any = None,
    /,
    *,
    client: OpenAI | AsyncOpenAI | None = None,
    model: str | None = None,
    prompt_template: str | None = None,
    temperature: float | None = None,
    seed: int | None = None,
) -> Any:
    """Let a language model answer each call of the function below, until somebody writes it.

    The model is shown the function's definition with its docstring and draft, and the arguments of the call; what it
    answers is checked against the return annotation, and asked for again, twice at most, where it does not fit. A
    function with `-> Iterator[T]` yields the items as they come. Where the docstring names exceptions, an answer may
    raise one of them. Works with and without parentheses, on functions, coroutines, generators and methods.

    `client` is a configured `openai.OpenAI` or `openai.AsyncOpenAI`; `model` a model name;
    `temperature` and `seed` go to the model as they are; `prompt_template` takes the place of the request's text, with
    the fields `{name}`, `{annotations}`, `{docstring}`, `{func_args}`, `{func_kwargs}`, `{source}` and `{call}`.

    `JITC_MOCK=record` keeps the answers beside the source, `JITC_MOCK=replay` gives those and asks nobody.

    Raises ValueError for a template without fields and a temperature that is none, TypeError for what is no function
    or no such option, MockError for a return annotation that JSON cannot stand for. Calls raise MockError where no
    valid answer is to be had.
    """
    manner = Manner(client, model, prompt_template, temperature, seed)
    manner.check()
    if function is not None:
        return _mocked(function, manner)
    return lambda decorated: _mocked(decorated, manner)


def _mocked(decorated: Any, manner: Manner) -> Any:
    """What stands in for a function, or for the one inside a static or class method or a property."""
    if isinstance(decorated, (staticmethod, classmethod)):
        return type(decorated)(_mocked(decorated.__func__, manner))
    if isinstance(decorated, property):
        return property(_mocked(decorated.fget, manner), decorated.fset, decorated.fdel, decorated.__doc__)
    function = inspect.unwrap(decorated) if callable(decorated) and not isinstance(decorated, type) else None
    if not inspect.isfunction(function) or function.__name__ == "<lambda>":
        kind = "a lambda" if inspect.isfunction(function) else f"{type(decorated).__name__} objects"
        raise TypeError(f"llm_mock answers for functions, not {kind}: write it as a def with a docstring")
    mocked = Mocked(function)
    mocked.check()
    if _is_mock(decorated):
        _warn(mocked, "llm_mock stands above it twice, and the upper one counts", "leave one of them out")
    elif function is not decorated:
        _warn(
            mocked,
            "decorators below llm_mock have no effect, as the model answers in place of what they made",
            "put llm_mock right above the def",
        )
    if is_second(mocked):
        _warn(mocked, "two mocks of this name in one module share their records", "give one of them another name")
    return functools.wraps(decorated)(_stand_in(mocked, _with_client(mocked, manner)))


def _is_mock(decorated: Any) -> bool:
    """Whether a function is what llm_mock made, perhaps with other decorators above."""
    while decorated is not None:
        if is_with_parameters(decorated) or getattr(decorated, "__globals__", None) is globals():
            return True
        decorated = getattr(decorated, "__wrapped__", None)
    return False


def _warn(mocked: Mocked, cause: str, step: str) -> None:
    """Warn of a function, at its definition."""
    code = mocked.function.__code__
    message = f"{mocked.name}: {cause}. Next: {step}"
    warnings.warn_explicit(message, JitcWarning, code.co_filename, code.co_firstlineno)


def _with_client(mocked: Mocked, manner: Manner) -> Manner:
    """The manner, with an asynchronous client used on the loop that awaits the function, where one does."""
    if manner.client is None or not mocked.is_async:
        return manner
    from openai import AsyncOpenAI

    if not isinstance(manner.client, AsyncOpenAI):
        return manner
    return Manner(on_loop(manner.client), manner.model, manner.prompt_template, manner.temperature, manner.seed)


def _stand_in(mocked: Mocked, manner: Manner) -> Callable[..., Any]:
    """A function of the same nature that asks."""

    def call(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call:
        if showing.get():
            raise RecursionError(f"{mocked.name} is called to show an argument of a mock")
        return Call(mocked, manner, args, kwargs)

    if not mocked.is_stream and not mocked.is_async:
        return _returned(call)
    if not mocked.is_stream:
        return with_parameters(
            mocked.signature, COROUTINE, lambda *args, **kwargs: in_thread(call(args, kwargs).result)
        )
    if not mocked.is_async:
        return with_parameters(mocked.signature, GENERATOR, lambda *args, **kwargs: items_of(call(args, kwargs).each))

    def items(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        return items_of_async(call(args, kwargs).each)

    if inspect.iscoroutinefunction(mocked.function):
        return with_parameters(mocked.signature, COROUTINE, _awaited_items(items, mocked))
    return with_parameters(mocked.signature, STREAM, items)


def _returned(call: Ask) -> Callable[..., Any]:
    def returned(*args: Any, **kwargs: Any) -> Any:
        return call(args, kwargs).result()

    return returned


def _awaited_items(stream: Callable[..., AsyncIterator[Any]], mocked: Mocked) -> Callable[..., Any]:
    """A coroutine that returns an iterator: what the annotation of an `async def` without `yield` says."""

    async def awaited(*args: Any, **kwargs: Any) -> Any:
        items = stream(*args, **kwargs)
        return items if mocked.is_async_stream else iter([item async for item in items])

    return awaited
