"""Tokenizer, parser and evaluator of arithmetic with variables.

A tree is a number, a name, or a tuple: ("neg", tree), (operator, left, right) with one of + - * /,
or ("call", name, tree).
"""

# jitc: enable
from __future__ import annotations

import math
from collections.abc import Mapping

from jitc_import import llm_complete

Tree = float | str | tuple
FUNCTIONS = {"sqrt": math.sqrt, "abs": abs, "floor": math.floor}


class ParseError(ValueError):
    """A text is no expression."""


@llm_complete()
def tokenize(text: str) -> list[str]:
    """The numbers, names, operators and parentheses of a text.

    A name is a letter or underscore and then letters, digits and underscores.
    Raises ParseError for any character that belongs to none of them.

    >>> tokenize("3.5*(x_1 - 2)")
    ['3.5', '*', '(', 'x_1', '-', '2', ')']
    """


class Parser:
    """Recursive descent over the tokens of an expression."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.position = 0

    @llm_complete()
    def peek(self) -> str | None:
        """The next token, which is not taken; None at the end.

        >>> Parser(["1", "+"]).peek()
        '1'
        """

    @llm_complete()
    def take(self, expected: str | None = None) -> str:
        """Take the next token and go on to the one after it.

        Raises ParseError at the end, or if a token is expected and another one is there.
        """

    @llm_complete()
    def expression(self) -> Tree:
        """Sums and differences of terms, grouped from the left.

        >>> Parser(["1", "-", "2", "-", "x"]).expression()
        ('-', ('-', 1.0, 2.0), 'x')
        """

    @llm_complete()
    def term(self) -> Tree:
        """Products and quotients of factors, grouped from the left.

        >>> Parser(["6", "/", "2", "*", "x"]).term()
        ('*', ('/', 6.0, 2.0), 'x')
        """

    @llm_complete()
    def factor(self) -> Tree:
        """A number, a name, a call like sqrt(x), an expression in parentheses, or a factor with a minus before it.

        >>> Parser(["-", "x"]).factor()
        ('neg', 'x')
        >>> Parser(["sqrt", "(", "4", ")"]).factor()
        ('call', 'sqrt', 4.0)
        """


@llm_complete()
def parse(text: str) -> Tree:
    """The tree of a text. Raises ParseError if it is no expression, or if anything follows the expression.

    >>> parse("1 + 2*x")
    ('+', 1.0, ('*', 2.0, 'x'))
    """


@llm_complete()
def evaluate(tree: Tree, variables: Mapping[str, float]) -> float:
    """The value of a tree. Raises KeyError for a name that is no variable, or a call of what is not in FUNCTIONS.

    >>> evaluate(("+", 1.0, ("*", 2.0, "x")), {"x": 4})
    9.0
    """


@llm_complete()
def names_in(tree: Tree) -> set[str]:
    """The variables of a tree; names of functions are none.

    >>> sorted(names_in(("+", ("call", "sqrt", "x"), "y")))
    ['x', 'y']
    """


@llm_complete()
def show(tree: Tree) -> str:
    """A tree as text with parentheses around each operation, numbers as `%g` writes them.

    >>> show(parse("1 + 2*-x"))
    '(1 + (2 * (-x)))'
    >>> show(parse("sqrt(y+1)"))
    'sqrt((y + 1))'
    """
