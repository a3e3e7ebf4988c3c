"""The spec digest: what it counts and what it does not, and that every Python finds the same."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jitc_import.source.checksum import source_digest
from jitc_import.source.digest import canonical, canonical_docstring, digest
from jitc_import.source.stubs import read_module

ROOT = Path(__file__).resolve().parent.parent
RUFF = shutil.which("ruff", path=os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")]))

HEAD = "# jitc: enable\nfrom jitc_import import llm_complete, llm_complete as c\n"

BASE = '''
def area(self, r: float = 1.0, *, unit: "str" = 'm') -> float:  # jitc: complete
    """Area of the circle.

    >>> area(2)
    12.57
    """
    # in the unit
    many_cows = "lots"
    del (many_cows, r)
    def inner():
        """Inner.

        Words.
        """
        return f"{r!r:>{10}} and {r:.2f}" "x"
    return [1, 2]
'''


def spec(text: str, path: str = "m.py") -> str:
    (stub,) = read_module((HEAD + textwrap.dedent(text)).encode(), path, "m").stubs
    return stub.spec


SAME = {
    "quotes": lambda text: text.replace("'m'", '"m"').replace('"lots"', "'lots'"),
    "tabs": lambda text: text.replace("    ", "\t"),
    "two spaces": lambda text: re.sub("(?m)^( +)", lambda found: found[1][::2], text),
    "line breaks": lambda text: text.replace("(self, r", "(\n  self,\n  r").replace("'m')", "'m',\n)"),
    "parentheses": lambda text: text.replace("[1, 2]", "(\n[\n1,\n2,\n]\n)"),
    "parentheses of del": lambda text: text.replace("del (many_cows, r)", "del many_cows, r"),
    "concatenation": lambda text: text.replace('"lots"', '("lo"  "ts")'),
    "empty lines": lambda text: text.replace("\n    many", "\n\n\n    many"),
    "trailing spaces": lambda text: text.replace("\n    >>>", "   \n    >>>").replace("circle.\n", "circle.   \n"),
    "docstring's first line": lambda text: text.replace('"""Area', '"""\n    Area'),
    "docstring's end": lambda text: text.replace('12.57\n    """', '12.57"""'),
    "docstring's quotes": lambda text: text.replace('"""', "'''"),
    "comment's space": lambda text: text.replace("# in the", "#  in   the"),
    "orders to tools": lambda text: text.replace('"lots"\n', '"lots"  # noqa: F841  # type: ignore\n'),
    "mark's place": lambda text: "# jitc: complete\n" + text.replace("  # jitc: complete", ""),
    "mark to decorator": lambda text: "@llm_complete()" + text.replace("  # jitc: complete", ""),
    "mark to alias": lambda text: "@c" + text.replace("  # jitc: complete", ""),
    "dynamic client": lambda text: "@c(client=mine)" + text.replace("  # jitc: complete", ""),
    "other client": lambda text: "@c(client=other())" + text.replace("  # jitc: complete", ""),
    "comment's sibling": lambda text: "# a remark on what follows\n" + text,
    "siblings": lambda text: "x = 1\ndef g(): ...\n" + text + "\ndef h(): ...\n",
    "class": lambda text: "class C:\n" + textwrap.indent(text, "  "),
    "condition": lambda text: "if x:\n" + textwrap.indent(text, "\t"),
    "number": lambda text: text.replace("1.0", "1.").replace("10", "0xA"),
}  # fmt: skip


@pytest.mark.parametrize("change", SAME.values(), ids=SAME.keys())
def test_what_does_not_count(change: object) -> None:
    changed = change(BASE)  # type: ignore[operator]
    assert changed != BASE
    assert spec(changed) == spec(BASE)


OTHER = {
    "name": lambda text: text.replace("def area", "def volume"),
    "parameter": lambda text: text.replace("r: float", "radius: float"),
    "annotation": lambda text: text.replace("r: float", "r: int"),
    "default": lambda text: text.replace("1.0", "2.0"),
    "kind of default": lambda text: text.replace("1.0", "1"),
    "returns": lambda text: text.replace("-> float", "-> int"),
    "no returns": lambda text: text.replace("-> float", ""),
    "async": lambda text: text.replace("def area", "async def area"),
    "keyword only": lambda text: text.replace(" *,", ""),
    "decorator": lambda text: "@cache" + text,
    "docstring": lambda text: text.replace("the circle", "a circle"),
    "docstring's indentation": lambda text: text.replace("    12.57", "      12.57"),
    "hint": lambda text: text.replace("complete\n", "complete quickly\n"),
    "comment": lambda text: text.replace("in the unit", "in no unit"),
    "draft": lambda text: text.replace("lots", "few"),
    "draft's f-string": lambda text: text.replace(".2f", ".3f"),
    "draft's docstring": lambda text: text.replace("Inner.", "Outer."),
    "option": lambda text: text.replace("complete\n", "complete seed=1\n"),
    "dynamic option": lambda text: "@c(model=MODEL)" + text.replace("  # jitc: complete", ""),
}


