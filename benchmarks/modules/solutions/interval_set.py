def merge(intervals):
    result = []
    for start, end in sorted(pair for pair in intervals if pair[0] < pair[1]):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


class IntervalSet:
    def __len__(self):
        return sum(end - start for start, end in self.parts)

    def __contains__(self, number):
        return any(start <= number < end for start, end in self.parts)

    def add(self, start, end):
        self.parts = merge([*self.parts, (start, end)])

    def remove(self, start, end):
        if start < end:
            pieces = [piece for a, b in self.parts for piece in ((a, min(b, start)), (max(a, end), b))]
            self.parts = merge(pieces)

    def union(self, other):
        return IntervalSet([*self.parts, *other.parts])

    def intersection(self, other):
        return IntervalSet((max(a, c), min(b, d)) for a, b in self.parts for c, d in other.parts)

    def difference(self, other):
        result = IntervalSet(self.parts)
        for start, end in other.parts:
            result.remove(start, end)
        return result

    def gaps(self):
        return [(one[1], other[0]) for one, other in zip(self.parts, self.parts[1:])]

    def first_fit(self, length):
        return next((start for start, end in self.parts if end - start >= length), None)


def parse_ranges(text):
    result = IntervalSet()
    for part in text.split(","):
        if part.strip():
            first, _, last = part.strip().partition("-")
            result.add(int(first), int(last or first) + 1)
    return result


def format_ranges(numbers):
    return ", ".join(f"{a}" if b == a + 1 else f"{a}-{b - 1}" for a, b in numbers.parts)
