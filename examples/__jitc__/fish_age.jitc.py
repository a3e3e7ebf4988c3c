# jitc companion 1
# The bodies of fish_age.py, written by a model and kept by jitc-import. To be read, reviewed and committed.
# A body may be edited here: it then runs as it is, and is never overwritten unasked.
# Signatures, decorators and docstrings are only shown: those in fish_age.py count.
# ruff: noqa
# type: ignore
# fmt: off
# source: a2ff1f465d7b62a12339045b0910f9cc
# splices: 2b0c8682dc048e60444474899e672835 22:30.0-30.11<22:23-23 32:39.0-39.11<37:38-38


# --- Fish.human_age
# spec: 9d9c9ab1214e25485b4e7435bf148756
# body: 801b655eb99358e11fad39d9c28fdee0
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 1/1, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 529 read, 234 written, for 2 stubs

class Fish:
    def human_age(self) -> float:
        return self.age * HUMAN_LIFESPAN / self.lifespan


# --- Fish.describe
# spec: 8cbe3812d1eb2472ed7ca02055259976
# body: 3f7d1a696e9dc9805593d571035e6c4a
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 1/1, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 529 read, 234 written, for 2 stubs

class Fish:
    def describe(self) -> str:
        return f"{self.name} is {self.age:.1f} years old, {self.human_age:.1f} in human years."


# --- end of file
