"""A batch trains each distinct network once, gives grades as they are known, and survives."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

import grader.batch.run
import grader.batch.steps
from grader.batch import Listener
from grader.batch.tasks import Result, Task
from grader.grading import Evidence, grade_part
from grader.records import (
    Grade,
    Outcome,
    Part,
    PartGrade,
    Progress,
    Source,
    Student,
    Submission,
)
from grader.training.task import TrainingTask

if TYPE_CHECKING:
    from tests.batch.conftest import OpenBatch, Spellings, Submit, Workshop

UNDESCRIBABLE = b"the sandbox is lost with this"


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
    with open_batch(num_slots=1) as batch:
        grades = list(batch.run(class_))

    assert 2 == len(workshop.trained)
    assert 2 == len(workshop.rebuilt)
    shared = {grade.submission: grade.parts[0].shared_with for grade in grades}
    assert {"a": 2, "b": 2, "c": 2, "d": 0} == shared


@pytest.mark.timeout(60, method="thread")
@pytest.mark.parametrize(("is_tight", "most_open"), [(False, 2), (True, 1)])
def test_one_process_at_a_time_where_memory_is_tight(
    workshop: Workshop,
    open_batch: OpenBatch,
    submit: Submit,
    spellings: Spellings,
    *,
    is_tight: bool,
    most_open: int,
) -> None:
    """All is described before anything is rebuilt, and a sandbox is never beside a worker."""
    spelled = spellings["plain"]
    class_ = [
        submit(name, fc_a=spelled(5 + i), fc_b=spelled(6 + i)) for i, name in enumerate("abc")
    ]
    with open_batch(num_slots=1, is_tight=is_tight) as batch:
        grades = {grade.submission: grade for grade in batch.run(class_)}

    assert {"fc_a": Outcome.PASSED, "fc_b": Outcome.PASSED} == parts_of(grades["a"])
    assert most_open == workshop.most_open
    # Nothing was closed only to be started again.
    assert 2 == workshop.num_started


def test_trainings_use_one_thread_and_run_side_by_side(
    workshop: Workshop, open_batch: OpenBatch, submit: Submit, spellings: Spellings
) -> None:
    """Every worker has one thread, and two different networks are trained at the same time."""
    meeting = threading.Barrier(2, timeout=10)
    workshop.fails = lambda _: meeting.wait() < 0

    with open_batch(num_slots=2) as batch:
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


def test_what_is_remembered_is_not_done_again(
    workshop: Workshop, open_batch: OpenBatch, submit: Submit, spellings: Spellings
) -> None:
    """The next batch describes, rebuilds and trains nothing; on other data it trains anew."""
    class_ = [submit("a", fc_a=spellings["plain"](5)), submit("b", fc_a=spellings["tanh"](5))]
    done = []
    grades = []
    for facts in ({}, {}, {"data_sha256": "e" * 64}):
        with open_batch(**facts) as batch:
            grades.append({grade.submission: grade for grade in batch.run(class_)})
        done.append([len(workshop.described), len(workshop.rebuilt), len(workshop.trained)])

    assert [[2, 2, 2], [2, 2, 2], [2, 2, 4]] == done
    assert grades[0] == grades[1]


def test_stopped_batch_goes_on_where_it_was(
    workshop: Workshop, open_batch: OpenBatch, submit: Submit, spellings: Spellings
) -> None:
    """A batch that is left in the middle has kept all it gave, and the next does only the rest."""
    class_ = [submit(name, fc_a=spellings["plain"](5 + n)) for n, name in enumerate("abcdef")]
    with open_batch(num_slots=1) as batch:
        first = [next(grades) for grades in [batch.run(class_)] for _ in range(3)]
    num_described = len(workshop.described)
    with open_batch() as batch:
        second = list(batch.run(class_))

    assert 3 <= num_described < 6
    # The one under way when the batch was left may be described again.
    assert len(workshop.described) <= 7
    assert {g.submission for g in second} == set("abcdef")
    assert all(grade in second for grade in first)


def test_identical_files_are_described_once(
    workshop: Workshop, open_batch: OpenBatch, submit: Submit
) -> None:
    """The same file of several students goes into the sandbox once, wherever it lay."""
    code = b"no document"
    class_ = [submit(name, fc_a=code) for name in "abc"]
    elsewhere = Source("fc_a", "homework of d/fc_a.py", code)
    class_.append(Submission("d", Student("d"), {"fc_a": (elsewhere,)}))
    with open_batch() as batch:
        grades = {grade.submission: grade for grade in batch.run(class_)}

    assert 1 == len(workshop.described)
    assert "homework of d" not in repr(grades["a"])


def test_file_that_breaks_the_sandbox_is_tried_three_times(
    workshop: Workshop, open_batch: OpenBatch, submit: Submit, spellings: Spellings
) -> None:
    """Then its part has trouble with the grader; all others have their result."""
    class_ = [submit("a", fc_a=UNDESCRIBABLE), submit("b", fc_a=spellings["plain"](5))]
    with open_batch() as batch:
        grades = {grade.submission: grade for grade in batch.run(class_)}

    assert 3 == [job.code for job in workshop.described].count(UNDESCRIBABLE)
    assert Outcome.GRADER_ERROR == grades["a"].parts[0].outcome
    assert Outcome.PASSED == grades["b"].parts[0].outcome


@pytest.mark.parametrize("outcome", [Outcome.TIMED_OUT, Outcome.OUT_OF_MEMORY])
@pytest.mark.timeout(60, method="thread")
def test_training_that_was_crowded_out_is_done_again_alone(
    workshop: Workshop,
    open_batch: OpenBatch,
    submit: Submit,
    spellings: Spellings,
    outcome: Outcome,
) -> None:
    """It is trained once more when nothing else is, and that result counts."""
    beside: list[int] = []

    def went(task: TrainingTask) -> Outcome:
        if task.architecture.rows[0].shape != (None, 6):
            return Outcome.PASSED
        beside.append(workshop.at_once)
        return outcome if len(beside) == 1 else Outcome.PASSED

    def takes_time(_: TrainingTask) -> bool:
        if beside:
            time.sleep(0.1)
        return False

    workshop.outcome, workshop.fails = went, takes_time
    class_ = [
        submit("a", fc_a=spellings["plain"](5), fc_b=spellings["plain"](6)),
        submit("b", fc_a=spellings["tanh"](5)),
        submit("c", fc_b=spellings["tanh"](6)),
    ]
    with open_batch() as batch:
        grades = {grade.submission: grade for grade in batch.run(class_)}

    trained = [task.architecture.digest for task in workshop.trained]
    assert (5, 2) == (len(trained), trained.count(trained[-1]))
    assert (3, 0) == (len(beside), beside[-1])
    assert {Outcome.PASSED} == {grades[name].parts[n].outcome for name, n in (("a", 1), ("c", 1))}


def test_training_that_fails_alone_too_keeps_its_outcome(
    workshop: Workshop,
    open_batch: OpenBatch,
    submit: Submit,
    spellings: Spellings,
) -> None:
    """What timed out twice says so, and is remembered with it."""
    workshop.outcome = lambda _: Outcome.TIMED_OUT
    for _ in range(2):
        with open_batch() as batch:
            (grade,) = batch.run([submit("a", fc_a=spellings["plain"](5))])

    assert Outcome.TIMED_OUT == grade.parts[0].outcome
    assert 2 == len(workshop.trained)


def test_hints_come_before_trainings(
    workshop: Workshop, open_batch: OpenBatch, submit: Submit, spellings: Spellings
) -> None:
    """With one slot everything is described and rebuilt before the first training begins."""
    at_training: list[tuple[int, int]] = []

    def note(_: TrainingTask) -> bool:
        at_training.append((len(workshop.described), len(workshop.rebuilt)))
        return False

    workshop.fails = note
    class_ = [submit(name, fc_a=spellings[name](5)) for name in ("plain", "fused", "tanh")]
    with open_batch(num_slots=1) as batch:
        list(batch.run(class_))

    assert [(3, 2), (3, 2)] == at_training


def test_longest_training_comes_first(
    workshop: Workshop, open_batch: OpenBatch, submit: Submit, spellings: Spellings
) -> None:
    """The larger network is trained first, so that it is not what all wait for in the end."""
    with open_batch(num_slots=1) as batch:
        list(batch.run([submit("a", fc_a=spellings["plain"](5), fc_b=spellings["plain"](6))]))

    shapes = [task.architecture.rows[0].shape for task in workshop.trained]
    assert [(None, 6), (None, 5)] == shapes


def test_submission_that_could_not_be_read(
    workshop: Workshop, open_batch: OpenBatch, submit: Submit
) -> None:
    """Its parts say why, as trouble of the grader's; nothing is described for it."""
    broken = Submission("a", Student("a"), {}, trouble="It could not be read: OSError.")
    with open_batch() as batch:
        grades = {g.submission: g for g in batch.run([broken, submit("b")])}

    assert {"fc_a": Outcome.GRADER_ERROR, "fc_b": Outcome.GRADER_ERROR} == parts_of(grades["a"])
    assert "It could not be read: OSError." in grades["a"].parts[0].checks[0].message
    assert [] == workshop.described
    assert {Outcome.NOT_ATTEMPTED} == set(parts_of(grades["b"]).values())


