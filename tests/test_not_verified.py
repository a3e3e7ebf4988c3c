"""What looks right and is not: nothing of it is called verified, and what it shows of secrets stays here."""

from __future__ import annotations

import json
import textwrap

import pytest

from conftest import Project
from jitc_import.checks.properties import hypothesis_available
from jitc_import.heldout import shown_part
from jitc_import.judging.judge import Judge
from jitc_import.judging.verdicts import Verdict
from jitc_import.progress import PlainDisplay
from jitc_import.settings import load_settings
from jitc_import.source.stubs import read_module
from jitc_import.store.keep import Body
from jitc_import.survey import survey_source
from jitc_import.tried import Tried, told_reading
from server import ScriptedServer, asked_keys
from test_verified import CLAMP, RIGHT, complete, record, told


@pytest.mark.parametrize(
    ("signature", "example", "printing"),
    [
        ("def f(x)", "f(1) == 2", "print(x + 1)"),
        ("def f(x: int) -> int", ">>> f(1)\n    2", "return print(x + 1)"),
    ],
)
def test_a_value_that_is_printed_is_not_returned(
    signature: str, example: str, printing: str, project: Project, server: ScriptedServer
) -> None:
    project.write("m.py", f'# jitc: enable all\n{signature}:\n    """It.\n\n    {example}\n    """\n')
    server.script = [f"{signature}:\n    {body}" for body in (printing, "return x + 1")]
    code, errors = complete(project, "m.py", server)
    assert code == 0, errors
    assert "f(1) printed 2 instead of returning it" in told(server, 1)
    assert record(project, "f")["verified"]


def test_what_is_printed_besides_or_asked_for_is_right(project: Project, server: ScriptedServer) -> None:
    project.write(
        "m.py",
        '''
        # jitc: enable all
        def loud(x):
            """Say so; loud(1) == 2."""


        def shown(x) -> None:
            """Show x.

            >>> shown(1)
            1
            """


        def nothing(x):
            """Print x: nothing(1) -> None"""
        ''',
    )
    server.script = [
        "def loud(x):\n    print('so')\n    return x + 1\ndef shown(x):\n    print(x)\ndef nothing(x):\n    print(x)"
    ]
    code, errors = complete(project, "m.py", server)
    assert code == 0, errors
    assert all(record(project, key)["verified"] for key in ("loud", "shown", "nothing"))


@pytest.mark.slow
def test_what_equals_or_may_be_the_same_condemns_no_body(project: Project, server: ScriptedServer) -> None:
    project.write(
        "m.py",
        '''
        # jitc: enable all
        from typing import NamedTuple


        class Point(NamedTuple):
            x: int
            y: int


        def middle(a, b):
            """The middle.

            assert middle((0, 0), (2, 4)) == (1, 2)
            """


        def twice(x):
            """Twice x.

            >>> assert twice(2) == 4
            """


        def area(radius):
            """The area; area(1) -> 3.14

            >>> assert True
            """


        def corners(x):
            """Two points; corners(1) -> [(0, 0), (1, 1)]"""
        ''',
    )
    middle = "def middle(a, b):\n    return Point((a[0] + b[0]) // 2, (a[1] + b[1]) // 2)"
    twice, area = "def twice(x):\n    return 2 * x", "def area(radius):\n    return 3.14159265 * radius**2"
    corners = "def corners(x):\n    return [Point(0, 0), Point(x, x)]"
    server.script = [f"{middle}\n{twice}\n{area}\n{corners}"]
    code, errors = complete(project, "m.py", server)
    assert code == 0, errors
    assert [record(project, key)["verified"] for key in ("middle", "twice", "area", "corners")] == [1, 1, 0, 0]
    assert "area: an example does not count: area(1) gave 3.14159265, expected 3.14, which may be rounded" in errors


