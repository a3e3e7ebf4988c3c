from checking import raises, tests


@tests("tokenize")
def tokenizes(m):
    assert m.tokenize("a1+22.5/ (b)") == ["a1", "+", "22.5", "/", "(", "b", ")"]
    assert m.tokenize("") == []
    assert raises(m.ParseError, m.tokenize, "1 $ 2")


@tests("Parser.peek")
def peeks(m):
    parser = m.Parser(["1"])
    assert parser.peek() == "1"
    assert parser.position == 0
    assert m.Parser([]).peek() is None


@tests("Parser.take")
def takes(m):
    parser = m.Parser(["(", "x"])
    assert parser.take("(") == "("
    assert raises(m.ParseError, parser.take, ")")
    assert parser.take() == "x"
    assert raises(m.ParseError, parser.take)


@tests("Parser.expression")
def parses_expressions(m):
    assert m.Parser("1 + 2 * x - 3".split()).expression() == ("-", ("+", 1.0, ("*", 2.0, "x")), 3.0)
    assert m.Parser(["7"]).expression() == 7.0


@tests("Parser.term")
def parses_terms(m):
    parser = m.Parser("8 / 2 * x + 3".split())
    assert parser.term() == ("*", ("/", 8.0, 2.0), "x")
    assert parser.peek() == "+"


@tests("Parser.factor")
def parses_factors(m):
    assert m.Parser("( 1 + x )".split()).factor() == ("+", 1.0, "x")
    assert m.Parser("- - 2.5".split()).factor() == ("neg", ("neg", 2.5))
    assert m.Parser("abs ( - x )".split()).factor() == ("call", "abs", ("neg", "x"))
    assert m.Parser(["x", "+"]).factor() == "x"


@tests("Parser.factor")
def refuses_what_is_no_factor(m):
    assert raises(m.ParseError, m.Parser(["*"]).factor)
    assert raises(m.ParseError, m.Parser(["(", "1"]).factor)
    assert raises(m.ParseError, m.Parser([]).factor)


@tests("parse")
def parses(m):
    assert m.parse("2*(x-1)") == ("*", 2.0, ("-", "x", 1.0))
    for text in ("1 2", "1 +", "(1))", ""):
        assert raises(m.ParseError, m.parse, text), text


@tests("evaluate")
def evaluates(m):
    assert m.evaluate(("+", ("*", 2.0, "x"), ("neg", 1.0)), {"x": 4}) == 7
    assert m.evaluate(("/", 1.0, ("-", 5.0, "y")), {"y": 1}) == 0.25
    assert m.evaluate(("call", "sqrt", 16.0), {}) == 4
    assert raises(KeyError, m.evaluate, "z", {"x": 1})
    assert raises(KeyError, m.evaluate, ("call", "sin", 1.0), {})


@tests("names_in")
def finds_names(m):
    assert m.names_in(("+", ("call", "sqrt", "x"), ("*", "y", ("neg", "x")))) == {"x", "y"}
    assert m.names_in(3.0) == set()


@tests("show")
def shows(m):
    assert m.show(("-", ("call", "abs", ("neg", "x")), 2.5)) == "(abs((-x)) - 2.5)"
    assert m.show(3.0) == "3"
