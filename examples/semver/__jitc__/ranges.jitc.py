# jitc companion 1
# The bodies of ranges.py, written by a model and kept by jitc-import. To be read, reviewed and committed.
# A body may be edited here: it then runs as it is, and is never overwritten unasked.
# Signatures, decorators and docstrings are only shown: those in ranges.py count.
# ruff: noqa
# type: ignore
# fmt: off
# source: 7fba853157d07ea5294c50fb6759f98e
# splices: 2e5ab840612275637859ec553da76154 20:30.0-29.11<22:23-36 32:43.0-42.7<49:50-53 45:57.0-56.7<66:67-72
# splices: 59:65.0-64.7<85:86-86 67:81.0-80.7<99:100-110 83:91.0-90.7<123:124-127 93:101.0-100.7<140:141-145


# --- Comparator.matches
# spec: 621399cc3672d208221e3f5ed53edc93
# body: 855792870a199affd330bebf53fdd136
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 2/2
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 2384 read, 1317 written, for 7 stubs

class Comparator:
    def matches(self, version: Version) -> bool:
        if self.operator == ">=":
            return version >= self.version
        elif self.operator == "<=":
            return version <= self.version
        elif self.operator == "!=":
            return version != self.version
        elif self.operator == "==":
            return version == self.version
        elif self.operator == ">":
            return version > self.version
        elif self.operator == "<":
            return version < self.version
        else:
            raise ValueError(f"Invalid operator: {self.operator}")


# --- parse_comparator
# spec: 528632896dc1c7c2a3623193ba7c68a7
# body: 8dd13076493992ceb13f72eb046bcd1a
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 2/2
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 2384 read, 1317 written, for 7 stubs

def parse_comparator(text: str) -> Comparator:
    for operator in OPERATORS:
        if text.startswith(operator):
            return Comparator(operator, parse(text[len(operator):]))
    return Comparator("==", parse(text))


# --- caret_range
# spec: 7b6d3b63e2cbd5905d66bcdec9ab8e44
# body: 9f98ea8d07888e0902305e7bbb1e6949
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 3/3
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 2384 read, 1317 written, for 7 stubs

def caret_range(version: Version) -> tuple[Comparator, Comparator]:
    if version.major > 0:
        return Comparator(">=", version), Comparator("<", version.next_major())
    elif version.minor > 0:
        return Comparator(">=", version), Comparator("<", version.next_minor())
    else:
        return Comparator(">=", version), Comparator("<", version.next_patch())


# --- tilde_range
# spec: 628aa546ffd41659bcc37c8b7fde1d1b
# body: f2cf09d7aad1b9937ebb9cb414fa6003
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 1/1
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 2384 read, 1317 written, for 7 stubs

def tilde_range(version: Version) -> tuple[Comparator, Comparator]:
    return Comparator(">=", version), Comparator("<", version.next_minor())


# --- parse_range
# spec: 7e10bb824e64cd700568419ee0763405
# body: 5618db092ced609ee190485b329e880f
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 3/3
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 2384 read, 1317 written, for 7 stubs

def parse_range(text: str) -> list[Comparator]:
    comparators = []
    for condition in text.split():
        if condition.startswith("^"):
            comparators.append(caret_range(parse(condition[1:]))[0])
            comparators.append(caret_range(parse(condition[1:]))[1])
        elif condition.startswith("~"):
            comparators.append(tilde_range(parse(condition[1:]))[0])
            comparators.append(tilde_range(parse(condition[1:]))[1])
        else:
            comparators.append(parse_comparator(condition))
    return comparators


# --- satisfies
# spec: ab9604b99d80fcad51b78aa9f159ab78
# body: 3953871f06defb0f7b11ef17d868324c
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 2/2
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 2384 read, 1317 written, for 7 stubs

def satisfies(version: Version, text: str) -> bool:
    for comparator in parse_range(text):
        if not comparator.matches(version):
            return False
    return True


# --- best_match
# spec: e108795055302dbfd40a9b2fc63d3db0
# body: 2da302ca5712109bc85db1f1b2ceb1e6
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 2/2
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 2384 read, 1317 written, for 7 stubs

def best_match(versions: list[Version], text: str) -> Version | None:
    best = None
    for version in versions:
        if satisfies(version, text) and (best is None or version > best):
            best = version
    return best


# --- end of file
