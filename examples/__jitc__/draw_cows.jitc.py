# jitc companion 1
# The bodies of draw_cows.py, written by a model and kept by jitc-import. To be read, reviewed and committed.
# A body may be edited here: it then runs as it is, and is never overwritten unasked.
# Signatures, decorators and docstrings are only shown: those in draw_cows.py count.
# ruff: noqa
# type: ignore
# fmt: off
# source: d145fc534d1de25f950c9d7aead23813
# splices: 30500750d586df5a155c6956162227b7 20:27.0-27.7<21:22-22 30:45.0-46.20<35:36-38


# --- draw_cow
# spec: 3a148eb41b7cc05eb043665beee290d4
# body: 65a3c3b0b8d7b0ad1b5f5dead6967f51
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 1/1, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 543 read, 204 written, for 2 stubs

def draw_cow() -> str:
    return COW


# --- draw_cows
# spec: 0163713ee396abb0e4b9588e836809c8
# body: 39adc08eb538b2eb9b518b174d3c796e
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 4/4, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 543 read, 204 written, for 2 stubs

def draw_cows(count: int) -> str:
    if count < 0:
        raise ValueError("Count cannot be negative")
    return "\n\n".join([draw_cow() for _ in range(count)])


# --- end of file
