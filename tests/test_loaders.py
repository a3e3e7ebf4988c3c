"""Loaders of others: a marked module is whole or refused, an unmarked one is loaded as without the hook."""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path

import pytest

from companions import companion_text, write_module
from conftest import Project
from jitc_import.source.checksum import source_digest
from jitc_import.source.digest import settled_digest
from server import ScriptedServer, script_from

MARKED = '''
# jitc: enable
def double(x: int) -> int:  # jitc: complete
    """Twice x."""

def twice(x):
    return double(x)
'''
BODY = '''
def double(x: int) -> int:
    """Twice x."""
    word = "old"
    return x * 2 if x else word / x
'''

FINDERS = '''
import importlib.abc, importlib.machinery, importlib.util, os, sys
from importlib.machinery import SourceFileLoader

class Finder:
    """Finds modules of this project, and gives them a loader."""
    def __init__(self, make, names=("marked", "plain", "broken")):
        self.make, self.names = make, names
    def find_spec(self, name, path=None, target=None):
        if name in self.names:
            file = os.path.join(os.getcwd(), name + ".py")
            return importlib.util.spec_from_file_location(name, file, loader=self.make(name, file))

class Subclass(SourceFileLoader):
    """As meson-python's."""
    def __init__(self, name, path):
        super().__init__(name, path)
        self._tree = {}
    def set_data(self, path, data, *, _mode=None):
        pass
    def get_resource_reader(self, name):
        return "a reader"

class Wrapper:
    """As scikit-build-core's."""
    def __init__(self, name, path):
        self._inner = SourceFileLoader(name, path)
        self.paths = []
    def __getattr__(self, name):
        return getattr(self._inner, name)
    def rebuild(self):
        return "rebuilt"

class Notifying:
    """As wrapt's: it tells when a module was run."""
    def __init__(self, name, path):
        self.loader = SourceFileLoader(name, path)
    def create_module(self, spec):
        return self.loader.create_module(spec)
    def exec_module(self, module):
        self.loader.exec_module(module)
        print("ran", module.__name__)

class Renaming(SourceFileLoader):
    """As typeguard's: it changes syntax trees, and keeps bytecode of its own."""
    def source_to_code(self, data, path, *, _optimize=-1):
        import ast
        tree = data if isinstance(data, ast.AST) else ast.parse(data)
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and node.value == "old":
                node.value = "new"
        return compile(tree, path, "exec", dont_inherit=True)
    def set_data(self, path, data, *, _mode=None):
        print("cached")

class Reading(Renaming):
    """As beartype's: it wants a text."""
    def source_to_code(self, data, path, *, _optimize=-1):
        return super().source_to_code(importlib.util.decode_source(data), path)

class Own:
    """Does all by itself."""
    def __init__(self, name, path):
        self.path = path
    def create_module(self, spec):
        return None
    def exec_module(self, module):
        with open(self.path) as file:
            exec(compile(file.read(), self.path, "exec"), module.__dict__)

class Deaf(Notifying):
    """Holds Python's loader, and does not use it."""
    def exec_module(self, module):
        Own(module.__name__, self.loader.path).exec_module(module)
'''


@pytest.fixture
def marked(project: Project) -> Project:
    project.write("finders.py", FINDERS)
    project.write("plain.py", "x = 1\ndef f(): ...\n")
    write_module(project, "marked.py", MARKED, {"double": BODY})
    return project


def python(project: Project, code: str, *options: str, errors: str = "") -> str:
    """What `code`, run as a script of the project, prints."""
    project.write("main.py", code)
    done = project.run(*options, "main.py")
    assert done.returncode == 0, done.stderr
    assert errors in done.stderr
    assert errors or not done.stderr
    return done.stdout


def with_finder(loader: str, code: str) -> str:
    """Code that installs a finder that gives modules a loader, and the hook."""
    made = f"import finders\nsys.meta_path.insert(0, finders.Finder(finders.{loader}))\n"
    return f"import sys\n{made}import jitc_import.activate\n{code}"


COMPLETED = """
import importlib, inspect, runpy, marked, plain, os, traceback
for _ in range(2):
    print(marked.twice(4), inspect.getsource(marked.double).strip().splitlines()[0], type(plain.__loader__).__name__)
    print(isinstance(marked.__loader__, type(plain.__loader__)), marked.__spec__.loader is marked.__loader__)
    print(marked.__file__ == os.path.abspath("marked.py"), marked.__spec__.cached, getattr(marked, "__cached__", None))
    importlib.reload(marked)
    importlib.reload(plain)
print(runpy.run_module("marked")["twice"](5), runpy.run_module("plain")["x"])
try:
    marked.twice(0)
except TypeError:
    print(traceback.format_exc().replace(os.getcwd(), "ROOT"))
"""


