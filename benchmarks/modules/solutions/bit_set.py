class BitSet:
    @classmethod
    def from_bits(cls, bits):
        result = cls()
        result.bits = bits
        return result

    def add(self, number):
        if number < 0:
            raise ValueError(number)
        self.bits |= 1 << number

    def discard(self, number):
        if number in self:
            self.bits ^= 1 << number

    def __contains__(self, number):
        return number >= 0 and bool(self.bits >> number & 1)

    def __len__(self):
        return bin(self.bits).count("1")

    def __iter__(self):
        for number in range(self.bits.bit_length()):
            if self.bits >> number & 1:
                yield number

    def __or__(self, other):
        return BitSet.from_bits(self.bits | other.bits)

    def __and__(self, other):
        return BitSet.from_bits(self.bits & other.bits)

    def __sub__(self, other):
        return BitSet.from_bits(self.bits & ~other.bits)

    def __le__(self, other):
        return self.bits & ~other.bits == 0

    def __eq__(self, other):
        return isinstance(other, BitSet) and self.bits == other.bits

    def complement(self, size):
        return BitSet.from_bits((1 << size) - 1 & ~self.bits)

    def first_free(self):
        number = 0
        while number in self:
            number += 1
        return number

    def __repr__(self):
        return f"BitSet({list(self)})"


def primes_below(limit):
    numbers = BitSet(range(2, limit))
    for n in range(2, int(max(limit, 0) ** 0.5) + 1):
        if n in numbers:
            for multiple in range(n * n, limit, n):
                numbers.discard(multiple)
    return numbers
