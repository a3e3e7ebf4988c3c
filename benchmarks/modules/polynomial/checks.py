from checking import raises, tests


@tests("trim")
def trims(m):
    values = [0, 1, 0, 2, 0, 0]
    assert m.trim(values) == [0, 1, 0, 2]
    assert values == [0, 1, 0, 2, 0, 0]
    assert m.trim([]) == m.trim([0, 0]) == []


@tests("Polynomial.degree")
def has_a_degree(m):
    assert [m.Polynomial(*c).degree() for c in ((1, 2, 3), (5,), ())] == [2, 0, -1]


@tests("Polynomial.__call__")
def has_values(m):
    assert m.Polynomial(1, -2, 3)(2) == 9
    assert m.Polynomial()(5) == 0
    assert m.Polynomial(4)(0) == 4


@tests("Polynomial.__add__")
def adds(m):
    assert (m.Polynomial(1, 2) + m.Polynomial(0, 0, 4)).coefficients == [1, 2, 4]
    assert (m.Polynomial(1, 2) + m.Polynomial(-1, -2)).coefficients == []


@tests("Polynomial.__neg__")
def negates(m):
    assert (-m.Polynomial(1, 0, -2)).coefficients == [-1, 0, 2]


@tests("Polynomial.__sub__")
def subtracts(m):
    assert (m.Polynomial(1, 2, 3) - m.Polynomial(0, 2, 3)).coefficients == [1]
    assert (m.Polynomial(1) - m.Polynomial(1, 1)).coefficients == [0, -1]


@tests("Polynomial.__mul__")
def multiplies(m):
    assert (m.Polynomial(1, 2) * m.Polynomial(3, 0, 1)).coefficients == [3, 6, 1, 2]
    assert (m.Polynomial(1, 2) * m.Polynomial()).coefficients == []


@tests("Polynomial.derivative")
def differentiates(m):
    assert m.Polynomial(5, 4, 3, 2).derivative().coefficients == [4, 6, 6]
    assert m.Polynomial(5).derivative().coefficients == []


@tests("Polynomial.integral")
def integrates(m):
    assert m.Polynomial(4, 6, 6).integral().coefficients == [0, 4, 3, 2]
    assert m.Polynomial().integral(7).coefficients == [7]


@tests("Polynomial.__str__")
def is_shown(m):
    assert str(m.Polynomial(1, 1)) == "x + 1"
    assert str(m.Polynomial(0, 0, -2.5)) == "-2.5x^2"
    assert str(m.Polynomial(-1, 1, -1, 10)) == "10x^3 - x^2 + x - 1"
    assert str(m.Polynomial(1)) == "1"
    assert str(m.Polynomial()) == "0"


@tests("divide")
def divides(m):
    quotient, rest = m.divide(m.Polynomial(5, 3, 0, 2), m.Polynomial(1, 0, 1))
    assert (quotient.coefficients, rest.coefficients) == ([0, 2], [5, 1])
    quotient, rest = m.divide(m.Polynomial(1), m.Polynomial(0, 1))
    assert (quotient.coefficients, rest.coefficients) == ([], [1])
    assert raises(ZeroDivisionError, m.divide, m.Polynomial(1), m.Polynomial())
