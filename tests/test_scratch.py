"""The folder that candidates may write into: it works like any, nothing leads out of it, and nothing of it stays."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from conftest import Project
from jitc_import.checks.sandbox import scratch
from sandboxes import job, outputs, sandbox
from server import ScriptedServer
from test_verified import complete, record, told

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only landlock can tell the folder")

HERE = "import os; here = os.environ['TMPDIR']"


@pytest.fixture(scope="module", autouse=True)
def _there_is_one(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("scratch") / "m.py"
    path.write_text("import os\n")
    with sandbox(path) as one:
        if outputs(one.run(job(path, "'TMPDIR' in os.environ"))) != ["True\n"]:
            pytest.skip(f"landlock does not judge all changes of files here ({one.level})")


def test_temporary_files_can_be_made_and_none_stays(project: Project) -> None:
    path = project.write("m.py", "import tempfile\n")
    with sandbox(path, "m", "tempfile") as one:
        folder = Path(one._scratch)
        outcome = one.run(
            job(
                path,
                "import os",
                "with tempfile.NamedTemporaryFile('w+') as f: _ = f.write('a'), f.seek(0), print(f.read())",
                "with tempfile.TemporaryDirectory() as t: os.mkdir(t + '/b'); os.rename(t + '/b', t + '/c')",
                "len(os.listdir(tempfile.gettempdir()))",
                "print(1, file=open(tempfile.mkdtemp() + '/kept', 'w'))",
            )
        )
        assert outputs(outcome)[1:4] == ["a\n", "", "0\n"]
        assert folder.stat().st_mode & 0o777 == 0o700
        assert not list(folder.iterdir())
        one.run(job(path, HERE, "os.mkdir(here + '/a'); open(here + '/a/b', 'w').close(); os.mkdir(here + '/a/c', 0)"))
        assert not list(folder.iterdir())
        deep = "for _ in range(3000): os.mkdir('d'); os.chdir('d')\n"
        one.run(job(path, f"{HERE}; os.chdir(here)", deep, "os._exit(1)"))
        assert not list(folder.iterdir())
        one.run(job(path, "print(1, file=open(tempfile.mkdtemp() + '/kept', 'w'))"))
    assert not folder.exists()


def test_nothing_leads_out_of_it(project: Project) -> None:
    path = project.write("m.py", "")
    with sandbox(path) as one:
        tried = (
            "os.symlink('/etc', here + '/a')",
            f"os.link({str(path)!r}, here + '/a')",
            "os.mkfifo(here + '/a')",
            "os.mknod(here + '/a')",
            "os.chmod(here, 0o777)",
            f"os.rename({str(path)!r}, here + '/a')",
            f"open(here + '/a', 'w').close(); os.rename(here + '/a', {str(project.root / 'a')!r})",
            "os.rename(here, here + '-2')",
            "os.rmdir(here)",
            "os.listdir(os.path.dirname(here))",
            "open(here + '-2', 'w')",
            f"os.truncate({str(path)!r}, 0)",
            "os.execv(here + '/a', ['a'])",
        )
        outcome = one.run(job(path, HERE, *tried))
    told = [(ran.exception or ran.output).partition("]")[0] for ran in outcome.ran[1:]]
    allowed = {"PermissionError: [Errno 1", "PermissionError: [Errno 13", "OSError: [Errno 18"}  # the last: no move
    assert set(told) <= allowed, told
    assert os.listdir(project.root) == ["m.py"]


@pytest.mark.parametrize(
    "body",
    [
        "for i in range(10**6): open(f'{here}/{i}', 'w').close()\n",
        "for i in range(100): print('x' * (10 << 20), file=open(f'{here}/{i}', 'w'))\n",
        "f = []\nwhile True: f.append(open(here + '/a', 'w')); _ = f[-1].write('x' * 9**7); os.unlink(here + '/a')\n",
    ],
)
def test_what_lies_there_is_bounded(body: str, project: Project) -> None:
    path = project.write("m.py", "")
    with sandbox(path) as one:
        outcome = one.run(job(path, HERE, body))
        assert outcome.ended == "its temporary files took more than 64 MiB, were more than 4,000 or lay deep"
        assert not os.listdir(one._scratch)
        large = one.run(
            job(path, HERE, f"with open(here + '/a', 'w') as f: print('x' * {scratch.LARGEST_FILE}, file=f)")
        )
        assert (large.ran[1].exception or "").startswith("OSError: [Errno 27] File too large")


@pytest.mark.slow
def test_functions_with_files_are_judged_by_tests_and_doctests(project: Project, server: ScriptedServer) -> None:
    project.write(
        "m.py",
        '''
        # jitc: enable all tests=tests/test_files.py
        import os
        import tempfile


        def count_lines(path: str) -> int:
            """The number of lines of a file."""


        def note(path: str, line: str) -> None:
            """Append a line to a file.

            >>> path = os.path.join(tempfile.mkdtemp(), "log")
            >>> note(path, "a")
            >>> note(path, "b")
            >>> open(path).read()
            'a\\\\nb\\\\n'
            """
        ''',
    )
    project.write(
        "tests/test_files.py",
        """
        from m import count_lines
        def test_count(tmp_path):
            p = tmp_path / "a"
            p.write_text("a\\nb\\n")
            assert count_lines(str(p)) == 2
        """,
    )
    count = "def count_lines(path):\n    with open(path) as f:\n        return len({})\n"
    note = "def note(path, line):\n    with open(path, '{}') as f:\n        f.write(line + '\\n')\n"
    server.script = [count.format("f.read()") + note.format("w"), count.format("f.readlines()") + note.format("a")] * 2
    code, errors = complete(project, "m.py", server)
    assert code == 0, errors
    assert "'b\\n'" in "".join(told(server, number) for number in range(1, len(server.requests)))
    assert [record(project, key)["checked"][-1] for key in ("count_lines", "note")] == ["tests 1/1", "examples 1/1"]