@pytest.mark.parametrize("step", ["examined", "wants_training", "chosen"])
@pytest.mark.usefixtures("workshop")
def test_unforeseen_failure_stops_no_other(
    open_batch: OpenBatch,
    submit: Submit,
    spellings: Spellings,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    """A step that fails for one part costs that part, with a trace for the log."""
    real = getattr(grader.batch.steps, step)

    def failing(part: Part, *rest: object) -> object:
        if part.id == "fc_b":
            raise RuntimeError("nobody thought of this")
        return real(part, *rest)

    monkeypatch.setattr(grader.batch.steps, step, failing)
    diary = Diary()
    both = {"fc_a": spellings["plain"](5), "fc_b": spellings["plain"](6)}
    with open_batch(diary) as batch:
        grades = {g.submission: g for g in batch.run([submit("a", **both), submit("b", **both)])}

    for name in "ab":
        assert {"fc_a": Outcome.PASSED, "fc_b": Outcome.GRADER_ERROR} == parts_of(grades[name])
    assert 2 == len([line for line in diary.lines if "nobody thought of this" in line])


@pytest.mark.usefixtures("workshop")
def test_grade_that_cannot_be_given_stops_no_other(
    open_batch: OpenBatch, submit: Submit, spellings: Spellings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A submission whose points cannot be had is trouble of the grader's, and the others go on."""
    real = grade_part

    def failing(part: Part, evidence: Evidence, *rest: str, with_training: bool) -> PartGrade:
        if evidence.training is not None and evidence.shared_with == 0:
            raise RuntimeError("nobody thought of this")
        return real(part, evidence, *rest, with_training=with_training)

    monkeypatch.setattr(grader.batch.run, "grade_part", failing)
    spelt = {"a": "plain", "b": "fused", "c": "tanh"}
    with open_batch() as batch:
        class_ = [submit(name, fc_a=spellings[how](5)) for name, how in spelt.items()]
        grades = {g.submission: g.parts[0].outcome for g in batch.run(class_)}

    passed = dict.fromkeys("ab", Outcome.PASSED)
    assert {**passed, "c": Outcome.GRADER_ERROR} == grades


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
    """Keeps what a listener hears of, once for every beat in a row."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def planned(self, task: Task) -> None:
        """A task was asked for."""
        self.lines.append(f"planned {task.title}")

    def started(self, task: Task) -> None:
        """A task is under way."""
        self.lines.append(f"started {task.title}")

    def progressed(self, key: str, progress: Progress) -> None:
        """An epoch is done."""
        assert len(key) == 64
        self.lines.append(f"epoch {progress.epoch}")

    def retried(self, task: Task, reason: str) -> None:
        """A task comes again."""
        self.lines.append(f"again {task.title}: {reason}")

    def done(self, task: Task, result: Result) -> None:
        """A task is done."""
        del result
        self.lines.append(f"done {task.title}")

    def described(self, submission: Submission) -> None:
        """A submission is described."""
        self.lines.append(f"described {submission.id}")

    def failed(self, submission: Submission, trace: str) -> None:
        """Something unforeseen."""
        self.lines.append(f"failed {submission.id}: {trace}")


@pytest.mark.usefixtures("workshop")
def test_listener_hears_of_every_step(
    open_batch: OpenBatch, submit: Submit, spellings: Spellings
) -> None:
    """Each task is planned, started and done; for a copy nothing is but that it is described."""
    diary = Diary()
    with open_batch(diary) as batch:
        list(batch.run([submit("a", fc_a=spellings["plain"](5))]))
        list(batch.run([submit("b", fc_a=spellings["plain"](5))]))

    first = [f"{step} fc_a in fc_a.py" for step in ("planned", "started", "done")]
    then = [f"{step} fc_a" for step in ("planned", "started", "done")]
    training = ["planned fc_a", "started fc_a", "epoch 1", "done fc_a"]
    assert [*first, then[0], "described a", *then[1:], *training, "described b"] == diary.lines


@pytest.mark.usefixtures("workshop")
def test_listener_hears_why_a_task_comes_again(open_batch: OpenBatch, submit: Submit) -> None:
    """Each attempt but the last is told with its reason."""
    diary = Diary()
    with open_batch(diary) as batch:
        list(batch.run([submit("a", fc_a=UNDESCRIBABLE)]))

    lost = "again fc_a in fc_a.py: The process for students' files was lost."
    assert 2 == diary.lines.count(lost)


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
