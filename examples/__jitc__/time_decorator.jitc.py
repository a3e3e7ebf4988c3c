# jitc companion 1
# The bodies of time_decorator.py, written by a model and kept by jitc-import. To be read, reviewed and committed.
# A body may be edited here: it then runs as it is, and is never overwritten unasked.
# Signatures, decorators and docstrings are only shown: those in time_decorator.py count.
# ruff: noqa
# type: ignore
# fmt: off
# source: ac0066db9c21bce022c04070f7efa60c
# splices: b43db1a63601be70803afbcfa956a737 15:30.0-30.7<21:22-28 33:42.0-42.7<41:42-53


# --- timed
# spec: 9a956ccd640b0a3378cc33fe8dc5c621
# body: 55addc384845294dc8d5498f2346fa4c
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 2/2, types
# effects: clock
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 595 read, 392 written, for 2 stubs

def timed(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        start_time = time.perf_counter()
        result = function(*args, **kwargs)
        wrapper.seconds = time.perf_counter() - start_time
        return result
    return wrapper


# --- count_primes
# spec: da5382408ac5f2464f6afc8881c57872
# body: 67256bbe6808584d207b6354a1716a88
# model: qwen2.5-coder-1.5b-instruct-q4_k_m
# checked: syntax, signature, names, imports, attributes, examples 1/1, types
# effects: pure
# confined: landlock+seccomp+rlimits
# date: 2026-11-23
# tokens: 595 read, 392 written, for 2 stubs

def count_primes(limit: int) -> int:
    def sieve_of_eratosthenes(limit):
        is_prime = [True] * (limit + 1)
        p = 2
        while p * p <= limit:
            if is_prime[p]:
                for i in range(p * p, limit + 1, p):
                    is_prime[i] = False
            p += 1
        return [p for p in range(2, limit) if is_prime[p]]

    primes = sieve_of_eratosthenes(limit)
    return len(primes)


# --- end of file
