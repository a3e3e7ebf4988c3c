class Matrix:
    @classmethod
    def identity(cls, size):
        return cls([[int(i == j) for j in range(size)] for i in range(size)])

    @property
    def shape(self):
        return len(self.rows), len(self.rows[0])

    def __eq__(self, other):
        if not isinstance(other, Matrix):
            return NotImplemented
        return self.rows == other.rows

    def __add__(self, other):
        if self.shape != other.shape:
            raise ValueError("shapes differ")
        return Matrix([[x + y for x, y in zip(a, b)] for a, b in zip(self.rows, other.rows)])

    def __matmul__(self, other):
        if self.shape[1] != other.shape[0]:
            raise ValueError("shapes do not fit")
        columns = list(zip(*other.rows))
        return Matrix([[sum(x * y for x, y in zip(row, column)) for column in columns] for row in self.rows])

    def __mul__(self, factor):
        return Matrix([[x * factor for x in row] for row in self.rows])

    def transpose(self):
        return Matrix(zip(*self.rows))

    def minor(self, row, column):
        return Matrix([[x for j, x in enumerate(line) if j != column] for i, line in enumerate(self.rows) if i != row])

    def determinant(self):
        size, width = self.shape
        if size != width:
            raise ValueError("not square")
        if size == 1:
            return self.rows[0][0]
        return sum((-1) ** j * self.rows[0][j] * self.minor(0, j).determinant() for j in range(size))

    def power(self, exponent):
        if exponent < 0 or self.shape[0] != self.shape[1]:
            raise ValueError("no such power")
        result = Matrix.identity(self.shape[0])
        for _ in range(exponent):
            result = result @ self
        return result

    def trace(self):
        if self.shape[0] != self.shape[1]:
            raise ValueError("not square")
        return sum(self.rows[i][i] for i in range(self.shape[0]))
