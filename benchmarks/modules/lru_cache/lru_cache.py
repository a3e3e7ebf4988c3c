"""A cache that forgets what was not used for the longest time."""

# jitc: enable all
from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any


class LRUCache:
    """Holds at most `capacity` values by key.

    `data` is in order of use: what was used longest ago comes first.
    """

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError("capacity must be at least 1")
        self.capacity = capacity
        self.data: OrderedDict[Hashable, Any] = OrderedDict()
        self.hits = 0
        self.misses = 0

    def get(self, key: Hashable, default: Any = None) -> Any:
        """The value of a key, or the default. Counts a hit or a miss; a key that was got has been used.

        >>> cache = LRUCache(2)
        >>> cache.put("a", 1)
        >>> cache.put("b", 2)
        >>> cache.get("a")
        1
        >>> list(cache.data)
        ['b', 'a']
        """

    def put(self, key: Hashable, value: Any) -> None:
        """Set the value of a key, which is a use of it; beyond the capacity, drop what was used longest ago.

        >>> cache = LRUCache(2)
        >>> for number in (1, 2, 1, 3):
        ...     cache.put(number, number * 10)
        >>> cache.keys()
        [1, 3]
        """

    def delete(self, key: Hashable) -> bool:
        """Forget a key; returns whether it was there.

        >>> cache = LRUCache(3)
        >>> cache.put("a", 1)
        >>> cache.delete("a"), cache.delete("a")
        (True, False)
        """

    def keys(self) -> list[Hashable]:
        """The keys, the one that was used longest ago first."""

    def resize(self, capacity: int) -> list[Hashable]:
        """Change the capacity; returns the keys that had to go, oldest first.

        Raises ValueError for a capacity below 1.

        >>> cache = LRUCache(3)
        >>> for key in "abc":
        ...     cache.put(key, key.upper())
        >>> cache.resize(1)
        ['a', 'b']
        """

    def hit_rate(self) -> float:
        """Hits as a share of all `get` calls so far, 0.0 if there were none.

        >>> LRUCache(1).hit_rate()
        0.0
        """

    def __contains__(self, key: Hashable) -> bool:
        """Whether a key is held; asking is no use and counts neither as hit nor as miss."""

    def __len__(self) -> int:
        """How many values are held."""


def memoize(capacity: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator that remembers the results of a function of positional arguments in an LRUCache.

    The cache is the `cache` attribute of the decorated function; its keys are the tuples of arguments.
    A result that is None is remembered too.

    >>> calls = []
    >>> @memoize(10)
    ... def double(x):
    ...     calls.append(x)
    ...     return x * 2
    >>> double(4), double(4), double(5)
    (8, 8, 10)
    >>> calls
    [4, 5]
    """
