"""The companion file: rendered and read back, edited by hand, cut off, damaged."""

from __future__ import annotations

import ast
import string
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jitc_import.errors import StoreError
from jitc_import.store.bodies import load_bodies
from jitc_import.store.companion import (
    Companion,
    Section,
    body_digest,
    companion_path,
    ensure_writable,
    parse_companion,
    read_companion,
    recover_companion,
    render_companion,
    render_definition,
    write_companion,
)
from jitc_import.store.layout import END_LINE
from jitc_import.store.sections import Spent

SPEC = "a" * 32
AREA = "# r squared\nreturn 3.14 * self.r ** 2"
CUT_OFF = r"shapes\.jitc\.py:\d+: .*cut off.* jitc_import complete .*/shapes\.py"


def section(key: str, body: str = "return 1", **values: object) -> Section:
    name = key.rpartition(".")[2].partition("#")[0]
    code = render_definition(key, f"def {name}(self, value=None):", body)
    return replace(Section(key, SPEC, body_digest(body), "a-model", code=code), **values)  # type: ignore[arg-type]


def failed(key: str, reason: str = "no reply") -> Section:
    return Section(key, SPEC, failure=reason, fingerprint="f" * 32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "__jitc__").mkdir()
    return Path(companion_path(str(tmp_path / "shapes.py")))


@pytest.fixture
def companion(path: Path) -> Companion:
    sections = (
        section("Circle.area", AREA, checked=("syntax", "names"), date="2026-11-23"),
        section("Circle.radius", "return self.r", spent=Spent(412, 58, 3)),
        section("Circle.radius#2", 'self.r = """\n# --- x\n# spec: 0\n"""'),
        section("outer.<locals>.inner", "nonlocal n\nn += 1\n# done"),
        failed("perimeter"),
        section("old", unused=True),
    )
    return Companion(str(path), "d" * 32, sections)


def test_path() -> None:
    assert companion_path("pkg/shapes.py") == "pkg/__jitc__/shapes.jitc.py"
    assert companion_path("/a/__init__.py") == "/a/__jitc__/__init__.jitc.py"
    assert companion_path("shapes.py") == "__jitc__/shapes.jitc.py"
    assert companion_path("/a/b.c.py") == "/a/__jitc__/b.c.jitc.py"


def test_reads_back(companion: Companion, path: Path) -> None:
    write_companion(companion)
    assert read_companion(str(path)) == companion
    compile(path.read_text(), str(path), "exec")
    assert not any(section.edited for section in companion.sections)


def test_the_text_is_for_people(path: Path) -> None:
    area = section("Circle.area", checked=("syntax", "names"), date="2026-11-23", spent=Spent(412, 58, 1, 2, 3, 4.5))
    text = render_companion(Companion(str(path), None, (area,)))
    assert text.startswith("# jitc companion 1\n# The bodies of shapes.py, ")
    assert "\n# ruff: noqa\n# type: ignore\n# fmt: off\n# source: incomplete\n" in text
    assert text.endswith(
        f"""

# --- Circle.area
# spec: {SPEC}
# body: {area.body_digest}
# model: a-model
# checked: syntax, names
# date: 2026-11-23
# tokens: 412 read, 58 written, for 1 stub
# tries: 2 requests, 3 candidates, 4.5 s

class Circle:
    def area(self, value=None):
        return 1


# --- end of file
"""
    )


def test_commas_in_checks_stay_readable_where_they_part_nothing(path: Path) -> None:
    checks = ("syntax", "doubtful: `ratio(1, 0)` raised E: 1,2", "parse('b2,1=')", "one, two", "an odd ` and, then")
    made = Companion(str(path), None, (section("f", checked=checks),))
    text = render_companion(made)
    assert "# checked: syntax, doubtful: `ratio(1, 0)` raised E: 1,2, parse('b2,1='), one\\x2c two, an odd" in text
    assert parse_companion(text, str(path)) == made
    before = text.replace("ratio(1, 0)", "ratio(1\\x2c 0)").replace("b2,1=", "b2\\x2c1=")
    assert parse_companion(before, str(path)) == made


def test_lines_are_those_of_the_definitions(companion: Companion, path: Path) -> None:
    write_companion(companion)
    lines = path.read_text().split("\n")
    read = read_companion(str(path))
    assert read
    shown = [lines[section.line - 1].split("(")[0].strip() for section in read.sections]
    assert shown == ["def area", "def radius", "def radius", "def inner", "# --- perimeter", "def old"]


def test_no_file(path: Path) -> None:
    assert read_companion(str(path)) is None
    assert recover_companion(str(path)) is None
    assert load_bodies(str(path)) is None


