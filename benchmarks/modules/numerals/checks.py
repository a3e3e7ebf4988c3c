from checking import raises, tests


@tests("to_roman")
def writes_roman(m):
    assert [m.to_roman(n) for n in (1, 4, 9, 14, 40, 90, 400, 3999)] == [
        "I",
        "IV",
        "IX",
        "XIV",
        "XL",
        "XC",
        "CD",
        "MMMCMXCIX",
    ]
    assert raises(ValueError, m.to_roman, 0)
    assert raises(ValueError, m.to_roman, 4000)


@tests("from_roman")
def reads_roman(m):
    assert [m.from_roman(text) for text in ("I", "iv", "XLII", "MMXXVI", "CDXLIV")] == [1, 4, 42, 2026, 444]
    for text in ("", "IIII", "IC", "VX", "abc", "VV", "IXI"):
        assert raises(ValueError, m.from_roman, text), text


@tests("add_roman")
def adds_roman(m):
    assert m.add_roman("XIX", "iii") == "XXII"
    assert raises(ValueError, m.add_roman, "MMM", "MMM")


@tests("below_hundred")
def says_tens(m):
    assert [m.below_hundred(n) for n in (0, 13, 20, 99)] == ["zero", "thirteen", "twenty", "ninety-nine"]


@tests("below_thousand")
def says_hundreds(m):
    assert m.below_thousand(0) == "zero"
    assert m.below_thousand(17) == "seventeen"
    assert m.below_thousand(999) == "nine hundred and ninety-nine"
    assert m.below_thousand(100) == "one hundred"


@tests("to_words")
def says_numbers(m):
    assert m.to_words(0) == "zero"
    assert m.to_words(1_000_000) == "one million"
    assert m.to_words(1005) == "one thousand, five"
    assert m.to_words(110_110) == "one hundred and ten thousand, one hundred and ten"
    assert m.to_words(-7) == "minus seven"


@tests("ordinal")
def has_ordinals(m):
    assert [m.ordinal(n) for n in (1, 2, 3, 4, 10, 11, 12, 13, 22, 101, 111, 113)] == [
        "1st",
        "2nd",
        "3rd",
        "4th",
        "10th",
        "11th",
        "12th",
        "13th",
        "22nd",
        "101st",
        "111th",
        "113th",
    ]


@tests("ordinal_words")
def says_ordinals(m):
    assert [m.ordinal_words(n) for n in (1, 2, 5, 8, 9, 12, 14, 30, 51, 99)] == [
        "first",
        "second",
        "fifth",
        "eighth",
        "ninth",
        "twelfth",
        "fourteenth",
        "thirtieth",
        "fifty-first",
        "ninety-ninth",
    ]
