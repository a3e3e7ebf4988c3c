def wrap(text, width):
    lines = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines


def justify(line, width):
    words = line.split()
    if len(words) < 2:
        return line
    gaps = len(words) - 1
    each, more = divmod(width - sum(map(len, words)), gaps)
    text = words[0]
    for number, word in enumerate(words[1:]):
        text += " " * (each + (number < more)) + word
    return text


def justify_paragraph(text, width):
    lines = wrap(text, width)
    return "\n".join([justify(line, width) for line in lines[:-1]] + lines[-1:])


def indent(text, prefix, first=None):
    lines = []
    for number, line in enumerate(text.split("\n")):
        before = first if number == 0 and first is not None else prefix
        lines.append(before + line if line else line)
    return "\n".join(lines)


def align(cells, widths, alignment):
    pads = {"l": str.ljust, "r": str.rjust, "c": str.center}
    return "  ".join(pads[how](cell, width) for cell, width, how in zip(cells, widths, alignment)).rstrip()


def table(rows, alignment):
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join(align(row, widths, alignment) for row in rows)


def columns(items, count):
    height = -(-len(items) // count)
    return [items[row::height] for row in range(height)]


def truncate(text, width):
    return text if len(text) <= width else text[: width - 3].rstrip() + "..."
