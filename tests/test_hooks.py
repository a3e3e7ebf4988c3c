"""The import hook in real processes: marked modules are whole, and everything else is as without it."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from companions import write_companion, write_module
from conftest import ROOT, Project

HOOK = "import jitc_import.activate\n"

SHAPES = '''
# jitc: enable
"""Shapes."""
import math

class Circle:
    def __init__(self, r):
        self.r = r

    def area(self, scale: float = 1.0) -> float:
        """Area."""

def boom(x):
    """Fails."""
    ...

def by_hand(x):
    return boom(x)
'''
BODIES = {
    "Circle.area": """
class Circle:
    def area(self, scale: float = 1.0) -> float:
        return math.pi * self.r**2 * scale
""",
    "boom": """
def boom(x):
    zero = x - x
    return x / zero
""",
}


@pytest.fixture
def shapes(project: Project) -> Project:
    write_module(project, "shapes.py", SHAPES, BODIES)
    return project


def python(project: Project, code: str, *options: str, env: dict[str, str] | None = None) -> str:
    """What `code`, run as a script of the project, prints."""
    project.write("main.py", code)
    done = project.run(*options, "main.py", env=env)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout


def failure(project: Project, code: str, *options: str) -> str:
    """The traceback that `code` ends with."""
    project.write("main.py", code)
    done = project.run(*options, "main.py")
    assert done.returncode == 1, done.stdout
    return done.stderr.replace(str(project.root), "ROOT")


def without_carets(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if line.strip(" ^~"))


def test_a_marked_module_has_its_bodies(shapes: Project) -> None:
    for _ in "cold", "warm":
        assert python(shapes, HOOK + "import shapes; print(shapes.Circle(1).area(2))") == "6.283185307179586\n"


def test_tracebacks_name_both_files(shapes: Project) -> None:
    expected = """\
Traceback (most recent call last):
  File "ROOT/main.py", line 3, in <module>
    shapes.by_hand(1)
  File "ROOT/shapes.py", line 17, in by_hand
    return boom(x)
  File "ROOT/__jitc__/shapes.jitc.py", line 18, in boom
    return x / zero
ZeroDivisionError: division by zero"""
    for _ in "cold", "warm":
        shown = failure(shapes, HOOK + "import shapes\nshapes.by_hand(1)\n")
        assert without_carets(shown) == expected
        if sys.version_info >= (3, 11):
            assert "    return x / zero\n           ~~^~~~~~\n" in shown


def test_what_inspect_shows(shapes: Project) -> None:
    code = """
    import jitc_import.activate, inspect, importlib.machinery, shapes
    area = shapes.Circle.area
    print(inspect.getsource(area), inspect.getsourcelines(area)[1], inspect.signature(area), area.__doc__)
    print(inspect.getsource(shapes.by_hand), inspect.getsource(shapes) == open(shapes.__file__).read())
    print(inspect.getsource(shapes.Circle).splitlines()[0], shapes.__doc__)
    loader = shapes.__loader__
    print(isinstance(loader, importlib.machinery.SourceFileLoader), loader == shapes.__spec__.loader)
    """
    shown = """\
    def area(self, scale: float = 1.0) -> float:
        return math.pi * self.r**2 * scale
 10 (self, scale: float = 1.0) -> float Area.
def by_hand(x):
    return boom(x)
 True
