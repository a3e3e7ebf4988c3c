"""Bodies that do harm: each is stopped and named, touches nothing, leaves no process, and the next job runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from jitc_import.checks.sandbox.confine import FULL
from jitc_import.checks.sandbox.session import Ran, Sandbox
from sandboxes import LIMITS, body, children_of, job, outputs, sandbox

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc, and at what Linux denies")

GOOD = "def f():\n    return 'fine'\n"

TOO_LONG = "it did not end within 1 s"

ENDED = {
    "loops": ("while True: pass", TOO_LONG),
    "sleeps": ("time.sleep(60)", TOO_LONG),
    "catches everything": (
        """
        while True:
            try:
                time.sleep(1)
            except BaseException:
                pass
        """,
        TOO_LONG,
    ),
    "backtracks": ("import re; re.match('(a+)+$', 'a' * 64 + 'b')", TOO_LONG),
    "computes with big integers": ("str(7 ** (7 ** 10))", TOO_LONG),
    "stops itself": ("os.kill(os.getpid(), 19)", TOO_LONG),
    "ignores signals": (
        """
        import signal
        for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_IGN)
        while True: pass
        """,
        TOO_LONG,
    ),
    "closes all and stays": ("os.closerange(0, 256); time.sleep(60)", TOO_LONG),
    "closes all": ("os.closerange(0, 256)", "it ended the process (exit 70)"),
    "floods": ("while True: print('x' * 1000)", "it printed more than 64 KiB"),
    "floods stderr": ("while True: print('x' * 1000, file=sys.stderr)", "it printed more than 64 KiB"),
    "floods the descriptor": ("while True: os.write(1, b'x' * 1000)", "it printed more than 64 KiB"),
    "floods at once": ("print('x' * 10_000_000)", "it printed more than 64 KiB"),
    "has a long repr": ("return 'x' * 10_000_000", "it printed more than 64 KiB"),
    "exits with 0": ("os._exit(0)", "it ended the process (exit 0)"),
    "exits with 3": ("os._exit(3)", "it ended the process (exit 3)"),
    "aborts": ("os.abort()", "it crashed (SIGABRT)"),
    "segfaults": ("import ctypes; ctypes.string_at(0)", "it crashed (SIGSEGV)"),
    "kills itself": ("os.kill(os.getpid(), 9)", "it was killed (SIGKILL)"),
    "eats memory at once": ("return len(bytearray(1 << 30))", "it used more than 256 MiB"),
    "eats memory": (
        """
        taken = []
        while True:
            taken.append(bytearray(1 << 20))
        """,
        "it used more than 256 MiB",
    ),
    "eats memory by mapping": (
        """
        import mmap
        try:
            return [mmap.mmap(-1, 1 << 24) for _ in range(100)]
        except OSError:
            raise MemoryError
        """,
        "it used more than 256 MiB",
    ),
    "forges frames": (
        """
        for fd in range(256):
            try:
                os.write(fd, bytes([0, 0, 0, 2, 0, 0, 0, 0]) + b'{}')
            except OSError:
                pass
        """,
        "it wrote into the channel of its results",
    ),
    "sends a frame of a gigabyte": (
        """
        os.write(3, bytes([64, 0, 0, 0, 0, 0, 0, 0]))
        while True:
            os.write(3, b'x' * 65536)
        """,
        "it wrote into the channel of its results",
    ),
    "sends its frame twice": (
        """
        import gc
        report = next(one for one in gc.get_objects() if type(one).__name__ == 'Report')
        report.frame(n=0, output='1', exception=None, where=None, inside=False)
        """,
        "it wrote into the channel of its results",
    ),
    "says it is done": (
        """
        import gc
        next(one for one in gc.get_objects() if type(one).__name__ == 'Report').end('done')
        """,
        "it ended the process (exit 0)",
    ),
    "has a repr that loops": (
        """
        class Loop:
            def __repr__(self):
                while True: pass
        return Loop()
        """,
        TOO_LONG,
    ),
}

DENIED = {
    "writes into the folder": "open('made', 'w')",
    "writes beside its module": "open(os.path.join(os.path.dirname(__file__), 'made.py'), 'w')",
    "writes over its module": "open(__file__, 'r+')",
    "writes a temporary file": "os.open('/tmp/made-by-a-body', os.O_CREAT | os.O_WRONLY)",
    "writes into memory": "open('/dev/shm/made-by-a-body', 'w')",
    "removes its module": "os.unlink(__file__)",
    "renames its module": "os.rename(__file__, __file__ + '.old')",
    "cuts its module": "os.truncate(__file__, 0)",
    "makes a folder": "os.mkdir(os.path.join(os.path.dirname(__file__), 'made'))",
    "makes a link": "os.symlink(__file__, os.path.join(os.path.dirname(__file__), 'made'))",
    "makes a second name": "os.link(__file__, os.path.join(os.path.dirname(__file__), 'made'))",
    "makes a pipe": "os.mkfifo(os.path.join(os.path.dirname(__file__), 'made'))",
    "changes a mode": "os.chmod(__file__, 0o777)",
    "changes a mode by descriptor": "os.fchmod(os.open(__file__, os.O_RDONLY), 0o777)",
    "changes an owner": "os.chown(__file__, os.getuid(), os.getgid())",
    "changes times": "os.utime(__file__, (0, 0))",
    "changes attributes": "os.setxattr(__file__, 'user.made', b'x')",
    "opens a TCP socket": "import socket; socket.create_connection(('127.0.0.1', 9))",
    "opens a UDP socket": "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "opens a unix socket": "import socket; socket.socket(socket.AF_UNIX)",
    "opens datagram pairs": "import socket; socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)",
    "connects a pair anew": "import socket; socket.socketpair()[0].connect('/dev/log')",
    "passes descriptors on": "import socket; socket.socketpair()[0].sendmsg([b'x'])",
    "reads a key": "return open(HOME + '/.ssh/id_rsa').read()",
    "reads a key by a link": "return open(os.path.join(os.path.dirname(__file__), 'link.txt')).read()",
    "reads .env": "return open(os.path.join(os.path.dirname(__file__), '.env')).read()",
    "reads credentials": "return open(os.path.join(os.path.dirname(__file__), 'credentials.json')).read()",
    "reads a certificate's key": "return open(os.path.join(os.path.dirname(__file__), 'data', 'server.key')).read()",
    "reads the accounts": "return open('/etc/passwd').read()",
    "reads its parent's variables": "return open(f'/proc/{os.getppid()}/environ').read()",
    "reads its parent's memory": "return open(f'/proc/{os.getppid()}/mem', 'rb')",
    "lists processes": "return os.listdir('/proc')",
    "lists a home": "return os.listdir(HOME)",
    "forks": "os.fork()",
    "forks for ever": "while True: os.fork()",
    "forks into a new session": "os.setsid()",
    "starts a program": "import subprocess; subprocess.run(['true'])",
    "becomes a program": "os.execv('/bin/true', ['true'])",
    "spawns a program": "os.posix_spawn('/bin/true', ['true'], {})",
    "starts a process": "import multiprocessing; multiprocessing.get_context('fork').Process(target=print).start()",
    "makes a file in memory": "os.memfd_create('made')",
    "stops its parent": "os.kill(os.getppid(), 19)",
    "kills its parent": "os.kill(os.getppid(), 9)",
    "kills everything": "os.kill(-1, 9)",
    "kills a group": "os.killpg(os.getpgid(os.getppid()), 9)",
    "has a descriptor send signals": "import fcntl; fcntl.fcntl(3, fcntl.F_SETOWN, os.getppid())",
    "takes hold of its parent": "os.pidfd_open(os.getppid())",
    "traces its parent": "call(101 if MACHINE == 'x86_64' else 117, 16, os.getppid(), 0, 0)",
    "reads another's memory": "call(310 if MACHINE == 'x86_64' else 270, os.getppid(), None, 0, None, 0, 0)",
    "leaves its namespaces": "call(272 if MACHINE == 'x86_64' else 97, 0x10000000)",
    "opens a ring": "call(425, 1, None)",
    "asks for keys": "call(250 if MACHINE == 'x86_64' else 219, 0, -3, 0)",
    "shares memory": "call(29 if MACHINE == 'x86_64' else 194, 0, 4096, 0o1600)",
    "watches the machine": "call(298 if MACHINE == 'x86_64' else 241, None, 0, -1, -1, 0)",
    "changes its user": "os.setuid(os.getuid())",
    "changes its priority": "os.nice(0) or os.setpriority(os.PRIO_PROCESS, os.getppid(), 5)",
    "changes its parent's scheduler": "os.sched_setscheduler(os.getppid(), os.SCHED_BATCH, os.sched_param(0))",
    "changes its parent's scheduling": "os.sched_setparam(os.getppid(), os.sched_param(0))",
    "changes its parent's attributes": "call(314 if MACHINE == 'x86_64' else 274, os.getppid(), SCHED, 0)",
    "shares its parent's core": "call(157 if MACHINE == 'x86_64' else 167, 62, 2, os.getppid(), 0, 0)",
    "changes flags of its module": "fcntl.ioctl(os.open(__file__, 0), 0x40086602, bytes([64, *bytes(7)]))",
    "has others wait for its module": "fcntl.fcntl(os.open(__file__, 0), fcntl.F_SETLEASE, fcntl.F_RDLCK)",
    "moves its root": "os.chroot('/')",
    "sets limits of its parent": "import resource; resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1))",
}

CALL = """
import ctypes, fcntl, os
HOME, MACHINE, SCHED = {home!r}, os.uname().machine, (48).to_bytes(4, 'little') + bytes([3, *bytes(43)])
def call(*arguments):
    if ctypes.CDLL(None, use_errno=True).syscall(*arguments) < 0:
        raise OSError(ctypes.get_errno(), 'denied')
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("someone")
    (folder / ".ssh").mkdir()
    (folder / ".ssh" / "id_rsa").write_text("a key")
    (folder / "code" / "data").mkdir(parents=True)
    for name in (".env", "credentials.json", "data/server.key", "plain.txt"):
        (folder / "code" / name).write_text("hidden")
    (folder / "code" / "link.txt").symlink_to(folder / ".ssh" / "id_rsa")
    (folder / "code" / "shapes.py").write_text(GOOD)
    return folder


