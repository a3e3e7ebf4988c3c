# jitc companion 1
# The bodies of items.py, written by a model and kept by jitc-import. To be read, reviewed and committed.
# A body may be edited here: it then runs as it is, and is never overwritten unasked.
# Signatures, decorators and docstrings are only shown: those in items.py count.
# ruff: noqa
# type: ignore
# fmt: off
# source: 1263d933dc042d507f9cc0ac1beba21d
# splices: 2748066d1656427f3bdbd37a2366a5b8 19:22.0-21.60<21:22-22 23:30.0-29.11<36:37-39
# splices: 32:38.0-37.11<53:54-54 39:47.0-46.11<68:69-70 49:55.0-54.11<84:85-85 65:73.0-72.11<99:100-100
# splices: 75:82.0-81.11<114:115-115 83:90.0-89.11<129:130-130


# --- Item.price
# spec: 8f446ced84e794ebc3672e5cb894ec6d
# body: 3ce39df14ac5552b7e6aecb2cfddde1f
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, types
# effects: pure
# date: 2026-11-23
# tokens: 1231 read, 922 written, for 8 stubs

class Item:
    def price(self) -> Decimal:
        return self._price


# --- Item.price#2
# spec: ece33ada29ef1a450ed022a63235558c
# body: 6a84755829eaf9839fe96fc741820c6c
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 1/1, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1231 read, 922 written, for 8 stubs

class Item:
    def price(self, value: Decimal) -> None:
        if value < 0:
            raise ValueError("Price cannot be negative")
        self._price = value.quantize(CENT)


# --- Item.total
# spec: 65a928665413c1847c816d21d42f8ac0
# body: 513ce50c5b90a5a3e5248494ae17d00a
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 1/1, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1231 read, 922 written, for 8 stubs

class Item:
    def total(self, quantity: int) -> Decimal:
        return self.price * quantity


# --- Item.from_line
# spec: f22f8f4d1e01f58d7da31fb9c888d510
# body: f6fa88b465dd1b4beef7722729a79da8
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 1/1, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 637 read, 105 written, for 1 stub

class Item:
    def from_line(cls, line: str) -> Item:
        sku, price = line.strip().split(';')
        return cls(sku, Decimal(price))


# --- Item.__repr__
# spec: 5261617f37a62d6e190ebfce503f5a5d
# body: 115f8499d2f4bec5182760f1cb1930e3
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 1/1, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1231 read, 922 written, for 8 stubs

class Item:
    def __repr__(self) -> str:
        return f"{self.__class__.__name__}({self.sku!r}, {self.price})"


# --- Perishable.days_left
# spec: 7da7a2f06ab83ed821fd73df9c71866d
# body: f235350b939add50c0c0051b7adc5e11
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 2/2, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1090 read, 903 written, for 3 stubs

class Perishable:
    def days_left(self, today: date) -> int:
        return max(0, (self.best_before - today).days)


# --- Perishable.total_on
# spec: 857809723cba62e2291c4388eff078fd
# body: 6acf9c0496d600e0bb2bf0e1d38a5975
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 1/1, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1090 read, 903 written, for 3 stubs

class Perishable:
    def total_on(self, quantity: int, today: date) -> Decimal:
        return self.total(quantity) if self.days_left(today) >= 3 else self.total(quantity) / 2


# --- Perishable.fresh_until
# spec: 7c24490c07ec8ddbd90858f324eeedf8
# body: ada6b30c95182656def5cf5e9fd0998b
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 1/1, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1231 read, 922 written, for 8 stubs

class Perishable:
    def fresh_until(delivered: date, days: int) -> date:
        return delivered + timedelta(days)


# --- end of file
