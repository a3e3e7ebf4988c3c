"""Reading a reply: generous in what it finds, strict in what it takes."""

from __future__ import annotations

import ast
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jitc_import.model.found import is_placeholder
from jitc_import.model.reply import MAX_REPLY, Candidate, Rejection, read_reply
from jitc_import.source.definitions import definitions, docstring_statement
from jitc_import.source.digest import canonical
from jitc_import.source.stubs import SourceModule, read_module

SHAPES = '''
import math
from dataclasses import dataclass

@dataclass
class Circle:
    radius: float

    def area(self) -> float:
        """Area of the circle."""

def perimeter(c: Circle) -> float:
    """2 pi r."""

def describe(c: Circle) -> str:
    return f"circle of {c.radius}"
'''

AREA = """
class Circle:
    def area(self) -> float:
        return math.pi * self.radius**2
"""
PERIMETER = """
def perimeter(c: Circle) -> float:
    return 2 * math.pi * c.radius
"""


def module_of(source: str, name: str = "shapes", path: str = "/p/shapes.py") -> SourceModule:
    return read_module(f"# jitc: enable all\n{source}".encode(), path, name)


def read(source: str, reply: str, *, cut: bool = False, **names: str) -> dict[str, Candidate | Rejection]:
    module = module_of(textwrap.dedent(source), **names)
    return read_reply(reply, module, module.stubs, cut=cut)


def fence(*code: str) -> str:
    return "\n\n".join(f"```python\n{textwrap.dedent(each).strip()}\n```" for each in code)


def bodies(results: dict[str, Candidate | Rejection]) -> dict[str, str]:
    return {key: each.body for key, each in results.items() if isinstance(each, Candidate)}


def reasons(results: dict[str, Candidate | Rejection]) -> dict[str, str]:
    return {key: each.reason for key, each in results.items() if isinstance(each, Rejection)}


def body(source: str, *code: str) -> str:
    results = read(source, fence(*code))
    assert not reasons(results)
    (found,) = bodies(results).values()
    return found


def reason(source: str, *code: str) -> str:
    results = read(source, fence(*code))
    assert not bodies(results)
    (found,) = reasons(results).values()
    return found


BOTH = {"Circle.area": "return math.pi * self.radius**2", "perimeter": "return 2 * math.pi * c.radius"}
ONE = 'def f(x: int) -> int:\n    """Double."""\n'


class TestWhereTheCodeStands:
    @pytest.mark.parametrize(
        "reply",
        [
            fence(AREA + PERIMETER),
            fence(AREA, PERIMETER),
            AREA + PERIMETER,
            f"Sure! Here is the code:\n\n{fence(AREA + PERIMETER)}\n\nThis uses `math.pi`.\n```\n2 * 2\n```",
            f"Here you are\n{AREA}{PERIMETER}\nThis code is right. from now on it works.",
            f"```python\n{AREA}{PERIMETER}",
            f"```py\n{AREA}{PERIMETER}\nAnd that is all, I hope it helps!",
            f"~~~~ python\n{AREA}{PERIMETER}\n~~~~",
            f"Here is it: ```python\n{AREA}{PERIMETER}\n``` Enjoy!",
            f"1. Both:\n\n   ```python\n{textwrap.indent(AREA + PERIMETER, '   ')}\n   ```",
            f"```python\n{AREA}\n```python\n{PERIMETER}\n```",
            f"```\n{AREA}{PERIMETER}\n```".replace("\n", "\r\n"),
            f"{AREA}\nThe other one:\n{fence(PERIMETER)}",
            "\ufeff" + fence(AREA + PERIMETER),
        ],
        ids=range(14),
    )
    def test_is_found(self, reply: str) -> None:
        assert bodies(read(SHAPES, reply)) == BOTH

    def test_the_whole_module_sent_back(self) -> None:
        whole = SHAPES.replace(
            '"""Area of the circle."""', '"""Area of the circle."""\n        return math.pi * self.radius**2'
        )
        whole = whole.replace('"""2 pi r."""', '"""2 pi r."""\n    return 2 * math.pi * c.radius')
        assert bodies(read(SHAPES, fence(whole))) == BOTH

    def test_a_fence_inside_a_docstring_ends_nothing(self) -> None:
        written = 'def f(x):\n    """Double.\n\n    ```python\n    f(2)\n    ```\n    """\n    return 2 * x\n'
        assert body(ONE, written) == "return 2 * x"

    def test_demos_at_top_level_are_dropped(self) -> None:
        demo = (
            "print(f(3))\n\nif __name__ == '__main__':\n    def f(x): return 9\n    print(f(4))\n\nassert f(1) == 2\n"
        )
        assert body(ONE, "def f(x):\n    return 2 * x\n\n\n" + demo) == "return 2 * x"

    def test_but_not_those_that_are_asked_for(self) -> None:
        source = "if __name__ == '__main__':\n    def main(): ...\n    class Demo:\n        def run(self): ...\n"
        reply = source.replace("main(): ...", "main(): return 1").replace("run(self): ...", "run(self): return 2")
        assert bodies(read(source, fence(reply))) == {"main": "return 1", "Demo.run": "return 2"}

    def test_the_last_of_two_definitions_counts(self) -> None:
        assert body(ONE, "def f(x):\n    return x\n", "def f(x):\n    return x + x\n") == "return x + x"

    def test_a_later_placeholder_does_not_hide_a_real_one(self) -> None:
        assert body(ONE, "def f(x):\n    return x\n", "def f(x):\n    ...\n") == "return x"

    def test_a_method_bare_at_top_level(self) -> None:
        assert bodies(read(SHAPES, fence("def area(self):\n    return 1.0\n"))) == {"Circle.area": "return 1.0"}

    def test_a_method_bare_and_indented(self) -> None:
        reply = '```python\n    def area(self) -> float:\n        """Area\n    of it."""\n        return 1.0\n```'
        assert bodies(read(SHAPES, reply)) == {"Circle.area": "return 1.0"}

    def test_a_bare_method_that_two_classes_could_mean(self) -> None:
        source = "class A:\n    def f(self): ...\n\nclass B:\n    def f(self): ...\n"
        results = read(source, fence("def f(self):\n    return 1\n"))
        assert set(reasons(results)) == {"A.f", "B.f"}

    def test_a_bare_method_when_the_other_class_has_its_own(self) -> None:
        source = "class A:\n    def f(self): ...\n\nclass B:\n    def f(self): ...\n"
        results = read(source, fence("class A:\n    def f(self):\n        return 1\n\ndef f(self):\n    return 2\n"))
        assert bodies(results) == {"A.f": "return 1", "B.f": "return 2"}

    def test_a_bare_definition_that_is_the_users_own_function(self) -> None:
        source = "class A:\n    def f(self): ...\n\ndef f(self):\n    return 0\n"
        assert "no definition of A.f" in reason(source, "def f(self):\n    return 1\n")

    def test_a_method_of_a_nested_class_without_the_outer_one(self) -> None:
        source = "class A:\n    class B:\n        def f(self): ...\n"
        assert body(source, "class B:\n    def f(self):\n        return 1\n") == "return 1"