@pytest.fixture(scope="module")
def running(home: Path) -> Iterator[Sandbox]:
    with sandbox(home / "code" / "shapes.py") as one:
        yield one


@pytest.fixture(scope="module")
def hurried(home: Path) -> Iterator[Sandbox]:
    """For bodies that do not end."""
    with sandbox(home / "code" / "shapes.py", limits=replace(LIMITS, seconds=1.0)) as one:
        yield one


@pytest.fixture
def untouched(request: pytest.FixtureRequest, home: Path) -> Iterator[None]:
    """Afterwards: files, processes and later jobs are as they were."""
    path = home / "code" / "shapes.py"
    running: Sandbox = request.getfixturevalue("hurried" if "hurried" in request.fixturenames else "running")
    outputs(running.run(job(path, "f()")))
    before = _files(home), set(os.listdir("."))
    process = running._process
    yield
    assert (_files(home), set(os.listdir("."))) == before
    assert not [name for name in (*os.listdir("/tmp"), *os.listdir("/dev/shm")) if name == "made-by-a-body"]  # noqa: S108
    assert process is not None
    assert running._process is process
    assert children_of(process.pid) == []
    assert outputs(running.run(job(path, "f()"))) == ["'fine'\n"]


def _files(folder: Path) -> dict[str, object]:
    def state(path: Path) -> object:
        status = path.lstat()
        return status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns

    return {str(path): state(path) for path in folder.rglob("*")}


