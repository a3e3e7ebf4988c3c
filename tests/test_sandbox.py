"""What the confined child promises to ordinary code: it runs as anywhere, and what it did comes back as text."""

from __future__ import annotations

import marshal
import os
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from companions import write_module
from conftest import Project
from jitc_import.checks.sandbox.confine import FULL, level_of
from jitc_import.checks.sandbox.frames import packed, unpacked
from jitc_import.checks.sandbox.readable import Readable
from jitc_import.checks.sandbox.session import Job, Limits, Ran, Sandbox, SandboxError, Snippet
from jitc_import.explain import say_closed
from sandboxes import LIMITS, PATH, children_of, job, outputs, sandbox

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no children that can be confined here")

BODIES = "# the bodies\n\n\ndef first(x):\n    return x[0]\n"


def run(path: Path, *snippets: str, imports: tuple[str, ...] = (), root: Path | None = None) -> list[str]:
    """What snippets print in a sandbox of their own."""
    name = ".".join(path.relative_to(root or path.parent).with_suffix("").parts).removesuffix(".__init__")
    with sandbox(path, name, *imports, root=root) as one:
        return outputs(one.run(job(path, *snippets)))


def test_snippets_share_a_copy_of_the_namespace(project: Project) -> None:
    path = project.write("shapes.py", "sides = 4\ndef count():\n    return sides\n")
    assert run(path, "sides", "sides = 5", "sides", "count()", "__name__, __file__ == count.__code__.co_filename") == [
        "4\n",
        "",
        "5\n",
        "4\n",
        "('shapes', True)\n",
    ]


def test_values_are_shown_as_at_a_prompt(project: Project) -> None:
    path = project.write("shapes.py", "")
    statements = "for n in range(2):\n    n\n    print('é', end='')\n"
    assert run(path, "None", "'a'", "_", statements, "x = 1\ny = 2\nx + y", "print(x + y)") == [
        "",
        "'a'\n",
        "'a'\n",
        "0\né1\né",
        "",
        "3\n",
    ]


def test_output_is_all_that_was_printed_to_stdout(project: Project) -> None:
    path = project.write("shapes.py", "import os, sys\nprint('at import')\n")
    snippets = [
        "print('a', file=sys.stderr)",
        "_ = sys.stdout.buffer.write(b'\\xff')",
        "_ = os.write(1, b'past Python')",
        "print('\\udc80', end='\\r\\n')",
        "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()): print(1)\n",
        "_ = os.system",
    ]
    assert run(path, *snippets) == ["", "\\xff", "", "\\udc80\r\n", "", ""]


def test_an_exception_comes_with_its_line_in_the_bodies(project: Project) -> None:
    path = project.write("shapes.py", "from fractions import Fraction\n\nclass Wrong(ValueError):\n    pass\n")
    bodies = str(project.root / "__jitc__" / "shapes.jitc.py")
    source = "class Wrong(ValueError):\n    pass\ndef outer(f):\n    return f()\n"
    namespace: dict[str, object] = {}
    exec(compile(BODIES, bodies, "exec"), namespace)  # noqa: S102
    first = namespace["first"].__code__  # type: ignore[attr-defined]
    given = f"import marshal, types\nfirst = types.FunctionType(marshal.loads({marshal.dumps(first)!r}), {{}})\n"
    code = compile(given + source, str(path), "exec")
    snippets = ("first([])", "outer(lambda: first([]))", "outer(lambda: 1 / 0)", "1 / 0", "raise Wrong('a\\nb')", "1 +")
    with sandbox(path) as one:
        outcome = one.run(Job(marshal.dumps(code), BODIES, bodies, tuple(map(Snippet, snippets))))
    assert outcome.ran[:5] == (
        Ran("", "IndexError: list index out of range", "line 5: return x[0]", inside=True),
        Ran("", "IndexError: list index out of range", "line 5: return x[0]", inside=True),
        Ran("", "ZeroDivisionError: division by zero", None, inside=True),
        Ran("", "ZeroDivisionError: division by zero", None, inside=False),
        Ran("", "shapes.Wrong: a\nb", None, inside=False),
    )
    assert (outcome.ran[5].exception or "").startswith("SyntaxError: ")


