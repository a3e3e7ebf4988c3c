# jitc companion 1
# The bodies of __main__.py, written by a model and kept by jitc-import. To be read, reviewed and committed.
# A body may be edited here: it then runs as it is, and is never overwritten unasked.
# Signatures, decorators and docstrings are only shown: those in __main__.py count.
# ruff: noqa
# type: ignore
# fmt: off
# source: afad0926d16fc1d0f4b0ac8700db2560
# splices: 0bf8b7f2da7fe97735c42d48e30812b2 18:28.0-27.7<21:22-29 31:37.0-36.7<42:43-45 40:46.0-45.7<58:59-59


# --- bump
# spec: f6225661d2809af2aee36079a9cf3f6a
# body: 9569171b841b10ad9629232d52a6c406
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 2/2
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1946 read, 399 written, for 3 stubs

def bump(version: Version, part: str) -> Version:
    if part == "major":
        return version.next_major()
    elif part == "minor":
        return version.next_minor()
    elif part == "patch":
        return version.next_patch()
    else:
        raise ValueError("Invalid part")


# --- in_order
# spec: e5c3d67ca9b2aa4477c59b59565ec302
# body: d07ec5e593cdf07465d394d347ca92c0
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 1/1
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1946 read, 399 written, for 3 stubs

def in_order(texts: list[str]) -> list[str]:
    versions = [parse(text) for text in texts]
    versions.sort()
    return [str(version) for version in versions]


# --- matching
# spec: aefc07438a4c840cfcb304436f7f7537
# body: 01c154a9c298653c8798daa5febbaef1
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 1/1
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1653 read, 117 written, for 1 stub

def matching(texts: list[str], wanted: str) -> list[str]:
    return [text for text in texts if satisfies(parse(text), wanted)]


# --- end of file
