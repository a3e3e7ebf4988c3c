def tokenize(text):
    import re

    tokens, position = [], 0
    pattern = re.compile(r"\s+|\d+\.?\d*|\.\d+|[A-Za-z_]\w*|[-+*/()]")
    while position < len(text):
        matched = pattern.match(text, position)
        if not matched:
            raise ParseError(text[position])
        if matched[0].strip():
            tokens.append(matched[0])
        position = matched.end()
    return tokens


class Parser:
    def peek(self):
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def take(self, expected=None):
        token = self.peek()
        if token is None or (expected is not None and token != expected):
            raise ParseError(f"{token!r}")
        self.position += 1
        return token

    def expression(self):
        tree = self.term()
        while self.peek() in ("+", "-"):
            operator = self.take()
            tree = (operator, tree, self.term())
        return tree

    def term(self):
        tree = self.factor()
        while self.peek() in ("*", "/"):
            operator = self.take()
            tree = (operator, tree, self.factor())
        return tree

    def factor(self):
        token = self.take()
        if token == "-":
            return ("neg", self.factor())
        if token == "(":
            tree = self.expression()
            self.take(")")
            return tree
        if token[0].isdigit() or token[0] == ".":
            return float(token)
        if token[0].isalpha() or token[0] == "_":
            if self.peek() == "(":
                self.take("(")
                tree = self.expression()
                self.take(")")
                return ("call", token, tree)
            return token
        raise ParseError(token)


def parse(text):
    parser = Parser(tokenize(text))
    tree = parser.expression()
    if parser.peek() is not None:
        raise ParseError(parser.peek())
    return tree


def evaluate(tree, variables):
    if isinstance(tree, str):
        return variables[tree]
    if not isinstance(tree, tuple):
        return tree
    kind = tree[0]
    if kind == "neg":
        return -evaluate(tree[1], variables)
    if kind == "call":
        return FUNCTIONS[tree[1]](evaluate(tree[2], variables))
    left, right = evaluate(tree[1], variables), evaluate(tree[2], variables)
    if kind == "+":
        return left + right
    if kind == "-":
        return left - right
    if kind == "*":
        return left * right
    return left / right


def names_in(tree):
    if isinstance(tree, str):
        return {tree}
    if not isinstance(tree, tuple):
        return set()
    if tree[0] == "call":
        return names_in(tree[2])
    return set().union(*map(names_in, tree[1:]))


def show(tree):
    if isinstance(tree, str):
        return tree
    if not isinstance(tree, tuple):
        return f"{tree:g}"
    if tree[0] == "neg":
        return f"(-{show(tree[1])})"
    if tree[0] == "call":
        return f"{tree[1]}({show(tree[2])})"
    return f"({show(tree[1])} {tree[0]} {show(tree[2])})"
