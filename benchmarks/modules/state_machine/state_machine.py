"""Finite state machines, read from a text."""

# jitc: enable
from __future__ import annotations

from dataclasses import dataclass, field


class TransitionError(ValueError):
    """There is no transition for an event in a state."""


@dataclass
class Machine:
    """`transitions` maps (state, event) to the next state; `history` holds the states before the current one."""

    state: str
    transitions: dict[tuple[str, str], str] = field(default_factory=dict)
    history: list[str] = field(default_factory=list)

    # jitc: complete
    def add(self, source: str, event: str, target: str) -> None:
        """Add a transition. Raises ValueError if the event already leads to another state from there."""

    # jitc: complete
    def states(self) -> list[str]:
        """All states: the current one and all that occur in transitions, sorted, each once."""

    # jitc: complete
    def events(self, state: str | None = None) -> list[str]:
        """The events that are possible in a state, sorted; in the current state if none is given.

        >>> Machine("a", {("a", "y"): "b", ("a", "x"): "c"}).events()
        ['x', 'y']
        """

    # jitc: complete
    def fire(self, event: str) -> str:
        """Follow the transition for an event and return the new state; the old one goes into the history.

        Raises TransitionError if there is none, and then nothing changes.

        >>> door = Machine("closed", {("closed", "open"): "opened"})
        >>> door.fire("open")
        'opened'
        >>> door.history
        ['closed']
        """

    # jitc: complete
    def undo(self) -> str:
        """Go back to the state before the last event and return it. Raises TransitionError if there is none.

        >>> door = Machine("closed", {("closed", "open"): "opened"})
        >>> door.run(["open"])
        'opened'
        >>> door.undo()
        'closed'
        """

    # jitc: complete
    def run(self, events: list[str]) -> str:
        """Fire several events; if one of them is impossible, go back to where it began and raise TransitionError.

        >>> light = Machine("red", {("red", "go"): "green", ("green", "stop"): "red"})
        >>> light.run(["go", "stop", "go"])
        'green'
        """

    # jitc: complete
    def path_to(self, target: str) -> list[str] | None:
        """The shortest list of events that leads from the current state to another, None if none does.

        Nothing is fired. The current state is reached by no events: [].

        >>> Machine("a", {("a", "x"): "b", ("b", "y"): "c"}).path_to("c")
        ['x', 'y']
        """

    # jitc: complete
    def unreachable(self) -> list[str]:
        """The states that cannot be reached from the current one, sorted."""


# jitc: complete
def parse_machine(text: str) -> Machine:
    """Read a machine from lines like "red --go--> green"; it starts in the source of the first line.

    Empty lines and lines that begin with # are left out. Raises ValueError, with the line in its message, for any
    other line, and if there is no transition at all.

    >>> parse_machine("red --go--> green").transitions
    {('red', 'go'): 'green'}
    """


# jitc: complete
def format_machine(machine: Machine) -> str:
    """The transitions as parse_machine reads them, a line each, sorted by source and event.

    >>> format_machine(parse_machine("red --go--> green"))
    'red --go--> green'
    """