@pytest.mark.slow
@pytest.mark.parametrize("what", [what for what in ENDED if ENDED[what][1] == TOO_LONG])
@pytest.mark.usefixtures("untouched")
def test_a_body_is_stopped_in_time_that(what: str, home: Path, hurried: Sandbox) -> None:
    outcome = hurried.run(job(home / "code" / "shapes.py", "f()", "1", source=body(ENDED[what][0])))

    assert outcome.ended == TOO_LONG
    assert outcome.import_failure is None


@pytest.mark.parametrize("what", [what for what in ENDED if ENDED[what][1] != TOO_LONG])
@pytest.mark.usefixtures("untouched")
def test_a_body_is_stopped_and_named_that(what: str, home: Path, running: Sandbox) -> None:
    text, ended = ENDED[what]

    outcome = running.run(job(home / "code" / "shapes.py", "f()", "1", source=body(text)))

    assert outcome.ended == ended
    assert outcome.import_failure is None


@pytest.mark.parametrize("what", DENIED)
@pytest.mark.usefixtures("untouched")
def test_a_body_is_denied_what_it_does_when_it(what: str, home: Path, running: Sandbox) -> None:
    if running.level != FULL:
        pytest.skip(f"only {running.level} here")
    source = CALL.format(home=str(home)) + body(DENIED[what])

    outcome = running.run(job(home / "code" / "shapes.py", "f()", source=source))

    assert outcome.ended is None
    (ran,) = outcome.ran
    assert (ran.exception or ran.output).startswith("PermissionError: [Errno 1")


