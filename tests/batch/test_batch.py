"""A batch trains each distinct network once, gives grades as they are known, and survives."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from grader.batch import Listener
from grader.gradebook.sharing import with_sharing
from grader.records import Grade, Outcome, Progress, Submission
from grader.training.task import TrainingTask

if TYPE_CHECKING:
    from tests.batch.conftest import OpenBatch, Spellings, Submit, Workshop


def parts_of(grade: Grade) -> dict[str, Outcome]:
    """What became of the parts."""
    return {part.part: part.outcome for part in grade.parts}


@pytest.mark.timeout(60, method="thread")
def test_equal_networks_are_trained_once(
    workshop: Workshop, open_batch: OpenBatch, submit: Submit, spellings: Spellings
) -> None:
    """Two spellings of one network and a copy give one training, a different network another."""
    class_ = [
        submit(name, fc_a=spellings[spelling](5))
        for name, spelling in zip("abcd", ["plain", "fused", "plain", "tanh"], strict=True)
    ]
    with open_batch(num_workers=1) as batch:
        grades = with_sharing(list(batch.run(class_)))

    assert 2 == len(workshop.trained)
    assert 2 == len(workshop.rebuilt)
    shared = {grade.submission: grade.parts[0].shared_with for grade in grades}
    assert {"a": 2, "b": 2, "c": 2, "d": 0} == shared


def test_trainings_use_one_thread_and_run_side_by_side(
    workshop: Workshop, open_batch: OpenBatch, submit: Submit, spellings: Spellings
) -> None:
    """Every worker has one thread, and two different networks are trained at the same time."""
    meeting = threading.Barrier(2, timeout=10)
    workshop.fails = lambda _: meeting.wait() < 0

    with open_batch(num_workers=2) as batch:
        list(batch.run([submit("a", fc_a=spellings["plain"](5), fc_b=spellings["plain"](6))]))

    assert 2 == len(workshop.trained)
    assert {1} == set(workshop.threads)


def test_wrong_network_is_not_trained(
    workshop: Workshop, open_batch: OpenBatch, submit: Submit, spellings: Spellings
) -> None:
    """A network that is not the table's costs no training."""
    with open_batch() as batch:
        (grade,) = batch.run([submit("a", fc_a=spellings["plain"](6))])

    assert [] == workshop.trained
    assert {"fc_a": Outcome.FAILED, "fc_b": Outcome.NOT_ATTEMPTED} == parts_of(grade)


def test_every_part_asked_for_is_in_every_grade(
    open_batch: OpenBatch, submit: Submit, spellings: Spellings
) -> None:
    """A part that was not handed in is not attempted and stands in its place all the same."""
    with open_batch() as batch:
        (grade,) = batch.run([submit("a", fc_b=spellings["fused"](6))])

    assert {"fc_a": Outcome.NOT_ATTEMPTED, "fc_b": Outcome.PASSED} == parts_of(grade)
    assert ["fc_a", "fc_b"] == [part.part for part in grade.parts]


def test_lost_worker_costs_only_what_it_trained(
    workshop: Workshop, open_batch: OpenBatch, submit: Submit, spellings: Spellings
) -> None:
    """The part whose training failed has trouble with the grader; all others have their result."""
    workshop.fails = lambda task: task.architecture.rows[0].shape == (None, 6)
    both = {"fc_a": spellings["plain"](5), "fc_b": spellings["plain"](6)}

    with open_batch() as batch:
        grades = {g.submission: g for g in batch.run([submit("a", **both), submit("b", **both)])}

    assert {"fc_a": Outcome.PASSED, "fc_b": Outcome.GRADER_ERROR} == parts_of(grades["a"])
    assert {"fc_a": Outcome.PASSED, "fc_b": Outcome.GRADER_ERROR} == parts_of(grades["b"])
    assert "signal 9" in grades["a"].parts[1].checks[3].message


