# jitc companion 1
# The bodies of version.py, written by a model and kept by jitc-import. To be read, reviewed and committed.
# A body may be edited here: it then runs as it is, and is never overwritten unasked.
# Signatures, decorators and docstrings are only shown: those in version.py count.
# ruff: noqa
# type: ignore
# fmt: off
# source: 804c1a51895ec4ec834c40102d5ed8ed
# splices: 7827a39a6069bae04cb717fe2274f538 33:44.0-43.11<22:23-25 46:56.0-55.11<39:40-42
# splices: 58:66.0-65.11<56:57-59 67:69.0-68.43<72:73-73 71:82.0-81.11<87:88-88 84:90.0-89.11<102:103-103
# splices: 92:98.0-97.11<117:118-118 100:110.0-109.11<132:133-135 113:123.0-122.7<148:149-151
# splices: 126:141.0-140.7<164:165-173


# --- Version.__str__
# spec: fdb98bd1c29f04da4732463ed8503b40
# body: 5dddf4758eaa04156e4aa357ee351895
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 2/2, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1768 read, 1435 written, for 10 stubs

class Version:
    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}" + \
               (f"-{'.'.join(self.prerelease)}" if self.prerelease else '') + \
               (f"+{'.'.join(self.build)}" if self.build else '')


# --- Version.__eq__
# spec: 45bc01d3444ddf813f0a01974866f59a
# body: 44b3cd01becde57c1170c1d6c495949d
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 2/2, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1768 read, 1435 written, for 10 stubs

class Version:
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Version):
            return NotImplemented
        return self.precedence_key() == other.precedence_key()


# --- Version.__lt__
# spec: c3dd70a843a560530e2074a2cca69f7f
# body: cb36a43f4ef0af2ca314e0c969e94810
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 1/1, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1768 read, 1435 written, for 10 stubs

class Version:
    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Version):
            return NotImplemented
        return self.precedence_key() < other.precedence_key()


# --- Version.__hash__
# spec: b9182934c871a131f24740ce5e5af387
# body: 1844d1a8303c309103502f9feac804d4
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, types
# effects: pure
# date: 2026-11-23
# tokens: 1768 read, 1435 written, for 10 stubs

class Version:
    def __hash__(self) -> int:
        return hash(self.precedence_key())


# --- Version.precedence_key
# spec: b5067c7696264748626ca79af24a8955
# body: ef590066d9c1d7dbe2c40ea901d0c8ba
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 2/2, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1768 read, 1435 written, for 10 stubs

class Version:
    def precedence_key(self) -> tuple[int, int, int, int, tuple[tuple[int, int, str], ...]]:
        return (self.major, self.minor, self.patch, 1 if not self.prerelease else 0, tuple(identifier_key(identifier) for identifier in self.prerelease))


# --- Version.next_major
# spec: 67e9fcf0fab0e143128280d66f20f2eb
# body: 6ab38cdb9f91e4de872932355cec5efb
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 1/1, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1768 read, 1435 written, for 10 stubs

class Version:
    def next_major(self) -> Version:
        return Version(self.major + 1, 0, 0, (), ())


# --- Version.next_minor
# spec: 092e9b38d4e0b2a3259372ff4de5ed95
# body: adbbe970dc0e74eb0e69c8f36bf23902
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 1/1, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1768 read, 1435 written, for 10 stubs

class Version:
    def next_minor(self) -> Version:
        return Version(self.major, self.minor + 1, 0, (), ())


# --- Version.next_patch
# spec: a224af1bd06caed17291584dd3cdfb48
# body: c8a98eefad00ce3f8aa6702eb1e3eed8
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 2/2, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1768 read, 1435 written, for 10 stubs

class Version:
    def next_patch(self) -> Version:
        if self.prerelease:
            return Version(self.major, self.minor, self.patch, (), ())
        return Version(self.major, self.minor, self.patch + 1, (), ())


# --- identifier_key
# spec: cdad4a7c10e85668cbb07a0e31255111
# body: 149dab44d64959d7f6021873056c2a29
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 2/2, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1768 read, 1435 written, for 10 stubs

def identifier_key(identifier: str) -> tuple[int, int, str]:
    if identifier.isdigit():
        return (0, int(identifier), '')
    return (1, 0, identifier)


# --- parse
# spec: 817ac1639d540121929fe97c39535704
# body: ae18e7b19c3647960aa43cff303ca6e8
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 3/3, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 1481 read, 318 written, for 1 stub

def parse(text: str) -> Version:
    match = PATTERN.fullmatch(text)
    if not match:
        raise InvalidVersionError(f"not a semantic version: '{text}'")
    major = int(match.group("major"))
    minor = int(match.group("minor"))
    patch = int(match.group("patch"))
    prerelease = tuple(match.group("prerelease").split(".") if match.group("prerelease") else ())
    build = tuple(match.group("build").split(".") if match.group("build") else ())
    return Version(major, minor, patch, prerelease, build)


# --- end of file
