"""Bad input: what plain Python gives where the same happens to it, or one clear error."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from companions import write_companion, write_module
from conftest import ROOT, Project
from server import ScriptedServer, asked_keys
from twins import BODY, MARK, STUB, Twins

POSIX = pytest.mark.skipif(os.name == "nt", reason="of POSIX systems")


@pytest.fixture
def twins(tmp_path: Path) -> Twins:
    made = Twins.under(tmp_path)
    made.write("m.py", MARK + STUB)
    return made


# Finders and the path


@pytest.mark.parametrize("error", ["OSError(5)", "ImportError('no')", "KeyboardInterrupt()", "RecursionError()"])
def test_a_finder_that_raises(twins: Twins, error: str) -> None:
    code = f"""
import sys
class Raising:
    def find_spec(self, name, path=None, target=None):
        if name in ("m", "nothing"):
            raise {error}
at = [getattr(f, "__name__", "") for f in sys.meta_path].index("BuiltinImporter")
sys.meta_path.insert(at, Raising())
for name in "m", "nothing":
    try:
        __import__(name)
    except BaseException as error:
        print(repr(error), name in sys.modules)
del sys.meta_path[at]
import m
print(m.f())
"""
    assert twins.same(code).shown.endswith("\n7\n")


MUTATIONS = {
    "removes itself": "sys.meta_path.remove(self)",
    "removes all others": "sys.meta_path[:] = [self, *[f for f in sys.meta_path if f.__class__ is type]]",
    "is replaced": "sys.meta_path = [f for f in sys.meta_path if f is not self]",
    "goes last": "sys.meta_path.remove(self); sys.meta_path.append(self)",
    "adds another": "sys.meta_path.insert(0, Quiet()) if len(sys.meta_path) < 9 else None",
    "empties it": "del sys.meta_path[:]",
}


@pytest.mark.parametrize("what", MUTATIONS)
def test_a_finder_that_changes_the_list_of_finders(twins: Twins, what: str) -> None:
    code = f"""
import sys, warnings
warnings.simplefilter("ignore")
class Quiet:
    def find_spec(self, name, path=None, target=None): return None
class Changing:
    def find_spec(self, name, path=None, target=None):
        {MUTATIONS[what]}
at = [getattr(f, "__name__", "") for f in sys.meta_path].index("BuiltinImporter")
sys.meta_path.insert(at, Changing())
for name in "zipfile", "m", "_lsprof", "nothing":
    try:
        module = __import__(name)
    except ImportError as error:
        print(repr(error))
    else:
        print(name, module.__spec__.origin)
"""
    twins.same(code)


def test_our_finder_taken_out_while_it_looks(twins: Twins) -> None:
    code = """
import sys, jitc_import, jitc_import.activate
class Changing:
    def find_spec(self, name, path=None, target=None):
        jitc_import.uninstall()
before = [*sys.meta_path[1:]]
sys.meta_path.insert(1, Changing())
import zipfile, m, _lsprof
print(zipfile.__name__, m.__name__, sys.meta_path[1:] == before)
"""
    done = twins.marked.run("-c", code)
    assert (done.stdout, done.stderr) == ("zipfile m True\n", "")


def test_odd_entries_of_the_path(twins: Twins) -> None:
    twins.each(lambda root: (root / "file").write_text("x = 1"))
    twins.each(lambda root: (root / "script.py").write_text("# jitc: enable\nx = 1\n"))
    twins.each(lambda root: (root / "unreadable").mkdir(mode=0))
    twins.each(lambda root: (root / "bad.zip").write_bytes(b"PK\3\4" + bytes(90)))
    code = """
import os, sys
here = sys.path.pop(0)
entries = ["file", b"bytes", os.fsencode(here), "script.py", "nowhere", "unreadable", "bad.zip", "bad.zip/in"]
entries += ["a\\0b", "", 5, None]
for entry in entries:
    sys.path[:0] = [entry]
    sys.modules.pop("m", None)
    sys.path_importer_cache.clear()
    try:
        import m
    except BaseException as error:
        print(entry if entry != os.fsencode(here) else "here", type(error))
    else:
        print(m.f(), m.__file__)
    del sys.path[0]
sys.path[:0] = [here, *entries]
import m
print(m.f(), m.__file__)
"""
    assert "7 ROOT/m.py\n" in twins.same(code).shown


def test_a_finder_with_a_loader_of_a_path_object(twins: Twins) -> None:
    code = """