def test_a_job_stops_at_a_failure_where_that_is_asked_for(project: Project) -> None:
    path = project.write("shapes.py", "")
    with sandbox(path) as one:
        whole = one.run(job(path, "1", "1 / 0", "2"))
        stopped = one.run(job(path, "1", "1 / 0", "2", stop_at_failure=True))
    assert [ran.output for ran in whole.ran] == ["1\n", "", "2\n"]
    assert [ran.output for ran in stopped.ran] == ["1\n", ""]
    assert (whole.ended, stopped.ended) == (None, None)


def test_what_ran_before_an_end_is_told(project: Project) -> None:
    path = project.write("shapes.py", "import os")
    with sandbox(path) as one:
        outcome = one.run(job(path, "1", "os._exit(0)", "2"))
    assert outcome.ran == (Ran("1\n", None, None, inside=False),)
    assert outcome.ended == "it ended the process (exit 0)"


def test_a_module_that_cannot_be_imported_says_why(project: Project) -> None:
    path = project.write("shapes.py", "import no_such_module\n")
    with sandbox(path, "shapes", "no_such_module") as one:
        outcome = one.run(job(path, "1"))
        again = one.run(job(path, "1", source="1"))
    assert outcome.import_failure == "ModuleNotFoundError: No module named 'no_such_module'"
    assert (outcome.ran, outcome.ended) == ((), None)
    assert outputs(again) == ["1\n"]


def test_a_module_that_exits_at_import_says_so(project: Project) -> None:
    path = project.write("shapes.py", "raise SystemExit('no display')\n")
    with sandbox(path) as one:
        assert one.run(job(path, "1")).import_failure == "SystemExit: no display"


def test_a_script_is_run_without_its_main_block(project: Project) -> None:
    path = project.write("script.py", "class C: pass\nif __name__ == '__main__':\n    raise SystemExit\n")
    with sandbox(path, "__main__") as one:
        assert outputs(one.run(job(path, "C", "import __main__; __main__.C is C"))) == [
            "<class 'script.C'>\n",
            "True\n",
        ]


def test_packages_import_their_relatives(project: Project) -> None:
    project.write("pkg/__init__.py", "from .shapes import area\nfrom . import units\n")
    project.write("pkg/units.py", "scale = 2\n")
    path = project.write("pkg/shapes.py", "from . import units\nfrom .units import scale\ndef area():\n    return 0\n")
    source = path.read_text().replace("return 0", "from .sub import deep\n    return units.scale * scale * deep.d")
    project.write("pkg/sub/deep.py", "d = 3\n")
    with sandbox(path, "pkg.shapes", "pkg.units", root=project.root) as one:
        outcome = one.run(job(path, "area()", "import pkg; pkg.area is area, pkg.units.scale", source=source))
    assert outputs(outcome) == ["12\n", "(True, 2)\n"]


def test_a_package_itself_can_be_judged(project: Project) -> None:
    path = project.write("pkg/__init__.py", "from . import units\n")
    project.write("pkg/units.py", "from pkg import __path__ as found\n")
    outcome = run(path, "units.found == __path__, __package__, __spec__.name", root=project.root)
    assert outcome == ["(True, 'pkg', 'pkg')\n"]


def test_siblings_that_import_the_module_get_it_with_its_bodies(project: Project) -> None:
    path = project.write("shapes.py", "import other\ndef area():\n    return None\n")
    project.write("other.py", "try:\n    import shapes\nexcept Exception:\n    shapes = None\n")
    with sandbox(path, "shapes", "other") as one:
        outcome = one.run(job(path, "other.shapes.area()", source="import other\ndef area():\n    return 7\n"))
    assert outputs(outcome) == ["7\n"]


