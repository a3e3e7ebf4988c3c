"""What debuggers, profilers, inspect and tracebacks show of a completed module is what they show of one by hand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap

import pytest

from companions import write_module
from conftest import ROOT, Project

SOURCE = '''
# jitc: enable
"""Shapes."""
import functools
import logging
import typing
import warnings

DEFAULT = 2.0


def twice(f):
    @functools.wraps(f)
    def wrapped(*a, **k):
        return f(*a, **k)
    return wrapped


class Circle:
    """A circle."""

    def __init__(self, r):
        self.r = r

    def area(self, scale: float = DEFAULT) -> "typing.Optional[float]":
        """The area.

        >>> Circle(1).area()
        6.0
        """

    @property
    def width(self) -> float:
        """How wide."""

    @classmethod
    def unit(cls): ...

    class Inner:
        def deep(self): ...


# Said above it.
@twice
def boom(x: int, /, *rest, key: str = "k"):
    """Fails."""
    ...


def chained(x): ...


def warn(level): ...


def log(): ...


def count(n): ...


def outer(k):
    def inner(): ...
    return inner


def by_hand(x):
    return boom(x)
'''

BODIES = {
    "Circle.area": "class Circle:\n    def area(self, scale):\n        r = self.r\n        return 3 * r * scale",
    "Circle.width": "class Circle:\n    @property\n    def width(self):\n        return self.r * 2",
    "Circle.unit": "class Circle:\n    @classmethod\n    def unit(cls):\n        return cls(1)",
    "Circle.Inner.deep": "class Circle:\n    class Inner:\n        def deep(self):\n            return bytes(5000)",
    "boom": "@twice\ndef boom(x, /, *rest, key):\n    zero = x - x\n    return (x +\n            1) / zero",
    "chained": "def chained(x):\n    try:\n        boom(x)\n    except ZeroDivisionError as e:\n"
    "        raise KeyError(x) from e",
    "warn": "def warn(level):\n    warnings.warn('careful', stacklevel=level)",
    "log": "def log():\n    logging.warning('said')\n    try:\n        boom(1)\n    except ZeroDivisionError:\n"
    "        logging.exception('failed')",
    "count": "def count(n):\n    total = 0\n    for i in range(n):\n        total += i\n    return total",
    "outer.<locals>.inner": "def outer(k):\n    def inner():\n        return k",
}

HOOK = "import jitc_import.activate\n"


@pytest.fixture
def shapes(project: Project) -> Project:
    write_module(project, "shapes.py", SOURCE, BODIES)
    return project


def line_of(shapes: Project, text: str, *, source: bool = False, after: str = "") -> int:
    """The line (1-based) of the companion file, or of the source, that has `text`; the first below `after`."""
    path = shapes.root / ("shapes.py" if source else "__jitc__/shapes.jitc.py")
    lines = path.read_text().splitlines()
    start = next(number for number, line in enumerate(lines) if after in line)
    return next(number for number, line in enumerate(lines[start:], start + 1) if text in line)


def python(shapes: Project, code: str, *options: str, stdin: str | None = None) -> str:
    """All that a script says, the project's folder named ROOT and the companion file JITC."""
    shapes.write("main.py", HOOK + textwrap.dedent(code).lstrip("\n"))
    done = subprocess.run(
        [sys.executable, *options, "main.py"],
        cwd=shapes.root,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHON_COLORS": "0"},
        input=stdin or "",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )
    return done.stdout.replace(f"{shapes.root}/__jitc__/shapes.jitc.py", "JITC").replace(str(shapes.root), "ROOT")


def frames(text: str) -> list[str]:
    """`FILE:LINE function` for each frame of the tracebacks in `text`."""
    found = re.findall(r'File "(.+?)", line (\d+),? in (?:Circle\.)?(\S+)', text)
    return [f"{os.path.basename(path)}:{line} {name}" for path, line, name in found]


def chain(shapes: Project) -> list[str]:
    wrapper = line_of(shapes, "return f(*a", source=True)
    return [
        f"JITC:{line_of(shapes, 'boom(x)', after='def chained')} chained",
        f"shapes.py:{wrapper} wrapped",
        f"JITC:{line_of(shapes, 'return (x +')} boom",
        f"JITC:{line_of(shapes, 'raise KeyError')} chained",
    ]