def test_bodies_for_the_import(companion: Companion, path: Path) -> None:
    write_companion(companion)
    bodies = load_bodies(str(path))
    assert bodies
    assert bodies.source_digest == "d" * 32
    *used, unused = bodies.nodes
    assert used == ["Circle.area", "Circle.radius", "Circle.radius#2", "outer.<locals>.inner"]
    assert unused == f"unused: old, line {bodies.nodes[unused].lineno}"
    lines = path.read_text().split("\n")
    assert all(lines[node.lineno - 1].strip().startswith("def ") for node in bodies.nodes.values())
    assert ast.unparse(bodies.nodes["Circle.radius"].body) == "return self.r"  # type: ignore[arg-type]


def test_incomplete_file_has_no_source_digest(companion: Companion, path: Path) -> None:
    write_companion(replace(companion, source_digest=None))
    bodies, read = load_bodies(str(path)), read_companion(str(path))
    assert bodies
    assert read
    assert bodies.source_digest is read.source_digest is None


NAMES = st.sampled_from(["f", "A.f", "A.B.f", "g.<locals>.f", "größe", "end", "unused", "A.g.<locals>.B.f"])
STATEMENTS = st.sampled_from(
    [
        "x = 1",
        "# a comment",
        "return x",
        "",
        "if x:\n    # why\n    y = 2",
        's = """\n# --- f\n# spec: 0\n\n  deep\n"""',
        f's = """\n{END_LINE}\n"""',
        "s = '''\n<<<<<<< ours\n=======\n>>>>>>> theirs\n'''",
        "def helper():\n    return '#'",
        "x = [\n1,\n        2]",
        "# spec: 00",
        "'a string'",
        "s = 'ü\\\n  é'",
        "await x; yield x",
    ]
)
BODIES = st.lists(STATEMENTS, min_size=1, max_size=6).map("\n".join).map(lambda text: f"{text}\npass")
TEXTS = st.text(max_size=30)
COUNTS = st.integers(0, 10**12)
LINES = st.sampled_from(["# a note", "# spec: 00", "# failed: 00", "", "import os", "def helper():\n    return 1"])


@st.composite
def sections(draw: st.DrawFn) -> list[Section]:
    made = []
    for number, key in enumerate(draw(st.lists(NAMES, unique=True, max_size=4))):
        if draw(st.booleans()) and number:
            made.append(Section(key, draw(TEXTS) or "-", failure=draw(TEXTS), fingerprint=draw(st.none() | TEXTS)))
            continue
        head = [] if draw(st.booleans()) else [draw(LINES)]
        tail = [] if draw(st.booleans()) else [draw(LINES)]
        kept = section(
            key,
            draw(BODIES),
            model=draw(TEXTS),
            date=draw(TEXTS),
            checked=tuple(draw(st.lists(TEXTS.filter(bool), max_size=3))),
            effects=draw(TEXTS),
            confined=draw(TEXTS),
            spent=Spent(draw(COUNTS), draw(COUNTS), draw(COUNTS), draw(COUNTS), draw(COUNTS), draw(COUNTS) / 10),
            unused=draw(st.booleans()),
            failure=draw(st.none() | TEXTS),
        )
        made.append(replace(kept, code="\n".join([*head, kept.code, *tail]).strip("\n")))
    return made


@given(sections(), st.sampled_from(["", "# a note", "import os\n\nX = 1\n# source: 0"]))
def test_anything_reads_back(made: list[Section], preamble: str) -> None:
    companion = Companion("/nowhere/__jitc__/shapes.jitc.py", None, tuple(made), preamble)
    text = render_companion(companion)
    assert parse_companion(text, companion.path) == companion
    assert parse_companion(text.replace("\n", "\r\n").replace("\r\n", "\n"), companion.path) == companion
    assert render_companion(parse_companion(text, companion.path)) == text
    assert not any(section.edited for section in parse_companion(text, companion.path).sections)


@pytest.mark.slow
def test_cut_at_every_byte(companion: Companion, path: Path) -> None:
    accented = replace(companion, sections=(section("größe", "return 'é\U0001f600'"), *companion.sections))
    data = render_companion(accented).encode()
    ends = {part.key: data.index(f"# --- {part.key}\n".encode()) for part in accented.sections[1:-1]}
    for size in range(len(data)):
        path.write_bytes(data[:size])
        if data[:size].rstrip() == data.rstrip():
            assert read_companion(str(path)) == accented
            continue
        for read in (read_companion, load_bodies):
            with pytest.raises(StoreError, match=CUT_OFF):
                read(str(path))
        recovered = recover_companion(str(path))
        assert recovered
        assert recovered.source_digest is None
        assert recovered.sections == accented.sections[: len(recovered.sections)]
        assert len(recovered.sections) >= sum(size > end + 50 for end in ends.values())


