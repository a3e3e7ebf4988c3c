from checking import raises, tests


def of(m, *numbers):
    result = m.BitSet()
    result.bits = sum(1 << n for n in numbers)
    return result


def bits(*numbers):
    return sum(1 << n for n in numbers)


@tests("BitSet.from_bits")
def is_made_from_bits(m):
    made = m.BitSet.from_bits(10)
    assert isinstance(made, m.BitSet)
    assert made.bits == 10


@tests("BitSet.add")
def adds(m):
    numbers = of(m, 1)
    numbers.add(1)
    numbers.add(70)
    assert numbers.bits == bits(1, 70)
    assert raises(ValueError, numbers.add, -1)


@tests("BitSet.discard")
def discards(m):
    numbers = of(m, 1, 5)
    for number in (1, 2, 9):
        numbers.discard(number)
    assert numbers.bits == bits(5)


@tests("BitSet.__contains__")
def contains(m):
    numbers = of(m, 0, 5)
    assert [n for n in range(-3, 9) if n in numbers] == [0, 5]


@tests("BitSet.__len__")
def has_a_length(m):
    assert [len(of(m)), len(of(m, 3, 100))] == [0, 2]


@tests("BitSet.__iter__")
def iterates(m):
    assert list(iter(of(m, 9, 0, 64))) == [0, 9, 64]
    assert list(of(m)) == []


@tests("BitSet.__or__")
def unites(m):
    one = of(m, 1, 2)
    assert (one | of(m, 2, 3)).bits == bits(1, 2, 3)
    assert one.bits == bits(1, 2)


@tests("BitSet.__and__")
def intersects(m):
    one = of(m, 1, 2)
    assert (one & of(m, 2, 3)).bits == bits(2)
    assert one.bits == bits(1, 2)


@tests("BitSet.__sub__")
def subtracts(m):
    assert (of(m, 1, 2) - of(m, 2, 3)).bits == bits(1)


@tests("BitSet.__le__")
def knows_subsets(m):
    assert of(m, 1) <= of(m, 1, 2)
    assert of(m) <= of(m)
    assert not of(m, 1) <= of(m, 2, 3)


@tests("BitSet.__eq__")
def compares(m):
    assert (of(m, 1) == of(m, 1)) is True
    assert of(m, 1) != of(m, 2)
    assert of(m, 1) != 2


@tests("BitSet.complement")
def complements(m):
    assert of(m, 0, 2, 9).complement(4).bits == bits(1, 3)
    assert of(m).complement(0).bits == 0


@tests("BitSet.first_free")
def finds_the_first_free(m):
    assert [of(m, 0, 1, 3).first_free(), of(m, 1).first_free(), of(m).first_free()] == [2, 0, 0]


@tests("BitSet.__repr__")
def is_shown(m):
    assert repr(of(m, 1, 3)) == "BitSet([1, 3])"
    assert repr(of(m)) == "BitSet([])"


@tests("primes_below")
def sieves(m):
    assert m.primes_below(30).bits == bits(2, 3, 5, 7, 11, 13, 17, 19, 23, 29)
    assert m.primes_below(29).bits == bits(2, 3, 5, 7, 11, 13, 17, 19, 23)
    assert m.primes_below(2).bits == 0