def test_chained_errors_in_every_way_to_show_them(shapes: Project) -> None:
    code = """
    import shapes, sys, traceback
    def hook(kind, error, trace):
        print("by a hook of one's own")
        traceback.print_exception(kind, error, trace)
    try:
        shapes.chained(1)
    except KeyError as error:
        print("".join(traceback.TracebackException.from_exception(error, capture_locals=True).format()), "=" * 9)
        print([(f.filename, f.lineno, f.name, f.line) for f in traceback.extract_tb(error.__traceback__)][1], "=" * 9)
    sys.excepthook = hook
    shapes.chained(1)
    """
    first, extracted, last = python(shapes, code).split("=" * 9)
    expected = chain(shapes)
    for shown in first, last:
        assert [frame for frame in frames(shown) if "main.py" not in frame] == expected
        assert "    return (x +\n" in shown
        assert "The above exception was the direct cause" in shown
    assert "    x = 1\n    zero = 0\n" in first
    assert extracted.strip() == f"('JITC', {line_of(shapes, 'raise KeyError')}, 'chained', 'raise KeyError(x) from e')"
    if sys.version_info >= (3, 13):
        assert "    return (x +\n           ~~~~\n            1) / zero\n            ~~~^~~~~~" in last
    elif sys.version_info >= (3, 11):
        assert "    return (x +\n           ^^^^\n" in last


def test_faulthandler_names_the_line(shapes: Project) -> None:
    code = """
    import faulthandler, shapes, sys, warnings
    warnings.showwarning = lambda *arguments: faulthandler.dump_traceback(sys.stdout, all_threads=False)
    shapes.warn(1)
    """
    assert frames(python(shapes, code))[-2:] == [f"JITC:{line_of(shapes, 'warnings.warn')} warn", "main.py:4 <module>"]


def test_warnings_and_log_records_name_their_places(shapes: Project) -> None:
    code = """
    import logging, shapes, sys
    logging.basicConfig(format="%(pathname)s:%(lineno)d %(funcName)s %(module)s %(message)s", stream=sys.stdout)
    shapes.warn(1)
    shapes.warn(2)
    shapes.log()
    """
    shown = python(shapes, code)
    line = line_of(shapes, "warnings.warn")
    assert f"JITC:{line}: UserWarning: careful\n  warnings.warn('careful', stacklevel=level)\n" in shown
    assert "ROOT/main.py:5: UserWarning: careful\n  shapes.warn(2)\n" in shown
    assert f"JITC:{line_of(shapes, 'logging.warning')} log shapes.jitc said\n" in shown
    assert f"JITC:{line_of(shapes, 'logging.exception')} log shapes.jitc failed\n" in shown
    assert frames(shown)[0] == f"JITC:{line_of(shapes, 'boom(1)')} log"


def test_a_warning_is_filtered_by_the_name_of_the_module(shapes: Project) -> None:
    code = """
    import shapes, warnings
    warnings.filterwarnings("error", module="shapes$")
    try:
        shapes.warn(1)
    except UserWarning as error:
        print("caught", error)
    """
    assert python(shapes, code) == "caught careful\n"


def test_what_inspect_shows_of_everything(shapes: Project) -> None:
    code = """
    import inspect, shapes
    Circle = shapes.Circle
    things = dict(area=Circle.area, width=Circle.width.fget, unit=Circle.unit, deep=Circle.Inner.deep, boom=shapes.boom,
                  inner=shapes.outer(1), outer=shapes.outer, Circle=Circle, Inner=Circle.Inner, shapes=shapes,
                  bound=Circle(1).area)
    for name, thing in things.items():
        lines, start = inspect.getsourcelines(thing)
        found = inspect.getsource(thing) == "".join(lines)
        file = inspect.getsourcefile(thing)
        print(name, file, inspect.getfile(thing) == file, inspect.getmodule(thing).__name__, start, len(lines), found)
    """
    placed = {name: (file, start, size) for name, file, start, size in read_places(python(shapes, code))}
    companion = {
        "area": ("def area", 3),
        "width": ("@property", 3),
        "unit": ("@classmethod", 3),
        "deep": ("def deep", 2),
        "inner": ("def inner", 2),
        "bound": ("def area", 3),
    }
    assert placed.pop("boom") == ("ROOT/shapes.py", line_of(shapes, "@twice"), 5)  # the file of what wraps it
    for name, (text, size) in companion.items():
        assert placed.pop(name) == ("JITC", line_of(shapes, text), size), name
    for name, text, size in ("outer", "def outer", 3), ("Circle", "class Circle", 22), ("Inner", "class Inner", 2):
        assert placed.pop(name) == ("ROOT/shapes.py", line_of(shapes, text, source=True), size), name
    assert placed == {"shapes": ("ROOT/shapes.py", 0, SOURCE.count("\n") - 1)}