@pytest.mark.parametrize("loader", ["Subclass", "Wrapper"])
def test_a_module_from_an_editable_install_is_whole(marked: Project, loader: str) -> None:
    shown = python(marked, with_finder(loader, COMPLETED), "-W", "error")
    line = f"8 def double(x: int) -> int: {loader}\nTrue True\nTrue None None\n"
    assert shown.startswith(line + line + "10 1\nTraceback")
    assert 'File "ROOT/marked.py", line 6, in twice\n    return double(x)\n' in shown
    assert 'File "ROOT/__jitc__/marked.jitc.py", line 12, in double\n    return x * 2 if x else word / x\n' in shown


def test_what_such_a_loader_knows_besides_is_there(marked: Project) -> None:
    code = (
        "import marked\nloader = marked.__loader__\nprint(loader.is_package('marked'), loader.path == marked.__file__"
    )
    both = "loader.get_source('marked') == open('marked.py').read(), repr(loader)[:16])"
    shown = python(marked, with_finder("Subclass", f"{code}, loader.get_resource_reader('marked'), {both}"))
    assert shown == "False True a reader True <finders.Subclas\n"
    shown = python(marked, with_finder("Wrapper", f"{code}, loader.rebuild(), loader.paths, {both}"))
    assert shown == "False True rebuilt [] True <finders.Wrapper\n"


FAILING = """
import plain, traceback, sys, os, importlib.util
loader, spec = plain.__loader__, plain.__spec__
print(type(loader), spec.loader is loader, sorted(vars(plain)), spec.cached and spec.cached.replace(os.getcwd(), ""))
print(spec == importlib.util.find_spec("plain"), plain.f(), spec.origin == plain.__file__)
try:
    import broken
except ZeroDivisionError:
    print(traceback.format_exc())
"""


@pytest.mark.parametrize("loader", ["Subclass", "Wrapper", "Renaming", "Own", "Notifying"])
def test_an_unmarked_module_is_loaded_as_without_the_hook(marked: Project, loader: str) -> None:
    marked.write("broken.py", "# Speaks of jitc: enable\n1 / 0\n")
    without = with_finder(loader, FAILING).replace("import jitc_import.activate", "")
    assert python(marked, with_finder(loader, FAILING)).replace("line 17", "line 16") == python(
        marked, without
    ).replace("line 17", "line 16")


def test_finding_reads_no_file_and_imports_nothing(marked: Project) -> None:
    code = """
import importlib.util, threading
seen = []
sys.addaudithook(lambda event, arguments: seen.append(event) if event in ("open", "import") else None)
before = {*sys.modules}
for loader in finders.Subclass, finders.Wrapper, finders.Own:
    sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, finders.Finder)]
    sys.meta_path.insert(1, finders.Finder(loader))
    spec = importlib.util.find_spec("marked")
    print(type(spec.loader).__name__, isinstance(spec.loader, loader))
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
print({*sys.modules} - before, seen)
"""
    shown = python(marked, with_finder("Subclass", code))
    assert shown == "StandIn True\n" * 3 + "set() []\n"


def test_a_lazy_module_is_completed_when_it_is_used(marked: Project) -> None:
    code = "import marked\nprint(type(marked).__name__)\nprint(marked.twice(2), type(marked).__name__)\n"
    lazy = "importlib.util.LazyLoader(finders.SourceFileLoader(name, path))"
    found = with_finder("Own", code).replace(
        "finders.Finder(finders.Own)", f"finders.Finder(lambda name, path: {lazy})"
    )
    assert python(marked, "import importlib.util\n" + found) == "_LazyModule\n4 module\n"


def test_a_loader_that_changes_syntax_trees_changes_the_bodies(marked: Project) -> None:
    code = "import marked\nprint(marked.double.__code__.co_consts)\n"
    shown = python(marked, with_finder("Renaming", code), "-W", "error")
    assert "'new'" in shown
    assert "cached" not in shown


def test_a_loader_that_wants_a_text_gets_the_bodies_in_it(marked: Project) -> None:
    (marked.root / "__jitc__/marked.jitc.py").unlink()
    original = MARKED.replace(
        '"""Twice x."""\n', '"""Twice x."""\n    word = "old"\n    return x * 2 if x else word / x\n'
    )
    with ScriptedServer(script_from(original)) as server:
        env = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "key", "JITC_MODEL": "scripted"}
        assert marked.run("-m", "jitc_import", "complete", "marked.py", env=env).returncode == 0
    code = "import marked, inspect\nprint('new' in marked.double.__code__.co_consts, marked.twice(3))\n"
    code += "print(inspect.getsource(marked.double).split()[1], marked.twice.__code__.co_firstlineno)\n"
    assert python(marked, with_finder("Reading", code), "-W", "error") == "True 6\ndouble(x: 5\n"