@pytest.mark.parametrize("printed", ["print(KEY)\n    return x", "return KEY", "raise ValueError(KEY)"])
def test_no_line_of_a_private_key_is_shown_kept_or_sent(printed: str, project: Project, server: ScriptedServer) -> None:
    lines = (
        "'-----BEGIN RSA PRIV' + 'ATE KEY-----', 'Proc-Type: 4,ENCRYPTED', 'MIIEow' + 'Ab+/' * 15, 'qrst' * 15 + '=='"
    )
    project.write("ranges.py", f"{CLAMP}\nKEY = '\\n'.join([{lines}, '-----END RSA PRIV' + 'ATE KEY-----'])\n")
    server.script = [f"def clamp(x, low, high):\n    {printed}"] * 3
    code, errors = complete(project, "ranges.py", server)
    assert code == 1
    kept = (project.root / "__jitc__" / "ranges.jitc.py").read_text()
    for seen in (json.dumps(server.requests), errors, kept):
        assert "[a private key]" in seen
        assert "MIIEow" not in seen
        assert "qrst" not in seen


@pytest.mark.slow
@pytest.mark.parametrize(
    "printed", ["'a.' * 500_000", "'eyJ-' * 250_000", "' '.join(f'sk-{n:020}' for n in range(40_000))"]
)
def test_what_a_body_prints_is_looked_through_in_no_time(
    printed: str, project: Project, server: ScriptedServer
) -> None:
    project.write("ranges.py", CLAMP)
    server.script = [f"def clamp(x, low, high):\n    print({printed})\n    return x", RIGHT]
    code, errors = complete(project, "ranges.py", server)  # within the minute that a test's process has
    assert code == 0, errors


def test_a_value_that_its_name_says_to_be_secret_is_not_sent(project: Project, server: ScriptedServer) -> None:
    project.write("settings.ini", "[mail]\nuser = bob\npassword = hunter2hunter2\n")
    project.write("ranges.py", CLAMP)
    reading = "import os\ndef clamp(x, low, high):\n    return open(os.path.dirname(__file__) + '/settings.ini').read()"
    server.script = [reading, RIGHT]
    assert complete(project, "ranges.py", server)[0] == 0
    assert "user = bob" in told(server, 1)
    assert "hunter2" not in json.dumps(server.requests)


def test_a_body_that_can_look_its_examples_up_is_not_called_verified(project: Project, server: ScriptedServer) -> None:
    project.write("m.py", '# jitc: enable all\ndef f(x):\n    """One more: f(1) == 2"""\n')
    server.script = ["def f(x):\n    return int(f.__doc__.split(f'f({x}) == ')[1])"]
    code, errors = complete(project, "m.py", server)
    assert code == 0, errors
    found = record(project, "f")
    assert "doubtful: it reads docstrings (its examples stand there)" in found["checked"]
    assert not found["verified"]


TWICE = """
# jitc: enable all
def double(x: int) -> int:
    \"\"\"Twice x.

    >>> double(4)
    8
    >>> double(0)
    0
    \"\"\"
"""


@pytest.mark.parametrize(
    ("counting", "module", "verified"),
    [
        ("double.n = getattr(double, 'n', 0) + 1\n    return [8, 0][double.n - 1]", TWICE, False),
        ("global n\n    n = globals().get('n', 0) + 1\n    return [8, 0][n - 1]", TWICE, False),
        ("global n\n    n += 1\n    return 2 * x", TWICE + "n = 0\n", True),
        ("double.n += 1\n    return 2 * x", TWICE + "double.n = 0\n", True),
        ("double.n = x\n    return 2 * x", TWICE.replace("Twice x.", "Twice x; cached."), True),
        ("import functools\n    return functools.lru_cache(lambda y: 2 * y)(x)", TWICE, True),
    ],
)
def test_a_body_that_keeps_state_that_nothing_calls_for_is_not_called_verified(
    counting: str,
    module: str,
    verified: bool,  # noqa: FBT001
    project: Project,
    server: ScriptedServer,
) -> None:
    project.write("m.py", module)
    server.script = [f"def double(x: int) -> int:\n    {counting}"]
    code, errors = complete(project, "m.py", server)
    assert code == 0, errors
    found = record(project, "double")
    assert ("doubtful: it keeps state that nothing calls for" in found["checked"]) is not verified
    assert found["verified"] is verified