class TestWhatIsMissing:
    @pytest.mark.parametrize("text", ["", "  \n\n", "\n"])
    def test_an_empty_reply(self, text: str) -> None:
        assert reasons(read(ONE, text)) == {"f": "the reply is empty"}

    def test_an_empty_reply_to_several(self) -> None:
        assert reasons(read(SHAPES, "")) == dict.fromkeys(("Circle.area", "perimeter"), "the reply is empty")

    def test_prose_alone(self) -> None:
        reply = "\nI am sorry,\x1b[2J I cannot do that.\nAsk another.\n"
        told = r"the reply has no definition of f; it says: I am sorry,\x1b[2J I cannot do that."
        assert reasons(read(ONE, reply)) == {"f": told}

    def test_another_language(self) -> None:
        reply = "```javascript\nfunction f(x) {\n  return 2 * x;\n}\n```"
        assert reasons(read(ONE, reply)) == {"f": "the reply is javascript, not Python"}

    def test_a_wrong_tag_on_python(self) -> None:
        assert bodies(read(ONE, "```js\ndef f(x):\n    return 2\n```")) == {"f": "return 2"}

    def test_a_renamed_function_is_not_taken(self) -> None:
        assert (
            reason(ONE, "def double(x):\n    return 2 * x\n") == "the reply has no definition of f (it defines double)"
        )

    def test_a_function_in_the_wrong_class(self) -> None:
        given_reason = reason(ONE, "class Solution:\n    def f(self, x):\n        return 2\n")
        assert given_reason == "the reply has no definition of f (it defines Solution.f)"

    def test_one_of_two(self) -> None:
        results = read(SHAPES, fence(AREA))
        assert reasons(results) == {"perimeter": "the reply has no definition of perimeter"}
        assert bodies(results) == {"Circle.area": BOTH["Circle.area"]}

    def test_a_broken_definition_spoils_no_other(self) -> None:
        broken = "def perimeter(c: Circle) -> float:\n    return 2 * * c.radius\n"
        results = read(SHAPES, fence(broken + AREA))
        assert bodies(results) == {"Circle.area": BOTH["Circle.area"]}
        assert reasons(results) == {"perimeter": "line 3 of the reply: invalid syntax in `return 2 * * c.radius`"}

    def test_a_broken_method_spoils_no_other(self) -> None:
        source = "class A:\n    def f(self): ...\n    def g(self): ...\n    @property\n    def h(self): ...\n"
        code = """
            class A:
                x: int = 1

                def f(self):
                    return (1

                def g(self):
                    text = '''
            at the margin
            '''
                    return text

                @property
                def h(self):
                    return 3
        """
        results = read(source, fence(code))
        assert bodies(results) == {"A.g": "text = '''\nat the margin\n'''\nreturn text", "A.h": "return 3"}
        assert "was never closed" in reasons(results)["A.f"]

    @pytest.mark.parametrize(
        "written", ["...", "raise NotImplementedError", "raise NotImplementedError('later')", "pass"]
    )
    def test_a_placeholder(self, written: str) -> None:
        assert reason(ONE, f"def f(x):\n    # TODO\n    {written}\n") == "the body is still a placeholder"

    def test_a_docstring_alone(self) -> None:
        assert reason(ONE, 'def f(x):\n    """Double."""\n') == "the body is still a placeholder"

    @pytest.mark.parametrize("written", ["pass", "return", "return None"])
    def test_doing_nothing_is_a_body_where_nothing_is_returned(self, written: str) -> None:
        assert body("def f() -> None: ...", f"def f() -> None:\n    {written}\n") == written

    def test_an_ellipsis_is_none_even_there(self) -> None:
        assert reason("def f() -> None: ...", "def f() -> None:\n    ...\n") == "the body is still a placeholder"

    @pytest.mark.parametrize("written", ["return", "return None"])
    @pytest.mark.parametrize(
        "returns",
        [
            "",
            " -> None",
            " -> 'None'",
            " -> int | None",
            " -> 'int | None'",
            " -> Optional[int]",
            " -> t.Union[int, None]",
            " -> Any",
            " -> typing.Any",
            " -> object",
        ],
    )
    def test_an_explicit_return_is_a_body_where_none_may_be_returned(self, returns: str, written: str) -> None:
        assert body(f"def f(x){returns}: ...", f"def f(x){returns}:\n    {written}\n") == written

    @pytest.mark.parametrize("returns", ["int", "'str'", "list[None]", "dict[str, Any]", "Never"])
    def test_but_not_where_something_is_to_be_returned(self, returns: str) -> None:
        given_reason = reason(f"def f(x) -> {returns}: ...", "def f(x):\n    return None\n")
        assert given_reason == "the body is still a placeholder"

    @pytest.mark.parametrize(
        "docstring",
        [
            "Do nothing.",
            "A no-op.",
            "NOOP",
            "Ignore the event.",
            "Ignores the event.",
            "This does not do\n    anything yet.",
        ],
    )
    def test_pass_is_a_body_where_the_docstring_says_so(self, docstring: str) -> None:
        assert body(f'def f(x):\n    """{docstring}"""\n', "def f(x):\n    pass\n") == "pass"

    @pytest.mark.parametrize(
        ("returns", "docstring"), [("", "Close it."), (" -> int", "Do nothing."), (" -> object", "Do nothing.")]
    )
    def test_pass_is_none_elsewhere(self, returns: str, docstring: str) -> None:
        source = f'def f(x){returns}:\n    """{docstring}"""\n'
        assert reason(source, "def f(x):\n    pass\n") == "the body is still a placeholder"

    @pytest.mark.parametrize("written", ["...", "raise NotImplementedError", "'Nothing.'"])
    def test_other_placeholders_are_never_bodies(self, written: str) -> None:
        source = 'def f(x):\n    """Do nothing."""\n'
        assert reason(source, f"def f(x):\n    {written}\n") == "the body is still a placeholder"

    def test_a_later_ellipsis_does_not_hide_a_return(self) -> None:
        assert body("def f(x): ...", "def f(x):\n    return None\n", "def f(x):\n    ...\n") == "return None"


