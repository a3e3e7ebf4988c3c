"""What this machine gives to this process: memory and cores, within the limits of its control groups."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Files(NamedTuple):
    """How a version of control groups names the files that count memory."""

    most: str
    used: str
    reclaimable: str


_VERSION_1 = _Files("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
_VERSION_2 = _Files("memory.max", "memory.current", "inactive_file")


def available_memory(root: str = "/") -> int | None:
    """Bytes that this process can still take, None where nothing tells; `root` is where the system's files lie."""
    left = [*_left_in_system(), *_left_in_groups(root)]
    return max(0, min(left)) if left else None


def usable_cores(root: str = "/") -> int:
    """Cores that this process can compute on, 1 or more: two threads of one core compute no faster than one."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([allowed, *_physical_cores(), *_quotas(root)]))


def _left_in_system() -> Iterator[int]:
    try:
        yield psutil.virtual_memory().available
    except (OSError, RuntimeError, ValueError):  # no /proc, or one that a sandbox keeps to itself
        return


def _physical_cores() -> Iterator[int]:
    try:
        cores = psutil.cpu_count(logical=False)
    except (OSError, RuntimeError, ValueError):
        return
    if cores:
        yield cores


def _left_in_groups(root: str) -> Iterator[int]:
    for folder, files in [*_groups(root, "memory", _VERSION_1), *_groups(root, "", _VERSION_2)]:
        most, used = _read(folder, files.most), _read(folder, files.used)
        if most.isdigit() and used.isdigit():
            kept = dict(line.split() for line in _read(folder, "memory.stat").splitlines() if line.count(" ") == 1)
            yield int(most) - int(used) + int(kept.get(files.reclaimable, 0))


def _quotas(root: str) -> Iterator[int]:
    """The cores that control groups grant, rounded to whole ones."""
    for folder, _ in _groups(root, "", _VERSION_2):
        quota, _, period = _read(folder, "cpu.max").partition(" ")
        if quota.isdigit() and period.isdigit():
            yield max(1, round(int(quota) / int(period)))
    for folder, _ in _groups(root, "cpu", _VERSION_1):
        quota, period = _read(folder, "cpu.cfs_quota_us"), _read(folder, "cpu.cfs_period_us")
        if quota.isdigit() and period.isdigit():
            yield max(1, round(int(quota) / int(period)))


def _groups(root: str, controller: str, files: _Files) -> Iterator[tuple[str, _Files]]:
    """The folders of the group of this process and of those it lies in; where it has none that is seen, the topmost."""
    top = os.path.join(root, "sys/fs/cgroup", controller)
    for line in _read(os.path.join(root, "proc/self"), "cgroup").splitlines():
        _, controllers, group = line.split(":", 2)
        if controller in controllers.split(","):
            parts = [part for part in group.split("/") if part]
            yield from ((os.path.join(top, *parts[:depth]), files) for depth in range(len(parts) + 1))


def _read(folder: str, name: str) -> str:
    try:
        with open(os.path.join(folder, name), encoding="ascii") as file:
            return file.read().strip()
    except (OSError, ValueError):
        return ""
