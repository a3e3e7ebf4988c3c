"""Where marks may stand, what they may say, and that none goes unseen."""

from __future__ import annotations

import textwrap

import pytest

from jitc_import.errors import MarkError
from jitc_import.source.marks import comments_of, is_mark, split_comment
from jitc_import.source.stubs import SourceModule, Stub, read_module


def read(text: str, *, name: str = "shapes") -> SourceModule:
    return read_module(textwrap.dedent(text).lstrip("\n").encode(), f"/src/{name}.py", name)


def marked(text: str) -> SourceModule:
    return read("# jitc: enable\n" + textwrap.dedent(text))


def only(text: str) -> Stub:
    (stub,) = marked(text).stubs
    return stub


PLACEMENTS = {
    "above": "# jitc: complete quickly\ndef f(x):\n    ...\n",
    "above, apart": "x = 1\n\n# jitc: complete quickly\n\n\ndef f(x):\n    ...\n",
    "above other comments": "# jitc: complete quickly\n# a remark\ndef f(x):\n    ...\n",
    "above decorators": "# jitc: complete quickly\n@cache\n@cache\ndef f(x):\n    ...\n",
    "between decorators": "@cache\n# jitc: complete quickly\n@cache\ndef f(x):\n    ...\n",
    "below decorators": "@cache\n@cache\n# jitc: complete quickly\ndef f(x):\n    ...\n",
    "at a decorator": "@cache  # jitc: complete quickly\n@cache\ndef f(x):\n    ...\n",
    "at a decorator's first line": "@cache(  # jitc: complete quickly\n    1,\n)\ndef f(x):\n    ...\n",
    "at a decorator's last line": "@cache(\n    1,\n)  # jitc: complete quickly\ndef f(x):\n    ...\n",
    "at the def": "def f(x):  # jitc: complete quickly\n    ...\n",
    "at a one-line def": "def f(x): ...  # jitc: complete quickly\n",
    "at the first line of the def": "def f(  # jitc: complete quickly\n    x,\n):\n    ...\n",
    "in the first line of the def": "def f(x,  # jitc: complete quickly\n      y):\n    ...\n",
    "at the last line of the def": "def f(\n    x,\n) -> int:  # jitc: complete quickly\n    ...\n",
    "at the last line of a one-line def": "def f(\n    x,\n): ...  # jitc: complete quickly\n",
    "in the body": "def f(x):\n    # jitc: complete quickly\n    ...\n",
    "below the docstring": 'def f(x):\n    """Doc."""\n    # jitc: complete quickly\n',
    "at the docstring": 'def f(x):\n    """Doc."""  # jitc: complete quickly\n',
    "at the body": "def f(x):\n    ...  # jitc: complete quickly\n",
    "in a draft": "def f(x):\n    if x:\n        # jitc: complete quickly\n        pass\n    return 1\n",
    "at an if of a draft": "def f(x):\n    if x:  # jitc: complete quickly\n        pass\n    return 1\n",
    "above an else of a draft": "def f(x):\n    if x:\n        pass\n    # jitc: complete quickly\n    else: y\n",
    "in a match of a draft": "def f(x):\n    match x:  # jitc: complete quickly\n        case 1:\n            pass\n",
    "at the end": "def f(x):\n    ...\n    # jitc: complete quickly\n",
    "at the end, deeper": "def f(x):\n    ...\n        # jitc: complete quickly\n",
    "less indented": "def f(x):\n# jitc: complete quickly\n    ...\n",
    "after an order": "def f(x):  # noqa: ANN001  # jitc: complete quickly\n    ...\n",
    "before an order": "def f(x):  # jitc: complete quickly  # type: ignore[x]\n    ...\n",
    "in capitals": "def f(x):  # JITC: Complete quickly\n    ...\n",
    "without spaces": "def f(x):  #jitc:complete quickly\n    ...\n",
    "async": "async def f(x):  # jitc: complete quickly\n    ...\n",
    "no line end": "def f(x): ...  # jitc: complete quickly",
    "tabs": "if 1:\n\tdef f(x):\n\t\t# jitc: complete quickly\n\t\t...\n",
    "form feed": "x = 1\n\f\n# jitc: complete quickly\ndef f(x):\n    ...\n",
    "continuation": "def f(x): \\\n    ...  # jitc: complete quickly\n",
}