class Circle: Shapes.
True True
"""
    for _ in "cold", "warm":
        assert python(shapes, code) == shown


def test_an_unmarked_module_is_as_without_the_hook(project: Project) -> None:
    project.write("pkg/__init__.py", "import pkg.m\n")
    project.write("pkg/m.py", '"""Says jitc: enable, and is not marked."""\nx = 1\ndef f(): ...\n')
    code = """
    import pkg, importlib.util
    for m in pkg, pkg.m:
        s = m.__spec__
        print(m.__file__, m.__name__, m.__package__, m.__doc__, getattr(m, "__path__", 0), s.origin, s.name, s.parent)
        print(s.submodule_search_locations, s.has_location, sorted(vars(m)), m.__loader__.is_package(m.__name__))
        print(m.__loader__.get_source(m.__name__), m.__loader__.get_filename(), repr(m))
    print(pkg.m.f.__code__.co_filename, list(pkg.m.f.__code__.co_lines()))
    """
    assert python(project, HOOK + code.replace("\n    ", "\n")) == python(project, "#\n" + code.replace("\n    ", "\n"))


def test_a_completed_function_has_the_bytecode_of_one_written_by_hand(shapes: Project) -> None:
    shapes.write("by_hand.py", "def boom(x):\n    '''Fails.'''\n    zero = x - x\n    return x / zero\n")
    code = HOOK + "import shapes, by_hand as h; a, b = shapes.boom.__code__, h.boom.__code__\n"
    code += "print(a.co_code == b.co_code, a.co_consts == b.co_consts, type(shapes.boom))"
    assert python(shapes, code) == "True True <class 'function'>\n"


def test_pdb_stops_in_the_companion_file(shapes: Project) -> None:
    shapes.write("main.py", HOOK + "import shapes\nshapes.Circle(1).area()\nshapes.boom(1)\n")
    companion = shapes.root / "__jitc__" / "shapes.jitc.py"
    commands = ["n", "n", f"b {companion}:18", "b shapes.Circle.area", "c", "c", "p zero", "l 18,18", "q"]
    done = subprocess.run(
        [sys.executable, "-m", "pdb", "main.py"],
        cwd=shapes.root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input="\n".join(commands) + "\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"> {companion}(11)area()\n-> return math.pi" in done.stdout, done.stdout + done.stderr
    assert f"> {companion}(18)boom()\n-> return x / zero" in done.stdout
    assert "(Pdb) 0\n" in done.stdout


@pytest.mark.slow
def test_a_syntax_error_is_pythons_own(project: Project) -> None:
    for text in (
        "x = (1,\n",
        "x = 1\n  y = 2\n",
        "return 1\n",
        "x = '\\0'\ndef f(:\n",
        "# coding: nonsense\n",
        "x = \udc80",
    ):
        project.write("broken.py", "x")
        data = f"# jitc: enable\n{text}".encode("utf-8", "surrogateescape")
        (project.root / "broken.py").write_bytes(data)
        hooked = failure(project, HOOK + "import broken")
        assert hooked == failure(project, "#\nimport broken")
        (project.root / "broken.py").write_bytes(data.replace(b"jitc", b"none"))
        assert failure(project, HOOK + "import broken") == failure(project, "#\nimport broken")


def test_a_source_that_python_cannot_read(project: Project) -> None:
    (project.root / "broken.py").write_bytes(b"x = 1\n\0\n")
    assert failure(project, HOOK + "import broken") == failure(project, "#\nimport broken")


REFUSED = """
import jitc_import.activate, sys, types
from jitc_import.errors import CompletionError
fake = types.ModuleType("jitc_import.complete")
def complete_for_import(source, path, name, first):
    try:
        raise KeyError("inner")
    except KeyError as error:
        raise CompletionError("boom: no body", name=name, path=path, lineno=12) from error
fake.complete_for_import = complete_for_import
sys.modules["jitc_import.complete"] = fake
import user
"""


def test_a_refused_import_shows_the_users_lines_alone(project: Project) -> None:
    project.write("shapes.py", SHAPES)
    project.write("user.py", "x = 1\nimport shapes\n")
    assert failure(project, REFUSED) == (
        """\
Traceback (most recent call last):
  File "ROOT/main.py", line 11, in <module>
    import user
  File "ROOT/user.py", line 2, in <module>
    import shapes
  File "ROOT/shapes.py", line 12, in <module>
    def boom(x):
jitc_import.errors.CompletionError: boom: no body
"""
    )


def test_a_refused_module_is_gone_and_can_be_imported_again(project: Project) -> None:
    project.write("shapes.py", SHAPES)
    code = REFUSED.replace("import user\n", "")
    code += """
for _ in range(2):
    try:
        import shapes
    except ImportError as error:
        print(type(error).__name__, error.name, error.__context__, error.__cause__, "shapes" in sys.modules)
try:
    sys.modules["shapes.sub"]
except KeyError:
    try:
        import shapes
    except ImportError as error:
        print(type(error.__context__).__name__)