@pytest.mark.slow
@pytest.mark.skipif(not hypothesis_available(), reason="hypothesis is not installed")
def test_without_examples_a_value_of_another_type_than_annotated_is_sent_back(
    project: Project, server: ScriptedServer
) -> None:
    project.write(
        "m.py",
        '''
        # jitc: enable all
        def is_even(n: int) -> bool:
            """Whether n is even."""


        def load(path: str) -> str:
            """What a file holds."""


        def first(xs: list[int]) -> int:
            """The first one, or None."""
        ''',
    )
    rest = "def load(path):\n    return open(path)\ndef first(xs):\n    return xs[0] if xs else None"
    server.script = [f"def is_even(n):\n    return n % 2 == 0 or n\n{rest}", "def is_even(n):\n    return n % 2 == 0"]
    code, errors = complete(project, "m.py", server, JITC_CANDIDATE_SECONDS="30", WITH_HYPOTHESIS="1")
    assert code == 0, errors
    assert len(server.requests) == 2
    assert asked_keys(server.requests[1]) == ["is_even"]
    assert "is_even(1) returned 1, the annotation says bool" in told(server, 1)
    assert not record(project, "is_even")["verified"]


def test_the_last_value_is_kept_back_where_an_exception_comes_after_it(
    project: Project, server: ScriptedServer
) -> None:
    raising = ">>> f(-1)\n    Traceback (most recent call last):\n    ValueError: no"
    examples = f">>> f(1)\n    2\n    >>> f(3)\n    4\n    {raising}"
    project.write("m.py", f'# jitc: enable all\ndef f(x):\n    """One more.\n\n    {examples}\n    """\n')
    learnt = "def f(x):\n    if x < 0:\n        raise ValueError('no')\n    return {1: 2}[x]"
    server.script = [learnt, learnt.replace("{1: 2}[x]", "x + 1")]
    code, errors = complete(project, "m.py", server)
    assert code == 0, errors
    assert "f(3)" not in told(server, 0)
    assert "f(-1)" in told(server, 0)
    assert "f(3) raised KeyError: 3" in told(server, 1)


def with_tests(project: Project, tests: str) -> None:
    project.write("pyproject.toml", "")
    project.write("m.py", '# jitc: enable all tests=tests/test_m.py\ndef f(x):\n    """One more."""\n')
    project.write("tests/test_m.py", f"import unittest\nfrom m import f\n{tests}")


@pytest.mark.slow
@pytest.mark.parametrize(
    "test",
    [
        "def test_a(): assert f(1) == 2\ndef test_b(): assert f(2) == 3\n",
        "class T(unittest.TestCase):\n    def test_a(self): f(1)\n    def test_b(self): f(2)\n",
    ],
)
def test_a_test_that_the_body_skips_has_not_passed(test: str, project: Project, server: ScriptedServer) -> None:
    with_tests(project, test)
    skipping = "import unittest\ndef f(x):\n    if x == 2:\n        raise unittest.SkipTest\n    return x + 1"
    server.script = [skipping, "def f(x):\n    return x + 1"]
    code, errors = complete(project, "m.py", server)
    assert code == 0, errors
    assert "SkipTest" in told(server, 1)
    assert "tests 2/2" in record(project, "f")["checked"]


@pytest.mark.slow
def test_a_test_that_fails_whatever_the_bodies_do_condemns_none(project: Project, server: ScriptedServer) -> None:
    with_tests(
        project,
        "def one(): return 2\ndef test_a(): assert f(1) == 2\ndef test_b(): assert one() == 1\n"
        "@unittest.skip('not here')\ndef test_c(): assert f(1) == 3\n",
    )
    server.script = ["def f(x):\n    return x + 1"]
    code, errors = complete(project, "m.py", server)
    assert code == 0, errors
    assert "test_b fails whatever the bodies do, and does not count" in errors
    assert "tests 1/1" in record(project, "f")["checked"]


@pytest.mark.slow
def test_a_failure_that_differs_each_time_is_foreign_all_the_same(project: Project, server: ScriptedServer) -> None:
    with_tests(project, "import time\ndef test_a(): assert f(1) == 2\ndef test_f(): assert time.time_ns() == f\n")
    server.script = ["def f(x):\n    return x + 1"]
    code, errors = complete(project, "m.py", server)
    assert code == 0, errors
    assert "test_f fails whatever the bodies do" in errors
    assert record(project, "f")["verified"]


