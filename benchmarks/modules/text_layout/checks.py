from checking import tests


@tests("wrap")
def wraps(m):
    assert m.wrap("aa bb cc", 5) == ["aa bb", "cc"]
    assert m.wrap("aa bb cc", 8) == ["aa bb cc"]
    assert m.wrap("  one\n two\tthree ", 7) == ["one two", "three"]
    assert m.wrap("", 5) == []
    assert m.wrap("longword x", 3) == ["longword", "x"]


@tests("justify")
def justifies(m):
    assert m.justify("a b", 5) == "a   b"
    assert m.justify("aa b c d", 12) == "aa   b  c  d"
    assert m.justify("word", 9) == "word"
    assert m.justify("", 4) == ""


@tests("justify_paragraph")
def justifies_paragraphs(m):
    assert m.justify_paragraph("the quick brown fox jumps over", 11) == "the   quick\nbrown   fox\njumps over"
    assert m.justify_paragraph("one two", 20) == "one two"


@tests("indent")
def indents(m):
    assert m.indent("a\n\nb", "> ") == "> a\n\n> b"
    assert m.indent("a\nb\nc", "  ", "* ") == "* a\n  b\n  c"
    assert m.indent("a\nb", "  ", "") == "a\n  b"
    assert m.indent("", "  ") == ""


@tests("align")
def aligns(m):
    assert m.align(["a", "b", "c"], [3, 3, 3], "lrc") == "a      b   c"
    assert m.align(["a", "b"], [2, 5], "ll") == "a   b"


@tests("table")
def makes_tables(m):
    assert m.table([["x", "10"], ["long", "5"]], "lr") == "x     10\nlong   5"
    assert m.table([["a", "bbb"], ["ccc", "d"]], "rl") == "  a  bbb\nccc  d"


@tests("columns")
def fills_columns(m):
    assert m.columns(list("abcdef"), 3) == [["a", "c", "e"], ["b", "d", "f"]]
    assert m.columns(list("abcde"), 2) == [["a", "d"], ["b", "e"], ["c"]]
    assert m.columns(["a"], 1) == [["a"]]


@tests("truncate")
def truncates(m):
    assert m.truncate("abcdefghij", 6) == "abc..."
    assert m.truncate("abcdef", 6) == "abcdef"
    assert m.truncate("ab cdefgh", 6) == "ab..."
