"""What the functions of the benchmarks' modules do: ordinary code of a few lines, typed, each with a call to try."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True)
class Definition:
    """A function: parameters, what it returns, docstring and body; `arguments` are those of a call."""

    name: str
    signature: str
    doc: str
    body: str
    arguments: tuple[Any, ...]

    def text(self, name: str, number: int) -> tuple[str, str]:
        """The lines up to the docstring, and those of the body; `number` makes modules differ."""
        head = f'def {name}{self.signature}:\n    """{self.doc}"""\n'
        body = "".join(f"    {line}\n" if line else "\n" for line in self.body.strip("\n").split("\n"))
        return head, body.replace("NUMBER", str(number))


VALUES = [3.0, 1.5, 4.25, 1.0, 5.5, 9.0, 2.75]

FUNCTIONS = (
    Definition(
        "spread",
        "(values: list[float], scale: float = 1.0) -> float",
        "The standard deviation of the values, times the scale; 0.0 for fewer than two.",
        """
if len(values) < 2:
    return 0.0
mean = sum(values) / len(values)
variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
return math.sqrt(variance) * scale
""",
        (VALUES,),
    ),
    Definition(
        "slug",
        '(title: str, *, separator: str = "-") -> str',
        "The title in lower case, words joined by the separator, all other characters dropped.",
        """
words = []
word = ""
for character in title.lower() + " ":
    if character.isalnum():
        word += character
    elif word:
        words.append(word)
        word = ""
return separator.join(words)
""",
        ("A title, of some Words!",),
    ),
    Definition(
        "chunks",
        "(items: list[float], size: int) -> list[list[float]]",
        "The items in lists of at most `size`, in order.\n\n    Raises ValueError for a size below one.\n    ",
        """
if size < 1:
    raise ValueError(f"size must be at least 1, not {size}")
return [items[start : start + size] for start in range(0, len(items), size)]
""",
        (VALUES, 3),
    ),
    Definition(
        "tally",
        "(words: list[str]) -> dict[str, int]",
        "How often each word occurs, the most frequent first, equal ones in order of the alphabet.",
        """
counts: dict[str, int] = {}
for word in words:
    counts[word] = counts.get(word, 0) + 1
ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
return dict(ranked)
""",
        (["b", "a", "b", "c"],),
    ),
    Definition(
        "parse_pairs",
        '(text: str, *, comment: str = "#") -> dict[str, str]',
        "The `key = value` lines of a text; blank lines and comments are passed over.\n\n"
        "    Raises ValueError that names the line for one without `=`.\n    ",
        """
pairs = {}
for number, line in enumerate(text.splitlines(), start=1):
    stripped = line.strip()
    if not stripped or stripped.startswith(comment):
        continue
    key, equals, value = stripped.partition("=")
    if not equals:
        raise ValueError(f"line {number}: no '=' in {stripped!r}")
    pairs[key.strip()] = value.strip()
return pairs
""",
        ("a = 1\n# nothing\n\nb = 2\n",),
    ),
    Definition(
        "moving_average",
        "(values: list[float], window: int = 3) -> list[float]",
        "The means of `window` neighbours; empty where there are fewer values than that.",
        """
def mean(start: int) -> float:
    return sum(values[start : start + window]) / window

return [mean(start) for start in range(len(values) - window + 1)]
""",
        (VALUES,),
    ),
    Definition(
        "distance",
        "(first: tuple[float, float], second: tuple[float, float]) -> float",
        "How far apart two points are, at most LIMIT + 1,000.",
        """
across = first[0] - second[0]
up = first[1] - second[1]
return min(math.sqrt(across * across + up * up), LIMIT + 1000.0)
""",
        ((1.0, 2.0), (4.0, 6.0)),
    ),
    Definition(
        "table",
        "(rows: list[list[str]], *, gap: int = 2) -> str",
        "The rows as lines of text, columns aligned to the left.",
        """
if not rows:
    return ""
widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
lines = []
for row in rows:
    cells = [cell.ljust(width) for cell, width in zip(row, widths)]
    lines.append((" " * gap).join(cells).rstrip())
return "\\n".join(lines)
""",
        ([["a", "bb"], ["ccc", "d"]],),
    ),
    Definition(
        "roots",
        "(number: int) -> list[int]",
        "The prime factors of a number from two on, the smallest first.",
        """
found = []
divisor = 2
rest = number
while divisor * divisor <= rest:
    while rest % divisor == 0:
        found.append(divisor)
        rest //= divisor
    divisor += 1
if rest > 1:
    found.append(rest)
return found
""",
        (360,),
    ),
    Definition(
        "first_number",
        "(texts: list[str], default: float = 0.0) -> float",
        "The first of the texts that is a finite number, or the default.",
        """
for text in texts:
    try:
        value = float(text)
    except ValueError:
        continue
    if math.isfinite(value):
        return value
return default
""",
        (["a", "nan", "NUMBER", "2.5"],),
    ),
)

METHODS = (
    Definition(
        "total",
        "(self, factor: float = 1.0) -> float",
        "The sum of the entries, scaled.",
        """
result = 0.0
for entry in self.entries:
    result += entry * factor
return result * self.scale
""",
        (),
    ),
    Definition(
        "largest",
        "(self, count: int = 2) -> list[float]",
        "The largest entries, in falling order.",
        """
ranked = sorted(self.entries, reverse=True)
return ranked[:count]
""",
        (),
    ),
    Definition(
        "describe",
        '(self, title: str = "ledger") -> str',
        "A line of text that says what is in here.",
        """
if not self.entries:
    return f"{title}: empty"
entries = ", ".join(f"{entry:g}" for entry in self.entries)
return f"{title}: {entries} ({len(self.entries)} times {self.unit})"
""",
        (),
    ),
    Definition(
        "above",
        "(self, bound: float = 1.5) -> dict[int, float]",
        "The entries above the bound, by their places.",
        """
return {place: entry for place, entry in enumerate(self.entries) if entry > bound}
""",
        (),
    ),
    Definition(
        "norm",
        "(self, power: int = 2) -> float",
        "The norm of the entries; 0.0 where there are none.",
        """
if not self.entries:
    return 0.0
parts = [abs(entry) ** power for entry in self.entries]
return math.pow(sum(parts), 1 / power)
""",
        (),
    ),
)