import sys, pathlib, os
from importlib.machinery import ModuleSpec, SourceFileLoader
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "m":
            return ModuleSpec(name, SourceFileLoader(name, pathlib.Path("m.py").absolute()))
at = [getattr(f, "__name__", "") for f in sys.meta_path].index("BuiltinImporter")
sys.meta_path.insert(at, Finder())
import m
print(m.f())
"""
    assert twins.same(code).shown == "7\n"


# Modules that do odd things to themselves


def test_a_name_that_is_blocked(twins: Twins) -> None:
    code = """
import sys
sys.modules["m"] = None
try:
    import m
except ImportError as error:
    print(repr(error), error.name)
del sys.modules["m"]
import m
print(m.f())
"""
    assert twins.same(code).shown.endswith("7\n")


ODD_MODULES = {
    "deletes itself": "import sys\ndel sys.modules[__name__]\n" + STUB,
    "replaces itself": "import sys, types\nsys.modules[__name__] = types.SimpleNamespace(f=lambda: 8)\n" + STUB,
    "imports itself": "import odd\nfrom odd import __name__ as same\n" + STUB,
    "raises": STUB + "print(f())\nraise ValueError(f())\n",
    "exits": STUB + "raise SystemExit(f())\n",
    "is interrupted": STUB + "raise KeyboardInterrupt\n",
    "has no spec any more": STUB + "del __spec__, __loader__\n",
    "has a name of its own": "__name__ = 'another'\n" + STUB,
    "has a file of its own": "__file__ = 'nowhere.py'\n" + STUB,
    "has no globals any more": STUB + "globals().clear()\n",
}


@pytest.mark.parametrize("what", ODD_MODULES)
def test_modules_that_do_odd_things(twins: Twins, what: str) -> None:
    twins.write("odd.py", MARK + ODD_MODULES[what])
    twins.write("odd_package/__init__.py", MARK + ODD_MODULES[what].replace("odd", "odd_package"))
    code = """
import sys, importlib
for name in ("odd", "odd_package") * 2:
    try:
        module = importlib.import_module(name)
        print(type(module), sorted(vars(module)))
        print(module.f(), getattr(module, "same", None))
        importlib.reload(module)
    except BaseException as error:
        print(repr(error))
    print(name in sys.modules)
"""
    for _ in "cold", "warm":
        twins.same(code)


def test_a_marked_package_that_imports_itself_and_its_own(twins: Twins) -> None:
    source = "import pkg\nimport pkg.sub\nfrom . import sub as other\nfrom pkg import sub as third\n"
    twins.write("pkg/__init__.py", MARK + source + STUB)
    twins.write("pkg/sub.py", MARK + "import pkg\nfrom . import __path__ as path\n" + STUB)
    code = "import pkg\nprint(pkg.f(), pkg.sub.f(), pkg.sub is pkg.other is pkg.third, pkg.pkg is pkg, pkg.sub.path)\n"
    assert twins.same(code).shown == "7 7 True True ['ROOT/pkg']\n"


# Sources


SOURCES = {
    "a null byte": b"x = 1\n\0\n",
    "a null byte in a comment": b"# \0\nx = 1\n",
    "an unknown encoding": b"# coding: nonsense\n",
    "an encoding that is no text": b"# coding: rot13\nk = 1\n",
    "an encoding against the mark of byte order": b"",
    "no UTF-8": b"x = 1\ny = '\xe4'\n",
    "half a character at the end": b"x = '\xc3",
    "UTF-16": "x = 1\n".encode("utf-16"),
    "a lone surrogate": b"x = '\xed\xa0\x80'\n",
    "no bytes": b"",
    "tabs and spaces": b"if 1:\n\tx = 1\n        y = 2\n",
    "a future that is not": b"from __future__ import nothing\n",
    "a future too late": b"x = 1\nfrom __future__ import annotations\n",
    "await outside": b"await x\n",
    "a number too long": b"x = " + b"1" * 5000 + b"\n",
    "an escape that is none": b"x = '\\N{nothing}'\n",
    "control characters": b"x = 1\n\x1a\n\x07",
    "a text without end": b'x = """\n',
    "identifiers out of all sorts": "ª = 1; ﬁ = 2; print(sorted(n for n in globals() if n[0] != '_'))\n".encode(),
}


IMPORT_ALL = """
import pathlib, traceback
for path in sorted(pathlib.Path().glob("bad_*.py")):
    try:
        exec(f"import {path.stem}")
        print(path)
    except BaseException:
        print(path, traceback.format_exc().replace(__doc__ or "", ""))
"""


