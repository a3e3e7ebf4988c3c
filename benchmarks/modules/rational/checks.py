from checking import raises, tests


def pair(value):
    return value.numerator, value.denominator


@tests("gcd")
def has_a_gcd(m):
    assert [m.gcd(12, 18), m.gcd(-12, 18), m.gcd(12, -18), m.gcd(0, 5), m.gcd(7, 1)] == [6, 6, 6, 5, 1]


@tests("Rational.parse")
def parses(m):
    texts = ["3/4", "6/4", "-3/4", "12", "0.5", "-1.25", "2 2/3", "-1 1/2"]
    assert [pair(m.Rational.parse(text)) for text in texts] == [
        (3, 4),
        (3, 2),
        (-3, 4),
        (12, 1),
        (1, 2),
        (-5, 4),
        (8, 3),
        (-3, 2),
    ]
    for text in ("", "a", "1/2/3", "1.2.3"):
        assert raises(ValueError, m.Rational.parse, text), text


@tests("Rational.__add__")
def adds(m):
    assert pair(m.Rational(1, 2) + m.Rational(1, 3)) == (5, 6)


@tests("Rational.__sub__")
def subtracts(m):
    assert pair(m.Rational(1, 2) - m.Rational(2, 3)) == (-1, 6)


@tests("Rational.__mul__")
def multiplies(m):
    assert pair(m.Rational(2, 3) * m.Rational(3, 4)) == (1, 2)


@tests("Rational.__truediv__")
def divides(m):
    assert pair(m.Rational(1, 2) / m.Rational(-3, 4)) == (-2, 3)
    assert raises(ZeroDivisionError, m.Rational(1).__truediv__, m.Rational(0))


@tests("Rational.__eq__")
def compares(m):
    assert m.Rational(1, 2) == m.Rational(2, 4)
    assert m.Rational(4, 2) == 2
    assert m.Rational(1, 2) != m.Rational(1, 3)
    assert m.Rational(5, 2) != 2
    assert m.Rational(1, 2) != "1/2"


@tests("Rational.__lt__")
def orders(m):
    assert m.Rational(-1, 2) < m.Rational(1, 3)
    assert not m.Rational(1, 3) < m.Rational(1, 3)
    assert m.Rational(10**17, 10**17 + 1) < m.Rational(10**17 + 1, 10**17 + 2)


@tests("Rational.__str__")
def is_shown(m):
    values = [(0, 1), (-1, 3), (5, 1), (-9, 4), (9, 4)]
    assert [str(m.Rational(*value)) for value in values] == ["0", "-1/3", "5", "-2 1/4", "2 1/4"]


@tests("Rational.decimal")
def has_decimals(m):
    assert m.Rational(1, 3).decimal(5) == "0.33333"
    assert m.Rational(-22, 7).decimal(3) == "-3.142"
    assert m.Rational(1, 200).decimal(4) == "0.0050"
    assert m.Rational(10**20 + 1, 10).decimal(2) == "10000000000000000000.10"


@tests("mean")
def has_a_mean(m):
    assert pair(m.mean([m.Rational(1, 2), m.Rational(1, 3), m.Rational(1, 6)])) == (1, 3)
    assert raises(ValueError, m.mean, [])


@tests("egyptian")
def splits(m):
    assert [pair(part) for part in m.egyptian(m.Rational(5, 6))] == [(1, 2), (1, 3)]
    assert [pair(part) for part in m.egyptian(m.Rational(1, 4))] == [(1, 4)]
    assert [pair(part) for part in m.egyptian(m.Rational(4, 13))] == [(1, 4), (1, 18), (1, 468)]
