"""Tic-tac-toe. A board is a text of nine characters, "X", "O" or "." for empty, row by row."""

# jitc: enable
from __future__ import annotations

EMPTY = "........."
LINES = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6)]


# jitc: complete
def moves(board: str) -> list[int]:
    """The indexes of the empty squares, in order.

    >>> moves("XOX.O....")
    [3, 5, 6, 7, 8]
    """


# jitc: complete
def player(board: str) -> str:
    """Whose turn it is: X begins, then they alternate.

    >>> player("X........")
    'O'
    """


# jitc: complete
def play(board: str, square: int) -> str:
    """The board after the next player took a square.

    Raises ValueError if the square is taken, or not between 0 and 8.

    >>> play(".........", 4)
    '....X....'
    >>> play("....X....", 0)
    'O...X....'
    """


# jitc: complete
def winner(board: str) -> str | None:
    """Who has three in a line, None if nobody has.

    >>> winner("XXX.OO...")
    'X'
    """


# jitc: complete
def is_over(board: str) -> bool:
    """Whether somebody has won, or no square is empty.

    >>> is_over("XXX.OO...")
    True
    """


# jitc: complete
def score(board: str) -> int:
    """How the game ends if both play as well as they can: 1 if X wins, -1 if O wins, 0 for a draw.

    >>> score("XO.OX....")
    1
    """


# jitc: complete
def best_move(board: str) -> int:
    """The first square by which the next player reaches the best end that can be reached.

    Raises ValueError if the game is over.

    >>> best_move("XX.OO....")
    2
    """


# jitc: complete
def render(board: str) -> str:
    """Three lines, the squares of each separated by " | "; empty squares are shown by their number.

    >>> print(render("X...O...."))
    X | 1 | 2
    3 | O | 5
    6 | 7 | 8
    """


# jitc: complete
def parse(text: str) -> str:
    """The opposite of render: read a board as render shows it.

    >>> parse(render("X...O...."))
    'X...O....'
    """