class TestABodyAlone:
    BARE = "y = '''a\nb'''\n\nfor i in x:\n    y += i\nreturn y  # all\n"

    @pytest.mark.parametrize(
        "reply",
        [
            fence(BARE),
            BARE,
            "Sure:\n```python\n" + textwrap.indent(BARE.replace("\nb'''", "\\nb'''"), "    ") + "```\nIt loops.",
        ],
    )
    def test_of_the_one_function_that_was_asked_for(self, reply: str) -> None:
        found = read(ONE, reply)["f"]
        assert isinstance(found, Candidate)
        assert found.body.replace("\\n", "\n") == self.BARE.strip()
        assert found.raw.startswith("def f(x: int) -> int:\n    y = ")
        assert isinstance(found.definition, ast.FunctionDef)

    def test_with_what_it_imports_and_defines(self) -> None:
        code = "import re\nN = 2\n\ndef g(x):\n    return re.escape(x) * N\n\nreturn g(x)\n"
        assert body(ONE, code) == code.strip()

    def test_of_a_method(self) -> None:
        source = "class A:\n    async def f(self): ...\n"
        assert bodies(read(source, fence("await self\nreturn 1\n"))) == {"A.f": "await self\nreturn 1"}

    @pytest.mark.parametrize(
        "reply",
        [
            fence("x * 2\n"),
            fence("return x\n", "return 2 * x\n"),
            fence("class F:\n    def f(self, x):\n        return x\n\nreturn F().f(x)\n"),
            fence("nonlocal y\nreturn y\n"),
            "```javascript\nreturn 2 * x;\n```",
            "I would return\nreturn x",
        ],
    )
    def test_nothing_else(self, reply: str) -> None:
        assert not bodies(read(ONE, reply))

    def test_not_of_one_of_two(self) -> None:
        assert not bodies(read(SHAPES, fence("return 1\n")))

    def test_not_cut(self) -> None:
        assert not bodies(read(ONE, "```python\nreturn 2 * x", cut=True))


class TestACutReply:
    def test_the_definition_it_ends_in_is_left_out(self) -> None:
        results = read(SHAPES, f"```python\n{AREA}{PERIMETER}", cut=True)
        assert bodies(results) == {"Circle.area": BOTH["Circle.area"]}
        assert "cut off before perimeter was complete" in reasons(results)["perimeter"]

    def test_so_is_a_method_at_the_end(self) -> None:
        results = read(SHAPES, f"{PERIMETER}{AREA}\n", cut=True)
        assert set(bodies(results)) == {"perimeter"}

    def test_half_a_line(self) -> None:
        results = read(SHAPES, f"```python\n{AREA}{PERIMETER}"[:-12], cut=True)
        assert set(bodies(results)) == {"Circle.area"}

    def test_a_block_that_was_closed_before_the_cut_is_whole(self) -> None:
        assert bodies(read(SHAPES, fence(AREA + PERIMETER) + "\nThis code", cut=True)) == BOTH

    def test_a_helper_that_was_cut_is_no_helper(self) -> None:
        results = read(ONE, "def f(x):\n    return g(x)\n\ndef g(x):\n    return", cut=True)
        assert bodies(results) == {"f": "return g(x)"}


