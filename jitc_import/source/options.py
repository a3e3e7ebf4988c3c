"""The options that a mark or a decorator gives: `# jitc: complete seed=1`, `@llm_complete(model="x")`."""

from __future__ import annotations

import ast
import difflib
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from jitc_import.errors import TemplateError
from jitc_import.source.marks import mark_error

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jitc_import.source.marks import Mark

_UNDERSTOOD: dict[str, type[Any]] = {"model": str, "temperature": float, "seed": int, "prompt_template": str}
HIGHEST_TEMPERATURE = 2
_KEYWORDS = (*_UNDERSTOOD, "client")


@dataclass(frozen=True)
class Options:
    """What a mark or decorator says about how a stub is completed; None: not said."""

    model: str | None = None
    temperature: float | None = None
    seed: int | None = None
    prompt_template: str | None = None

    def said(self) -> dict[str, Any]:
        """The options that are said, by name."""
        every = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in every.items() if value is not None}


@dataclass(frozen=True)
class DecoratorArguments:
    """The arguments of `llm_complete`: the literal ones as options, the values of the others where they count."""

    options: Options = field(default_factory=Options)
    unread: tuple[ast.expr, ...] = ()
    dynamic: bool = False


def read_calls(calls: Iterable[ast.Call], line: int, path: str) -> DecoratorArguments:
    """The arguments that `llm_complete` is called with; `line` is for messages.

    Raises MarkError for arguments that it does not take.
    """
    options = Options()
    unread: list[ast.expr] = []
    dynamic = False
    for call in calls:
        if call.args:
            raise mark_error("llm_complete takes keyword arguments only", line, path)
        for keyword in call.keywords:
            _check_keyword(keyword.arg, line, path)
            try:
                value = ast.literal_eval(keyword.value)
            except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
                dynamic = True
                if keyword.arg != "client":
                    unread.append(keyword.value)
            else:
                options = _with_option(options, keyword.arg, value, line, path)
    return DecoratorArguments(options, tuple(unread), dynamic)


def read_mark_options(mark: Mark, path: str) -> Options:
    """The options that a comment mark gives.

    Raises MarkError for a value that is none.
    """
    options = Options()
    for name, text in mark.options.items():
        bare = text.strip("'\"")
        try:
            value = bare if name == "model" else int(bare) if name == "seed" else float(bare)
        except ValueError:
            raise mark_error(f"`{name}={text}`: {name} is a number", mark.line, path) from None
        options = _with_option(options, name, value, mark.line, path)
    return options


def combine(every: Iterable[Options], line: int, path: str) -> Options:
    """All that several marks of one function say.

    Raises MarkError where they disagree.
    """
    combined = Options()
    for options in every:
        for name, value in options.said().items():
            if getattr(combined, name) not in (None, value):
                raise mark_error(f"its marks say {name} twice, and differently", line, path)
        combined = replace(combined, **options.said())
    return combined


def fall_back(options: Options, default: Options) -> Options:
    """`options`, and what they do not say as `default` says it."""
    return replace(default, **options.said())


def _check_keyword(name: str | None, line: int, path: str) -> None:
    if name is not None and name not in _KEYWORDS:
        close = difflib.get_close_matches(name, _KEYWORDS, n=1)
        meant = f"; did you mean `{close[0]}`?" if close else ""
        raise mark_error(f"llm_complete takes no argument `{name}`{meant}", line, path)


def _with_option(options: Options, name: str | None, value: Any, line: int, path: str) -> Options:
    """`options` and one more, its type and range checked; None says nothing."""
    if value is None:
        return options
    if name is None or name == "client":
        raise mark_error(f"llm_complete: `{name or '**'}` cannot be {value!r}", line, path)
    kind = _UNDERSTOOD[name]
    if isinstance(value, bool) or not isinstance(value, (int, float) if kind is float else kind):
        raise mark_error(f"{name} is {value!r}, which is no {kind.__name__}", line, path)
    said = kind(value)
    if name == "prompt_template" and "{code}" not in said:
        cause = "prompt_template must hold {code}, where the module with its stubs is put in"
        raise TemplateError(f"{path}:{line}: {cause}", path=path, lineno=line)
    if name == "temperature" and not 0 <= said <= HIGHEST_TEMPERATURE:
        raise mark_error(f"temperature is {value!r}; it lies between 0 and {HIGHEST_TEMPERATURE}", line, path)
    return replace(options, **{name: said})