def test_where_a_loader_takes_no_bodies_a_warning_names_the_module(marked: Project) -> None:
    code = "import marked\nprint(marked.twice(3))\n"
    warned = "main.py:5: JitcWarning: marked has its bodies, but not what finders.Own makes of modules"
    assert python(marked, with_finder("Own", code), errors=warned) == "6\n"


def test_one_loader_for_many_modules_gives_each_its_own(project: Project) -> None:
    write_module(
        project, "marked.py", "# jitc: enable\nimport plain\ndef f(): ...\n", {"f": "def f():\n    return 6\n"}
    )
    project.write("plain.py", "x = 5\n")
    code = """
    import sys
    import jitc_import.activate
    from importlib.machinery import ModuleSpec, PathFinder
    from importlib.abc import SourceLoader

    class One(SourceLoader):
        def get_filename(self, name):
            return f"{sys.path[0]}/{name}.py"
        def get_data(self, path):
            with open(path, "rb") as file:
                return file.read()
        def exec_module(self, module):
            super().exec_module(module)

    class Finder:
        one = One()
        def find_spec(self, name, path=None, target=None):
            if name in ("marked", "plain"):
                return ModuleSpec(name, self.one, origin=self.one.get_filename(name))

    sys.meta_path.insert(1, Finder())
    import marked
    print(marked.f(), marked.plain.x, hasattr(marked.plain, "f"))
    """
    project.write("main.py", code)
    assert project.run("main.py").stdout == "6 5 False\n"


def test_the_bytecode_of_such_a_loader_is_neither_read_nor_written(marked: Project) -> None:
    loader = "type('Keeping', (finders.SourceFileLoader,), {'source_to_code': finders.Renaming.source_to_code})"
    code = with_finder("Own", "import marked\nprint(marked.twice(3))\n").replace("finders.Own", loader)
    without = code.replace("import jitc_import.activate", "")
    cache = Path(importlib.util.cache_from_source(str(marked.root / "marked.py")))
    assert python(marked, without) == "None\n"
    kept = cache.read_bytes()
    assert python(marked, code) == "6\n"
    assert cache.read_bytes() == kept
    assert python(marked, without) == "None\n"


def test_a_loader_that_does_more_than_run_a_module_does_it_still(marked: Project) -> None:
    code = "import marked, plain, importlib\nprint(marked.twice(3))\nimportlib.reload(marked)\nprint(marked.twice(4))\n"
    assert python(marked, with_finder("Notifying", code), "-W", "error") == "ran marked\nran plain\n6\nran marked\n8\n"


def test_a_loader_that_lets_no_body_in_is_refused(marked: Project) -> None:
    code = "try:\n    import marked\nexcept ImportError as error:\n"
    code += "    print(type(error).__name__, error, 'marked' in sys.modules)\n"
    shown = python(marked, with_finder("Deaf", code))
    assert shown.startswith("JitcImportError")
    assert "marked.py: finders.Deaf runs modules in a way of its own" in shown
    assert shown.endswith("False\n")


@pytest.mark.slow
@pytest.mark.parametrize("loader", ["Subclass", "Wrapper", "Own", "Renaming"])
def test_a_refused_module_shows_the_users_lines_alone(marked: Project, loader: str) -> None:
    marked.write("marked.py", MARKED)
    (marked.root / "__jitc__/marked.jitc.py").unlink()
    marked.write("main.py", with_finder(loader, "import marked\n"))
    shown = marked.run("main.py", env={"JITC_MODE": "locked"}).stderr.replace(str(marked.root), "ROOT")
    assert shown.startswith(
        'Traceback (most recent call last):\n  File "ROOT/main.py", line 5, in <module>\n    import marked\n'
        '  File "ROOT/marked.py", line 2, in <module>\n    def double(x: int) -> int:  # jitc: complete\n'
        "jitc_import.errors.LockedError: marked: 1 stub (double) without a body"
    )


def test_a_mark_that_means_nothing_is_an_error_here_too(marked: Project) -> None:
    marked.write("marked.py", "# jitc: enabel\ndef f(): ...\n")
    marked.write("main.py", with_finder("Subclass", "import marked\n"))
    assert "did you mean `# jitc: enable`?" in marked.run("main.py").stderr


