"""Face of the program: one run of `grader grade`, from a plan to pages and an exit code."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import click
from rich.console import Console

from grader import __version__
from grader.batch import Batch, Facts
from grader.batch.memory import Remembered
from grader.cli.grading_plan import Plan, Request, make_plan
from grader.cli.progress import Shown, shown
from grader.cli.stopping import Stopped, stoppable
from grader.cli.workplace import Workplace, workplace
from grader.errors import EightFacesError, GraderError
from grader.gradebook import Gradebook, Pages, RunFacts, Stock
from grader.records import DataFacts, Grade, Outcome, Run, Submission
from grader.report.images import Album
from grader.report.terminal import as_text, student_summary
from grader.sheets import stubs_of
from grader.training.cache import TrainingCache
from grader.training.key import versions

ALL_PASSED, NOT_ALL_PASSED, GRADER_FAILED = 0, 1, 3


def run(request: Request) -> int:
    """Grade, write everything, and return the exit code. Raises UsageError for a wrong call."""
    try:
        with stoppable():
            plan = make_plan(request)
            _say(request, *plan.remarks)
            with (
                Gradebook.open(request.out) as gradebook,
                workplace(request, plan) as place,
                _noted(gradebook, request, plan, place.sandbox),
            ):
                return _GradingRun(request, plan, gradebook, place).carry_out()
    except Stopped as stopped:
        again = "the same command without --fresh" if request.fresh else "the same command"
        click.echo(
            f"grader: Stopped. What has been found out so far is kept: {again} goes on from here.",
            err=True,
        )
        return stopped.code


@contextmanager
def _noted(gradebook: Gradebook, request: Request, plan: Plan, sandbox: str) -> Iterator[None]:
    """Note down in the gradebook that a run begins, and how it ends."""
    data = plan.data
    gradebook.begin_run(
        RunFacts(
            grader=__version__,
            data=DataFacts(data.name, data.sha256, data.names),
            data_path=request.data,
            versions=versions(),
            sandbox=sandbox,
            parts=tuple(part.id for part in plan.all_parts),
            options={
                "paths": list(plan.found.origins),
                "parts": [part.id for part in plan.parts],
                "with_training": request.with_training,
                "fresh": request.fresh,
                "num_slots": None if request.scheduler else request.num_slots,
                "scheduler": request.scheduler,
            },
        )
    )
    try:
        yield
    except BaseException as error:
        # What ended the run may well keep this from being written, and is what has to be told.
        with contextlib.suppress(EightFacesError):
            gradebook.end_run("stopped" if isinstance(error, KeyboardInterrupt) else "failed")
        raise
    gradebook.end_run("finished")


class _GradingRun:
    """Takes stock, grades, and writes each page as soon as there is something new for it."""

    def __init__(
        self, request: Request, plan: Plan, gradebook: Gradebook, place: Workplace
    ) -> None:
        self._request = request
        self._place = place
        self._plan = plan
        self._gradebook = gradebook
        by_id = {part.id: part for part in plan.all_parts}
        self._pages = Pages(gradebook, request.out, by_id, Album(plan.data.x_test))
        self._submissions = {one.id: one for one in plan.found.submissions}
        self._num_failures = 0

    def carry_out(self) -> int:
        """Everything, and the exit code."""
        self._take_stock()
        out = self._request.out
        with shown(len(self._submissions), out, quiet=self._request.quiet) as show:
            self._grade(show)
            self._gradebook.settle(self._plan.late_rule)
            final = self._gradebook.run()
            for grade in final.grades:
                self._write_page(grade, final, show)
        with _telling_system():
            self._pages.overview(final)
        mine = [grade for grade in final.grades if grade.submission in self._submissions]
        if not self._request.quiet:
            self._tell(mine)
            _say(self._request, *_late_told(final))
        parts = {part.id for part in self._plan.parts}
        code = exit_code(mine, parts, single=self._plan.found.single)
        return GRADER_FAILED if self._num_failures else code

    def _take_stock(self) -> None:
        plan = self._plan
        gone = self._gradebook.drop_parts([part.id for part in plan.all_parts])
        if gone:
            _say(
                self._request,
                f"In no sheet any more, and so no longer in the grades: {', '.join(gone)}. The "
                "gradebook keeps what they were.",
            )
        if plan.roster is not None:
            self._gradebook.set_roster(plan.roster)
        found = plan.found
        stubs = stubs_of(plan.all_parts)
        stock = self._gradebook.take_stock(found.submissions, found.origins, stubs)
        _say(self._request, *_stock_told(stock))

    def _grade(self, show: Shown) -> None:
        request, plan = self._request, self._plan
        facts = Facts(plan.data.sha256, versions(), with_training=request.with_training)
        memory = Remembered(self._gradebook, TrainingCache(), fresh=request.fresh)
        before = self._gradebook.run()
        with self._place.executor(show.progressed) as executor:
            batch = Batch(plan.parts, facts, executor, memory, show)
            for grade in batch.run(plan.found.submissions):
                self._gradebook.keep_grade(grade)
                self._gradebook.settle(self._plan.late_rule, grade.submission)
                whole = self._whole(grade)
                self._write_page(whole, before, show)
                show.graded(whole)

    def _whole(self, grade: Grade) -> Grade:
        """The grade with its other parts and corrections by hand, which the gradebook has."""
        kept = self._gradebook.grade(grade.submission)
        shared = {part.part: part.shared_with for part in grade.parts}
        parts = (
            replace(part, shared_with=shared.get(part.part, part.shared_with))
            for part in kept.parts
        )
        return replace(kept, parts=tuple(parts))

    def _write_page(self, grade: Grade, run: Run, show: Shown) -> None:
        """Write a student's page; one that cannot be rendered stops no other."""
        try:
            with _telling_system():
                self._pages.student(grade, run)
        except EightFacesError:
            raise
        except Exception:  # noqa: BLE001 - whatever it is, the others are to have their pages
            self._num_failures += 1
            submission = self._submissions.get(grade.submission)
            show.failed(
                submission or Submission(grade.submission, grade.student, {}),
                traceback.format_exc(),
            )

    def _tell(self, grades: Sequence[Grade]) -> None:
        """The closing words: a single submission in full, a class in one line."""
        out = self._request.out
        if self._plan.found.single:
            parts = {part.id: part for part in self._plan.all_parts}
            summary, console = student_summary(grades[0], parts), Console(highlight=False)
            if console.is_terminal:
                console.print(summary)
            else:
                # Without the blanks that fill a terminal's lines.
                click.echo(as_text(summary))
            click.echo(f"Report: {out / grades[0].report}")
        passed = sum(all(part.outcome is Outcome.PASSED for part in one.parts) for one in grades)
        click.echo(
            f"{len(grades)} graded, {passed} with all parts passed. "
            f"Class page: {out / 'index.html'}"
        )


