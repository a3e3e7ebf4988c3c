"""How old a fish is in human years: a property and a method in a dataclass.

$ python -m jitc_import run examples/fish_age.py
"""
# jitc: enable

from dataclasses import dataclass

from jitc_import import llm_complete

HUMAN_LIFESPAN = 80.0


@dataclass
class Fish:
    """A fish of some species; `age` and `lifespan` are in years."""

    name: str
    age: float
    lifespan: float

    @property
    @llm_complete()
    def human_age(self) -> float:
        """The age of a human who has lived the same part of HUMAN_LIFESPAN as the fish of its lifespan.

        >>> Fish("Wanda", age=5, lifespan=10).human_age
        40.0
        """
        ...

    @llm_complete()
    def describe(self) -> str:
        """One sentence with the name, the age and the human age, each number with one decimal.

        >>> Fish("Wanda", age=5, lifespan=10).describe()
        'Wanda is 5.0 years old, 40.0 in human years.'
        """
        ...


def main() -> None:
    for fish in (Fish("Wanda", 5, 10), Fish("Bubbles", 1.5, 3), Fish("Elder", 20, 25)):
        print(fish.describe())


if __name__ == "__main__":
    main()
