def to_roman(number):
    if not 1 <= number <= 3999:
        raise ValueError(number)
    text = ""
    for value, letters in ROMAN:
        while number >= value:
            text += letters
            number -= value
    return text


def from_roman(text):
    upper = text.upper()
    values = {letters: value for value, letters in ROMAN if len(letters) == 1}
    total = 0
    for i, letter in enumerate(upper):
        value = values.get(letter, 0)
        following = values.get(upper[i + 1], 0) if i + 1 < len(upper) else 0
        total += -value if value < following else value
    if not 1 <= total <= 3999 or to_roman(total) != upper:
        raise ValueError(f"not a Roman numeral: {text!r}")
    return total


def add_roman(left, right):
    return to_roman(from_roman(left) + from_roman(right))


def below_hundred(number):
    if number < 20:
        return ONES[number]
    tens, ones = divmod(number, 10)
    return TENS[tens] + (f"-{ONES[ones]}" if ones else "")


def below_thousand(number):
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return below_hundred(rest)
    return f"{ONES[hundreds]} hundred" + (f" and {below_hundred(rest)}" if rest else "")


def to_words(number):
    if number < 0:
        return "minus " + to_words(-number)
    if number == 0:
        return "zero"
    parts = []
    for size, name in ((1_000_000, " million"), (1000, " thousand"), (1, "")):
        group, number = divmod(number, size)
        if group:
            parts.append(below_thousand(group) + name)
    return ", ".join(parts)


def ordinal(number):
    if 11 <= number % 100 <= 13:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def ordinal_words(number):
    odd = {
        "one": "first",
        "two": "second",
        "three": "third",
        "five": "fifth",
        "eight": "eighth",
        "nine": "ninth",
        "twelve": "twelfth",
    }
    head, dash, last = below_hundred(number).rpartition("-")
    if last in odd:
        return head + dash + odd[last]
    if last.endswith("y"):
        return head + dash + last[:-1] + "ieth"
    return head + dash + last + "th"