class TestTheSignature:
    def test_other_parameters_are_left_to_the_checks(self) -> None:
        results = read(ONE, fence("def f(x, y=1):\n    return x + y\n"))
        candidate = results["f"]
        assert isinstance(candidate, Candidate)
        assert [each.arg for each in candidate.definition.args.args] == ["x", "y"]

    def test_async_where_sync_was_asked_is_left_to_the_checks(self) -> None:
        candidate = read(ONE, fence("async def f(x):\n    return x\n"))["f"]
        assert isinstance(candidate, Candidate)
        assert isinstance(candidate.definition, ast.AsyncFunctionDef)

    def test_decorators_and_docstring_that_are_repeated(self) -> None:
        code = '@cache\n@other(\n    1,\n)\ndef f(x):\n    """Double.\n    """\n\n    # twice\n    return 2 * x\n'
        candidate = read(ONE, fence(code))["f"]
        assert isinstance(candidate, Candidate)
        assert candidate.body == "# twice\nreturn 2 * x"
        assert candidate.raw == code.strip()

    def test_on_one_line(self) -> None:
        assert body(ONE, "def f(x): y = x; return 2 * y  # twice\n") == "y = x; return 2 * y  # twice"

    def test_behind_the_docstring(self) -> None:
        assert body(ONE, "def f(x):\n    '''Ü'''; return 2 * x\n") == "return 2 * x"

    def test_over_several_lines(self) -> None:
        assert body(ONE, "def f(\n    x,  # a number\n):\n    return 2 * x\n    # done\n") == "return 2 * x\n# done"


TWINS = """
class C:
    @property
    def size(self) -> int: ...

    @size.setter
    def size(self, value: int) -> None: ...

    @size.deleter
    def size(self) -> None:
        del self._size
"""


class TestDefinitionsOfOneName:
    GETTER = "    @property\n    def size(self) -> int:\n        return self._size\n\n"
    SETTER = "    @size.setter\n    def size(self, value: int) -> None:\n        self._size = value\n\n"

    @pytest.mark.parametrize("order", [(GETTER, SETTER), (SETTER, GETTER)])
    def test_a_property_and_its_setter(self, order: tuple[str, str]) -> None:
        results = read(TWINS, f"```python\nclass C:\n{''.join(order)}```")
        assert bodies(results) == {"C.size": "return self._size", "C.size#2": "self._size = value"}

    def test_without_decorators_the_parameters_tell(self) -> None:
        setter, getter = "self, value):\n        self._size = value\n", "self):\n        return self._size\n"
        code = f"class C:\n    def size({setter}    def size({getter}"
        assert bodies(read(TWINS, code)) == {"C.size": "return self._size", "C.size#2": "self._size = value"}

    def test_one_of_them(self) -> None:
        results = read(TWINS, f"```python\nclass C:\n{self.SETTER}```")
        assert set(bodies(results)) == {"C.size#2"}
        assert set(reasons(results)) == {"C.size"}

    IF_ELSE = "if FAST:\n    def f(x): ...\nelse:\n    def f(x): ...\n"

    def test_twins_in_their_order(self) -> None:
        results = read(
            self.IF_ELSE, fence("if FAST:\n    def f(x):\n        return 1\nelse:\n    def f(x):\n        return 2\n")
        )
        assert bodies(results) == {"f": "return 1", "f#2": "return 2"}

    def test_twins_at_the_margin(self) -> None:
        results = read(self.IF_ELSE, fence("def f(x):\n    return 1\n\ndef f(x):\n    return 2\n"))
        assert bodies(results) == {"f": "return 1", "f#2": "return 2"}

    def test_a_single_definition_for_two_twins_is_nobodys(self) -> None:
        assert not bodies(read(self.IF_ELSE, fence("def f(x):\n    return 1\n")))

    def test_the_second_twin_alone_is_asked_for(self) -> None:
        source = "if FAST:\n    def f(x):\n        return 0\nelse:\n    def f(x): ...\n"
        assert body(source, "def f(x):\n    return 1\n") == "return 1"

    def test_overloads_are_not_the_implementation(self) -> None:
        source = "@overload\ndef f(x: int) -> int:\n    'int'\n    return 0\n\ndef f(x): ...\n"
        code = "@overload\ndef f(x: int) -> int: ...\n\ndef f(x):\n    return x\n"
        assert body(source, code) == "return x"

    def test_annotations_tell_registered_functions_apart(self) -> None:
        source = "".join(f"@s.register\ndef _(a: {kind}): ...\n" for kind in ("int", "list"))
        source += "@s.register\ndef _(a: str):\n    return 0\n"
        code = "@s.register\ndef _(a: list):\n    return 'list'\n\n@s.register\ndef _(a: int):\n    return 'int'\n"
        for reply in (code, code + code):
            assert bodies(read(source, fence(reply))) == {"_": "return 'int'", "_#2": "return 'list'"}

    SHOW = """
@singledispatch
def show(x):
    return "?"

@show.register
def _(x: int):
    \'\'\'int\'\'\'

@show.register
def _(x: list):
    \'\'\'list\'\'\'
"""
    SHOW_INT = "@show.register\ndef _(x: int):\n    return 'int'\n\n"
    SHOW_LIST = "@show.register\ndef _(x: list):\n    return 'list'\n\n"

    @pytest.mark.parametrize("order", [(SHOW_INT, SHOW_LIST), (SHOW_LIST, SHOW_INT)])
    @pytest.mark.parametrize("left_out", ["", "@show.register\n"])
    def test_registered_functions_in_another_order(self, order: tuple[str, str], left_out: str) -> None:
        code = "".join(order).replace(left_out, "") if left_out else "".join(order)
        assert bodies(read(self.SHOW, fence(code))) == {"_": "return 'int'", "_#2": "return 'list'"}

    def test_registered_functions_one_by_one(self) -> None:
        results = read(self.SHOW, fence(self.SHOW_LIST))
        assert bodies(results) == {"_#2": "return 'list'"}
        assert reasons(results) == {"_": "the reply has no definition of _"}

    def test_our_own_decorator_tells_nothing(self) -> None:
        source = self.SHOW.replace("@show.register\ndef _(x: int)", "@show.register\n@llm_complete\ndef _(x: int)")
        results = read(f"from jitc_import import llm_complete\n{source}", fence(self.SHOW_LIST + self.SHOW_INT))
        assert bodies(results) == {"_": "return 'int'", "_#2": "return 'list'"}

    def test_registered_by_arguments_of_the_decorator(self) -> None:
        source = "".join(f"@s.register({kind})\ndef _(x): ...\n" for kind in ("int", "list"))
        code = "".join(f"@s.register({kind})\ndef _(x):\n    return {kind}\n" for kind in ("list", "int"))
        assert bodies(read(source, fence(code))) == {"_": "return int", "_#2": "return list"}

    def test_the_type_that_is_returned_tells_too(self) -> None:
        source = "if FAST:\n    def f(x) -> int: ...\nelse:\n    def f(x) -> str: ...\n"
        code = "def f(x) -> str:\n    return 'a'\n\ndef f(x) -> int:\n    return 1\n"
        assert bodies(read(source, fence(code))) == {"f": "return 1", "f#2": "return 'a'"}

    def test_order_tells_where_the_reply_left_the_annotations_out(self) -> None:
        code = "".join(f"@show.register\ndef _(x):\n    return {kind}\n" for kind in (1, 2))
        assert bodies(read(self.SHOW, fence(code))) == {"_": "return 1", "_#2": "return 2"}

    def test_order_tells_nothing_where_some_are_missing(self) -> None:
        source = f"{self.IF_ELSE}{self.IF_ELSE}"
        results = read(source, fence("def f(x):\n    return 1\n\ndef f(x):\n    return 2\n"))
        assert set(reasons(results)) == {"f", "f#2", "f#3", "f#4"}
        assert "which of the 4 definitions of f" in reasons(results)["f"]

    def test_order_tells_nothing_where_there_are_too_many(self) -> None:
        code = "".join(f"def f(x):\n    return {number}\n\n" for number in range(4))
        assert not bodies(read(self.IF_ELSE, fence(code)))

    def test_another_annotation_is_another_function(self) -> None:
        other = self.SHOW_INT.replace("int", "bytes")
        results = read(self.SHOW, fence(self.SHOW_LIST + other))
        assert bodies(results) == {"_#2": "return 'list'"}
        assert "which of the 2 definitions of _" in reasons(results)["_"]

    @pytest.mark.parametrize("both", [(0, 1), (1, 0)])
    def test_a_property_whose_setter_lost_its_decorator(self, both: tuple[int, int]) -> None:
        written = ("@property\ndef size(self):\n    return 1\n\n", "def size(self, value):\n    self.n = value\n\n")
        code = "class C:\n" + textwrap.indent("".join(written[each] for each in both), "    ")
        assert bodies(read(TWINS, fence(code))) == {"C.size": "return 1", "C.size#2": "self.n = value"}

    def test_many(self) -> None:
        numbers = range(400)
        source = "".join(f"@s.register\ndef _(x: T{number}): ...\n" for number in numbers)
        code = "".join(f"@s.register\ndef _(x: T{number}):\n    return {number}\n" for number in reversed(numbers))
        found = bodies(read(source, fence(code)))
        assert found == {f"_#{number + 1}" if number else "_": f"return {number}" for number in numbers}

    def test_nested(self) -> None:
        source = "def outer(n):\n    def inner(x): ...\n    return inner\n"
        assert (
            body(source, "def outer(n):\n    def inner(x):\n        return n + x\n    return inner\n") == "return n + x"
        )
        assert body(source, "def inner(x):\n    return n + x\n") == "return n + x"


