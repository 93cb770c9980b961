"""The five solutions on the built-in data: the table's rows, and trainings that learn."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import astuple, replace
from pathlib import Path

import pytest

import data
from grader.grading import Evidence, examine, grade_part
from grader.records import Match, Outcome, Part, Source, Training
from grader.sandbox.launcher import Sandbox
from grader.sheets import load_sheets
from grader.training.task import TrainingTask, training_task
from grader.training.worker import Worker

pytestmark = pytest.mark.slow

SOLUTIONS = Path(__file__).parents[2] / "solutions"
PARTS = {part.id: part for sheet in load_sheets() for part in sheet.parts}
CHANCE = 1 / 8


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """A worker with all cores, as `pytest solutions` has it."""
    with Worker() as one:
        one.start()
        yield one


@pytest.fixture(scope="module")
def examined(worker: Worker) -> dict[str, Evidence]:
    """What is known of each solution before it is trained."""
    with Sandbox() as sandbox:
        return {
            part.id: examine(sandbox, worker.rebuild, part, [source_of(part)])
            for part in PARTS.values()
        }


def source_of(part: Part) -> Source:
    """The solution as a student would hand it in."""
    path = SOLUTIONS / part.sheet / f"{part.id}.py"
    return Source(part.id, path.name, path.read_bytes())


def task_of(part: Part, evidence: Evidence, epochs: int, threads: int) -> TrainingTask:
    """The training of a solution with this many epochs of its protocol."""
    description = evidence.described.description
    assert description.architecture is not None
    shortened = replace(part, protocol=replace(part.protocol, epochs=epochs))
    sha256 = data.load().sha256
    return training_task(shortened, description.architecture, description.compile, sha256, threads)


def without_times(training: Training) -> Training:
    """The training without what differs from one run to the next."""
    return replace(training, seconds=0.0, cpu_seconds=0.0)


def all_losses(training: Training) -> list[float]:
    """The final losses of the three splits and those after each epoch."""
    final = [loss for loss in astuple(training.loss) if loss is not None]
    assert 3 == len(final)
    return [*final, *training.history.loss, *training.history.val_loss]


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_solution_has_the_rows_of_its_table(part: Part, examined: dict[str, Evidence]) -> None:
    """Every row and all three totals of a solution are those of the printed table."""
    grade = grade_part(part, examined[part.id], "", with_training=False)

    assert {Match.SAME} == {row.match for row in grade.rows}
    assert list(part.reference.rows) == [row.reference for row in grade.rows]
    assert part.reference.totals == grade.submitted_totals
    assert (Outcome.PASSED, ()) == (grade.outcome, grade.hints)


def test_tables_have_64_rows(examined: dict[str, Evidence]) -> None:
    """All five solutions together have the 64 rows of the course's tables."""
    comparisons = [evidence.comparison for evidence in examined.values()]

    assert 64 == sum(len(comparison.rows) for comparison in comparisons if comparison)


@pytest.fixture(scope="module")
def full_fc_a(worker: Worker, examined: dict[str, Evidence]) -> Training:
    """Part fc_a, trained as a student's is."""
    return worker.train(task_of(PARTS["fc_a"], examined["fc_a"], 30, worker.threads))


def test_fc_a_learns(full_fc_a: Training) -> None:
    """The fully connected network of one layer does far better than guessing."""
    assert_trained(full_fc_a, epochs=30)
    assert full_fc_a.accuracy.test is not None
    assert full_fc_a.accuracy.test > 3 * CHANCE


def test_fc_b_learns(worker: Worker, examined: dict[str, Evidence]) -> None:
    """So does the one with two hidden layers, and it knows its training images by heart."""
    training = worker.train(task_of(PARTS["fc_b"], examined["fc_b"], 30, worker.threads))

    assert_trained(training, epochs=30)
    assert training.accuracy.test is not None
    assert training.accuracy.test > 3 * CHANCE
    assert training.accuracy.train is not None
    assert training.accuracy.train > 0.95


@pytest.mark.parametrize("part_id", ["cnn_a", "cnn_b", "cnn_c"])
def test_convolutional_networks_train(
    worker: Worker, examined: dict[str, Evidence], part_id: str
) -> None:
    """Two epochs of a convolutional network finish, and its loss goes down."""
    training = worker.train(task_of(PARTS[part_id], examined[part_id], 2, worker.threads))

    assert_trained(training, epochs=2)
    assert training.history.loss[1] < training.history.loss[0]


def assert_trained(training: Training, epochs: int) -> None:
    """All epochs are done, all losses are finite, and every test image has its place."""
    assert (Outcome.PASSED, epochs) == (training.outcome, training.epochs)
    assert 3 + 2 * epochs == len(all_losses(training))
    assert all(math.isfinite(loss) for loss in all_losses(training))
    assert [50] * 8 == [sum(row) for row in training.confusion]
    right = sum(row[label] for label, row in enumerate(training.confusion))
    assert training.accuracy.test == pytest.approx(right / 400)
    assert 400 - right == len(training.wrong)


# On the built-in data what tests/training/test_train.py shows of two processes on small data.
@pytest.mark.nightly
def test_same_training_gives_identical_numbers(
    worker: Worker, examined: dict[str, Evidence], full_fc_a: Training
) -> None:
    """Part fc_a in full, once more and in another process, gives the very same result."""
    task = task_of(PARTS["fc_a"], examined["fc_a"], 30, worker.threads)
    with Worker() as another:
        again = another.train(task)

    assert without_times(full_fc_a) == without_times(again)


# As tests/training/test_kernels.py, of the largest network.
@pytest.mark.nightly
def test_same_convolutions_give_identical_numbers(
    examined: dict[str, Evidence], tmp_path: Path
) -> None:
    """Two epochs of the largest network twice, whatever was trained between, are the same."""
    few = write_few_images(tmp_path / "few.npz")
    with Worker(data_path=few) as worker:
        task, other = (
            replace(
                task_of(PARTS[part], examined[part], 2, worker.threads),
                data_sha256=data.load(few).sha256,
            )
            for part in ("cnn_c", "fc_a")
        )
        first = worker.train(task)
        worker.train(other)

        assert without_times(first) == without_times(worker.train(task))


def write_few_images(path: Path) -> Path:
    """Three batches of the built-in training images, and a few of the others."""
    whole = data.load()
    arrays = {
        name: getattr(whole, name)[: 300 if "train" in name else 40]
        for kind in ("x", "y")
        for name in (f"{kind}_train", f"{kind}_valid", f"{kind}_test")
    }
    data.write_own_file(data.make_dataset(arrays, names=whole.names, name="few"), path)
    return path
