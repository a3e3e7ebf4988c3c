"""The road of a module, through real processes, real files and real HTTP to a scripted server."""

from __future__ import annotations

import json
import re
import textwrap
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from conftest import Project
from server import Response, ScriptedServer, script_from

SHAPES = '''
"""Shapes."""
# jitc: enable
import math
from dataclasses import dataclass

UNIT = 2.0


@dataclass
class Circle:
    radius: float

    def area(self) -> float:  # jitc: complete
        """The area, rounded to two digits."""

    @property
    def diameter(self) -> float:  # jitc: complete
        """Twice the radius."""

    @diameter.setter
    def diameter(self, value: float) -> None:  # jitc: complete
        """Set the radius to half of it."""


# jitc: complete
def perimeter(circle: Circle) -> float:
    """2 pi r."""
'''

BODIES = """
import math


class Circle:
    def area(self) -> float:
        return round(math.pi * self.radius**2, 2)

    @property
    def diameter(self) -> float:
        return self.radius * UNIT

    @diameter.setter
    def diameter(self, value: float) -> None:
        self.radius = value / UNIT


def perimeter(circle: Circle) -> float:
    return 2 * math.pi * circle.radius
"""

USE = """
import jitc_import.activate
import shapes

circle = shapes.Circle(2.0)
circle.diameter = 6
print(circle.area(), circle.diameter, round(shapes.perimeter(circle), 2))
"""

Env = Callable[[ScriptedServer], dict[str, str]]


