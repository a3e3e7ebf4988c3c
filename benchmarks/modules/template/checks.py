from types import SimpleNamespace

from checking import raises, tests


@tests("tokens")
def tokenizes(m):
    assert list(m.tokens("{{a}}{%  if b %} c ")) == [("value", "a"), ("tag", "if b"), ("text", " c ")]
    assert list(m.tokens("")) == []


@tests("lookup")
def looks_up(m):
    values = {"a": {"b": [10, 20]}, "o": SimpleNamespace(x=7)}
    assert [m.lookup(path, values) for path in ("a.b.1", "o.x")] == [20, 7]
    assert m.lookup("a", {"a": None}) is None
    for path in ("z", "a.z", "a.b.5", "o.y"):
        assert raises(m.TemplateError, m.lookup, path, values), path


@tests("apply_filter")
def filters(m):
    assert [m.apply_filter(name, "aB c") for name in ("upper", "lower", "title", "length")] == [
        "AB C",
        "ab c",
        "Ab C",
        4,
    ]
    assert m.apply_filter("join", ["a", 1]) == "a, 1"
    assert raises(m.TemplateError, m.apply_filter, "zip", "x")


@tests("evaluate")
def evaluates(m):
    values = {"user": {"name": "aNN"}, "xs": [1, 2]}
    assert m.evaluate("user.name|lower | title", values) == "Ann"
    assert m.evaluate("xs", values) == [1, 2]
    assert m.evaluate("xs | length", values) == 2


@tests("parse")
def parses(m):
    blocks = m.parse("a{% for x in xs %}{% if x %}{{ x }}{% end %}b{% else %}c{% end %}d")
    loop = m.Block(
        "for", "x in xs", [m.Block("if", "x", [m.Block("value", "x")]), m.Block("text", "b")], [m.Block("text", "c")]
    )
    assert blocks == [m.Block("text", "a"), loop, m.Block("text", "d")]
    for source in ("{% if x %}", "{% end %}", "{% else %}", "{% while x %}{% end %}"):
        assert raises(m.TemplateError, m.parse, source), source


@tests("render_blocks")
def renders_blocks(m):
    loop = m.Block("for", "x in xs", [m.Block("value", "x"), m.Block("text", ",")], [m.Block("text", "none")])
    assert m.render_blocks([loop], {"xs": [1, 2]}) == "1,2,"
    assert m.render_blocks([loop], {"xs": []}) == "none"
    choice = m.Block("if", "y", [m.Block("text", "yes")], [m.Block("text", "no")])
    assert m.render_blocks([choice, m.Block("value", "y")], {"y": 0}) == "no0"
    values = {"xs": [1], "x": 9}
    assert m.render_blocks([loop, m.Block("value", "x")], values) == "1,9"


@tests("render")
def renders(m):
    source = "{% for u in users %}{% if u.ok %}{{ u.name | title }}{% else %}-{% end %};{% end %}"
    assert m.render(source, users=[{"ok": True, "name": "ann"}, {"ok": False, "name": "bob"}]) == "Ann;-;"
    assert m.render("plain") == "plain"
