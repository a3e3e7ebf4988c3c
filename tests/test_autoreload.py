"""A completed module is loaded again: by importlib.reload, by IPython's autoreload, in a notebook or a program."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import pytest

from companions import write_module
from conftest import ROOT, Project
from server import ScriptedServer, script_from

EDITS = '''
import os, pathlib, sys
sys.path.insert(0, {tests!r})
from companions import write_companion

def edit(name, old, new):
    path = pathlib.Path(name)
    before = path.stat().st_mtime_ns
    text = path.read_text()
    assert old in text, text
    path.write_text(text.replace(old, new))
    os.utime(path, ns=(before + 10**9, before + 10**9))

def settle(name, **bodies):
    """Have the companion file belong to the source that was edited."""
    companion = pathlib.Path("__jitc__") / name.replace(".py", ".jitc.py")
    before = companion.stat().st_mtime_ns
    write_companion(pathlib.Path(name).absolute(), bodies)
    os.utime(companion, ns=(before + 10**9, before + 10**9))
'''

SOURCE = """
# jitc: enable
import jitc_import

class Cow:
    name = "cow"

    def moo(self):
        '''Doc.'''

def say(): ...

def by_hand():
    return "one", say()
"""
BODIES = {"Cow.moo": "class Cow:\n    def moo(self):\n        return 'moo'", "say": "def say():\n    return 'said'"}
COMPANION = os.path.join("__jitc__", "cows.jitc.py")
SHOW = "print(cows.by_hand(), cow.moo(), type(cow) is cows.Cow)\n"


@pytest.fixture
def cows(project: Project) -> Project:
    write_module(project, "cows.py", SOURCE, BODIES)
    project.write("edits.py", EDITS.format(tests=os.path.join(ROOT, "tests")))
    return project


def python(cows: Project, code: str, *options: str) -> list[str]:
    cows.write("main.py", textwrap.dedent(code).lstrip("\n"))
    done = cows.run(*options, "main.py")
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout.splitlines()


RELOAD = """
import importlib
import cows
from edits import edit, settle
old, say, companion = cows, cows.say, os.path.join("__jitc__", "cows.jitc.py")
print(cows.by_hand(), cows.Cow().moo())
edit("cows.py", '"one"', '"two"')
settle("cows.py", **{"Cow.moo": "class Cow:\\n    def moo(self):\\n        return 'moo'",
                     "say": "def say():\\n    return 'said'"})
