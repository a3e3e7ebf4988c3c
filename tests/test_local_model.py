"""The model on this machine: one process for all who use it, its end, and every way in which it may fail."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from filelock import FileLock

from conftest import ROOT, Project
from jitc_import.errors import EndpointError
from jitc_import.model.client import DEFAULT_MODEL, Client, Reply, Request, shared_client
from jitc_import.model.prompts import Message
from jitc_import.model.transport import interrupt_requests
from jitc_import.settings import load_settings
from tiny_model import write_tiny_model

pytest.importorskip("xllamacpp", reason="needs the extra `local`")
psutil: Any = pytest.importorskip("psutil")

from jitc_import.local import launch, limits  # noqa: E402 -- not without the extra
from jitc_import.local.folders import NoHomeError  # noqa: E402
from jitc_import.local.running import leave, turn  # noqa: E402
from jitc_import.local.state import state_path  # noqa: E402

REPLY = "```python\ndef area(w, h):\n    return w * h\n```\n"
STUB = '''
    # jitc: enable all
    def area(w: float, h: float) -> float:
        """The area.

        >>> area(2, 3)
        6
        """
    '''
MESSAGES: tuple[Message, ...] = ({"role": "user", "content": "x"},)

ASK = """
import sys
import jitc_import.local.launch as launch
from jitc_import.model.client import Request, shared_client
from jitc_import.settings import load_settings
launch.LINGER = 0.2
def ask():
    reply = shared_client(load_settings(None)).ask(Request(({"role": "user", "content": "x"},)))
    print(reply.model, flush=True)
ask()
"""
STAY = f"{ASK}\nsys.stdin.read()"


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The weights of a tiny model, which is the local one; whoever runs it is gone after the test."""
    path = write_tiny_model(tmp_path / "tiny-coder.gguf", REPLY)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("JITC_LOCAL_MODEL", str(path))
    monkeypatch.setenv("JITC_MODEL", "local")
    monkeypatch.setattr(launch, "LINGER", 0.2)
    yield path
    leave()
    for weights in tmp_path.glob("*.gguf"):
        for process in runners(weights):
            process.kill()


def runners(model: Path) -> list[Any]:
    """The processes that run a model."""
    return [process for process in psutil.process_iter() if str(model) in _command(process)]


def _command(process: Any) -> list[str]:
    try:
        command: list[str] = process.cmdline()
    except psutil.Error:
        return []
    return command


