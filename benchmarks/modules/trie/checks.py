from checking import tests


def trie_of(m, *words):
    trie = m.Trie()
    for word in words:
        node = trie.root
        for letter in word:
            node = node.children.setdefault(letter, m.Node())
        node.count += 1
    return trie


@tests("Trie.add")
def adds(m):
    trie = m.Trie()
    for word in ("to", "tea", "to"):
        trie.add(word)
    assert trie.root == trie_of(m, "to", "to", "tea").root


@tests("Trie.find")
def finds(m):
    trie = trie_of(m, "tea", "ten")
    assert set(trie.find("te").children) == {"a", "n"}
    assert trie.find("") is trie.root
    assert trie.find("x") is None


@tests("Trie.count")
def counts(m):
    trie = trie_of(m, "to", "to", "tea")
    assert [trie.count(word) for word in ("to", "tea", "te", "x")] == [2, 1, 0, 0]


@tests("Trie.words")
def lists_words(m):
    trie = trie_of(m, "to", "tea", "t", "inn", "in", "to")
    assert trie.words() == ["in", "inn", "t", "tea", "to"]
    assert trie.words("t") == ["t", "tea", "to"]
    assert trie.words("x") == []


@tests("Trie.complete")
def completes(m):
    trie = trie_of(m, "to", "to", "tea", "ten", "ten", "tall", "in")
    assert trie.complete("t") == ["ten", "to", "tall"]
    assert trie.complete("te", 5) == ["ten", "tea"]
    assert trie.complete("x") == []


@tests("Trie.remove")
def removes(m):
    trie = trie_of(m, "to", "to", "tea", "team")
    assert trie.remove("to") is True
    assert trie.root == trie_of(m, "tea", "team").root
    assert trie.remove("te") is False
    assert trie.remove("team") is True
    assert trie.root == trie_of(m, "tea").root


@tests("Trie.remove")
def removes_within(m):
    trie = trie_of(m, "tea", "team")
    assert trie.remove("tea") is True
    assert trie.root == trie_of(m, "team").root


@tests("Trie.longest_prefix")
def finds_the_longest_prefix(m):
    trie = trie_of(m, "an", "anthem")
    assert [trie.longest_prefix(text) for text in ("anthems", "ant", "a", "")] == ["anthem", "an", "", ""]


@tests("Trie.matches")
def matches_patterns(m):
    trie = trie_of(m, "tea", "ten", "tan", "team")
    assert trie.matches("t?n") == ["tan", "ten"]
    assert trie.matches("????") == ["team"]
    assert trie.matches("tea") == ["tea"]
    assert trie.matches("") == []
