"""Draw a herd of cows in a terminal, from bodies that a model wrote.

$ python -m jitc_import run examples/draw_cows.py 2
"""
# jitc: enable

import sys

from jitc_import import llm_complete

COW = r"""
 ^__^
 (oo)\_______
 (__)\       )\/\
     ||----w |
     ||     ||
""".strip("\n")


@llm_complete()
def draw_cow() -> str:
    """The text of one cow, as COW has it.

    >>> draw_cow() == COW
    True
    """
    ...


@llm_complete()
def draw_cows(count: int) -> str:
    r"""So many cows, one below the other, joined with "\n\n": that leaves an empty line between two cows.

    No cow gives the empty text. A negative count is a ValueError.

    >>> draw_cows(1) == draw_cow()
    True
    >>> draw_cows(2) == draw_cow() + "\n\n" + draw_cow()
    True
    >>> draw_cows(3).count("(oo)")
    3
    >>> draw_cows(0)
    ''
    """
    many_cows = "lots of cows, please implement"
    return many_cows


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    print(draw_cows(count))


if __name__ == "__main__":
    main()