@pytest.mark.slow
def test_what_no_test_calls_no_test_verifies(project: Project, server: ScriptedServer) -> None:
    with_tests(project, "import m\ndef test_a(): assert f(1) == 2\ndef test_b(): assert m.f and m.g\n")
    with (project.root / "m.py").open("a") as file:
        file.write('def g(x):\n    """Twice x."""\n')
    server.script = ["def f(x):\n    return x + 1\ndef g(x):\n    return x + 17"]
    code, errors = complete(project, "m.py", server)
    assert code == 0, errors
    assert "tests 1/1" in record(project, "f")["checked"]
    found = record(project, "g")
    assert not any(check.startswith("tests") for check in found["checked"])
    assert not found["verified"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mark", "tests", "why"),
    [
        ("tests/test_m.py::test_none", "def test_a(): assert f(1) == 2\n", "pytest gives no result"),
        ("tests/test_none.py", "", "not all are there"),
        ("tests/test_m.py", "", "there are no tests in them"),
        ("tests/test_m.py", "import no_such_module\n", None),
    ],
)
def test_tests_that_did_not_run_leave_a_doubt(
    mark: str, tests: str, why: str | None, project: Project, server: ScriptedServer
) -> None:
    with_tests(project, tests)
    project.write("m.py", f'# jitc: enable all tests={mark}\ndef f(x):\n    """One more: f(2) == 3."""\n')
    server.script = ["def f(x):\n    return x + 1"]
    code, errors = complete(project, "m.py", server)
    assert code == 0, errors
    found = record(project, "f")
    doubt = f"doubtful: the tests did not run ({why})" if why else "doubtful: 1 test not run"
    assert {"examples 1/1", doubt} <= set(found["checked"])
    assert not found["verified"]


@pytest.mark.slow
def test_a_body_whose_tests_met_a_stub_without_one_is_to_be_judged_again(project: Project) -> None:
    project.write("pyproject.toml", "")
    stubs = "def f(x): ...\ndef g(x): ...\ndef h(x): ...\n"
    path = project.write("m.py", f"# jitc: enable all tests=tests/test_m.py\n{stubs}")
    project.write("tests/test_m.py", "import m\ndef test_a(): m.f(m.g(1))\ndef test_b(): assert m.h(1) == 1\n")
    settings = load_settings(str(path)).model_copy(update={"types": False})
    survey = survey_source(path.read_bytes(), str(path), "m", settings)
    bodies = {stub.key: Body(stub, "return x", "") for stub in survey.module.stubs if stub.key != "g"}
    with Judge(survey, settings, PlainDisplay()) as judge:
        found = judge.verdicts(bodies)
    assert {key: (one.problem, one.waiting) for key, one in found.items()} == {"f": (None, True), "h": (None, False)}
    assert "tests 1/1" in found["h"].checked
    assert found["f"].checked == ("doubtful: a stub that its tests call has no good body",)


@pytest.mark.slow
def test_what_calls_a_body_known_to_be_wrong_condemns_no_other(project: Project, server: ScriptedServer) -> None:
    with_tests(project, "import m\ndef test_a(): assert m.g(f(1)) == 4\ndef test_g(): assert m.g(2) == 4\n")
    with (project.root / "m.py").open("a") as file:
        file.write('def g(x):\n    """Twice x."""\n')
    project.write("m.py", (project.root / "m.py").read_text().replace("One more.", "One more: f(4) == 5"))
    server.script = ["def f(x):\n    return x\ndef g(x):\n    return 2 * x", "def f(x):\n    return x + 1"]
    code, errors = complete(project, "m.py", server)
    assert code == 0, errors
    assert [asked_keys(request) for request in server.requests] == [["f", "g"], ["f"]]
    assert "tests 2/2" in record(project, "g")["checked"]
    assert record(project, "f")["verified"]


@pytest.mark.slow
def test_a_test_that_fails_because_of_a_body_it_does_not_name_counts(project: Project, server: ScriptedServer) -> None:
    with_tests(
        project, "import m\ndef test_a(): assert [one(1) for name, one in vars(m).items() if name[0] == 'f'] == [2]\n"
    )
    server.script = ["def f(x):\n    return x", "def f(x):\n    return x + 1"]
    code, errors = complete(project, "m.py", server)
    assert code == 0, errors
    assert "test_a fails" in told(server, 1)


