"""`llm_complete` with the hook and without, and the record of a completed function."""

from __future__ import annotations

import pytest

from conftest import Project
from server import ScriptedServer, script_from
from test_complete import endpoint

FISH = '''
{mark}
from jitc_import import llm_complete, completion_of

SPAN = 80.0

class Animal:
    def sound(self) -> str:
        return "blub"

class Fish(Animal):
    def __init__(self, age: float) -> None:
        self.__age = age

    @property
    @llm_complete()
    def human_age(self) -> float:
        """Ten times its age."""

    @llm_complete
    def sound(self) -> str:
        """Its base class's sound, twice."""

    @classmethod
    @llm_complete()
    def young(cls) -> "Fish":
        """One of age 1."""

    @staticmethod
    @llm_complete(temperature=0.0, seed=3)
    def span() -> float:
        """SPAN."""

@llm_complete()
def oldest(*ages: float, floor: float = 1.0) -> float:
    """The largest age, at least floor."""
    candidates = "all ages and the floor"
'''

BODIES = """
class Fish(Animal):
    @property
    def human_age(self) -> float:
        return self.__age * 10

    def sound(self) -> str:
        return super().sound() * 2

    @classmethod
    def young(cls) -> "Fish":
        return cls(1.0)

    @staticmethod
    def span() -> float:
        return SPAN

def oldest(*ages: float, floor: float = 1.0) -> float:
    return max([floor, *ages])
"""

USE = """
from fish import *
f = Fish(2.0)
print(f.human_age, f.sound(), Fish.young().human_age, Fish.span(), oldest(3, floor=5))
"""


@pytest.mark.slow
@pytest.mark.parametrize("hook", ["import jitc_import.activate", ""])
@pytest.mark.parametrize("mark", ["# jitc: enable", ""])
def test_it_completes_with_the_hook_and_without(project: Project, mark: str, hook: str) -> None:
    project.write("fish.py", FISH.format(mark=mark))
    project.write("use.py", hook + USE)
    with ScriptedServer(script_from(BODIES)) as server:
        done = project.run("use.py", env=endpoint(server))
        assert done.stdout == "20.0 blubblub 10.0 80.0 5\n", done.stderr
        assert len(server.requests) == 2, "one for the stubs without options, one for the one with a seed"
    assert (project.root / "__jitc__" / "fish.jitc.py").exists()
    again = project.run("use.py", env={"JITC_MODE": "locked"})
    assert again.stdout == done.stdout, again.stderr


def test_forty_decorated_stubs_take_one_request_without_the_hook(project: Project) -> None:
    stubs = "".join(f'\n@llm_complete()\ndef f{i}() -> int:\n    """{i}."""\n' for i in range(40))
    project.write(
        "many.py",
        f"from jitc_import import llm_complete\n{stubs}\nprint(sum([{','.join(f'f{i}()' for i in range(40))}]))",
    )
    bodies = "".join(f"\ndef f{i}() -> int:\n    return {i}\n" for i in range(40))
    with ScriptedServer(script_from(bodies)) as server:
        done = project.run("many.py", env=endpoint(server))
        assert done.stdout == "780\n", done.stderr
        assert len(server.requests) == 1


@pytest.mark.parametrize("hook", ["import jitc_import.activate", "import jitc_import"])
def test_the_function_is_plain_and_raw_holds_what_the_model_wrote(project: Project, hook: str) -> None:
    project.write("fish.py", FISH.format(mark="# jitc: enable"))
    project.write(
        "use.py",
        f"""
        {hook}
        import types
        from fish import *
        assert type(oldest) is types.FunctionType and not hasattr(oldest, "__wrapped__")
        print(oldest.raw)
        print(oldest.__doc__, oldest.__kwdefaults__, oldest.__code__.co_filename[-12:])
        record = completion_of(oldest)
        print(record.body, record.model, record.line == oldest.__code__.co_firstlineno, record.edited)
        print(completion_of(Fish.human_age).key, completion_of(Animal.sound), "syntax" in record.checked)
        print(record.verified, record.effects, isinstance(record.confined, str))
        print(record.tokens_in > 0, record.tokens_out > 0, record.raw == oldest.raw)
        """,
    )
    with ScriptedServer(script_from(BODIES)) as server:
        for _ in range(2):
            done = project.run("use.py", env=endpoint(server))
            assert done.stdout.splitlines() == [
                "def oldest(*ages: float, floor: float = 1.0) -> float:",
                "    return max([floor, *ages])",
                "The largest age, at least floor. {'floor': 1.0} fish.jitc.py",
                "return max([floor, *ages]) scripted True False",
                "Fish.human_age None True",
                "False pure True",
                "True True True",
            ], done.stderr


