"""Settings: where they come from, which wins, and what is said of a wrong one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jitc_import.errors import SettingsError
from jitc_import.project import project_root, project_table
from jitc_import.settings import COMMAND_LINE, DEFAULT, Settings, load_settings

Table = Callable[[str], str]


@pytest.fixture
def table(tmp_path: Path) -> Table:
    def write(text: str) -> str:
        (tmp_path / "pyproject.toml").write_text(f"[tool.jitc]\n{text}\n")
        source = tmp_path / "src" / "pkg" / "shapes.py"
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text("")
        return str(source)

    return write


def test_defaults() -> None:
    settings = load_settings(None)
    assert settings == Settings()
    assert settings.model_dump() == {
        "model": None,
        "models": (),
        "base_url": None,
        "mode": "auto",
        "mock": "live",
        "verify": "full",
        "on_unverified": "error",
        "repairs": 2,
        "candidates": 1,
        "prompt_template": None,
        "max_calls": 1000,
        "max_tokens": None,
        "timeout": 120,
        "context": 32000,
        "jobs": 4,
        "lock_timeout": 300,
        "allow_http": False,
        "strict": False,
        "types": True,
        "tests": (),
        "candidate_seconds": 5,
        "candidate_memory": 1024**3,
        "candidate_output": 1024**2,
        "allow_unconfined": False,
        "prices": (),
    }
    assert settings.origin_of("mode") == DEFAULT


VALUES = [
    ("JITC_MODEL", "model", "qwen", "qwen"),
    ("OPENAI_BASE_URL", "base_url", "http://localhost/v1", "http://localhost/v1"),
    ("JITC_MODE", "mode", "review", "review"),
    ("JITC_VERIFY", "verify", "static", "static"),
    ("JITC_ON_UNVERIFIED", "on_unverified", "keep", "keep"),
    ("JITC_REPAIRS", "repairs", "0", 0),
    ("JITC_CANDIDATES", "candidates", "3", 3),
    ("JITC_MAX_CALLS", "max_calls", "7", 7),
    ("JITC_MAX_TOKENS", "max_tokens", "50000", 50000),
    ("JITC_TIMEOUT", "timeout", "1.5", 1.5),
    ("JITC_CONTEXT", "context", "8000", 8000),
    ("JITC_JOBS", "jobs", "2", 2),
    ("JITC_LOCK_TIMEOUT", "lock_timeout", "0", 0),
    ("JITC_TESTS", "tests", "tests/test_a.py", ("tests/test_a.py",)),
    ("JITC_CANDIDATE_SECONDS", "candidate_seconds", "0.5", 0.5),
    ("JITC_CANDIDATE_MEMORY", "candidate_memory", "2147483648", 2**31),
    ("JITC_CANDIDATE_OUTPUT", "candidate_output", "1000", 1000),
]


@pytest.mark.parametrize(("variable", "name", "text", "value"), VALUES)
def test_environment_project_and_command_line(
    variable: str, name: str, text: str, value: object, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = table(f"{name} = {list(value) if isinstance(value, tuple) else value!r}")
    settings = load_settings(source)
    assert getattr(settings, name) == value
    assert settings.origin_of(name) == project_table(source)[0]  # type: ignore[index]
    table("")
    monkeypatch.setenv(variable, f" {text} ")
    settings = load_settings(source)
    assert (getattr(settings, name), settings.origin_of(name)) == (value, variable)
    monkeypatch.setenv(variable, "")
    assert load_settings(source) == Settings()
    settings = load_settings(source, **{name: value})
    assert (getattr(settings, name), settings.origin_of(name)) == (value, COMMAND_LINE)
    assert load_settings(source, **{name: None}) == Settings()


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("a.py,b.py", ("a.py", "b.py")),
        (f"a.py{os.pathsep}b.py", ("a.py", "b.py")),
        (" a.py, sub/b.py , ", ("a.py", "sub/b.py")),
        ("a.py::test_x,b.py::C::test_y", ("a.py::test_x", "b.py::C::test_y")),
        (f"a.py::test_x{os.pathsep}b.py", ("a.py::test_x", "b.py")),
    ],
)
def test_several_test_files_in_one_variable(
    text: str, paths: tuple[str, ...], table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_settings(table(f"tests = {text!r}")).tests == paths
    monkeypatch.setenv("JITC_TESTS", text)
    assert load_settings(table('tests = ["of/the/project.py"]')).tests == paths


@pytest.mark.parametrize("name", ["strict", "types", "allow_unconfined"])
def test_switches(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"JITC_{name.upper()}", "1")
    assert getattr(load_settings(None), name) is True
    monkeypatch.setenv(f"JITC_{name.upper()}", "0")
    assert getattr(load_settings(None), name) is False


def test_a_project_may_be_strict(table: Table) -> None:
    assert load_settings(table("strict = true")).strict


def test_order(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    source = table('model = "of the project"')
    monkeypatch.setenv("JITC_MODEL", "of the environment")
    assert load_settings(source, model="given").model == "given"
    assert load_settings(source).model == "of the environment"
    monkeypatch.setenv("JITC_MODEL", " ")
    assert load_settings(source).model == "of the project"


WRONG = [
    ("JITC_MODE", "fast", "JITC_MODE is 'fast'; allowed: `auto`, `locked` or `review`"),
    ("JITC_VERIFY", "FULL", "JITC_VERIFY is 'FULL'; allowed: `full`, `static` or `off`"),
    ("JITC_REPAIRS", "-1", "JITC_REPAIRS is '-1'; allowed: a whole number, 0 or more"),
    ("JITC_REPAIRS", "two", "JITC_REPAIRS is 'two'; allowed: a whole number, 0 or more"),
    ("JITC_CANDIDATES", "0", "JITC_CANDIDATES is '0'; allowed: a whole number, 1 or more"),
    ("JITC_MAX_CALLS", "1.5", "JITC_MAX_CALLS is '1.5'"),
    ("JITC_MAX_TOKENS", "none", "no limit if not set"),
    ("JITC_TIMEOUT", "0", "JITC_TIMEOUT is '0'; allowed: a number of seconds greater than 0"),
    ("JITC_TIMEOUT", "nan", "a number of seconds greater than 0"),
    ("JITC_TIMEOUT", "inf", "a number of seconds greater than 0"),
    ("JITC_ALLOW_HTTP", "maybe", "JITC_ALLOW_HTTP is 'maybe'; allowed: 1 or 0"),
    ("JITC_STRICT", "very", "JITC_STRICT is 'very'; allowed: 1 or 0"),
    ("JITC_ALLOW_UNCONFINED", "a", "JITC_ALLOW_UNCONFINED is 'a'; allowed: 1 or 0"),
    ("JITC_CANDIDATE_SECONDS", "0", "a number of seconds greater than 0"),
    ("JITC_CANDIDATE_MEMORY", "1 GiB", "JITC_CANDIDATE_MEMORY is '1 GiB'; allowed: a whole number of bytes, 67108864"),
    ("JITC_CANDIDATE_MEMORY", "4096", "a whole number of bytes, 67108864 or more"),
    ("JITC_CANDIDATE_OUTPUT", "0", "JITC_CANDIDATE_OUTPUT is '0'; allowed: a whole number of bytes, 1 or more"),
]


@pytest.mark.parametrize(("variable", "value", "message"), WRONG)
def test_wrong_variable(variable: str, value: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=variable) as caught:
        load_settings(None)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('mode = "fast"', r"`mode` \(.*/pyproject\.toml\) is 'fast'; allowed: `auto`, `locked` or `review`"),
        ("repairs = true", r"`repairs` .* is True; allowed: a whole number, 0 or more"),
        ("model = 3", r"`model` .* is 3; allowed: the name of a model"),
        ('model = ""', r"`model` .* is ''; allowed: the name of a model"),
        ("timeout = [1]", r"`timeout` .* is \[1\]; allowed: a number of seconds"),
        ("repair = 3", r"pyproject\.toml: \[tool\.jitc\] has no setting `repair`; did you mean `repairs`\?"),
        ("max-calls = 3", r"has no setting `max-calls`; did you mean `max_calls`\?"),
        ("colour = 3", r"has no setting `colour`; there are model, models, base_url, mode"),
        ("allow_http = true", r"allow_http is not for a project to choose: set JITC_ALLOW_HTTP"),
        ("allow_unconfined = true", r"allow_unconfined is not for a project to choose: set JITC_ALLOW_UNCONFINED"),
        ("tests = 3", r"`tests` .* is 3; allowed: paths of test files"),
        ("tests = [3]", r"`tests` .* is \[3\]; allowed: paths of test files"),
        ('tests = [""]', r"`tests` .* is \[''\]; allowed: paths of test files"),
        ("tests = true", r"`tests` .* is True; allowed: paths of test files"),
        ("candidate_memory = 1.5", r"`candidate_memory` .* is 1\.5; allowed: a whole number of bytes"),
        ("mode = auto", r"pyproject\.toml is not valid TOML: .*line 2"),
    ],
)
def test_wrong_table(text: str, message: str, table: Table) -> None:
    with pytest.raises(SettingsError, match=message):
        load_settings(table(text))


def test_wrong_command_line() -> None:
    with pytest.raises(SettingsError, match=r"`jobs` \(the command line\) is 0; allowed: a whole number, 1 or more"):
        load_settings(None, jobs=0)
    with pytest.raises(SettingsError, match="there is no setting `jobz`; did you mean `jobs`"):
        load_settings(None, jobz=1)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"[tool]\njitc = 3\n", r"pyproject\.toml: tool\.jitc is no table"),
        (b"[tool.jitc]\n# \xff\n", r"pyproject\.toml:2: not UTF-8"),
        (b"x = " + b"[" * 100_000, r"pyproject\.toml is not valid TOML"),
    ],
)
def test_broken_project_file(data: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(data)
    with pytest.raises(SettingsError, match=message):
        load_settings(str(tmp_path))


def test_unreadable_project_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(SettingsError, match=r"pyproject\.toml cannot be read: Permission denied"):
        load_settings(str(tmp_path))


@pytest.mark.parametrize(
    ("value", "mode"), [("true", "locked"), ("1", "locked"), ("woodpecker", "locked"), ("", "auto"), ("false", "auto")]
)
def test_ci_is_locked_unless_told_otherwise(
    value: str, mode: str, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", value)
    assert load_settings(None).mode == mode
    assert load_settings(table('mode = "auto"')).mode == "auto"
    assert load_settings(None, mode="review").mode == "review"


def test_project_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "outer" / "inner"
    (inner / "src").mkdir(parents=True)
    (tmp_path / "outer" / "pyproject.toml").write_text("[tool.jitc]\nrepairs = 9\n")
    assert project_root(str(inner / "src" / "x.py")) == str(tmp_path / "outer")
    assert load_settings(str(inner / "src" / "x.py")).repairs == 9
    (inner / ".git").write_text("gitdir: elsewhere")
    assert project_root(str(inner / "src" / "x.py")) == project_root(str(inner)) == str(inner)
    assert load_settings(str(inner / "src")).repairs == 2
    monkeypatch.chdir(tmp_path / "outer")
    assert load_settings(str(inner / "src")).repairs == 2
    assert load_settings(None).repairs == 2
    assert load_settings("x.py").repairs == 9


def test_no_project(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").mkdir()
    assert project_root(str(tmp_path)) is None
    assert load_settings(str(tmp_path)) == Settings()


def test_no_home(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "USER", "LOGNAME"):
        monkeypatch.delenv(name, raising=False)
    assert load_settings(table("repairs = 1")).repairs == 1


@pytest.mark.usefixtures("no_home")
def test_neither_a_home_nor_an_entry_for_the_user(table: Table) -> None:
    assert load_settings(table("repairs = 1")).repairs == 1
    assert load_settings(table('models = ["local", "m"]')).fingerprint()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings(None).repairs = 3  # type: ignore[misc, unused-ignore]


def test_fingerprint() -> None:
    base = Settings()
    assert base.fingerprint() == load_settings(None).fingerprint()
    assert len({base.fingerprint(), Settings(model="m").fingerprint(), Settings(repairs=3).fingerprint()}) == 3
    assert Settings(jobs=9, timeout=1, max_calls=3, mode="locked").fingerprint() == base.fingerprint()


@pytest.mark.parametrize(
    "change",
    [
        {"strict": True},
        {"types": False},
        {"tests": ("a.py",)},
        {"candidate_seconds": 9},
        {"candidate_memory": 2**31},
        {"candidate_output": 9},
        {"allow_unconfined": True},
    ],
)
def test_what_decides_a_check_counts_in_the_fingerprint(change: dict[str, Any]) -> None:
    assert Settings(**change).fingerprint() != Settings().fingerprint()


def test_any_variable_of_another_case_or_name_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JITC_ACTIVATE", "1")
    monkeypatch.setenv("JITC_COLOUR", "1")
    if os.name != "nt":
        monkeypatch.setenv("jitc_mode", "fast")
    assert load_settings(None) == Settings()
