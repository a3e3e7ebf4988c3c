"""The examples in the docstring of a class: they check all methods that they name, together."""

from __future__ import annotations

import pytest

from conftest import Project
from server import ScriptedServer, asked_keys
from test_verified import complete, record, told

STACK = '''
# jitc: enable
class Stack:
    """Last in, first out.

    >>> stack = Stack([1])
    >>> stack.push(2)
    >>> stack.pop()
    2
    >>> len(stack)
    1
    """

    def __init__(self, items: list[int]) -> None:  # jitc: complete
        """With items, the last on top."""

    def push(self, item: int) -> None:  # jitc: complete
        """Put an item on top."""

    def pop(self) -> int:  # jitc: complete
        """Take the item on top."""

    def __len__(self) -> int:
        return {size}

    def clear(self) -> None:  # jitc: complete
        """Take all away."""
'''
INIT = "    def __init__(self, items):\n        self.items = list(items)\n"
PUSH = "    def push(self, item):\n        self.items.append(item)\n"
POP = "    def pop(self):\n        return self.items.pop()\n"
WRONG_POP = "    def pop(self):\n        return self.items.pop(0)\n"
CLEAR = "    def clear(self):\n        self.items.clear()\n"


def replied(*methods: str) -> str:
    return "```python\nclass Stack:\n" + "\n".join(methods) + "```"


@pytest.fixture
def stack(project: Project) -> Project:
    project.write("stacks.py", STACK.replace("{size}", "len(self.items)"))
    return project


@pytest.mark.slow
def test_verify_the_methods_that_they_name(stack: Project, server: ScriptedServer) -> None:
    server.script = [replied(INIT, PUSH, POP, CLEAR)]
    code, errors = complete(stack, "stacks.py", server)
    assert code == 0, errors
    for name in ("__init__", "push", "pop"):
        found = record(stack, f"Stack.{name}")
        assert "examples 2/2 of the class" in found["checked"]
        assert found["verified"]
    assert not record(stack, "Stack.clear")["verified"]


def test_send_methods_back_that_fail_together_and_say_what_came(stack: Project, server: ScriptedServer) -> None:
    server.script = [replied(INIT, PUSH, WRONG_POP, CLEAR), *[replied(INIT, PUSH, POP, CLEAR)] * 3]
    code, errors = complete(stack, "stacks.py", server)
    assert code == 0, errors
    assert told(server, 1).count("in the examples of the class Stack: stack.pop()") == 3
    assert "expected 2" in told(server, 1)
    assert len(server.requests) == 2
    assert "return self.items.pop()\n" in (stack.root / "__jitc__" / "stacks.jitc.py").read_text()


SIZED = STACK.replace(
    "__len__(self) -> int:\n        return {size}", '__len__(self) -> int:  # jitc: complete\n        """How many."""'
)
SIZE = "    def __len__(self):\n        return len(self.items)\n"


def test_suspect_the_special_method_that_the_line_runs_first(project: Project, server: ScriptedServer) -> None:
    project.write("stacks.py", SIZED)
    wrong = SIZE.replace("len(self.items)", "7")
    server.script = [replied(INIT, PUSH, POP, wrong, CLEAR), replied(SIZE)]
    code, errors = complete(project, "stacks.py", server)
    assert code == 0, errors
    assert asked_keys(server.requests[1]) == ["Stack.__len__"]
    assert "len(stack) gave 7, expected 1" in told(server, 1)
    assert record(project, "Stack.push")["verified"]


def test_suspect_the_others_once_the_special_method_stays_as_it_is(project: Project, server: ScriptedServer) -> None:
    project.write("stacks.py", SIZED.replace("    >>> stack.pop()\n    2\n", "    >>> stack.pop() > 0\n    True\n"))
    wrong = POP.replace("self.items.pop()", "self.items[-1]")
    server.script = [replied(INIT, PUSH, wrong, SIZE, CLEAR), replied(SIZE), *[replied(INIT, PUSH, POP, SIZE)] * 3]
    code, errors = complete(project, "stacks.py", server)
    assert code == 0, errors
    assert "Stack.pop" in asked_keys(server.requests[2])
    assert "Stack.clear" not in asked_keys(server.requests[2])
    assert record(project, "Stack.pop")["verified"]


def test_blame_no_other_method_while_one_is_known_to_be_wrong(project: Project, server: ScriptedServer) -> None:
    shown = """Put an item on top.

        >>> made = Stack([]); made.push(3); made.items
        [3]
        """
    project.write("stacks.py", SIZED.replace("Put an item on top.", shown))
    wrong = PUSH.replace("append(item)", "append(2)")
    server.script = [replied(INIT, wrong, WRONG_POP, SIZE, CLEAR), *[replied(INIT, PUSH, POP, SIZE)] * 3]
    code, errors = complete(project, "stacks.py", server)
    assert code == 0, errors
    assert asked_keys(server.requests[1]) == ["Stack.push"]
    assert record(project, "Stack.pop")["verified"]


