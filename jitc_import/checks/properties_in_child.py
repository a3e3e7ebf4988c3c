"""Tries a function on generated arguments in the confined child. Its source is sent there; it needs hypothesis."""

from __future__ import annotations

import collections.abc
import contextlib
import inspect
import io
import json
import linecache
import re
import sys
import types
import typing
from typing import TYPE_CHECKING, Any

import hypothesis
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLES = 25
LONGEST = 100  # characters of a value
DEEPEST = 5

# A crash of one of these kinds is seldom meant; ValueError and the like often are.
_ACCIDENTS = (AttributeError, LookupError, NameError, TypeError, RecursionError, ZeroDivisionError, StopIteration)
_SETTINGS = hypothesis.settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(hypothesis.Phase.generate, hypothesis.Phase.shrink),
    suppress_health_check=list(hypothesis.HealthCheck),
    report_multiple_bugs=False,
)
_MANY = (list, tuple, set, frozenset, collections.abc.Sequence, collections.abc.Collection, collections.abc.Iterable)


class _FoundError(Exception):
    """A call that broke a promise, and what is told of it."""

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__(told)
        self.told = told


class _Trial:
    """A function with strategies for its arguments; for a method, one for its instance comes first."""

    def __init__(self, namespace: dict[str, Any], qualname: str) -> None:
        self.namespace = namespace
        owner, _, self.name = qualname.rpartition(".")
        self.found = _resolve(namespace, qualname)
        self.bound = bool(owner) and inspect.isfunction(self.found)
        self.owner: Any = _resolve(namespace, owner) if owner else None
        self.function = getattr(self.found, "__func__", self.found)
        self.hints = typing.get_type_hints(self.function, include_extras=True)

    def arguments(self) -> st.SearchStrategy[Any]:
        """A strategy for (instance or None, positional arguments, keyword arguments)."""
        parameters = list(inspect.signature(self.function).parameters.values())
        if self.bound or isinstance(self.found, classmethod):
            parameters = parameters[1:]
        given = [one for one in parameters if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)]
        given = [one for one in given if one.name in self.hints or one.default is one.empty]
        positional = [self._strategy(one) for one in given if one.kind is not one.KEYWORD_ONLY]
        named = {one.name: self._strategy(one) for one in given if one.kind is one.KEYWORD_ONLY}
        instance = st.from_type(self.owner) if self.bound else st.none()
        return st.tuples(instance, st.tuples(*positional), st.fixed_dictionaries(named))

    def _strategy(self, parameter: inspect.Parameter) -> st.SearchStrategy[Any]:
        hint = self.hints[parameter.name]  # without one there is no promise: KeyError ends the trial
        if hint in (Any, object) or isinstance(hint, typing.TypeVar):
            raise KeyError(parameter.name)
        return st.from_type(hint)

    def call(self, instance: Any, positional: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Call the function."""
        if self.bound:
            return self.function(instance, *positional, **named)
        return (getattr(self.owner, self.name) if self.owner else self.function)(*positional, **named)

    def written(self, instance: Any, positional: tuple[Any, ...], named: dict[str, Any]) -> str:
        """The call as it would be typed."""
        shown = [*map(_shown, positional), *(f"{name}={_shown(value)}" for name, value in named.items())]
        before = f"{_shown(instance)}." if self.bound else f"{self.owner.__name__}." if self.owner else ""
        return f"{before}{self.name}({', '.join(shown)})"


def main(namespace: dict[str, Any], qualname: str, only_values: bool, token: str) -> None:  # noqa: FBT001
    """Look for broken promises of a function; print them between two `token`s.

    With `only_values` only a plain value of another type than promised is one, and of what needs a state none.
    """
    out = sys.stdout
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        module = sys.modules.get(namespace["__name__"])  # the namespace is a copy, of which its functions know nothing
        found = _findings(vars(module) if module else namespace, qualname, only_values)
    out.write(f"\n{token}{json.dumps(found)}{token}\n")


def _findings(namespace: dict[str, Any], qualname: str, only_values: bool) -> list[dict[str, Any]]:  # noqa: FBT001
    _keep_small()
    try:
        trial = _Trial(namespace, qualname)
        strategy = trial.arguments()
    except Exception:  # noqa: BLE001 -- whatever the reason, there is nothing to generate
        return []
    runs_later = (inspect.iscoroutinefunction, inspect.isgeneratorfunction, inspect.isasyncgenfunction)
    if any(asked(trial.function) for asked in runs_later):
        return []
    if only_values and not _stands_alone(trial.function, namespace):
        return []
    found = (_search(trial, strategy, breaks) for breaks in ([_wrong_type] if only_values else [_wrong_value, _crash]))
    return [one for one in found if one is not None]


def _stands_alone(function: Any, namespace: dict[str, Any]) -> bool:
    """Whether what a function uses of its module, and what that uses, stays as it is."""
    if not inspect.isfunction(function):
        return False
    waiting: list[Any] = [function.__code__]
    seen: set[str] = set()
    while waiting:
        code = waiting.pop()
        waiting += [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
        for name in (set(code.co_names) - seen).intersection(namespace):
            seen.add(name)
            value = namespace[name]
            if inspect.isfunction(value) and value.__globals__ is namespace:
                waiting.append(value.__code__)
            elif not _is_fixed(value, namespace["__name__"]):
                return False
            elif inspect.isclass(value) and value.__module__ == namespace["__name__"]:
                methods = [getattr(one, "__func__", one) for one in vars(value).values()]
                waiting += [one.__code__ for one in methods if inspect.isfunction(one)]
    return True


def _is_fixed(value: Any, module: str) -> bool:
    """Whether a value holds nothing that is made, or exchanged, while a program runs; where that is unknown, it may."""
    if isinstance(value, (bool, int, float, complex, str, bytes, re.Pattern)):
        return True
    if isinstance(value, (tuple, frozenset)):
        return all(_is_fixed(one, module) for one in value)
    home = value.__name__ if inspect.ismodule(value) else getattr(value, "__module__", None) or ""
    if home.partition(".")[0] != module.partition(".")[0]:
        return callable(value) or inspect.ismodule(value)
    if not inspect.isclass(value):
        return False
    kept = (one for name, one in vars(value).items() if not name.startswith("__"))
    return not any(one is None or isinstance(one, (list, dict, set)) for one in kept)


def _keep_small() -> None:
    """Arguments that people would try: a body that counts up to its argument must come to an end."""
    characters = st.sampled_from("abcxyzABC019 .,-_()é")
    st.register_type_strategy(int, st.integers(-16, 64))
    st.register_type_strategy(float, st.floats(-100, 100, width=32))
    st.register_type_strategy(str, st.text(characters, max_size=8))
    st.register_type_strategy(bytes, st.binary(max_size=8))


def _search(
    trial: _Trial, strategy: st.SearchStrategy[Any], breaks: Callable[[_Trial, Any], dict[str, Any] | None]
) -> dict[str, Any] | None:
    @_SETTINGS
    @hypothesis.given(strategy)
    def holds(arguments: Any) -> None:
        told = breaks(trial, arguments)
        if told is not None:
            raise _FoundError(told)

    try:
        holds()
    except _FoundError as found:
        return found.told
    except Exception:  # noqa: BLE001 -- arguments that cannot be made tell nothing of the function
        return None
    return None


def _wrong_value(trial: _Trial, arguments: Any) -> dict[str, Any] | None:
    if "return" not in trial.hints:
        return None
    written = trial.written(*arguments)
    try:
        value = trial.call(*arguments)
    except Exception:  # noqa: BLE001 -- crashes are looked for apart
        return None
    wanted = trial.hints["return"]
    if agrees(value, wanted):
        return None
    text = f"{written} returned {_shown(value)}, the annotation says {_name(wanted)}"
    parts_only = _is_instance(value, typing.get_origin(wanted) or wanted)
    kind = type(value).__name__ if type(value).__module__ == "builtins" else ""
    told = {"kind": "returns", "text": text, "type": "" if parts_only else _name(wanted), "nothing": value is None}
    return {**told, "value": kind}


def _wrong_type(trial: _Trial, arguments: Any) -> dict[str, Any] | None:
    """A value that Python's own types tell from what is promised; its parts, and others' types, may be near enough."""
    told = _wrong_value(trial, arguments)
    return told if told and told["type"] and told["value"] else None


def _crash(trial: _Trial, arguments: Any) -> dict[str, Any] | None:
    written = trial.written(*arguments)
    try:
        trial.call(*arguments)
    except _ACCIDENTS as error:
        line = _last_line(error, trial.namespace)
        if not line or line.startswith("raise"):
            return None
        text = f"{written} raised {type(error).__name__}: {str(error)[:LONGEST]} at `{line}`"
        told = {"kind": "raises", "text": text, "type": "", "nothing": False}
        return {**told, "divides": line if isinstance(error, ZeroDivisionError) else ""}
    except Exception:  # noqa: BLE001 -- meant, as far as anybody can tell
        return None
    return None


def agrees(value: Any, hint: Any, depth: int = 0) -> bool:
    """Whether a value is what an annotation says; where that cannot be told, it is."""
    hint = _plain(hint)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if depth > DEEPEST or hint is Any:
        return True
    if origin in (typing.Union, types.UnionType):
        return any(agrees(value, one, depth + 1) for one in arguments)
    if origin is typing.Literal:
        return value in arguments
    kind = hint if origin is None else origin
    return _is_instance(value, kind) and _parts_agree(value, kind, arguments, depth + 1)


def _plain(hint: Any) -> Any:
    """An annotation without what `Annotated` adds, a `NewType` as the type that its values have."""
    while True:
        if typing.get_origin(hint) is typing.Annotated:
            hint = typing.get_args(hint)[0]
        elif hasattr(hint, "__supertype__"):
            hint = hint.__supertype__
        else:
            return hint


def _is_instance(value: Any, kind: Any) -> bool:
    if kind is None:
        return value is None
    if kind in (float, complex):  # what PEP 484 says of numbers
        return isinstance(value, (int, float, kind)) and not isinstance(value, bool)
    try:
        return isinstance(value, kind)
    except TypeError:  # a protocol that cannot be asked, a type variable
        return True


def _parts_agree(value: Any, kind: Any, arguments: tuple[Any, ...], depth: int) -> bool:
    if kind is tuple and arguments and arguments[-1] is not Ellipsis:
        return len(value) == len(arguments) and all(map(agrees, value, arguments, [depth] * len(value)))
    if isinstance(value, (list, tuple, set, frozenset)) and kind in _MANY and arguments:
        return all(agrees(one, arguments[0], depth) for one in value)
    if isinstance(value, dict) and len(arguments) == 2:  # noqa: PLR2004 -- keys and values
        return all(agrees(k, arguments[0], depth) and agrees(v, arguments[1], depth) for k, v in value.items())
    return True


def _resolve(namespace: dict[str, Any], qualname: str) -> Any:
    """The object of a qualified name, a method as it stands in its class."""
    first, *rest = qualname.split(".")
    found = namespace[first]
    for name in rest:
        found = inspect.getattr_static(found, name)
    return found


def _last_line(error: BaseException, namespace: dict[str, Any]) -> str:
    """The innermost line of the module that an exception went through; empty if there is none."""
    line, traceback = "", error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_globals is namespace:
            line = linecache.getline(traceback.tb_frame.f_code.co_filename, traceback.tb_lineno).strip()
        traceback = traceback.tb_next
    return line


def _name(hint: Any) -> str:
    plain = isinstance(hint, type) and not typing.get_args(hint)
    return hint.__name__ if plain else str(hint).replace("typing.", "")


def _shown(value: Any) -> str:
    try:
        shown = repr(value)
    except Exception:  # noqa: BLE001 -- a repr of the user's
        shown = f"<{type(value).__name__}>"
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"