@pytest.mark.parametrize("text", PLACEMENTS.values(), ids=PLACEMENTS.keys())
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_placement(text: str, line_end: str) -> None:
    source = ("# jitc: enable\n" + text).replace("\n", line_end).encode()
    (stub,) = read_module(source, "m.py", "m").stubs
    assert (stub.key, stub.tag, stub.hints[0]) == ("f", "comment", "quickly")
    assert "jitc" not in stub.text.lower() + stub.draft.lower()


@pytest.mark.parametrize("text", PLACEMENTS.values(), ids=PLACEMENTS.keys())
def test_placement_in_a_class_first_in_the_module(text: str) -> None:
    body = textwrap.indent(text.replace("x = 1\n", ""), "    ").replace("    \f", "\f")
    (stub,) = read_module(f"# jitc: enable\nclass C:\n{body}".encode(), "m.py", "m").stubs
    assert (stub.key, stub.hints[0]) == ("C.f", "quickly")


@pytest.mark.parametrize("mark", ["# jitc: complete", "# jitc: skip"])
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("def f(\n    x,  # MARK\n):\n    ...\n", 3),
        ("def f(\n    x,\n    # MARK\n):\n    ...\n", 4),
        ("@cache(\n    1,  # MARK\n)\ndef f(): ...\n", 3),
        ("# MARK\nx = 1\n", 2),
        ("x = 1  # MARK\n", 2),
        ("x = [  # MARK\n    1,\n]\n", 2),
        ("def f():\n    x = [\n        1,  # MARK\n    ]\n", 4),
        ("class C:\n    # MARK\n    x = 1\n", 3),
        ("class C:\n    x = 1  # MARK\n", 3),
        ("class C:\n    x = 1\n    # MARK\n", 4),
        ("def f(): ...\n# MARK\n", 3),
        ("def f(): ...\n# MARK", 3),
        ("f = lambda: 1  # MARK\n", 2),
        ("if 1:  # MARK\n    def f(): ...\n", 2),
        ("# MARK\nif 1:\n    def f(): ...\n", 2),
        ("try:\n    pass\n# MARK\nfinally:\n    pass\n", 4),
        ("# MARK\n", 2),
        ('# MARK\n"""Doc."""\ndef f(): ...\n', 2),
    ],
)
def test_misplaced(text: str, line: int, mark: str) -> None:
    with pytest.raises(MarkError, match=rf"^/src/shapes\.py:{line}: .*means nothing") as caught:
        marked(text.replace("# MARK", mark))
    assert (caught.value.lineno, caught.value.path, caught.value.name) == (line, "/src/shapes.py", "shapes")


@pytest.mark.parametrize(
    ("comment", "meant"),
    [
        ("# jitc: compleet", "complete"),
        ("# jitc: skp", "skip"),
        ("# jitc: completed", "complete"),
        ("# jitc:", "no mark"),
        ("# jitc complete", "jitc: ..."),
        ("# jtic: complete", "jitc: ..."),
        ("# jitc-import: skip", "jitc: ..."),
        ("# jitc: complete modl=x", "model"),
        ("# jitc: complete seed=x", "number"),
        ("# jitc: complete temperature=9", "between 0 and 2"),
    ],
)
def test_misspelt(comment: str, meant: str) -> None:
    with pytest.raises(MarkError, match=rf":3: .*{meant}"):
        marked(f"x = 1\ndef f(): ...  {comment}\n")


def test_prose_is_no_mark() -> None:
    assert marked("# Functions with `# jitc: complete` are completed; git: skip\nx = '# jitc: compleet'\n").stubs == ()


@pytest.mark.parametrize(
    "lines",
    [
        "# jitc: enable",
        "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n# Licence.\n\n# jitc: enable",
        '"""Doc.\n\n# not this\n"""\n# jitc: enable',
        '# jitc: enable\n"""Doc."""',
        "# jitc: enable  # noqa",
        "\ufeff# jitc: enable",
        "# JITC: ENABLE",
        "\f# jitc: enable",
    ],
)
def test_module_mark(lines: str) -> None:
    module = read_module(f"{lines}\ndef f(): ...  # jitc: complete\n".encode(), "m.py", "m")
    assert module.mark is not None
    assert not module.mark.all
    assert [stub.key for stub in module.stubs] == ["f"]


@pytest.mark.parametrize(
    "text",
    [
        "import os\n# jitc: enable\n",
        "import os  # jitc: enable\n",
        "def f():\n    # jitc: enable\n    ...\n",
        '"""D."""; x = 1\n# jitc: enable',
    ],
)
def test_late_module_mark(text: str) -> None:
    with pytest.raises(MarkError, match=r"m\.py:\d: the module mark stands too late"):
        read_module(text.encode(), "m.py", "m")


