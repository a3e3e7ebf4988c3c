"""What a type checker makes of the public names."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT

SOURCE = """
import openai
from jitc_import import completion_of, include, install, llm_complete, uninstall

@llm_complete
def bare(x: int) -> str: ...

@llm_complete(model="m", temperature=0.5, seed=1, client=openai.OpenAI(), prompt_template="{code}")
def configured(x: int, *, y: str = "") -> list[str]: ...

class Holder:
    @property
    @llm_complete()
    def value(self) -> float: ...

    @llm_complete()
    async def later(self) -> bytes: ...

reveal_type(bare)
reveal_type(configured)
reveal_type(Holder().value)
reveal_type(Holder().later)
record = completion_of(bare)
if record is not None:
    reveal_type(record.checked)
install(children=False)
include(__name__)
uninstall()
llm_complete(modle="m")
"""

WANTED = (
    "def (x: int) -> str",
    "def (x: int, *, y: str =) -> list[str]",
    "float",
    "def () -> typing.Coroutine[Any, Any, bytes]",
    "tuple[str, ...]",
)


MOCKS = """
from collections.abc import AsyncIterator, Iterator
import openai
from jitc_import import llm_mock

@llm_mock
def bare(x: int) -> str: ...

@llm_mock(model="m", temperature=0.5, seed=1, client=openai.AsyncOpenAI(), prompt_template="{call}")
async def later(x: int, *, y: str = "") -> list[str]: ...

@llm_mock
def items(x: int) -> Iterator[str]: ...

@llm_mock
def stream(x: int) -> AsyncIterator[str]: ...

class Holder:
    @llm_mock
    def value(self, x: int) -> float: ...

    @classmethod
    @llm_mock()
    def made(cls) -> int: ...

    @staticmethod
    @llm_mock
    def plain(x: int) -> int: ...

    @property
    @llm_mock
    def size(self) -> int: ...

reveal_type(bare(1))
reveal_type(later(1, y="a"))
reveal_type(items(1))
reveal_type(stream(1))
reveal_type(Holder().value(1))
reveal_type(Holder.made())
reveal_type(Holder.plain(1))
reveal_type(Holder().size)
bare("1")
llm_mock(modle="m")
"""

MOCKS_WANTED = {
    "mypy": ("str", "typing.Coroutine[Any, Any, list[str]]", "typing.Iterator[str]", "typing.AsyncIterator[str]"),
    "pyright": ("str", "CoroutineType[Any, Any, list[str]]", "Iterator[str]", "AsyncIterator[str]"),
}


@pytest.mark.slow
@pytest.mark.parametrize("checker", MOCKS_WANTED)
def test_mocks_keep_their_types(tmp_path: Path, checker: str) -> None:
    pytest.importorskip(checker)
    (tmp_path / "use.py").write_text(MOCKS)
    quiet = [f"--disable-error-code={name}" for name in ("empty-body", "unused-coroutine")]
    strict = ["--strict", *quiet] if checker == "mypy" else ["--pythonpath", sys.executable]
    done = subprocess.run(
        [sys.executable, "-m", checker, *strict, "use.py"],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": str(ROOT), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line.replace("builtins.", "") for line in done.stdout.splitlines()]
    revealed = [line.split('"')[-2] for line in lines if "Revealed" in line or "Type of" in line]
    assert tuple(revealed) == (*MOCKS_WANTED[checker], "float", "int", "int", "int"), done.stdout
    wrong = {int(line.split(":")[1]) for line in lines if "error:" in line or " - error" in line}
    last = len(MOCKS.splitlines())
    assert {last - 1, last} <= wrong, done.stdout
    assert not {number for number in wrong if number > MOCKS.splitlines().index("reveal_type(bare(1))")} - {
        last - 1,
        last,
    }


@pytest.mark.slow
def test_decorated_functions_keep_their_types(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    (tmp_path / "use.py").write_text(SOURCE)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--disable-error-code=empty-body", "use.py"],
        cwd=tmp_path,
        env={"MYPYPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    revealed = [line.split('"')[1].replace("builtins.", "") for line in done.stdout.splitlines() if "Revealed" in line]
    assert tuple(revealed) == WANTED, done.stdout
    errors = [line for line in done.stdout.splitlines() if ": error:" in line]
    assert len(errors) == 1, done.stdout
    assert "llm_complete" in errors[0]