@pytest.mark.slow
@pytest.mark.parametrize("first", ["# jitc: enable\n", "# jitc\n", "#!/bin/jitc\n"], ids=["marked", "said", "shebang"])
def test_sources_that_are_none(twins: Twins, first: str) -> None:
    for number, text in enumerate(SOURCES.values()):
        for project in twins.by_hand, twins.marked:
            (project.root / f"bad_{number}.py").write_bytes(first.encode() + text)
    twins.same(IMPORT_ALL, "-W", "default")


DEEP: dict[str, Callable[[int], str]] = {
    "sums": lambda n: "x = " + "1 + " * n + "1",
    "signs": lambda n: "x = " + "-" * n + "1",
    "brackets": lambda n: "x = " + "[" * n + "]" * n,
    "calls": lambda n: "f = lambda: f\nx = f" + "()" * n,
    "lambdas": lambda n: "x = " + "lambda: " * n + "1",
    "blocks": lambda n: "".join(" " * k + "if 1:\n" for k in range(n)) + " " * n + "pass",
    "functions": lambda n: "".join(" " * k + "def g():\n" for k in range(n)) + " " * n + "print(1)",
    "elifs": lambda n: "if 0: pass\n" + "elif 0: pass\n" * n,
}


@pytest.mark.slow
def test_deep_code(twins: Twins) -> None:
    for what, text_of in DEEP.items():
        for first, depth in (MARK, 90), (MARK, 700), ("# jitc\n", 700), ("# jitc\n", 2500), ("# jitc\n", 9000):
            if (what, depth) not in {("lambdas", 2500), ("blocks", 9000), ("functions", 9000)}:  # they take seconds
                for project in twins.by_hand, twins.marked:
                    project.write(f"bad_{what}_{len(first)}_{depth}.py", f"{first}{text_of(depth)}\n")
    twins.same(IMPORT_ALL.replace("traceback.format_exc()", "traceback.format_exc().splitlines()[-1]"))


@pytest.mark.slow
def test_bytes_in_a_comment_that_are_no_text(twins: Twins) -> None:
    comment = b"# \xe9t\xe9\n"
    data = (MARK + STUB).encode() + comment
    (twins.by_hand.root / "m.py").write_bytes(BODY.encode() + comment)
    (twins.marked.root / "m.py").write_bytes(data)
    write_companion(twins.marked.root / "m.py", {"f": BODY})
    twins.each(lambda root: (root / "unmarked.py").write_bytes(b"# jitc\nx = 8\n" + comment))
    assert twins.same("import m, unmarked\nprint(m.f(), unmarked.x)\n").shown == "7 8\n"
    (twins.marked.root / "m.py").write_bytes(data + b"\n")
    _, marked = twins.both("import m\n")
    assert marked.told == (
        "jitc_import.errors.MarkError: ROOT/m.py:3: a comment holds bytes that are not utf-8: Python lets them stand, "
        "jitc cannot read them; save the file anew"
    )


# Companion files


def told(project: Project, *, env: dict[str, str] | None = None) -> str:
    """What an import of `m` that fails says in its last line."""
    done = project.run("-c", "import jitc_import.activate, m; print(m.f())", env=env)
    assert done.returncode == 1, done.stdout
    assert "jitc_import/" not in done.stderr
    return done.stderr.strip().rpartition("\n")[2].replace(str(project.root), "ROOT")


def value(project: Project, *, env: dict[str, str] | None = None) -> str:
    """What `m.f()` gives."""
    done = project.run("-c", "import jitc_import.activate, m; print(m.f())", env=env)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def endpoint(server: ScriptedServer) -> dict[str, str]:
    return {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "k", "JITC_MODEL": "scripted"}


LOCKED = {"JITC_MODE": "locked"}


@pytest.mark.slow
def test_a_companion_file_with_more_than_the_stubs_want(project: Project) -> None:
    project.write("m.py", MARK + STUB)
    with ScriptedServer([BODY]) as server:
        done = project.run("-c", "import jitc_import.activate, m; print(m.f())", env=endpoint(server))
        assert done.stdout == "7\n", done.stderr
    companion = project.root / "__jitc__" / "m.jitc.py"
    added = companion.read_text().replace(
        "# --- end of file",
        f"# --- g\n# spec: {'0' * 32}\n# body: {'0' * 32}\ndef g():\n    return 8\n\n# --- end of file",
    )
    companion.write_text(added)
    assert value(project, env=LOCKED) == "7"
    assert companion.read_text() == added