RAISES = {
    "recurses for ever": ("return f()", "RecursionError: maximum recursion depth exceeded"),
    "leaves": ("sys.exit(3)", "SystemExit: 3"),
    "interrupts": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "has a repr that raises": (
        """
        class Bad:
            def __repr__(self):
                raise ValueError('no repr')
        return Bad()
        """,
        "ValueError: no repr",
    ),
    "raises what cannot be told": (
        """
        class Bad(Exception):
            def __str__(self):
                raise SystemExit
        raise Bad
        """,
        "shapes.f.<locals>.Bad: <",
    ),
    "raises an endless text": ("raise ValueError('x' * 10_000_000)", "ValueError: xxx"),
    "raises half a character": ("raise ValueError('\\udc80')", "ValueError: \\udc80"),
    "closes its output": ("sys.stdout.close(); print(1)", "ValueError: "),
}


@pytest.mark.parametrize("what", RAISES)
@pytest.mark.usefixtures("untouched")
def test_a_failure_is_told_like_any_other_of_a_body_that(what: str, home: Path, running: Sandbox) -> None:
    text, exception = RAISES[what]

    outcome = running.run(job(home / "code" / "shapes.py", "f()", "1", source=body(text)))

    assert outcome.ended is None
    first, second = outcome.ran
    assert (first.exception or "").startswith(exception)
    assert len(first.exception or "") < 5_000
    assert second == Ran("1\n", None, None, inside=False)


LASTING = {
    "json": "import json; json.loads = json.dumps = lambda *a, **k: 'x'",
    "print": "import builtins; builtins.print = builtins.repr = None",
    "the streams": "sys.stdout = sys.stderr = None",
    "the runner": "import traceback, marshal, io; traceback.format_exception_only = io.TextIOWrapper = None",
    "the import system": "sys.meta_path.clear(); sys.path.clear(); sys.modules.clear()",
    "the clock": "time.monotonic = lambda: 0",
    "threads": "import threading; [threading.Thread(target=time.sleep, args=(60,)).start() for _ in range(4)]",
    "exit functions": "import atexit; atexit.register(time.sleep, 60)",
    "a trace": "sys.settrace(lambda *a: time.sleep(60)); sys.setprofile(None)",
}


@pytest.mark.parametrize("what", LASTING)
@pytest.mark.usefixtures("untouched")
def test_nothing_lasts_that_a_body_does_to(what: str, home: Path, hurried: Sandbox) -> None:
    hurried.run(job(home / "code" / "shapes.py", "f()", source=body(LASTING[what])))


@pytest.mark.usefixtures("untouched")
def test_no_body_sees_a_key_of_this_process(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "a-key")
    monkeypatch.setenv("LD_PRELOAD", "")
    with sandbox(home / "code" / "shapes.py") as one:
        (names,) = outputs(one.run(job(home / "code" / "shapes.py", "import os; sorted(os.environ)")))
    assert "OPENAI" not in names
    assert "LD_PRELOAD" not in names
    assert "PYTHON" not in names


@pytest.mark.usefixtures("untouched")
def test_what_a_thread_does_later_ends_with_the_job(home: Path, running: Sandbox) -> None:
    text = "import threading; threading.Thread(target=lambda: [time.sleep(9), os._exit(1)]).start()"
    outcome = running.run(job(home / "code" / "shapes.py", "f()", source=body(text)))
    assert outputs(outcome) == [""]


@pytest.mark.slow
def test_a_deep_stack_is_no_more_than_a_crash(home: Path, running: Sandbox) -> None:
    text = "sys.setrecursionlimit(10 ** 9); return f()"
    outcome = running.run(job(home / "code" / "shapes.py", "f()", source=body(text)))
    assert outcome.ended or outcome.ran[0].exception  # Pythons differ in which stack or memory ends first
    assert outputs(running.run(job(home / "code" / "shapes.py", "f()"))) == ["'fine'\n"]