class TestWhatABodyNeeds:
    def test_an_import_becomes_its_own(self) -> None:
        assert (
            body(ONE, "import numpy as np, sys\n\ndef f(x):\n    return np.abs(x)\n")
            == "import numpy as np\nreturn np.abs(x)"
        )

    def test_one_name_of_a_from_import(self) -> None:
        code = "from os.path import join as j, split\nimport os.path\n\ndef f(x):\n    return j(os.sep, 'a')\n"
        assert body(ONE, code) == "from os.path import join as j\nimport os.path\nreturn j(os.sep, 'a')"

    def test_imports_under_a_try(self) -> None:
        code = "try:\n    import re\nexcept ImportError:\n    re = None\n\ndef f(x):\n    return re.escape(x)\n"
        assert body(ONE, code) == "import re\nreturn re.escape(x)"

    def test_what_the_module_has_is_not_imported_again(self) -> None:
        assert bodies(read(SHAPES, fence("import math\nfrom shapes import Circle\n" + AREA + PERIMETER))) == BOTH

    def test_an_import_of_the_same_name_that_means_something_else(self) -> None:
        source = "from datetime import datetime\n\ndef f(x): ...\n"
        code = "import datetime\n\ndef f(x):\n    return datetime.datetime.now()\n"
        assert body(source, code) == "import datetime\nreturn datetime.datetime.now()"

    def test_relative_imports_are_compared_by_what_they_mean(self) -> None:
        source = "from pkg.errors import Bad\n\ndef f(x): ...\n"
        results = read(
            source, "from .errors import Bad\n\ndef f(x):\n    raise Bad\n", name="pkg.mod", path="/p/pkg/mod.py"
        )
        assert bodies(results) == {"f": "raise Bad"}

    def test_a_name_for_type_checkers_only_is_imported(self) -> None:
        source = "if TYPE_CHECKING:\n    import numpy as np\n\ndef f(x): ...\n"
        assert body(source, "import numpy as np\n\ndef f(x):\n    return np.abs(x)\n").startswith(
            "import numpy as np\n"
        )

    def test_future_imports_are_dropped(self) -> None:
        code = "from __future__ import annotations\nimport re\n\ndef f(x):\n    return annotations\n"
        assert body(ONE, code) == "return annotations"

    def test_a_helper_is_nested(self) -> None:
        code = "def f(x):\n    return g(x)\n\n\n# helps\ndef g(x):\n    return 2 * x  # twice\n"
        assert body(ONE, code) == "def g(x):\n    return 2 * x  # twice\n\nreturn g(x)"

    def test_helpers_of_helpers_and_their_imports(self) -> None:
        code = """
            import re
            from functools import cache
            from typing import List

            def h(x: List[int]):
                return re.escape(g(x))

            @cache
            def g(x):
                return h(x) if x else 0

            def unused(): ...

            def f(x):
                return g(x)
        """
        assert body(ONE, code) == (
            "from functools import cache\nfrom typing import List\nimport re\n\n"
            "def h(x: List[int]):\n    return re.escape(g(x))\n\n"
            "@cache\ndef g(x):\n    return h(x) if x else 0\n\nreturn g(x)"
        )

    def test_a_helper_that_calls_itself_or_the_stub(self) -> None:
        code = "def g(x):\n    return g(x - 1) if x else f(0)\n\ndef f(x):\n    return g(x)\n"
        assert body(ONE, code) == "def g(x):\n    return g(x - 1) if x else f(0)\n\nreturn g(x)"

    def test_a_helper_of_two_stubs_goes_into_both(self) -> None:
        code = "def g(x):\n    return x\n\ndef a(x):\n    return g(x)\n\ndef b(x):\n    return g(g(x))\n"
        results = read("def a(x): ...\ndef b(x): ...\n", fence(code))
        assert bodies(results) == {
            "a": "def g(x):\n    return x\n\nreturn g(x)",
            "b": "def g(x):\n    return x\n\nreturn g(g(x))",
        }

    def test_a_class_that_one_body_needs(self) -> None:
        assert (
            body(ONE, "class Node:\n    x = 1\n\ndef f(x):\n    return Node.x\n")
            == "class Node:\n    x = 1\n\nreturn Node.x"
        )

    def test_a_class_that_two_bodies_share_is_dropped(self) -> None:
        code = "class Node:\n    x = 1\n\ndef a(x):\n    return Node.x\n\ndef b(x):\n    return Node.x\n"
        assert set(bodies(read("def a(x): ...\ndef b(x): ...\n", fence(code))).values()) == {"return Node.x"}

    def test_a_constant_that_a_body_uses(self) -> None:
        code = "UNUSED = 1\nVOWELS = set('aeiou')  # y is none\n\ndef f(x):\n    return sum(c in VOWELS for c in x)\n"
        assert body(ONE, code) == "VOWELS = set('aeiou')  # y is none\nreturn sum(c in VOWELS for c in x)"

    def test_constants_of_constants_and_of_helpers(self) -> None:
        code = """
            import re
            ONE = 1; TWO: int = ONE + ONE

            def g(x):
                return x * TWO

            TABLE = {
                n: g(n)  # twice
                for n in range(9)
            }
            WORD = re.compile(r"\\w+")

            def f(x):
                return TABLE[x] if WORD else len(KEY)

            KEY = lambda n: TABLE[n]
        """
        assert body(ONE, code) == (
            "import re\nONE = 1\nTWO: int = ONE + ONE\n\ndef g(x):\n    return x * TWO\n\n"
            "TABLE = {\n    n: g(n)  # twice\n    for n in range(9)\n}\n"
            'WORD = re.compile(r"\\w+")\nKEY = lambda n: TABLE[n]\nreturn TABLE[x] if WORD else len(KEY)'
        )

    @pytest.mark.parametrize(
        "around",
        [
            "N = int(input())",
            "N = f(3)",
            "N = 0\nfor i in range(3):\n    N += i",
            "N = 1\nN = 2",
            "if x:\n    N = 1",
            "import time\nN = time.time()",
            "from datetime import datetime\nN = datetime.now()",
            "import random\nN = random.Random(0)",
            "N = {}\nN['a'] = 1",
            "N = []\ndef g(x):\n    N.append(x)",
            "N = []\ndef g(x):\n    again = N\n    again.append(x)",
            "N = iter('abc')",
            "N = 0\ndef g(x):\n    global N\n    N += 1",
            "N = own(3)",
            "from itertools import count\nN = count()",
        ],
    )
    def test_what_does_something_or_changes_is_no_constant(self, around: str) -> None:
        source = f"def own(x):\n    return open(x)\n\n{ONE}"
        assert body(source, f"{around}\n\ndef f(x):\n    return x in N\n") == "return x in N"

    @pytest.mark.parametrize("source", ["TWO = 3\n", "from m import TWO\n"])
    def test_a_constant_of_the_module_is_its_own(self, source: str) -> None:
        assert body(source + ONE, "TWO = 2\n\ndef f(x):\n    return TWO * x\n") == "return TWO * x"

    def test_a_constant_that_names_a_stub(self) -> None:
        code = "OPS = {'f': f}\n\ndef f(x):\n    return x * 2 if x else OPS['f'](1)\n"
        assert body(ONE, code) == "OPS = {'f': f}\nreturn x * 2 if x else OPS['f'](1)"

    def test_what_usage_calls_a_result_hides_no_builtin(self) -> None:
        assert body(ONE, "def f(x):\n    return sum(x)\n\nsum = 3\n") == "return sum(x)"

    def test_a_constant_that_is_cut_is_none(self) -> None:
        results = read(ONE, "def f(x):\n    return N\n\nN = 1", cut=True)
        assert bodies(results) == {"f": "return N"}

    def test_a_mark_that_two_bodies_share_is_dropped(self) -> None:
        used = "return x is NO, TWO"
        code = f"NO = m.namedtuple('N', 'x')\nTWO = 2\ndef a(x):\n    {used}\ndef b(x):\n    {used}\n"
        found = bodies(read("def a(x): ...\ndef b(x): ...\n", fence(code)))
        assert set(found.values()) == {f"TWO = 2\n{used}"}

    def test_a_function_of_the_module_is_not_a_helper(self) -> None:
        source = "def g(x):\n    return 1\n\ndef f(x): ...\n"
        assert body(source, "def g(x):\n    return 2\n\ndef f(x):\n    return g(x)\n") == "return g(x)"

    def test_a_local_name_needs_nothing(self) -> None:
        code = "import re\n\ndef g(): ...\n\ndef f(x):\n    re = [g for g in x]\n    return re\n"
        assert body(ONE, code) == "re = [g for g in x]\nreturn re"

    @pytest.mark.parametrize("name", ["top", "bottom"])
    def test_locals_of_a_function_of_any_name(self, name: str) -> None:
        code = f"""
            import re, os, json

            def helper(): ...

            def {name}(re, x):
                helper = [os for os in x]
                import json
                return re, helper, json
        """
        assert "def" not in body(f"def {name}(re, x): ...", code)
        assert body(f"def {name}(re, x): ...", code).startswith("helper = ")

    @pytest.mark.parametrize("name", ["top", "bottom"])
    def test_locals_of_a_helper_of_any_name(self, name: str) -> None:
        code = f"import re\n\ndef {name}(re):\n    return re\n\ndef f(x):\n    re = 3\n    return {name}(re)\n"
        assert body(ONE, code) == f"def {name}(re):\n    return re\n\nre = 3\nreturn {name}(re)"

    @pytest.mark.parametrize("name", ["top", "bottom"])
    def test_globals_of_a_function_of_any_name(self, name: str) -> None:
        code = f"import re\nimport os\n\ndef {name}(x):\n    global os\n    os = os or 1\n    return re\n"
        assert body(f"def {name}(x): ...", code).startswith("import os\nimport re\n")

    def test_a_variable_that_would_hide_what_a_helper_uses(self) -> None:
        code = "import time\n\ndef g(x):\n    return time.sleep(x)\n\ndef f(x):\n    time = 3\n    return g(time)\n"
        assert "its variable time hides the time that g uses" in reason(ONE, code)

    def test_a_method_that_the_class_lacks(self) -> None:
        code = AREA.replace("math.pi", "self._pi()") + "    def _pi(self):\n        return 3\n"
        results = read(SHAPES, fence(code + PERIMETER))
        assert "uses Circle._pi, which the class does not have" in reasons(results)["Circle.area"]
        assert set(bodies(results)) == {"perimeter"}

    def test_a_method_that_one_of_two_classes_of_a_name_has(self) -> None:
        one = "if windows:\n    class A:\n        def get(self): return 0\n"
        other = "else:\n    class A:\n        def get(self): ...\n        def rest(self): return 1\n"
        reply = f"{one}{other.replace('...', 'return self.rest()')}"
        assert bodies(read(one + other, fence(reply))) == {"A.get#2": "return self.rest()"}

    def test_attributes_that_a_body_sets_are_its_own_matter(self) -> None:
        source = "class A:\n    def __init__(self, x) -> None: ...\n    def get(self): ...\n"
        code = "class A:\n    def __init__(self, x):\n        self.x = x\n    def get(self):\n        return self.x\n"
        assert bodies(read(source, fence(code))) == {"A.__init__": "self.x = x", "A.get": "return self.x"}

    def test_names_of_an_enclosing_function(self) -> None:
        source = "def outer(re):\n    def inner(x): ...\n    return inner\n"
        code = "import re\n\ndef inner(x):\n    nonlocal n\n    return re\n"
        assert body(source, code) == "nonlocal n\nreturn re"


