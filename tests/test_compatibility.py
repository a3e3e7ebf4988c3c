"""A marked and completed module is like any other to Python: what the other test files do not show of that."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from companions import write_companion, write_module
from conftest import ROOT, Project
from server import ScriptedServer, script_from
from twins import BODY, MARK, STUB, Twins

USE = "import jitc_import.activate, m; print(m.f())"
LOCKED = {"JITC_MODE": "locked"}


@pytest.fixture
def twins(tmp_path: Path) -> Twins:
    made = Twins.under(tmp_path)
    made.write("m.py", MARK + STUB)
    return made


def endpoint(server: ScriptedServer) -> dict[str, str]:
    return {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "k", "JITC_MODEL": "scripted"}


def test_a_marked_module_has_the_attributes_of_any(twins: Twins) -> None:
    twins.write("pkg/__init__.py", MARK + '"""Doc."""\n' + STUB)
    twins.write("pkg/m.py", MARK + "from __future__ import annotations\nx: int = 1\n" + STUB)
    code = """
import importlib.util, os, sys
from importlib.abc import SourceLoader
from importlib.machinery import SourceFileLoader
import m, pkg, pkg.m
for module in m, pkg, pkg.m:
    spec, loader = module.__spec__, module.__loader__
    print(sorted(vars(module)), repr(module), type(module), module.__doc__, module.__package__)
    print(module.__file__, getattr(module, "__path__", None), getattr(module, "__annotations__", None))
    print(spec.name, spec.origin, spec.parent, spec.has_location, spec.submodule_search_locations, spec.loader_state)
    print(spec.loader is loader, isinstance(loader, SourceFileLoader), isinstance(loader, SourceLoader))
    print(loader.name, loader.path, module.__cached__ == spec.cached, os.path.isfile(spec.cached))
    print(os.path.dirname(spec.cached), importlib.util.source_from_cache(spec.cached))
    f, code = module.f, module.f.__code__
    print(code.co_name, f.__module__, f.__qualname__, f.__globals__ is vars(module), f() == 7)
    print(code.co_flags, code.co_stacksize, code.co_code == (lambda: 7).__code__.co_code, code.co_consts)
"""
    for _ in "cold", "warm":
        twins.same(code)


def test_the_loader_answers_as_pythons_own(twins: Twins) -> None:
    twins.write("pkg/__init__.py", MARK + STUB)
    twins.write("pkg/sub/__init__.py", "")
    twins.each(lambda root: (root / "pkg" / "data.txt").write_text("data\n"))
    twins.each(lambda root: (root / "pkg" / "sub" / "more.bin").write_bytes(b"\0"))
    code = """
import importlib.resources as resources, inspect, linecache, pkgutil, pkg, pkg.sub, m
files = resources.files(pkg)
print(files.joinpath("data.txt").read_text(), resources.files("pkg.sub").joinpath("more.bin").read_bytes())
print(sorted(each.name for each in files.iterdir() if each.name not in ("__jitc__", "__pycache__")))
with resources.as_file(files / "data.txt") as path:
    print(path, path == files / "data.txt")
print(pkgutil.get_data("pkg", "data.txt"), pkgutil.get_data("pkg.sub", "more.bin"))
for module in m, pkg, pkg.sub:
    loader, name = module.__loader__, module.__name__
    source = open(module.__file__).read()
    print(loader.is_package(name), loader.get_filename(name), loader.get_filename(), loader.get_source(name) == source)
    print(loader.get_data(module.__file__) == source.encode(), loader.path_stats(module.__file__).keys())
    code = loader.get_code(name)
    print(code.co_filename, inspect.getsource(module) == source, inspect.getmodule(code))
    print(linecache.getlines(module.__file__, vars(module)) == source.splitlines(keepends=True))
    print(hasattr(loader, "get_resource_reader"))