def comes_true(fact: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not fact() and time.monotonic() < deadline:
        time.sleep(0.05)
    return fact()


def ask() -> Reply:
    return shared_client(load_settings(None)).ask(Request(MESSAGES))


def running_pid() -> int:
    with turn(load_settings(None).context) as running:
        assert running.child
        return running.child.process.pid


@pytest.fixture
def user(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts processes that use the model until their standard input is closed."""
    users: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        variables = {**os.environ, "PYTHONPATH": str(ROOT)}
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            [sys.executable, "-c", STAY], stdin=pipe, stdout=pipe, cwd=tmp_path, env=variables, encoding="utf-8"
        )
        users.append(process)
        return process

    yield start
    for process in users:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


class TestAModule:
    def test_is_completed_by_the_local_model_and_stays_fresh_with_other_weights(
        self, model: Path, project: Project
    ) -> None:
        project.write("shapes.py", STUB)
        ran = project.run("-m", "jitc_import", "complete", "shapes.py")
        assert ran.returncode == 0, ran.stderr
        assert "jitc: loading the local model tiny-coder\n" in ran.stderr
        companion = (project.root / "__jitc__" / "shapes.jitc.py").read_text()
        assert "return w * h" in companion
        assert "# model: tiny-coder\n" in companion
        other = write_tiny_model(model.with_name("other.gguf"), "no code")
        ran = project.run("-m", "jitc_import", "check", "shapes.py", env={"JITC_LOCAL_MODEL": str(other)})
        assert ran.returncode == 0, ran.stderr

    @pytest.mark.slow
    def test_that_failed_is_tried_again_with_other_weights(self, model: Path, project: Project) -> None:
        project.write("shapes.py", STUB)
        other = str(write_tiny_model(model.with_name("other.gguf"), "I would rather not."))
        complete = ("-m", "jitc_import", "complete", "--repairs", "0", "shapes.py")
        assert project.run(*complete, env={"JITC_LOCAL_MODEL": other}).returncode == 1
        again = project.run(*complete, env={"JITC_LOCAL_MODEL": other})
        assert again.returncode == 1
        assert "completing" not in again.stderr
        ran = project.run(*complete)
        assert ran.returncode == 0, ran.stderr

    @pytest.mark.slow
    @pytest.mark.usefixtures("model")
    def test_a_mock_is_answered_within_its_type(self, project: Project) -> None:
        project.write(
            "colours.py",
            """
            from typing import Literal
            from jitc_import import llm_mock

            @llm_mock
            def colour(name: str) -> Literal["a"]:
                "The colour."

            print(colour("grass"))
            """,
        )
        ran = project.run("colours.py")
        assert ran.stdout == "a\n", ran.stderr


class TestOneProcess:
    @pytest.mark.slow
    def test_serves_all_and_ends_with_the_last(self, model: Path, user: Callable[[], subprocess.Popen[str]]) -> None:
        first = user()
        assert said(first) == "tiny-coder"
        second = user()
        assert said(second) == "tiny-coder"
        assert len(runners(model)) == 1
        first.kill()
        first.wait()
        time.sleep(0.5)
        assert len(runners(model)) == 1
        second.kill()
        second.wait()
        assert comes_true(lambda: not runners(model))
        assert not list(model.parent.glob("cache/**/*.json"))

    @pytest.mark.slow
    def test_is_started_once_by_two_who_come_at_once(
        self, model: Path, user: Callable[[], subprocess.Popen[str]]
    ) -> None:
        users = [user(), user()]
        assert [said(one) for one in users] == ["tiny-coder"] * 2
        assert len(runners(model)) == 1

    def test_is_not_waited_for_after_an_interruption(self, model: Path) -> None:
        ended = threading.Event()

        def wait() -> None:
            with pytest.raises(KeyboardInterrupt), turn(1_000):
                pass
            ended.set()

        with FileLock(f"{state_path(str(model)).removesuffix('.json')}.lock"):
            threading.Thread(target=wait, daemon=True).start()
            for _ in range(100):
                interrupt_requests()
                if ended.wait(0.1):
                    break
        assert ended.is_set()

    @pytest.mark.usefixtures("model")
    def test_asks_for_its_own_key_whatever_headers_are_set(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer of-a-gateway")
        assert ask().text == REPLY

    def test_is_of_no_terminal_and_known_to_its_user_only(self, model: Path) -> None:
        assert os.getsid(running_pid()) != os.getsid(0)
        (state,) = model.parent.glob("cache/**/*.json")
        assert stat.S_IMODE(state.stat().st_mode) == 0o600
        assert stat.S_IMODE(state.parent.stat().st_mode) == 0o700

    def test_waits_for_the_next_user(self, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(launch, "LINGER", 30.0)
        pid = running_pid()
        leave()
        with turn(1000) as running:
            assert running.child is None
        assert [process.pid for process in runners(model)] == [pid]

    @pytest.mark.slow
    @pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
    @pytest.mark.usefixtures("model")
    def test_serves_a_forked_process_on_a_connection_of_its_own(self, project: Project) -> None:
        forking = (
            f"{ASK}\nimport os\nif os.fork() == 0:\n    ask()\n    os._exit(0)\n"
            "print(os.waitstatus_to_exitcode(os.wait()[1]), flush=True)\nask()"
        )
        ran = project.run("-W", "ignore::DeprecationWarning", "-c", forking)
        assert ran.stdout.split() == ["tiny-coder", "tiny-coder", "0", "tiny-coder"], ran.stderr
        assert ran.stderr.count("loading") == 1

    @pytest.mark.slow
    @pytest.mark.usefixtures("model")
    def test_leaves_no_warning_behind(self, project: Project) -> None:
        ran = project.run("-X", "dev", "-W", "error", "-c", ASK)
        assert ran.stderr == "jitc: loading the local model tiny-coder\n"

    def test_ends_when_its_weights_are_replaced(self, model: Path) -> None:
        old = running_pid()
        write_tiny_model(model, "other")
        new = running_pid()
        assert new != old
        assert comes_true(lambda: [process.pid for process in runners(model)] == [new])

    def test_is_exchanged_for_one_with_more_context(self, model: Path) -> None:
        with turn(1000) as small:
            pass
        with turn(2000) as large:
            assert large.state.context > small.state.context
        with turn(1000) as again:
            assert again is large
        assert comes_true(lambda: len(runners(model)) == 1)


class TestAStrangerIsRefused:
    @pytest.mark.usefixtures("model")
    def test_by_the_server(self) -> None:
        with turn(1000) as running:
            client = openai.OpenAI(base_url=running.endpoint.base_url, api_key="guess", max_retries=0)
            with client, pytest.raises(openai.AuthenticationError):
                client.models.list()

    @pytest.mark.usefixtures("model")
    def test_as_a_user(self) -> None:
        with turn(1000) as running, socket.create_connection(("127.0.0.1", running.state.users), 5) as stranger:
            stranger.sendall(b"guess\n")
            assert stranger.recv(1) == b""

    def test_and_keeps_nothing_alive(self, model: Path) -> None:
        with turn(1000) as running:
            port = running.state.users
        with socket.create_connection(("127.0.0.1", port), 5):
            leave()
            assert comes_true(lambda: not runners(model))


class TestAStaleState:
    def write(self, model: Path, port: int) -> Path:
        """Leave what a process wrote that is no more, whose port another may have by now."""
        with turn(1000) as running:
            state = next(model.parent.glob("cache/**/*.json"))
            text = json.loads(state.read_text())
            assert running.child
        leave()
        running.child.process.kill()
        running.child.process.wait()
        state.write_text(json.dumps({**text, "users": port}))
        return state

    def test_of_a_process_that_is_gone(self, model: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        self.write(model, port)
        assert ask().model == "tiny-coder"

    def test_whose_port_is_anothers_now(self, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("jitc_import.local.running._PATIENCE", 0.2)
        with socket.create_server(("127.0.0.1", 0)) as stranger:
            state = self.write(model, stranger.getsockname()[1])
            threading.Thread(target=lambda: stranger.accept()[0].sendall(b"who are you?\n"), daemon=True).start()
            monkeypatch.setattr("jitc_import.local.running._PATIENCE", 5.0)
            assert ask().model == "tiny-coder"
            assert json.loads(state.read_text())["users"] != stranger.getsockname()[1]

    @pytest.mark.parametrize(
        "text", ["", "{", "[]", '{"http": 1}', '{"http":"a","users":1,"context":1,"key":"","proof":""}']
    )
    def test_that_makes_no_sense(self, model: Path, text: str) -> None:
        state = self.write(model, 1)
        state.write_text(text)
        with turn(1000) as running:
            assert running.child


class TestItsDeath:
    def test_while_nobody_asks_is_made_good(self, model: Path) -> None:
        pid = running_pid()
        os.kill(pid, signal.SIGKILL)
        assert comes_true(lambda: not runners(model))
        assert ask().model == "tiny-coder"

    @pytest.mark.parametrize(
        ("number", "told"),
        [
            ("SIGKILL", "the local model tiny-coder was killed, most likely because memory ran out"),
            ("SIGILL", "this processor lacks instructions"),
            ("SIGTERM", "ended unexpectedly .SIGTERM.. Next: try again"),
        ],
    )
    @pytest.mark.skipif(sys.platform == "win32", reason="signals")
    @pytest.mark.usefixtures("model")
    def test_is_named(self, number: str, told: str) -> None:
        def die() -> None:
            with turn(1000) as running:
                assert running.child
                running.child.process.send_signal(signal.Signals[number])
                running.child.waiting.join(5)
                raise EndpointError("the connection broke")

        with pytest.raises(EndpointError, match=told):
            die()

    @pytest.mark.slow
    @pytest.mark.skipif(sys.platform == "win32", reason="signals")
    def test_before_the_first_word_is_made_good_once(self, model: Path, capfd: pytest.CaptureFixture[str]) -> None:
        pid = running_pid()
        os.kill(pid, signal.SIGSTOP)
        threading.Timer(0.3, os.kill, (pid, signal.SIGKILL)).start()
        assert ask().model == "tiny-coder"
        assert capfd.readouterr().err.count("loading") == 2
        assert len(runners(model)) == 1

    @pytest.mark.skipif(sys.platform == "win32", reason="signals")
    def test_again_is_an_error(self, model: Path) -> None:
        os.kill(running_pid(), signal.SIGSTOP)  # so that it does not answer before it is killed
        over = threading.Event()

        def keep_killing() -> None:
            while not over.wait(0.01):
                for process in runners(model):
                    process.kill()

        killing = threading.Thread(target=keep_killing)
        killing.start()
        try:
            with pytest.raises(EndpointError, match="tiny-coder was killed"):
                ask()
        finally:
            over.set()
            killing.join()

    @pytest.mark.slow
    def test_of_one_that_another_process_started_is_told(
        self, model: Path, user: Callable[[], subprocess.Popen[str]]
    ) -> None:
        assert said(user()) == "tiny-coder"

        def die() -> None:
            with turn(1000) as running:
                assert running.child is None
                for process in runners(model):
                    process.kill()
                    process.wait(5)
                raise EndpointError("the connection broke")

        with pytest.raises(EndpointError, match=r"tiny-coder ended unexpectedly.*try again"):
            die()

    @pytest.mark.usefixtures("model")
    def test_an_error_of_a_request_stays_what_it_is(self) -> None:
        with pytest.raises(EndpointError, match=r"^busy$"), turn(1000):
            raise EndpointError("busy")


class TestItCannotRun:
    def failure(self) -> str:
        with pytest.raises(EndpointError) as failed:
            ask()
        return str(failed.value)

    def test_garbage(self, model: Path) -> None:
        model.write_bytes(b"GGUF" + b"garbage" * 99)
        assert "llama.cpp cannot load" in (told := self.failure())
        assert str(model) in told
        assert "model pull" in told
        assert not runners(model)

    def test_weights_cut_short(self, model: Path) -> None:
        model.write_bytes(model.read_bytes()[:-20_000])
        assert "not within the file bounds, model is corrupted or incomplete" in self.failure()

    def test_a_model_that_llama_cpp_does_not_know(self, model: Path) -> None:
        model.write_bytes(model.read_bytes().replace(b"llama", b"lemur"))
        assert "unknown model architecture: 'lemur'" in self.failure()

    def test_no_gguf_at_all(self, model: Path) -> None:
        model.write_text("hello")
        assert "JITC_LOCAL_MODEL" in self.failure()

    @pytest.mark.usefixtures("model")
    def test_too_little_memory_is_said_before_it_is_taken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("JITC_CONTEXT", "100000000000")
        told = self.failure()
        assert "GiB of memory" in told
        assert "are available. Next: close other programs, lower JITC_CONTEXT" in told

    @pytest.mark.slow
    @pytest.mark.usefixtures("model")
    def test_the_extra_is_missing(self, project: Project) -> None:
        ran = project.run("-c", f"import sys; sys.modules['xllamacpp'] = None\n{ASK}")
        assert 'the local model needs xllamacpp: pip install "jitc-import[local]"' in ran.stderr
        assert "loading" not in ran.stderr

    def test_no_place_for_its_state(self, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", str(model))
        assert str(model) in self.failure()

    @pytest.mark.usefixtures("model")
    def test_no_model_is_installed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("JITC_LOCAL_MODEL")
        assert "no local model is installed" in self.failure()


class TestTheChoice:
    @pytest.mark.parametrize("named", ["", "local", "coder"])
    @pytest.mark.parametrize("key", ["", "sk-1"])
    @pytest.mark.parametrize("url", ["", "http://127.0.0.1:9/v1"])
    @pytest.mark.parametrize("installed", ["installed", ""])
    def test_goes_by_what_is_set_first(
        self, model: Path, monkeypatch: pytest.MonkeyPatch, named: str, key: str, url: str, installed: str
    ) -> None:
        for name, value in {"JITC_MODEL": named, "OPENAI_API_KEY": key, "OPENAI_BASE_URL": url}.items():
            monkeypatch.setenv(name, value)
        if not installed:
            monkeypatch.delenv("JITC_LOCAL_MODEL")
        expected = named or ("" if url else DEFAULT_MODEL if key else "local" if installed else "")
        settings = load_settings(None)
        assert shared_client(settings).model_name(None) == expected
        assert settings.context == (16_000 if expected == "local" else 32_000)
        assert not runners(model)

    @pytest.mark.usefixtures("model")
    def test_reaches_for_nothing(self, project: Project) -> None:
        code = (
            "import sys\n"
            "sys.addaudithook(lambda name, _: name.startswith(('socket.', 'subprocess.', 'os.fork')) and print(name))\n"
            "from jitc_import.model.client import shared_client\n"
            "from jitc_import.settings import load_settings\n"
            "print(shared_client(load_settings(None)).model_name(None))"
        )
        assert project.run("-c", code, env={"JITC_MODEL": ""}).stdout == "local\n"

    def test_shows_the_three_ways_where_there_is_nothing(self) -> None:
        with pytest.raises(EndpointError) as failed:
            ask()
        told = str(failed.value)
        assert all(way in told for way in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "jitc-import[local]", "model pull"))
        assert len(told.splitlines()) == 7

    def test_of_wrong_weights_is_an_error_only_when_they_are_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("JITC_LOCAL_MODEL", "/nowhere.gguf")
        assert shared_client(load_settings(None)).model_name(None) == "local"
        with pytest.raises(EndpointError, match=r"JITC_LOCAL_MODEL.*/nowhere\.gguf"):
            ask()


class TestItsBounds:
    def client(self) -> Client:
        return shared_client(load_settings(None))

    @pytest.mark.usefixtures("model")
    def test_time_is_longer_unless_someone_set_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.client().timeout(None) == 900
        assert self.client().timeout("coder") == 120
        monkeypatch.setenv("JITC_TIMEOUT", "120")
        assert self.client().timeout(None) == 120

    @pytest.mark.usefixtures("model")
    def test_context_is_less_unless_someone_set_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with turn(load_settings(None).context) as running:
            assert running.state.context == 16_384
        monkeypatch.setenv("JITC_CONTEXT", "4000")
        assert load_settings(None).context == 4000

    @pytest.mark.slow
    @pytest.mark.usefixtures("model")
    def test_waiting_for_another_request_takes_none_of_the_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        ask()
        monkeypatch.setenv("JITC_TIMEOUT", "1")
        replies: list[Reply] = []
        waiting = threading.Thread(target=lambda: replies.append(ask()))
        with turn(1000):
            waiting.start()
            time.sleep(1.2)
        waiting.join(10)
        assert replies[0].text == REPLY
        assert replies[0].waited > 1


@pytest.mark.usefixtures("no_home")
def test_without_a_home_there_is_no_place_to_leave_word(tmp_path: Path) -> None:
    with pytest.raises(NoHomeError, match=r"no home folder\. Next: set HOME, or XDG_CACHE_HOME"):
        state_path(str(tmp_path))


class TestTheMachine:
    def tree(self, root: Path, files: dict[str, str]) -> str:
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        return str(root)

    def test_memory_is_that_of_the_control_group(self, tmp_path: Path) -> None:
        group = "sys/fs/cgroup/user.slice"
        root = self.tree(
            tmp_path,
            {
                "proc/self/cgroup": "0::/user.slice/app.scope\n",
                "sys/fs/cgroup/user.slice/app.scope/memory.max": "max\n",
                "sys/fs/cgroup/user.slice/app.scope/memory.current": "1\n",
                f"{group}/memory.max": "10000\n",
                f"{group}/memory.current": "9000\n",
                f"{group}/memory.stat": "anon 5\ninactive_file 500\n",
                f"{group}/cpu.max": "100000 100000\n",
            },
        )
        assert limits.available_memory(root) == 1500
        assert limits.usable_cores(root) == 1

    def test_memory_is_that_of_an_old_control_group(self, tmp_path: Path) -> None:
        root = self.tree(
            tmp_path,
            {
                "proc/self/cgroup": "4:memory:/docker/1\n1:cpu,cpuacct:/docker/1\n",
                "sys/fs/cgroup/memory/memory.limit_in_bytes": "10000",
                "sys/fs/cgroup/memory/memory.usage_in_bytes": "9000",
                "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "50000",
                "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
            },
        )
        assert limits.available_memory(root) == 1000
        assert limits.usable_cores(root) == 1

    def test_where_nothing_tells_it_is_unknown(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def absent(*_: object, **__: object) -> None:
            raise FileNotFoundError(2, "No such file or directory", "/proc/meminfo")

        for name in ("virtual_memory", "cpu_count"):
            monkeypatch.setattr(f"psutil.{name}", absent)
        assert limits.available_memory(str(tmp_path)) is None
        assert limits.usable_cores(str(tmp_path)) >= 1

    def test_without_control_groups_it_is_all_there_is(self, tmp_path: Path) -> None:
        assert (limits.available_memory(str(tmp_path)) or 0) > 1 << 20
        assert limits.usable_cores(str(tmp_path)) >= 1