def read_places(text: str) -> list[tuple[str, str, int, int]]:
    found = []
    for line in text.splitlines():
        name, file, same, module, start, size, consistent = line.split()
        assert (same, module, consistent) == ("True", "shapes", "True"), line
        found.append((name, file, int(start), int(size)))
    return found


def test_the_header_is_the_stubs_to_whoever_asks(shapes: Project) -> None:
    code = """
    import inspect, pydoc, shapes, typing
    Circle = shapes.Circle
    print(inspect.signature(Circle.area), inspect.signature(shapes.boom), Circle.area.__defaults__)
    print(typing.get_type_hints(Circle.area) == {"scale": float, "return": typing.Optional[float]})
    print(Circle.area.__annotations__["return"], Circle.area.__qualname__, Circle.area.__module__)
    print(inspect.getdoc(Circle.area).splitlines()[::2], inspect.getdoc(Circle.width), Circle.width.__doc__)
    print(inspect.isclass(Circle), inspect.getcomments(shapes.outer), inspect.getclosurevars(shapes.outer(3)).nonlocals)
    print(pydoc.render_doc(Circle, renderer=pydoc.plaintext).replace(" |  \\n", " |\\n"))
    """
    shown = python(shapes, code)
    hint = '"typing.Optional[float]"' if sys.version_info < (3, 10) else "'typing.Optional[float]'"
    assert shown.splitlines()[:5] == [
        f"(self, scale: float = 2.0) -> {hint} (x: int, /, *rest, key: str = 'k') (2.0,)",
        "True",
        "typing.Optional[float] Circle.area shapes",
        "['The area.', '>>> Circle(1).area()'] How wide. How wide.",
        "True None {'k': 3}",
    ]
    assert " |  A circle.\n" in shown
    assert f" |  area(self, scale: float = 2.0) -> {hint}\n |      The area.\n" in shown
    assert " |  width\n |      How wide.\n" in shown


def test_doctests_are_those_of_the_stubs(shapes: Project) -> None:
    shown = python(shapes, "import doctest, shapes\nprint(doctest.testmod(shapes))\n")
    assert shown == "TestResults(failed=0, attempted=1)\n"


def test_dis_shows_the_lines(shapes: Project) -> None:
    shown = python(shapes, "import dis, shapes\ndis.dis(shapes.Circle.area)\ndis.dis(shapes.outer)\n")
    listed = set(map(int, re.findall(r"^ *(\d+)  ", shown, re.MULTILINE)))
    assert listed >= {line_of(shapes, "r = self.r"), line_of(shapes, "return 3 * r")}
    assert line_of(shapes, "return inner", source=True) in listed
    assert f'file "JITC", line {line_of(shapes, "def inner")}>' in shown


@pytest.mark.parametrize("profiler", ["cProfile", "profile"])
def test_profilers_name_both_files(shapes: Project, profiler: str) -> None:
    shown = python(shapes, "import shapes\nshapes.count(3)\nshapes.outer(1)()\n", "-m", profiler)
    assert f"shapes.jitc.py:{line_of(shapes, 'def count')}(count)" in shown
    assert f"shapes.jitc.py:{line_of(shapes, 'def inner')}(inner)" in shown
    assert f"shapes.py:{line_of(shapes, 'def outer', source=True)}(outer)" in shown


def test_tracemalloc_names_the_line_of_a_body(shapes: Project) -> None:
    code = """
    import tracemalloc, shapes
    tracemalloc.start(5)
    kept = shapes.Circle.Inner().deep()
    frame = tracemalloc.get_object_traceback(kept)[-1]
    print(frame.filename, frame.lineno)
    """
    assert python(shapes, code) == f"JITC {line_of(shapes, 'return bytes')}\n"


