"""Calibrate, middle: carries a plan out, by the batch's own trainings and their cache."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from data import DataSet
from grader.batch.trainings import Trainings
from grader.calibration.ledger import Ledger
from grader.calibration.plan import Plan, Variant
from grader.calibration.results import Result, judged
from grader.errors import GraderError, SheetError
from grader.records import Outcome, Training

# Trainings by the number of threads that each of them takes.
Pools: TypeAlias = Mapping[int, Trainings]


def measure(plan: Plan, pools: Pools, ledger: Ledger, data: DataSet) -> Result:
    """The threshold that the plan's trainings give; those that are not in the ledger are done.

    Raises SheetError where the solution, or a free choice of it, cannot be trained in time or at
    all, GraderError where the grader fails.
    """
    # One number of threads after the other: together they would fight over the cores.
    for threads in sorted(pools):
        requested = [
            (variant, pools[threads].request(task, _title(plan, variant, task.protocol.seed)))
            for variant in plan.variants
            for task, key in variant.keyed()
            if task.threads == threads and key not in ledger
        ]
        for variant, future in requested:
            training = future.result()
            _require_usable(plan, variant, training)
            ledger.add(plan.part.id, variant.title, training)
    measured = {
        variant.title: [m for _, key in variant.keyed() if (m := ledger.get(key))]
        for variant in plan.variants
    }
    return judged(plan, measured, data)


def _title(plan: Plan, variant: Variant, seed: int) -> str:
    return f"{plan.part.id}, {variant.title}, seed {seed}"


def _require_usable(plan: Plan, variant: Variant, training: Training) -> None:
    where = f"{_title(plan, variant, training.seed)}: {training.message}"
    if training.outcome is Outcome.GRADER_ERROR:
        raise GraderError(where)
    if training.outcome is not Outcome.PASSED and variant not in plan.slips:
        sheet = plan.part.stub.parent / "sheet.toml"
        raise SheetError(
            f"{where} A right network has to finish, so no threshold can be measured. Look at the "
            f"protocol and at time_limit_seconds in {sheet}, or calibrate again on a machine that "
            "does nothing else."
        )
