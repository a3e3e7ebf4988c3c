"""A priority queue on a binary heap, whose priorities can be changed; and what can be built with it."""

# jitc: enable all
from __future__ import annotations

from collections.abc import Hashable, Iterable


class PriorityQueue:
    """The entry with the smallest priority leaves first.

    `heap` holds [priority, item] pairs: the parent of index i is at (i - 1) // 2 and is never greater than its
    children. `places` has the index of each item; an item is in the queue at most once.
    """

    def __init__(self) -> None:
        self.heap: list[tuple[float, Hashable]] = []
        self.places: dict[Hashable, int] = {}

    def __len__(self) -> int:
        return len(self.heap)

    def __contains__(self, item: Hashable) -> bool:
        return item in self.places

    def swap(self, i: int, j: int) -> None:
        """Exchange two entries of the heap; their places follow them."""

    def sift_up(self, i: int) -> None:
        """Exchange the entry at i with its parent until its parent is not greater."""

    def sift_down(self, i: int) -> None:
        """Exchange the entry at i with its smaller child until no child is smaller."""

    def push(self, item: Hashable, priority: float) -> None:
        """Put an item into the queue. Raises ValueError if it is already there.

        >>> queue = PriorityQueue()
        >>> for item, priority in [("b", 2), ("c", 3), ("a", 1)]:
        ...     queue.push(item, priority)
        >>> queue.pop(), queue.pop(), queue.pop()
        ('a', 'b', 'c')
        """

    def peek(self) -> Hashable:
        """The item with the smallest priority; it stays in the queue. Raises IndexError if the queue is empty.

        >>> queue = PriorityQueue()
        >>> queue.push("a", 1)
        >>> queue.peek(), len(queue)
        ('a', 1)
        """

    def pop(self) -> Hashable:
        """Remove the item with the smallest priority and return it. Raises IndexError if the queue is empty."""

    def update(self, item: Hashable, priority: float) -> None:
        """Give an item another priority, smaller or greater. Raises KeyError if it is not in the queue.

        >>> queue = PriorityQueue()
        >>> queue.push("a", 1)
        >>> queue.push("b", 2)
        >>> queue.update("a", 3)
        >>> queue.peek()
        'b'
        """

    def remove(self, item: Hashable) -> None:
        """Take an item out of the queue, wherever it is. Raises KeyError if it is not there.

        >>> queue = PriorityQueue()
        >>> queue.push("a", 1)
        >>> queue.push("b", 2)
        >>> queue.remove("a")
        >>> queue.pop()
        'b'
        """


def sort_by_heap(values: Iterable[float]) -> list[float]:
    """The values in rising order, by means of a PriorityQueue; equal values all stay.

    >>> sort_by_heap([3, 1, 2, 1])
    [1, 1, 2, 3]
    """


def smallest(values: Iterable[float], count: int) -> list[float]:
    """The so many smallest values, in rising order; all of them if there are fewer.

    >>> smallest([5, 2, 9, 1], 2)
    [1, 2]
    """
