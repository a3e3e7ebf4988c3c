"""Run lengths and Huffman codes."""

# jitc: enable all
from __future__ import annotations

Tree = str | tuple
"""A Huffman tree is a symbol, or a pair (left tree, right tree)."""


def runs(text: str) -> list[tuple[str, int]]:
    """The runs of equal characters: runs("aab") == [("a", 2), ("b", 1)]."""


def rle_encode(text: str) -> str:
    """Each run as its length and its character, the length left out if it is 1; the text has no digits.

    >>> rle_encode("aaabccdddddddddddd")
    '3ab2c12d'
    """


def rle_decode(code: str) -> str:
    """The text that rle_encode encoded. Raises ValueError if a length is followed by nothing.

    >>> rle_decode("3ab2c")
    'aaabcc'
    """


def frequencies(text: str) -> dict[str, int]:
    """How often each character occurs, in order of first occurrence.

    >>> frequencies("banana")
    {'b': 1, 'a': 3, 'n': 2}
    """


def huffman_tree(counts: dict[str, int]) -> Tree:
    """Join the two trees with the smallest counts until one is left; the smaller one becomes the left one.

    Among equal counts, the one that came into the queue first goes first. Raises ValueError if there are no counts.

    >>> huffman_tree({"a": 5, "b": 2, "c": 1})
    (('c', 'b'), 'a')
    """


def huffman_codes(tree: Tree) -> dict[str, str]:
    """The code of each symbol: "0" for each step to the left, "1" to the right. A tree of one symbol gives it "0".

    >>> huffman_codes((("c", "b"), "a")) == {"c": "00", "b": "01", "a": "1"}
    True
    """


def encode(text: str, codes: dict[str, str]) -> str:
    """The codes of all characters of a text, one after the other.

    >>> encode("abca", {"c": "00", "b": "01", "a": "1"})
    '101001'
    """


def decode(bits: str, tree: Tree) -> str:
    """The text whose bits these are. Raises ValueError if they end within a code.

    >>> decode("101001", (("c", "b"), "a"))
    'abca'
    """


def pack(bits: str) -> bytes:
    """Bits as bytes, the first bit the highest; before them one byte with the number of zero bits added at the end.

    >>> pack("10000001" + "1")
    b'\\x07\\x81\\x80'
    """


def unpack(data: bytes) -> str:
    """The opposite of pack."""
