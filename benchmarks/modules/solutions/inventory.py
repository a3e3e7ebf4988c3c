class Inventory:
    def receive(self, article, pieces):
        if pieces < 1:
            raise ValueError(pieces)
        self.stock[article] = self.stock.get(article, 0) + pieces

    def reserved(self, article):
        return sum(held.get(article, 0) for held in self.reservations.values())

    def available(self, article):
        return self.stock.get(article, 0) - self.reserved(article)

    def reserve(self, order, article, pieces):
        if self.available(article) < pieces:
            raise OutOfStock(article)
        held = self.reservations.setdefault(order, {})
        held[article] = held.get(article, 0) + pieces

    def release(self, order):
        self.reservations.pop(order, None)

    def ship(self, order):
        held = self.reservations.pop(order)
        for article, pieces in held.items():
            self.stock[article] -= pieces
            if self.stock[article] == 0:
                del self.stock[article]
        return held

    def reserve_all(self, order, wanted):
        for article, pieces in wanted.items():
            if self.available(article) < pieces:
                raise OutOfStock(article)
        for article, pieces in wanted.items():
            self.reserve(order, article, pieces)

    def shortages(self, minimum):
        return sorted(article for article in self.stock if self.available(article) < minimum)


def parse_order(text):
    import re

    order = {}
    for part in text.split(","):
        matched = re.fullmatch(r"\s*(?:(\d+)\s*x\s+)?(.+?)\s*", part)
        if matched:
            article = matched[2]
            order[article] = order.get(article, 0) + int(matched[1] or 1)
    return order