def test_trace_counts_and_prints_both_files(shapes: Project) -> None:
    code = "import shapes\nshapes.count(3)\n"
    shown = python(shapes, code, "-m", "trace", "--trace", "--ignore-dir", f"{sys.prefix}:{sys.base_prefix}:{ROOT}")
    line = line_of(shapes, "total += i")
    assert len(re.findall(rf"shapes\.jitc\.py\({line}\): +total \+= i\n", shown)) == 3
    python(shapes, code, "-m", "trace", "--count", "-C", "counts", "--ignore-dir", f"{sys.prefix}:{sys.base_prefix}")
    companion, source = (
        next((shapes.root / "counts").glob(f"*{name}.cover")).read_text() for name in ("shapes.jitc", "shapes")
    )
    assert "    3:         total += i\n" in companion
    assert "    1: def by_hand(x):\n" in source


def test_importtime_shows_the_module(shapes: Project) -> None:
    assert re.search(r"\| +shapes\n", python(shapes, "import shapes\n", "-X", "importtime"))


LINES = """
import sys, shapes
seen = []
def note(path, line):
    if "shapes" in path:
        seen.append((path, line))
"""


def test_a_trace_function_sees_files_and_lines(shapes: Project) -> None:
    code = """
    def tracer(frame, event, arg):
        if event == "line":
            note(frame.f_code.co_filename, frame.f_lineno)
        return tracer
    sys.settrace(tracer)
    shapes.by_hand and shapes.outer(1)()
    sys.settrace(None)
    """
    assert eval(python(shapes, LINES + textwrap.dedent(code) + "print(seen)\n")) == expected_lines(shapes)  # noqa: S307


@pytest.mark.skipif(sys.version_info < (3, 12), reason="sys.monitoring came with 3.12")
def test_monitoring_sees_files_and_lines(shapes: Project) -> None:
    code = """
    m = sys.monitoring
    m.use_tool_id(m.DEBUGGER_ID, "test")
    m.register_callback(m.DEBUGGER_ID, m.events.LINE, lambda code, line: note(code.co_filename, line))
    for one in shapes.outer.__code__, shapes.outer(1).__code__:
        m.set_local_events(m.DEBUGGER_ID, one, m.events.LINE)
    shapes.outer(1)()
    """
    assert eval(python(shapes, LINES + textwrap.dedent(code) + "print(seen)\n")) == expected_lines(shapes)  # noqa: S307


def expected_lines(shapes: Project) -> list[tuple[str, int]]:
    source = [line_of(shapes, text, source=True) for text in ("def inner", "return inner")]
    return [*(("ROOT/shapes.py", line) for line in source), ("JITC", line_of(shapes, "return k"))]


def test_breakpoints_by_file_and_line_as_editors_set_them(shapes: Project) -> None:
    code = """
    import bdb, shapes, sys
    class Debugger(bdb.Bdb):
        def user_line(self, frame):
            print("stopped", frame.f_code.co_filename, frame.f_lineno, sorted(frame.f_locals))
            self.set_continue()
    debugger = Debugger()
    for place in PLACES:
        print(debugger.set_break(*place))
    debugger.runcall(lambda: (shapes.count(1), shapes.outer(2)(), shapes.Circle(1).width))
    """
    companion = str(shapes.root / "__jitc__" / "shapes.jitc.py")
    source = line_of(shapes, "self.r = r", source=True)
    lines = [line_of(shapes, text) for text in ("total += i", "return k", "return self.r * 2")]
    places = [*((companion, line) for line in lines), (str(shapes.root / "shapes.py"), source)]
    shown = python(shapes, textwrap.dedent(code).replace("PLACES", repr(places))).splitlines()
    assert shown[:4] == ["None"] * 4
    assert [line for line in shown[4:] if "main.py" not in line] == [
        f"stopped JITC {lines[0]} ['i', 'n', 'total']",
        f"stopped JITC {lines[1]} ['k']",
        f"stopped ROOT/shapes.py {source} ['r', 'self']",
        f"stopped JITC {lines[2]} ['self']",
    ]


def pdb(shapes: Project, code: str, *commands: str) -> str:
    return python(shapes, code, "-m", "pdb", stdin="\n".join([*commands, "q"]) + "\n")


