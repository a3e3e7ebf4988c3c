"""The road of a module around the model: seconds and requests, with a server that answers at once.

    $ python benchmarks/cold_road.py

For modules of 40 to 1,000 stubs: the first import (cold: read, ask, judge, keep, graft), the second (cached), the
decorator alone without the hook, each in a process of its own against a scripted server on this machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [ROOT, os.path.join(ROOT, "tests")]

from server import ScriptedServer, script_from  # noqa: E402 -- the path to it is set above

SIZES = (40, 100, 250, 500, 1000)

STUB = '''

{tag}
def f{number}(value: int, factor: int = {number}) -> int:
    """The value times the factor, plus {number}.

    >>> f{number}(1, 2)
    {result}
    """
'''

BODY = """

def f{number}(value: int, factor: int = {number}) -> int:
    scaled = value * factor
    return scaled + {number}
"""


def main() -> None:
    """Print a line a module: seconds, seconds a stub, requests."""
    plain = min(seconds_of("pass", {})[0] for _ in range(3))
    print(f"Python {sys.version.split()[0]}, a bare process takes {plain:.2f} s, which is taken off below")
    print(
        f"{'stubs':>6} {'cold s':>8} {'ms/stub':>8} {'requests':>9} {'warm s':>8} {'requests':>9} {'by decorator':>13}"
    )
    for size in SIZES:
        cold, asked, warm, again, decorated = measure(size, plain)
        print(f"{size:>6} {cold:>8.2f} {1000 * cold / size:>8.1f} {asked:>9} {warm:>8.3f} {again:>9} {decorated:>13}")


def measure(size: int, plain: float) -> tuple[float, int, float, int, int]:
    """Cold seconds and requests, warm seconds and requests, requests by the decorator alone, for `size` stubs."""
    bodies = "".join(BODY.format(number=number) for number in range(size))
    with tempfile.TemporaryDirectory() as folder, ScriptedServer(script_from(bodies)) as server:
        environment = {"OPENAI_BASE_URL": server.url, "JITC_MODEL": "scripted", "PYTHONPATH": f"{folder}:{ROOT}"}
        write(folder, "hooked", "# jitc: enable", "# jitc: complete", size)
        write(folder, "defined", "from jitc_import import llm_complete", "@llm_complete()", size)
        cold, _ = seconds_of("import jitc_import.activate, hooked", environment)
        asked = len(server.requests)
        warm, _ = seconds_of("import jitc_import.activate, hooked", environment)
        again = len(server.requests) - asked
        seconds_of("import defined", environment)
        return cold - plain, asked, warm - plain, again, len(server.requests) - asked - again


def write(folder: str, name: str, head: str, tag: str, size: int) -> None:
    """Write a module of `size` stubs."""
    stubs = (STUB.format(tag=tag, number=number, result=2 + number) for number in range(size))
    with open(os.path.join(folder, f"{name}.py"), "w", encoding="utf-8") as file:
        file.write(f"{head}\n{''.join(stubs)}")


def seconds_of(code: str, environment: dict[str, str]) -> tuple[float, str]:
    """The seconds that a process takes to run `code`, and what it wrote to stderr. Raises where it fails."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return time.perf_counter() - begun, done.stderr


if __name__ == "__main__":
    main()
