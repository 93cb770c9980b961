"""Face of the program: one run of `grader calibrate`, from parts to thresholds and an exit code."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import click

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
    ledger_file,
    make_plan,
    measure,
    to_be_trained,
)
from grader.calibration.markdown import part_report, story
from grader.calibration.plan import THREADS
from grader.calibration.results import calibration
from grader.cli.calibration_progress import shown
from grader.cli.loading import load_data
from grader.errors import EightFacesError, GraderError, UsageError
from grader.grading import describe_solution, require_fitting
from grader.records import Part
from grader.sandbox.launcher import Sandbox
from grader.sheets import find_part, load_own_data, load_sheets
from grader.sheets.writing import write_calibration
from grader.training.cache import TrainingCache
from grader.training.key import versions
from grader.training.worker import Worker, available_threads

DONE, NOT_CALIBRATED, GRADER_FAILED = 0, 2, 3


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line."""

    parts: tuple[str, ...]
    num_seeds: int
    num_choice_seeds: int
    data: Path | None


def run(request: Request) -> int:
    """Measure, write and tell; the exit code. Raises UsageError for a wrong call."""
    parts = choose_parts(request.parts)
    data = load_data(request.data)
    require_fitting(parts, data.x_train.shape[1:], len(data.names))
    cores = available_threads()
    counts = Counts(request.num_seeds, request.num_choice_seeds, cores if cores > THREADS else 2)
    click.echo(f"Looking at the solutions of {', '.join(part.id for part in parts)}.", err=True)
    plans = _make_plans(parts, data, counts)
    ledgers = [Ledger(ledger_file(part, request.data)) for part in parts]
    cache = TrainingCache()
    results: list[Result] = []
    code = DONE
    with ExitStack() as stack:
        show = stack.enter_context(shown(to_be_trained(plans, ledgers, cache)))
        pools = _open_pools(stack, request.data, cache, show, counts)
        for plan, ledger in zip(plans, ledgers, strict=True):
            try:
                trained_on = load_own_data(plan.part) if plan.part.data else data
                result = measure(plan, pools, ledger, trained_on)
                written = _write(result, trained_on, request.data)
            except EightFacesError as error:
                show.say(f"grader: {error}", err=True)
                failed = GRADER_FAILED if isinstance(error, GraderError) else NOT_CALIBRATED
                code = max(code, failed)
            else:
                results.append(result)
                show.say(part_report(result, written))
    click.echo(story(results), nl=False)
    return code


def choose_parts(names: Sequence[str]) -> list[Part]:
    """The parts with these ids, in the order of the sheets; without any id all that are trained.

    Raises UsageError for a part that there is not, and for one that is not trained.
    """
    sheets = load_sheets()
    wanted = {find_part(sheets, name).id for name in names}
    parts = [part for sheet in sheets for part in sheet.parts]
    untrained = sorted(part.id for part in parts if part.id in wanted and not part.is_trained)
    if untrained:
        raise UsageError(
            f"{', '.join(untrained)}: built and compared, and not trained, so that there is no "
            "accuracy to measure. docs/authoring.md says how a part gets a training."
        )
    return [part for part in parts if part.is_trained and (part.id in wanted or not wanted)]


def _make_plans(parts: Sequence[Part], data: DataSet, counts: Counts) -> list[Plan]:
    with Sandbox() as sandbox, Worker(THREADS) as worker:
        sandbox.start()
        worker.start()
        solutions = [describe_solution(sandbox, worker.rebuild, part) for part in parts]
    return [
        make_plan(part, solution, data.sha256, counts)
        for part, solution in zip(parts, solutions, strict=True)
    ]


def _open_pools(
    stack: ExitStack, data: Path | None, cache: TrainingCache, listener: Listener, counts: Counts
) -> Pools:
    """One training per core, and one on several cores; their processes start when needed."""
    memory = CachedTrainings(cache)
    slots = {THREADS: available_threads(), counts.other_threads: 1}
    executors = {
        threads: stack.enter_context(LocalExecutor(num_slots, data, listener.progressed, threads))
        for threads, num_slots in slots.items()
    }
    return {threads: Schedule(one, memory, listener) for threads, one in executors.items()}


def _write(result: Result, data: DataSet, path: Path | None) -> Path | None:
    """The file with the threshold; None where there were too few seeds to write one."""
    if result.is_preliminary:
        return None
    return write_calibration(result.part, calibration(result, data, versions()), path)
