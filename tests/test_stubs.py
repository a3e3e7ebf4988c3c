"""Which functions are stubs, and what is read of them."""

from __future__ import annotations

import ast
import sys
import textwrap

import libcst
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jitc_import.errors import MarkError
from jitc_import.source.definitions import definitions, first_line
from jitc_import.source.outline import outline
from jitc_import.source.stubs import SourceModule, Stub, read_module
from test_marks import marked, only, read


def keys(module: SourceModule) -> list[str]:
    return [stub.key for stub in module.stubs]


DECORATORS = {
    "from": "from jitc_import import llm_complete\n@llm_complete",
    "called": "from jitc_import import llm_complete\n@llm_complete()",
    "from as": "from jitc_import import llm_complete as c\n@c()",
    "module": "import jitc_import\n@jitc_import.llm_complete",
    "module as": "import jitc_import as j\n@j.llm_complete()",
    "submodule": "import jitc_import.activate\n@jitc_import.llm_complete()",
    "deep": "from jitc_import.decorator import llm_complete\n@llm_complete",
    "star": "from jitc_import import *\n@llm_complete",
    "alias": "from jitc_import import llm_complete\nfill = llm_complete\n@fill",
    "alias of alias": "import jitc_import\nj = jitc_import\nfill = j.llm_complete\n@fill()",
    "configured": "from jitc_import import llm_complete\nfill: object = llm_complete(seed=1)\n@fill",
    "fallback": "try:\n  from jitc_import import llm_complete\nexcept E:\n  def llm_complete(): 1\n@llm_complete",
    "type checking": "if T:\n    from jitc_import import llm_complete\nelse:\n    llm_complete = None\n@llm_complete",
    "among others": "from jitc_import import llm_complete\n@a\n@llm_complete\n@b(1)",
}  # fmt: skip


@pytest.mark.parametrize("lines", DECORATORS.values(), ids=DECORATORS.keys())
@pytest.mark.parametrize("mark", ["", "# jitc: enable\n"], ids=["unmarked", "marked"])
def test_decorator_is_found_by_what_it_resolves_to(lines: str, mark: str) -> None:
    (stub,) = read(f"{mark}{lines}\ndef f():\n    ...\n").stubs
    assert (stub.key, stub.tag, stub.dynamic) == ("f", "decorator", False)
    assert all("fill" not in line and "complete" not in line for line in stub.decorators)


OTHERS = {
    "own": "def llm_complete(f): return f\n@llm_complete",
    "rebound": "from jitc_import import llm_complete\nllm_complete = print\n@llm_complete",
    "elsewhere": "from other import llm_complete\n@llm_complete",
    "unbound": "@llm_complete",
    "later": "@llm_complete\ndef g(): ...\nfrom jitc_import import llm_complete\n@a",
    "another": "import jitc_import\n@jitc_import.llm_mock",
    "of a parameter": "from jitc_import import llm_complete\ndef g(llm_complete):\n  @llm_complete\n  def h(): ...\n@a",
    "of a class": "class C:\n  from jitc_import import llm_complete\n  def g():\n    @llm_complete\n    def h(): 1\n@a",
}


@pytest.mark.parametrize("lines", OTHERS.values(), ids=OTHERS.keys())
def test_other_decorators(lines: str) -> None:
    assert keys(marked(f"{lines}\ndef f():\n    ...\n")) == []


def test_decorator_in_inner_scopes() -> None:
    module = marked(
        """
        def outer():
            from jitc_import import llm_complete as c
            @c
            def inner(): ...
        class C:
            from jitc_import import llm_complete
            @llm_complete
            def method(self): ...
        def late():
            @fill
            def inner(): ...
        from jitc_import import llm_complete as fill
        """
    )
    assert keys(module) == ["outer.<locals>.inner", "C.method", "late.<locals>.inner"]


def test_aliases_without_end() -> None:
    chain = "".join(f"if x:\n  a = b\nif x:\n  b = a\nc{n} = c{n - 1}\n" for n in range(1, 200))
    assert keys(marked(f"{chain}@a\ndef f(): ...\n@c199\ndef g(): ...\n")) == []


PLACEHOLDERS = [
    "...",
    "pass",
    '"""Doc."""',
    '"""Doc."""\n    ...',
    '"""Doc."""; pass',
    "# words\n    ...\n    # more",
    "raise NotImplementedError",
    'raise NotImplementedError("later")',
    '"""Doc."""\n    raise NotImplementedError()',
]
DRAFTS = ["return 1", "...\n    ...", "raise ValueError", '"a" + "b"', "x = 1", "def g(): ...", "1", 'f"{x}"']
DRAFTS += ["...; pass", "raise NotImplementedError from None"]


