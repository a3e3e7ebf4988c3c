"""Matrices of numbers."""

# jitc: enable all
from __future__ import annotations


class Matrix:
    """A matrix that does not change; `rows` holds its rows as tuples."""

    def __init__(self, rows) -> None:
        self.rows = tuple(tuple(row) for row in rows)
        if not self.rows or not self.rows[0] or any(len(row) != len(self.rows[0]) for row in self.rows):
            raise ValueError("rows must be of one length, and not empty")

    def __repr__(self) -> str:
        return f"Matrix({[list(row) for row in self.rows]})"

    @classmethod
    def identity(cls, size: int) -> Matrix:
        """The identity matrix of a size.

        >>> Matrix.identity(2)
        Matrix([[1, 0], [0, 1]])
        """

    @property
    def shape(self) -> tuple[int, int]:
        """The number of rows and the number of columns.

        >>> Matrix([[1, 2, 3], [4, 5, 6]]).shape
        (2, 3)
        """

    def __eq__(self, other: object) -> bool:
        """Whether the other is a matrix with equal rows; NotImplemented for what is no matrix."""

    def __add__(self, other: Matrix) -> Matrix:
        """The sum, element by element. Raises ValueError for another shape.

        >>> Matrix([[1, 2]]) + Matrix([[3, 4]])
        Matrix([[4, 6]])
        """

    def __matmul__(self, other: Matrix) -> Matrix:
        """The product of two matrices.

        Raises ValueError unless this one has as many columns as the other has rows.

        >>> Matrix([[1, 2], [3, 4]]) @ Matrix([[5], [6]])
        Matrix([[17], [39]])
        """

    def __mul__(self, factor: float) -> Matrix:
        """Each element times a number.

        >>> Matrix([[1, 2]]) * 3
        Matrix([[3, 6]])
        """

    def transpose(self) -> Matrix:
        """Rows as columns.

        >>> Matrix([[1, 2, 3], [4, 5, 6]]).transpose()
        Matrix([[1, 4], [2, 5], [3, 6]])
        """

    def minor(self, row: int, column: int) -> Matrix:
        """The matrix without one row and one column, both counted from 0.

        >>> Matrix([[1, 2], [3, 4]]).minor(0, 1)
        Matrix([[3]])
        """

    def determinant(self) -> float:
        """The determinant, exact where the elements are whole numbers. Raises ValueError unless the matrix is square.

        >>> Matrix([[1, 2], [3, 4]]).determinant()
        -2
        """

    def power(self, exponent: int) -> Matrix:
        """The matrix multiplied by itself; the power 0 is the identity. Raises ValueError if negative or not square.

        >>> Matrix([[1, 1], [1, 0]]).power(10)
        Matrix([[89, 55], [55, 34]])
        """

    def trace(self) -> float:
        """The sum of the diagonal. Raises ValueError unless the matrix is square.

        >>> Matrix([[1, 2], [3, 4]]).trace()
        5
        """
