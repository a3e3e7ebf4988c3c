class Stack:
    def push(self, item):
        self.items.append(item)

    def pop(self):
        if not self.items:
            raise IndexError("empty stack")
        return self.items.pop()

    def peek(self):
        return self.items[-1] if self.items else None

    def __len__(self):
        return len(self.items)


def tokenize(text):
    tokens = []
    position = 0
    while position < len(text):
        char = text[position]
        if char.isspace():
            position += 1
        elif char in OPERATORS or char in "()":
            tokens.append(char)
            position += 1
        elif char.isdigit() or char == ".":
            start = position
            while position < len(text) and (text[position].isdigit() or text[position] == "."):
                position += 1
            tokens.append(text[start:position])
        else:
            raise ValueError(f"unexpected character {char!r}")
    return tokens


def apply_operator(operator, left, right):
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    if operator == "/":
        return left / right
    if operator == "^":
        return left**right
    raise ValueError(operator)


def to_rpn(tokens):
    output, waiting = [], []
    for token in tokens:
        if token in OPERATORS:
            while (
                waiting
                and waiting[-1] != "("
                and (
                    OPERATORS[waiting[-1]] > OPERATORS[token]
                    or (OPERATORS[waiting[-1]] == OPERATORS[token] and token != "^")
                )
            ):
                output.append(waiting.pop())
            waiting.append(token)
        elif token == "(":
            waiting.append(token)
        elif token == ")":
            while waiting and waiting[-1] != "(":
                output.append(waiting.pop())
            if not waiting:
                raise ValueError("unmatched )")
            waiting.pop()
        else:
            output.append(token)
    while waiting:
        if waiting[-1] == "(":
            raise ValueError("unmatched (")
        output.append(waiting.pop())
    return output


def evaluate_rpn(tokens):
    stack = Stack()
    for token in tokens:
        if token in OPERATORS:
            if len(stack) < 2:
                raise ValueError("operands are missing")
            right, left = stack.pop(), stack.pop()
            stack.push(apply_operator(token, left, right))
        else:
            stack.push(float(token))
    if len(stack) != 1:
        raise ValueError("operands are left over")
    return stack.pop()


def evaluate(text):
    return evaluate_rpn(to_rpn(tokenize(text)))
