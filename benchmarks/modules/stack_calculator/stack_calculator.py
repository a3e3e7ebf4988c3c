"""A calculator for whole and decimal numbers that works on a stack."""
# jitc: enable all

OPERATORS = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 3}
"""The operators, and how strongly each binds."""


class Stack:
    """A stack of numbers."""

    def __init__(self) -> None:
        self.items: list[float] = []

    def push(self, item: float) -> None:
        """Put an item on top of the stack.

        >>> stack = Stack()
        >>> stack.push(4)
        >>> stack.push(5)
        >>> stack.items
        [4, 5]
        """

    def pop(self) -> float:
        """Take the top item off the stack and return it. Raises IndexError("empty stack") if there is none.

        >>> stack = Stack()
        >>> stack.push(4)
        >>> stack.pop()
        4
        """

    def peek(self) -> float | None:
        """The top item, which stays where it is, or None if the stack is empty.

        >>> Stack().peek() is None
        True
        """

    def __len__(self) -> int:
        """How many items lie on the stack."""


def tokenize(text: str) -> list[str]:
    """Split an expression into numbers, operators and parentheses; spaces mean nothing.

    Raises ValueError for any other character.

    >>> tokenize("12+3 * (4.5-x1)")
    Traceback (most recent call last):
    ...
    ValueError: unexpected character 'x'
    >>> tokenize("12+3 * (4.5 - 1)")
    ['12', '+', '3', '*', '(', '4.5', '-', '1', ')']
    """


def apply_operator(operator: str, left: float, right: float) -> float:
    """The value of `left operator right` for one of OPERATORS; "^" is the power.

    Raises ValueError for an unknown operator.

    >>> apply_operator("-", 7, 2)
    5
    >>> apply_operator("^", 2, 10)
    1024
    """


def to_rpn(tokens: list[str]) -> list[str]:
    """Bring the tokens of an expression into reverse Polish notation (the shunting-yard algorithm).

    "^" groups from the right, all others from the left. Raises ValueError for parentheses that do not match.

    >>> to_rpn(["1", "+", "2", "*", "3"])
    ['1', '2', '3', '*', '+']
    >>> to_rpn(["(", "1", "+", "2", ")", "*", "3"])
    ['1', '2', '+', '3', '*']
    >>> to_rpn(["2", "^", "3", "^", "2"])
    ['2', '3', '2', '^', '^']
    """


def evaluate_rpn(tokens: list[str]) -> float:
    """The value of an expression in reverse Polish notation, as a float.

    Raises ValueError if operands are missing or left over.

    >>> evaluate_rpn(["6", "2", "/", "1", "-"])
    2.0
    """


def evaluate(text: str) -> float:
    """The value of an expression.

    >>> evaluate("2 * (3 + 4)")
    14.0
    """
