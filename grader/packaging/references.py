"""Packages, trainings: the networks that most right submissions come to, trained beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from grader.batch.schedule import Schedule
from grader.batch.tasks import THREADS, TrainTask
from grader.calibration.running import unfinished
from grader.calibration.variants import with_default_initializers
from grader.grading import Solution, describe_solution
from grader.records import Part, Training
from grader.sandbox.launcher import Sandbox
from grader.training.key import versions
from grader.training.task import Kernels, TrainingTask, training_task
from grader.training.worker import Worker

_NO_PACKAGE = (
    "no package is made. Look at the protocol and at time_limit_seconds in sheet.toml, or pack on "
    "a machine that does nothing else."
)


def reference_trainings(parts: Iterable[Part], data_sha256: str) -> list[TrainTask]:
    """For each part the training of its solution, and that with Keras' own initial weights.

    The table leaves those free, and many leave them as they are. Raises SheetError where there is
    no solution, or one that is not the network of the table.
    """
    installed = versions()
    tasks: dict[str, TrainTask] = {}
    with Sandbox() as sandbox, Worker(THREADS) as worker:
        sandbox.start()
        worker.start()
        for part in (one for one in parts if one.is_trained):
            solution = describe_solution(sandbox, worker.rebuild, part)
            for title, training in _usual(part, solution, data_sha256):
                task = TrainTask(training, installed, title)
                tasks.setdefault(task.key, task)
    return list(tasks.values())


def _usual(part: Part, solution: Solution, data_sha256: str) -> Iterator[tuple[str, TrainingTask]]:
    network = solution.architecture
    for title, architecture in (
        (part.id, network),
        (f"{part.id}, default initializers", with_default_initializers(network)),
    ):
        training = training_task(part, architecture, solution.compile, data_sha256, THREADS)
        # As where the package runs, whatever the environment here asks for.
        yield title, replace(training, kernels=Kernels.FAST)


def trained(tasks: Sequence[TrainTask], schedule: Schedule) -> list[Training]:
    """The results of all of them; the schedule trains what has none.

    Raises SheetError where a reference network cannot be trained, GraderError where we fail.
    """
    titles = {task.key: task.title for task in tasks}
    for task in tasks:
        schedule.add(task)
    results: list[Training] = []
    for done, training in schedule.results():
        if not isinstance(training, Training):
            continue
        if fault := unfinished(titles[done.key], training, _NO_PACKAGE):
            raise fault
        results.append(training)
    return results
