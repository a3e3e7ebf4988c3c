from checking import tests


def of(m, *parts):
    result = m.IntervalSet()
    result.parts = list(parts)
    return result


@tests("merge")
def merges(m):
    assert m.merge([(1, 10), (2, 3), (11, 12)]) == [(1, 10), (11, 12)]
    assert m.merge([(3, 4), (1, 2), (2, 3)]) == [(1, 4)]
    assert m.merge([(5, 5), (6, 2)]) == []


@tests("IntervalSet.__len__")
def has_a_length(m):
    assert len(of(m, (1, 4), (10, 11))) == 4
    assert len(of(m)) == 0


@tests("IntervalSet.__contains__")
def contains(m):
    numbers = of(m, (1, 4), (10, 11))
    assert [n for n in range(13) if n in numbers] == [1, 2, 3, 10]


@tests("IntervalSet.add")
def adds(m):
    numbers = of(m, (1, 4), (6, 8))
    numbers.add(4, 6)
    numbers.add(20, 21)
    numbers.add(30, 30)
    assert numbers.parts == [(1, 8), (20, 21)]


@tests("IntervalSet.remove")
def removes(m):
    numbers = of(m, (0, 5), (6, 8), (10, 20))
    numbers.remove(4, 12)
    assert numbers.parts == [(0, 4), (12, 20)]
    numbers.remove(15, 16)
    numbers.remove(-5, 1)
    assert numbers.parts == [(1, 4), (12, 15), (16, 20)]


@tests("IntervalSet.union")
def unites(m):
    one, other = of(m, (0, 2), (5, 7)), of(m, (2, 3), (6, 9))
    assert one.union(other).parts == [(0, 3), (5, 9)]
    assert one.parts == [(0, 2), (5, 7)]


@tests("IntervalSet.intersection")
def intersects(m):
    assert of(m, (0, 10), (20, 30)).intersection(of(m, (5, 25), (28, 40))).parts == [(5, 10), (20, 25), (28, 30)]
    assert of(m, (0, 1)).intersection(of(m, (1, 2))).parts == []


@tests("IntervalSet.difference")
def differs(m):
    one = of(m, (0, 10))
    assert one.difference(of(m, (2, 3), (5, 20))).parts == [(0, 2), (3, 5)]
    assert one.parts == [(0, 10)]


@tests("IntervalSet.gaps")
def has_gaps(m):
    assert of(m, (0, 1), (4, 5), (9, 12)).gaps() == [(1, 4), (5, 9)]
    assert of(m, (0, 1)).gaps() == of(m).gaps() == []


@tests("IntervalSet.first_fit")
def finds_the_first_fit(m):
    numbers = of(m, (0, 2), (5, 9), (20, 40))
    assert [numbers.first_fit(n) for n in (1, 3, 4, 10, 21)] == [0, 5, 5, 20, None]


@tests("parse_ranges")
def parses(m):
    assert m.parse_ranges("5,1-2 , 3").parts == [(1, 4), (5, 6)]
    assert m.parse_ranges("").parts == []


@tests("format_ranges")
def formats(m):
    assert m.format_ranges(of(m, (1, 4), (7, 8), (9, 11))) == "1-3, 7, 9-10"
    assert m.format_ranges(of(m)) == ""
