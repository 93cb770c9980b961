"""How many tasks are done side by side follows from what this process may use of the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.batch.capacity import SLOT_MIB, Capacity, measured_capacity

GIB = 1024 * 1024 * 1024


@pytest.mark.parametrize(
    ("cores", "memory_mib", "num_slots"),
    [
        (2, None, 2),
        (8, 64 * 1024, 8),
        (8, 4 * 1024, 3),  # (4,096 - 400) / 1,150
        (1.5, None, 1),
        (0.5, None, 1),
        (8, 500, 1),
    ],
)
def test_slots_have_a_core_and_memory_each(
    cores: float, memory_mib: float | None, num_slots: int
) -> None:
    """The scarcer of the two decides; there is always one slot."""
    assert num_slots == Capacity(cores, memory_mib).num_slots


@pytest.mark.parametrize(
    ("memory_mib", "num_slots", "is_tight"),
    [
        (None, 1, False),
        (768, 1, True),
        (1549, 1, True),
        (1550, 1, False),  # 400 + 1,150
        (2048, 2, True),
    ],
)
def test_memory_is_tight_where_slots_have_less_than_they_take(
    memory_mib: float | None, num_slots: int, *, is_tight: bool
) -> None:
    """So it is in the smallest containers, and with more --jobs than there is memory for."""
    assert is_tight == Capacity(8, memory_mib).is_tight(num_slots)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """The root of a machine with 16 GiB available that tells nothing of control groups."""
    write(tmp_path, "proc/meminfo", f"MemTotal: 1 kB\nMemAvailable:   {16 * 1024 * 1024} kB\n")
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    """Write a file with the folders above it."""
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, "ascii")


def test_memory_of_the_machine(machine: Path) -> None:
    """Without control groups all that is available counts."""
    capacity = measured_capacity(machine)

    assert 16 * 1024 == capacity.memory_mib
    assert capacity.cores >= 1


def test_control_groups_of_version_2(machine: Path) -> None:
    """The tightest limit on the way from the process's group up counts, less what is taken."""
    write(machine, "proc/self/cgroup", "0::/user/job\n")
    write(machine, "sys/fs/cgroup/user/cpu.max", "50000 100000\n")
    write(machine, "sys/fs/cgroup/user/job/cpu.max", "max 100000\n")
    write(machine, "sys/fs/cgroup/user/job/memory.max", f"{4 * GIB}\n")
    write(machine, "sys/fs/cgroup/user/job/memory.current", f"{2 * GIB}\n")
    write(machine, "sys/fs/cgroup/user/job/memory.stat", f"anon 5\ninactive_file {GIB}\n")
    write(machine, "sys/fs/cgroup/user/memory.max", "max\n")
    write(machine, "sys/fs/cgroup/user/memory.current", f"{2 * GIB}\n")

    assert Capacity(0.5, 3 * 1024) == measured_capacity(machine)


def test_control_groups_of_version_1(machine: Path) -> None:
    """The older layout, with a folder for each controller, is read as well."""
    write(machine, "proc/self/cgroup", "4:memory:/docker/abc\n2:cpu,cpuacct:/docker/abc\n")
    write(machine, "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "25000\n")
    write(machine, "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n")
    write(machine, "sys/fs/cgroup/memory/memory.limit_in_bytes", f"{2 * GIB}\n")
    write(machine, "sys/fs/cgroup/memory/memory.usage_in_bytes", f"{GIB}\n")

    assert Capacity(0.25, 1024) == measured_capacity(machine)


def test_no_quota(machine: Path) -> None:
    """A quota of -1, or one as large as no machine is, limits nothing."""
    write(machine, "proc/self/cgroup", "1:cpu:/\n2:memory:/\n")
    write(machine, "sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n")
    write(machine, "sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n")
    write(machine, "sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n")
    write(machine, "sys/fs/cgroup/memory/memory.usage_in_bytes", f"{GIB}\n")

    assert measured_capacity(machine).cores >= 1
    assert 16 * 1024 == measured_capacity(machine).memory_mib


def test_system_that_tells_nothing(tmp_path: Path) -> None:
    """Where there is no /proc, cores alone decide."""
    assert measured_capacity(tmp_path).memory_mib is None


def test_a_slot_is_what_was_measured() -> None:
    """Two slots and the grader stay within the memory that a batch may take."""
    assert 2 * SLOT_MIB <= 2.5 * 1024
