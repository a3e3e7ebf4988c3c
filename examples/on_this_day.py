"""What happened on a day of the year: a mock, so a function that nobody has written, answered event by event.

$ JITC_MOCK=replay python -m jitc_import run examples/on_this_day.py 7 20

The kept answers, in `__jitc__/on_this_day.mocks.json`, are those of a small model, which takes one year for another.
Without JITC_MOCK a model is asked at each call, and the events appear while it writes.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass

from jitc_import import llm_mock


@dataclass(frozen=True)
class Event:
    """Something that happened: the year, and a short sentence about it."""

    year: int
    what: str


@llm_mock(seed=1)
def on_this_day(month: int, day: int, count: int) -> AsyncIterator[Event]:
    """Famous events in history that happened on this day of the year, each in another year."""


async def main() -> None:
    month, day = map(int, sys.argv[1:3]) if len(sys.argv) > 2 else (7, 20)
    async for event in on_this_day(month, day, count=3):
        print(f"{event.year}: {event.what}")


if __name__ == "__main__":
    asyncio.run(main())
