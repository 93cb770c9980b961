"""What an instructor is told while a class is graded, and what stays in the log."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from grader.batch.tally import Tally
from grader.batch.tasks import RebuildTask, TrainTask
from grader.cli.progress import Shown, shown
from grader.records import (
    UNKNOWN_TOTALS,
    Architecture,
    Grade,
    History,
    Layer,
    Outcome,
    Progress,
    Protocol,
    Rebuilt,
    Splits,
    Student,
    Submission,
    Training,
)
from grader.training.task import Kernels, TrainingTask


def network(name: str) -> Architecture:
    """A network of one input, whose digest is this name."""
    layers = (Layer("InputLayer", {}),)
    return Architecture(layers, (0,), name, (), UNKNOWN_TOTALS, ((None, 4),))


def training_of(name: str) -> TrainTask:
    """The training of that network, two epochs long."""
    protocol = Protocol(2, 8, "adam", "categorical_crossentropy", "standardize-per-pixel", 1)
    kernel = Kernels.FAST
    task = TrainingTask(network(name), None, protocol, (4,), 3, 60.0, "d" * 64, 1, kernel)
    return TrainTask(task, {}, "fc_a")


def result_of(task: TrainTask, outcome: Outcome) -> Training:
    """What the training gave."""
    figures = Splits(0.9, 0.8, 0.75)
    return Training(task.key, outcome, figures, figures, 2, 9.6, 9.0, 1, 1, History())


def submission(name: str) -> Submission:
    """A submission of nothing."""
    return Submission(name, Student(name), {})


def class_of_two(show: Tally) -> None:
    """Two students are graded: one network trains, another fails at first and times out then."""
    fine, slow = training_of("fine"), training_of("slow")
    rebuilding = RebuildTask(network("fine"), {}, "fc_a")
    show.planned(rebuilding)
    show.started(rebuilding)
    show.described(submission("ann"))
    show.described(submission("bob"))
    show.done(rebuilding, Rebuilt((), UNKNOWN_TOTALS, (), None))
    for task in (fine, slow):
        show.planned(task)
    show.beat()
    for task in (fine, slow):
        show.started(task)
    show.progressed(fine.key, Progress(1, 2, 0.5, 0.5, 0.5, 1.0))
    show.retried(slow, "the worker\nwas lost")
    show.done(fine, result_of(fine, Outcome.PASSED))
    show.started(slow)
    show.done(slow, result_of(slow, Outcome.TIMED_OUT))
    show.failed(submission("bob"), "Traceback: \x1b[31mred")
    show.graded(Grade("ann", Student("Ann\x1b[31m"), 2.5, 4.0, (), "students/ann/index.html"))


EXPECTED = (
    "2 submissions described, 2 different networks to train",
    "training fc_a (K) begins",
    "training fc_a (K) begins",
    "fc_a (K) is done again: the worker was lost",
    (
        "training fc_a (K): passed after 2 epochs, test accuracy 0.75, 10 s (2 of 2 described, "
        "1 of 2 networks trained, about N s left)"
    ),
    "training fc_a (K) begins",
    (
        "training fc_a (K): timed out after 2 epochs, test accuracy 0.75, 10 s (2 of 2 described, "
        "2 of 2 networks trained, 1 failure)"
    ),
    "bob: the grader failed here",
    "Traceback: red",
    "graded 1 of 2: Ann, 2.5 of 4 points, OUT/students/ann/index.html",
)


def scrubbed(text: str, out: Path) -> list[str]:
    """The lines with keys, times and the folder made alike."""
    text = re.sub(r"\([0-9a-f]{8}\)", "(K)", text.replace(str(out), "OUT"))
    text = re.sub(r"about \d+ s left", "about N s left", text)
    return re.sub(r"(?m)^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d ", "", text).splitlines()


@pytest.mark.parametrize("quiet", [True, False])
def test_lines_without_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *, quiet: bool
) -> None:
    """Each event is a line on standard error, with --quiet none; in the log it is always."""
    with shown(2, tmp_path, quiet=quiet) as show:
        class_of_two(show)
    said = capsys.readouterr()

    assert "" == said.out
    assert ([] if quiet else list(EXPECTED)) == scrubbed(said.err, tmp_path)
    assert list(EXPECTED) == scrubbed((tmp_path / "grader.log").read_text("utf-8"), tmp_path)


def test_log_goes_on(tmp_path: Path) -> None:
    """A second run writes behind the first, each line with its time."""
    for _ in range(2):
        with shown(1, tmp_path, quiet=True) as show:
            show.say("a line")
    lines = (tmp_path / "grader.log").read_text("utf-8").splitlines()

    assert 2 == len(lines)
    for line in lines:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d a line", line)


def test_heartbeat_tells_what_is_running(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a minute of silence a line says how far everything is, and not a second one at once."""
    task = training_of("fine")
    with shown(1, tmp_path, quiet=False) as show:
        show.described(submission("ann"))
        show.planned(task)
        show.started(task)
        show.beat()
        show.progressed(task.key, Progress(1, 2, 0.5, 0.5, 0.5, 1.0))
        capsys.readouterr()
        later = time.monotonic() + 61
        monkeypatch.setattr("grader.cli.progress.time.monotonic", lambda: later)
        show.beat()
        show.beat()
    (line,) = capsys.readouterr().err.splitlines()

    assert line.startswith("1 of 1 described, 0 of 1 networks trained, about ")
    assert line.endswith(f"left; running: fc_a ({task.key[:8]}), epoch 1 of 2")


def test_bars_on_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal the lines stay, and bars count submissions, networks and epochs below them."""
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "150")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    task = training_of("fine")
    with shown(2, tmp_path, quiet=False) as show:
        class_of_two(show)
        show.planned(training_of("other"))
        show.started(training_of("other"))
        show.progressed(training_of("other").key, Progress(1, 2, 0.5, 0.5, 0.5, 1.0))
        show.beat()
    said = capsys.readouterr().err

    assert f"training fc_a ({task.key[:8]}): passed after 2 epochs" in said
    assert "submissions described, 2 failures" in said
    assert "networks trained" in said
    assert f"training fc_a ({training_of('other').key[:8]})" in said


def test_full_disk_of_the_log_stops_nothing(tmp_path: Path) -> None:
    """Lines that cannot be written to the log are lost, and nothing else is."""
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    with Path("/dev/full").open("ab", buffering=0) as log:
        Shown(1, tmp_path, log).say("a line")
        Shown(1, tmp_path, log).say("another line")