assert importlib.reload(cows) is old is sys.modules["cows"]
print(cows.by_hand(), cows.say is say, say())
edit(companion, "return 'said'", "x = 'edited'\\n    return x")
assert importlib.reload(cows) is old
print(cows.by_hand(), say(), cows.say.__code__.co_filename == os.path.abspath(companion))
"""


def test_reload_keeps_the_module_and_sees_edits_of_both_files(cows: Project) -> None:
    expected = ["('one', 'said') moo", "('two', 'said') False said", "('two', 'edited') said True"]
    code = "import os, sys, jitc_import.activate\n" + RELOAD
    assert python(cows, code) == expected


def test_reload_in_a_program_that_is_run(cows: Project) -> None:
    assert python(cows, "import os, sys\n" + RELOAD, "-m", "jitc_import", "run")[-1] == "('two', 'edited') said True"


def test_text_is_that_of_the_code_after_another_process_compiled_it(cows: Project) -> None:
    code = """
    import jitc_import.activate, importlib, inspect, os, subprocess, sys, traceback
    import cows
    from edits import edit
    print(inspect.getsource(cows.say).splitlines()[1:])
    edit(os.path.join("__jitc__", "cows.jitc.py"), "return 'said'", "x = 'new'\\n    return x + 1")
    print(inspect.getsource(cows.say).splitlines()[1:])
    subprocess.run([sys.executable, "-c", "import jitc_import.activate, cows"], check=True)
    importlib.reload(cows)
    print(inspect.getsource(cows.say).splitlines()[1:])
    try:
        cows.say()
    except TypeError as error:
        print(traceback.extract_tb(error.__traceback__)[-1].line)
    """
    assert python(cows, code) == [
        "[\"    return 'said'\"]",
        "[\"    return 'said'\"]",
        "[\"    x = 'new'\", '    return x + 1']",
        "return x + 1",
    ]


@pytest.mark.slow
def test_text_is_that_of_the_code_after_another_process_completed_it(project: Project, server: ScriptedServer) -> None:
    project.write("edits.py", EDITS.format(tests=os.path.join(ROOT, "tests")))
    project.write("cows.py", "# jitc: enable\ndef say():  # jitc: complete\n    'One.'\n")
    project.write("main.py", textwrap.dedent("""
        import jitc_import.activate, importlib, inspect, os, subprocess, sys
        import cows
        from edits import edit
        before = inspect.getsource(cows.say)
        companion = os.path.join("__jitc__", "cows.jitc.py")
        edit("cows.py", "def say", "def other(): ...  # jitc: complete\\n\\ndef say")
        subprocess.run([sys.executable, "-m", "jitc_import", "complete", "cows.py"], check=True)
        importlib.reload(cows)
        print(inspect.getsource(cows.say) == before, inspect.getsource(cows.other).splitlines()[0])
    """).lstrip())  # fmt: skip
    server.script = script_from(
        "def say():\n    first = 1\n    return first / 2\n\ndef other():\n    return [\n        3,\n    ]\n"
    )
    env = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "x", "JITC_MODEL": "scripted", "JITC_VERIFY": "static"}
    done = project.run("main.py", env=env)
    assert done.stdout.endswith("True def other():\n"), done.stdout + done.stderr


def ipython(cows: Project, *cells: str) -> str:
    """What IPython prints for the cells, fed to it as a person types them."""
    pytest.importorskip("IPython")
    text = "".join(textwrap.dedent(cell).strip("\n") + "\n" for cell in cells)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "IPython",
            "--simple-prompt",
            "--no-banner",
            "--colors=NoColor",
            "--HistoryManager.enabled=False",
        ],
        cwd=cows.root,
        env={**os.environ, "PYTHONPATH": str(ROOT), "IPYTHONDIR": str(cows.root / "ipython"), "JITC_MODE": "locked"},
        input=text,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


BEGIN = "%load_ext autoreload\n%autoreload 2\nimport jitc_import.activate\nfrom edits import edit, settle\nimport cows"
EDIT_BODY = f"edit({COMPANION!r}, \"'said'\", \"'edited'\")"


def test_autoreload_notices_an_edited_companion_file(cows: Project) -> None:
    shown = ipython(
        cows,
        BEGIN,
        "cow = cows.Cow(); from cows import say",
        SHOW,
        EDIT_BODY,
        f"edit({COMPANION!r}, \"'moo'\", \"'MOO'\")",
        SHOW + "print(say())",
    )
    assert "('one', 'said') moo True\n" in shown
    assert "('one', 'edited') MOO True\n" in shown
    assert "edited\n" in shown.rpartition("MOO True")[2]
    assert "Error" not in shown


def test_autoreload_that_comes_after_the_module(cows: Project) -> None:
    first, second, third = BEGIN.split("\n", 2)
    shown = ipython(cows, third, "cow = cows.Cow()", first, second, EDIT_BODY, SHOW)
    assert "('one', 'edited') moo True\n" in shown


@pytest.mark.slow
def test_autoreload_of_an_edited_source_keeps_the_bodies(cows: Project) -> None:
    shown = ipython(
        cows,
        BEGIN,
        "cow = cows.Cow()",
        "edit('cows.py', '\"one\"', '\"two\"')",
        f"settle('cows.py', **{BODIES!r})",
        SHOW,
        "edit('cows.py', \"'''Doc.'''\", '\"\"\"Better.\"\"\"')",
        f"settle('cows.py', **{BODIES!r})",
        SHOW,
        "print(cow.moo.__doc__)",
    )
    assert shown.count("('two', 'said') moo True\n") == 2
    assert "Better." in shown
    assert "Error" not in shown


@pytest.mark.slow
def test_a_mark_that_is_added_is_noticed(cows: Project) -> None:
    cows.write("later.py", "def f():\n    return 'by hand'\n")
    shown = ipython(
        cows,
        BEGIN,
        "import later",
        "edit('later.py', \"def f():\\n    return 'by hand'\", '# jitc: enable all\\ndef f(): ...')",
        "print(later.f())",
    )
    assert "[autoreload of later failed: " in shown
    assert "LockedError" in shown
    assert "by hand\n" in shown


def test_autoreload_says_once_what_is_wrong_and_recovers(cows: Project) -> None:
    shown = ipython(
        cows,
        BEGIN,
        "cow = cows.Cow()",
        f"edit({COMPANION!r}, \"return 'said'\", 'return (')",
        "print('still', cows.say())",
        "print('again', cows.say())",
        f"edit({COMPANION!r}, 'return (', \"return 'mended'\")",
        SHOW,
    )
    assert "still said\n" in shown and "again said\n" in shown
    assert shown.count("[autoreload of cows failed") == 1
    assert "('one', 'mended') moo True\n" in shown


def test_run_of_a_script_in_ipython(cows: Project) -> None:
    cows.write("script.py", "import jitc_import.activate\nimport cows\nprint(cows.by_hand())\ncows.Cow().moo(1)\n")
    shown = ipython(cows, "%run script.py", "%run script.py", "print(cows.say())")
    assert shown.count("('one', 'said')\n") == 2
    assert "moo() takes 1 positional argument" in shown
    assert "said\n" in shown