class TestMovingABody:
    def test_strings_keep_their_lines(self) -> None:
        code = '''
            class Circle:
                def area(self):
                    text = """
                first
                        second {x}
                    """
                    return f"""
                    {text
                        + "a"}
                """
        '''
        source = "class Circle:\n    def area(self): ...\n"
        assert canonical(ast.parse(body(source, code)).body) == canonical(_inner(textwrap.dedent(code)))

    def test_tabs_become_spaces(self) -> None:
        assert (
            body(ONE, "def f(x):\n\tif x:\n\t\treturn '''\n\t'''\n\treturn 2\n")
            == "if x:\n    return '''\n\t'''\nreturn 2"
        )

    def test_two_spaces(self) -> None:
        assert body(ONE, "def f(x):\n  if x:\n    return 1\n  return 2\n") == "if x:\n  return 1\nreturn 2"

    def test_continuation_lines_and_comments_at_the_margin(self) -> None:
        code = "def f(x):\n    y = (x\n+ 1)\n# odd\n    return y\n"
        assert body(ONE, code) == "y = (x\n+ 1)\n# odd\nreturn y"

    def test_comments_around_the_body(self) -> None:
        code = "def f(x):\n    # before\n\n    return x\n    # after\n\n# not mine\n"
        assert body(ONE, code) == "# before\n\nreturn x\n# after"

    def test_a_nested_function_with_a_decorator_first(self) -> None:
        code = "def f(x):\n    @cache\n    def g():\n        return 1\n    return g()\n"
        assert body(ONE, code) == "@cache\ndef g():\n    return 1\nreturn g()"


