def dimension(unit):
    for name, units in UNITS.items():
        if unit in units:
            return name
    raise UnitError(unit)


def factor(unit):
    return UNITS[dimension(unit)][unit]


class Quantity:
    def to(self, unit):
        if dimension(unit) != dimension(self.unit):
            raise UnitError(unit)
        return Quantity(self.value * factor(self.unit) / factor(unit), unit)

    def __add__(self, other):
        return Quantity(self.value + other.to(self.unit).value, self.unit)

    def __mul__(self, number):
        return Quantity(self.value * number, self.unit)

    def is_close(self, other):
        if dimension(self.unit) != dimension(other.unit):
            return False
        one, two = self.value * factor(self.unit), other.value * factor(other.unit)
        return one == two or abs(one - two) < max(abs(one), abs(two)) * 1e-9

    def best(self):
        units = UNITS[dimension(self.unit)]
        metric = sorted((unit for unit in units if unit not in ("in", "ft", "mi", "lb")), key=factor, reverse=True)
        for unit in metric:
            if abs(self.to(unit).value) >= 1:
                return self.to(unit)
        return self.to(metric[-1])


def parse(text):
    import re

    matched = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*", text)
    if not matched:
        raise ValueError(text)
    dimension(matched[2])
    return Quantity(float(matched[1]), matched[2])


def parse_sum(text):
    import re

    parts = re.findall(r"-?[\d.]+\s*[A-Za-z]+", text)
    if not parts:
        raise ValueError(text)
    total = parse(parts[0])
    for part in parts[1:]:
        total = total + parse(part)
    return total


def format_duration(seconds):
    seconds = int(seconds)
    parts = []
    for unit in ("d", "h", "min", "s"):
        count, seconds = divmod(seconds, int(factor(unit)))
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or "0s"