LATER = """
import sys, finders, importlib.machinery
import jitc_import.activate
class Later:
    def find_spec(self, name, path=None, target=None):
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if WANTED and spec and spec.origin and spec.origin.endswith(".py"):
            spec.loader = finders.Renaming(spec.loader.name, spec.loader.path)
            return spec
sys.meta_path.insert(0, Later())
import marked, plain
print(marked.twice(3), "new" in marked.double.__code__.co_consts)
print(type(plain.__loader__).__name__, type(plain.__spec__).__name__)
print({type(module.__loader__).__name__ for name, module in sys.modules.items() if name.startswith("jitc_import")})
"""


def test_a_finder_that_came_first_later_on_gets_the_bodies_too(marked: Project) -> None:
    code = LATER.replace("WANTED", "name in ('marked', 'plain')")
    assert python(marked, code, "-W", "error") == "cached\n6 True\nRenaming ModuleSpec\n{'SourceFileLoader'}\n"


def test_a_finder_that_came_first_later_on_may_change_nothing(marked: Project) -> None:
    code = LATER.replace("WANTED", "name in ('marked', 'plain')").replace("spec.loader = finders.Renaming", "")
    code += "print(marked.__spec__.cached == marked.__cached__, '-jitc.' in plain.__cached__)\n"
    assert python(marked, code, "-W", "error").startswith("6 False\nJitcLoader ModuleSpec\n")


def test_a_finder_that_takes_every_module_leaves_this_tool_alone(marked: Project) -> None:
    shown = python(marked, LATER.replace("WANTED", "True"))
    assert shown.endswith("6 True\nRenaming ModuleSpec\n{'SourceFileLoader'}\n")


def test_the_hook_is_first_again_once_it_loaded_a_module(marked: Project) -> None:
    marked.write("another.py", "")
    code = "import sys, jitc_import.activate, finders\nsys.meta_path.insert(0, finders.Finder(finders.Subclass))\n"
    shown = python(marked, code + "import another, marked\nprint(marked.twice(1), type(sys.meta_path[1]).__module__)\n")
    assert shown == "2 finders\n"


def test_uninstalling_leaves_the_folders_to_python(marked: Project) -> None:
    code = """
import sys, jitc_import
hooks = [*sys.path_hooks]
jitc_import.install()
jitc_import.install()
import marked
print(marked.twice(1), len(sys.path_hooks) - len(hooks))
jitc_import.uninstall()
del sys.modules["marked"]
import marked
print(marked.twice(1), sys.path_hooks == hooks, {type(one).__name__ for one in sys.path_importer_cache.values()})
"""
    shown = python(marked, code)
    assert shown.startswith("2 2\nNone True {")
    assert "Folder" not in shown


def test_marked_modules_that_another_loader_loaded_too_early_are_named(marked: Project) -> None:
    code = "import sys, finders\nsys.meta_path.insert(0, finders.Finder(finders.Renaming))\nimport marked, plain\n"
    assert (
        python(marked, code + "import jitc_import.activate\n", errors="so not completed: marked. Import")
        == "cached\ncached\n"
    )


EDITABLE = """
import jitc_import.activate, sys, importlib.util, os
from importlib.machinery import PathFinder
class EditableFinder:
    mapping = {"pkg": os.path.abspath("somewhere/pkg/__init__.py"), "single": os.path.abspath("elsewhere/single.py")}
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name in cls.mapping:
            return importlib.util.spec_from_file_location(name, cls.mapping[name])
        parent, _, child = name.rpartition(".")
        if parent in cls.mapping:
            return PathFinder.find_spec(name, path=[os.path.dirname(cls.mapping[parent])])
sys.meta_path.append(EditableFinder)
import pkg.sub.m, single, marked, of_src.m
print(pkg.f(), pkg.sub.m.f(), single.f(), of_src.m.f())
"""


def test_setuptools_editable_installs_and_pth_files(marked: Project) -> None:
    places = ["somewhere/pkg/__init__", "somewhere/pkg/sub/m", "elsewhere/single", "src/of_src/m"]
    for place in places:
        source = "# jitc: enable\ndef f(): ...  # jitc: complete\n"
        write_module(marked, f"{place}.py", source, {"f": f"def f():\n    return {place!r}\n"})
    marked.write("site/it.pth", f"{marked.root / 'src'}\n")
    code = f"import site; site.addsitedir({str(marked.root / 'site')!r})\n" + EDITABLE
    assert python(marked, code) == " ".join(places) + "\n"


