"""In the child: which functions of the bodies are called while a test or an example runs."""

from __future__ import annotations

import sys

if sys.version_info < (3, 12):
    import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import CodeType, FrameType
    from typing import Any

_TOOLS = (4, 3, 5, 1)  # of the numbers that tools have (3.12); nothing known takes the first

_GENERATORS = 0x20 | 0x200  # inspect's CO_GENERATOR and CO_ASYNC_GENERATOR


class Calls:
    """Tells of each function of the bodies when it is called for the first time in a test, or an example.

    Where `tell` answers that this is enough, it need not tell of others until the next begins: before Python 3.12 to
    watch calls takes long.
    """

    def __init__(self, bodies: str, tell: Callable[..., Any]) -> None:
        self.bodies = bodies
        self._tell = tell
        self._lines: set[int] = set()
        self._begun: dict[FrameType, int] = {}
        self._is_enough = False
        self._tool = 0
        self._disable: object = None

    def forget(self) -> None:
        """A test, or an example, begins."""
        self._lines.clear()
        self._is_enough = False
        if sys.version_info >= (3, 12):
            sys.monitoring.restart_events()
        else:
            self._set_profile(self._profile)

    def __enter__(self) -> Calls:
        if sys.version_info >= (3, 12):
            monitoring, start = sys.monitoring, sys.monitoring.events.PY_START
            self._disable = monitoring.DISABLE
            self._tool = next(tool for tool in _TOOLS if monitoring.get_tool(tool) is None)
            monitoring.use_tool_id(self._tool, "jitc")
            monitoring.register_callback(self._tool, start, self._monitor)
            monitoring.set_events(self._tool, start)
        return self

    def __exit__(self, *_: object) -> None:
        if sys.version_info >= (3, 12):
            sys.monitoring.free_tool_id(self._tool)
        else:
            self._set_profile(None)

    if sys.version_info < (3, 12):

        def _set_profile(self, profile: Any) -> None:
            """Of this thread, and of those that are started from now on."""
            threading.setprofile(profile)
            sys.setprofile(profile)

    def _monitor(self, code: CodeType, _offset: int) -> object:
        self._called(code)
        return self._disable  # until the next one

    def _profile(self, frame: FrameType, event: str, _argument: object) -> None:
        """A generator that is given up before its first value is "called" as well: it gets no further, which tells."""
        code = frame.f_code
        if event == "call" and code.co_flags & _GENERATORS and code.co_filename == self.bodies:
            self._begun[frame] = frame.f_lasti
        elif event == "call" or (event == "return" and self._begun.pop(frame, frame.f_lasti) != frame.f_lasti):
            self._called(code)
        if self._is_enough:
            sys.setprofile(None)

    def _called(self, code: CodeType) -> None:
        line = code.co_firstlineno
        if code.co_filename == self.bodies and line not in self._lines:
            self._lines.add(line)
            self._is_enough = bool(self._tell(call=line))


class Entered:
    """Which of some bodies were called, told by their first and last lines."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self.spans = spans
        self.lines: list[int] = []
        """The first lines of the functions in these bodies that were called."""

    def take(self, call: int) -> bool:
        """Note a call; returns whether all of these bodies were called by now."""
        if any(first <= call <= last for first, last in self.spans):
            self.lines.append(call)
        return all(any(first <= line <= last for line in self.lines) for first, last in self.spans)
