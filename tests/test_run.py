"""`python -m jitc_import run`: a program cannot tell it from `python`, but for the bodies it has."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile

import pytest

from companions import write_companion, write_module
from conftest import ROOT, Project

RUN = ("-m", "jitc_import", "run")
SHOW = """
import sys
main = sys.modules["__main__"]
print(sys.argv, sys.path[0], __name__, __file__)
print(__spec__ and __spec__.name, __package__, __cached__, __doc__)
print([base.__name__ for base in type(__loader__).__mro__][-4:], list(vars(main)), main.__dict__ is globals())
print(__builtins__ is __import__("builtins"), sys._getframe().f_code.co_filename, sys._getframe().f_code.co_name)
"""


def both(
    project: Project,
    *arguments: str,
    options: tuple[str, ...] = (),
    stdin: str | None = None,
    env: dict[str, str] | None = None,
) -> tuple[subprocess.CompletedProcess[str], subprocess.CompletedProcess[str]]:
    """A program run by Python itself, and by `run`."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
    done = [
        subprocess.run(
            [sys.executable, *options, *prefix, *arguments],
            cwd=project.root,
            env=variables,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        for prefix in ((), RUN)
    ]
    return done[0], done[1]


def assert_alike(project: Project, *arguments: str, **how: object) -> str:
    plain, hooked = both(project, *arguments, **how)  # type: ignore[arg-type]
    assert hooked.stdout.replace("ScriptLoader", "SourceFileLoader") == plain.stdout
    assert hooked.stderr == plain.stderr
    assert hooked.returncode == plain.returncode
    return hooked.stdout + hooked.stderr


@pytest.mark.parametrize("arguments", [(), ("a", "-m", "--help", "run"), ("--", "-x=1")])
def test_a_script_sees_what_it_always_sees(project: Project, arguments: tuple[str, ...]) -> None:
    project.write("sub/script.py", SHOW)
    assert_alike(project, "sub/script.py", *arguments)
    assert_alike(project, "./sub/script.py", *arguments)
    assert_alike(project, str(project.root / "sub" / ".." / "sub" / "script.py"), *arguments)
    assert not (project.root / "sub" / "__pycache__").exists()


def test_a_script_that_is_a_link(project: Project) -> None:
    project.write("sub/script.py", SHOW)
    (project.root / "link").symlink_to("sub/script.py")
    assert_alike(project, "link", "a")


@pytest.mark.skipif(sys.version_info < (3, 11), reason="-P came with 3.11")
def test_a_safe_path_stays_one(project: Project) -> None:
    project.write("script.py", "import sys; print(sys.path)\n")
    assert_alike(project, "script.py", options=("-P",))
    assert_alike(project, "script.py", env={"PYTHONSAFEPATH": "1"})
    project.write("folder/__main__.py", "import sys; print(sys.path)\n")
    assert_alike(project, "folder", options=("-P",))


def test_the_path_of_an_isolated_run(project: Project) -> None:
    project.write("script.py", "import sys; print(sys.path, sys.flags.isolated)\n")
    launch = f"import sys; sys.path.append({str(ROOT)!r}); from jitc_import.hooks.runner import run; run(['script.py'])"
    ours = f", {str(ROOT)!r}"  # an editable install has it on the path, too
    isolated, plain = (project.run("-I", *run).stdout for run in (("-c", launch), ("script.py",)))
    assert isolated.replace(ours, "") == plain.replace(ours, "")


@pytest.mark.parametrize("name", ["pkg", "pkg.sub", "pkg.__main__", "nothing", "pkg.nothing", "empty", "pkg.bad"])
def test_a_module(project: Project, name: str) -> None:
    for file in ("pkg/__main__.py", "pkg/sub.py"):
        project.write(file, SHOW)
    project.write("pkg/__init__.py", "import sys; print(sys.argv)\n")
    project.write("pkg/bad.py", "import sys\nsys.exit('bad')\n")
    project.write("empty/__init__.py", "")
    plain, hooked = both(project, "-m", name, "a", "-b")
    shown = hooked.stdout.replace("JitcLoader", "SourceFileLoader").replace("-jitc.pyc", ".pyc")
    shown = shown.replace("<class 'jitc_import.hooks.loader.SourceFileLoader'>, ", "")
    expected = plain.stdout.replace("__main__.__spec__", "")
    assert [line for line in shown.splitlines() if "mro" not in line][:1] == expected.splitlines()[:1]
    assert (hooked.stderr, hooked.returncode) == (plain.stderr, plain.returncode)


@pytest.mark.parametrize("archive", [False, True])
def test_a_folder_or_an_archive(project: Project, archive: bool) -> None:  # noqa: FBT001
    project.write(
        "app/__main__.py", "import sys, part\nprint(sys.argv, sys.path[0], __name__, __spec__.name, part.x)\n"
    )
    project.write("app/part.py", "x = 5\n")
    project.write("bare/part.py", "x = 5\n")
    if archive:
        for name in "app", "bare":
            with zipfile.ZipFile(project.root / f"{name}.zip", "w") as file:
                for path in (project.root / name).iterdir():
                    file.write(path, path.name)
    ending = ".zip" if archive else ""
    assert "5" in assert_alike(project, f"app{ending}", "a")
    assert "can't find '__main__' module" in assert_alike(project, f"bare{ending}")


def test_a_program_on_the_standard_input(project: Project) -> None:
    text = "import sys\nprint(sys.argv, repr(sys.path[0]), __name__, list(globals()), __loader__)\n1/0\n"
    plain, hooked = both(project, "-", "a", stdin=text)
    assert (hooked.stdout, hooked.returncode) == (plain.stdout, plain.returncode)
    assert "ZeroDivisionError" in hooked.stderr
    marked = both(project, "-", stdin="# jitc: enable\ndef f(): ...\n")[1]
    assert marked.returncode == 1
    assert "<stdin>:1: a marked program needs a file" in marked.stderr
    assert "jitc_import/" not in marked.stderr


def test_bare_bytecode(project: Project) -> None:
    import py_compile

    project.write("script.py", "import sys; print(sys.argv, __file__, __name__)\n")
    py_compile.compile(str(project.root / "script.py"), cfile=str(project.root / "script.pyc"))
    assert_alike(project, "script.pyc", "a")


@pytest.mark.parametrize(
    "text",
    [
        "raise SystemExit",
        "import sys; sys.exit(3)",
        "import sys; sys.exit('a message')",
        "raise SystemExit((1, 2))",
        "import os; os._exit(7)",
        "1/0",
        "try:\n    1/0\nexcept ZeroDivisionError as e:\n    raise ValueError('x') from e",
        "def f():\n    raise KeyError('no')\nf()",
        "x = (1,\n",
        "  x = 1\n",
        "import nothing_there",
        "raise KeyboardInterrupt",
        "import os, signal; os.kill(os.getpid(), signal.SIGINT)",
        "import os, signal; os.kill(os.getpid(), signal.SIGTERM)",
        "import sys\nsys.excepthook = lambda *a: print('mine', a[0], a[2].tb_lineno)\n1/0",
        "import sys\ndef hook(*a):\n    raise TypeError('hook')\nsys.excepthook = hook\n1/0",
        "import sys\ndef hook(*a):\n    sys.exit(9)\nsys.excepthook = hook\n1/0",
        "import atexit, sys\natexit.register(print, 'bye')\natexit.register(lambda: print(sys.last_value))\n1/0",
        "import atexit\natexit.register(print, 'bye')\nraise KeyboardInterrupt",
        "import threading\nthreading.Thread(target=lambda: print('thread')).start()\nprint('main')",
        "class A:\n    def __del__(self): print('gone')\na = A()",
        "import sys; sys.stdout.close()",
        "import traceback, sys\ntraceback.print_stack(file=sys.stdout)",
        "import warnings; warnings.warn('careful')",
        "import logging; logging.warning('x')",
        "import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))))",
        "import dataclasses\n@dataclasses.dataclass\nclass A:\n    x: int = 1\nprint(A())",
    ],
)
def test_however_it_ends(project: Project, text: str) -> None:
    project.write("script.py", text + "\n")
    plain, hooked = both(project, "script.py")
    assert hooked.stderr == plain.stderr
    if "print_stack" in text:
        assert hooked.stdout.endswith(plain.stdout)
    else:
        assert hooked.stdout == plain.stdout
    assert hooked.returncode == plain.returncode


def test_a_pipe_that_breaks(project: Project) -> None:
    project.write("script.py", "for n in range(100000):\n    print(n)\n")
    statuses = []
    for prefix in ((), RUN):
        command = [sys.executable, *prefix, "script.py"]
        variables = {**os.environ, "PYTHONPATH": str(ROOT)}
        child = subprocess.Popen(
            command, cwd=project.root, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert child.stdout
        assert child.stderr
        child.stdout.close()
        error = child.stderr.read()
        child.stderr.close()
        statuses.append((child.wait(timeout=60), error))
    assert statuses[0] == statuses[1]


@pytest.mark.parametrize("name", ["nothing.py", "sub/nothing.py", "script.py/x"])
def test_a_script_that_is_not_there(project: Project, name: str) -> None:
    project.write("script.py", "")
    plain, hooked = both(project, name)
    assert hooked.stderr.partition(":")[2] == plain.stderr.partition(":")[2]
    assert (hooked.returncode, plain.returncode) == (2, 2)


@pytest.mark.parametrize("arguments", [(), ("-m",), ("-x", "script.py"), ("--help",), ("-h", "x")])
def test_usage(project: Project, arguments: tuple[str, ...]) -> None:
    done = project.run(*RUN, *arguments)
    wants_help = arguments[:1] in (("--help",), ("-h",))
    assert (done.stdout if wants_help else done.stderr).startswith("usage: ")
    assert done.returncode == (0 if wants_help else 2)


MARKED = "# jitc: enable\nimport sys\n\ndef f(x):\n    '''Doc.'''\n\nif __name__ == '__main__':\n    print(f(2))\n"
BODIES = {"f": "def f(x):\n    return 10 / (x - 2 if 'zero' in sys.argv else x)\n"}


@pytest.mark.parametrize("arguments", [("script.py",), ("-m", "script"), ("-m", "pkg"), ("folder",), ("tool",)])
def test_a_marked_program_is_completed(project: Project, arguments: tuple[str, ...]) -> None:
    for name in ("script.py", "pkg/__main__.py", "folder/__main__.py", "tool"):
        write_companion(project.write(name, MARKED), BODIES)
    for _ in "cold", "warm":
        assert project.run(*RUN, *arguments).stdout == "5.0\n"
    failed = project.run(*RUN, *arguments, "zero")
    assert failed.returncode == 1
    assert failed.stderr.count("File ") == 2
    assert '.jitc.py", line 10, in f\n    return 10 / ' in failed.stderr


def test_a_marked_script_starts_warm(project: Project) -> None:
    write_companion(project.write("script.py", MARKED + "print('ast' in sys.modules)\n"), BODIES)
    assert project.run(*RUN, "script.py").stdout == "5.0\nTrue\n"
    assert project.run(*RUN, "script.py").stdout == "5.0\nFalse\n"


def test_marked_modules_of_a_program_are_completed(project: Project) -> None:
    write_module(project, "m.py", "# jitc: enable\ndef f(): ...\n", {"f": "def f():\n    return 3\n"})
    project.write("script.py", "import m\nprint(m.f())\n")
    assert project.run(*RUN, "script.py").stdout == "3\n"


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [("script.py",), ("-m", "script"), ("-m", "pkg"), ("pkg",)])
def test_a_program_that_cannot_be_completed(project: Project, arguments: tuple[str, ...]) -> None:
    path = "pkg/__main__.py" if "pkg" in arguments else "script.py"
    project.write(path, "# jitc: enable\ndef f(): ...  # jitc: complete\n")
    done = project.run(*RUN, *arguments, env={"JITC_MODE": "locked"})
    assert done.returncode == 1, done.stdout
    lines = done.stderr.splitlines()
    assert lines[:3] == [
        "Traceback (most recent call last):",
        f'  File "{project.root / path}", line 2, in <module>',
        "    def f(): ...  # jitc: complete",
    ]
    assert lines[3].startswith("jitc_import.errors.LockedError: ")
    assert "jitc_import/" not in done.stderr


SPAWNING = """
# jitc: enable
import multiprocessing.pool, sys
from concurrent.futures import ProcessPoolExecutor

import m

def f(x):
    "Doc."

def again(x):
    with multiprocessing.get_context(sys.argv[1]).Pool(1) as pool:
        return pool.map(f, [x])

def work(x):
    return [f(x), m.f()]

if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    with context.Pool(2) as pool:
        print(pool.map(work, [1, 2]))
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        print(pool.submit(again, 7).result())
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no forkserver")
@pytest.mark.parametrize("method", ["spawn", "forkserver"])
@pytest.mark.parametrize("arguments", [("script.py",), ("-m", "script")])
def test_children_of_a_marked_program_have_its_bodies(
    project: Project, arguments: tuple[str, ...], method: str
) -> None:
    project.write("site/sitecustomize.py", (ROOT / "jitc_import.pth").read_text())
    write_module(project, "m.py", "# jitc: enable\ndef f(): ...\n", {"f": "def f():\n    return 3\n"})
    write_companion(project.write("script.py", SPAWNING), {"f": "def f(x):\n    return x * 10\n"})
    env = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(project.root / "site")])}
    done = project.run(*RUN, *arguments, method, env=env)
    assert done.stdout == "[[10, 3], [20, 3]]\n[70]\n", done.stderr


@pytest.mark.slow
def test_run_path_completes_a_marked_file(project: Project) -> None:
    write_companion(project.write("script.py", MARKED), BODIES)
    project.write("plain.py", "print(__name__, __spec__)\n")
    project.write("bad.py", "# jitc: enable\ndef f(): ...  # jitc: complete\n")
    code = "import jitc_import.activate, runpy; runpy.run_path('script.py', run_name='__main__')\n"
    code += "runpy.run_path('plain.py')\nrunpy.run_path('bad.py')"
    done = project.run("-c", code, env={"JITC_MODE": "locked"})
    assert done.stdout == "5.0\n<run_path> None\n"
    assert 'bad.py", line 2, in <module>\n    def f(): ...  # jitc: complete\n' in done.stderr
    assert "LockedError" in done.stderr
    assert "jitc_import/" not in done.stderr


def test_run_imports_little(project: Project) -> None:
    project.write("script.py", "import sys\nprint(*sorted(sys.modules))\n")
    done = project.run(*RUN, "script.py")
    heavy = {"libcst", "openai", "pydantic", "json", "dataclasses", "asyncio", "inspect", "ast", "argparse", "typing"}
    assert not heavy & set(done.stdout.split()), done.stdout