def test_completed_siblings_have_their_bodies(project: Project) -> None:
    stub = '# jitc: enable\ndef double(x: int) -> int:\n    """Twice x."""\n'
    write_module(project, "other.py", stub, {"double": "def double(x):\n    return 2 * x\n"})
    path = project.write("shapes.py", "from other import double\n")
    assert run(path, "double(4)", imports=("other",)) == ["8\n"]
    assert run(path, "import other; other.double(4)") == ["8\n"]


def test_data_beside_the_module_is_read(project: Project) -> None:
    project.write("data/names.txt", "Ada\n")
    path = project.write("shapes.py", "import os\nhere = os.path.dirname(__file__)\n")
    assert run(path, "open(here + '/data/names.txt').read()", "sorted(os.listdir(here + '/data'))") == [
        "'Ada\\n'\n",
        "['names.txt']\n",
    ]


def test_the_rest_of_the_library_is_there(project: Project) -> None:
    path = project.write("shapes.py", "")
    snippets = [
        "import asyncio, decimal, sqlite3, statistics, xml.dom.minidom, zoneinfo, mimetypes, hashlib, uuid, locale",
        "async def f(): return await asyncio.sleep(0, 5)\n",
        "asyncio.run(f())",
        "from concurrent.futures import ThreadPoolExecutor as P\nwith P(2) as pool: print(*pool.map(abs, [-1]))\n",
        "mimetypes.guess_type('a.png')[0]",
        "open('/dev/null', 'w').write('x')",
        "sqlite3.connect(':memory:').execute('select 1').fetchone()",
        "len(uuid.uuid4().hex), len(hashlib.sha256(b'').hexdigest())",
        "import inspect, textwrap; inspect.getsource(textwrap.dedent)[:10]",
    ]
    assert run(path, *snippets) == [
        "",
        "",
        "5\n",
        "1\n",
        "'image/png'\n",
        "1\n",
        "(1,)\n",
        "(32, 64)\n",
        "'def dedent'\n",
    ]


def test_numpy_works(project: Project) -> None:
    pytest.importorskip("numpy")
    path = project.write("shapes.py", "import numpy as np\n")
    assert run(path, "int((np.ones((90, 90)) @ np.ones((90, 90))).sum())", imports=("numpy",)) == ["729000\n"]


def test_futures_of_the_module_hold_in_its_snippets(project: Project) -> None:
    path = project.write("shapes.py", "from __future__ import annotations\n")
    assert run(path, "def f(x: undefined): pass\n", "f.__annotations__") == ["", "{'x': 'undefined'}\n"]


def test_imports_that_print_or_fail_disturb_nothing(project: Project) -> None:
    project.write("loud.py", "import os\nprint('x' * 100_000)\nos.write(1, b'x' * 100)\n")
    project.write("bad.py", "raise SystemExit(1)\n")
    path = project.write("shapes.py", "import loud\n")
    assert run(path, "1", imports=("loud", "bad", "loud")) == ["1\n"]


def test_a_process_that_ends_is_started_anew(project: Project) -> None:
    path = project.write("shapes.py", "")
    with sandbox(path) as one:
        outputs(one.run(job(path, "1")))
        assert one._process is not None
        one._process.kill()
        one._process.wait()
        assert outputs(one.run(job(path, "2"))) == ["2\n"]