@pytest.mark.timeout(60, method="thread")
def test_timed_out_training_is_tried_again_alone(
    workshop: Workshop, open_batch: OpenBatch, submit: Submit, spellings: Spellings
) -> None:
    """What took too long beside others is trained once more, by itself, and that counts."""
    meeting = threading.Barrier(2, timeout=10)
    slow: list[TrainingTask] = []
    beside_it: list[int] = []

    def ends(task: TrainingTask) -> Outcome:
        if task in slow:
            beside_it.append(len(workshop.under_way) - 1)
            # Time for another one to begin.
            time.sleep(0.2)
            beside_it.append(len(workshop.under_way) - 1)
        elif task in workshop.trained[:2]:
            # They are side by side, and one of them is slow.
            if meeting.wait() == 0:
                slow.append(task)
                return Outcome.TIMED_OUT
            # Not done yet when the slow one could begin again.
            time.sleep(0.2)
        return Outcome.PASSED

    workshop.ends = ends
    class_ = [
        submit(name, fc_a=spellings[name](5), fc_b=spellings[name](6)) for name in ("plain", "tanh")
    ]

    with open_batch(num_workers=2) as batch:
        grades = list(batch.run(class_))

    assert [{"fc_a": Outcome.PASSED, "fc_b": Outcome.PASSED}] * 2 == list(map(parts_of, grades))
    assert [0, 0] == beside_it
    assert 5 == len(workshop.trained)


@pytest.mark.timeout(60, method="thread")
def test_timed_out_twice(
    workshop: Workshop, open_batch: OpenBatch, submit: Submit, spellings: Spellings
) -> None:
    """What takes too long alone, too, has timed out; several such do not wait for each other."""
    meeting = threading.Barrier(2, timeout=10)

    def ends(_: TrainingTask) -> Outcome:
        if len(workshop.trained) <= 2:
            meeting.wait()
        return Outcome.TIMED_OUT

    workshop.ends = ends
    with open_batch(num_workers=2) as batch:
        (grade,) = batch.run([submit("a", fc_a=spellings["plain"](5), fc_b=spellings["plain"](6))])

    assert {"fc_a": Outcome.TIMED_OUT, "fc_b": Outcome.TIMED_OUT} == parts_of(grade)
    assert 4 == len(workshop.trained)


def test_no_second_attempt_after_the_end(
    workshop: Workshop, open_batch: OpenBatch, submit: Submit, spellings: Spellings
) -> None:
    """A training that is waited for no more is not begun again, and starts no process."""
    begun, ended = threading.Event(), threading.Event()

    def ends(_: TrainingTask) -> Outcome:
        begun.set()
        ended.wait(10)
        return Outcome.TIMED_OUT

    workshop.ends = ends
    with open_batch(num_workers=1) as batch:
        grades = batch.run([submit("b"), submit("a", fc_a=spellings["plain"](5)), submit("c")])
        next(grades)
        next(grades)
        assert begun.wait(10)
    ended.set()
    time.sleep(0.2)

    assert (1, 0) == (len(workshop.trained), workshop.open)


def test_grades_come_as_soon_as_they_are_known(
    workshop: Workshop, open_batch: OpenBatch, submit: Submit, spellings: Spellings
) -> None:
    """What needs no training, and what is trained, does not wait for a slower submission."""
    gate = threading.Event()

    def waits_for(task: TrainingTask) -> threading.Event | None:
        return gate if task.architecture.rows[0].shape == (None, 6) else None

    workshop.waits_for = waits_for
    slow = submit("slow", fc_b=spellings["plain"](6))
    quick = submit("quick", fc_a=spellings["plain"](5))
    untrained = submit("untrained", fc_a=spellings["plain"](7))

    with open_batch() as batch:
        order = []
        for grade in batch.run([slow, quick, untrained]):
            order.append(grade.submission)
            if len(order) == 2:
                gate.set()

    assert "slow" == order[-1]
    assert {"quick", "untrained"} == set(order[:-1])


