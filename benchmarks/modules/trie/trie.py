"""A tree of prefixes, for completing words."""

# jitc: enable
from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Node:
    """What follows a prefix: the next nodes by letter, and how often a word ends here."""

    children: dict[str, Node] = field(default_factory=dict)
    count: int = 0


class Trie:
    """Words, each with how often it was added."""

    def __init__(self) -> None:
        self.root = Node()

    def add(self, word: str) -> None:  # jitc: complete
        """Count a word once more.

        >>> trie = Trie()
        >>> trie.add("to")
        >>> trie.root.children["t"].children["o"].count
        1
        """

    def find(self, prefix: str) -> Node | None:  # jitc: complete
        """The node at the end of a prefix, or None if no word begins with it."""

    def count(self, word: str) -> int:  # jitc: complete
        """How often a word was added; 0 for a word that was not.

        >>> trie = Trie()
        >>> trie.add("to")
        >>> trie.count("to"), trie.count("t")
        (1, 0)
        """

    def words(self, prefix: str = "") -> list[str]:  # jitc: complete
        """All words that begin with a prefix, in alphabetical order.

        >>> trie = Trie()
        >>> for word in ["tea", "to", "ten", "inn", "to"]:
        ...     trie.add(word)
        >>> trie.words("te")
        ['tea', 'ten']
        """

    def complete(self, prefix: str, limit: int = 3) -> list[str]:  # jitc: complete
        """The most frequent words that begin with a prefix, at most `limit`; the alphabet decides among equals.

        >>> trie = Trie()
        >>> for word in ["tea", "to", "ten", "to"]:
        ...     trie.add(word)
        >>> trie.complete("t", 2)
        ['to', 'tea']
        """

    def remove(self, word: str) -> bool:  # jitc: complete
        """Forget a word, however often it was added, and all nodes that are then needed for no word.

        Returns whether it was there.
        """

    def longest_prefix(self, text: str) -> str:  # jitc: complete
        """The longest word that a text begins with, "" if there is none.

        >>> trie = Trie()
        >>> for word in ["an", "ant", "anthem"]:
        ...     trie.add(word)
        >>> trie.longest_prefix("anthill")
        'ant'
        """

    def matches(self, pattern: str) -> list[str]:  # jitc: complete
        """The words of the pattern's length that match it, in alphabetical order; "?" stands for any letter.

        >>> trie = Trie()
        >>> for word in ["tea", "ten", "to"]:
        ...     trie.add(word)
        >>> trie.matches("t?n")
        ['ten']
        """
