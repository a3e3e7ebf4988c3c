def gcd(a, b):
    while b:
        a, b = b, a % b
    return abs(a)


class Rational:
    @classmethod
    def parse(cls, text):
        import re

        matched = re.fullmatch(r"(-?)(?:(\d+) )?(\d+)/(\d+)|(-?)(\d+)(?:\.(\d+))?", text.strip())
        if not matched:
            raise ValueError(text)
        sign, whole, above, below, sign2, number, decimals = matched.groups()
        if above:
            result = cls(int(whole or 0) * int(below) + int(above), int(below))
        else:
            decimals = decimals or ""
            result = cls(int(number + decimals), 10 ** len(decimals))
        return cls(-result.numerator, result.denominator) if sign or sign2 else result

    def __add__(self, other):
        return Rational(
            self.numerator * other.denominator + other.numerator * self.denominator,
            self.denominator * other.denominator,
        )

    def __sub__(self, other):
        return self + Rational(-other.numerator, other.denominator)

    def __mul__(self, other):
        return Rational(self.numerator * other.numerator, self.denominator * other.denominator)

    def __truediv__(self, other):
        return Rational(self.numerator * other.denominator, self.denominator * other.numerator)

    def __eq__(self, other):
        if isinstance(other, int):
            return self.denominator == 1 and self.numerator == other
        if not isinstance(other, Rational):
            return NotImplemented
        return (self.numerator, self.denominator) == (other.numerator, other.denominator)

    def __lt__(self, other):
        return self.numerator * other.denominator < other.numerator * self.denominator

    def __str__(self):
        whole, rest = divmod(abs(self.numerator), self.denominator)
        sign = "-" if self.numerator < 0 else ""
        if not rest:
            return f"{sign}{whole}"
        return f"{sign}{whole} {rest}/{self.denominator}" if whole else f"{sign}{rest}/{self.denominator}"

    def decimal(self, digits):
        whole, rest = divmod(abs(self.numerator), self.denominator)
        sign = "-" if self.numerator < 0 else ""
        if digits == 0:
            return f"{sign}{whole}"
        return f"{sign}{whole}.{str(rest * 10**digits // self.denominator).zfill(digits)}"


def mean(values):
    if not values:
        raise ValueError("no values")
    total = Rational(0)
    for value in values:
        total = total + value
    return total / Rational(len(values))


def egyptian(value):
    parts = []
    while value.numerator:
        part = Rational(1, -(-value.denominator // value.numerator))
        parts.append(part)
        value = value - part
    return parts