@pytest.mark.parametrize(
    ("body", "doubtful"),
    [
        ("open(__file__).read()", True),
        ("Path(__spec__.origin).read_text()", True),
        ("__loader__.get_source(__name__)", True),
        ("inspect.getsourcefile(f)", True),
        ("open(os.path.join(os.path.dirname(__file__), 'm.py')).read()", True),
        ("(Path(__file__).parent / 'words.txt').read_text()", False),
        ("open(sys.argv[1])", False),
    ],
)
def test_a_body_that_can_read_its_own_file_is_doubtful(body: str, doubtful: bool) -> None:  # noqa: FBT001
    stub = read_module(b"# jitc: enable all\ndef f(): ...\n", "m.py", "m").stubs[0]
    tried = Tried(Body(stub, f"return {body}", ""), "", None, Verdict(passed=1))
    assert bool(told_reading(tried)) is doubtful


@pytest.mark.parametrize(
    ("docstring", "left_out"),
    [
        (">>> f(1)\n2\n>>> f(2)\n3\n>>> f(3)\n4", "f(3)"),
        ("So f(3) == 4.\n\n>>> f(1)\n2\n>>> f(2)\n3\n>>> f(3)\n4", "f(2)"),
        ("f(1) == 2, f(2) == 3, f(3) == 4", ""),
    ],
)
def test_the_value_that_is_kept_back_stands_nowhere_else(docstring: str, left_out: str) -> None:
    text = f'# jitc: enable all\ndef f(x):\n    """One more.\n\n{textwrap.indent(docstring, "    ")}\n    """\n'
    (stub,) = read_module(text.encode(), "m.py", "m").stubs
    calls = [f"f({number})" for number in (1, 2, 3)]
    assert [call for call in calls if call not in shown_part(stub).text] == [left_out] * bool(left_out)


def test_examples_are_run_only_where_the_name_stands_for_the_stub(project: Project, server: ScriptedServer) -> None:
    project.write(
        "m.py",
        '''
        # jitc: enable all
        import sys
        if sys.platform == "none":
            def f(x):
                """One more: f(1) == 2"""
        else:
            def f(x):
                """One more: f(1) == 2"""
        try:
            from math import gcd
        except ImportError:
            def gcd(a, b):
                """The greatest common divisor: gcd(4, 6) == 2"""
        ''',
    )
    both = "if sys.platform == 'none':\n    def f(x):\n        return 0\nelse:\n    def f(x):\n        return x + 1\n"
    server.script = [f"{both}def gcd(a, b):\n    return 7\n"]
    code, errors = complete(project, "m.py", server)
    assert code == 0, errors
    assert "gcd: its examples are not run: its name stands for another definition here" in errors
    verified = [key for key in ("f", "f#2", "gcd") if record(project, key)["verified"]]
    assert verified == ["f#2"]


CUBE = '''
# jitc: enable
def cube(n: int) -> int:  # jitc: complete
    """The cube.

    >>> cube(2)
    8
    >>> cube(3)
    27
    """
'''


@pytest.mark.parametrize(
    ("source", "body", "trust"),
    [
        (CUBE, "return {2: 8, 3: 27}[n]", "doubtful"),
        (
            CUBE,
            "if n == 2:\n        return 8\n    elif n == 3:\n        return 27\n    raise ValueError(n)",
            "doubtful",
        ),
        (CUBE, "match_ = {2: 8, 3: 27}\n    return match_.get(n, 0)", "doubtful"),
        (CUBE, "return {2: 8, 3: 27, 4: 64}.get(n) or n * n * n", "verified"),
        (CUBE, "if n == 2:\n        return 8\n    if n == 3:\n        return 27\n    return n ** 3", "verified"),
        (CUBE.partition("    >>> cube(3)")[0] + '    """\n', "return 8", "doubtful"),
        (CUBE, "return n ** 3", "verified"),
    ],
)
def test_a_body_that_knows_the_answers_of_its_examples_by_rote_is_not_called_verified(
    project: Project, server: ScriptedServer, source: str, body: str, trust: str
) -> None:
    project.write("m.py", source)
    server.script = [f"def cube(n):\n    {body}"]
    assert complete(project, "m.py", server)[0] == 0
    assert any("by rote" in check for check in record(project, "cube")["checked"]) == (trust == "doubtful")
    assert record(project, "cube")["verified"] == (trust == "verified")


