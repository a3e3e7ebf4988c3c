from checking import raises, tests


@tests("Dialect.needs_quotes")
def tells_who_needs_quotes(m):
    dialect = m.Dialect(";", "'")
    assert all(map(dialect.needs_quotes, ["a;b", "it's", "a\nb", " a", "a "]))
    assert not any(map(dialect.needs_quotes, ["a,b", 'a"b', "a b", "", "7"]))


@tests("Dialect.write_field")
def writes_fields(m):
    assert m.Dialect().write_field("plain") == "plain"
    assert m.Dialect().write_field("a,b") == '"a,b"'
    assert m.Dialect(";", "'").write_field("it's") == "'it''s'"


@tests("Dialect.write_row")
def writes_rows(m):
    assert m.Dialect().write_row(["a", "b,c", "", 'd"']) == 'a,"b,c",,"d"""'
    assert m.Dialect("|").write_row(["a", "b"]) == "a|b"


@tests("Dialect.read_row")
def reads_rows(m):
    assert m.Dialect().read_row("a,b,") == ["a", "b", ""]
    assert m.Dialect().read_row("") == [""]
    assert m.Dialect(";", "'").read_row("'a;b';'it''s';c") == ["a;b", "it's", "c"]
    assert m.Dialect().read_row('"",x') == ["", "x"]
    assert raises(ValueError, m.Dialect().read_row, 'a,"b')


@tests("sniff")
def sniffs(m):
    assert m.sniff("a|b|c") == m.Dialect("|")
    assert m.sniff("a\tb\tc,d") == m.Dialect("\t")
    assert m.sniff("abc") == m.Dialect(",")
    assert m.sniff("a;b,c") == m.Dialect(",")


@tests("read_table")
def reads_tables(m):
    assert m.read_table("a;b\n1;'2;3'\n", m.Dialect(";", "'")) == [{"a": "1", "b": "2;3"}]
    assert m.read_table("a,b\n") == []
    assert raises(ValueError, m.read_table, "a,b\n1,2,3")


@tests("write_table")
def writes_tables(m):
    assert m.write_table([{"a": "1", "b": "x,y"}, {"b": "2"}]) == 'a,b\n1,"x,y"\n,2\n'
    assert m.write_table([{"a": "1", "b": "2"}], m.Dialect("|")) == "a|b\n1|2\n"
    assert m.write_table([]) == ""


@tests("convert")
def converts(m):
    values = [m.convert(text) for text in ("-12", "3.5", "false", "True", "", "1e3", "abc")]
    assert values == [-12, 3.5, False, True, None, 1000.0, "abc"]
    assert [type(value) for value in values[:3]] == [int, float, bool]