def test_a_large_companion_file(project: Project) -> None:
    lines = "".join(f"    # {'the line before ' * 5}{n}\n    x += {n}\n" for n in range(11_000))
    write_module(project, "m.py", MARK + STUB, {"f": f"def f():\n    x = 0\n{lines}    return x\n"})
    assert (project.root / "__jitc__" / "m.jitc.py").stat().st_size > 1_000_000
    for _ in "cold", "warm":
        assert value(project) == str(sum(range(11_000)))


def test_a_body_that_nests_too_deeply(project: Project) -> None:
    write_module(project, "m.py", MARK + STUB, {"f": f"def f():\n    return {'-' * 50_000}1\n"})
    assert "ROOT/__jitc__/m.jitc.py" in told(project)
    write_module(project, "m.py", MARK + STUB, {"f": f"def f():\n    return {'-' * 800}1\n"})
    assert value(project) == "1"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\0" * 100, "is no companion file"),
        (b"\xff\xfe", "not UTF-8"),
        (b"\n", "cut off"),
        (b"# jitc companion 1, needs 9\n", "cut off"),
        (b"# jitc companion 2, needs jitc-import 9.9\n", "needs jitc-import 9.9"),
    ],
)
def test_a_companion_file_that_is_none(project: Project, data: bytes, said: str) -> None:
    write_module(project, "m.py", MARK + STUB, {"f": BODY}).write_bytes(data)
    assert said in told(project)


@pytest.mark.slow
@POSIX
def test_a_companion_file_that_is_replaced_all_the_time(project: Project) -> None:
    project.write("m.py", MARK + STUB)
    code = """
import jitc_import.activate, os, sys, threading
sys.path.insert(0, TESTS)
from pathlib import Path
from typing import Any
from jitc_import import JitcImportError
from companions import write_companion
path, going = Path("m.py"), True
def body(n, line): return f"def f():{line * n}    return {n}"
texts = [write_companion(path, {"f": body(n, "\\n")}).read_text() for n in (3, 400)]
companion = "__jitc__/m.jitc.py"
def replace():
    while going:
        for text in texts:
            with open("new", "w") as file:
                file.write(text)
            os.replace("new", companion)
            if sys.argv[1:]:
                os.unlink(companion)
threading.Thread(target=replace, daemon=True).start()
seen = set()
for _ in range(150):
    sys.modules.pop("m", None)
    for entry in Path("__pycache__").glob("m.*"):
        entry.unlink()
    try:
        import m
        seen.add(m.f())
    except JitcImportError:
        seen.add("refused")
going = False
print(*sorted(map(str, seen)))
"""
    project.write("main.py", code.replace("TESTS", repr(str(ROOT / "tests"))))
    done = project.run("main.py", env=LOCKED)
    assert (done.stderr, done.stdout) == ("", "3 400\n")
    done = project.run("main.py", "vanish", env=LOCKED)
    assert done.stderr == ""
    assert set(done.stdout.split()) <= {"3", "400", "refused"}


# Sources that change or vanish


def becomes_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


CHANGES: dict[str, Callable[[Path], object]] = {
    "f0": lambda path: path.write_text(path.read_text() + "edited = 1\n"),
    "f1": lambda path: path.unlink(),
    "f2": becomes_a_folder,
    "f3": lambda path: path.write_text(MARK + "def f(:\n"),
    "f4": lambda path: path.write_text("def f4():\n    return 9\n"),
}


def test_a_source_that_changes_while_a_model_writes(project: Project) -> None:
    for name in CHANGES:
        project.write(f"m_{name}.py", f"{MARK}def {name}(): ...\n")

    def script(request: dict[str, Any]) -> str:
        (name,) = asked_keys(request)
        CHANGES[name](project.root / f"m_{name}.py")
        return f"def {name}():\n    return 7\n"

    code = """
import jitc_import.activate, sys
for name in sys.argv[1:]:
    module = __import__(f"m_{name}")
    print(getattr(module, name)(), module.__spec__.cached, module.__cached__, getattr(module, "edited", None))
"""
    project.write("main.py", code)
    with ScriptedServer(script) as server:
        done = project.run("main.py", *CHANGES, env=endpoint(server))
        assert done.stdout == "7 None None None\n" * 5, done.stderr
        assert not (project.root / "__pycache__").exists()
        done = project.run("main.py", "f0", "f4", env=endpoint(server))
        assert [line[0] + line[-1] for line in done.stdout.splitlines()] == ["71", "9e"], done.stderr
        assert len(server.requests) == 5
    assert sorted(each.name for each in (project.root / "__jitc__").iterdir()) == [f"m_f{n}.jitc.py" for n in range(5)]