@pytest.mark.parametrize("second", ["# jitc: enable", "# jitc: enable all", "x = 1\n# jitc: enable"])
def test_second_module_mark(second: str) -> None:
    with pytest.raises(MarkError, match="second module mark"):
        marked(second + "\n")


def test_wrong_module_mark() -> None:
    with pytest.raises(MarkError, match=r"m\.py:1: .*no module mark"):
        read_module(b"# jitc: enable everything\n", "m.py", "m")


@pytest.mark.parametrize(
    ("words", "every", "tests"),
    [
        ("", False, ()),
        ("all", True, ()),
        ("tests=tests/test_shapes.py", False, ("tests/test_shapes.py",)),
        ("all tests=tests/test_shapes.py", True, ("tests/test_shapes.py",)),
        ("all, tests=a.py,b.py", True, ("a.py", "b.py")),
        ("tests=a.py, sub/B.py all", True, ("a.py", "sub/B.py")),
        ("tests=a.py , sub/B.py, all", False, ("a.py", "sub/B.py", "all")),
        ("TESTS=Sub/Test_B.py, ALL", False, ("Sub/Test_B.py", "ALL")),
        ("tests=a.py::test_x # noqa: E501", False, ("a.py::test_x",)),
        ("tests=a.py,", False, ("a.py",)),
    ],
)
def test_tests_of_a_module(words: str, every: bool, tests: tuple[str, ...]) -> None:  # noqa: FBT001
    mark = read(f"# jitc: enable {words}\nx = 1\n").mark
    assert mark is not None
    assert (mark.all, mark.tests) == (every, tests)


@pytest.mark.parametrize(
    "words", ["test=a.py", "tests=", "tests = a.py", "tests=,", "tests", "tests=a.py b.py", "all=1", "tests=a tests=b"]
)
def test_wrong_option_of_a_module_mark(words: str) -> None:
    with pytest.raises(MarkError, match=r"shapes\.py:1: .*is no module mark: .*`tests=PATH,PATH`"):
        read(f"# jitc: enable {words}\n")


def test_tests_are_no_part_of_a_spec() -> None:
    text = "# jitc: enable all{}\ndef f(x):\n    'Doc.'\n"
    specs = {read(text.format(words)).stubs[0].spec for words in ("", " tests=a.py", " tests=b.py,c.py")}
    assert len(specs) == 1


def test_module_mark_in_a_string_is_none() -> None:
    assert read('x = """\n# jitc: enable\n"""\n').mark is None


def test_unmarked_module_warns_and_never_fails() -> None:
    module = read("# jitc: skip\nx = 1  # jitc: complete\ndef f(): ...  # jitc: compleet\n")
    assert module.stubs == ()
    assert [warning.split(": ")[0] for warning in module.warnings] == [f"/src/shapes.py:{n}" for n in (1, 2, 3)]


def test_class_mark() -> None:
    module = marked(
        """
        from abc import abstractmethod
        # jitc: complete in metres seed=3
        @dataclass
        class C:
            def f(self): ...
            def g(self): return 1
            def h(self): ...  # jitc: skip
            def i(self): ...  # jitc: complete seed=4
            @abstractmethod
            def j(self): ...
            if True:
                def k(self): "Doc."
            class Inner:
                def l(self): ...
        """
    )
    assert [(stub.key, stub.tag, stub.hints, stub.options.seed) for stub in module.stubs] == [
        ("C.f", "class", ("in metres",), 3),
        ("C.i", "comment", ("in metres",), 4),
        ("C.k", "class", ("in metres",), 3),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "class C:  # jitc: complete\n    def f(self): ...\n",
        "class C(  # jitc: complete\n    object,\n):\n    def f(self): ...\n",
        "@x\n# jitc: complete\n@y\nclass C:\n    def f(self): ...\n",
        "@x  # jitc: complete\nclass C:\n    def f(self): ...\n",
    ],
)
def test_class_mark_placement(text: str) -> None:
    assert only(text).key == "C.f"


def test_idle_class_mark_warns() -> None:
    assert "no placeholder method" in marked("class C:  # jitc: complete\n    x = 1\n").warnings[0]


