"""What a body is denied in the child: held against it where nothing calls for it, else no word on it."""

from __future__ import annotations

import ast

import pytest

from conftest import Project
from jitc_import.checks.names import Scope
from jitc_import.checks.static import Surroundings, called_for
from server import ScriptedServer
from test_verified import complete, record, told

DOUBLE = '# jitc: enable all\ndef double(x: int) -> int:\n    """Twice x.\n\n    >>> double(4)\n    8\n    """\n'
RIGHT = "def double(x):\n    return 2 * x"
UNASKED = "nothing in its stub or module calls for"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("import os\n    while True:\n        os.fork()", "processes"),
        ("print(open('.env').read())\n    return x + 2", "reads files"),
        ("import socket\n    socket.create_connection(('127.0.0.1', 9))\n    return x + x", "network"),
        ("open('pwned.txt', 'w')\n    return x + x", "writes files"),
        ("import os\n    return x + int(os.environ['TWO'])", "environment"),
        ("import os\n    getattr(os, 'fo' + 'rk')()\n    return x + x", "processes"),
    ],
)
def test_what_nothing_calls_for_is_held_against_the_body(
    body: str, kind: str, project: Project, server: ScriptedServer
) -> None:
    project.write("m.py", DOUBLE)
    project.write(".env", "TWO=2")
    server.script = [f"def double(x):\n    {body}", RIGHT]
    code, errors = complete(project, "m.py", server)
    assert code == 0, errors
    assert f"double(4): the body was denied what {UNASKED} (" in told(server, 1)
    assert kind in told(server, 1)
    assert record(project, "double")["verified"]
    assert "does not count" not in errors


def test_it_is_held_against_the_body_that_did_it(project: Project, server: ScriptedServer) -> None:
    area = "def area(self):  # jitc: complete\n        'The area.'"
    project.write(
        "m.py",
        "# jitc: enable\n"
        "def half(x):  # jitc: complete\n    'Half of x.'\n\n\n"
        'def whole(x):  # jitc: complete\n    """x, by way of half.\n\n    >>> whole(2)\n    2.0\n    """\n\n\n'
        'class Square:\n    """One.\n\n    >>> Square().area()\n    1\n    """\n\n'
        f"    {area}\n",
    )
    good = {
        "half": "def half(x):\n    return x / 2",
        "whole": "def whole(x):\n    return 2 * half(x)",
        "Square.area": "class Square:\n    def area(self):\n        return 1",
    }
    forked = {**good, "half": good["half"].replace("return", "open('x', 'w')\n    return")}
    forked["Square.area"] = good["Square.area"].replace("return", "open('x', 'w')\n        return")
    server.script = ["\n".join(forked.values()), *["\n".join(good.values())] * 2]
    code, errors = complete(project, "m.py", server)
    assert code == 0, errors
    asked = told(server, 1) + told(server, 2)
    assert f"whole(2): the body was denied what {UNASKED}" in asked
    assert f"Square().area(): the body was denied what {UNASKED}" in asked
    assert record(project, "whole")["verified"]
    assert record(project, "Square.area")["verified"]


@pytest.mark.slow
def test_it_is_held_against_the_body_where_a_test_shows_it(project: Project, server: ScriptedServer) -> None:
    project.write("m.py", "# jitc: enable all tests=test_m.py\ndef double(x):\n    'Twice x.'\n")
    project.write("test_m.py", "from m import double\ndef test_it(): assert double(4) == 8\n")
    server.script = ["def double(x):\n    import os\n    os.fork()\n    return 2 * x", RIGHT]
    code, errors = complete(project, "m.py", server)
    assert code == 0, errors
    assert f"test_m.py::test_it: the body was denied what {UNASKED} (processes)" in told(server, 1)
    assert record(project, "double")["verified"]


def test_what_a_callback_does_is_not_the_body_s_own(project: Project, server: ScriptedServer) -> None:
    project.write(
        "m.py",
        '# jitc: enable all\ndef twice(f):\n    """Calls f twice.\n\n'
        '    >>> import os\n    >>> twice(lambda: os.fork())\n    """\n',
    )
    server.script = ["def twice(f):\n    f()\n    f()"]
    code, errors = complete(project, "m.py", server)
    assert code == 0, errors
    assert "doubtful: 1 of the examples not run" in record(project, "twice")["checked"]


@pytest.mark.parametrize(
    ("stub", "kinds"),
    [
        ("def save(path, rows):\n    'Keep the rows.'", "writes files"),
        ("def fetch(url):\n    'What is there.'", "network"),
        ("def load_config(path):\n    'The settings.'", "reads files, environment"),
        ("def note(text):\n    'Append a line to the log.'", "reads files, writes files"),
        ("def total(where: Path) -> int:\n    'The sum of all numbers there.'", "reads files"),
        ("def total(where):\n    '''The sum.\n\n    >>> total('/tmp/numbers')\n    3\n    '''", "reads files"),
        ("def count(name):\n    '''How many.\n\n    >>> count('a.txt')\n    3\n    '''", "reads files"),
        ("def backup(src, dst):\n    'Keep a second one.'", "reads files, writes files"),
        ("def is_up(host):\n    'Whether it answers.'", "network"),
        ("def call(cmd):\n    'What it says.'", "processes"),
        ("def api_key():\n    'The key for the service.'", "environment"),
        (
            "def both(a):\n    'See there.'\n    with open(a) as file:\n        raise NotImplementedError",
            "reads files",
        ),
        ("class Cache:\n    'Values in files of a folder.'\n    def get(self, key):\n        'One.'", "reads files"),
    ],
)
def test_what_ordinary_stubs_call_for_is_expected(stub: str, kinds: str) -> None:
    tree = ast.parse(stub)
    scope = Scope.of(tree)
    called = called_for([*scope.functions][-1], scope, "", Surroundings(tree))
    assert [kind for kind in kinds.split(", ") if not called.asks(kind)] == []