print([(each.name, each.ispkg) for each in pkgutil.walk_packages(["."])])
print([(each.name, each.ispkg) for each in pkgutil.iter_modules(pkg.__path__, "pkg.")])
"""
    twins.same(code)


def test_finders_are_told_of_new_files_and_distributions_stay_the_same(twins: Twins) -> None:
    twins.each(lambda root: (root / "some-1.0.dist-info").mkdir())
    twins.each(lambda root: (root / "some-1.0.dist-info" / "METADATA").write_text("Name: some\nVersion: 1.0\n"))
    code = """
import importlib, importlib.metadata, os, sys
from pathlib import Path
class Told:
    def find_spec(self, *_): return None
    def invalidate_caches(self): print("told")
    def find_distributions(self, context): print("asked", context.name); return iter(())
sys.meta_path.append(Told())
print(importlib.metadata.version("some"))
print("some" in [each.metadata["Name"] for each in importlib.metadata.distributions()])
import m
stamp = os.stat(".")
Path("late.py").write_text("# jitc\\nx = 1\\n")
os.utime(".", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
try:
    import late
except ImportError as error:
    print(error)
importlib.invalidate_caches()
import late
print(late.x)
os.unlink("late.py")
"""
    assert twins.same(code).shown.count("told") == 1


def test_a_package_whose_path_pkgutil_extends(twins: Twins) -> None:
    extend = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n"
    for part in "a", "b":
        twins.write(f"{part}/shared/__init__.py", MARK + extend + STUB)
        twins.write(f"{part}/shared/{part}.py", MARK + STUB, {"f": BODY.replace("7", repr(part))})
    code = """
import sys
sys.path[:0] = ["a", "b"]
import shared, shared.a, shared.b, pkgutil
print(shared.f(), shared.a.f(), shared.b.f(), shared.__path__, shared.__file__)
print([each.name for each in pkgutil.iter_modules(shared.__path__)])
"""
    assert twins.same(code).shown.startswith("7 a b ")


LOOK = """
import builtins, importlib.util, sys
sys.path.insert(0, "part")
watching = []
def watch(event, arguments):
    if watching and (event == "import" or (event == "open" and ".py" in str(arguments[0]))):
        watching.append(arguments[0])
sys.addaudithook(watch)
imports = builtins.__import__
def noted(name, *rest):
    watching.append(name)
    return imports(name, *rest)
def look(name, path=None):
    known = {*sys.modules}
    watching[:] = ["-"]
    builtins.__import__ = noted
    for finder in sys.meta_path:
        spec = finder.find_spec(name, path, None)
        if spec is not None:
            break
    builtins.__import__ = imports
    print(name, spec and spec.origin, watching, {*sys.modules} - known)
    watching[:] = []
look("m"), look("unmarked"), look("pkg"), look("space"), look("pkg.m", ["pkg"])
look("zipfile"), look("_lsprof"), look("sys"), look("_frozen_importlib"), look("nothing")
"""


def test_finding_imports_nothing_reads_no_source_and_completes_nothing(twins: Twins) -> None:
    twins.write("unmarked.py", "x = 1\n")
    twins.write("pkg/__init__.py", "")
    twins.write("pkg/m.py", MARK + STUB)
    twins.write("part/space/m.py", MARK + STUB)
    assert twins.same(LOOK).shown.count("['-'] set()") == 10


@pytest.mark.slow
def test_what_only_looks_at_a_module_asks_no_model(project: Project) -> None:
    project.write("m.py", MARK + STUB)
    project.write("pkg/__init__.py", "")
    project.write("pkg/m.py", MARK + STUB)
    code = """
import jitc_import.activate, importlib.util, pkgutil, sys
importlib.util.find_spec("m"), importlib.util.find_spec("pkg.m"), [*pkgutil.walk_packages(["."])]
importlib.util.find_spec("m").loader.get_source("m")
spec = importlib.util.find_spec("m")
spec.loader = importlib.util.LazyLoader(spec.loader)
m = sys.modules["m"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(m)
print("libcst" in sys.modules, "openai" in sys.modules)
if sys.argv[1:]:
    print(m.f(), type(m))
"""
    project.write("main.py", code)
    with ScriptedServer([BODY]) as server:
        assert project.run("main.py", env=endpoint(server), fresh=True).stdout == "False False\n"
        assert server.requests == []
        assert not (project.root / "__jitc__").exists()
        done = project.run("main.py", "use", env=endpoint(server), fresh=True)
        assert done.stdout == "False False\n7 <class 'module'>\n", done.stderr
        assert len(server.requests) == 1


@pytest.mark.skipif(sys.version_info < (3, 15), reason="PEP 810")
def test_a_lazy_import_completes_when_the_module_is_used(project: Project) -> None:
    project.write("m.py", MARK + STUB)
    project.write(
        "main.py", "import jitc_import.activate, sys\nlazy import m\nprint('m' in sys.modules)\nprint(m.f())\n"
    )
    with ScriptedServer([BODY]) as server:
        done = project.run("main.py", env=endpoint(server))
        assert done.stdout == "False\n7\n", done.stderr


def test_an_import_while_the_cache_is_written(twins: Twins) -> None:
    twins.write("other.py", MARK + STUB)
    code = """
import os, sys
asked = []
def import_other(event, arguments):
    if event == "open" and ".pyc" in str(arguments[0]) and arguments[2] & os.O_WRONLY and not asked:
        asked.append("m" in sys.modules)
        import other
        import m
        asked.append(other.f())
sys.addaudithook(import_other)
import m
import other
print(m.f(), other.f(), asked)
"""
    assert twins.same(code).shown.startswith("7 7 [True, 7]")


@pytest.mark.slow
def test_threads_that_import_modules_to_be_completed_leave_nothing_changed(project: Project) -> None:
    for number in range(3):
        project.write(f"m{number}.py", f"{MARK}def f{number}(): ...\n")
    code = f"""
import jitc_import.activate, importlib, sys, threading
sys.path.append({str(ROOT / "tests")!r})
from snapshot import changes, snapshot
found, before = [], snapshot()
def work(number):
    module = importlib.import_module(f"m{{number % 3}}")
    found.append(getattr(module, f"f{{number % 3}}")())
threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
known = ["excepthook"] if sys.version_info < (3, 11) else []  # the backport of exception groups, which openai loads
print(sorted(found), [change for change in changes(before) if change[0] not in known])
"""
    project.write("main.py", code)
    bodies = "".join(f"def f{number}():\n    return {number}\n" for number in range(3))
    with ScriptedServer(script_from(bodies)) as server:
        done = project.run("main.py", env=endpoint(server))
        assert done.stdout == f"{sorted([0, 1, 2] * 4)} []\n", done.stderr
        assert len(server.requests) == 3
    assert len(list((project.root / "__jitc__").iterdir())) == 3
    assert len(list((project.root / "__pycache__").iterdir())) == 3


def test_modules_that_import_each_other_while_they_are_completed(project: Project) -> None:
    project.write("a.py", f"{MARK}import b\ndef first(): ...\nprint('a', hasattr(b, 'second'))\n")
    project.write("b.py", f"{MARK}import a\ndef second(): ...\nprint('b', hasattr(a, 'first'))\n")
    bodies = "def first():\n    return b.second() + 1\ndef second():\n    return len(a.__name__)\n"
    project.write("main.py", "import jitc_import.activate, a\nprint(a.first())\n")
    with ScriptedServer(script_from(bodies)) as server:
        for _ in "cold", "warm":
            done = project.run("main.py", env=endpoint(server))
            assert done.stdout == "b False\na True\n2\n", done.stderr
        assert len(server.requests) == 2


@pytest.mark.slow
def test_a_failed_import_leaves_what_plain_python_leaves(twins: Twins) -> None:
    for name in "pkg/__init__.py", "pkg/good.py":
        twins.write(name, MARK + STUB)
    twins.write("pkg/bad.py", MARK + "import pkg.good\n" + STUB)
    (twins.by_hand.root / "pkg" / "bad.py").write_text("import pkg.good\nraise ImportError\n")
    (twins.marked.root / "pkg" / "__jitc__" / "bad.jitc.py").unlink()
    code = """
import sys
for _ in range(2):
    try:
        import pkg.bad
    except ImportError:
        print(sorted(name for name in sys.modules if name.startswith("pkg")), hasattr(sys.modules["pkg"], "bad"))
"""
    by_hand, marked = twins.both(code, env=LOCKED)
    shown = "['pkg'] False\n"  # a module is completed before its first line runs
    assert (by_hand.shown, marked.shown) == (shown.replace("']", "', 'pkg.good']") * 2, shown * 2)


@pytest.mark.slow
def test_a_deleted_companion_file_is_a_miss(project: Project) -> None:
    companion = write_module(project, "m.py", MARK + STUB, {"f": BODY})
    assert project.run("-c", USE).stdout == "7\n"
    companion.unlink()
    done = project.run("-c", USE, env=LOCKED)
    assert (done.returncode, done.stdout) == (1, "")
    assert "LockedError" in done.stderr
    write_companion(project.root / "m.py", {"f": BODY.replace("7", "8")})
    assert project.run("-c", USE, env=LOCKED).stdout == "8\n"


def test_an_edit_of_the_companion_file_of_the_same_size_in_the_same_second_is_noticed(project: Project) -> None:
    companion = write_module(project, "m.py", MARK + STUB, {"f": BODY})
    second = 1_700_000_000 * 10**9
    for number in 7, 8, 9:
        companion.write_text(companion.read_text().replace(f"return {number - 1}", f"return {number}"))
        os.utime(companion, ns=(second + number, second + number))
        assert project.run("-c", USE).stdout == f"{number}\n"


TEXTS = {
    "cookie": ("# coding: latin-1\n", "latin-1", "\n"),
    "emacs": ("#!/bin/sh\n# -*- coding: cp1252 -*-\n", "cp1252", "\n"),
    "bom": ("\ufeff", "utf-8", "\n"),
    "bom and cookie": ("\ufeff# coding: utf-8\n", "utf-8", "\n"),
    "crlf": ("", "utf-8", "\r\n"),
    "cr": ("", "utf-8", "\r"),
    "form feed": ("\f\n", "utf-8", "\n"),
    "utf-7": ("# coding: utf-7\n", "utf-7", "\n"),
}
TEXT = f"""{MARK}"ä\f\vö"
name = '''ä
\tö'''
{STUB}
\f
def g():\t# ü

\treturn [1,
\t  2 / 0]; pass
\f
class C:
    def m(self): return 1 ;\\
        pass"""


@pytest.mark.parametrize("kind", TEXTS)
def test_lines_and_texts_of_every_kind_of_source(twins: Twins, kind: str) -> None:
    first, encoding, ending = TEXTS[kind]
    for project, old, new in (twins.by_hand, STUB, BODY.replace("\n    ", " ")), (twins.marked, "", ""):
        text = first + TEXT.replace(old, new)
        (project.root / "m.py").write_bytes(text.replace("\n", ending).encode(encoding))
    write_companion(twins.marked.root / "m.py", {"f": BODY})
    code = """
import inspect, traceback, m
print(ascii((m.f(), m.name, m.__doc__, m.__loader__.get_source("m").count(chr(10)))))
print(ascii([inspect.getsourcelines(each) for each in (m.g, m.C, m.C.m)]), m.C.m.__code__.co_firstlineno)
try:
    m.g()
except ZeroDivisionError:
    print(ascii(traceback.format_exc()))
print(list(m.g.__code__.co_lines()), [*getattr(m.g.__code__, "co_positions", list)()])
"""
    for _ in "cold", "warm":
        assert twins.same(code).shown.startswith("(7, '\\xe4\\n\\t\\xf6'")


def test_the_page_on_compatibility_answers_each_case_and_names_tests_that_exist() -> None:
    page = (ROOT / "docs" / "compatibility.md").read_text(encoding="utf-8")
    assert sorted(map(int, re.findall(r"^\| (\d+) \|", page, re.MULTILINE))) == [*range(1, 56)]
    tests = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("test_*.py")}
    named = re.findall(r"`(test_\w+)::(test_\w+)`", page)
    assert [name for file, name in named if f"def {name}(" not in tests[file]] == []
