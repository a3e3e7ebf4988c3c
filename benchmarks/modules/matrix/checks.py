from checking import raises, tests


@tests("Matrix.identity")
def makes_identities(m):
    assert m.Matrix.identity(3).rows == ((1, 0, 0), (0, 1, 0), (0, 0, 1))


@tests("Matrix.shape")
def has_a_shape(m):
    assert m.Matrix([[1, 2, 3], [4, 5, 6]]).shape == (2, 3)


@tests("Matrix.__eq__")
def compares(m):
    assert m.Matrix([[1, 2]]) == m.Matrix([[1.0, 2.0]])
    assert m.Matrix([[1, 2]]) != m.Matrix([[1], [2]])
    assert m.Matrix([[1]]).__eq__(1) is NotImplemented


@tests("Matrix.__add__")
def adds(m):
    assert (m.Matrix([[1, 2], [3, 4]]) + m.Matrix([[10, 20], [30, 40]])).rows == ((11, 22), (33, 44))
    assert raises(ValueError, m.Matrix([[1]]).__add__, m.Matrix([[1, 2]]))


@tests("Matrix.__matmul__")
def multiplies_matrices(m):
    assert (m.Matrix([[1, 2], [3, 4]]) @ m.Matrix([[0, 1, 2], [1, 0, 3]])).rows == ((2, 1, 8), (4, 3, 18))
    assert raises(ValueError, m.Matrix([[1, 2]]).__matmul__, m.Matrix([[1, 2]]))


@tests("Matrix.__mul__")
def multiplies_by_numbers(m):
    assert (m.Matrix([[1, -2], [3, 0]]) * 3).rows == ((3, -6), (9, 0))


@tests("Matrix.transpose")
def transposes(m):
    assert m.Matrix([[1, 2], [3, 4], [5, 6]]).transpose().rows == ((1, 3, 5), (2, 4, 6))


@tests("Matrix.minor")
def makes_minors(m):
    square = m.Matrix([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    assert square.minor(0, 0).rows == ((5, 6), (8, 9))
    assert square.minor(1, 2).rows == ((1, 2), (7, 8))


@tests("Matrix.determinant")
def has_a_determinant(m):
    assert m.Matrix([[7]]).determinant() == 7
    assert m.Matrix([[0, 1], [1, 0]]).determinant() == -1
    assert m.Matrix([[2, 0, 1], [1, 3, 2], [1, 1, 4]]).determinant() == 18
    assert raises(ValueError, m.Matrix([[1, 2]]).determinant)


@tests("Matrix.power")
def has_powers(m):
    assert m.Matrix([[2, 0], [0, 3]]).power(3).rows == ((8, 0), (0, 27))
    assert m.Matrix([[5, 1], [2, 3]]).power(0).rows == ((1, 0), (0, 1))
    assert raises(ValueError, m.Matrix([[1]]).power, -1)
    assert raises(ValueError, m.Matrix([[1, 2]]).power, 2)


@tests("Matrix.trace")
def has_a_trace(m):
    assert m.Matrix([[1, 9], [9, 5]]).trace() == 6
    assert raises(ValueError, m.Matrix([[1, 2]]).trace)