@pytest.mark.parametrize("body", PLACEHOLDERS)
def test_placeholder(body: str) -> None:
    assert only(f"# jitc: complete\ndef f(x):\n    {body}\n").draft == ""
    assert keys(read(f"# jitc: enable all\ndef f(x):\n    {body}\n")) == ["f"]


@pytest.mark.parametrize("body", DRAFTS)
def test_draft(body: str) -> None:
    assert only(f"# jitc: complete\ndef f(x):\n    {body}\n").draft == textwrap.dedent(f"    {body}")
    assert "f" not in keys(read(f"# jitc: enable all\ndef f(x):\n    {body}\n"))


def test_all_leaves_out_what_is_a_placeholder_for_good() -> None:
    module = read(
        """
        # jitc: enable all
        import abc, typing as t
        from abc import abstractmethod as must
        from typing import TYPE_CHECKING, overload
        from typing_extensions import Protocol as P
        import jitc_import
        @overload
        def a(x: int) -> int: ...
        @t.overload
        def a(x: str) -> str: ...
        def a(x): ...
        class Q(P):
            def b(self): ...
        class R(t.Generic[T], t.Protocol[T]):
            def c(self): ...
            class S:
                def d(self): ...
        class U:
            @property
            @abc.abstractmethod
            def e(self): ...
            @must
            async def f(self): ...
            @property
            def g(self): ...
            @g.setter
            def g(self, x): ...
            @staticmethod
            def h(): ...
        if TYPE_CHECKING:
            def i(): ...
            class V:
                def j(self): ...
        else:
            def i(): ...
        if not t.TYPE_CHECKING:
            def k(): ...
        else:
            def k(): ...
        @jitc_import.llm_mock()
        def l(): ...
        """
    )
    assert keys(module) == ["a#3", "R.S.d", "U.g", "U.g#2", "U.h", "i#2", "k"]


def test_all_without_stubs() -> None:
    module = read("# jitc: enable all\nx = 1\n")
    assert (module.stubs, module.warnings) == ((), ())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("from typing import overload\n@overload\ndef f(x: int): ...  # jitc: complete\n", "@overload"),
        ("@llm_complete\nclass C: ...\n", "class C; .*above the class"),
        ("x = llm_complete(lambda: 1)\n", "lambda"),
        ("def f():\n    return llm_complete(seed=1)(lambda: 1)\n", "lambda"),
        ("@llm_complete\n@jitc_import.llm_mock\ndef f(): ...\n", "llm_mock"),
        ("@llm_complete(modl='x')\ndef f(): ...\n", "modl.*did you mean `model`"),
        ("@llm_complete('x')\ndef f(): ...\n", "keyword arguments only"),
        ("@llm_complete(model=3)\ndef f(): ...\n", "model is 3"),
        ("@llm_complete(seed=True)\ndef f(): ...\n", "seed is True"),
        ("@llm_complete(seed=1.5)\ndef f(): ...\n", "seed is 1.5"),
        ("@llm_complete(temperature=-1)\ndef f(): ...\n", "between 0 and 2"),
        ("@llm_complete(client=3)\ndef f(): ...\n", "client"),
        ("@llm_complete(seed=1)\ndef f(): ...  # jitc: complete seed=2\n", "seed twice"),
    ],
)
def test_what_makes_no_sense(text: str, message: str) -> None:
    with pytest.raises(MarkError, match=rf"^/src/shapes\.py:\d+: .*{message}"):
        marked("import jitc_import\nfrom jitc_import import llm_complete\n" + text)


def test_literal_arguments() -> None:
    stub = only(
        """
        from jitc_import import llm_complete
        @llm_complete(model="a" "b", temperature=1, seed=-3, prompt_template='''x {code}''', client=None)
        def f(): ...
        """
    )
    assert stub.options.said() == {"model": "ab", "temperature": 1.0, "seed": -3, "prompt_template": "x {code}"}
    assert not stub.dynamic


@pytest.mark.parametrize(
    "arguments", ["client=mine", "model=MODEL", "**options", "model=f'{x}'", "seed=1, client=mine()"]
)
def test_dynamic_arguments(arguments: str) -> None:
    assert only(f"from jitc_import import llm_complete\n@llm_complete({arguments})\ndef f(): ...\n").dynamic