def test_imports_that_end_the_process_are_an_error(project: Project) -> None:
    project.write("ends.py", "import os\nos._exit(1)\n")
    path = project.write("shapes.py", "import ends\n")
    with sandbox(path, "shapes", "ends") as one, pytest.raises(SandboxError, match="did not start"):
        one.run(job(path, "1"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")
def test_no_process_stays(project: Project) -> None:
    path = project.write("shapes.py", "import time\n")
    before = children_of(os.getpid())
    with sandbox(path) as one:
        one.run(job(path, "1"))
        assert len(children_of(os.getpid())) == len(before) + 1
    assert children_of(os.getpid()) == before
    sandbox(path).__enter__().close()
    assert children_of(os.getpid()) == before


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")
def test_a_killed_parent_leaves_no_process(project: Project) -> None:
    project.write("shapes.py", "import time\n")
    project.write(
        "parent.py",
        f"""
        import os, signal, sys, threading
        sys.path.insert(0, {os.path.dirname(__file__)!r})
        from pathlib import Path
        from sandboxes import children_of, job, sandbox
        path = Path("shapes.py").absolute()
        with sandbox(path) as one:
            one.run(job(path, "1"))
            def kill():
                while len(children_of(os.getpid())) < 2:
                    pass
                print(*children_of(os.getpid()), flush=True)
                os.kill(os.getpid(), signal.SIGKILL)
            threading.Thread(target=kill).start()
            one.run(job(path, "time.sleep(60)"))
        """,
    )
    done = project.run("parent.py")
    assert len(done.stdout.split()) == 2, done.stderr
    for pid in done.stdout.split():
        for _ in range(1000):
            if not _runs(pid):
                break
            time.sleep(0.01)
        assert not _runs(pid)


def _runs(pid: str) -> bool:
    try:
        return Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_level_is_full_or_named(project: Project) -> None:
    path = project.write("shapes.py", "")
    with sandbox(path) as one:
        assert one.level == FULL or one.level.startswith("partial (")
    assert [level_of(x) for x in ([], ["rlimits"], ["seccomp", "rlimits"], FULL.split("+"))] == [
        "none",
        "partial (rlimits)",
        "partial (seccomp+rlimits)",
        FULL,
    ]


def test_more_can_be_read_where_that_is_said(project: Project, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "data.txt"
    elsewhere.write_text("far")
    path = project.write("shapes.py", "")
    snippet = f"open({str(elsewhere)!r}).read()"
    with Sandbox(str(path), "shapes", [str(project.root), *PATH], [], LIMITS, read_also=[str(elsewhere.parent)]) as one:
        assert outputs(one.run(job(path, snippet))) == ["'far'\n"]
        if one.level == FULL:
            with sandbox(path) as other:
                assert "PermissionError" in (other.run(job(path, snippet)).ran[0].exception or "")


def test_limits_are_named_as_set(project: Project) -> None:
    path = project.write("shapes.py", "while True: print('x')\n")
    with sandbox(path, limits=Limits(seconds=0.5)) as one:
        assert one.run(job(path, source="while True: pass")).ended == "it did not end within 0.5 s"
    with sandbox(path, limits=Limits(seconds=30, memory=1 << 30, output=1000)) as one:
        assert one.run(job(path)).ended == "it printed more than 1000 bytes"
        assert one.run(job(path, source="x = bytearray(2 << 30)")).ended == "it used more than 1 GiB"


def test_readable_files_look_like_no_secret(tmp_path: Path) -> None:
    shown = ["a.py", "data/b.txt", "pkg/__pycache__/c.pyc"]
    kept = [".env", ".git/config", "x.pem", "sub/server.key", "id_rsa", "id_ed25519.pub", "credentials.toml"]
    for name in [*shown, *kept, "secrets/a.py", "node_modules/d.js", "venv/pyvenv.cfg", "venv/e.py"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "in.py").symlink_to(tmp_path / "a.py")
    (tmp_path / "out.py").symlink_to("/etc/hostname")
    (tmp_path / "hidden.py").symlink_to(tmp_path / ".env")
    readable = Readable([str(tmp_path)])
    assert sorted(os.path.relpath(path, tmp_path) for path in readable.files) == sorted([*shown, "in.py"])
    assert readable.listed == [str(tmp_path)]
    assert not readable.left_out


def test_of_a_folder_that_is_no_project_only_what_imports_find_is_readable(tmp_path: Path) -> None:
    home, code = tmp_path / "home", tmp_path / "home" / "code" / "src"
    for name in (
        "diary.txt",
        "tool.py",
        "Documents/diary.txt",
        "Documents/sums.py",
        "pkg/__init__.py",
        "pkg/names.txt",
    ):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).touch()
    code.mkdir(parents=True)
    (code / "shapes.py").touch()
    (code.parent / "names.txt").touch()

    def shown(*path: Path, projects: tuple[Path, ...] = ()) -> set[str]:
        readable = Readable(list(map(str, path)), projects=map(str, projects), home=str(home))
        assert not [one for one in (home, home / "Documents", tmp_path) if str(one) in readable.listed]
        return {os.path.relpath(path, home) for path in readable.files}

    importable = {"tool.py", "pkg/__init__.py", "pkg/names.txt"}
    assert shown(code) == {"code/src/shapes.py"}
    assert shown(code, home) == {"code/src/shapes.py"} | importable
    assert shown(code, projects=(code.parent, home, tmp_path)) == {"code/src/shapes.py", "code/names.txt"}
    assert shown(home) == shown(home, projects=(home,)) == importable


def test_that_a_home_is_not_opened_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "code").mkdir()
    said: list[str] = []
    shown = SimpleNamespace(say=said.append)
    for _ in range(2):
        say_closed([str(tmp_path), str(tmp_path / "code")], shown)
    words = "holds more than a project: bodies that are checked read only modules and packages in it"
    assert said == [f"{tmp_path} {words}"]


def test_the_root_of_all_files_is_not_looked_through() -> None:
    readable = Readable(["/"], projects=["/"])
    assert not readable.left_out
    assert all(os.path.dirname(path) == "/" for path in readable.files if not path.startswith(tuple(readable.listed)))
    assert not [path for path in (*readable.listed, *readable.files) if path.startswith(("/proc", "/sys", "/dev"))]


def test_links_that_nobody_may_follow_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").touch()
    (tmp_path / "link").symlink_to("/proc/1/cwd")
    followed = os.path.realpath

    def denied(path: str) -> str:
        if path.endswith("link"):
            raise PermissionError(13, "Permission denied", path)
        return followed(path)

    monkeypatch.setattr(os.path, "realpath", denied)
    assert Readable([str(tmp_path)]).files == [str(tmp_path / "a.py")]


def test_a_module_is_imported_late_from_a_folder_that_is_no_project(project: Project) -> None:
    project.write("late.py", "made = 5\n")
    project.write("diary.txt", "dear diary\n")
    path = project.write("code/shapes.py", "")
    with Sandbox(str(path), "shapes", [str(path.parent), str(project.root), *PATH], [], LIMITS) as one:
        outcome = one.run(job(path, "import late; late.made", f"open({str(project.root / 'diary.txt')!r})"))
        level = one.level
    assert outcome.ran[0].output == "5\n"
    if level == FULL:
        assert "PermissionError" in (outcome.ran[1].exception or "")


def test_more_files_than_there_are_rules_for_is_told(tmp_path: Path) -> None:
    for name in ("a.py", "b.py", "sub/a.py", "sub/b.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    readable = Readable([str(tmp_path)], most=3)
    names = [os.path.relpath(path, tmp_path) for path in readable.files]
    assert (names, readable.left_out) == (["a.py", "b.py", "sub/a.py"], True)
    assert not Readable([str(tmp_path)], most=4).left_out


@pytest.mark.parametrize(
    "data", [b"x", packed({})[:-1], packed({}) + b"\0", packed({}, b"blob"), packed("x")[:8] + b"'x'"]
)
def test_bytes_that_are_no_messages_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"cut off|Expecting"):
        list(unpacked(data))


def test_deep_messages_are_refused() -> None:
    text = b"[" * 1_000_000
    with pytest.raises(ValueError, match=r"nested too deeply|Expecting"):
        list(unpacked(len(text).to_bytes(4, "big") + bytes(4) + text))