def test_pdb_steps_lists_and_shows_the_stack_in_both_files(shapes: Project) -> None:
    code = "import shapes\nshapes.count(3)\nshapes.by_hand(1)\n"
    shown = pdb(
        shapes, code,
        "n", "n", "b shapes.count", "c", "n", f"until {line_of(shapes, 'return total')}", "p total", "ll", "cl 1",
        f"tbreak shapes.py:{line_of(shapes, 'return boom', source=True)}", "c", "s", "s", "s", "s", "n", "l", "w",
    )  # fmt: skip
    place = "JITC({})count()\n-> {}\n"
    assert place.format(line_of(shapes, "total = 0"), "total = 0") in shown
    assert place.format(line_of(shapes, "return total"), "return total") in shown
    assert "(Pdb) 3\n" in shown
    assert re.search(rf"{line_of(shapes, 'def count')} *B? *\tdef count\(n\):\n", shown)
    assert f"ROOT/shapes.py({line_of(shapes, 'return boom', source=True)})by_hand()\n-> return boom(x)\n" in shown
    line = line_of(shapes, "return (x +")
    assert re.search(rf"> JITC\({line}\)boom\(\)\n-> return \(x \+\n", shown)
    assert f"{line}  ->\t    return (x +\n" in shown
    assert re.search(rf"  JITC\({line}\)boom\(\)|> JITC\({line}\)boom\(\)", shown.split("(Pdb)")[-2])


def test_pdb_after_the_death(shapes: Project) -> None:
    line = line_of(shapes, "return (x +")
    shown = pdb(shapes, "import shapes\nshapes.chained(1)\n", "c", "p x", "w")
    assert f"JITC({line_of(shapes, 'raise KeyError')})chained()\n-> raise KeyError(x) from e\n" in shown
    code = "import pdb, shapes, sys\ntry:\n    shapes.boom(4)\nexcept ZeroDivisionError:\n"
    shown = python(shapes, code + "    pdb.post_mortem(sys.exc_info()[2])\n", stdin="p x, zero\nu\nq\n")
    assert f"> JITC({line})boom()\n-> return (x +\n(Pdb) (4, 0)\n" in shown
    assert f"> ROOT/shapes.py({line_of(shapes, 'return f(*a', source=True)})wrapped()\n" in shown


def test_breakpoint_in_code_around_a_completed_function(shapes: Project) -> None:
    code = "import shapes\ndef f():\n    breakpoint()\n    return shapes.count(2)\nf()\n"
    shown = python(shapes, code, stdin="tbreak shapes.count\nc\na\nr\nc\n")
    assert f"JITC({line_of(shapes, 'total = 0')})count()\n-> total = 0\n" in shown
    assert "(Pdb) n = 2\n" in shown
    assert f"--Return--\n> JITC({line_of(shapes, 'return total')})count()->1\n-> return total\n" in shown


def test_pickles_pass_between_processes_with_and_without_the_hook(shapes: Project) -> None:
    dump = """
    import copy, pickle, shapes
    circle = copy.deepcopy(copy.copy(shapes.Circle.unit() or shapes.Circle(1)))
    things = [shapes.Circle, shapes.Circle.area, circle, shapes.boom, circle.area]
    for number in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert len(pickle.loads(pickle.dumps(things, number))) == 5
    open("PLACE", "wb").write(pickle.dumps(things))
    """
    load = """
    import pickle, shapes
    found = pickle.load(open("PLACE", "rb"))
    print(found[0] is shapes.Circle, found[1] is shapes.Circle.area, found[2].r, found[3] is shapes.boom, found[4]())
    """
    for first, second, area in ("on", "off", None), ("off", "on", 6.0), ("on", "on", 6.0):
        assert switched(shapes, dump, first) == ""
        assert switched(shapes, load, second) == f"True True 1 True {area}\n"


def switched(shapes: Project, code: str, hook: str) -> str:
    text = textwrap.dedent(code).lstrip("\n").replace("PLACE", str(shapes.root / "pickled"))
    if hook == "on":
        return python(shapes, text)
    shapes.write("plain.py", text)
    done = shapes.run("plain.py")
    assert done.returncode == 0, done.stderr
    return done.stdout