class TestHostileText:
    def test_too_long(self) -> None:
        assert "longer than" in reasons(read(ONE, "x" * (MAX_REPLY + 1)))["f"]

    @pytest.mark.parametrize(
        ("character", "name"),
        [
            ("\0", "U+0000"),
            ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"),
            ("\u200b", "U+200B ZERO WIDTH SPACE"),
            ("\U000e0041", "U+E0041 TAG LATIN CAPITAL LETTER A"),
            ("\ud800", "U+D800"),
        ],
    )
    def test_characters_that_hide_code(self, character: str, name: str) -> None:
        results = read(SHAPES, fence(AREA + PERIMETER.replace("return", f"x = '{character}'\n    return")))
        assert name in reasons(results)["perimeter"]
        assert set(bodies(results)) == {"Circle.area"}

    def test_such_characters_in_prose_do_no_harm(self) -> None:
        assert bodies(read(SHAPES, f"👨‍💻 Done!\n{fence(AREA + PERIMETER)}\n")) == BOTH

    @pytest.mark.parametrize(
        "expression",
        [
            "-" * 100_000 + "1",
            "[" * 100_000,
            "x" + "+x" * 3_000,
            "x" + ".a" * 100_000,
            "9" * 5_000,
            "(" * 150 + "1" + ")" * 150,
        ],
        ids=["minus", "brackets", "sum", "attributes", "digits", "parentheses"],
    )
    def test_deep_nesting(self, expression: str) -> None:
        results = read(SHAPES, fence(AREA + f"def perimeter(c):\n    return {expression}\n"))
        assert bodies(results)["Circle.area"] == BOTH["Circle.area"]

    def test_a_body_that_goes_on_at_module_level(self) -> None:
        assert body(ONE, "def f(x):\n    return 1\nimport os\nos.system('true')\n") == "return 1"

    def test_warnings_of_the_parser_are_not_shown(self, recwarn: pytest.WarningsRecorder) -> None:
        assert body(ONE, "def f(x):\n    return '\\d'\n") == "return '\\d'"
        assert not recwarn.list

    @given(st.text(max_size=300))
    def test_any_text_gets_an_answer_for_each_stub(self, text: str) -> None:
        assert set(read(SHAPES, text)) == {"Circle.area", "perimeter"}

    @given(
        st.lists(
            st.sampled_from(
                [
                    "```python\n",
                    "```\n",
                    "def f(x):\n",
                    "    return 1\n",
                    "class A:\n",
                    "'''",
                    "@a\n",
                    "(",
                    "# x\n",
                    "\t",
                    "prose\n",
                ]
            ),
            max_size=20,
        )
    )
    def test_any_jumble_gets_an_answer_for_each_stub(self, parts: list[str]) -> None:
        assert set(read(ONE, "".join(parts))) == {"f"}

    def test_time_is_linear_in_what_is_broken(self) -> None:
        code = "".join(f"def f{number}(x):\n    return (x\n\n" for number in range(2_000))
        assert not bodies(read(ONE, fence(code)))


