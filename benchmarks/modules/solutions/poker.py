class Card:
    @property
    def value(self):
        return RANKS.index(self.rank) + 2

    def __str__(self):
        return self.rank + self.suit


def parse_card(text):
    text = text.strip().upper().replace("10", "T")
    if len(text) != 2 or text[0] not in RANKS or text[1] not in SUITS:
        raise ValueError(text)
    return Card(text[0], text[1])


def parse_hand(text):
    return [parse_card(part) for part in text.split()]


def full_deck():
    return [Card(rank, suit) for suit in SUITS for rank in RANKS]


def deal(players, cards, rng):
    deck = full_deck()
    if players * cards > len(deck):
        raise ValueError("not enough cards")
    rng.shuffle(deck)
    return [deck[i * cards : (i + 1) * cards] for i in range(players)]


def is_flush(hand):
    return len({card.suit for card in hand}) == 1


def straight_high(hand):
    values = sorted(card.value for card in hand)
    if values == [2, 3, 4, 5, 14]:
        return 5
    return values[-1] if values == list(range(values[0], values[0] + 5)) else None


def groups(hand):
    values = [card.value for card in hand]
    return sorted(((values.count(value), value) for value in set(values)), reverse=True)


def category(hand):
    straight, flush = straight_high(hand), is_flush(hand)
    counts = [count for count, _ in groups(hand)]
    if straight and flush:
        return "straight flush"
    if counts[0] == 4:
        return "four of a kind"
    if counts[:2] == [3, 2]:
        return "full house"
    if flush:
        return "flush"
    if straight:
        return "straight"
    if counts[0] == 3:
        return "three of a kind"
    if counts[:2] == [2, 2]:
        return "two pair"
    return "pair" if counts[0] == 2 else "high card"


def strength(hand):
    high = straight_high(hand)
    values = (high,) if high else tuple(value for _, value in groups(hand))
    return (CATEGORIES.index(category(hand)), *values)


def winners(hands):
    best = max(map(strength, hands.values()))
    return sorted(name for name, hand in hands.items() if strength(hand) == best)
