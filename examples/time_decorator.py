"""A stub that is itself a decorator, stacked with others, and over a mock.

$ JITC_MOCK=replay python -m jitc_import run examples/time_decorator.py
"""
# jitc: enable

import functools
import time
from collections.abc import Callable
from typing import Any

from jitc_import import llm_complete, llm_mock


@llm_complete()
def timed(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a function so that each call is timed.

    The wrapper returns what the function returns, keeps its name and docstring (functools.wraps), and afterwards
    the seconds of the last call, from time.perf_counter, stand in the wrapper's attribute `seconds`.

    >>> @timed
    ... def double(x):
    ...     return 2 * x
    >>> double(21)
    42
    >>> double.__name__, double.seconds >= 0
    ('double', True)
    """
    ...


@timed
@functools.lru_cache(maxsize=None)
@llm_complete()
def count_primes(limit: int) -> int:
    """How many primes p there are with p < limit (`limit` itself never counts), by a sieve of Eratosthenes.

    >>> count_primes(2), count_primes(10), count_primes(100)
    (0, 4, 25)
    """
    ...


@timed
@llm_mock(seed=1)
def prime_fact(prime: int) -> str:
    """A short sentence about a prime number, for children."""


def main() -> None:
    print("primes below 100000:", count_primes(100_000))
    first = count_primes.seconds
    print("and again:", count_primes(100_000))
    print("the second call was faster:", count_primes.seconds < first)
    print("about 2:", prime_fact(2))
    print("the mock was timed too:", prime_fact.seconds > 0)


if __name__ == "__main__":
    main()
