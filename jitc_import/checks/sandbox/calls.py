"""In the child: which functions of the bodies are called while a test runs."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

_TOOL = 4  # of the numbers that tools have (3.12), one that nothing known takes


class Calls:
    """Tells of each function of the bodies when it is called for the first time in a test."""

    def __init__(self, bodies: str, tell: Callable[..., None]) -> None:
        self.bodies = bodies
        self._tell = tell
        self._lines: set[int] = set()
        self._disable: object = None

    def forget(self) -> None:
        """A test begins."""
        self._lines.clear()
        if sys.version_info >= (3, 12):
            sys.monitoring.restart_events()
        else:
            sys.setprofile(self._profile)

    def __enter__(self) -> Calls:
        if sys.version_info >= (3, 12):
            monitoring, start = sys.monitoring, sys.monitoring.events.PY_START
            self._disable = monitoring.DISABLE
            monitoring.use_tool_id(_TOOL, "jitc")
            monitoring.register_callback(_TOOL, start, self._monitor)
            monitoring.set_events(_TOOL, start)
        return self

    def __exit__(self, *_: object) -> None:
        if sys.version_info >= (3, 12):
            sys.monitoring.free_tool_id(_TOOL)
        else:
            sys.setprofile(None)

    def _monitor(self, code: CodeType, _offset: int) -> object:
        self._called(code)
        return self._disable  # until the next test

    def _profile(self, frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            self._called(frame.f_code)

    def _called(self, code: CodeType) -> None:
        line = code.co_firstlineno
        if code.co_filename == self.bodies and line not in self._lines:
            self._lines.add(line)
            self._tell(call=line)
