"""What all commands have in common: help with an example, quick starts; and `grader doctor`."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from grader.cli import commands, main
from grader.cli.stopping import Stopped, stoppable
from grader.errors import GraderError, UsageError

if TYPE_CHECKING:
    from tests.cli.conftest import Grader

SLOW_MODULES = ("keras", "tensorflow", "matplotlib", "h5py")


@pytest.mark.parametrize("name", sorted(commands.commands))
def test_help_shows_an_example(name: str) -> None:
    """The help of every command has an example of it, on a line of its own."""
    told = CliRunner().invoke(commands, [name, "--help"], prog_name="grader").output

    assert "Example" in told
    assert any(line.strip().startswith(f"grader {name}") for line in told.splitlines())


def test_help_names_every_command() -> None:
    """The help of the whole has an example too, and each command with what it does."""
    told = CliRunner().invoke(commands, ["--help"], prog_name="grader").output

    assert "  grader grade " in told
    lines = [line.split(maxsplit=1) for line in told.partition("Commands:")[2].splitlines() if line]
    assert sorted(commands.commands) == [name for name, _ in lines]


def test_version_is_told() -> None:
    """`grader --version` names the program and its version."""
    told = CliRunner().invoke(commands, ["--version"], prog_name="grader").output

    assert told.startswith("grader, version 0.")


@pytest.mark.parametrize("arguments", [["--help"], ["grade", "--help"], ["grade"]])
def test_help_imports_nothing_slow(arguments: list[str]) -> None:
    """Help and a wrong call come at once: neither Keras nor the drawing of figures is imported."""
    program = (
        "import sys\n"
        "from grader.cli import main\n"
        f"sys.argv[1:] = {arguments}\n"
        "try:\n"
        "    main()\n"
        "finally:\n"
        f"    print('imported:', [m for m in {SLOW_MODULES} if m in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )

    assert "imported: []" in done.stdout


@pytest.mark.slow
def test_doctor_tries_every_step(grader: Grader) -> None:
    """Where all works, doctor names versions, cores, data and each step, and ends with 0."""
    ran = grader("doctor")

    assert (0, "") == (ran.code, ran.err)
    for fact in ("grader", "python", "cores", "keras", "tensorflow", "small, 32 / 16 / 16 images"):
        assert fact in ran.out
    assert "DOES NOT WORK" not in ran.out
    works = [line.split()[0] for line in ran.out.splitlines() if "works:" in line]
    assert ["packages", "sheets", "sandbox", "describe", "data", "cache"] == works


def test_doctor_counts_all_that_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Trainings and checked files are told with their sizes, and how to be rid of them."""
    from grader.cli import examination

    monkeypatch.setenv("GRADER_CACHE", str(tmp_path))
    for folder, sizes in (("trainings", (1024,)), ("findings", (2048, 1024))):
        (tmp_path / folder).mkdir()
        for index, size in enumerate(sizes):
            (tmp_path / folder / f"{index}.json").write_bytes(bytes(size))

    monkeypatch.setattr(examination, "_describe", lambda: "a network")
    told = CliRunner().invoke(commands, ["doctor"], prog_name="grader").output

    assert "1 training (1 KiB) and 2 checked files (3 KiB)" in told
    assert f"in {tmp_path}; its folders trainings and findings may be deleted" in told


def test_doctor_says_what_does_not_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A step that fails is told with its reason, the others are tried too; it ends with 3."""
    from grader.cli import examination

    monkeypatch.setenv("GRADER_DATA", str(tmp_path / "no_such_file.npz"))
    monkeypatch.setattr(examination, "_describe", lambda: "a network")
    done = CliRunner().invoke(commands, ["doctor"], prog_name="grader")

    assert 3 == done.exit_code
    (trouble,) = [line for line in done.output.splitlines() if "DOES NOT WORK" in line]
    assert trouble.startswith("data")
    assert "no_such_file.npz" in trouble
    assert "cache        works" in done.output


def test_unforeseen_failure_ends_with_3(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody foresaw is the grader's own failure, never the 1 of a part not passed."""
    monkeypatch.setattr(commands, "main", lambda **_: 1 / 0)

    with pytest.raises(SystemExit) as ended:
        main()

    assert 3 == ended.value.code


@pytest.mark.parametrize(("fault", "code"), [(UsageError, 2), (GraderError, 3)])
def test_whose_fault_it_is_decides_the_exit_code(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: type[Exception],
    code: int,
) -> None:
    """A wrong call ends with 2, a failure of the grader with 3, either with its sentence alone."""

    def fail(**_: object) -> None:
        raise fault("The disk is full.")

    monkeypatch.setattr(commands, "main", fail)

    with pytest.raises(SystemExit) as ended:
        main()

    assert code == ended.value.code
    assert "grader: The disk is full.\n" == capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_asked_to_end(number: signal.Signals) -> None:
    """Ctrl-C and SIGTERM stop the work alike, each with its exit code, and are as before then."""
    # A shell has its jobs in the background ignore Ctrl-C, and then it is no word to stop.
    before = signal.signal(number, signal.default_int_handler)
    try:
        with pytest.raises(Stopped) as stopped, stoppable():
            signal.raise_signal(number)
        after = signal.getsignal(number)
    finally:
        signal.signal(number, before)

    assert 128 + number == stopped.value.code
    assert signal.default_int_handler == after
