"""Measuring: trainings are done once, judged, and told; what fails is told with its seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

from data import DataSet
from grader.batch import Listener
from grader.batch.local import LocalExecutor
from grader.batch.memory import CachedTrainings
from grader.batch.schedule import Schedule
from grader.calibration import (
    Counts,
    Ledger,
    Plan,
    Pools,
    Result,
    make_plan,
    measure,
    to_be_trained,
)
from grader.calibration.markdown import part_report, story
from grader.calibration.results import calibration
from grader.errors import GraderError, SheetError
from grader.grading import Solution
from grader.records import Outcome, Part
from grader.training.cache import TrainingCache
from grader.training.task import TrainingTask

if TYPE_CHECKING:
    from tests.calibration.conftest import Workshop

Measuring: TypeAlias = Callable[[Plan], Result]


@pytest.fixture
def plan(part: Part, solution: Solution, dataset: DataSet) -> Plan:
    """Ten seeds of the reference, three of each choice."""
    return make_plan(part, solution, dataset.sha256, Counts(10, 3, 2))


@contextmanager
def opened(num_slots: int) -> Iterator[Pools]:
    """So many trainings on one thread side by side, one on two threads; the test's cache."""
    memory, listener = CachedTrainings(TrainingCache()), Listener()
    with (
        LocalExecutor(num_slots, None, listener.progressed, threads=1) as one,
        LocalExecutor(1, None, listener.progressed, threads=2) as two,
    ):
        yield {1: Schedule(one, memory, listener), 2: Schedule(two, memory, listener)}