def test_kept_results_are_used_and_fresh_ignores_them(
    workshop: Workshop, open_batch: OpenBatch, submit: Submit, spellings: Spellings
) -> None:
    """The next batch takes the result from the cache, unless it is asked to train again."""
    class_ = [submit("a", fc_a=spellings["plain"](5))]
    counts = []
    grades = []
    for options in ({}, {}, {"fresh": True}, {"data_sha256": "e" * 64}):
        with open_batch(**options) as batch:
            grades += list(batch.run(class_))
        counts.append(len(workshop.trained))

    assert [1, 1, 2, 3] == counts
    assert grades[0] == grades[1] == grades[2]


def test_failure_of_the_grader_is_not_kept(
    workshop: Workshop, open_batch: OpenBatch, submit: Submit, spellings: Spellings
) -> None:
    """What failed for the grader's own reasons is tried again by the next batch."""
    class_ = [submit("a", fc_a=spellings["plain"](5))]
    workshop.fails = lambda _: True
    with open_batch() as batch:
        (first,) = batch.run(class_)
    workshop.fails = lambda _: False

    with open_batch() as batch:
        (second,) = batch.run(class_)

    assert Outcome.GRADER_ERROR == first.parts[0].outcome
    assert Outcome.PASSED == second.parts[0].outcome


def test_without_training_no_worker_trains(
    workshop: Workshop, open_batch: OpenBatch, submit: Submit, spellings: Spellings
) -> None:
    """With --no-train the network is checked, and nothing is trained."""
    with open_batch(with_training=False) as batch:
        (grade,) = batch.run([submit("a", fc_a=spellings["plain"](5))])

    assert [] == workshop.trained
    assert Outcome.PASSED == grade.parts[0].outcome


class Diary(Listener):
    """Keeps what a listener hears of."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def describing(self, submission: Submission) -> None:
        """A submission is looked at."""
        self.lines.append(f"describing {submission.id}")

    def training_planned(self, key: str, title: str) -> None:
        """A training was asked for."""
        assert len(key) == 64
        self.lines.append(f"planned {title}")

    def training_progressed(self, key: str, progress: Progress) -> None:
        """An epoch is done."""
        assert len(key) == 64
        self.lines.append(f"epoch {progress.epoch}")

    def training_done(self, key: str) -> None:
        """A training is done."""
        assert len(key) == 64
        self.lines.append("done")

    def graded(self, grade: Grade) -> None:
        """A grade is known."""
        self.lines.append(f"graded {grade.submission}")


@pytest.mark.usefixtures("workshop")
def test_listener_hears_of_every_step(
    open_batch: OpenBatch, submit: Submit, spellings: Spellings
) -> None:
    """Describing, planning, progress, end and grade are told in their order, a copy's too."""
    diary = Diary()
    with open_batch(diary) as batch:
        list(batch.run([submit("a", fc_a=spellings["plain"](5))]))
        list(batch.run([submit("b", fc_a=spellings["fused"](5))]))

    trained = ["describing a", "planned fc_a", "epoch 1", "done", "graded a"]
    assert [*trained, "describing b", "graded b"] == diary.lines


def test_leaving_a_batch_ends_its_processes(
    workshop: Workshop, open_batch: OpenBatch, submit: Submit, spellings: Spellings
) -> None:
    """Whoever stops listening, as Ctrl-C does, leaves no process behind."""
    gate = threading.Event()
    workshop.waits_for = lambda _: gate

    class Stopped(Exception):  # noqa: N818 - stands for Ctrl-C
        pass

    def interrupted() -> None:
        slow, untrained = submit("a", fc_a=spellings["plain"](5)), submit("b")
        with open_batch() as batch:
            for _ in batch.run([slow, untrained]):
                raise Stopped

    with pytest.raises(Stopped):
        interrupted()
    gate.set()

    assert 0 == workshop.open
