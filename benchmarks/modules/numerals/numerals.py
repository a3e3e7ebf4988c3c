"""Numbers in words and in Roman numerals."""
# jitc: enable all

ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]  # fmt: skip
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ROMAN = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
         (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]  # fmt: skip


def to_roman(number: int) -> str:
    """A number from 1 to 3999 as a Roman numeral; ValueError for any other.

    >>> to_roman(1994)
    'MCMXCIV'
    """


def from_roman(text: str) -> int:
    """The number that a Roman numeral stands for, in capital or small letters.

    Raises ValueError unless it is written as to_roman writes it: "IIII" and "IC" are no numerals.

    >>> from_roman("mcmxciv")
    1994
    >>> from_roman("IIII")
    Traceback (most recent call last):
    ...
    ValueError: not a Roman numeral: 'IIII'
    """


def add_roman(left: str, right: str) -> str:
    """The sum of two Roman numerals as a Roman numeral.

    >>> add_roman("IX", "VI")
    'XV'
    """


def below_hundred(number: int) -> str:
    """A number from 0 to 99 in words: below_hundred(42) == "forty-two"."""


def below_thousand(number: int) -> str:
    """A number from 0 to 999 in words.

    >>> below_thousand(305)
    'three hundred and five'
    >>> below_thousand(400)
    'four hundred'
    """


def to_words(number: int) -> str:
    """A number below a billion in words, negative ones with "minus"; groups of thousands are separated by a comma.

    "and" stands only inside a group.

    >>> to_words(1_234_567)
    'one million, two hundred and thirty-four thousand, five hundred and sixty-seven'
    >>> to_words(-2000)
    'minus two thousand'
    """


def ordinal(number: int) -> str:
    """A number with its ending: 1st, 2nd, 3rd, 4th, 11th, 12th, 13th, 21st, 112th."""


def ordinal_words(number: int) -> str:
    """The ordinal of a number from 1 to 99 in words.

    >>> ordinal_words(3)
    'third'
    >>> ordinal_words(42)
    'forty-second'
    >>> ordinal_words(20)
    'twentieth'
    """
