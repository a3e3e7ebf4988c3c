from checking import raises, tests

T = (("c", "b"), "a")


@tests("runs")
def finds_runs(m):
    assert m.runs("aabaaa") == [("a", 2), ("b", 1), ("a", 3)]
    assert m.runs("") == []


@tests("rle_encode")
def encodes_runs(m):
    assert m.rle_encode("abbb  c") == "a3b2 c"
    assert m.rle_encode("") == ""


@tests("rle_decode")
def decodes_runs(m):
    assert m.rle_decode("a3b2 c12d") == "abbb  c" + "d" * 12
    assert raises(ValueError, m.rle_decode, "a3")


@tests("frequencies")
def counts(m):
    assert list(m.frequencies("banana").items()) == [("b", 1), ("a", 3), ("n", 2)]


@tests("huffman_tree")
def makes_trees(m):
    assert m.huffman_tree({"a": 1, "b": 1, "c": 2}) == ("c", ("a", "b"))
    assert m.huffman_tree({"a": 1, "b": 1, "c": 1, "d": 1}) == (("a", "b"), ("c", "d"))
    assert m.huffman_tree({"x": 9}) == "x"
    assert m.huffman_tree({"a": 2, "b": 3, "c": 4, "d": 9}) == ("d", ("c", ("a", "b")))
    assert raises(ValueError, m.huffman_tree, {})


@tests("huffman_codes")
def makes_codes(m):
    assert m.huffman_codes(("d", ("c", ("a", "b")))) == {"d": "0", "c": "10", "a": "110", "b": "111"}
    assert m.huffman_codes("x") == {"x": "0"}


@tests("encode")
def encodes(m):
    assert m.encode("abca", {"c": "00", "b": "01", "a": "1"}) == "101001"
    assert m.encode("", {}) == ""


@tests("decode")
def decodes(m):
    assert m.decode("101001", T) == "abca"
    assert m.decode("000", "x") == "xxx"
    assert m.decode("", T) == ""
    assert raises(ValueError, m.decode, "10", T)


@tests("pack")
def packs(m):
    assert m.pack("1") == bytes([7, 128])
    assert m.pack("0000000111111111") == bytes([0, 1, 255])
    assert m.pack("") == bytes([0])


@tests("unpack")
def unpacks(m):
    assert m.unpack(bytes([7, 128])) == "1"
    assert m.unpack(bytes([0, 1, 255])) == "0000000111111111"
    assert m.unpack(bytes([0])) == ""