@pytest.mark.parametrize("hook", ["import jitc_import.activate", ""])
def test_arguments_that_are_no_literals_are_honoured(project: Project, hook: str) -> None:
    project.write(
        "mine.py",
        """
        # jitc: enable
        import os
        import openai
        from jitc_import import llm_complete

        my_client = openai.OpenAI(base_url=os.environ["MY_URL"], api_key="mine")
        NAME = "other" + "-model"

        @llm_complete(client=my_client, model=NAME, prompt_template="Do it:\\n{code}\\nNow.")
        def one() -> int:
            \"\"\"1.\"\"\"

        print(one(), one.raw.splitlines()[-1])
        """,
    )
    project.write("use.py", f"{hook}\nimport mine")
    with ScriptedServer(["def one():\n    return 1"]) as server:
        done = project.run("use.py", env={"MY_URL": server.url})
        assert done.stdout == "1     return 1\n", done.stderr
        (request,) = server.requests
        assert request["model"] == "other-model"
        assert request["messages"][-1]["content"].startswith("Do it:\n")
        assert request["messages"][-1]["content"].endswith("\nNow.")
        assert "Bearer mine" in server.headers[0].values()
        again = project.run("use.py", env={"MY_URL": server.url, "JITC_MODE": "locked"})
        assert again.stdout == done.stdout, again.stderr


def test_a_template_without_code_is_a_value_error(project: Project) -> None:
    project.write("bad.py", 'from jitc_import import llm_complete\n@llm_complete(prompt_template="x")\ndef f(): ...\n')
    done = project.run("bad.py")
    assert "ValueError: prompt_template must hold {code}" in done.stderr


@pytest.mark.parametrize(
    ("tagged", "words"),
    [
        ("llm_complete()(lambda x: x)", "lambda"),
        ("@llm_complete()\nclass A: ...", "# jitc: complete"),
        ("llm_complete()(3)", "int"),
    ],
)
def test_what_is_no_function_is_refused_with_advice(project: Project, tagged: str, words: str) -> None:
    project.write("bad.py", f"from jitc_import import llm_complete\n{tagged}\n")
    done = project.run("bad.py")
    assert done.returncode == 1
    assert words in done.stderr.splitlines()[-1]


@pytest.mark.slow
def test_it_stands_anywhere_among_decorators(project: Project) -> None:
    project.write(
        "stacked.py",
        """
        import functools
        from jitc_import import llm_complete

        def plus(n):
            def decorate(function):
                @functools.wraps(function)
                def wrapper(*args):
                    return function(*args) + n
                return wrapper
            return decorate

        @plus(1)
        @llm_complete()
        @plus(10)
        def zero() -> int:
            \"\"\"0.\"\"\"

        @llm_complete()
        @plus(100)
        @functools.lru_cache
        def one() -> int:
            \"\"\"1.\"\"\"

        class A:
            @llm_complete()
            @property
            def two(self) -> int:
                \"\"\"2.\"\"\"

            @llm_complete()
            @classmethod
            def three(cls) -> int:
                \"\"\"3.\"\"\"

        print(zero(), one(), A().two, A.three())
        """,
    )
    bodies = """
def zero() -> int:
    return 0
def one() -> int:
    return 1
class A:
    @property
    def two(self):
        return 2
    @classmethod
    def three(cls):
        return 3
"""
    with ScriptedServer(script_from(bodies)) as server:
        done = project.run("stacked.py", env=endpoint(server))
        assert done.stdout == "11 101 2 3\n", done.stderr
        hooked = project.run("-m", "jitc_import", "run", "stacked.py")
        assert hooked.stdout == done.stdout, hooked.stderr


@pytest.mark.slow
def test_a_source_that_is_not_to_be_had_is_one_clear_error(project: Project) -> None:
    code = "from jitc_import import llm_complete\n@llm_complete()\ndef f(): ...\n"
    done = project.run("-c", f"exec({code!r})")
    assert done.returncode == 1
    assert "CompletionError" in done.stderr
    assert "source" in done.stderr


def test_decorators_that_only_running_shows_are_completed_when_they_run(project: Project) -> None:
    project.write(
        "house.py", "import functools, jitc_import\nfill = functools.partial(jitc_import.llm_complete, seed=4)\n"
    )
    project.write(
        "indirect.py",
        """
        # jitc: enable
        from house import fill
        from jitc_import import llm_complete

        @fill()
        def one() -> int:
            \"\"\"1.\"\"\"

        def two() -> int:
            \"\"\"2.\"\"\"

        two = llm_complete(two)
        print(one(), two())
        """,
    )
    with ScriptedServer(script_from("def one():\n    return 1\n\ndef two():\n    return 2\n")) as server:
        for hook in ("jitc_import.activate", "jitc_import"):
            done = project.run("-c", f"import {hook}, indirect", env=endpoint(server))
            assert done.stdout == "1 2\n", done.stderr
        assert len(server.requests) == 2
        assert server.requests[0]["seed"] == 4


