"""The commands, as a person types them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from conftest import ROOT, Project
from server import Response, ScriptedServer, script_from
from test_complete import BODIES, SHAPES, endpoint


@pytest.fixture
def package(project: Project) -> Project:
    project.write("pkg/__init__.py", "")
    project.write("pkg/shapes.py", SHAPES)
    project.write("pkg/more/numbers.py", '# jitc: enable\ndef one() -> int:  # jitc: complete\n    """1."""\n')
    project.write("pkg/plain.py", "def f(): ...\n")
    return project


def answers(request: dict[str, object]) -> str:
    return script_from(BODIES + "\n\ndef one() -> int:\n    return 1\n")(request)


def jitc(project: Project, *arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return project.run("-m", "jitc_import", *arguments, env=env)


@pytest.mark.parametrize("target", ["pkg", ".", "pkg/shapes.py", "pkg.shapes"])
def test_complete_takes_folders_files_and_module_names(package: Project, target: str) -> None:
    with ScriptedServer(answers) as server:
        done = jitc(package, "complete", target, env=endpoint(server))
    assert done.returncode == 0, done.stderr
    assert (package.root / "pkg/__jitc__/shapes.jitc.py").exists()
    assert (package.root / "pkg/more/__jitc__/numbers.jitc.py").exists() == (target in {"pkg", "."})
    assert done.stdout == ""


def test_where_there_is_no_model_to_ask_none_is_named(project: Project) -> None:
    project.write("m.py", '# jitc: enable\ndef one() -> int:  # jitc: complete\n    """1."""\n')
    done = jitc(project, "complete", "m.py", env={"XDG_DATA_HOME": str(project.root)})
    assert done.returncode == 1
    assert "jitc: m: completing 1 stub (one)\n" in done.stderr
    assert "no model to ask. There are three ways" in done.stderr
    assert "gpt-" not in done.stderr


@pytest.mark.slow
def test_modules_are_completed_side_by_side(project: Project) -> None:
    for number in range(4):
        project.write(f"m{number}.py", "# jitc: enable\ndef one() -> int: ...  # jitc: complete\n")
    with ScriptedServer(lambda _: Response("def one() -> int:\n    return 1", wait=0.5)) as server:
        done = jitc(project, "complete", ".", env=endpoint(server))
        assert done.returncode == 0, done.stderr
        assert server.at_once == 4
        assert len(server.requests) == 4
    with ScriptedServer(lambda _: Response("def one() -> int:\n    return 1", wait=0.1)) as server:
        done = jitc(project, "complete", "--fresh", "--jobs", "1", ".", env=endpoint(server))
        assert done.returncode == 0, done.stderr
        assert server.at_once == 1
        assert len(server.requests) == 4


def test_dry_run_shows_what_would_be_sent_to_the_letter(package: Project) -> None:
    shown = jitc(package, "complete", "--dry-run", "pkg/shapes.py")
    assert shown.returncode == 0, shown.stderr
    assert "tokens" in shown.stdout
    assert not (package.root / "pkg/__jitc__").exists()
    with ScriptedServer(answers) as server:
        jitc(package, "complete", "pkg/shapes.py", env=endpoint(server))
        for message in server.requests[0]["messages"]:
            assert message["content"] in shown.stdout


@pytest.mark.slow
def test_status_and_check_follow_the_states_and_call_nothing(package: Project) -> None:
    before = jitc(package, "status", "--json")
    (numbers, shapes) = sorted(json.loads(before.stdout), key=lambda record: record["module"])
    assert [stub["state"] for stub in shapes["stubs"]] == ["missing"] * 4
    assert numbers["stubs"][0]["key"] == "one"
    checked = jitc(package, "check")
    assert checked.returncode == 1
    assert "Circle.area is missing" in checked.stdout
    with ScriptedServer(answers) as server:
        jitc(package, "complete", env=endpoint(server))
        asked = len(server.requests)
        assert jitc(package, "check", env=endpoint(server)).returncode == 0
        table = jitc(package, "status", env=endpoint(server))
        assert len(server.requests) == asked
    assert "Circle.diameter#2" in table.stdout
    assert "5 fresh" in table.stdout
    package.write("pkg/shapes.py", SHAPES.replace("2 pi r", "2 times pi r"))
    assert "1 stale" in jitc(package, "status").stdout
    assert jitc(package, "check").returncode == 1


@pytest.mark.slow
def test_a_comment_elsewhere_leaves_all_fresh_and_complete_notes_the_new_source(package: Project) -> None:
    with ScriptedServer(answers) as server:
        jitc(package, "complete", env=endpoint(server))
        companion = package.root / "pkg/__jitc__/shapes.jitc.py"
        before = companion.read_bytes()
        package.write("pkg/shapes.py", SHAPES + "\n# the end\n")
        package.run("-c", "import jitc_import.activate, pkg.shapes")
        assert companion.read_bytes() == before, "an import never rewrites a companion file for its digest"
        jitc(package, "complete", env=endpoint(server))
        assert companion.read_bytes() != before
        assert len(server.requests) == 2
    assert jitc(package, "check").returncode == 0


def test_fresh_asks_for_all_again_but_leaves_edited_bodies(package: Project) -> None:
    with ScriptedServer(answers) as server:
        jitc(package, "complete", "pkg/shapes.py", env=endpoint(server))
        companion = package.root / "pkg/__jitc__/shapes.jitc.py"
        companion.write_text(companion.read_text().replace("2 * math.pi", "math.tau"))
        jitc(package, "complete", "--fresh", "pkg/shapes.py", env=endpoint(server))
        assert len(server.requests) == 2
        assert "`perimeter`" not in server.requests[1]["messages"][-1]["content"]
        assert "math.tau" in companion.read_text()


def test_marks_in_an_unmarked_module_are_warned_of(project: Project) -> None:
    project.write("forgot.py", "def f(): ...  # jitc: complete\n")
    for command in ("complete", "status", "check"):
        assert "forgot.py" in jitc(project, command).stderr


@pytest.mark.parametrize(
    ("arguments", "word"),
    [(["complete", "nowhere.py"], "nowhere.py"), (["nonsense"], "nonsense"), ([], "COMMAND")],
)
def test_wrong_usage_exits_with_2(project: Project, arguments: list[str], word: str) -> None:
    done = jitc(project, *arguments)
    assert done.returncode == 2
    assert word in done.stderr


def test_a_wrong_mark_is_named_with_file_and_line(project: Project) -> None:
    project.write("wrong.py", "# jitc: enable\nx = 1\n\n\ndef f(): ...  # jitc: complet\n")
    for command in ("complete", "check", "status"):
        done = jitc(project, command)
        assert done.returncode == 1
        assert "wrong.py:5" in done.stdout + done.stderr
        assert "did you mean `complete`?" in done.stdout + done.stderr


@pytest.mark.slow
def test_unused_sections_are_kept(package: Project) -> None:
    with ScriptedServer(answers) as server:
        jitc(package, "complete", "pkg/shapes.py", env=endpoint(server))
        package.write("pkg/shapes.py", SHAPES.replace("# jitc: complete\ndef perimeter", "def perimeter"))
        jitc(package, "complete", "pkg/shapes.py", env=endpoint(server))
        companion = (package.root / "pkg/__jitc__/shapes.jitc.py").read_text()
        assert "unused: perimeter" in companion
        package.run("-c", "import jitc_import.activate, pkg.shapes as s; assert s.perimeter(s.Circle(1)) is None")
        package.write("pkg/shapes.py", SHAPES)
        done = package.run("-c", "import jitc_import.activate, pkg.shapes as s; print(s.perimeter(s.Circle(0)))")
        assert done.stdout == "0.0\n", done.stderr
        assert len(server.requests) == 1


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize(
    "arguments", [["-m", "jitc_import", "complete", "."], ["-c", "import jitc_import.activate, slow"]]
)
def test_ctrl_c_leaves_nothing_behind(project: Project, arguments: list[str]) -> None:
    project.write("slow.py", "# jitc: enable\ndef one() -> int: ...  # jitc: complete\n")
    with ScriptedServer(lambda _: Response("def one():\n    return 1", wait=20)) as server:
        variables = {**os.environ, "PYTHONPATH": str(ROOT), **endpoint(server)}
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=project.root, env=variables, stderr=subprocess.PIPE, text=True
        )
        deadline = time.monotonic() + 20
        while not server.requests and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=10)
    assert process.returncode in {130, -signal.SIGINT}, told
    assert not (project.root / "__jitc__").exists()


@pytest.mark.slow
def test_complete_keeps_the_whole_sections_of_a_file_that_was_cut_off(package: Project) -> None:
    with ScriptedServer(answers) as server:
        jitc(package, "complete", "pkg/shapes.py", env=endpoint(server))
        companion = package.root / "pkg/__jitc__/shapes.jitc.py"
        text = companion.read_text()
        companion.write_text(text[: text.index("# --- perimeter") + 60])
        broken = package.run("-c", "import jitc_import.activate, pkg.shapes", env=endpoint(server))
        assert "cut off" in broken.stderr
        assert len(server.requests) == 1
        mended = jitc(package, "complete", "pkg/shapes.py", env=endpoint(server))
        assert mended.returncode == 0, mended.stderr
        assert "`perimeter`" in server.requests[1]["messages"][-1]["content"]
        assert "`Circle.area`" not in server.requests[1]["messages"][-1]["content"]
    assert jitc(package, "check", "pkg/shapes.py").returncode == 0


def test_an_endpoint_that_the_project_itself_names_is_shown_first(package: Project) -> None:
    with ScriptedServer(answers) as server:
        package.write("pyproject.toml", f'[tool.jitc]\nbase_url = "{server.url}"\nmodel = "scripted"\n')
        done = jitc(package, "complete")
        assert done.returncode == 0, done.stderr
        told = [line for line in done.stderr.splitlines() if server.url in line and "pyproject.toml" in line]
    assert len(told) == 1


def test_a_project_cannot_have_a_key_sent_to_another_machine(package: Project) -> None:
    package.write("pyproject.toml", '[tool.jitc]\nbase_url = "https://models.example/v1"\nmodel = "m"\n')
    done = jitc(package, "complete", env={"OPENAI_API_KEY": "a-key-of-the-user"})
    assert done.returncode == 1
    assert "a project may not choose" in done.stderr
    assert "set OPENAI_BASE_URL" in done.stderr
    assert "a-key-of-the-user" not in done.stderr


@pytest.mark.slow
def test_what_is_checked_can_be_said_on_the_command_line(project: Project) -> None:
    project.write("one.py", '# jitc: enable\ndef one() -> int:  # jitc: complete\n    """1."""\n')
    project.write("test_one.py", "from one import one\n\ndef test_one():\n    assert one() == 1\n")
    arguments = ["--tests", "test_one.py", "--candidates", "2", "--strict", "--no-types", "--repairs", "0"]
    replies = [
        "def one():\n    return 2",
        "def one():\n    print(1)\n    return open('x', 'w') and 1",
        "def one():\n    return 1",
    ]
    with ScriptedServer(replies) as server:
        done = jitc(project, "complete", *arguments, "one.py", env={**endpoint(server), "JITC_TYPES": "1"})
        assert done.returncode == 1, done.stdout
        assert len(server.requests) == 2
    with ScriptedServer(replies[2:] * 2) as server:
        done = jitc(project, "complete", "--retry", *arguments, "one.py", env={**endpoint(server), "JITC_TYPES": "1"})
        assert done.returncode == 0, done.stderr
    assert "tests 1/1" in (project.root / "__jitc__/one.jitc.py").read_text()
    assert "types" not in (project.root / "__jitc__/one.jitc.py").read_text()


def test_how_far_bodies_may_be_trusted_is_said(project: Project) -> None:
    stubs = (
        'def double(x: int) -> int:\n    """Twice.\n\n    >>> double(4)\n    8\n    """\n\n\n'
        'def triple(x: int) -> int:\n    """Three times."""\n\n\n'
        'def roman(n: int) -> str:\n    """Roman.\n\n    roman(4) == "IV"\n    roman(1994) == "MCMXCIV"\n    """\n'
    )
    project.write("m.py", f"# jitc: enable all\n{stubs}")
    reply = (
        "def double(x):\n    return 2 * x\n\ndef triple(x):\n    return 3 * x\n\ndef roman(n):\n    return 'I' * n\n"
    )
    with ScriptedServer(lambda _: reply) as server:
        env = endpoint(server, JITC_REPAIRS="0", JITC_ON_UNVERIFIED="error")
        failed = jitc(project, "complete", env=env)
        kept = jitc(project, "complete", "--retry", "--on-unverified", "keep", env=env)
    assert "jitc: m: 2 of 3 stubs completed: 1 verified, 1 unchecked; " in failed.stderr
    told = "roman, line 14: 2 of 2 examples fail:\n      roman(4) gave 'IIII', expected \"IV\"\n"
    assert f'\n  {told}      example: roman(1994)\n      expected: "MCMXCIV"\n      got: \'IIII' in failed.stderr
    assert "\njitc: warning: m.roman: kept although 2 of 2 examples fail:\n      roman(4) gave" in kept.stderr
    assert "jitc: m: 1 of 1 stub completed: unverified; " in kept.stderr
    rows = [line.split()[:4] for line in jitc(project, "status").stdout.splitlines()]
    assert ["double", "fresh", "2", "verified"] in rows
    assert ["triple", "fresh", "10", "unchecked"] in rows
    assert ["roman", "fresh", "14", "unverified"] in rows


def test_a_module_that_does_not_run_is_told_of_in_one_line(project: Project) -> None:
    stub = 'def one() -> int:\n    """One.\n\n    >>> one()\n    1\n    """\n'
    project.write("m.py", f"# jitc: enable all\nraise OSError('no display:\\nand more of it')\n\n\n{stub}")
    with ScriptedServer(["def one():\n    return 1\n"]) as server:
        done = jitc(project, "complete", env=endpoint(server))
    assert "the module does not run in the confined child (OSError: no display:)\n" in done.stderr
    assert "and more" not in done.stderr
    assert "1 of 1 stub completed: unchecked; " in done.stderr


@pytest.mark.slow
def test_a_review_accepts_what_a_person_accepts_only(package: Project) -> None:
    pexpect = pytest.importorskip("pexpect")
    with ScriptedServer(answers) as server:
        env = {**os.environ, "PYTHONPATH": str(ROOT), **endpoint(server, JITC_MODE="review"), "TERM": "dumb"}
        arguments = ["-m", "jitc_import", "complete", "pkg/more"]
        for answer, code in (("n", 1), ("y", 0)):
            child = pexpect.spawn(sys.executable, arguments, cwd=str(package.root), env=env, timeout=30)
            child.expect("return 1")
            child.expect("effects: pure")
            child.expect("Accept this body")  # once: a body that was turned down is not shown again
            child.sendline(answer)
            child.expect(pexpect.EOF)
            child.close()
            assert child.exitstatus == code
            env["JITC_MODEL"] = "another"
        env["JITC_MODEL"] = "third"
        child = pexpect.spawn(sys.executable, [*arguments, "--fresh", "--repairs", "0"], cwd=str(package.root), env=env)
        child.expect("Accept this body")
        child.sendeof()
        child.expect(pexpect.EOF, timeout=30)
        assert b"EOFError" not in child.before
    assert jitc(package, "check", "pkg/more").returncode == 0


def test_a_review_without_a_terminal_is_locked(package: Project) -> None:
    with ScriptedServer(answers) as server:
        done = jitc(package, "complete", env=endpoint(server, JITC_MODE="review"))
        assert done.returncode == 1
        assert "the mode `review` (from JITC_MODE) needs a terminal" in done.stderr
        assert "in a terminal, or set JITC_MODE=auto" in done.stderr
        assert server.requests == []


def test_without_the_dependencies_one_line_says_what_is_missing(project: Project) -> None:
    code = "import sys; sys.modules['pydantic'] = None; sys.argv[1:] = ['status', '.']\n"
    done = project.run("-c", f"{code}from jitc_import.__main__ import main; sys.exit(main())")
    assert done.returncode == 1
    assert done.stderr.startswith("jitc: this command needs pydantic, which is not installed. Next: install ")
