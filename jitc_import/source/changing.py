"""What changes the value that it is called on, or with."""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


MUTATORS = _names(
    """
    add append appendleft clear discard extend extendleft insert pop popitem popleft remove reverse setdefault sort
    update difference_update intersection_update symmetric_difference_update move_to_end __setitem__ __delitem__
    __setattr__ __delattr__
    """
)
"""Methods of containers that change them."""

CHANGING_FUNCTIONS = _names(
    """
    next heapq.heappush heapq.heappop heapq.heapify heapq.heapreplace heapq.heappushpop bisect.insort bisect.insort_left
    bisect.insort_right random.shuffle operator.setitem operator.delitem operator.iadd operator.ior
    """
)
"""Functions that change their first argument."""