def test_sections_before_a_cut_are_kept_whatever_their_strings_hold(path: Path) -> None:
    trap = section("g", "return '''\n# --- h\n# spec: 0\n# body: 0\ndef h():\n    return 1\n'''")
    text = render_companion(Companion(str(path), None, (section("f"), trap)))
    path.write_text(text[: text.index("    return 1\n'''") + 5])
    recovered = recover_companion(str(path))
    assert recovered
    assert [section.key for section in recovered.sections] == ["f"]


def test_an_edited_section_that_is_cut_is_not_taken_for_whole(path: Path) -> None:
    text = render_companion(Companion(str(path), None, (section("f"), section("g", "x = 1\nreturn x"))))
    path.write_text(text[: text.index("    return x")])
    recovered = recover_companion(str(path))
    assert recovered
    assert [section.key for section in recovered.sections] == ["f"]


def edited_text(companion: Companion, old: str, new: str) -> Companion:
    text = render_companion(companion)
    assert text.count(old) == 1
    return parse_companion(text.replace(old, new), companion.path)


def test_edits_by_hand(companion: Companion) -> None:
    area = edited_text(companion, "return 3.14 * self.r ** 2", "import math\n        return math.pi * self.r ** 2")
    assert area.sections[0].edited
    assert area.sections[0].body == "# r squared\nimport math\nreturn math.pi * self.r ** 2"
    assert [section.edited for section in area.sections[1:]] == [False] * 5


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return 3.14 * self.r ** 2", "return 3.14*self.r**2"),
        ("        # r squared\n", "\n        #  r squared\n\n"),
        ("def area(self, value=None):", 'def area(\n        self,\n    ) -> float:\n        """Doc."""\n'),
        ("    def area(", "    @property\n    def area("),
        ("class Circle:\n    def area(", "# a note\nimport os\n\nclass Circle:\n    x = 1\n    def area("),
        ("\n\n# --- Circle.radius\n", "\n# a note\n\ndef helper():\n    pass\n\n\n\n# --- Circle.radius\n"),
        ("\n\n# --- Circle.radius\n", "\n# --- notes of mine ---\n# --- more\n\n# --- Circle.radius\n"),
    ],
)
def test_what_is_no_edit_of_the_body(companion: Companion, old: str, new: str) -> None:
    read = edited_text(companion, old, new)
    assert [section.key for section in read.sections] == [section.key for section in companion.sections]
    assert not any(section.edited for section in read.sections)
    assert parse_companion(render_companion(read), read.path) == read
    assert all(line in render_companion(read) for line in new.split("\n"))


def test_what_stands_above_the_sections_is_kept(companion: Companion) -> None:
    read = edited_text(companion, f"# source: {'d' * 32}\n", f"# source: {'d' * 32}\n\n# mine\nimport math\n")
    assert read.preamble == "# mine\nimport math"
    assert parse_companion(render_companion(read), read.path) == read


def test_crlf_checkout(companion: Companion, path: Path) -> None:
    path.write_bytes(render_companion(companion).replace("\n", "\r\n").encode("utf-8-sig"))
    assert read_companion(str(path)) == companion
    write_companion(companion)
    assert b"\r" not in path.read_bytes()


def test_conflict_markers(companion: Companion, path: Path) -> None:
    text = render_companion(companion)
    conflict = "<<<<<<< HEAD\n        return 1\n=======\n        return 2\n>>>>>>> theirs\n"
    path.write_text(text.replace("        return 3.14 * self.r ** 2\n", conflict))
    with pytest.raises(StoreError, match=r"shapes\.jitc\.py:\d+: merge-conflict markers"):
        read_companion(str(path))
    path.write_text(text.replace(END_LINE, f"<<<<<<< HEAD\n{END_LINE}\n=======\n>>>>>>> theirs"))
    with pytest.raises(StoreError, match="merge-conflict markers"):
        load_bodies(str(path))


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("# jitc companion 2\n<not Python>", "of schema 2 and needs a newer jitc-import"),
        ("# jitc companion 2, needs jitc-import >= 3.1\n", "needs jitc-import >= 3.1"),
        ("print('hello')\n", "is no companion file"),
        ("# jitc companion one\n", "is no companion file"),
        ("", "cut off"),
        (f"# jitc companion 1\n{END_LINE}\n", "lacks the line `# source:"),
        (f"# jitc companion 1\n# source: 0\nx = (\n{END_LINE}\n", ":3: not valid Python: '\\(' was never closed"),
        (f"# jitc companion 1\n# source: 0\nx = 1\0\n{END_LINE}\n", "null byte"),
        (f"# jitc companion 1\n# source: 0\n{END_LINE}\nx = 1\n{END_LINE}\n", ":4: text after the line"),
        (f"# jitc companion 1\n# source: 0\nx = {'(' * 300}{END_LINE}\n{END_LINE}\n", "not valid Python"),
        (f"# jitc companion 1\n# source: 0\nx = {'-' * 100_000}1\n{END_LINE}\n", "cannot be parsed|not valid Python"),
        (f"# jitc companion 1\n# source: 0\n# --- f\n# spec: 0\nx = 1\n{END_LINE}\n", ":3: the section f holds no def"),
        (
            "# jitc companion 1\n# source: 0\n# --- f\n# spec: 0\n# --- f\n# spec: 0\n" + END_LINE,
            ":5: a second section f; the first is on line 3",
        ),
    ],
)
def test_damaged_text(path: Path, text: str, cause: str) -> None:
    path.write_bytes(text.encode())
    for read in (read_companion, load_bodies):
        with pytest.raises(StoreError, match=cause) as caught:
            read(str(path))
        assert str(path) in str(caught.value)
    assert path.read_bytes() == text.encode()


