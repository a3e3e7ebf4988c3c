from checking import raises, tests


def stack_of(m, *items):
    stack = m.Stack()
    stack.items.extend(items)
    return stack


@tests("Stack.push")
def pushes_on_top(m):
    stack = m.Stack()
    stack.push(1)
    stack.push(2)
    assert stack.items == [1, 2]


@tests("Stack.pop")
def pops_the_last(m):
    stack = stack_of(m, 1, 2)
    assert stack.pop() == 2
    assert stack.items == [1]
    assert raises(IndexError, m.Stack().pop)


@tests("Stack.peek")
def peeks_without_taking(m):
    stack = stack_of(m, 5, 0)
    assert stack.peek() == 0
    assert stack.items == [5, 0]
    assert m.Stack().peek() is None


@tests("Stack.__len__")
def has_a_length(m):
    assert len(stack_of(m, 1, 1, 1)) == 3
    assert len(m.Stack()) == 0


@tests("tokenize")
def tokenizes(m):
    assert m.tokenize("1+2") == ["1", "+", "2"]
    assert m.tokenize(" (10 / 2.5)^3 ") == ["(", "10", "/", "2.5", ")", "^", "3"]
    assert m.tokenize("") == []
    assert raises(ValueError, m.tokenize, "2 & 3")


@tests("apply_operator")
def applies_operators(m):
    assert m.apply_operator("+", 2, 3) == 5
    assert m.apply_operator("-", 2, 3) == -1
    assert m.apply_operator("*", 2, 3) == 6
    assert m.apply_operator("/", 3, 2) == 1.5
    assert m.apply_operator("^", 2, 3) == 8
    assert raises(ValueError, m.apply_operator, "%", 1, 2)


@tests("to_rpn")
def brings_into_rpn(m):
    assert m.to_rpn("1 - 2 - 3".split()) == "1 2 - 3 -".split()
    assert m.to_rpn("2 ^ 3 ^ 2".split()) == "2 3 2 ^ ^".split()
    assert m.to_rpn("2 * ( 3 + 4 ) / 5".split()) == "2 3 4 + * 5 /".split()
    assert m.to_rpn("( ( 7 ) )".split()) == ["7"]


@tests("to_rpn")
def refuses_unmatched_parentheses(m):
    assert raises(ValueError, m.to_rpn, ["(", "1"])
    assert raises(ValueError, m.to_rpn, ["1", ")"])


@tests("evaluate_rpn")
def evaluates_rpn(m):
    assert m.evaluate_rpn("2 3 4 + *".split()) == 14
    assert m.evaluate_rpn("10 4 - 3 -".split()) == 3
    assert m.evaluate_rpn(["1.5"]) == 1.5
    assert raises(ValueError, m.evaluate_rpn, ["1", "+"])
    assert raises(ValueError, m.evaluate_rpn, ["1", "2"])


@tests("evaluate")
def evaluates(m):
    assert m.evaluate("1 + 2 * 3 - 4 / 2") == 5
    assert m.evaluate("2^3^2") == 512
    assert m.evaluate("(1+2)*(3+4)") == 21
    assert raises(ValueError, m.evaluate, "(1+2")