def endpoint(server: ScriptedServer, **more: str) -> dict[str, str]:
    """The environment that sends a process to a scripted server."""
    return {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-test", "JITC_MODEL": "scripted", **more}


@pytest.fixture
def shapes(project: Project) -> Project:
    project.write("shapes.py", SHAPES)
    project.write("use.py", USE)
    return project


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(script_from(BODIES)) as scripted:
        yield scripted


def test_one_request_brings_all_bodies_and_the_next_run_needs_none(shapes: Project, server: ScriptedServer) -> None:
    first = shapes.run("use.py", env=endpoint(server))
    assert first.stdout == "28.27 6.0 18.85\n", first.stderr
    assert len(server.requests) == 1
    second = shapes.run("use.py")
    assert second.stdout == first.stdout
    assert second.stderr == ""
    assert len(server.requests) == 1


def test_a_fresh_clone_runs_without_key_cache_or_libcst(shapes: Project, server: ScriptedServer) -> None:
    shapes.run("use.py", env=endpoint(server))
    for cache in shapes.root.rglob("__pycache__"):
        for file in cache.iterdir():
            file.unlink()
    shapes.write("clone.py", USE + "\nimport sys\nprint(sorted({'libcst', 'openai', 'pydantic'} & set(sys.modules)))")
    done = shapes.run("clone.py", env={"JITC_MODE": "locked"})
    assert done.stdout == "28.27 6.0 18.85\n[]\n", done.stderr


def test_source_is_left_byte_for_byte(shapes: Project, server: ScriptedServer) -> None:
    before = (shapes.root / "shapes.py").read_bytes()
    shapes.run("use.py", env=endpoint(server))
    assert (shapes.root / "shapes.py").read_bytes() == before


def test_only_a_changed_stub_is_asked_again(shapes: Project, server: ScriptedServer) -> None:
    shapes.run("use.py", env=endpoint(server))
    shapes.write("shapes.py", SHAPES.replace("2 pi r.", "Two pi r."))
    done = shapes.run("use.py", env=endpoint(server))
    assert done.returncode == 0, done.stderr
    asked = server.requests[1]["messages"][-1]["content"]
    assert "`perimeter`" in asked
    assert "`Circle.area`" not in asked


def test_an_edited_body_runs_as_it_is(shapes: Project, server: ScriptedServer) -> None:
    shapes.run("use.py", env=endpoint(server))
    companion = shapes.root / "__jitc__" / "shapes.jitc.py"
    companion.write_text(companion.read_text().replace("self.radius**2, 2)", "self.radius**2, 4)"))
    done = shapes.run("use.py", env={"JITC_MODE": "locked"})
    assert done.stdout.startswith("28.2743 "), done.stderr
    status = json.loads(shapes.run("-m", "jitc_import", "status", "--json").stdout)
    states = {stub["key"]: stub["state"] for stub in status[0]["stubs"]}
    assert states["Circle.area"] == "edited"
    assert states["perimeter"] == "fresh"


def test_an_edited_body_of_a_changed_stub_is_a_conflict_that_shows_both(
    shapes: Project, server: ScriptedServer
) -> None:
    shapes.run("use.py", env=endpoint(server))
    companion = shapes.root / "__jitc__" / "shapes.jitc.py"
    companion.write_text(companion.read_text().replace("return 2 * math.pi", "return math.tau / 1"))
    edited = companion.read_bytes()
    shapes.write("shapes.py", SHAPES.replace("2 pi r.", "Two pi r."))
    done = shapes.run("use.py", env=endpoint(server))
    assert done.returncode == 1
    assert "perimeter" in done.stderr
    assert "Two pi r." in done.stderr
    assert "math.tau / 1" in done.stderr
    assert companion.read_bytes() == edited
    assert len(server.requests) == 1
    kept = shapes.run("-m", "jitc_import", "complete", "--edited", "keep", "shapes.py", env=endpoint(server))
    assert kept.returncode == 0, kept.stderr
    assert shapes.run("use.py").stdout == "28.27 6.0 18.85\n"


def test_what_fails_is_asked_again_alone_with_the_reason(shapes: Project) -> None:
    wrong = BODIES.replace("def perimeter(circle: Circle)", "def perimeter(shape: Circle)")
    answers = [f"```python\n{wrong}\n```", "```python\ndef perimeter(circle):\n    return 6.0 * circle.radius\n```"]
    with ScriptedServer(answers) as server:
        done = shapes.run("use.py", env=endpoint(server))
        assert done.stdout == "28.27 6.0 18.0\n", done.stderr
        asked = server.requests[1]["messages"][-1]["content"]
    assert "(shape)" in asked
    assert "(circle)" in asked
    assert "`Circle.area`" not in asked


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("return 2 * tau * circle.radius", "tau"),
        ("import numpy_that_is_not_there as np\n    return np.pi", "numpy_that_is_not_there"),
        ("return 2 *", "syntax"),
    ],
)
def test_a_body_that_stays_wrong_is_an_import_error_and_what_passed_is_kept(
    shapes: Project, body: str, reason: str
) -> None:
    bad = f"```python\ndef perimeter(circle):\n    {body}\n```"
    good = BODIES.replace("return 2 * math.pi * circle.radius", body)
    with ScriptedServer([f"```python\n{good}\n```", bad, bad]) as server:
        done = shapes.run("use.py", env=endpoint(server))
        assert done.returncode == 1
        assert "CompletionError" in done.stderr
        assert "perimeter" in done.stderr
        assert reason in done.stderr
        assert len(server.requests) == 3
        again = shapes.run("use.py", env=endpoint(server))
        assert again.returncode == 1
        assert reason in again.stderr
        assert len(server.requests) == 3, "a failure is remembered"
    companion = (shapes.root / "__jitc__" / "shapes.jitc.py").read_text()
    assert "math.pi * self.radius**2" in companion
    with ScriptedServer(script_from(BODIES)) as server:
        retried = shapes.run("-m", "jitc_import", "complete", "--retry", "shapes.py", env=endpoint(server))
        assert retried.returncode == 0, retried.stderr
        assert len(server.requests) == 1
    assert shapes.run("use.py").stdout == "28.27 6.0 18.85\n"


def test_another_model_tries_a_failed_stub_again(shapes: Project, server: ScriptedServer) -> None:
    with ScriptedServer(["nothing"] * 3) as silent:
        assert shapes.run("use.py", env=endpoint(silent)).returncode == 1
    done = shapes.run("use.py", env=endpoint(server, JITC_MODEL="better"))
    assert done.stdout == "28.27 6.0 18.85\n", done.stderr


def test_the_traceback_of_a_failed_import_shows_the_users_lines_only(shapes: Project) -> None:
    with ScriptedServer(["nothing"] * 3) as server:
        done = shapes.run("use.py", env=endpoint(server))
    frames = [line for line in done.stderr.splitlines() if line.startswith('  File "')]
    assert len(frames) == 2, done.stderr
    assert 'use.py", line 2' in frames[0]
    assert 'shapes.py", line 13' in frames[1]


def test_locked_mode_calls_nothing_and_names_the_command(shapes: Project, server: ScriptedServer) -> None:
    done = shapes.run("use.py", env=endpoint(server, JITC_MODE="locked"))
    assert done.returncode == 1
    assert "LockedError" in done.stderr
    assert "Circle.diameter#2" in done.stderr
    assert "python -m jitc_import complete" in done.stderr
    assert server.requests == []


