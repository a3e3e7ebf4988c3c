"""The Pythons of this machine that the project supports, and a virtual environment for each.

Runs on whatever `python3` is there, with the standard library only.
"""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

SUPPORTED = ("3.10", "3.11", "3.12", "3.13", "3.14")

_PROBE = "import sys, ensurepip, venv; print('%d.%d' % sys.version_info[:2])"


def find_pythons() -> dict[str, str]:
    """The executable of each supported version that is found: this Python, the PATH, pyenv's and uv's.

    Those of the environments that are made here are left out.
    """
    found = {}
    for version in SUPPORTED:
        for candidate in _candidates(version):
            if _version(candidate) == version:
                found[version] = candidate
                break
    return found


def environment(python: str, folder: str, *requirements: str, extra: str = "") -> str:
    """The Python of a virtual environment in `folder`, with the project installed for editing, and an extra of it.

    It is made anew if it was made by another Python, or from another pyproject.toml or other `requirements`
    (arguments of `pip install`).
    """
    inside = os.path.join(folder, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))
    stamp = os.path.join(folder, "made-from")
    project = f".[{extra}]" if extra else "."
    wanted = _stamp(python, (project, *requirements))
    if os.path.exists(inside) and _read(stamp) == wanted:
        return inside
    started = time.monotonic()
    pip = (inside, "-m", "pip", "-qq", "--disable-pip-version-check", "install")
    _must(python, "-m", "venv", "--clear", folder)
    _must(*pip, "pip>=25.1")  # the first that knows dependency groups
    _must(*pip, "--editable", project, *requirements)
    with open(stamp, "w", encoding="utf-8") as file:
        file.write(wanted)
    print(f"made {os.path.relpath(folder, ROOT)} in {time.monotonic() - started:.0f} s", flush=True)
    return inside


def _must(*command: str) -> None:
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        sys.exit(f"failed: {' '.join(command)}")


def _candidates(version: str) -> list[str]:
    home = os.path.expanduser("~")
    pyenv = os.environ.get("PYENV_ROOT", os.path.join(home, ".pyenv"))
    uv = os.environ.get("UV_PYTHON_INSTALL_DIR", os.path.join(home, ".local", "share", "uv", "python"))
    names = (f"python{version}", "python3", "python")
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    on_path = (shutil.which(name, path=folder) for name in names for folder in folders)
    candidates = [
        sys.executable,
        *filter(None, on_path),
        *sorted(glob.glob(os.path.join(pyenv, "versions", f"{version}.*", "bin", "python"))),
        *sorted(glob.glob(os.path.join(uv, f"cpython-{version}.*", "bin", f"python{version}"))),
    ]
    return [python for python in dict.fromkeys(candidates) if not python.startswith(ROOT)]


def _version(python: str) -> str | None:
    """The version of an executable that works and can make virtual environments."""
    try:
        probe = subprocess.run([python, "-c", _PROBE], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return probe.stdout.strip() if probe.returncode == 0 else None


def _stamp(python: str, requirements: tuple[str, ...]) -> str:
    with open(os.path.join(ROOT, "pyproject.toml"), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    return "\n".join([os.path.realpath(python), ROOT, digest, *requirements, ""])


def _read(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return None
