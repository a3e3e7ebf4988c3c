"""What a type checker makes of the public names."""

from __future__ import annotations

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
