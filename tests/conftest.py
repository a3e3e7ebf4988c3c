"""What every test has: an environment of its own. What many use: a project in a temporary folder, a scripted server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest

import preloaded
from server import ScriptedServer

ROOT = Path(__file__).resolve().parent.parent

_LEAKING = ("OPENAI_", "AZURE_OPENAI_", "JITC_", "PYTHON", "SSL_CERT_")
_LOOPBACK = ("127.", "::1", "localhost")
_LIVE = {name: value for name, value in os.environ.items() if name.startswith(("OPENAI_", "JITC_"))}


@pytest.fixture(scope="session", autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test sees the settings, key or home of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in filter(_leaks, tuple(os.environ)):
            patch.delenv(name)
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        patch.setattr(sys, "dont_write_bytecode", False)
        yield


@pytest.fixture(autouse=True)
def _environment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing an earlier test left in the environment either; a live test has the endpoint it was started with."""
    for name in filter(_leaks, tuple(os.environ)):
        del os.environ[name]
    if request.node.get_closest_marker("live"):
        for name, value in _LIVE.items():
            monkeypatch.setenv(name, value)


def _leaks(name: str) -> bool:
    return name.startswith(_LEAKING) or name.upper().endswith("_PROXY") or name == "CI"


def _stay_on_this_machine(event: str, arguments: tuple[object, ...]) -> None:
    """Audit hook: a test that reaches for the network by accident fails like one that has none."""
    if event != "socket.connect" or "OPENAI_BASE_URL" in _LIVE:
        return
    address = arguments[1]
    if isinstance(address, tuple) and not str(address[0]).startswith(_LOOPBACK):
        message = f"a test tried to reach {address[0]}"
        raise ConnectionRefusedError(message)


sys.addaudithook(_stay_on_this_machine)

# A shell has what it starts in the background ignore Ctrl-C, and that is inherited by all that tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# How long a test takes says something of the machine, hence no deadline. `--hypothesis-profile thorough` tries more.
hypothesis.settings.register_profile("quick", deadline=None, max_examples=25)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=200)
hypothesis.settings.load_profile("quick")


@dataclass(frozen=True)
class Project:
    """A folder of source files, and Python processes that run in it."""

    root: Path

    def write(self, name: str, text: str) -> Path:
        """Write a file of this project: `text` dedented, without its first line break, line endings as they are."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(textwrap.dedent(text).removeprefix("\n").encode())
        return path

    def run(
        self, *arguments: str, env: Mapping[str, str] | None = None, timeout: float = 60, fresh: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run this Python with `arguments` in the project's folder; `env` is added to the environment.

        No type checker looks at bodies unless `env` asks for it: that takes seconds. `fresh`: what is loaded matters.
        """
        variables = {**os.environ, "PYTHONPATH": str(ROOT), "JITC_TYPES": "0", **(env or {})}
        if not fresh and preloaded.takes(arguments, variables):
            return preloaded.run(arguments, self.root, variables, timeout)
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env=variables,
            timeout=timeout,
            capture_output=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            check=False,
        )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project in a temporary folder."""
    return Project(tmp_path)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A model's endpoint on loopback; the test sets its `script`."""
    with ScriptedServer([]) as running:
        yield running


@pytest.fixture
def live(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> ScriptedServer:
    """A server that mocks in this process ask."""
    for name, value in (("OPENAI_BASE_URL", server.url), ("OPENAI_API_KEY", "sk-test"), ("JITC_MODEL", "scripted")):
        monkeypatch.setenv(name, value)
    return server


@pytest.fixture
def no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user whose home nothing tells, as in a container that runs under any user id."""

    def unknown(uid: int) -> None:
        raise KeyError(f"getpwuid(): uid not found: {uid}")

    monkeypatch.setattr("pwd.getpwuid", unknown)
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