@pytest.mark.parametrize("change", OTHER.values(), ids=OTHER.keys())
def test_what_counts(change: object) -> None:
    changed = change(BASE)  # type: ignore[operator]
    assert changed != BASE
    assert spec(changed) != spec(BASE)


def test_placeholders_are_equal() -> None:
    bodies = ["...", "pass", "raise NotImplementedError", "raise NotImplementedError('x')", "pass  # noqa"]
    assert len({spec(f"def f():  # jitc: complete\n  {body}\n") for body in bodies}) == 1


def test_whole_numbers_of_temperature_are_equal() -> None:
    assert spec("@c(temperature=1)\ndef f(): ...\n") == spec("def f(): ...  # jitc: complete temperature=1.0\n")


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_and_encodings(line_end: str) -> None:
    text = HEAD + BASE
    changed = text.replace("\n", line_end)
    (stub,) = read_module(changed.encode("utf-8-sig"), "/elsewhere/m.py", "p.m").stubs
    assert stub.spec == spec(BASE)
    assert source_digest(changed.encode()) == source_digest(text.encode())


def test_any_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = spec(BASE, "a/m.py")
    monkeypatch.chdir(tmp_path)
    assert spec(BASE, str(tmp_path / "m.py")) == before


def test_known_digest() -> None:
    """The digest stands in committed files: a change here makes every body of every user stale."""
    assert digest(["a", "b"]) != digest(["ab"])
    assert spec(BASE) == KNOWN


KNOWN = "7bb77392a69341fdedc7547d11526eeb"


def _pythons() -> list[str]:
    versions = [f"python3.{minor}" for minor in range(10, 15)]
    found = [shutil.which(version) for version in versions]
    found += [str(path) for path in sorted(Path("~/.pyenv/versions").expanduser().glob("3.1[0-4]*/bin/python"))]
    found += _NAMED.split(os.pathsep)
    works = {os.path.realpath(path): path for path in found if path and _version(path) >= (3, 10)}
    return list(works.values())


def _version(python: str) -> tuple[int, int]:
    code = "import sys; print(*sys.version_info[:2])"
    told = subprocess.run([python, "-c", code], capture_output=True, encoding="utf-8", check=False)
    return tuple(map(int, told.stdout.split())) if told.returncode == 0 else (0, 0)  # type: ignore[return-value]


_HOME = os.environ.get("HOME", "")
_NAMED = os.environ.get("JITC_TEST_PYTHONS", "")


