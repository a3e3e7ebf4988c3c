"""A calendar of events within one day; times are minutes after midnight."""

# jitc: enable
from __future__ import annotations

from dataclasses import dataclass, field

from jitc_import import llm_complete

DAY = 24 * 60


@llm_complete()
def parse_time(text: str) -> int:
    """The minutes after midnight of a time like "9:05", "17:30", "9am" or "5:30 pm"; 12am is midnight, 12pm noon.

    Raises ValueError for what is no time.

    >>> parse_time("17:30"), parse_time("5:30 pm"), parse_time("12am")
    (1050, 1050, 0)
    """


@llm_complete()
def format_time(minutes: int) -> str:
    """A time with two digits each, such as 09:05. Raises ValueError outside of the day (24:00 is allowed).

    >>> format_time(545)
    '09:05'
    """


@dataclass(frozen=True, order=True)
class Event:
    """Something from `start` up to, but without, `end`."""

    start: int
    end: int
    title: str = ""

    @llm_complete()
    def overlaps(self, other: Event) -> bool:
        """Whether two events share a minute; events that only touch do not.

        >>> Event(10, 20).overlaps(Event(20, 30))
        False
        """

    @llm_complete()
    def __str__(self) -> str:
        """Time and title: str(Event(540, 600, "Talk")) == "09:00-10:00 Talk"."""


@dataclass
class Calendar:
    """Events that do not overlap, in order of time."""

    events: list[Event] = field(default_factory=list)

    @llm_complete()
    def conflicts(self, event: Event) -> list[Event]:
        """The events that overlap with another one."""

    @llm_complete()
    def add(self, event: Event) -> None:
        """Add an event in order of time.

        Raises ValueError if it overlaps with one that is there, or does not end after it starts.

        >>> calendar = Calendar()
        >>> calendar.add(Event(600, 660, "b"))
        >>> calendar.add(Event(540, 600, "a"))
        >>> [event.title for event in calendar.events]
        ['a', 'b']
        """

    @llm_complete()
    def cancel(self, title: str) -> int:
        """Remove all events with a title; returns how many there were."""

    @llm_complete()
    def free(self, start: int = 0, end: int = DAY) -> list[tuple[int, int]]:
        """The stretches without an event between two times.

        >>> Calendar([Event(540, 600), Event(660, 700)]).free(570, 720)
        [(600, 660), (700, 720)]
        """

    @llm_complete()
    def find_slot(self, minutes: int, start: int = 0, end: int = DAY) -> int | None:
        """The earliest time at which an event of so many minutes fits between two times, None if there is none.

        >>> Calendar([Event(540, 600), Event(660, 720)]).find_slot(60, 540)
        600
        """

    @llm_complete()
    def busy_minutes(self) -> int:
        """How many minutes all events take together.

        >>> Calendar([Event(540, 600), Event(660, 670)]).busy_minutes()
        70
        """

    @llm_complete()
    def next_event(self, now: int) -> Event | None:
        """The first event that starts now or later, None if there is none."""
