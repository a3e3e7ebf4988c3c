from checking import raises, tests

G = {"a": {"b": 4, "c": 1}, "b": {"d": 1}, "c": {"b": 2, "d": 7}, "d": {}, "e": {"f": 1}, "f": {}}


@tests("parse_graph")
def parses(m):
    assert m.parse_graph("x>y:2.5 , y > x,x>z") == {"x": {"y": 2.5, "z": 1}, "y": {"x": 1}, "z": {}}
    assert m.parse_graph("") == {}


@tests("reverse")
def reverses(m):
    assert m.reverse({"a": {"b": 2, "c": 3}, "b": {"c": 1}, "c": {}, "d": {}}) == {
        "a": {},
        "b": {"a": 2},
        "c": {"a": 3, "b": 1},
        "d": {},
    }


@tests("reachable")
def reaches(m):
    assert m.reachable(G, "a") == {"a", "b", "c", "d"}
    assert m.reachable(G, "f") == {"f"}
    assert m.reachable({"a": {"b": 1}, "b": {"a": 1}}, "a") == {"a", "b"}


@tests("shortest_hops")
def hops(m):
    assert m.shortest_hops(G, "a", "d") in (["a", "b", "d"], ["a", "c", "d"])
    assert m.shortest_hops(G, "a", "a") == ["a"]
    assert m.shortest_hops(G, "a", "f") is None
    assert m.shortest_hops({"a": {"b": 1, "z": 9}, "b": {"a": 1, "c": 1}, "c": {"z": 1}, "z": {}}, "a", "z") == [
        "a",
        "z",
    ]


@tests("distances")
def measures(m):
    assert m.distances(G, "a") == {"a": 0, "b": 3, "c": 1, "d": 4}
    assert m.distances(G, "f") == {"f": 0}


@tests("lightest_path")
def finds_the_lightest_path(m):
    assert m.lightest_path(G, "a", "d") == ["a", "c", "b", "d"]
    assert m.lightest_path(G, "d", "d") == ["d"]
    assert m.lightest_path(G, "d", "a") is None


@tests("has_cycle")
def knows_cycles(m):
    assert m.has_cycle({"a": {"b": 1}, "b": {"c": 1}, "c": {"b": 1}}) is True
    assert m.has_cycle({"a": {"a": 1}}) is True
    assert m.has_cycle(G) is False


@tests("topological_order")
def orders(m):
    assert m.topological_order(G) == ["a", "c", "b", "d", "e", "f"]
    assert m.topological_order({"z": {"a": 1}, "a": {}, "m": {}}) == ["m", "z", "a"]
    assert raises(m.CycleError, m.topological_order, {"a": {"b": 1}, "b": {"a": 1}})


@tests("components")
def finds_components(m):
    assert m.components(G) == [{"a", "b", "c", "d"}, {"e", "f"}]
    assert m.components({"a": {}, "b": {"c": 1}, "c": {}}) == [{"b", "c"}, {"a"}]
    assert m.components({}) == []