def test_skip() -> None:
    module = read(
        """
        # jitc: enable all
        def a(): ...
        def b(): ...  # jitc: skip
        # jitc: skip
        class C:
            def c(self): ...
            class D:
                def d(self): ...
            def e(self): ...  # jitc: complete
        def f():
            # jitc: skip
            def g(): ...
            return g
        """
    )
    assert [stub.key for stub in module.stubs] == ["a", "C.e", "f.<locals>.g"][:2]


@pytest.mark.parametrize(
    "text",
    [
        "# jitc: skip\ndef f(): ...  # jitc: complete\n",
        "from jitc_import import llm_complete\n@llm_complete\ndef f(): ...  # jitc: skip\n",
        "# jitc: skip\n# jitc: complete\nclass C: ...\n",
    ],
)
def test_complete_and_skip(text: str) -> None:
    with pytest.raises(MarkError, match=r":\d: `complete` and `skip`"):
        marked("x = 1\n" + text)


@pytest.mark.parametrize(
    "inner", ["def g(): ...  # jitc: complete", "def g(): ...  # jitc: skip", "@llm_complete\n    def g(): ..."]
)
def test_mark_inside_a_stub(inner: str) -> None:  # fmt: skip
    with pytest.raises(MarkError, match="stands inside the stub f"):
        marked(f"from jitc_import import llm_complete\n@llm_complete\ndef f():\n    {inner}\n")


def test_options_and_hint() -> None:
    stub = only('def f(): ...  # jitc: complete use bisect, model="gpt-x" temperature=0.5, seed=7 for a=1\n')
    assert stub.hints == ("use bisect, for a=1",)
    assert stub.options.said() == {"model": "gpt-x", "temperature": 0.5, "seed": 7}


@pytest.mark.parametrize("said", ['model="x @ work"', "model=x @ work", "model='x @ work',"])
def test_a_model_of_an_endpoint_with_a_name(said: str) -> None:
    stub = only(f"def f(): ...  # jitc: complete be quick {said} seed=7\n")
    assert stub.hints == ("be quick",)
    assert stub.options.said() == {"model": "x @ work", "seed": 7}


def test_marks_that_disagree() -> None:
    with pytest.raises(MarkError, match="seed twice"):
        marked("# jitc: complete seed=1\ndef f(): ...  # jitc: complete seed=2\n")


def test_split_comment() -> None:
    assert split_comment("# noqa: E501  # jitc: complete x") == (("# jitc: complete x",), "")
    assert split_comment("# in metres  # pragma: no cover") == ((), "in metres")
    assert split_comment("#: about it") == ((), "about it")


def test_no_mark_goes_unseen() -> None:
    """Whatever line a mark is put at the end of, it is taken, or told with its line."""
    text = (
        "# jitc: enable\n'''doc\nstring'''\nimport os\n@cache\n@cache(1,\n  2)\ndef f(a,\n  b=(1,\n  2),\n) -> int:\n"
        "  'doc'\n  x = [1,\n    2]\n  with a as b, \\\n     c:\n    pass\n  if a: pass\n  elif b: pass\n"
        "  try:\n    pass\n  except E: pass\n  else: pass\n  finally:\n    return 1\n\n"
        "class C(\n  A,\n):\n  y: int = 1\n\n  def g(self): return (1,\n    2)\n\n  z = 2\nf(1,\n  2)\n\n"
    )
    lines = text.split("\n")
    for number in range(2, len(lines) + 1):
        changed = list(lines)
        changed[number - 1] += "  # jitc: complete"
        source = "\n".join(changed)
        if lines[number - 1].endswith("\\") or not any(
            line == number for line, _, comment in comments_of(source) if is_mark(comment)
        ):
            continue
        assert _taken_or_told(source) in (["f"], ["C.g"], [number], "warned"), number


def _taken_or_told(source: str) -> list[str] | list[int | None] | str:
    """The stubs of a module, or the line of its first wrong mark, or that it has warnings."""
    try:
        module = read_module(source.encode(), "m.py", "m")
    except MarkError as error:
        return [error.lineno]
    return "warned" if module.warnings else [stub.key for stub in module.stubs]


@pytest.mark.parametrize(
    "mark", ["# jitc: enabel", "# jitc: enabled all", "# jitc enable", "#jitc:enbale", "# jtic: enable"]
)
def test_a_misspelt_module_mark_is_an_error(mark: str) -> None:
    with pytest.raises(MarkError, match=r"shapes\.py:2: .*did you mean `# jitc: enable`"):
        read(f"# shapes\n{mark}\ndef f(): ...  # jitc: complete\n")
