"""The decorator `llm_complete`.

In a module that the import hook has grafted it only marks: the function has its body already. Anywhere else it
completes the function when it is defined (`define.py`). Standard library only, and little of it: it runs at each
import of each module that uses it.
"""

from __future__ import annotations

from jitc_import.graft.raw import raw_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FunctionType
    from typing import Any, TypeVar, overload

    from openai import AsyncOpenAI, OpenAI

    F = TypeVar("F", bound=object)
else:

    def overload(function):  # noqa: ANN001, ANN201
        """Stand in for typing.overload: `import typing` takes longer than all the rest here."""
        return function


COMPANION_SUFFIX = ".jitc.py"

_INNER = ("__wrapped__", "__func__", "fget", "fset", "fdel")
_DEEPEST = 100
_NOTHING_GIVEN = dict.fromkeys(("client", "model", "prompt_template", "temperature", "seed"))
_FUNCTION: type[Any] = type(lambda: None)


@overload
def llm_complete(function: F, /) -> F: ...  # noqa: D103
@overload
def llm_complete(  # noqa: D103, F811 -- ruff knows overloads by their import from typing alone
    *,
    client: OpenAI | AsyncOpenAI | None = None,
    model: str | None = None,
    prompt_template: str | None = None,
    temperature: float | None = None,
    seed: int | None = None,
) -> Callable[[F], F]: ...
def llm_complete(  # noqa: F811
    function: Any = None,
    /,
    *,
    client: OpenAI | AsyncOpenAI | None = None,
    model: str | None = None,
    prompt_template: str | None = None,
    temperature: float | None = None,
    seed: int | None = None,
) -> Any:
    """Let a language model write the body of the function below, once.

    The function that comes back is a plain function, no wrapper; its attribute `raw` holds the definition that the
    model wrote, as the companion file keeps it. Works with and without parentheses, in any place among decorators.

    `client` is a configured `openai.OpenAI` or `AsyncOpenAI`, `model` a model name, `temperature` and `seed` go to the
    model as they are, `prompt_template` takes the place of the request's text and holds `{code}`.

    Raises ValueError for a template without `{code}`, TypeError for what is no function, and, where the function is
    completed now, CompletionError if that fails.
    """
    if prompt_template is not None and "{code}" not in prompt_template:
        raise ValueError("prompt_template must hold {code}, where the module with its stubs is put in")
    if function is not None:
        if _takes_raw(function):
            return function
    elif client is None and model is None and prompt_template is None and temperature is None and seed is None:
        return _complete_plainly
    given = {
        "client": client,
        "model": model,
        "prompt_template": prompt_template,
        "temperature": temperature,
        "seed": seed,
    }
    if function is not None:
        return _complete(function, given)
    return lambda decorated: _complete(decorated, given)


def _takes_raw(function: Any) -> bool:
    """Whether this is a plain function that was grafted, which now has its `raw`: all there is to do on most imports.

    Attributes tell of a wrapper, which takes a longer look.
    """
    if type(function) is not _FUNCTION or function.__dict__:
        return False
    raw = raw_of(function.__code__)
    if raw is None:
        return False
    function.raw = raw
    return True


def plain_function(decorated: object) -> FunctionType | None:
    """The function inside method objects, properties and wrappers that name what they wrap; None if there is none."""
    for _ in range(_DEEPEST):
        inner = [value for name in _INNER if (value := getattr(decorated, name, None)) is not None]
        if not inner:
            break
        decorated = inner[0]
    return decorated if hasattr(decorated, "__code__") else None  # type: ignore[return-value]


def _newest_part(decorated: Any) -> Any:
    """Of a property the accessor that was defined last: the decorator stands on that one."""
    parts = [part for part in (getattr(decorated, name, None) for name in ("fget", "fset", "fdel")) if part is not None]
    return max(parts, key=_is_stub, default=decorated)


def _is_stub(part: Any) -> bool:
    function = plain_function(part)
    return function is not None and not function.__code__.co_filename.endswith(COMPANION_SUFFIX)


def _complete_plainly(decorated: Any) -> Any:
    """What `@llm_complete()` comes to."""
    return decorated if _takes_raw(decorated) else _complete(decorated, _NOTHING_GIVEN)


def _complete(decorated: Any, given: dict[str, Any]) -> Any:
    if _takes_raw(decorated):
        return decorated
    function = _stub_of(decorated)
    if function.__code__.co_filename.endswith(COMPANION_SUFFIX):
        function.raw = raw_of(function.__code__)
        if hasattr(decorated, "__code__"):  # a wrapper, which copied the attributes of the function before
            decorated.raw = function.raw
        return decorated
    from jitc_import.define import complete_definition

    return complete_definition(decorated, function, given)


def _stub_of(decorated: object) -> Any:
    function = plain_function(_newest_part(decorated))
    if function is None:
        advice = "; for a class write `# jitc: complete` above it" if isinstance(decorated, type) else ""
        raise TypeError(f"llm_complete completes functions, not {type(decorated).__name__} objects{advice}")
    if function.__name__ == "<lambda>":
        raise TypeError("llm_complete cannot complete a lambda: write it as a def with a docstring")
    return function