def exit_code(grades: Sequence[Grade], parts: set[str], *, single: bool) -> int:
    """What the outcomes of these parts come to, of a single submission or of a class."""
    outcomes = {part.outcome for one in grades for part in one.parts if part.part in parts}
    if Outcome.GRADER_ERROR in outcomes:
        return GRADER_FAILED
    return NOT_ALL_PASSED if single and outcomes != {Outcome.PASSED} else ALL_PASSED


@contextmanager
def _telling_system() -> Iterator[None]:
    """A page that the system does not let be written is told with what to do."""
    try:
        yield
    except OSError as error:
        raise GraderError(
            f"{error.filename or 'A page'} could not be written ({error.strerror}). Free some "
            "space, or make the folder writable, and run the same command again: nothing that was "
            "graded is lost."
        ) from error


def _stock_told(stock: Stock) -> list[str]:
    """What is new in a class that was graded before."""
    if not (stock.same or stock.changed or stock.removed):
        return []
    counted = {
        "new": stock.added,
        "changed": stock.changed,
        "as before": stock.same,
        "no longer there": stock.removed,
    }
    told = [f"{len(ids)} {word}" for word, ids in counted.items() if ids]
    return [f"Submissions: {', '.join(told)}."]


def _late_told(run: Run) -> list[str]:
    """Who lost points for being late, and of whom that cannot be told."""
    num_late = sum(bool(grade.late) for grade in run.grades)
    told = [f"Handed in late, with points taken off: {num_late}."] if num_late else []
    if run.untimed:
        told.append(
            f"Nobody knows when they were handed in, so nothing is taken off: {len(run.untimed)}. "
            "The class page lists them."
        )
    return told


def _say(request: Request, *lines: str) -> None:
    if not request.quiet:
        for line in lines:
            click.echo(line)