def _inner(code: str) -> list[ast.stmt]:
    node = [each for _, each in definitions(ast.parse(code))][-1]
    return node.body[1:] if docstring_statement(node) else node.body


LITERALS = st.sampled_from(
    [
        '"a"',
        "'''b\n  c\n\t d'''",
        'f"{x!r:>{y}}"',
        'f"""{x}\n      {y}"""',
        "rb'\\d'",
        "[\n1,\n 2]",
        "'l' \\\n  'm'",
        '"""\n"""',
    ]
)
EXPRESSIONS = st.recursive(
    st.one_of(LITERALS, st.sampled_from(["x", "y", "1", "x.a"])),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} + {pair[1]})"),
        inner.map(lambda each: f"g({each},\n k={each})"),
        inner.map(lambda each: f"[z for z in {each} if z]"),
    ),
    max_leaves=4,
)


def _block(parts: tuple[str, str]) -> str:
    return "\n".join(parts)


def _indented(code: str, by: str) -> str:
    """Indent by statement, as an editor would, strings untouched."""
    inside: set[int] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, (ast.Constant, ast.JoinedStr)) and node.end_lineno and node.end_lineno > node.lineno:
            inside |= set(range(node.lineno + 1, node.end_lineno + 1))
    lines = code.split("\n")
    return "\n".join(line if number in inside or not line else by + line for number, line in enumerate(lines, start=1))


STATEMENTS = st.recursive(
    st.one_of(
        EXPRESSIONS.map(lambda each: f"y = {each}"),
        EXPRESSIONS.map(lambda each: f"return {each}"),
        st.sampled_from(["# a comment\nx = 1  # and another", "global q\nq = 1", "pass", "x: int = 2"]),
    ),
    lambda inner: st.one_of(
        st.tuples(EXPRESSIONS, inner).map(lambda pair: f"if {pair[0]}:\n{_indented(pair[1], '    ')}\nelse:\n    pass"),
        st.tuples(inner, inner).map(_block),
        inner.map(lambda each: f"@d\ndef g():\n{_indented(each, '  ')}"),
        inner.map(lambda each: f"try:\n{_indented(each, '    ')}\nexcept E as e:\n    raise"),
    ),
    max_leaves=5,
)


@given(
    written=STATEMENTS,
    indent=st.sampled_from(["    ", "  ", "\t", "        "]),
    fenced=st.booleans(),
    skeleton=st.sampled_from([(0, ""), (1, "class Circle:\n")]),
    ending=st.sampled_from(["\n", "\r\n"]),
)
def test_a_body_survives_its_wrapping(
    written: str, indent: str, *, fenced: bool, skeleton: tuple[int, str], ending: str
) -> None:
    depth, header = skeleton
    expected = ast.parse(written).body
    function = f"def area(self):\n{_indented(written, indent)}"
    code = header + _indented(function, indent * depth)
    text = (
        f"Here is the function:\n\n```python\n{code}\n```\n\nHope it helps.\n"
        if fenced
        else f"{code}\n\nHope it helps.\n"
    )
    results = read("class Circle:\n    def area(self): ...\n", text.replace("\n", ending))
    if is_placeholder(ast.parse(f"def f():\n{_indented(written, ' ')}").body[0]):  # type: ignore[arg-type]
        assert isinstance(results["Circle.area"], Rejection)
        return
    assert not reasons(results)
    assert canonical(ast.parse(bodies(results)["Circle.area"]).body) == canonical(expected)