def test_ci_is_locked_by_default(shapes: Project, server: ScriptedServer) -> None:
    assert "LockedError" in shapes.run("use.py", env=endpoint(server, CI="true")).stderr
    assert server.requests == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({}, ["OPENAI_API_KEY", "OPENAI_BASE_URL"]),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "JITC_MODEL": "m"}, ["http://127.0.0.1:9/v1"]),
        ({"JITC_MODE": "sometimes"}, ["JITC_MODE", "sometimes", "locked"]),
    ],
)
def test_a_missing_endpoint_or_wrong_setting_is_one_clear_error(
    shapes: Project, env: dict[str, str], words: list[str]
) -> None:
    done = shapes.run("use.py", env=env)
    assert done.returncode == 1
    assert all(word in done.stderr for word in words), done.stderr
    assert len(done.stderr.splitlines()) < 25
    assert not (shapes.root / "__jitc__").exists()


@pytest.mark.parametrize(
    "response",
    [
        Response(status=401, body=b'{"error": {"message": "Incorrect API key provided: sk-test"}}'),
        Response(status=404, body=b'{"error": {"message": "The model `scripted` does not exist"}}'),
        Response("```python\ndef perimeter", drop=True),
    ],
)
def test_a_failing_endpoint_is_not_remembered_as_a_failed_stub(
    shapes: Project, server: ScriptedServer, response: Response
) -> None:
    with ScriptedServer([response] * 5) as broken:
        done = shapes.run("use.py", env=endpoint(broken))
        assert done.returncode == 1
        assert "EndpointError" in done.stderr
        assert "sk-test" not in done.stderr
    assert shapes.run("use.py", env=endpoint(server)).stdout == "28.27 6.0 18.85\n"


def test_a_reply_cut_off_keeps_what_is_whole_and_asks_for_the_rest(shapes: Project) -> None:
    cut = f"```python\n{BODIES[: BODIES.index('def perimeter')]}def perimeter(circle):\n    return 2"
    rest = "```python\ndef perimeter(circle):\n    return 1.0\n```"
    with ScriptedServer([Response(cut, finish="length"), rest]) as server:
        done = shapes.run("use.py", env=endpoint(server, JITC_REPAIRS="0"))
        assert done.stdout == "28.27 6.0 1.0\n", done.stderr
        assert len(server.requests) == 2


def test_the_budget_of_calls_is_hard(shapes: Project) -> None:
    with ScriptedServer(["nothing"] * 9) as server:
        done = shapes.run("use.py", env=endpoint(server, JITC_MAX_CALLS="2", JITC_REPAIRS="5"))
        assert "BudgetError" in done.stderr
        assert "JITC_MAX_CALLS" in done.stderr
        assert len(server.requests) == 2