def test_what_a_body_does_unasked_leaves_a_doubt_though_nothing_comes_of_it(
    project: Project, server: ScriptedServer
) -> None:
    project.write("m.py", CUBE)
    body = "    try:\n        subprocess.run(['true'])\n    except Exception:\n        pass\n    return n ** 3"
    server.script = [f"import subprocess\ndef cube(n):\n{body}"]
    assert complete(project, "m.py", server)[0] == 0
    assert "doubtful: it has effects that nothing calls for: processes" in record(project, "cube")["checked"]


COUNT = '''
# jitc: enable
def count(text: str) -> int:  # jitc: complete
    """How many words there are: count("a b") == 2."""
'''


@pytest.mark.skipif(not hypothesis_available(), reason="hypothesis is not installed")
def test_a_value_of_another_type_than_annotated_is_told_once_though_the_examples_come_out(
    project: Project, server: ScriptedServer
) -> None:
    project.write("m.py", COUNT)
    wrong = "def count(text):\n    return len(text.split()) if len(text) < 5 else None"
    server.script = [wrong, "def count(text):\n    return len(text.split())"]
    assert complete(project, "m.py", server, JITC_CANDIDATE_SECONDS="30", WITH_HYPOTHESIS="1")[0] == 0
    assert "returned None, the annotation says int" in told(server, 1)
    assert record(project, "count")["verified"]


@pytest.mark.slow
@pytest.mark.skipif(not hypothesis_available(), reason="hypothesis is not installed")
def test_such_a_value_leaves_a_doubt_where_nothing_better_comes(project: Project, server: ScriptedServer) -> None:
    project.write("m.py", COUNT)
    server.script = ["def count(text):\n    return len(text.split()) if len(text) < 5 else None"]
    more = {"JITC_CANDIDATE_SECONDS": "30", "WITH_HYPOTHESIS": "1", "JITC_MAX_CALLS": "1"}
    assert complete(project, "m.py", server, **more)[0] == 0
    assert any("doubtful: count(" in check for check in record(project, "count")["checked"])


@pytest.mark.slow
@pytest.mark.skipif(not hypothesis_available(), reason="hypothesis is not installed")
def test_no_address_of_an_object_is_recorded(project: Project, server: ScriptedServer) -> None:
    project.write(
        "m.py",
        """
        # jitc: enable
        class Box:
            def __init__(self):
                self.items = []

            def total(self) -> str:  # jitc: complete
                \"""The items, joined.

                >>> box = Box()
                >>> box.items.append('a')
                >>> box.total()
                'a'
                \"""
        """,
    )
    server.script = ["class Box:\n    def total(self):\n        return ''.join(self.items) or 0"] * 3
    more = {"JITC_CANDIDATE_SECONDS": "30", "WITH_HYPOTHESIS": "1"}
    assert complete(project, "m.py", server, **more)[0] == 0
    (doubt,) = [check for check in record(project, "Box.total")["checked"] if check.startswith("doubtful")]
    assert "returned 0" in doubt
    assert " at 0x" not in doubt


@pytest.mark.skipif(not hypothesis_available(), reason="hypothesis is not installed")
def test_a_crash_on_arguments_of_the_annotated_type_is_told_once_and_may_be_meant(
    project: Project, server: ScriptedServer
) -> None:
    project.write("m.py", COUNT.replace("How many words there are", "How many words there are before the first blank"))
    server.script = ["def count(text):\n    return len(text.split()) if text[0] else 0"] * 3
    assert complete(project, "m.py", server, JITC_CANDIDATE_SECONDS="30", WITH_HYPOTHESIS="1")[0] == 0
    assert len(server.requests) == 2
    assert "count('') raised IndexError" in told(server, 1)
    assert record(project, "count")["verified"]