@pytest.fixture
def pools(workshop: Workshop) -> Iterator[Pools]:
    """Two trainings side by side."""
    del workshop
    with opened(2) as pools:
        yield pools


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A ledger in which nothing stands yet."""
    return Ledger(tmp_path / "calibration.jsonl")


@pytest.fixture
def measuring(pools: Pools, ledger: Ledger, dataset: DataSet) -> Measuring:
    """Carries out a plan."""
    return lambda plan: measure(plan, pools, ledger, dataset)


def by_seed(task: TrainingTask) -> float:
    """A share of 40 images that follows from the seed; slips reach a quarter."""
    is_slip = task.compile is not None or not task.protocol.epochs
    return 0.25 if is_slip else (28 + task.protocol.seed % 4) / 40


def test_threshold_is_measured_and_kept(
    plan: Plan, measuring: Measuring, workshop: Workshop, dataset: DataSet
) -> None:
    """Mean, sd and seeds of the reference are kept, with data and versions, and the threshold."""
    workshop.accuracy = by_seed
    result = measuring(plan)
    kept = calibration(result, dataset, {"python": "3", "keras": "4", "tensorflow": "5", "c": "6"})

    # Seeds 1 to 10: 28 images and 1, 2, 3, 0, 1, 2, 3, 0, 1, 2 more.
    assert (0.7375, 0.0270, 10) == (kept.mean, kept.sd, kept.num_seeds)
    assert result.threshold.value == kept.threshold < 0.7
    assert ("small", dataset.sha256) == (kept.data, kept.data_sha256)
    assert {"python": "3", "keras": "4", "tensorflow": "5"} == kept.versions


def test_what_is_known_is_not_trained_again(
    plan: Plan, pools: Pools, workshop: Workshop, tmp_path: Path, dataset: DataSet
) -> None:
    """A second calibration trains nothing: the ledger knows the results, and so does the cache."""
    file, cache = tmp_path / "calibration.jsonl", TrainingCache()
    before = to_be_trained([plan], [Ledger(file)], cache)
    first = measure(plan, pools, Ledger(file), dataset)
    num_trained = len(workshop.trained)
    nothing_cached = TrainingCache(tmp_path / "elsewhere")

    assert 10 + 5 * 3 + 4 == num_trained == len(before)
    for kept in (Ledger(file), Ledger(tmp_path / "lost.jsonl")):
        known = to_be_trained([plan], [kept], cache)
        again = measure(plan, pools, kept, dataset)
        assert ([], first.threshold, num_trained) == (known, again.threshold, len(workshop.trained))
    assert [] == to_be_trained([plan], [Ledger(file)], nothing_cached)


def test_slips_that_are_told_apart_and_those_that_are_not(
    plan: Plan, measuring: Measuring, workshop: Workshop
) -> None:
    """A slip that reaches the threshold is warned of, and nothing fails."""

    def accuracy(task: TrainingTask) -> float:
        sigmoid = any(y.config.get("activation") == "sigmoid" for y in task.architecture.layers)
        return 0.7 if sigmoid else by_seed(task)

    workshop.accuracy = accuracy
    result = measuring(plan)
    told = part_report(result, None)

    reached = {slip.title: slip.measured for slip in result.slips}
    assert [0.25, 0.25] == [reached["untrained"], reached["always the commonest person"]]
    assert "sigmoid in hidden layers" in [slip.title for slip in result.undetected]
    assert "untrained" not in [slip.title for slip in result.undetected]
    assert "Warning: the threshold does not tell 'sigmoid in hidden layers' apart" in told
    assert "'untrained' apart" not in told


def test_a_slip_that_diverges_is_told_apart(
    plan: Plan, measuring: Measuring, workshop: Workshop
) -> None:
    """A slip without a finite loss does not pass, and stops nothing."""
    workshop.outcome = lambda t: Outcome.FAILED if t.compile else Outcome.PASSED
    workshop.accuracy = lambda task: None if task.compile else by_seed(task)
    result = measuring(plan)

    assert "learning rate 1e-05" not in [slip.title for slip in result.undetected]
    assert "| learning rate 1e-05         | no finite loss |" in part_report(result, None)


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        (Outcome.TIMED_OUT, SheetError),
        (Outcome.FAILED, SheetError),
        (Outcome.OUT_OF_MEMORY, SheetError),
        (Outcome.GRADER_ERROR, GraderError),
    ],
)
def test_a_right_network_that_does_not_finish(
    plan: Plan,
    measuring: Measuring,
    workshop: Workshop,
    outcome: Outcome,
    error: type[Exception],
) -> None:
    """No threshold without every training: the error names part, choice, seed and reason."""
    workshop.outcome = lambda t: outcome if t.protocol.seed == 4002 else Outcome.PASSED

    with pytest.raises(error, match=r"tiny, elu for relu, seed 4002: It went as it went\."):
        measuring(plan)


def test_report_of_a_part(plan: Plan, measuring: Measuring, workshop: Workshop) -> None:
    """The variants with their bounds, the threshold in images, and where it was written."""
    workshop.accuracy = by_seed
    result = measuring(plan)
    told = part_report(result, plan.part.stub)
    images = round(result.threshold.value * 40)

    assert "## tiny: One hidden layer" in told
    assert "| reference            | 10    | 0.7375             | 0.0270 |" in told
    assert f"The threshold is {images / 40:.4f}, {images} of 40 test images: the lowest" in told
    assert "with a probability of 99.99%." in told
    assert told.endswith(f"Written to {plan.part.stub}.\n")


def test_few_seeds_are_preliminary(
    part: Part, plain: Solution, measuring: Measuring, workshop: Workshop, dataset: DataSet
) -> None:
    """Fewer than ten seeds show a result, and say that it is not written."""
    workshop.accuracy = by_seed
    few = make_plan(part, plain, dataset.sha256, Counts(9, 1, 2))
    result = measuring(few)

    told = part_report(result, None)

    assert result.is_preliminary
    assert "This is preliminary and not written: a threshold takes at least 10 seeds" in told


def test_story_of_two_parts(
    part: Part,
    solution: Solution,
    plain: Solution,
    measuring: Measuring,
    workshop: Workshop,
    dataset: DataSet,
) -> None:
    """Mean and sd of every split, and the difference to the part before with its standard error."""
    counts = Counts(2, 1, 2)
    plain_layers = len(plain.architecture.layers)

    def accuracy(task: TrainingTask) -> float:
        base = 0.5 if len(task.architecture.layers) == plain_layers else 0.7
        return base + 0.02 * (task.protocol.seed - 1)

    workshop.accuracy = accuracy
    plans = [make_plan(part, found, dataset.sha256, counts) for found in (plain, solution)]
    told = story([measuring(plan) for plan in plans])

    # sd = 0.02 / sqrt(2); standard error of the difference = sqrt(0.0002 / 2 + 0.0002 / 2)
    assert "| tiny | 2     | 0.900 ± 0.000 | 0.600 ± 0.000 | 0.510 ± 0.014 |" in told
    assert "| tiny - tiny | +0.000 ± 0.000 | +0.000 ± 0.000 | +0.200 ± 0.014 |" in told


def test_story_of_nothing() -> None:
    """Where nothing was measured there is nothing to tell."""
    assert "" == story([])