@pytest.mark.slow
def test_twenty_processes_make_one_request(shapes: Project) -> None:
    script = script_from(BODIES)
    with ScriptedServer(lambda request: Response(script(request), wait=1.0)) as server:
        results: list[str] = []
        env = endpoint(server)
        threads = [
            threading.Thread(target=lambda: results.append(shapes.run("use.py", env=env, timeout=120).stdout))
            for _ in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert results == ["28.27 6.0 18.85\n"] * 20
        assert len(server.requests) == 1
    assert sorted(path.name for path in (shapes.root / "__jitc__").iterdir()) == ["shapes.jitc.py"]


def test_an_unwritable_folder_is_found_before_anything_is_paid(shapes: Project, server: ScriptedServer) -> None:
    (shapes.root / "__jitc__").write_text("a file in the way")
    done = shapes.run("use.py", env=endpoint(server))
    assert done.returncode == 1
    assert "__jitc__" in done.stderr
    assert server.requests == []


def test_forty_stubs_take_one_request(project: Project) -> None:
    stubs = "".join(f'\n\ndef f{i}(x: int) -> int:\n    """x plus {i}."""\n' for i in range(40))
    bodies = "".join(f"\n\ndef f{i}(x: int) -> int:\n    return x + {i}\n" for i in range(40))
    project.write("many.py", f"# jitc: enable all\n{stubs}")
    with ScriptedServer(script_from(bodies)) as server:
        code = "import jitc_import.activate, many; print(sum(getattr(many, f'f{i}')(1) for i in range(40)))"
        done = project.run("-c", code, env=endpoint(server))
        assert done.stdout == "820\n", done.stderr
        assert len(server.requests) == 1


def test_stubs_with_other_options_go_in_requests_of_their_own(project: Project) -> None:
    project.write(
        "options.py",
        """
        # jitc: enable
        def one() -> int: ...  # jitc: complete

        def two() -> int: ...  # jitc: complete model=big temperature=0.5 seed=7
        """,
    )
    bodies = "def one() -> int:\n    return 1\n\n\ndef two() -> int:\n    return 2\n"
    with ScriptedServer(script_from(bodies)) as server:
        done = project.run("-c", "import jitc_import.activate, options", env=endpoint(server))
        assert done.returncode == 0, done.stderr
        sent = {request["model"]: request for request in server.requests}
    assert set(sent) == {"scripted", "big"}
    assert (sent["big"]["temperature"], sent["big"]["seed"]) == (0.5, 7)


def test_keep_uses_the_best_candidate_and_says_so(shapes: Project) -> None:
    bad = "```python\n" + BODIES.replace("2 * math.pi * circle.radius", "missing_name if False else 9.0") + "```"
    with ScriptedServer([bad] * 3) as server:
        done = shapes.run("use.py", env=endpoint(server, JITC_ON_UNVERIFIED="keep"))
    assert done.stdout == "28.27 6.0 9.0\n"
    line = SHAPES.split("\n").index("# jitc: complete") + 1
    assert f"{shapes.root / 'shapes.py'}:{line}: JitcWarning: shapes.perimeter: kept although" in done.stderr
    assert "missing_name" in done.stderr


def test_a_syntax_error_in_a_marked_file_is_pythons_own(project: Project, server: ScriptedServer) -> None:
    project.write("broken.py", "# jitc: enable\ndef f(:  # jitc: complete\n    ...\n")
    plain = project.run("-c", "import broken")
    hooked = project.run("-c", "import jitc_import.activate, broken", env=endpoint(server))
    assert hooked.stderr.splitlines()[-4:] == plain.stderr.splitlines()[-4:]
    assert server.requests == []


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ("X = 1\nfrom __future__ import annotations", 3),
        ("X = 1\nreturn X", 3),
        ("def g(a, a):\n    return a", 2),
        ("nonlocal x", 2),
        ("def g():\n    x = 1\n    global x", 4),
    ],
)
def test_an_error_that_only_compiling_finds_is_the_users(
    project: Project, server: ScriptedServer, wrong: str, line: int
) -> None:
    project.write("broken.py", f"# jitc: enable\n{wrong}\n\n\ndef one() -> int: ...  # jitc: complete\n")
    done = project.run("-m", "jitc_import", "complete", "broken.py", env=endpoint(server))
    assert done.returncode == 1
    assert f"broken.py:{line}: " in done.stderr
    assert "(SyntaxError)" in done.stderr
    hooked = project.run("-c", "import jitc_import.activate, broken", env=endpoint(server))
    assert f'broken.py", line {line}\n' in hooked.stderr
    assert hooked.stderr.splitlines()[-1].startswith("SyntaxError: ")
    assert server.requests == []


def test_a_draft_that_does_not_compile_is_a_draft(project: Project) -> None:
    project.write("draft.py", "# jitc: enable\ndef one(url):  # jitc: complete\n    return await fetch(url)\n")
    with ScriptedServer(["async def one(url):\n    return 1", "def one(url):\n    return 1"]) as server:
        done = project.run("-c", "import jitc_import.activate, draft; print(draft.one(0))", env=endpoint(server))
    assert done.stdout == "1\n", done.stderr


def test_a_stub_without_docstring_or_annotations_is_completed(project: Project) -> None:
    project.write("bare.py", "# jitc: enable\ndef add(a, b): ...  # jitc: complete\n")
    with ScriptedServer(["def add(a, b):\n    return a + b"]) as server:
        done = project.run("-c", "import jitc_import.activate, bare; print(bare.add(1, 2))", env=endpoint(server))
    assert done.stdout == "3\n", done.stderr


