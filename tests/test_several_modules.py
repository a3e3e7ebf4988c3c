"""Marked modules that import each other: what is imported comes first, and what still lacks a body condemns nothing."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from conftest import Project
from server import Response, ScriptedServer, asked_keys, script_from
from test_verified import complete, endpoint

BODIES = """
def area(x):
    return x * x


def double(x):
    return 2 * area(x)


def lone(x):
    return 3 * x


def top(x):
    return double(x) + 1
"""


def stub(name: str, argument: int, result: int) -> str:
    return f'\n\ndef {name}(x: int) -> int:\n    """It.\n\n    >>> {name}({argument})\n    {result}\n    """\n'


AREA, DOUBLE, LONE, TOP = stub("area", 3, 9), stub("double", 3, 18), stub("lone", 2, 6), stub("top", 3, 19)
MARK = "# jitc: enable all\n"


def records(project: Project) -> dict[str, Any]:
    told = json.loads(project.run("-m", "jitc_import", "status", "--json").stdout)
    return {one["key"]: one for module in told for one in module["stubs"]}


def verified(project: Project) -> dict[str, bool]:
    return {key: one["verified"] for key, one in records(project).items()}


def started(project: Project, server: ScriptedServer, code: str) -> str:
    done = project.run("-c", f"import jitc_import.activate\n{code}", env=endpoint(server), timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def asked(server: ScriptedServer) -> list[str]:
    return [key for request in server.requests for key in asked_keys(request)]


def test_what_a_module_imports_is_completed_before_it(project: Project, server: ScriptedServer) -> None:
    project.write("shapes.py", MARK + AREA)
    project.write("between.py", "from shapes import area\n")
    project.write("app.py", f"{MARK}from between import area{DOUBLE}")
    project.write("main.py", f"{MARK}import app\nfrom app import double{TOP}")
    server.script = script_from(BODIES)
    assert "19" in started(project, server, "import main\nprint(main.top(3))")
    assert asked(server) == ["area", "double", "top"]
    assert verified(project) == {"area": True, "double": True, "top": True}


@pytest.mark.slow
def test_only_what_the_import_would_ask_for_is_asked_for(project: Project, server: ScriptedServer) -> None:
    project.write("tried.py", f"{MARK}{LONE}")
    project.write("typing_only.py", f"{MARK}{AREA}")
    project.write("pkg/__init__.py", "def within(x):\n    return x\n")
    project.write("pkg/within.py", f"{MARK}{AREA}")
    project.write("pkg/part.py", f"{MARK}{DOUBLE.replace('18', '6')}")
    project.write(
        "app.py",
        f"{MARK}from typing import TYPE_CHECKING\nfrom pkg import part, within\n"
        "if TYPE_CHECKING:\n    import typing_only\ntry:\n    import tried\nexcept ImportError:\n    pass\n"
        f"def late():\n    import typing_only{TOP.replace('19', '7')}",
    )
    bodies = BODIES.replace("2 * area(x)", "2 * x").replace("double(x)", "part.double(x)")
    server.script = script_from(bodies.replace("def part.double", "def double"))
    started(project, server, "import app")
    assert asked(server) == ["double", "top", "lone"]


@pytest.mark.slow
def test_nothing_is_asked_for_beyond_an_import_that_ends_the_other(project: Project, server: ScriptedServer) -> None:
    project.write("shapes.py", MARK + AREA)
    project.write("app.py", f"{MARK}import os.path\nimport not_there\nimport shapes{LONE}")
    server.script = script_from(BODIES)
    done = project.run("-c", "import jitc_import.activate, app", env=endpoint(server), timeout=300)
    assert "No module named 'not_there'" in done.stderr
    assert asked(server) == ["lone"]


@pytest.mark.slow
def test_a_circle_ends_and_what_its_other_half_lacks_condemns_no_body(project: Project, server: ScriptedServer) -> None:
    project.write("here.py", f"{MARK}import there\ndef half(x):\n    return x // 2{AREA}")
    project.write("there.py", f"{MARK}import here{DOUBLE}{LONE}")
    server.script = script_from(BODIES.replace("2 * area", "2 * here.area"))
    told = started(project, server, "import here, there\nprint(here.area(3), there.double(3))")
    assert "9 18" in told
    assert told.count("here has stubs without a body") == 1
    assert asked(server) == ["double", "lone", "area"]
    assert verified(project) == {"area": True, "double": False, "lone": True}
    assert "doubtful: 1 of the examples not run" in records(project)["double"]["checked"]
    done = project.run("-c", "import jitc_import.activate, there; print(there.double(3))", env={"JITC_MODE": "locked"})
    assert done.stdout == "18\n", done.stderr


@pytest.mark.slow
def test_two_processes_go_along_a_circle_from_both_its_ends(project: Project, server: ScriptedServer) -> None:
    project.write("here.py", f"{MARK}import there{AREA}")
    project.write("there.py", f"{MARK}import here{LONE}")
    script = script_from(BODIES)
    server.script = lambda request: Response(script(request), wait=1)
    outputs: list[str] = []
    threads = [
        threading.Thread(target=lambda code=code: outputs.append(started(project, server, code)))
        for code in ("import here", "import there")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outputs) == 2
    assert sorted(asked(server)) == ["area", "lone"]
    assert verified(project) == {"area": True, "lone": True}, "".join(outputs)


LATE = f"{MARK}def squared(x):\n    from shapes import area\n    return area(x){DOUBLE}{LONE}"


@pytest.mark.slow
def test_nothing_is_proved_with_a_stub_of_another_module(project: Project, server: ScriptedServer) -> None:
    project.write("shapes.py", MARK + AREA)
    project.write("app.py", LATE)
    guess = "def double(x):\n    try:\n        return squared(x)\n    except NotImplementedError:\n        return 18\n"
    forged = (
        "def lone(x):\n    try:\n        squared(x)\n    except NotImplementedError as error:\n"
        "        text = str(error)\n    raise NotImplementedError(text)\n"
    )
    wrong = "def lone(x):\n    raise NotImplementedError('shapes.area has no body yet')\n"
    server.script = [guess + wrong, forged]
    code, errors = complete(project, "app.py", server)
    assert code == 0, errors
    assert len(server.requests) == 2
    found = records(project)
    assert [found[key]["verified"] for key in ("double", "lone")] == [False, False]
    assert "examples 1/1" not in found["double"]["checked"]
    assert found["area"]["state"] == "missing"


@pytest.mark.slow
def test_a_module_that_fails_is_told_when_it_is_imported(project: Project, server: ScriptedServer) -> None:
    project.write("shapes.py", MARK + AREA)
    project.write("other.py", MARK + TOP)
    project.write("app.py", f"{MARK}from shapes import area\nimport other{DOUBLE}{LONE}")
    right = script_from(BODIES)
    server.script = lambda request: "I cannot." if asked_keys(request) == ["area"] else right(request)
    done = project.run("-c", "import jitc_import.activate, app", env=endpoint(server, JITC_REPAIRS="0"), timeout=300)
    assert "CompletionError: shapes: " in done.stderr
    assert asked(server) == ["area", "double", "lone"]
    assert verified(project) == {"area": False, "double": False, "lone": True, "top": False}


@pytest.mark.slow
def test_complete_takes_what_is_imported_first(project: Project, server: ScriptedServer) -> None:
    project.write("pkg/__init__.py", "from .app import double\n")
    project.write("pkg/app.py", f"{MARK}from . import link{DOUBLE}")
    project.write("pkg/link.py", "from pkg.shapes import area\n")
    project.write("pkg/shapes.py", f"{MARK}{AREA}")
    project.write("pkg/alone.py", f"{MARK}{LONE}")
    bodies = script_from(BODIES.replace("2 * area", "2 * link.area"))
    server.script = lambda request: Response(bodies(request), wait=0.5)
    code, errors = complete(project, "pkg", server)
    assert code == 0, errors
    assert sorted(asked(server)[:2]) == ["area", "lone"]
    assert server.at_once == 2
    assert verified(project) == {"double": True, "lone": True, "area": True}


@pytest.mark.slow
def test_a_test_that_calls_a_stub_of_another_module_says_nothing(project: Project, server: ScriptedServer) -> None:
    project.write("shapes.py", MARK + AREA)
    project.write("app.py", LATE.replace("enable all", "enable all tests=tests.py").replace(">>>", "It:"))
    project.write(
        "tests.py",
        "from app import double, lone\n\n\ndef test_double():\n    assert double(3) == 18\n\n\n"
        "def test_lone():\n    assert lone(2) == 6\n",
    )
    server.script = script_from(BODIES.replace("2 * area", "2 * squared"))
    code, errors = complete(project, "app.py", server)
    assert code == 0, errors
    assert "app: shapes has stubs without a body" in errors
    assert verified(project) == {"area": False, "double": False, "lone": True}


@pytest.mark.slow
def test_a_module_that_calls_such_a_stub_as_it_is_imported_is_not_run(project: Project, server: ScriptedServer) -> None:
    project.write("shapes.py", MARK + AREA)
    project.write("app.py", f"{LATE}\n\nSIZE = double(3)\n")
    server.script = script_from(BODIES.replace("2 * area", "2 * squared"))
    code, errors = complete(project, "app.py", server)
    assert code == 0, errors
    assert "shapes.area has no body yet" in errors
    assert verified(project) == {"area": False, "double": False, "lone": False}


@pytest.mark.slow
def test_examples_of_a_class_that_call_such_a_stub_do_not_count(project: Project, server: ScriptedServer) -> None:
    project.write("shapes.py", MARK + AREA)
    project.write(
        "app.py",
        """
        # jitc: enable all
        class Square:
            '''A square.

            >>> Square().area()
            9
            '''

            def area(self) -> int:
                '''Its area.'''

            def name(self) -> str:
                '''Its name.

                >>> Square().name()
                'square'
                '''


        def squared(x):
            from shapes import area
            return area(x)
        """,
    )
    body = (
        "class Square:\n    def area(self):\n        return squared(3)\n    def name(self):\n        return 'square'\n"
    )
    server.script = [body]
    code, errors = complete(project, "app.py", server)
    assert code == 0, errors
    found = records(project)
    assert "doubtful: 1 of the examples not run of the class" in found["Square.area"]["checked"]
    assert found["Square.name"]["verified"]
