from checking import raises, tests


def near(quantity, value, unit):
    return quantity.unit == unit and abs(quantity.value - value) <= 1e-9 * max(1, abs(value))


@tests("dimension")
def knows_dimensions(m):
    assert [m.dimension(unit) for unit in ("mi", "lb", "min")] == ["length", "mass", "time"]
    assert raises(m.UnitError, m.dimension, "xx")


@tests("factor")
def knows_factors(m):
    assert [m.factor(unit) for unit in ("cm", "t", "h")] == [0.01, 1000.0, 3600.0]
    assert raises(m.UnitError, m.factor, "length")


@tests("Quantity.to")
def converts(m):
    assert near(m.Quantity(1, "mi").to("km"), 1.609344, "km")
    assert near(m.Quantity(500, "g").to("kg"), 0.5, "kg")
    assert raises(m.UnitError, m.Quantity(1, "m").to, "kg")


@tests("Quantity.__add__")
def adds(m):
    assert near(m.Quantity(1, "m") + m.Quantity(50, "cm"), 1.5, "m")
    assert near(m.Quantity(50, "cm") + m.Quantity(1, "m"), 150, "cm")
    assert raises(m.UnitError, m.Quantity(1, "m").__add__, m.Quantity(1, "s"))


@tests("Quantity.__mul__")
def multiplies(m):
    assert m.Quantity(2, "m") * 3 == m.Quantity(6, "m")


@tests("Quantity.is_close")
def knows_what_is_close(m):
    assert m.Quantity(1, "km").is_close(m.Quantity(1000, "m"))
    assert m.Quantity(0.1 + 0.2, "m").is_close(m.Quantity(0.3, "m"))
    assert m.Quantity(0.1 + 0.2, "mm").is_close(m.Quantity(0.03, "cm"))
    assert not m.Quantity(1, "mm").is_close(m.Quantity(1.001, "mm"))
    assert m.Quantity(1, "km").is_close(m.Quantity(1000, "s")) is False


@tests("Quantity.best")
def finds_the_best_unit(m):
    assert near(m.Quantity(0.05, "m").best(), 5, "cm")
    assert near(m.Quantity(2, "mi").best(), 3.218688, "km")
    assert near(m.Quantity(0.25, "mm").best(), 0.25, "mm")
    assert near(m.Quantity(7200, "s").best(), 2, "h")
    assert near(m.Quantity(2, "lb").best(), 907.18474, "g")


@tests("parse")
def parses(m):
    assert m.parse("-3kg") == m.Quantity(-3.0, "kg")
    assert m.parse(" 10 min ") == m.Quantity(10.0, "min")
    assert raises(m.UnitError, m.parse, "3 xx")
    assert raises(ValueError, m.parse, "km")
    assert raises(ValueError, m.parse, "3")


@tests("parse_sum")
def parses_sums(m):
    assert near(m.parse_sum("5 ft 3 in"), 5.25, "ft")
    assert near(m.parse_sum("1h 30min"), 1.5, "h")
    assert near(m.parse_sum("2.5kg"), 2.5, "kg")


@tests("format_duration")
def formats_durations(m):
    durations = [0, 59, 60, 3661, 86400, 90000]
    assert [m.format_duration(n) for n in durations] == ["0s", "59s", "1min", "1h 1min 1s", "1d", "1d 1h"]