def test_a_source_that_vanishes_between_finding_and_loading(twins: Twins) -> None:
    twins.each(lambda root: (root / "unmarked.py").write_text("x = 1\n"))
    code = """
import importlib.util, os, sys
for name in "m", "unmarked":
    spec = importlib.util.find_spec(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    if sys.argv[1:]:
        importlib.reload(module)
    os.rename(name + ".py", "away")
    try:
        spec.loader.exec_module(module)
    except BaseException as error:
        print(repr(error))
    os.rename("away", name + ".py")
"""
    for _ in "cold", "warm":
        assert twins.same(code).shown.count("FileNotFoundError") == 2
        twins.same("import m, unmarked")


@pytest.mark.slow
def test_a_source_that_is_edited_all_the_time(project: Project) -> None:
    code = """
import jitc_import.activate, importlib, os, sys, threading
going = True
def text(n): return f"# jitc: enable\\n{'#' * (n % 97)}\\nvalue = {n}\\ncheck = {-n}\\n"
def write(n):
    with open("new", "w") as file:
        file.write(text(n))
    os.replace("new", "m.py")
def edit():
    n = 0
    while going:
        write(n := n + 1)
    write(10**6)
write(0)
thread = threading.Thread(target=edit, daemon=True)
thread.start()
import m
last = 0
for _ in range(150):
    importlib.reload(m)
    assert m.value == -m.check and m.value >= last, (m.value, m.check, last)
    last = m.value
going = False
thread.join()
importlib.reload(m)
print(m.value, last > 5)
"""
    project.write("main.py", code)
    done = project.run("main.py")
    assert (done.stdout, done.stderr) == ("1000000 True\n", "")
    assert project.run("-c", "import jitc_import.activate, m; print(m.value)").stdout == "1000000\n"


# The cache


def a_file(root: Path) -> None:
    (root / "__pycache__").write_text("")


def a_link_to_nowhere(root: Path) -> None:
    (root / "__pycache__").symlink_to("nowhere/at/all")


def a_link_to_itself(root: Path) -> None:
    (root / "__pycache__").symlink_to("__pycache__")


def a_link_elsewhere(root: Path) -> None:
    (root / "elsewhere").mkdir()
    (root / "__pycache__").symlink_to("elsewhere")


@POSIX
@pytest.mark.parametrize("make", [a_file, a_link_to_nowhere, a_link_to_itself, a_link_elsewhere])
def test_a_cache_folder_that_is_none(twins: Twins, make: Callable[[Path], None]) -> None:
    twins.each(make)
    for _ in "cold", "warm":
        assert twins.same("import m\nprint(m.f())\n").shown == "7\n"
    linked = make is a_link_elsewhere
    shown = (
        value(twins.marked),
        twins.marked.run("-c", "import jitc_import.activate, m; print(m.__spec__.cached is None)").stdout,
    )
    assert shown == ("7", f"{not linked}\n")
    assert sorted(path.name for path in twins.marked.root.iterdir() if path.name != "__jitc__") == sorted(
        path.name for path in twins.by_hand.root.iterdir()
    )


@POSIX
def test_a_full_disk(twins: Twins) -> None:
    code = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (50, resource.RLIM_INFINITY))
import m
print(m.f(), os.listdir("__pycache__"))
"""
    by_hand, marked = twins.both(code)
    assert (marked.status, marked.told, marked.shown[0]) == (0, "", "7")
    assert marked.shown.count("pyc") == by_hand.shown.count("pyc")
    assert value(twins.marked) == value(twins.marked) == "7"
    assert [path.stat().st_size > 50 for path in (twins.marked.root / "__pycache__").iterdir()] == [True]


@POSIX
def test_modes_of_cache_files_are_pythons(twins: Twins) -> None:
    code = """
import os, sys, stat
for number, mask in enumerate((0o000, 0o022, 0o077, 0o027)):
    for mode in 0o644, 0o600, 0o666, 0o444, 0o755, 0o640:
        os.umask(mask)
        name = f"u{number}_{mode:o}"
        with open(name + ".py", "w") as file:
            file.write("# jitc\\nx = 1\\n")
        os.chmod(name + ".py", mode)
        module = __import__(name)
        folder = os.path.dirname(module.__cached__)
        print(name, *(oct(stat.S_IMODE(os.stat(path).st_mode)) for path in (module.__cached__, folder)))
        os.unlink(module.__cached__)
        os.rmdir(folder)
"""
    assert twins.same(code).shown.count("u") == 24