def test_examples_that_never_run_the_body_do_not_count(project: Project, server: ScriptedServer) -> None:
    project.write(
        "m.py",
        '''
        # jitc: enable all
        from collections.abc import Iterator


        class Item:
            def __init__(self, price):
                self.price = price

            def total(self):
                """What it costs.

                >>> Basket([Item(100)]).total()
                100
                """


        class Basket:
            def __init__(self, items):
                self.items = items

            def total(self):
                return sum(item.price for item in self.items)


        class Shape:
            """A shape.

            >>> Circle().describe()
            'a circle'
            """

            def describe(self):
                """In words.

                >>> Circle().describe()
                'a circle'
                """


        class Circle(Shape):
            def describe(self):
                return "a circle"


        def f(x):
            """One more.

            >>> callable(f)
            True
            """


        def g(x):
            """One more.

            >>> xs = [g]
            >>> 1 + 1
            2
            """


        def h(x):
            """One more.

            >>> assert callable(h)
            """


        def steps(n) -> Iterator[int]:
            """The numbers up to n.

            >>> type(steps(3)).__name__
            'generator'
            """
        ''',
    )
    item = "class Item:\n    def total(self):\n        return -7\n"
    shape = "class Shape:\n    def describe(self):\n        return 42\n"
    others = "".join(f"def {name}(x):\n    return 17\n" for name in "fgh")
    server.script = [f"{item}{shape}{others}def steps(n):\n    yield 17\n"]
    code, errors = complete(project, "m.py", server)
    assert code == 0, errors
    (module,) = json.loads(project.run("-m", "jitc_import", "status", "--json").stdout)
    assert [stub["key"] for stub in module["stubs"]] == ["Item.total", "Shape.describe", "f", "g", "h", "steps"]
    assert not any("examples" in check for stub in module["stubs"] for check in stub["checked"])
    assert not any(stub["verified"] for stub in module["stubs"])
    for key in (stub["key"] for stub in module["stubs"]):
        assert f"{key}: none of its examples shows anything after a call of it, so they do not count" in errors


def test_examples_that_run_the_body_count_however_it_is_called(project: Project, server: ScriptedServer) -> None:
    project.write(
        "m.py",
        '''
        # jitc: enable all
        import asyncio
        import contextlib
        import functools
        import threading


        class Money:
            def __init__(self, cents):
                self.cents = cents

            def __add__(self, other):
                """The sum.

                >>> (Money(1) + Money(2)).cents
                3
                """

            @property
            def euros(self):
                """The whole euros.

                >>> Money(250).euros
                2
                """

            @classmethod
            def of(cls, euros):
                """So many euros.

                >>> Money.of(2).cents
                200
                """

            @staticmethod
            def parsed(text):
                """Cents in a text.

                >>> Money.parsed('7')
                7
                """


        @functools.lru_cache
        def double(x):
            """Twice x; double(4) == 8"""


        @contextlib.contextmanager
        def doubled(x):
            """Twice x.

            >>> with doubled(4) as y:
            ...     y
            8
            """


        def steps(n):
            """The numbers up to n; list(steps(3)) == [1, 2, 3]"""


        async def later(x):
            """Twice x.

            >>> asyncio.run(later(4))
            8
            """


        def noted(x, found):
            """Put x in.

            >>> found = []
            >>> thread = threading.Thread(target=noted, args=(4, found))
            >>> thread.start(); thread.join()
            >>> found
            [4]
            """


        def _parsed(text):
            """A number.

            >>> total("1 2")
            3
            """


        def total(text):
            return sum(map(_parsed, text.split()))
        ''',
    )
    methods = [
        "def __add__(self, other):\n        return Money(self.cents + other.cents)",
        "@property\n    def euros(self):\n        return self.cents // 100",
        "@classmethod\n    def of(cls, euros):\n        return cls(100 * euros)",
        "@staticmethod\n    def parsed(text):\n        return int(text)",
    ]
    functions = [
        "@functools.lru_cache\ndef double(x):\n    return 2 * x",
        "@contextlib.contextmanager\ndef doubled(x):\n    yield 2 * x",
        "def steps(n):\n    yield from range(1, n + 1)",
        "async def later(x):\n    return 2 * x",
        "def noted(x, found):\n    found.append(x)",
        "def _parsed(text):\n    return int(text)",
    ]
    server.script = ["\n    ".join(["class Money:", *methods]) + "\n" + "\n".join(functions)]
    code, errors = complete(project, "m.py", server)
    assert code == 0, errors
    (module,) = json.loads(project.run("-m", "jitc_import", "status", "--json").stdout)
    assert len(module["stubs"]) == len(methods) + len(functions)
    assert [stub["key"] for stub in module["stubs"] if "examples 1/1" not in stub["checked"]] == []
