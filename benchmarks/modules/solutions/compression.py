def runs(text):
    result = []
    for char in text:
        if result and result[-1][0] == char:
            result[-1] = (char, result[-1][1] + 1)
        else:
            result.append((char, 1))
    return result


def rle_encode(text):
    return "".join(char if count == 1 else f"{count}{char}" for char, count in runs(text))


def rle_decode(code):
    text = number = ""
    for char in code:
        if char.isdigit():
            number += char
        else:
            text += char * int(number or 1)
            number = ""
    if number:
        raise ValueError(code)
    return text


def frequencies(text):
    counts = {}
    for char in text:
        counts[char] = counts.get(char, 0) + 1
    return counts


def huffman_tree(counts):
    import heapq

    if not counts:
        raise ValueError("no counts")
    heap = [(count, number, symbol) for number, (symbol, count) in enumerate(counts.items())]
    heapq.heapify(heap)
    number = len(heap)
    while len(heap) > 1:
        one, two = heapq.heappop(heap), heapq.heappop(heap)
        heapq.heappush(heap, (one[0] + two[0], number, (one[2], two[2])))
        number += 1
    return heap[0][2]


def huffman_codes(tree):
    if isinstance(tree, str):
        return {tree: "0"}
    codes = {}

    def walk(tree, prefix):
        if isinstance(tree, str):
            codes[tree] = prefix
        else:
            walk(tree[0], prefix + "0")
            walk(tree[1], prefix + "1")

    walk(tree, "")
    return codes


def encode(text, codes):
    return "".join(codes[char] for char in text)


def decode(bits, tree):
    symbols = {code: symbol for symbol, code in huffman_codes(tree).items()}
    text = code = ""
    for bit in bits:
        code += bit
        if code in symbols:
            text += symbols[code]
            code = ""
    if code:
        raise ValueError(bits)
    return text


def pack(bits):
    more = -len(bits) % 8
    bits += "0" * more
    return bytes([more, *(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))])


def unpack(data):
    bits = "".join(f"{byte:08b}" for byte in data[1:])
    return bits[: len(bits) - data[0]]