fake.complete_for_import = lambda *arguments: {}
import shapes
print(shapes.boom(1))
"""
    line = "CompletionError shapes None None False\n"
    assert python(project, code) == line * 2 + "KeyError\nNone\n"


def test_get_code_itself_raises(project: Project) -> None:
    project.write("shapes.py", SHAPES)
    code = REFUSED.replace("import user\n", "import importlib.util\n")
    code += "try:\n    importlib.util.find_spec('shapes').loader.get_code('shapes')\n"
    code += "except CompletionError as error:\n    print(error)\n"
    assert python(project, code) == "boom: no body\n"


@pytest.mark.parametrize(
    ("mark", "line", "said"),
    [
        ("# jitc: enable al", 1, "no module mark"),
        ("import os\n# jitc: enable", 2, "too late"),
        ("# jitc: enabel", 1, "did you mean `# jitc: enable`?"),
    ],
)
def test_a_mark_that_means_nothing(project: Project, mark: str, line: int, said: str) -> None:
    project.write("m.py", mark + "\ndef f(): ...\n")
    shown = failure(project, HOOK + "import m")
    assert f'  File "ROOT/m.py", line {line}, in <module>\n' in shown
    assert said in shown.splitlines()[-1]
    assert shown.splitlines()[-1].startswith("jitc_import.errors.MarkError: ROOT/m.py")
    assert "jitc_import/" not in shown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cut off"),
        ("# jitc companion 99\n", "schema 99"),
        ("# jitc companion 1\n# source: incomplete\ndef f(:\n\n# --- end of file\n", "not valid Python"),
    ],
)
def test_a_broken_companion_file_is_one_clear_error(shapes: Project, text: str, said: str) -> None:
    (shapes.root / "__jitc__" / "shapes.jitc.py").write_text(text)
    shown = failure(shapes, HOOK + "import shapes")
    assert '  File "ROOT/shapes.py", line 1, in <module>\n    # jitc: enable\n' in shown
    assert shown.count("File ") == 2
    assert said in shown
    assert "Error: ROOT/__jitc__/shapes.jitc.py" in shown


def test_a_companion_file_that_is_a_folder(shapes: Project) -> None:
    companion = shapes.root / "__jitc__" / "shapes.jitc.py"
    companion.unlink()
    companion.mkdir()
    assert "is a directory, not a regular file" in failure(shapes, HOOK + "import shapes")


def test_a_body_that_does_not_compile_is_one_clear_error(shapes: Project) -> None:
    write_companion(shapes.root / "shapes.py", BODIES | {"boom": "def boom(x):\n    nonlocal y\n    return x\n"})
    shown = failure(shapes, HOOK + "import shapes")
    assert "ROOT/__jitc__/shapes.jitc.py:17: the body of boom does not compile: no binding for nonlocal" in shown
    assert "jitc_import/" not in shown


def test_a_companion_file_that_vanishes_leaves_no_wrong_text(shapes: Project) -> None:
    code = HOOK + "import os, shapes, traceback, linecache\nos.remove('__jitc__/shapes.jitc.py')\n"
    code += "try:\n    shapes.boom(1)\nexcept ZeroDivisionError:\n    print(traceback.format_exc())\n"
    cold = python(shapes, code)
    assert "line 18, in boom\n    return x / zero\n" in cold
    write_companion(shapes.root / "shapes.py", BODIES)
    python(shapes, HOOK + "import shapes")
    warm = python(shapes, code + "linecache.clearcache()\nprint(linecache.getline(shapes.__file__, 2, vars(shapes)))")
    assert "line 18, in boom\n\nZero" in without_carets(warm).replace("boom\nZero", "boom\n\nZero")
    assert warm.endswith('"""Shapes."""\n\n')
    assert python(shapes, "import shapes; print(shapes.boom(1))") == "None\n"


def test_reload_sees_an_edited_source_and_an_edited_companion_file(shapes: Project) -> None:
    code = """
    import jitc_import.activate, importlib, shapes, sys
    sys.path.insert(0, TESTS)
    from companions import write_companion
    from pathlib import Path
    before, path, body = shapes, Path(shapes.__file__), "def boom(x): return x * 100"
    write_companion(path, {"boom": body})
    importlib.reload(shapes)
    print(shapes.boom(2), shapes is before)
    path.write_text(path.read_text().replace("return boom(x)", "return -boom(x)"))
    write_companion(path, {"boom": body})
    importlib.reload(shapes)
    print(shapes.by_hand(2))
    """
    assert python(shapes, code.replace("TESTS", repr(str(ROOT / "tests")))) == "200 True\n-200\n"


def test_pickles_pass_between_hook_and_no_hook(shapes: Project) -> None:
    dump = "import shapes, pickle, sys\npickle.dump([shapes.boom, shapes.Circle(3)], open('p', 'wb'))\n"
    load = "import pickle\nboom, circle = pickle.load(open('p', 'rb'))\nprint(boom.__name__, circle.r, circle.area())\n"
    python(shapes, HOOK + dump)
    assert python(shapes, load) == "boom 3 None\n"
    python(shapes, dump)
    assert python(shapes, HOOK + load).startswith("boom 3 28.27")


def test_finding_never_compiles(shapes: Project) -> None:
    code = """
    import jitc_import.activate, sys, importlib.util
    before = {*sys.modules}
    spec = importlib.util.find_spec("shapes")
    lazy = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("shapes", lazy, origin=spec.origin))
    lazy.exec_module(module)
    print(type(spec.loader).__name__, "ast" in sys.modules, "shapes" in sys.modules)
    print(module.Circle(1).area())
    """
    assert python(shapes, code) == "JitcLoader False False\n3.141592653589793\n"
    assert not (shapes.root / "__pycache__").joinpath("main.pyc").exists()


def test_a_namespace_package_in_two_folders(project: Project) -> None:
    for part in "ab":
        write_module(
            project,
            f"{part}/space/{part}.py",
            "# jitc: enable\ndef f(): ...\n",
            {"f": f"def f():\n    return {part!r}\n"},
        )
    paths = os.pathsep.join([str(ROOT), str(project.root / "a"), str(project.root / "b")])
    code = HOOK + "import space.a, space.b; print(space.a.f() + space.b.f(), getattr(space, '__file__', None))"
    assert python(project, code, env={"PYTHONPATH": paths}) == "ab None\n"


def test_two_marked_modules_that_import_each_other(project: Project) -> None:
    write_module(project, "a.py", "# jitc: enable\nimport b\ndef f(): ...\n", {"f": "def f():\n    return b.g()\n"})
    write_module(
        project, "b.py", "# jitc: enable\nimport a\ndef g(): ...\n", {"g": "def g():\n    return a.__name__\n"}
    )
    assert python(project, HOOK + "import a; print(a.f())") == "a\n"


def test_threads_that_import_marked_modules(project: Project) -> None:
    for n in range(8):
        write_module(project, f"m{n}.py", "# jitc: enable\ndef f(): ...\n", {"f": f"def f():\n    return {n}\n"})
    code = """
    import jitc_import.activate, importlib, sys, threading, _frozen_importlib_external as external
    before = dict(vars(external)), list(sys.meta_path), sys.getrecursionlimit()
    found = []
    def work(n):
        found.append(importlib.import_module(f"m{n % 8}").f())
    threads = [threading.Thread(target=work, args=(n,)) for n in range(24)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    print(sorted(found) == sorted([*range(8)] * 3))
    print(before == (dict(vars(external)), list(sys.meta_path), sys.getrecursionlimit()))
    """
    assert python(project, code) == "True\nTrue\n"


ENCODINGS = {
    "cookie": ("# coding: latin-1\n# jitc: enable\nname = 'ä'\ndef f(): ...\n", "latin-1"),
    "bom": ("\ufeff# jitc: enable\nname = 'ä'\ndef f(): ...\n", "utf-8"),
    "crlf": ("# jitc: enable\r\nname = 'ä'\r\ndef f(): ...\r\n", "utf-8"),
    "form feed": ("# jitc: enable\n\f\nname = 'ä'\n\f\ndef f():\n    ...\n", "utf-8"),
    "no last line break": ("# jitc: enable\nname = 'ä'\ndef f(): ...", "utf-8"),
    "shebang": ("#!/usr/bin/env python\n# Licence\n\n# jitc: enable all\nname = 'ä'\ndef f(): ...", "utf-8"),
}


@pytest.mark.parametrize("kind", ENCODINGS)
def test_sources_of_every_kind(project: Project, kind: str) -> None:
    text, encoding = ENCODINGS[kind]
    path = project.root / "m.py"
    path.write_bytes(text.encode(encoding))
    write_companion(path, {"f": "def f():\n    return name + 'é'\n"})
    code = HOOK + "import m; print(ascii(m.f()))"
    assert python(project, code) == "'\\xe4\\xe9'\n"


def test_children_have_the_hook(shapes: Project) -> None:
    code = """
    import jitc_import, os, sys
    jitc_import.install(children=False)
    print(os.environ.get("JITC_ACTIVATE"))
    jitc_import.install()
    print(os.environ.get("JITC_ACTIVATE"))
    jitc_import.uninstall()
    print(os.environ.get("JITC_ACTIVATE"), [type(f).__module__ for f in sys.meta_path if "jitc" in type(f).__module__])
    """
    assert python(shapes, code) == "None\n1\nNone []\n"


@pytest.mark.parametrize(("value", "found"), [("1", True), ("0", False), ("", False), (None, False)])
def test_the_line_for_children(project: Project, value: str | None, found: bool) -> None:  # noqa: FBT001
    code = "import sys; exec(open(sys.argv[1]).read()); print('jitc_import.activate' in sys.modules)"
    env = {} if value is None else {"JITC_ACTIVATE": value}
    done = project.run("-c", code, str(ROOT / "jitc_import.pth"), env=env)
    assert done.stdout == f"{found}\n", done.stderr


def test_marked_modules_that_came_too_early_are_named(shapes: Project) -> None:
    shapes.write("plain.py", "text = '# jitc: enable'\n")
    shapes.write("main.py", "import shapes, plain\n" + HOOK)
    done = shapes.run("main.py")
    said, line = done.stderr.splitlines()
    assert said.startswith(f"{shapes.root}/main.py:2: JitcWarning: imported before the hook of jitc_import")
    assert "so not completed: shapes. Import jitc_import.activate first" in said
    assert line == "  import jitc_import.activate"


def test_a_marked_script_is_told_how_to_run(project: Project) -> None:
    project.write("main.py", "# jitc: enable\n" + HOOK)
    assert "__main__. Run the script with `python -m jitc_import run`" in project.run("main.py").stderr


def test_a_package_asks_to_be_in_scope(project: Project) -> None:
    site = "site-packages"
    project.write(f"{site}/lib/__init__.py", "import jitc_import\njitc_import.include(__name__)\n")
    project.write(f"{site}/other/__init__.py", "")
    for name in "lib", "other", "libx":
        write_module(
            project, f"{site}/{name}/m.py", "# jitc: enable\ndef f(): ...\n", {"f": "def f():\n    return 7\n"}
        )
    write_module(project, "own.py", "# jitc: enable\ndef f(): ...\n", {"f": "def f():\n    return 8\n"})
    code = "import lib.m, other.m, libx.m, own, sys; print(lib.m.f(), other.m.f(), libx.m.f(), own.f())\n"
    code += "print([name for name in ('ast', 'libcst', 'openai') if name in sys.modules])\n"
    env = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(project.root / site)])}
    assert python(project, code, env=env).splitlines()[0] == "7 None None None"
    assert python(project, code, env=env).splitlines()[1] == "[]"
    assert python(project, HOOK + code, env=env).splitlines()[0] == "7 None None 8"


def test_without_the_completing_part_the_error_says_what_is_missing(project: Project) -> None:
    project.write("shapes.py", SHAPES + "\n\ndef more(): ...  # jitc: complete\n")
    code = "import sys, jitc_import.activate\nsys.modules['libcst'] = None\nimport shapes\n"
    shown = failure(project, code)
    assert re.search(r"JitcImportError: .*shapes has stubs without a body.*needs .*not installed.*Next: install", shown)
    assert '  File "ROOT/shapes.py", line 1, in <module>\n    # jitc: enable\n' in shown


def test_the_names_of_the_package(project: Project) -> None:
    code = """
    import sys
    before = {*sys.modules}
    import jitc_import
    print(sorted({*sys.modules} - before - {"__future__"}), jitc_import.__version__)
    print([name for name in jitc_import.__all__ if not hasattr(jitc_import, name)], hasattr(jitc_import, "nothing"))
    print(set(jitc_import.__all__) <= set(dir(jitc_import)), issubclass(jitc_import.LockedError, ImportError))
    """
    assert python(project, code) == "['jitc_import'] 0.1.0\n[] False\nTrue True\n"


def test_zip_files_extension_modules_and_bare_bytecode_are_left_alone(project: Project) -> None:
    code = """
    import jitc_import.activate, zipfile, sys, py_compile, os
    with zipfile.ZipFile("z.zip", "w") as archive:
        archive.writestr("zipped.py", "x = 1")
    sys.path.insert(0, "z.zip")
    open("bare_source.py", "w").write("x = 2")
    py_compile.compile("bare_source.py", cfile="bare.pyc")
    import zipped, bare, _ctypes, json
    for module in (zipped, bare, _ctypes, json, sys):
        print(type(module.__spec__.loader).__name__ if not isinstance(module.__spec__.loader, type) else "builtin")
    """
    expected = "zipimporter\nSourcelessFileLoader\nExtensionFileLoader\nSourceFileLoader\nbuiltin\n"
    assert python(project, code) == expected


def test_the_same_modules_are_listed_and_data_is_read(shapes: Project) -> None:
    shapes.write("pkg/__init__.py", "")
    shapes.write("pkg/data.txt", "data")
    write_module(shapes, "pkg/m.py", "# jitc: enable\ndef f(): ...\n", {"f": "def f():\n    return 1\n"})
    code = """
    import pkgutil, importlib.resources, importlib.metadata, importlib, pkg.m
    print([m.name for m in pkgutil.walk_packages(["."])], [m.name for m in pkgutil.iter_modules(pkg.__path__)])
    print(pkgutil.get_data("pkg", "data.txt"), importlib.resources.files("pkg").joinpath("data.txt").read_text())
    print(pkg.__loader__.get_data(pkg.__file__), len(list(importlib.metadata.distributions())))
    importlib.invalidate_caches()
    """
    assert python(shapes, HOOK + code.replace("\n    ", "\n")) == python(shapes, code)
