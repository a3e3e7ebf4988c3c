# jitc companion 1
# The bodies of fibonacci.py, written by a model and kept by jitc-import. To be read, reviewed and committed.
# A body may be edited here: it then runs as it is, and is never overwritten unasked.
# Signatures, decorators and docstrings are only shown: those in fibonacci.py count.
# ruff: noqa
# type: ignore
# fmt: off
# source: 1b34b63000c0680b4ba9acbedf9bbe1f
# splices: 352a38e59dcbe9951aa690842c371dec 11:21.0-20.7<21:22-29 24:31.0-30.7<42:43-46 33:39.0-38.7<59:60-67


# --- fibonacci
# spec: 7b1f79822efc0627a53979cbe2cade16
# body: 5836e5919776a7c1836919c52ae55682
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 3/3, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 652 read, 398 written, for 3 stubs

def fibonacci(n: int) -> int:
    if n < 0:
        raise ValueError("n must be a non-negative integer")
    if n == 0:
        return 0
    a, b = 0, 1
    for _ in range(1, n):
        a, b = b, a + b
    return b


# --- fibonacci_numbers
# spec: e6ee15c9946d659b2eca1aa291ac229f
# body: 78bb0431c050beb06e71bba982775cca
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 1/1, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 652 read, 398 written, for 3 stubs

def fibonacci_numbers() -> Iterator[int]:
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


# --- is_fibonacci
# spec: a23cb242bee472884d49be56abd703c2
# body: 1e98a902373e9f07920876ae43b11a71
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 1/1, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 652 read, 398 written, for 3 stubs

def is_fibonacci(number: int) -> bool:
    if number < 0:
        return False
    a, b = 0, 1
    while a <= number:
        if a == number:
            return True
        a, b = b, a + b
    return False


# --- end of file
