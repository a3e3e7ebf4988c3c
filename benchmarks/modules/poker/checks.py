import random

from checking import raises, tests


def hand(m, text):
    return [m.Card(part[0], part[1]) for part in text.split()]


HANDS = {
    "2C 5D 9H JS KC": "high card",
    "2C 5D 9H 2S KC": "pair",
    "2C 5D 5H 2S KC": "two pair",
    "9C 5D 9H 9S KC": "three of a kind",
    "AC 2D 3H 4S 5C": "straight",
    "2C 5C 9C JC KC": "flush",
    "KD 5D KH 5S KC": "full house",
    "5C 5D 5H 5S KC": "four of a kind",
    "9S TS JS QS KS": "straight flush",
}


@tests("Card.value")
def has_a_value(m):
    assert [m.Card(rank, "S").value for rank in "2TJA"] == [2, 10, 11, 14]


@tests("Card.__str__")
def is_shown(m):
    assert str(m.Card("T", "D")) == "TD"


@tests("parse_card")
def parses_cards(m):
    assert m.parse_card("10h") == m.Card("T", "H")
    assert m.parse_card("qD") == m.Card("Q", "D")
    for text in ("", "1S", "AX", "ASS", "A"):
        assert raises(ValueError, m.parse_card, text), text


@tests("parse_hand")
def parses_hands(m):
    assert m.parse_hand("as  10d") == [m.Card("A", "S"), m.Card("T", "D")]
    assert m.parse_hand("") == []


@tests("full_deck")
def has_a_deck(m):
    deck = m.full_deck()
    assert len(deck) == len(set(deck)) == 52
    assert (deck[0], deck[12], deck[13], deck[-1]) == (
        m.Card("2", "C"),
        m.Card("A", "C"),
        m.Card("2", "D"),
        m.Card("A", "S"),
    )


@tests("deal")
def deals(m):
    hands = m.deal(4, 5, random.Random(1))
    assert [len(one) for one in hands] == [5] * 4
    assert len({card for one in hands for card in one}) == 20
    assert hands == m.deal(4, 5, random.Random(1))
    assert hands != m.deal(4, 5, random.Random(2))
    assert raises(ValueError, m.deal, 11, 5, random.Random(1))


@tests("is_flush")
def knows_flushes(m):
    assert m.is_flush(hand(m, "2C 5C 9C JC KC"))
    assert not m.is_flush(hand(m, "2C 5C 9C JC KD"))


@tests("straight_high")
def knows_straights(m):
    texts = ["4C 6D 5H 8S 7C", "5D AC 3H 2S 4C", "QC KD AH 2S 3C", "2C 2D 3H 4S 5C", "TC AD KH QS JC"]
    assert [m.straight_high(hand(m, text)) for text in texts] == [8, 5, None, None, 14]


@tests("groups")
def groups_values(m):
    assert m.groups(hand(m, "3C AD 3H 3S AC")) == [(3, 3), (2, 14)]
    assert m.groups(hand(m, "3C 5D 4H")) == [(1, 5), (1, 4), (1, 3)]


@tests("category")
def knows_categories(m):
    for text, name in HANDS.items():
        assert m.category(hand(m, text)) == name, text


@tests("strength")
def ranks_hands(m):
    strengths = [m.strength(hand(m, text)) for text in HANDS]
    assert strengths == sorted(strengths)
    assert len(set(strengths)) == 9
    assert m.strength(hand(m, "2C 2D 5H 6S 7C")) > m.strength(hand(m, "2H 2S 4H 6S 7C"))
    assert m.strength(hand(m, "3C 3D 4H 5S 6C")) > m.strength(hand(m, "2H 2S KH AS QC"))
    assert m.strength(hand(m, "2C 3D 4H 5S 6C")) > m.strength(hand(m, "AH 2S 3H 4S 5C"))
    assert m.strength(hand(m, "2C 2D 5H 6S 7C")) == m.strength(hand(m, "2H 2S 5D 6C 7D"))


@tests("winners")
def finds_winners(m):
    hands = {"bob": hand(m, "2C 2D 5H 6S 7C"), "ann": hand(m, "2H 2S 5D 6C 7D"), "cy": hand(m, "AC KD QH JS 9C")}
    assert m.winners(hands) == ["ann", "bob"]
    assert m.winners({"cy": hands["cy"]}) == ["cy"]