def test_a_body_may_use_what_another_body_makes_global(project: Project) -> None:
    (project.root / "pkg").mkdir()
    project.write(
        "pkg/__init__.py",
        """
        # jitc: enable all
        def ready() -> int:
            \"\"\"What `prepare` has made.\"\"\"
        def prepare() -> None:
            \"\"\"Make it.\"\"\"
        def place() -> str:
            \"\"\"Where the package lies.\"\"\"
        """,
    )
    ready = "def ready() -> int:\n    return made_by_prepare"
    prepare = "def prepare() -> None:\n    global made_by_prepare\n    made_by_prepare = 3"
    place = "def place() -> str:\n    return __path__[0][-3:]"
    use = "import jitc_import.activate, pkg; pkg.prepare(); print(pkg.ready(), pkg.place())"
    with ScriptedServer(["\n\n".join((ready, prepare.replace("3", "nowhere"), place)), prepare]) as server:
        done = project.run("-c", use, env=endpoint(server))
    assert done.stdout == "3 pkg\n", done.stderr


def test_every_form_of_function_is_completed(project: Project) -> None:
    project.write(
        "forms.py",
        '''
        # jitc: enable all
        import asyncio, contextlib, sys

        class Base:
            def name(self) -> str:
                return "base"

        class Derived(Base):
            def __init__(self) -> None:
                self.__secret = 5
            def name(self) -> str: ...
            def secret(self) -> int: ...
            @classmethod
            def make(cls) -> "Derived": ...
            @staticmethod
            def twice(x: int) -> int: ...
            def numbers(self):
                """Yield 1 and 2."""
            async def later(self) -> int: ...
            @contextlib.contextmanager
            def opened(self): ...

        if sys.version_info < (3,):
            def twin() -> str:
                """Old."""
        else:
            def twin() -> str:
                """New."""

        def outer(a: int):
            total = a
            def inner(b: int) -> int:
                """Add b to total and return it."""
            return inner

        async def stream():
            """Yield 1."""
        ''',
    )
    bodies = textwrap.dedent(
        """
        class Derived(Base):
            def name(self) -> str:
                return "derived of " + super().name()
            def secret(self) -> int:
                return self.__secret
            @classmethod
            def make(cls) -> "Derived":
                return cls()
            @staticmethod
            def twice(x: int) -> int:
                return 2 * x
            def numbers(self):
                yield 1
                yield 2
            async def later(self) -> int:
                await asyncio.sleep(0)
                return 3
            @contextlib.contextmanager
            def opened(self):
                yield self

        if sys.version_info < (3,):
            def twin() -> str:
                return "old"
        else:
            def twin() -> str:
                return "new"

        def outer(a: int):
            def inner(b: int) -> int:
                nonlocal total
                total += b
                return total
            return inner

        async def stream():
            yield 1
        """
    )
    use = """
        import asyncio
        import jitc_import.activate
        from forms import *
        d = Derived.make()
        add = outer(10)
        async def collect():
            return [x async for x in stream()]
        with d.opened() as same:
            print(d.name(), d.secret(), Derived.twice(4), list(d.numbers()), asyncio.run(d.later()), same is d)
        print(twin(), add(1), add(2), asyncio.run(collect()))
        """
    project.write("use.py", use)
    with ScriptedServer(lambda _: f"```python\n{bodies}\n```") as server:
        done = project.run("use.py", env=endpoint(server))
        assert done.stdout == "derived of base 5 8 [1, 2] 3 True\nnew 11 13 [1]\n", done.stderr
        assert len(server.requests) == 1


@pytest.mark.slow
def test_a_module_of_ten_thousand_lines_is_completed(project: Project) -> None:
    filler = "".join(f"\n\ndef g{i}(x):\n    y = [x + k for k in range({i})]\n    return y\n" for i in range(2000))
    project.write("long.py", f"# jitc: enable\nimport math\n{filler}\n\ndef last(x): ...  # jitc: complete\n")
    with ScriptedServer(["def last(x):\n    return g3(x)"]) as server:
        done = project.run("-c", "import jitc_import.activate, long; print(long.last(1))", env=endpoint(server))
        assert done.stdout == "[1, 2, 3]\n", done.stderr
        assert len(json.dumps(server.requests[0])) < 100_000


@pytest.mark.parametrize(
    "secret", ["sk-proj-" + "a1B2" * 10, "ghp_" + "x9" * 18, "postgres://me:hunter2@db/x", "AKIA" + "Z7" * 8]
)
def test_a_secret_is_never_sent_and_named_by_its_line_only(
    shapes: Project, server: ScriptedServer, secret: str
) -> None:
    shapes.write("shapes.py", SHAPES.replace('"""2 pi r."""', f'"""2 pi r, see {secret}."""'))
    done = shapes.run("use.py", env=endpoint(server))
    assert done.returncode == 1
    before = (shapes.root / "shapes.py").read_text().partition(secret)[0]
    assert f"shapes.py:{before.count(chr(10)) + 1} holds" in done.stderr
    assert secret not in done.stderr.partition("CompletionError")[2]
    assert server.requests == []
    unsent = SHAPES.replace("UNIT = 2.0", f'UNIT = 2.0\nTOKEN = "{secret}"')
    shapes.write("shapes.py", unsent)
    assert shapes.run("use.py", env=endpoint(server)).returncode == 0, "what no stub refers to is not sent at all"
    assert secret not in json.dumps(server.requests)


