# jitc companion 1
# The bodies of stock.py, written by a model and kept by jitc-import. To be read, reviewed and committed.
# A body may be edited here: it then runs as it is, and is never overwritten unasked.
# Signatures, decorators and docstrings are only shown: those in stock.py count.
# ruff: noqa
# type: ignore
# fmt: off
# source: 599247889907461e88b62b027c02f4ce
# splices: 9b8155d1965f044461268ff6c9ad54b8 27:35.0-34.11<22:23-26 37:47.0-46.11<40:41-47
# splices: 49:58.0-57.11<61:62-64 59:74.0-73.11<78:79-84 76:84.0-83.11<98:99-99 87:89.0-90.11<112:113-115
# splices: 94:103.0-106.16<128:129-133


# --- Stock.add
# spec: 00d8d9f9cc7eaea8890000c07d22780a
# body: 09e6a8e93233a65899d72448510b1afa
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 1/1, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1617 read, 1076 written, for 7 stubs

class Stock:
    def add(self, item: Item, quantity: int) -> None:
        if quantity < 1:
            raise ValueError("Quantity must be at least 1")
        self.counts[item.sku] += quantity
        self.items[item.sku] = item


# --- Stock.take
# spec: a4cdcd044771119d14fc4866164274e1
# body: 22f91d12a90530ee0649f019405b41b5
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 1/1, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1617 read, 1076 written, for 7 stubs

class Stock:
    def take(self, sku: str, quantity: int) -> Decimal:
        if sku not in self.counts:
            raise OutOfStockError(f"Item {sku} is out of stock")
        if quantity > self.counts[sku]:
            raise OutOfStockError(f"Not enough {sku} in stock")
        cost = self.items[sku].total(quantity)
        self.counts[sku] -= quantity
        return cost


# --- Stock.running_low
# spec: e581b61c13a618cd1c6d197bf16c1d04
# body: 972c5ca9ff3d77d20b534c0a360144cd
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 1/1, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1587 read, 1005 written, for 4 stubs

class Stock:
    def running_low(self, limit: int) -> Iterator[str]:
        for sku in sorted(self.items):
            if self.counts[sku] < limit:
                yield sku


# --- Stock.reserved
# spec: 8a8cdfe8e1083cb00ee7bfa3d912d628
# body: fa06ff0399954c5cecd911bc24dda760
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 2/2, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1617 read, 1076 written, for 7 stubs

class Stock:
    def reserved(self, sku: str, quantity: int) -> Iterator[Decimal]:
        try:
            cost = self.take(sku, quantity)
            yield cost
        except Exception:
            self.counts[sku] += quantity
            raise


# --- Stock.value
# spec: 9960d8e723182fb12fea84af810f4c4b
# body: 89d0e7523a563789d083dbd2ea7f230d
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 1/1, types, doubtful: <inventory.stock.Stock object>.value() returned 0\x2c the annotation says Decimal
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1587 read, 1005 written, for 4 stubs

class Stock:
    def value(self) -> Decimal:
        return sum(item.total(self.counts[item.sku]) for item in self.items.values())


# --- deliveries
# spec: a8698d9e766d9b74cb31c38bb9869a8c
# body: 1b73321127c86f56db4b3e148f4adfac
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1587 read, 1005 written, for 4 stubs

async def deliveries(lines: Iterable[str], pause: float = 0.0) -> AsyncIterator[Item]:
    for line in lines:
        if line.strip():
            yield Item.from_line(line)


# --- restock
# spec: 74958aa38df57612547b6973e8df7254
# body: 460f96522016507db7a5cc719d2b3f13
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 2/2, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1587 read, 1005 written, for 4 stubs

async def restock(stock: Stock, lines: Iterable[str], quantity: int) -> int:
    count = 0
    async for item in deliveries(lines):
        stock.add(item, quantity)
        count += 1
    return count


# --- end of file