def test_texts() -> None:
    stub = only(
        '''
        from jitc_import import llm_complete
        class C:
            @property  # of the outer one
            # of the inner one
            @llm_complete()
            @other(
                1,  # why
            )
            async def f(
                self,  # me
                x: str = """a
          b""",  # noqa
            ) -> int:  # what comes out
                """Do it.

                >>> C().f()
                3
                """  # after the docstring
                # first
                many_cows = 'lots of cows, please implement'  # second
                text = """
        kept
            """
                # jitc: complete quickly seed=1
                # last

            x = 1
        '''
    )
    assert stub.key == "C.f"
    assert stub.decorators == ("@property", "@other(\n    1,\n)")
    assert stub.signature == 'async def f(\n    self,\n    x: str = """a\n  b""",\n) -> int:'
    assert stub.docstring == "Do it.\n\n>>> C().f()\n3"
    assert stub.draft == (
        '# first\nmany_cows = \'lots of cows, please implement\'  # second\ntext = """\nkept\n    """\n# last'
    )
    assert stub.hints == (
        "quickly", "of the outer one", "of the inner one", "why", "me", "what comes out", "after the docstring",
        "first", "second", "last",
    )  # fmt: skip
    assert stub.text == textwrap.dedent(
        '''
        @property
        @other(
            1,
        )
        async def f(
            self,  # me
            x: str = """a
          b""",
        ) -> int:  # what comes out
            """Do it.

            >>> C().f()
            3
            """
            # quickly
            # of the outer one
            # of the inner one
            # why
            # after the docstring
            # first
            many_cows = 'lots of cows, please implement'  # second
            text = """
        kept
            """
            # last'''
    ).lstrip("\n")


@pytest.mark.parametrize(
    ("text", "signature", "draft"),
    [
        ("def f(x): return x  # jitc: complete", "def f(x):", "return x"),
        ("def f(x): 'd'; y = x; return y  # jitc: complete", "def f(x):", "y = x; return y"),
        ("def f(x={1: 2}): ...  # jitc: complete", "def f(x={1: 2}):", ""),
        ("def f(x=lambda: 1) -> 'a:b': pass;  # jitc: complete", "def f(x=lambda: 1) -> 'a:b':", ""),
        ("def f(x): \\\n  return x  # jitc: complete", "def f(x):", "return x"),
        ("def f \\\n  (x): return x  # jitc: complete", "def f \\\n  (x):", "return x"),
        ("def é(ü='ß'): return ü  # jitc: complete", "def é(ü='ß'):", "return ü"),
        ("def f():  # jitc: complete\n\t# a: b\n\n\tif x:\n\t\treturn 1\n", "def f():", "# a: b\n\nif x:\n\treturn 1"),
        ("def f():  # jitc: complete\n\treturn '''\n\tq'''\n", "def f():", "return '''\n\tq'''"),
        ("def f():  # jitc: complete\n  '''d'''; x = 1\n  y = 2\n", "def f():", "x = 1\ny = 2"),
        ("def f():  # jitc: complete\n  @a\n  def g(): ...\n  return g\n", "def f():", "@a\ndef g(): ...\nreturn g"),
        ("def f():  # jitc: complete\n  x = (1,\n2)\n", "def f():", "x = (1,\n2)"),
    ],
)  # fmt: skip
def test_signature_and_draft(text: str, signature: str, draft: str) -> None:
    stub = only(text)
    assert (stub.signature, stub.draft) == (signature, draft)
    ast.parse(stub.text)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters came with Python 3.12")
def test_type_parameters() -> None:
    stub = only("class C[T]:\n    def f[**P, U: int](self, x: T) -> U:  # jitc: complete\n        ...\n")
    assert (stub.key, stub.signature) == ("C.f", "def f[**P, U: int](self, x: T) -> U:")


@pytest.mark.skipif(sys.version_info < (3, 12), reason="quotes within f-strings came with Python 3.12")
def test_nested_quotes() -> None:
    text = "def f(x=f'''{\n  'a' # note\n}\n# no comment\n'''):  # jitc: complete\n    return f'{f'{x}'}'\n"
    assert only(text).draft == "return f'{f'{x}'}'"


def test_lines_and_keys() -> None:
    module = read(
        """
        # jitc: enable all

        class C:
            @property
            def r(self): ...

            @r.setter
            def r(self, x): ...

        if C:
            def twin(): ...
        else:
            def twin(): ...
        def outer():
            x = 1
            class D:
                def m(self): ...
            return D
        """
    )
    assert [(stub.key, stub.line) for stub in module.stubs] == [
        ("C.r", 4), ("C.r#2", 7), ("twin", 11), ("twin#2", 13), ("outer.<locals>.D.m", 17),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "source",
    [
        b"# jitc: enable all\ndef f(:\n",
        b"# jitc: enable all\ndef f():\nx\n",
        b"# jitc: enable all\nx = '\xff'\n",
        b"# coding: nonsense\n# jitc: enable all\n",
        b"# jitc: enable all\n  x\n",
        b"# jitc: enable all\nreturn (\n",
    ],
)
def test_syntax_errors_are_pythons_own(source: bytes) -> None:
    with pytest.raises(SyntaxError) as expected:
        ast.parse(source, filename="m.py")
    with pytest.raises(SyntaxError) as raised:
        read_module(source, "m.py", "m")
    assert raised.value.args == expected.value.args


