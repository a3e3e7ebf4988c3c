def trim(coefficients):
    result = list(coefficients)
    while result and result[-1] == 0:
        result.pop()
    return result


class Polynomial:
    def degree(self):
        return len(self.coefficients) - 1

    def __call__(self, x):
        return sum(c * x**i for i, c in enumerate(self.coefficients))

    def __add__(self, other):
        from itertools import zip_longest

        return Polynomial(*(a + b for a, b in zip_longest(self.coefficients, other.coefficients, fillvalue=0)))

    def __neg__(self):
        return Polynomial(*(-c for c in self.coefficients))

    def __sub__(self, other):
        return self + -other

    def __mul__(self, other):
        result = [0] * (len(self.coefficients) + len(other.coefficients))
        for i, a in enumerate(self.coefficients):
            for j, b in enumerate(other.coefficients):
                result[i + j] += a * b
        return Polynomial(*result)

    def derivative(self):
        return Polynomial(*(i * c for i, c in enumerate(self.coefficients) if i))

    def integral(self, constant=0):
        return Polynomial(constant, *(c / (i + 1) for i, c in enumerate(self.coefficients)))

    def __str__(self):
        text = ""
        for power in range(self.degree(), -1, -1):
            c = self.coefficients[power]
            if c == 0:
                continue
            sign = "-" if c < 0 else "+"
            text += f" {sign} " if text else "-" * (c < 0)
            number = "" if abs(c) == 1 and power else f"{abs(c):g}"
            text += number + ("" if power == 0 else "x" if power == 1 else f"x^{power}")
        return text or "0"


def divide(dividend, divisor):
    if divisor.degree() < 0:
        raise ZeroDivisionError("division by the zero polynomial")
    rest = list(dividend.coefficients)
    quotient = [0.0] * max(len(rest) - divisor.degree(), 0)
    for power in range(len(quotient) - 1, -1, -1):
        factor = rest[power + divisor.degree()] / divisor.coefficients[-1]
        quotient[power] = factor
        for i, c in enumerate(divisor.coefficients):
            rest[power + i] -= factor * c
    return Polynomial(*quotient), Polynomial(*rest[: divisor.degree()])
