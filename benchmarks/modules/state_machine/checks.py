from checking import raises, tests

T = {("a", "x"): "b", ("b", "x"): "c", ("a", "y"): "c", ("c", "z"): "a", ("d", "x"): "a"}


def machine(m, state="a", history=()):
    return m.Machine(state, dict(T), list(history))


@tests("Machine.add")
def adds(m):
    one = m.Machine("a")
    one.add("a", "x", "b")
    one.add("a", "x", "b")
    assert one.transitions == {("a", "x"): "b"}
    assert raises(ValueError, one.add, "a", "x", "c")


@tests("Machine.states")
def lists_states(m):
    assert machine(m).states() == ["a", "b", "c", "d"]
    assert m.Machine("z").states() == ["z"]


@tests("Machine.events")
def lists_events(m):
    assert machine(m).events() == ["x", "y"]
    assert machine(m).events("c") == ["z"]
    assert machine(m).events("q") == []


@tests("Machine.fire")
def fires(m):
    one = machine(m)
    assert (one.fire("x"), one.fire("x")) == ("b", "c")
    assert (one.state, one.history) == ("c", ["a", "b"])
    assert raises(m.TransitionError, one.fire, "x")
    assert (one.state, one.history) == ("c", ["a", "b"])


@tests("Machine.undo")
def undoes(m):
    one = machine(m, "c", ["a", "b"])
    assert one.undo() == "b"
    assert (one.state, one.history) == ("b", ["a"])
    one.undo()
    assert raises(m.TransitionError, one.undo)


@tests("Machine.run")
def runs(m):
    one = machine(m)
    assert one.run(["x", "x", "z", "y"]) == "c"
    assert one.history == ["a", "b", "c", "a"]
    assert raises(m.TransitionError, one.run, ["z", "x", "z"])
    assert (one.state, one.history) == ("c", ["a", "b", "c", "a"])


@tests("Machine.path_to")
def finds_paths(m):
    assert machine(m).path_to("c") == ["y"]
    assert machine(m, "b").path_to("a") == ["x", "z"]
    assert machine(m).path_to("a") == []
    assert machine(m).path_to("d") is None
    one = machine(m)
    one.path_to("c")
    assert (one.state, one.history) == ("a", [])


@tests("Machine.unreachable")
def finds_the_unreachable(m):
    assert machine(m).unreachable() == ["d"]
    assert machine(m, "d").unreachable() == []


@tests("parse_machine")
def parses(m):
    one = m.parse_machine("# light\n\nred --go--> green\n green --slow down--> yellow \n")
    assert one.state == "red"
    assert one.transitions == {("red", "go"): "green", ("green", "slow down"): "yellow"}
    for text in ("", "red -> green", "a --x--> b\nnonsense"):
        assert raises(ValueError, m.parse_machine, text), text


@tests("format_machine")
def formats(m):
    assert m.format_machine(machine(m)) == "a --x--> b\na --y--> c\nb --x--> c\nc --z--> a\nd --x--> a"