def test_what_libcst_cannot_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("libcst.parse_module", lambda _text: libcst.parse_expression("1 +"))
    with pytest.raises(MarkError, match=r"m\.py:1: Python can read this file and libcst cannot"):
        read_module(b"# jitc: enable\n", "m.py", "m")


ENCODINGS = [
    ("latin-1", "# coding: latin-1\n"),
    ("utf-8-sig", ""),
    ("utf-8", ""),
    ("cp1252", "# -*- coding: cp1252 -*-\n"),
]


@pytest.mark.parametrize(("encoding", "cookie"), ENCODINGS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings(encoding: str, cookie: str, line_end: str) -> None:
    text = f"{cookie}# jitc: enable\ndef f(x='äöü'): 'ß'; return 'ü'  # jitc: complete é\n".replace("\n", line_end)
    (stub,) = read_module(text.encode(encoding), "m.py", "m").stubs
    assert (stub.signature, stub.docstring, stub.draft, stub.hints) == ("def f(x='äöü'):", "ß", "return 'ü'", ("é",))


def test_nothing_but_marks() -> None:
    assert read("").stubs == ()
    assert read("# jitc: enable").stubs == ()
    assert read_module(b"\xef\xbb\xbf# jitc: enable all", "m.py", "m").mark is not None


def test_deep_nesting() -> None:
    elifs = "if a: pass\n" + "".join(f"elif a == {n}:\n    def f(): ...\n" for n in range(300))
    deep = "".join(f"{' ' * n}def d{n}():\n" for n in range(60)) + " " * 60 + "..."
    expression = "x = " + " + ".join(["1"] * 250) + "\ndef g(y=" + " + ".join(["1"] * 250) + "): ...\n"
    module = read(f"# jitc: enable all\n{elifs}{expression}{deep}\n")
    assert len(module.stubs) == 302
    assert module.stubs[299].key == "f#300"


# --- keys agree with definitions(), whatever the statements

_NAMES = st.sampled_from(["a", "b", "c"])
_LEAVES = st.sampled_from(["pass\n", "x = 1  # note\n", "# words\n...\n", "x = [\n  1,  # in it\n]\n", "'doc'\n"])


def _indented(text: str) -> str:
    return textwrap.indent(text, "  ")


def _blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    body = st.lists(inner, min_size=1, max_size=3).map("".join).map(_indented)
    one = [
        st.builds("# above\n@deco\ndef {}(x):  # jitc: complete\n{}".format, _NAMES, _LEAVES.map(_indented)),
        st.builds("def {}(x): pass\n".format, _NAMES),
        st.builds("async def {}(\n  x,  # p\n):\n{}".format, _NAMES, body),
        st.builds("def {}(x):\n{}  # end\n".format, _NAMES, body),
        st.builds("class {}:\n{}".format, _NAMES, body),
        st.builds("if x:  # if\n{}elif y:\n{}else:\n{}".format, body, body, body),
        st.builds("for x in y:\n{}else:\n{}".format, body, body),
        st.builds("while x:\n{}".format, body),
        st.builds("try:\n{}except A:\n{}except B:\n{}else:\n{}finally:\n{}".format, body, body, body, body, body),
        st.builds("with a as b:\n{}".format, body),
        st.builds("match x:\n  case 1:\n{}  case _:\n{}".format, body.map(_indented), body.map(_indented)),
    ]
    return st.one_of(*one)


@given(st.lists(st.recursive(_LEAVES, _blocks, max_leaves=14), max_size=5).map("".join))
def test_keys_agree_with_definitions(text: str) -> None:
    source = "# jitc: enable\n" + text
    tree = ast.parse(source)
    named = dict(definitions(tree))
    assert {one.key: first_line(one.node) for one in outline(tree).definitions if one.function} == {
        key: first_line(node) for key, node in named.items()
    }
    module = read_module(source.encode(), "m.py", "m")
    lines = source.split("\n")
    marked_keys = [key for key, node in named.items() if "# jitc: complete" in lines[node.lineno - 1]]
    assert keys(module) == marked_keys
    for stub in module.stubs:
        assert stub.line == first_line(named[stub.key])
        _check_texts(stub, named[stub.key])


def _check_texts(stub: Stub, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    (shown,) = ast.parse(stub.text).body
    assert isinstance(shown, (ast.FunctionDef, ast.AsyncFunctionDef))
    assert ast.dump(shown.args) == ast.dump(node.args)
    assert shown.name == node.name
    (signature,) = ast.parse(f"{stub.signature} ...").body
    assert ast.dump(signature.args) == ast.dump(node.args)  # type: ignore[attr-defined]
    if stub.draft:
        assert ast.dump(ast.Module(ast.parse(stub.draft).body, [])) == ast.dump(ast.Module(node.body, []))
