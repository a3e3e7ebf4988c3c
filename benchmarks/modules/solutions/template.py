def tokens(source):
    for piece in TOKEN.split(source):
        if piece.startswith("{{") and piece.endswith("}}"):
            yield "value", piece[2:-2].strip()
        elif piece.startswith("{%") and piece.endswith("%}"):
            yield "tag", piece[2:-2].strip()
        elif piece:
            yield "text", piece


def lookup(path, values):
    value = values
    for part in path.split("."):
        try:
            if isinstance(value, dict):
                value = value[part]
            elif part.isdigit():
                value = value[int(part)]
            else:
                value = getattr(value, part)
        except (KeyError, IndexError, TypeError, AttributeError):
            raise TemplateError(path) from None
    return value


def apply_filter(name, value):
    if name in ("upper", "lower", "title"):
        return getattr(str(value), name)()
    if name == "length":
        return len(value)
    if name == "join":
        return ", ".join(map(str, value))
    raise TemplateError(name)


def evaluate(expression, values):
    path, *filters = (part.strip() for part in expression.split("|"))
    value = lookup(path, values)
    for name in filters:
        value = apply_filter(name, value)
    return value


def parse(source):
    blocks = []
    stack = []
    current = blocks
    for kind, content in tokens(source):
        word, _, head = content.partition(" ")
        if kind != "tag":
            current.append(Block(kind, content))
        elif word in ("if", "for"):
            block = Block(word, head.strip())
            current.append(block)
            stack.append((block, current))
            current = block.body
        elif content == "else" and stack:
            current = stack[-1][0].otherwise
        elif content == "end" and stack:
            current = stack.pop()[1]
        else:
            raise TemplateError(content)
    if stack:
        raise TemplateError("no end")
    return blocks


def render_blocks(blocks, values):
    text = ""
    for block in blocks:
        if block.kind == "text":
            text += block.head
        elif block.kind == "value":
            text += str(evaluate(block.head, values))
        elif block.kind == "if":
            text += render_blocks(block.body if evaluate(block.head, values) else block.otherwise, values)
        else:
            name, _, expression = block.head.partition(" in ")
            items = list(evaluate(expression, values))
            for item in items:
                text += render_blocks(block.body, {**values, name.strip(): item})
            if not items:
                text += render_blocks(block.otherwise, values)
    return text


def render(source, **values):
    return render_blocks(parse(source), values)
