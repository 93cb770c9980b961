"""Calibrate, middle: carries a plan out, by the batch's own schedule and the cache behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from data import DataSet
from grader.batch.schedule import Schedule
from grader.batch.tasks import TrainTask
from grader.calibration.ledger import Ledger
from grader.calibration.plan import Plan, Variant
from grader.calibration.results import Result, judged
from grader.errors import EightFacesError, GraderError, SheetError
from grader.records import Outcome, Training
from grader.training.cache import TrainingCache
from grader.training.key import versions

# Schedules by the number of threads that each of their trainings takes.
Pools: TypeAlias = Mapping[int, Schedule]


def to_be_trained(
    plans: Sequence[Plan], ledgers: Sequence[Ledger], cache: TrainingCache
) -> list[TrainTask]:
    """The trainings that have no result yet."""
    tasks = (
        task
        for plan, ledger in zip(plans, ledgers, strict=True)
        for tasks in _tasks(plan).values()
        for task in tasks
        if task.key not in ledger
    )
    return untrained(tasks, cache)


def untrained(tasks: Iterable[TrainTask], cache: TrainingCache) -> list[TrainTask]:
    """Those without a result in the cache."""
    return [task for task in tasks if cache.get(task.key) is None]


def unfinished(title: str, training: Training, consequence: str) -> EightFacesError | None:
    """Why a right network's training is no result to go on with; None where it is one."""
    where = f"{title}: {training.message}"
    if training.outcome is Outcome.GRADER_ERROR:
        return GraderError(where)
    if training.outcome is Outcome.PASSED:
        return None
    return SheetError(f"{where} A right network has to finish, so {consequence}")


def measure(plan: Plan, pools: Pools, ledger: Ledger, data: DataSet) -> Result:
    """The threshold that the plan's trainings give; those that are not in the ledger are done.

    Raises SheetError where the solution, or a free choice of it, cannot be trained in time or at
    all, GraderError where the grader fails.
    """
    tasks = _tasks(plan)
    variants = {
        task.key: (variant, task) for variant in plan.variants for task in tasks[variant.title]
    }
    faults: list[EightFacesError] = []
    # One number of threads after the other: together they would fight over the cores.
    for threads in sorted(pools):
        for key, (_, task) in variants.items():
            if task.training.threads == threads and key not in ledger:
                pools[threads].add(task)
        for done, training in pools[threads].results():
            if not isinstance(training, Training):
                continue
            variant, _ = variants[done.key]
            if fault := _fault(plan, variant, training):
                faults.append(fault)
            else:
                ledger.add(plan.part, variant.title, training)
    if faults:
        raise faults[0]
    measured = {
        title: [m for task in of_variant if (m := ledger.get(task.key))]
        for title, of_variant in tasks.items()
    }
    return judged(plan, measured, data)


def _tasks(plan: Plan) -> dict[str, list[TrainTask]]:
    """The plan's trainings by the titles of its variants."""
    installed = versions()
    return {
        variant.title: [
            TrainTask(task, installed, _title(plan, variant, task.protocol.seed))
            for task in variant.tasks
        ]
        for variant in plan.variants
    }


def _title(plan: Plan, variant: Variant, seed: int) -> str:
    return f"{plan.part.id}, {variant.title}, seed {seed}"


def _fault(plan: Plan, variant: Variant, training: Training) -> EightFacesError | None:
    """Why no threshold can be measured with this training; None where it can."""
    sheet = plan.part.stub.parent / "sheet.toml"
    fault = unfinished(
        _title(plan, variant, training.seed),
        training,
        f"no threshold can be measured. Look at the protocol and at time_limit_seconds in {sheet}, "
        "or calibrate again on a machine that does nothing else.",
    )
    # A slip, a network that is not right, may well not finish.
    return None if variant in plan.slips and isinstance(fault, SheetError) else fault