def test_leave_in_doubt_what_stands_beside_a_special_method_that_stays_wrong(
    project: Project, server: ScriptedServer
) -> None:
    project.write("stacks.py", SIZED)
    server.script = lambda _: replied(INIT, PUSH, POP, SIZE.replace("len(self.items)", "7"), CLEAR)
    code, errors = complete(project, "stacks.py", server, JITC_REPAIRS="1")
    assert code == 1
    assert "Stack.__len__" in errors
    found = record(project, "Stack.push")
    assert "doubtful: the examples of its class fail" in found["checked"]


def test_that_never_come_out_are_an_error(stack: Project, server: ScriptedServer) -> None:
    server.script = lambda _: replied(INIT, PUSH, WRONG_POP, CLEAR)
    code, errors = complete(stack, "stacks.py", server)
    assert code == 1
    assert "Stack.pop" in errors
    assert "in the examples of the class Stack" in errors
    assert record(stack, "Stack.clear")["state"] == "fresh"


def test_hold_what_others_do_wrong_against_no_body(project: Project, server: ScriptedServer) -> None:
    text = STACK.replace("{size}", "7").replace("    >>> stack.push(2)\n    >>> stack.pop()\n    2\n", "")
    made = "    def __init__(self, items: list[int]) -> None:"
    text = text.replace('the last on top."""', 'the last on top."""\n        self.items = list(items)')
    project.write("stacks.py", text.replace(f"{made}  # jitc: complete", made))
    server.script = [replied(PUSH, POP, CLEAR)]
    code, errors = complete(project, "stacks.py", server)
    assert code == 0, errors
    assert len(server.requests) == 1


def test_that_fail_whatever_the_bodies_do_do_not_count_and_that_is_said(
    project: Project, server: ScriptedServer
) -> None:
    text = '''
        # jitc: enable
        class Box:
            """A box.

            >>> Box().size
            3
            >>> Box().grown()
            3
            """

            size = 2

            def grown(self) -> int:  # jitc: complete
                """One more than its size."""
        '''
    project.write("boxes.py", text)
    server.script = ["```python\nclass Box:\n    def grown(self):\n        return self.size + 1\n```"]
    code, errors = complete(project, "boxes.py", server)
    assert code == 0, errors
    assert "Box: its examples fail whatever the bodies do, and do not count" in errors
    assert not record(project, "Box.grown")["verified"]


def test_wait_until_all_bodies_are_there(stack: Project, server: ScriptedServer) -> None:
    server.script = [replied(INIT, PUSH, CLEAR), *[replied(POP)] * 3]
    code, errors = complete(stack, "stacks.py", server)
    assert code == 0, errors
    assert record(stack, "Stack.pop")["verified"]


def test_that_show_an_error_of_syntax_are_run_as_well(project: Project, server: ScriptedServer) -> None:
    text = STACK.replace("{size}", "len(self.items)")
    shown = "    >>> stack stack\n    Traceback (most recent call last):\n    SyntaxError: invalid syntax\n"
    project.write("stacks.py", text.replace("    >>> len(stack)\n    1\n", shown))
    server.script = [replied(INIT, PUSH, POP, CLEAR)]
    code, errors = complete(project, "stacks.py", server)
    assert code == 0, errors
    assert record(project, "Stack.pop")["verified"]


def test_that_name_a_method_behind_the_last_that_shows_something_verify_it_not(
    project: Project, server: ScriptedServer
) -> None:
    project.write(
        "stacks.py",
        STACK.replace("{size}", "len(self.items)").replace('    1\n    """', '    1\n    >>> stack.clear()\n    """'),
    )
    server.script = [replied(INIT, PUSH, POP, "    def clear(self):\n        self.items.append(17)\n")]
    code, errors = complete(project, "stacks.py", server)
    assert code == 0, errors
    assert not record(project, "Stack.clear")["verified"]


def test_judge_a_body_again_once_what_it_is_tested_with_is_there(project: Project, server: ScriptedServer) -> None:
    text = STACK.replace("{size}", "len(self.items)").replace("[1])", "[])").replace("    >>> len(stack)\n    1\n", "")
    project.write("stacks.py", text)
    wrong = "    def push(self, item):\n        self.items.append(17)\n"
    server.script = [replied(INIT, wrong, CLEAR), replied(POP), *[replied(INIT, PUSH, POP)] * 3]
    code, errors = complete(project, "stacks.py", server)
    assert code == 0, errors
    assert "self.items.append(item)" in (project.root / "__jitc__" / "stacks.jitc.py").read_text()