FROZEN = """
import jitc_import.activate, sys, importlib.machinery, importlib.util
class FrozenLoader:
    def create_module(self, spec): return None
    def exec_module(self, module): module.x = "frozen"
    def get_code(self, name): return compile("x = 1", "frozen", "exec")
class Frozen:
    def find_spec(self, name, path=None, target=None):
        if name == "app":
            return importlib.util.spec_from_file_location(name, sys.path[0] + "/nowhere/app.py", loader=FrozenLoader())
sys.meta_path.insert(int(sys.argv[1]), Frozen())
import app, time, zipimport, _imp, shapes
print(app.x, type(app.__loader__).__name__, shapes.x, _imp.__spec__.origin)
print(hasattr(time, "monotonic"), hasattr(zipimport, "zipimporter"))
"""


@pytest.mark.parametrize("place", ["0", "1"])
def test_frozen_and_built_in_modules_stay_what_they_are(project: Project, place: str) -> None:
    for name in "time", "zipimport", "_imp", "shapes":
        project.write(f"{name}.py", "x = 'local'\n")
    project.write("main.py", FROZEN)
    done = project.run("main.py", place)
    assert (done.stdout, done.stderr) == ("frozen FrozenLoader local built-in\nTrue True\n", "")


@pytest.fixture
def archive(project: Project) -> Project:
    source = MARKED.lstrip("\n")
    bodies = {"double": BODY}
    with zipfile.ZipFile(project.root / "z.zip", "w") as file:
        for name in "kept", "bare", "changed":
            file.writestr(f"{name}.py", source)
        for name, digest in {"kept": source_digest(source.encode()), "changed": "0" * 32}.items():
            file.writestr(f"__jitc__/{name}.jitc.py", companion_text(settled_digest(digest, bodies), bodies))
        file.writestr("plain.py", "# Of jitc\nx = 1\n")
    return project


def test_modules_in_an_archive_have_the_bodies_that_lie_there(archive: Project) -> None:
    code = """
import sys, jitc_import.activate, traceback
sys.path.insert(0, "z.zip")
import kept, plain
print(kept.twice(3), type(plain.__loader__).__name__, isinstance(kept.__loader__, type(plain.__loader__)))
try:
    kept.twice(0)
except TypeError:
    print("return x * 2 if x else word / x" in traceback.format_exc())
for name in "bare", "changed":
    try:
        __import__(name)
    except jitc_import.JitcImportError as error:
        print(error)
"""
    shown = python(archive, code).replace(str(archive.root), "ROOT").splitlines()
    assert shown[:2] == ["6 zipimporter True", "True"]
    assert (
        "bare.py has no companion file, and is no file beside which bodies can be kept. Next: complete it" in shown[2]
    )
    assert "changed.py does not belong to the bodies in" in shown[3]


CHECKERS = """
import sys
def checker():
    if sys.argv[1] == "typeguard":
        from typeguard import install_import_hook
        install_import_hook(["marked"])
    elif sys.argv[1] == "beartype":
        from beartype.claw import beartype_package
        beartype_package("marked")
    else:
        from jaxtyping import install_import_hook
        install_import_hook(["marked"], "beartype.beartype")
steps = [checker, lambda: __import__("jitc_import.activate")]
for step in steps[:: int(sys.argv[2])]:
    step()
import marked
print(marked.double(4))
for wrong in (lambda: marked.twice("a"), lambda: marked.double(7)):
    try:
        wrong()
    except Exception as error:
        print("refused")
"""


@pytest.mark.slow
@pytest.mark.parametrize("order", ["1", "-1"])
@pytest.mark.parametrize("checker", ["typeguard", "beartype", "jaxtyping"])
def test_type_checkers_before_and_after_the_hook(project: Project, checker: str, order: str) -> None:
    pytest.importorskip(checker)
    project.write("marked.py", MARKED)
    wrong = '"""Twice x."""\n    return "no" if x == 7 else x * 2\n'
    with ScriptedServer(script_from(MARKED.replace('"""Twice x."""\n', wrong))) as server:
        env = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "key", "JITC_MODEL": "scripted"}
        assert project.run("-m", "jitc_import", "complete", "marked.py", env=env).returncode == 0
    project.write("main.py", CHECKERS)
    companion = project.root / "__jitc__/marked.jitc.py"
    edited = companion.read_text(encoding="utf-8").replace("x * 2", "2 * x")
    for source, kept in ((MARKED, None), (MARKED + "# edited\n", None), (MARKED, edited)):
        project.write("marked.py", source)
        if kept:
            companion.write_text(kept, encoding="utf-8")
        done = project.run("-W", "error::jitc_import.JitcWarning", "main.py", checker, order)
        assert done.stdout == "8\nrefused\nrefused\n", done.stderr
