"""Fibonacci numbers in three ways, each tagged by a comment.

$ python -m jitc_import run examples/fibonacci.py 10
"""
# jitc: enable

import sys
from collections.abc import Iterator


def fibonacci(n: int) -> int:  # jitc: complete with a loop, not by recursion
    """The n-th Fibonacci number, counted from fibonacci(0) == 0.

    Raises ValueError for a negative n.

    >>> [fibonacci(n) for n in range(8)]
    [0, 1, 1, 2, 3, 5, 8, 13]
    >>> fibonacci(90)
    2880067194370816120
    """


# jitc: complete
def fibonacci_numbers() -> Iterator[int]:
    """Yield all Fibonacci numbers, without end, from 0.

    >>> numbers = fibonacci_numbers()
    >>> [next(numbers) for _ in range(6)]
    [0, 1, 1, 2, 3, 5]
    """


def is_fibonacci(number: int) -> bool:
    """Whether a number is a Fibonacci number.

    >>> [n for n in range(-3, 22) if is_fibonacci(n)]
    [0, 1, 2, 3, 5, 8, 13, 21]
    """
    # jitc: complete


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    numbers = fibonacci_numbers()
    print(*(next(numbers) for _ in range(count)))
    print(f"fibonacci({count}) = {fibonacci(count)}")
    print(f"{count} is {'a' if is_fibonacci(count) else 'no'} Fibonacci number")


if __name__ == "__main__":
    main()