def test_damaged_text_is_not_recovered_in_silence(companion: Companion, path: Path) -> None:
    path.write_text(render_companion(companion).replace("return self.r\n", "return self.r (\n"))
    with pytest.raises(StoreError, match="not valid Python"):
        recover_companion(str(path))


@pytest.mark.parametrize("data", [b"\xff\xfe#\0 \0", "# jitc companion 1\n# é".encode("latin-1") + b" more"])
def test_not_utf_8(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(StoreError, match=r"byte \d+ is not UTF-8"):
        read_companion(str(path))


def test_a_coding_cookie_means_nothing(companion: Companion, path: Path) -> None:
    text = render_companion(companion).replace("# The bodies of", "# coding: utf-7 +AGE-")
    path.write_text(text)
    read = read_companion(str(path))
    assert read
    assert read.sections == companion.sections


def test_what_would_not_read_back_is_not_written(companion: Companion, path: Path) -> None:
    for wrong in (
        replace(section("f"), code="def g(): pass"),
        replace(section("f"), code="def f("),
        replace(section("f"), code="def f(): return '\ud800'"),
        replace(section("f"), code="def f(): pass\n\n\n# --- g\n# spec: 0"),
        replace(section("f"), key="two words\nx"),
    ):
        with pytest.raises(StoreError, match=r"shapes\.jitc\.py cannot "):
            write_companion(replace(companion, sections=(wrong,)))
    assert not path.exists()


def test_a_model_name_is_one_line(companion: Companion) -> None:
    strange = section("f", model=" a\nb\u202e\\n\x1b[0m ü ", failure="\ud800 line\r\n")
    text = render_companion(replace(companion, sections=(strange,)))
    assert set(text) <= {*string.printable, "ü"} - {"\x1b", "\r"}
    assert parse_companion(text, companion.path).sections == (strange,)


@pytest.mark.parametrize("name", ["..etc", "CON", "a b", "ünï", "x" * 240, "__init__", "-", "#x"])
def test_odd_names(tmp_path: Path, name: str) -> None:
    source = tmp_path / f"{name}.py"
    source.write_text("")
    companion = Companion(companion_path(str(source)), None, (section("f"),))
    write_companion(companion)
    assert read_companion(companion.path) == companion
    assert [entry.name for entry in (tmp_path / "__jitc__").iterdir()] == [f"{name}.jitc.py"]


def test_name_that_no_file_system_takes(tmp_path: Path) -> None:
    companion = Companion(companion_path(str(tmp_path / f"{'x' * 300}.py")), None)
    with pytest.raises(StoreError, match="cannot be written: File name too long"):
        ensure_writable(companion.path)
    with pytest.raises(StoreError, match="cannot be read: File name too long"):
        write_companion(companion)


def test_twins_in_case_and_unicode_form(tmp_path: Path) -> None:
    names = ("shapes", "Shapes", "\u00e9", "e\u0301")
    for name in names:
        write_companion(Companion(companion_path(str(tmp_path / f"{name}.py")), name.encode().hex()))
    for name in names:
        read = read_companion(companion_path(str(tmp_path / f"{name}.py")))
        assert read
        assert read.source_digest == name.encode().hex()


@pytest.mark.slow
def test_time_is_linear_in_the_sections(path: Path) -> None:
    text = render_companion(Companion(str(path), None, (section("f", model=""),)))
    head, header, rest = text.partition("# --- f\n")
    one = header + rest.removesuffix(f"{END_LINE}\n")

    def seconds(count: int) -> float:
        many = "".join(one.replace("f\n", f"f{number}\n", 1).replace("f(", f"f{number}(") for number in range(count))
        path.write_text(f"{head}{many}{END_LINE}\n")
        begun = time.process_time()
        bodies, read = load_bodies(str(path)), read_companion(str(path))
        taken = time.process_time() - begun
        assert bodies
        assert read
        assert len(bodies.nodes) == len(read.sections) == count
        return taken

    small = seconds(5_000)
    assert seconds(100_000) < 20 * small * 3