@pytest.mark.slow
def test_every_python_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Digests of the oldest library's functions, computed by each Python on this machine with nothing installed."""
    monkeypatch.setenv("HOME", _HOME)
    pythons = _pythons()
    oldest = min(pythons, key=_version)
    code = "import sysconfig; print(sysconfig.get_paths()['stdlib'])"
    folder = subprocess.run(
        [oldest, "-I", "-c", code], capture_output=True, encoding="utf-8", check=True
    ).stdout.strip()
    files = [os.path.join(folder, name) for name in CORPUS]
    script = str(ROOT / "tests" / "digests_of.py")
    found = {}
    for python in pythons:
        told = subprocess.run(
            [python, "-S", "-W", "ignore", script, str(ROOT), *files],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert told.returncode == 0, told.stderr
        found[python] = told.stdout
    assert len(found[oldest].splitlines()) > 1000
    assert {python: text == found[oldest] for python, text in found.items()} == dict.fromkeys(pythons, True)


CORPUS = [
    "argparse.py", "ast.py", "asyncio/base_events.py", "bdb.py", "configparser.py", "contextlib.py", "dataclasses.py",
    "difflib.py", "email/_header_value_parser.py", "enum.py", "functools.py", "http/client.py", "inspect.py",
    "locale.py", "pdb.py", "pickle.py", "statistics.py", "string.py", "test/test_fstring.py", "test/test_grammar.py",
    "test/test_patma.py", "textwrap.py", "tokenize.py", "turtle.py", "typing.py", "unittest/mock.py", "zipfile.py",
]  # fmt: skip


# --- formatters

_WORDS = st.sampled_from(
    ["x", "y1", "1", "-2.5", "'a'", '"b\'c"', "None", "[1, 2]", "{1: (2,)}", "f'{x!r:>{y}} a'", "(x, y)"]
)
_EXPRESSIONS = st.recursive(
    _WORDS,
    lambda inner: st.one_of(
        st.builds("({} + {})".format, inner, inner),
        st.builds("call({}, k = {})".format, inner, inner),
        st.builds("x[{} : {}]".format, inner, inner),
        st.builds("[a for a in {} if not {}]".format, inner, inner),
        st.builds("(lambda a = {} : {})".format, inner, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
    ),
    max_leaves=6,
)
_STATEMENTS = st.one_of(
    st.builds("x={}".format, _EXPRESSIONS),
    st.builds("return {}  # {}".format, _EXPRESSIONS, st.sampled_from(["why", "e.g. this", "x:y"])),
    st.builds("assert {} , {}".format, _EXPRESSIONS, _EXPRESSIONS),
    st.builds("if {} :\n   pass\nelse :\n   x = {}".format, _EXPRESSIONS, _EXPRESSIONS),
    st.builds("with open({}) as g ,\\\n h as i : del ( x , y )".format, _EXPRESSIONS),
    st.builds(
        "def g(a=({}) , * , b):\n   '''  Doc of g.\n\n     more  \n   '''\n   return {}".format,
        _EXPRESSIONS,
        _EXPRESSIONS,
    ),
    st.builds("print('long '   'string', {})".format, _EXPRESSIONS),
)
_DOCSTRINGS = st.text(alphabet="ab >.\n'é", max_size=40).map(lambda text: f'"""a{text}z"""')


@pytest.mark.slow
@pytest.mark.skipif(RUFF is None, reason="no formatter here")
@given(st.lists(_EXPRESSIONS, max_size=3), _DOCSTRINGS, st.lists(_STATEMENTS, min_size=1, max_size=4), st.data())
def test_stable_under_a_formatter(defaults: list[str], docstring: str, body: list[str], data: st.DataObject) -> None:
    parameters = "".join(f" p{n} = {value} ," for n, value in enumerate(defaults))
    lines = textwrap.indent("\n".join([docstring, "# first  words", *body]), "   ")
    text = f"@deco ( {data.draw(_EXPRESSIONS)} )\ndef f({parameters}) :  # jitc: complete  a hint\n{lines}\n"
    try:
        before = spec(text)
    except SyntaxError:
        assume(condition=False)
        raise
    width = data.draw(st.sampled_from(["20", "60", "120"]))
    style = data.draw(st.sampled_from(["single", "double"]))
    formatted = _format(HEAD + text, width, style)
    (stub,) = read_module(formatted.encode(), "m.py", "m").stubs
    assert stub.spec == before, formatted


def _format(text: str, width: str, style: str) -> str:
    told = subprocess.run(
        [str(RUFF), "format", "--isolated", "--line-length", width, "--config", f"format.quote-style='{style}'",
         "--config", "format.indent-style='tab'", "-"],
        input=text, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    return told.stdout


@given(_EXPRESSIONS)
def test_unparsing_is_equal(text: str) -> None:
    tree = ast.parse(text)
    assert canonical(ast.parse(ast.unparse(tree))) == canonical(tree)


@pytest.mark.parametrize(
    "value", ["1" * 4000, "0x" + "f" * 5000, "1e999", "1j", "'\\ud800'", "b'\\xff'", "'\U0001fae8'", "..."]
)
def test_odd_constants(value: str) -> None:
    assert canonical(ast.parse(value)).isascii()


def test_different_code_differs() -> None:
    texts = ["1", "1.0", "True", "'1'", "b'1'", "1j", "'1,'", "f'{1}'", "f'1'", "[1]", "(1,)", "{1}", "x", "'x'"]
    texts += ["f'{x}'", "f'{x!r}'", "f'{x:1}'", "f'{x}{y}'", "f'{x}y'", "x.y", "x,", "[x, [y]]", "[[x], y]", "'[x'"]
    assert len({canonical(ast.parse(text)) for text in texts}) == len(texts)


def test_deep_expressions() -> None:
    tree: ast.expr = ast.Constant(1)
    for _ in range(20_000):
        tree = ast.UnaryOp(ast.USub(), tree)
    assert canonical(tree).count("USub") == 20_000
    while isinstance(tree, ast.UnaryOp):  # so that the tree is not freed in one deep step
        tree = tree.operand


@pytest.mark.parametrize(
    ("one", "other"),
    [("a\n  b\n c", "a  \n    b\n   c"), ("\n  a\n", "a"), ("a\n\tb", "a\n        b"), (None, ""), ("a\n\n\n", "a")],
)
def test_equal_docstrings(one: str | None, other: str) -> None:
    assert canonical_docstring(one) == canonical_docstring(other)