def test_enclosing_variables_are_reached_where_they_keep_their_value(project: Project) -> None:
    project.write(
        "nested.py",
        """
        from jitc_import import llm_complete

        def outer(k, step=1):
            total = k * 10
            class Holder:
                @llm_complete()
                def held(self) -> int:
                    \"\"\"k.\"\"\"
            @llm_complete()
            def inner(x: int) -> int:
                \"\"\"x times k plus total.\"\"\"
            return inner, Holder

        def rebinding(k):
            k = k + 1
            @llm_complete()
            def last() -> int:
                \"\"\"k.\"\"\"
            return last

        inner, holder = outer(3)
        print(inner(2), outer(5)[0](1), holder().held())
        try:
            rebinding(1)
        except ImportError as error:
            print(type(error).__name__, "# jitc: enable" in str(error))
        """,
    )
    bodies = """
def outer(k, step=1):
    class Holder:
        def held(self) -> int:
            return k
    def inner(x: int) -> int:
        return x * k + total
def rebinding(k):
    def last() -> int:
        return k
"""
    with ScriptedServer(lambda _: f"```python\n{bodies}```") as server:
        done = project.run("nested.py", env=endpoint(server))
        assert done.stdout == "36 55 3\nCompletionError True\n", done.stderr
        assert len(server.requests) == 1


def test_the_record_of_each_function_is_its_own_though_the_file_grew(project: Project) -> None:
    project.write(
        "grown.py",
        """
        # jitc: enable
        from jitc_import import llm_complete, completion_of

        NAME = "dynamic"

        @llm_complete(model=NAME)
        def a() -> int:
            \"\"\"1.\"\"\"

        @llm_complete
        def b() -> int:
            \"\"\"2.\"\"\"

        class C:
            @property
            @llm_complete
            def p(self) -> int:
                \"\"\"3.\"\"\"

            @p.setter
            @llm_complete
            def p(self, value: int) -> None:
                \"\"\"Keep it.\"\"\"

        print([completion_of(function).key for function in (a, b, C.p, C.p.fset)])
        """,
    )
    bodies = """
def a() -> int:
    return 1
def b() -> int:
    return 2
class C:
    @property
    def p(self) -> int:
        return 3
    @p.setter
    def p(self, value: int) -> None:
        self._p = value
"""
    with ScriptedServer(script_from(bodies)) as server:
        for _ in range(2):
            done = project.run("-c", "import jitc_import.activate, grown", env=endpoint(server))
            assert done.stdout == "['a', 'b', 'C.p', 'C.p#2']\n", done.stderr


@pytest.mark.slow
def test_a_failed_dynamic_stub_is_tried_again_with_another_model_or_after_retry(project: Project) -> None:
    project.write(
        "dynamic.py",
        """
        # jitc: enable
        import os
        from jitc_import import llm_complete

        @llm_complete(model=os.environ["MINE"])
        def one() -> int:
            \"\"\"1.\"\"\"

        print(one())
        """,
    )
    run = ["-c", "import jitc_import.activate, dynamic"]
    good = "def one() -> int:\n    return 1"
    with ScriptedServer(["no"] * 3) as server:
        assert project.run(*run, env=endpoint(server, MINE="bad")).returncode == 1
        assert project.run(*run, env=endpoint(server, MINE="bad")).returncode == 1
        assert len(server.requests) == 3
    with ScriptedServer([good]) as server:
        assert project.run(*run, env=endpoint(server, MINE="good")).stdout == "1\n"
    (project.root / "__jitc__" / "dynamic.jitc.py").unlink()
    with ScriptedServer(["no"] * 3) as server:
        assert project.run(*run, env=endpoint(server, MINE="bad")).returncode == 1
    retried = project.run("-m", "jitc_import", "complete", "--retry", "dynamic.py")
    assert retried.returncode == 0, retried.stderr
    with ScriptedServer([good]) as server:
        assert project.run(*run, env=endpoint(server, MINE="bad")).stdout == "1\n"


def test_raw_is_there_above_a_wrapping_decorator_too(project: Project) -> None:
    project.write(
        "wrapped.py",
        """
        # jitc: enable
        import functools
        from jitc_import import llm_complete

        def deco(function):
            @functools.wraps(function)
            def wrapper(*args):
                return function(*args)
            return wrapper

        @llm_complete()
        @deco
        def one() -> int:
            \"\"\"1.\"\"\"

        print(one.raw, one())
        """,
    )
    with ScriptedServer(script_from("def one() -> int:\n    return 1")) as server:
        for _ in range(2):
            done = project.run("-c", "import jitc_import.activate, wrapped", env=endpoint(server))
            assert done.stdout == "def one() -> int:\n    return 1 1\n", done.stderr


@pytest.mark.slow
def test_a_literal_template_without_code_is_named_with_its_line(project: Project) -> None:
    project.write(
        "bad.py",
        '# jitc: enable\nfrom jitc_import import llm_complete\n\n@llm_complete(prompt_template="x")\ndef f(): ...\n',
    )
    code = "import jitc_import.activate\ntry:\n    import bad\nexcept ValueError as error:\n    print(error)"
    assert "bad.py:4: prompt_template must hold {code}" in project.run("-c", code).stdout
    for command in ("complete", "check"):
        done = project.run("-m", "jitc_import", command, "bad.py")
        assert done.returncode == 1
        assert "bad.py:4: prompt_template must hold {code}" in done.stdout + done.stderr
