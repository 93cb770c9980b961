"""Batch: how many tasks this machine, or what of it this process may use, takes side by side."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.training.worker import available_threads

# At its peak a slot has a worker that trains; while it describes it has a sandbox and a worker that
# only rebuilds, which together take less.
SLOT_MIB = 1150
# The grader itself, and some of the machine for everything else.
RESERVED_MIB = 400
_KIB, _MIB = 1024, 1024 * 1024


@dataclass(frozen=True)
class Capacity:
    """Cores and memory that this process may use; None where the system does not tell."""

    cores: float
    memory_mib: float | None

    @property
    def num_slots(self) -> int:
        """As many as have a core and memory of their own; at least one."""
        slots = math.floor(self.cores)
        if self.memory_mib is not None:
            slots = min(slots, math.floor((self.memory_mib - RESERVED_MIB) / SLOT_MIB))
        return max(1, slots)

    def is_tight(self, num_slots: int) -> bool:
        """Whether so many slots have no room for two processes with Keras each."""
        if self.memory_mib is None:
            return False
        return self.memory_mib < RESERVED_MIB + num_slots * SLOT_MIB


def measured_capacity(root: Path = Path("/")) -> Capacity:
    """The smallest of what scheduler, machine and control groups (of Linux) allow.

    `root` is where /proc and /sys are found.
    """
    cores = available_threads()
    groups = list(_groups(root))
    quotas = [quota for folder in groups if (quota := _quota(folder)) is not None]
    free = [rest for folder in groups if (rest := _free_mib(folder)) is not None]
    available = _available_mib(root)
    memory = [*free, *([] if available is None else [available])]
    return Capacity(min([cores, *quotas]), min(memory, default=None))


def _groups(root: Path) -> Iterator[Path]:
    """The folders of this process's control groups, of either version, and of those above them."""
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", maxsplit=2)
        base = root / "sys/fs/cgroup" / controllers
        folder = base / path.lstrip("/")
        yield from (one for one in (folder, *folder.parents) if one.is_relative_to(base))


def _quota(group: Path) -> float | None:
    """Cores that the group may use at a time."""
    quota, _, period = _text(group / "cpu.max").partition(" ")
    if not period:
        quota, period = _text(group / "cpu.cfs_quota_us"), _text(group / "cpu.cfs_period_us")
    microseconds, each = _number(quota), _number(period)
    return microseconds / each if microseconds and each and microseconds > 0 else None


def _free_mib(group: Path) -> float | None:
    """Memory that the group may still take; what it holds of files can be given back."""
    for limit_file, used_file, kept in (
        ("memory.max", "memory.current", "inactive_file"),
        ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    ):
        limit, used = _number(_text(group / limit_file)), _number(_text(group / used_file))
        if limit is not None and used is not None:
            return (limit - used + _field(_text(group / "memory.stat"), kept)) / _MIB
    return None


def _available_mib(root: Path) -> float | None:
    available = _field(_text(root / "proc/meminfo"), "MemAvailable:")
    return available / _KIB if available else None


def _field(text: str, name: str) -> float:
    """The number behind a name at the beginning of a line; 0 where there is none."""
    for line in text.splitlines():
        words = line.split()
        if words[:1] == [name]:
            return _number(words[1]) or 0.0
    return 0.0


def _number(text: str) -> float | None:
    return float(text) if text.strip().lstrip("-").isdigit() else None


def _text(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except (OSError, UnicodeError):
        return ""
