"""Bodies are kept if they do what their docstrings show: examples, evidence, further candidates, doubts."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from typing import Any

import psutil
import pytest

from conftest import ROOT, Project
from preloaded import Terminal
from server import ScriptedServer, asked_keys

CLAMP = '''
# jitc: enable
def clamp(x: int, low: int, high: int) -> int:  # jitc: complete
    """x, but not below low and not above high.

    >>> clamp(5, 0, 3)
    3
    >>> clamp(-5, 0, 3)
    0
    """
'''
RIGHT = "```python\ndef clamp(x, low, high):\n    return max(low, min(x, high))\n```"
WRONG = "```python\ndef clamp(x, low, high):\n    return min(x, high)\n```"

PAIRS = '''
# jitc: enable
def pairs(numbers: list[int]) -> list[tuple[int, ...]]:  # jitc: complete
    """The numbers two by two.

    >>> pairs([1, 2, 3, 4])
    [(1, 2), (3, 4)]
    >>> pairs([])
    []
    """
'''

SIZE = '''
# jitc: enable
def size(x: int) -> int:  # jitc: complete
    """The absolute value.

    >>> size(1)
    1
    >>> size(2)
    2
    >>> size(-3)
    3
    """
'''

CHAIN = '''
# jitc: enable all
def half(x: int) -> int:
    """Half of x, rounded down.

    >>> half(7)
    3
    """


def quarter(x: int) -> int:
    """Half of the half of x.

    >>> quarter(9)
    2
    """


def label(x: int) -> str:
    """x in brackets.

    >>> label(3)
    '[3]'
    """
'''


def endpoint(server: ScriptedServer, **more: str) -> dict[str, str]:
    return {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-test", "JITC_MODEL": "scripted", **more}


def complete(project: Project, name: str, server: ScriptedServer, **more: str) -> tuple[int, str]:
    done = project.run("-m", "jitc_import", "complete", name, env=endpoint(server, **more))
    return done.returncode, done.stderr


def told(server: ScriptedServer, number: int) -> str:
    """The last message of a request."""
    return str(server.requests[number]["messages"][-1]["content"])


def record(project: Project, key: str, env: dict[str, str] | None = None) -> dict[str, Any]:
    (module,) = json.loads(project.run("-m", "jitc_import", "status", "--json", env=env).stdout)
    return next(stub for stub in module["stubs"] if stub["key"] == key)


def test_a_body_that_passes_its_examples_is_verified_and_says_so(project: Project, server: ScriptedServer) -> None:
    project.write("ranges.py", CLAMP)
    server.script = [RIGHT]
    code, errors = complete(project, "ranges.py", server)
    assert code == 0, errors
    found = record(project, "clamp")
    assert "examples 2/2" in found["checked"]
    assert found["verified"]
    assert (found["requests"], found["candidates"]) == (1, 1)
    assert found["confined"]
    kept = (project.root / "__jitc__" / "ranges.jitc.py").read_text()
    assert f"# confined: {found['confined']}\n" in kept


def test_a_wrong_body_goes_back_with_the_example_what_was_expected_and_what_came(
    project: Project, server: ScriptedServer
) -> None:
    project.write("ranges.py", CLAMP)
    server.script = [WRONG, RIGHT]
    code, errors = complete(project, "ranges.py", server)
    assert code == 0, errors
    assert "clamp(-5, 0, 3)" in told(server, 1)
    assert "-5" in told(server, 1)
    assert "expected 0" in told(server, 1)
    assert server.requests[1]["messages"][:2] == server.requests[0]["messages"]
    assert record(project, "clamp")["requests"] == 2


def test_an_exception_goes_back_with_its_line_in_the_candidate(project: Project, server: ScriptedServer) -> None:
    project.write("ranges.py", CLAMP)
    server.script = ["def clamp(x, low, high):\n    bounds = [low, high]\n    return bounds[x]", RIGHT]
    assert complete(project, "ranges.py", server)[0] == 0
    assert "IndexError" in told(server, 1)
    assert "return bounds[x]" in told(server, 1)


def test_a_body_that_stays_wrong_is_refused_with_the_evidence_and_what_it_took_is_recorded(
    project: Project, server: ScriptedServer
) -> None:
    project.write("ranges.py", CLAMP)
    server.script = [WRONG, WRONG.replace("min(x", "min(x + 0"), WRONG.replace("min(x", "min(x - 0")]
    code, errors = complete(project, "ranges.py", server)
    assert code == 1
    assert "clamp(-5, 0, 3)" in errors
    found = record(project, "clamp", endpoint(server))
    assert (found["state"], found["requests"], found["candidates"]) == ("failed", 3, 3)
    assert found["tokens_out"] > 0
    assert not found["verified"]


@pytest.mark.slow
@pytest.mark.parametrize("package", ["", "from pkg.ranges import clamp\n"])
def test_a_module_of_a_package_is_run_with_its_bodies(package: str, project: Project, server: ScriptedServer) -> None:
    project.write("pyproject.toml", "")
    project.write("src/pkg/__init__.py", package)
    project.write("src/pkg/ranges.py", CLAMP)
    server.script = [WRONG, RIGHT]
    code, errors = complete(project, "src/pkg/ranges.py", server)
    assert code == 0, errors
    assert "clamp(-5, 0, 3)" in told(server, 1)
    assert record(project, "clamp")["verified"]


def test_static_runs_nothing(project: Project, server: ScriptedServer) -> None:
    project.write("ranges.py", CLAMP)
    server.script = [WRONG]
    assert complete(project, "ranges.py", server, JITC_VERIFY="static")[0] == 0
    found = record(project, "clamp")
    assert not any(check.startswith("examples") for check in found["checked"])
    assert not found["verified"]
    assert found["confined"] is None


def test_the_last_of_three_examples_is_kept_back_from_the_first_prompt(
    project: Project, server: ScriptedServer
) -> None:
    project.write("ranges.py", CLAMP.replace("    0\n", "    0\n    >>> clamp(21, 20, 30)\n    21\n"))
    by_rote = "def clamp(x, low, high):\n    return {(5, 0, 3): 3, (-5, 0, 3): 0}[x, low, high]"
    server.script = [by_rote, RIGHT]
    code, errors = complete(project, "ranges.py", server)
    assert code == 0, errors
    first = json.dumps(server.requests[0]["messages"])
    assert "clamp(-5, 0, 3)" in first
    assert "clamp(21, 20, 30)" not in first
    assert "clamp(21, 20, 30)" in told(server, 1)
    assert "examples 3/3" in record(project, "clamp")["checked"]


@pytest.mark.slow
def test_only_the_stub_that_is_to_blame_is_asked_again(project: Project, server: ScriptedServer) -> None:
    project.write("parts.py", CHAIN)
    first = (
        "def half(x):\n    return x\n\ndef quarter(x):\n    return half(half(x))\n\ndef label(x):\n    return f'[{x}]'"
    )
    server.script = [first, "def half(x):\n    return x // 2"]
    code, errors = complete(project, "parts.py", server)
    assert code == 0, errors
    assert asked_keys(server.requests[1]) == ["half"]
    assert "examples 1/1" in record(project, "quarter")["checked"]
    assert (record(project, "quarter")["requests"], record(project, "half")["requests"]) == (1, 2)
    table = project.run("-m", "jitc_import", "status").stdout
    assert "1 request shared by 3 stubs, " in table
    assert "2 requests, the first shared by 3 stubs, " in table


def test_several_that_ran_and_were_wrong_are_asked_one_by_one_with_the_others_in_view(
    project: Project, server: ScriptedServer
) -> None:
    project.write("parts.py", CHAIN)
    first = "def half(x):\n    return x\n\ndef quarter(x):\n    return x // 4\n\ndef label(x):\n    return f'<{x}>'"
    server.script = [first, "def half(x):\n    return x // 2", "def label(x):\n    return f'[{x}]'"]
    code, errors = complete(project, "parts.py", server)
    assert code == 0, errors
    assert [asked_keys(request) for request in server.requests[1:]] == [["half"], ["label"]]
    assert "return x // 4" in server.requests[2]["messages"][-2]["content"]


@pytest.mark.parametrize(
    "example",
    [">>> clamp([1, 2, 3)\n    4", ">>> unknown(3)\n    4", ">>> clamp(1)\n    1", ">>> clamp(1, 2, 3)[\n    4"],
)
def test_an_example_that_cannot_be_right_condemns_nothing_and_is_reported(
    project: Project, server: ScriptedServer, example: str
) -> None:
    project.write("ranges.py", CLAMP.replace("    0\n", f"    0\n    {example}\n"))
    server.script = [RIGHT]
    code, errors = complete(project, "ranges.py", server)
    assert code == 0, errors
    assert "example seems wrong" in errors
    assert "examples 2/2" in record(project, "clamp")["checked"]


def test_an_example_that_three_different_bodies_contradict_alike_is_doubted(
    project: Project, server: ScriptedServer
) -> None:
    project.write("ranges.py", CLAMP.replace("    0\n", "    0\n    >>> clamp(1, 0, 3)\n    2\n"))
    server.script = [
        RIGHT,
        RIGHT.replace("max(low, min(x, high))", "min(max(low, x), high)"),
        RIGHT.replace("max(low, min(x, high))", "low if x < low else high if x > high else x"),
    ]
    code, errors = complete(project, "ranges.py", server, JITC_ON_UNVERIFIED="keep")
    assert code == 0, errors
    assert "clamp(1, 0, 3)" in errors
    found = record(project, "clamp")
    assert "examples 2/2" in found["checked"]
    assert not found["verified"]


def test_an_example_that_seems_wrong_is_for_the_user_to_judge(project: Project, server: ScriptedServer) -> None:
    project.write("ranges.py", SIZE)
    server.script = [f"def size(x):\n    return {body}" for body in ("x", "+x", "x * 1")]
    code, errors = complete(project, "ranges.py", server)
    assert code == 1
    assert "the example `size(-3)` seems wrong: different bodies agree on another answer; is it meant so?" in errors
    assert not (project.root / "__jitc__" / "ranges.jitc.py").read_text().count("return")


@pytest.mark.parametrize(
    ("example", "body"),
    [
        (">>> adder(2)(3)\n    5\n    >>> adder(0)(1)\n    1", "return lambda: n"),
        (">>> print(*adder(3))\n    0 1 2", "list(range(n))"),
        (">>> int(adder(12))\n    12", "str(n)"),
        (">>> list(adder([1, 2]))\n    [1, 4]", "return map(pow, n)"),
    ],
)
def test_a_wrong_value_is_not_taken_for_a_wrong_example(
    project: Project, server: ScriptedServer, example: str, body: str
) -> None:
    project.write("sums.py", f'# jitc: enable all\ndef adder(n):\n    """Adds.\n\n    {example}\n    """\n')
    server.script = [f"def adder(n):\n    {body}"] * 3
    assert complete(project, "sums.py", server)[0] == 1


def test_the_right_body_wins_over_one_that_fails_an_example(project: Project, server: ScriptedServer) -> None:
    example = ">>> callable(adder(2))\n    True\n    >>> adder(2)(3)\n    5"
    project.write("sums.py", f'# jitc: enable all\ndef adder(n):\n    """Adds.\n\n    {example}\n    """\n')
    server.script = ["def adder(n):\n    return lambda: n", "def adder(n):\n    return lambda x: x + n"]
    assert complete(project, "sums.py", server, JITC_CANDIDATES="2")[0] == 0
    assert "lambda x: x + n" in (project.root / "__jitc__" / "sums.jitc.py").read_text()


def test_what_the_confinement_denies_is_not_held_against_a_body(project: Project, server: ScriptedServer) -> None:
    example = ">>> save('/tmp/some.txt', 'x')\n    1\n    >>> save('', '')\n    0"
    text = (
        f'# jitc: enable all\ndef save(path: str, text: str) -> int:\n    """Save a text.\n\n    {example}\n    """\n'
    )
    project.write("files.py", text)
    body = "    if not path:\n        return 0\n    with open(path, 'w') as file:\n        return file.write(text)"
    server.script = [f"def save(path, text):\n{body}"]
    code, errors = complete(project, "files.py", server)
    assert code == 0, errors
    assert "cannot be run confined" in errors
    found = record(project, "save")
    assert "doubtful: 1 of the examples not run" in found["checked"]
    assert not found["verified"]


def test_neither_secrets_nor_terminal_codes_of_a_candidate_are_shown_kept_or_sent(
    project: Project, server: ScriptedServer
) -> None:
    key = "sk-ant-" + "a1B2c3D4e5" * 9
    project.write("conf.json", json.dumps({"x" * 100: "y" * 90, "key": key, "z": "z"}))
    project.write(
        "m.py",
        '''
        # jitc: enable all
        import json


        def load() -> str:
            """A name.

            >>> load()
            'bob'
            """
        ''',
    )
    opened = f"json.load(open({str(project.root / 'conf.json')!r}))"
    server.script = [
        f"def load():\n    return {opened}",
        f"def load():\n    return {opened}['key']",
        'def load():\n    raise ValueError("\\x1b]52;c;aGk=\\x07\\u202e evil")',
    ]
    code, errors = complete(project, "m.py", server)
    assert code == 1
    sent = json.dumps([request["messages"] for request in server.requests])
    kept = (project.root / "__jitc__" / "m.jitc.py").read_text()
    for text in (sent, kept, errors):
        assert key[-12:] not in text
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert "API key]" in sent


def _seconds_of_descendants(pid: int) -> list[float]:
    seconds = []
    for process in psutil.Process(pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            seconds.append(process.cpu_times().user)
    return seconds


@pytest.mark.slow
def test_ctrl_c_while_a_body_runs_keeps_what_passed_and_leaves_no_lock(
    project: Project, server: ScriptedServer
) -> None:
    project.write(
        "two.py",
        '''
        # jitc: enable all
        def good(x: int) -> int:
            """Twice x.

            >>> good(2)
            4
            """


        def loop(x: int) -> int:
            """x.

            >>> loop(2)
            2
            """
        ''',
    )
    server.script = ["def good(x):\n    return 2 * x\n\n\ndef loop(x):\n    while True:\n        pass"] * 4
    env = {**os.environ, **endpoint(server, JITC_CANDIDATE_SECONDS="30"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "jitc_import", "complete", "two.py"]
    with subprocess.Popen(command, cwd=project.root, env=env, stderr=subprocess.PIPE, text=True) as running:
        while not any(seconds > 2 for seconds in _seconds_of_descendants(running.pid)):
            assert running.poll() is None
            time.sleep(0.1)  # nothing but the endless loop takes so long
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=20)
    assert running.returncode == 130
    assert record(project, "good")["verified"]
    assert record(project, "loop")["state"] == "missing"
    folder = project.root / "__jitc__"
    assert [path.name for path in folder.iterdir()] == ["two.jitc.py"]
    assert "return 2 * x" in (folder / "two.jitc.py").read_text()


def test_a_module_that_does_not_run_in_the_child_has_that_recorded(project: Project, server: ScriptedServer) -> None:
    project.write("ranges.py", CLAMP.replace("# jitc: enable", "# jitc: enable\nimport not_installed_here"))
    server.script = [RIGHT]
    assert complete(project, "ranges.py", server)[0] == 0
    assert record(project, "clamp")["confined"] == "nothing was run"


def test_more_candidates_are_asked_for_warmer_and_warmer_until_one_passes(
    project: Project, server: ScriptedServer
) -> None:
    project.write("ranges.py", CLAMP.replace(": int, low: int, high: int", ", low, high"))
    wrong = [WRONG, WRONG, *(WRONG.replace("high)", f"{number})") for number in range(5))]
    server.script = [*wrong, *[RIGHT] * 9]
    code, errors = complete(project, "ranges.py", server, JITC_CANDIDATES="9")
    assert code == 0, errors
    warm = [request["temperature"] for request in server.requests if request["temperature"]]
    assert warm == sorted(warm)
    assert len(warm) >= 4
    assert "explain in a few short steps" in told(server, 1)
    assert "max(low, min(x, high))" in (project.root / "__jitc__" / "ranges.jitc.py").read_text()


def test_of_bodies_that_all_pass_the_one_that_most_agree_on_is_kept(project: Project, server: ScriptedServer) -> None:
    project.write("ranges.py", CLAMP)
    odd = "def clamp(x, low, high):\n    return 3 if x > 4 else 0 if x < 0 else x + 1"
    other = RIGHT.replace("max(low, min(x, high))", "min(max(low, x), high)")
    server.script = [odd, RIGHT, other, RIGHT, other]
    code, errors = complete(project, "ranges.py", server, JITC_CANDIDATES="5")
    assert code == 0, errors
    assert any("agreement" in check for check in record(project, "clamp")["checked"])
    assert "x + 1" not in (project.root / "__jitc__" / "ranges.jitc.py").read_text()


def test_bodies_that_do_not_agree_are_not_called_verified(project: Project, server: ScriptedServer) -> None:
    project.write("ranges.py", CLAMP)
    server.script = ["def clamp(x, low, high):\n    return 3 if x > 4 else 0 if x < 0 else x + 1", RIGHT]
    assert complete(project, "ranges.py", server, JITC_CANDIDATES="2")[0] == 0
    found = record(project, "clamp")
    assert any(check.startswith("doubtful") for check in found["checked"])
    assert not found["verified"]


def test_a_body_that_comes_out_alone_among_several_is_not_called_verified(
    project: Project, server: ScriptedServer
) -> None:
    project.write("ranges.py", CLAMP)
    server.script = [WRONG, WRONG.replace("min(x, high)", "x"), WRONG.replace("min(x, high)", "low"), RIGHT]
    assert complete(project, "ranges.py", server, JITC_CANDIDATES="4", JITC_REPAIRS="0")[0] == 0
    found = record(project, "clamp")
    assert "doubtful: 1 of 4 candidates comes out" in found["checked"]
    assert not found["verified"]


def test_where_a_candidate_failed_two_that_agree_are_not_yet_enough(project: Project, server: ScriptedServer) -> None:
    project.write("ranges.py", CLAMP)
    other = "def clamp(x, low, high):\n    least = min(x, high)\n    return low if least < low else least"
    server.script = [WRONG, RIGHT, other, RIGHT, RIGHT]
    assert complete(project, "ranges.py", server, JITC_CANDIDATES="8")[0] == 0
    assert len(server.requests) == 4
    assert "agreement 100% of 3 (2 texts)" in record(project, "clamp")["checked"]


def test_one_text_given_over_and_over_is_no_agreement(project: Project, server: ScriptedServer) -> None:
    project.write("ranges.py", CLAMP)
    server.script = [RIGHT] * 9
    assert complete(project, "ranges.py", server, JITC_CANDIDATES="8")[0] == 0
    assert len(server.requests) == 2
    found = record(project, "clamp")["checked"]
    assert "the same text twice" in found
    assert not any("agreement" in check for check in found)


@pytest.mark.slow
def test_a_body_that_fails_as_its_input_makes_it_is_right(project: Project, server: ScriptedServer) -> None:
    project.write(
        "right.py",
        '''
        # jitc: enable all
        def ratio(a: int, b: int) -> float:
            """a / b as a float: ratio(1, 2) == 0.5"""


        def parse(text: str) -> dict[str, int]:
            """Of pairs: parse("a=1, b=2") == {"a": 1, "b": 2}"""


        def load(path: str) -> str:
            """What a file holds."""


        def pick(xs: list[int]) -> int:
            """The least but one."""
        ''',
    )
    parse = (
        "    pairs = (pair.split('=') for pair in text.split(','))\n    return {k.strip(): int(v) for k, v in pairs}"
    )
    rest = "def load(path):\n    return open(path).read()\ndef pick(xs):\n    return sorted(xs)[1]"
    server.script = [f"def ratio(a, b):\n    return a / b\ndef parse(text):\n{parse}\n{rest}"] * 9
    code, errors = complete(project, "right.py", server, JITC_CANDIDATES="4")
    assert code == 0, errors
    assert len(server.requests) == 2
    for key in ("ratio", "parse", "load", "pick"):
        assert not any("doubtful" in check for check in record(project, key)["checked"])


def test_a_body_that_keeps_breaking_down_is_not_called_verified(project: Project, server: ScriptedServer) -> None:
    project.write("lists.py", PAIRS)
    body = "def pairs(numbers):\n    return [(numbers[at], numbers[at + 1]) for at in range(0, len(numbers), 2)]"
    server.script = [body, body, body]
    assert complete(project, "lists.py", server, JITC_CANDIDATES="3")[0] == 0
    found = record(project, "pairs")
    assert any(check.startswith("doubtful: `pairs([") and "IndexError" in check for check in found["checked"])
    assert not found["verified"]


def test_keep_takes_the_body_that_most_examples_speak_for(project: Project, server: ScriptedServer) -> None:
    project.write("ranges.py", CLAMP)
    server.script = ["def clamp(x, low, high):\n    return 17", WRONG, "def clamp(x, low, high):\n    return 18"]
    code, errors = complete(project, "ranges.py", server, JITC_ON_UNVERIFIED="keep")
    assert code == 0, errors
    assert "clamp" in errors
    assert "examples 1/2" in record(project, "clamp")["checked"]
    assert not record(project, "clamp")["verified"]
    assert "min(x, high)" in (project.root / "__jitc__" / "ranges.jitc.py").read_text()


def test_a_module_that_cannot_run_in_the_child_is_completed_and_that_is_said_once(
    project: Project, server: ScriptedServer
) -> None:
    project.write("ranges.py", CLAMP.replace("# jitc: enable", "# jitc: enable\nimport not_installed_here"))
    server.script = [WRONG]
    code, errors = complete(project, "ranges.py", server)
    assert code == 0, errors
    assert errors.count("not_installed_here") == 1
    assert not record(project, "clamp")["verified"]


@pytest.mark.slow
def test_a_module_that_takes_long_to_import_condemns_no_body(project: Project, server: ScriptedServer) -> None:
    project.write("ranges.py", f"{CLAMP}\nimport time\ntime.sleep(3)\n")
    server.script = [WRONG]
    code, errors = complete(project, "ranges.py", server, JITC_CANDIDATE_SECONDS="0.5")
    assert code == 0, errors
    assert errors.count("did not end within 0.5 s") == 1
    assert not record(project, "clamp")["verified"]


@pytest.mark.slow
def test_a_body_that_never_ends_as_its_module_is_imported_is_to_blame_for_that(
    project: Project, server: ScriptedServer
) -> None:
    project.write("ranges.py", CLAMP + "\nTOP = clamp(5, 0, 3)\n")
    server.script = ["def clamp(x, low, high):\n    while True:\n        pass", RIGHT]
    code, errors = complete(project, "ranges.py", server, JITC_CANDIDATE_SECONDS="0.5")
    assert code == 0, errors
    assert "did not end within 0.5 s" in told(server, 1)
    assert record(project, "clamp")["verified"]


def test_a_body_whose_value_breaks_its_module_as_it_is_imported_is_to_blame_for_that(
    project: Project, server: ScriptedServer
) -> None:
    project.write("ranges.py", CLAMP + "\nTOP = clamp(5, 0, 3) + 1\n")
    server.script = ["def clamp(x, low, high):\n    return str(x)", RIGHT]
    code, errors = complete(project, "ranges.py", server)
    assert code == 0, errors
    assert "TypeError" in told(server, 1)
    assert record(project, "clamp")["verified"]


def test_a_body_that_the_module_calls_as_it_is_imported_is_to_blame_for_that(
    project: Project, server: ScriptedServer
) -> None:
    project.write("ranges.py", CLAMP + "\nTOP = clamp(5, 0, 3)\n")
    server.script = ["def clamp(x, low, high):\n    return [][x]", RIGHT]
    code, errors = complete(project, "ranges.py", server)
    assert code == 0, errors
    assert "IndexError" in told(server, 1)


def test_what_a_body_printed_is_not_sent_where_it_holds_a_secret(project: Project, server: ScriptedServer) -> None:
    secret = "ghp_" + "a1B2" * 9
    project.write("ranges.py", f"{CLAMP}\nKEY = '-'.join(['ghp_' + 'a1B2' * 9])\n")
    server.script = ["def clamp(x, low, high):\n    return KEY", RIGHT]
    code, errors = complete(project, "ranges.py", server)
    assert code == 0, errors
    assert secret not in json.dumps(server.requests)
    assert "GitHub token" in told(server, 1)


def test_a_loop_without_end_is_stopped_and_named(project: Project, server: ScriptedServer) -> None:
    project.write("ranges.py", CLAMP)
    server.script = ["def clamp(x, low, high):\n    while True:\n        pass", RIGHT]
    code, errors = complete(project, "ranges.py", server, JITC_CANDIDATE_SECONDS="0.5")
    assert code == 0, errors
    assert "did not end within 0.5 s" in told(server, 1)


def test_a_stub_for_which_nothing_new_comes_is_given_up_before_the_tries_are_spent(
    project: Project, server: ScriptedServer
) -> None:
    project.write("ranges.py", CLAMP)
    server.script = [WRONG] * 20
    code, errors = complete(project, "ranges.py", server, JITC_REPAIRS="15")
    assert code == 1
    assert "given up" in errors
    assert len(server.requests) < 8


def test_the_repair_of_a_body_that_only_advice_speaks_against_shows_that_body(
    project: Project, server: ScriptedServer
) -> None:
    project.write("ranges.py", CLAMP)
    crashing = "def clamp(x, low, high):\n    return [low, x, high][1 + (x > high) - (x < low) if x in (5, -5) else 7]"
    server.script = [WRONG, crashing, *[RIGHT] * 3]
    code, errors = complete(project, "ranges.py", server, JITC_CANDIDATES="3", JITC_REPAIRS="0")
    assert code == 0, errors
    (shown,) = [
        request["messages"][-2]["content"]
        for request in server.requests
        if "its examples come out, but" in request["messages"][-1]["content"]
    ]
    assert "else 7" in shown


def review(project: Project, server: ScriptedServer, answers: str, **more: str) -> tuple[int, int]:
    """Complete ranges.py in a terminal, a letter an answer, "c" for Ctrl-C; returns exit code and questions asked."""
    pexpect = pytest.importorskip("pexpect")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb", "JITC_TYPES": "0"}
    env |= endpoint(server, JITC_MODE="review", **more)
    terminal = Terminal(["-m", "jitc_import", "complete", "ranges.py"], project.root, env, timeout=30)
    asked = 0
    while terminal.shown.expect(["Accept this body", pexpect.EOF]) == 0:
        asked += 1
        answer = answers[min(asked, len(answers)) - 1]
        terminal.shown.send("\x03" if answer == "c" else f"{answer}\n")
    return abs(terminal.wait()), asked


def test_what_a_body_does_besides_is_in_its_section_and_in_the_status(project: Project, server: ScriptedServer) -> None:
    stub = 'def load(path: str) -> str:  # jitc: complete\n    """The text of the file at path; prints its length."""\n'
    project.write("m.py", f"# jitc: enable\n{stub}")
    server.script = ["def load(path):\n    text = open(path).read()\n    print(len(text))\n    return text"]
    assert complete(project, "m.py", server)[0] == 0
    assert "# effects: prints, reads files\n" in (project.root / "__jitc__/m.jitc.py").read_text()
    assert record(project, "load")["effects"] == "prints, reads files"
    assert "prints, reads files" in " ".join(project.run("-m", "jitc_import", "status").stdout.split())


def test_a_caller_that_stands_before_its_callee_is_asked_for_after_it(project: Project, server: ScriptedServer) -> None:
    half, quarter = CHAIN.split("\n\n\n")[:2]
    project.write("m.py", f"# jitc: enable all\n{quarter.strip()}\n\n\n{half.partition('enable all')[2].strip()}\n")
    both = "def quarter(x):\n    return half(half(x)) + 1\n\n\ndef half(x):\n    return x // 2 + 1"
    server.script = [both, "def half(x):\n    return x // 2", "def quarter(x):\n    return half(half(x))"]
    assert complete(project, "m.py", server)[0] == 0
    assert [asked_keys(request) for request in server.requests[1:]] == [["half"], ["quarter"]]


def test_a_person_is_asked_about_the_body_that_is_kept_and_it_is_that_which_is_turned_down(
    project: Project, server: ScriptedServer
) -> None:
    project.write("ranges.py", CLAMP)
    odd = "def clamp(x, low, high):\n    return 3 if x > 4 else 0 if x < 0 else x + 1"
    other = RIGHT.replace("max(low, min(x, high))", "min(max(low, x), high)")
    server.script = [odd, RIGHT, other, RIGHT, other]
    more = {"JITC_CANDIDATES": "5", "JITC_REPAIRS": "0"}
    code, asked = review(project, server, "n", **more)
    assert (code, asked) == (1, 1)
    assert (
        not (project.root / "__jitc__" / "ranges.jitc.py").exists()
        or "min(" not in (project.root / "__jitc__" / "ranges.jitc.py").read_text()
    )


@pytest.mark.slow
def test_keep_does_not_keep_what_a_person_turned_down(project: Project, server: ScriptedServer) -> None:
    project.write("ranges.py", CLAMP)
    server.script = [RIGHT] * 4
    code, asked = review(project, server, "n", JITC_ON_UNVERIFIED="keep", JITC_REPAIRS="1")
    assert (code, asked) == (1, 1)
    server.script = [WRONG] * 9
    code, asked = review(project, server, "y", JITC_ON_UNVERIFIED="keep", JITC_MODEL="other")
    assert (code, asked) == (0, 1)


@pytest.mark.slow
def test_who_leaves_a_review_is_not_asked_again(project: Project, server: ScriptedServer) -> None:
    project.write("ranges.py", CLAMP)
    server.script = [RIGHT]
    code, asked = review(project, server, "c")
    assert code != 0
    assert asked == 1


@pytest.mark.slow
def test_a_body_of_the_wrong_type_goes_back_with_the_message_of_the_checker(
    project: Project, server: ScriptedServer
) -> None:
    pytest.importorskip("mypy")
    project.write("names.py", "# jitc: enable all\ndef label(x: int) -> str:\n    ...\n")
    server.script = ["def label(x):\n    return x + 1", "def label(x):\n    return str(x)"]
    code, errors = complete(project, "names.py", server, JITC_TYPES="1")
    assert code == 0, errors
    assert "return x + 1" in told(server, 1)
    assert "types" in record(project, "label")["checked"]


@pytest.mark.slow
def test_the_users_tests_are_a_gate(project: Project, server: ScriptedServer) -> None:
    project.write("pyproject.toml", "")
    project.write("names.py", "# jitc: enable all tests=test_names.py\ndef label(x: int) -> str:\n    ...\n")
    project.write("test_names.py", "import names\n\ndef test_label():\n    assert names.label(3) == '[3]'\n")
    server.script = ["def label(x):\n    return str(x)", "def label(x):\n    return f'[{x}]'"]
    code, errors = complete(project, "names.py", server)
    assert code == 0, errors
    assert "test_label" in told(server, 1)
    assert "tests 1/1" in record(project, "label")["checked"]
