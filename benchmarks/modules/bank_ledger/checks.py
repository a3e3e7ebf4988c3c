from checking import raises, tests


def ledger_of(m, *entries):
    return m.Ledger([m.Entry(*entry) for entry in entries])


@tests("parse_cents")
def parses_amounts(m):
    assert m.parse_cents("0.05") == 5
    assert m.parse_cents("-0.05") == -5
    assert m.parse_cents("7.1") == 710
    assert m.parse_cents("1,000,000") == 100_000_000
    assert m.parse_cents("4.35") == 435
    assert m.parse_cents("1.15") == 115


@tests("parse_cents")
def refuses_what_is_no_amount(m):
    for text in ("", "abc", "1.234", "1.2.3"):
        assert raises(ValueError, m.parse_cents, text), text


@tests("format_cents")
def formats_amounts(m):
    assert m.format_cents(0) == "0.00"
    assert m.format_cents(1234567) == "12,345.67"
    assert m.format_cents(-123456) == "-1,234.56"
    assert m.format_cents(-50) == "-0.50"


@tests("Ledger.balance")
def sums_the_entries(m):
    ledger = ledger_of(m, ("a", 5), ("b", 7), ("a", -2))
    assert (ledger.balance("a"), ledger.balance("b"), ledger.balance("c")) == (3, 7, 0)


@tests("Ledger.deposit")
def deposits(m):
    ledger = m.Ledger()
    ledger.deposit("a", 5, "gift")
    assert ledger.entries == [m.Entry("a", 5, "gift")]
    assert raises(ValueError, ledger.deposit, "a", 0)
    assert raises(ValueError, ledger.deposit, "a", -1)
    assert len(ledger.entries) == 1


@tests("Ledger.withdraw")
def withdraws(m):
    ledger = ledger_of(m, ("a", 10), ("b", 100))
    ledger.withdraw("a", 10, "all")
    assert ledger.entries[-1] == m.Entry("a", -10, "all")
    assert raises(m.InsufficientFunds, ledger.withdraw, "a", 1)
    assert raises(ValueError, ledger.withdraw, "b", 0)
    assert len(ledger.entries) == 3


@tests("Ledger.transfer")
def transfers(m):
    ledger = ledger_of(m, ("a", 10))
    ledger.transfer("a", "b", 4)
    assert ledger.entries[1:] == [m.Entry("a", -4, "to b"), m.Entry("b", 4, "from a")]
    assert raises(m.InsufficientFunds, ledger.transfer, "a", "b", 7)
    assert len(ledger.entries) == 3


@tests("Ledger.accounts")
def lists_accounts(m):
    assert ledger_of(m, ("b", 1), ("a", 1), ("b", 1)).accounts() == ["a", "b"]
    assert m.Ledger().accounts() == []


@tests("Ledger.statement")
def writes_statements(m):
    ledger = ledger_of(m, ("a", 123456, "pay"), ("b", 1), ("a", -56))
    assert ledger.statement("a") == ["1,234.56 = 1,234.56 pay", "-0.56 = 1,234.00"]
    assert ledger.statement("c") == []


@tests("Ledger.richest")
def finds_the_richest(m):
    assert ledger_of(m, ("c", 5), ("b", 9), ("a", 9), ("b", 0)).richest() == "a"
    assert ledger_of(m, ("c", -5)).richest() == "c"
    assert m.Ledger().richest() is None