@pytest.mark.slow
def test_a_body_that_vanished_from_the_companion_file_is_missing_never_an_empty_stub(
    shapes: Project, server: ScriptedServer
) -> None:
    shapes.run("use.py", env=endpoint(server))
    companion = shapes.root / "__jitc__" / "shapes.jitc.py"
    text = companion.read_text()
    start = text.index("# --- perimeter")
    companion.write_text(text[:start] + text[text.index("# --- end of file") :])
    locked = shapes.run("use.py", env={"JITC_MODE": "locked"})
    assert locked.returncode == 1
    assert "perimeter" in locked.stderr
    assert shapes.run("use.py", env=endpoint(server)).stdout == "28.27 6.0 18.85\n"
    assert len(server.requests) == 2


def test_failures_of_one_request_are_remembered_though_the_next_meets_an_error(project: Project) -> None:
    project.write(
        "two.py",
        """
        # jitc: enable
        def a() -> int: ...  # jitc: complete temperature=0.1

        def b() -> int: ...  # jitc: complete temperature=0.2
        """,
    )
    refused = Response(status=401, body=b'{"error": {"message": "no"}}')
    with ScriptedServer(lambda request: "no" if request["temperature"] == 0.1 else refused) as server:
        for _ in range(2):
            assert project.run("-c", "import jitc_import.activate, two", env=endpoint(server)).returncode == 1
        asked = [request["temperature"] for request in server.requests]
    assert asked == [0.1, 0.1, 0.1, 0.2, 0.2]


def test_a_draft_that_comes_back_unchanged_is_no_body(project: Project) -> None:
    project.write("half.py", "# jitc: enable\ndef double(x):  # jitc: complete\n    y = 2  # times x\n")
    answers = ["def double(x):\n    y = 2\n", "def double(x):\n    y = 2\n    return x * y\n"]
    with ScriptedServer(answers) as server:
        done = project.run("-c", "import jitc_import.activate, half; print(half.double(4))", env=endpoint(server))
        assert done.stdout == "8\n", done.stderr
        assert "draft" in server.requests[1]["messages"][-1]["content"]


def test_a_thought_without_a_beginning_is_heard_to_its_end(project: Project, server: ScriptedServer) -> None:
    project.write("sums.py", '# jitc: enable all\ndef twice(x: int) -> int:\n    """Twice x."""\n')
    thought = "Let me see.\nPerhaps:\n\n```python\ndef twice(x):\n    return x + x + x\n```\n"
    server.script = [
        f"{thought}\n{'No, that is thrice. ' * 20}\n</think>\n```python\ndef twice(x):\n    return 2 * x\n```\n"
    ]
    env = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-test", "JITC_MODEL": "scripted"}
    assert project.run("-m", "jitc_import", "complete", "sums.py", env=env).returncode == 0
    assert "return 2 * x" in (project.root / "__jitc__" / "sums.jitc.py").read_text()


def test_a_reply_is_not_listened_to_beyond_the_bodies(project: Project, server: ScriptedServer) -> None:
    project.write("sums.py", '# jitc: enable all\ndef twice(x: int) -> int:\n    """Twice x."""\n')
    idea = "First the idea:\n\n```python\ndef twice(x):\n    ...\n```\n\n"
    bodies = f"{idea}So:\n\n```python\ndef twice(x):\n    return 2 * x\n```\n"
    server.script = [Response(f"{bodies}{'And now I explain it at length. ' * 400}", drip=0.02)]
    begun = time.monotonic()
    env = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-test", "JITC_MODEL": "scripted"}
    done = project.run("-m", "jitc_import", "complete", "sums.py", env=env)
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - begun < 10
    kept = (project.root / "__jitc__" / "sums.jitc.py").read_text()
    assert "return 2 * x" in kept
    assert int(re.search(r"(\d+) written", kept)[1]) < 300  # type: ignore[index]
