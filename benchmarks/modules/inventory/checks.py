from checking import raises, tests


def shop_of(m, stock, reservations=None):
    shop = m.Inventory()
    shop.stock.update(stock)
    shop.reservations.update(reservations or {})
    return shop


@tests("Inventory.receive")
def receives(m):
    shop = m.Inventory()
    shop.receive("pen", 2)
    shop.receive("pen", 3)
    shop.receive("ink", 1)
    assert shop.stock == {"pen": 5, "ink": 1}
    assert raises(ValueError, shop.receive, "pen", 0)


@tests("Inventory.reserved")
def counts_reserved_pieces(m):
    shop = shop_of(m, {"pen": 9}, {"a": {"pen": 2, "ink": 1}, "b": {"pen": 3}})
    assert (shop.reserved("pen"), shop.reserved("ink"), shop.reserved("cup")) == (5, 1, 0)


@tests("Inventory.available")
def counts_available_pieces(m):
    shop = shop_of(m, {"pen": 9, "cup": 1}, {"a": {"pen": 2}, "b": {"pen": 3}})
    assert (shop.available("pen"), shop.available("cup"), shop.available("ink")) == (4, 1, 0)


@tests("Inventory.reserve")
def reserves(m):
    shop = shop_of(m, {"pen": 5})
    shop.reserve("a", "pen", 2)
    shop.reserve("b", "pen", 3)
    assert shop.reservations == {"a": {"pen": 2}, "b": {"pen": 3}}
    assert shop.stock == {"pen": 5}
    assert raises(m.OutOfStock, shop.reserve, "c", "pen", 1)
    assert raises(m.OutOfStock, shop.reserve, "c", "ink", 1)
    assert not shop.reservations.get("c")


@tests("Inventory.release")
def releases(m):
    shop = shop_of(m, {"pen": 5}, {"a": {"pen": 2}, "b": {"pen": 1}})
    shop.release("a")
    shop.release("nobody")
    assert not shop.reservations.get("a")
    assert shop.reservations["b"] == {"pen": 1}
    assert shop.stock == {"pen": 5}


@tests("Inventory.ship")
def ships(m):
    shop = shop_of(m, {"pen": 5, "ink": 1}, {"a": {"pen": 2, "ink": 1}, "b": {"pen": 1}})
    assert shop.ship("a") == {"pen": 2, "ink": 1}
    assert shop.stock == {"pen": 3}
    assert not shop.reservations.get("a")
    assert shop.reservations["b"] == {"pen": 1}
    assert raises(KeyError, shop.ship, "a")


@tests("Inventory.reserve_all")
def reserves_all_or_nothing(m):
    shop = shop_of(m, {"pen": 5, "ink": 1})
    assert raises(m.OutOfStock, shop.reserve_all, "a", {"pen": 2, "ink": 2})
    assert not shop.reservations.get("a")
    shop.reserve_all("a", {"pen": 2, "ink": 1})
    assert shop.reservations["a"] == {"pen": 2, "ink": 1}


@tests("Inventory.shortages")
def tells_shortages(m):
    shop = shop_of(m, {"pen": 5, "ink": 1, "cup": 3}, {"a": {"pen": 4}})
    assert shop.shortages(3) == ["ink", "pen"]
    assert shop.shortages(1) == []


@tests("parse_order")
def parses_orders(m):
    assert m.parse_order("3 x pen, 2x ink, paper") == {"pen": 3, "ink": 2, "paper": 1}
    assert m.parse_order("pen") == {"pen": 1}
    assert m.parse_order("10x red pen, red pen") == {"red pen": 11}
    assert m.parse_order("2x box") == {"box": 2}
