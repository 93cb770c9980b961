"""Face of the program: what the cells of one kernel share: a desk, and the parts graded so far."""

from __future__ import annotations

import atexit
import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

from grader import messages
from grader.batch.desk import Desk
from grader.errors import UsageError
from grader.grading import Evidence, grade_part, grade_submission
from grader.notebook.cells import RunCells, run_cells
from grader.notebook.showing import LiveCurve, Output
from grader.notebook.told import StoppedError
from grader.records import Part, PartGrade, Run, Student, Submission, Training
from grader.report.drawings import Drawings
from grader.report.fragments import comparison_fragment, part_fragment
from grader.report.images import Album
from grader.sheets import find_part


@dataclass(frozen=True)
class _Examined:
    """A part as its cell gives it, before the training, and what was noticed in the cell."""

    part: Part
    evidence: Evidence
    notices: tuple[str, ...]


class Session:
    """The parts of one notebook, checked and trained where the student works."""

    def __init__(self, cells: RunCells) -> None:
        self._cells = cells
        self.desk = Desk()
        self._grades: dict[str, PartGrade] = {}

    def check(self, part_id: str, build_model: object) -> None:
        """Show the checks of the part up to its training."""
        output = Output()
        with self._stoppable():
            examined = self._examine(part_id, build_model, output)
        self._keep(examined, self.desk.kept(examined.part, examined.evidence))
        grade = self._grade(examined, None)
        self._show(output, grade, [*examined.notices, messages.after_check(examined.part, grade)])

    def train(self, part_id: str, build_model: object) -> None:
        """Show the checks of the part, with its training while it runs and when it is done."""
        output = Output()
        with self._stoppable():
            examined = self._examine(part_id, build_model, output)
        part = examined.part
        self.desk.require_fitting([part])
        live = LiveCurve(output, part, self._grade(examined, None).threshold)
        with self._stoppable(live.stopped):
            training = self.desk.train(part, examined.evidence, live)
        grade = self._keep(examined, training)
        if training is None:
            lines = [messages.before_training(part)]
        else:
            lines = [*messages.after_training(part, grade, before=not live.has_started)]
        self._show(output, grade, [*examined.notices, *lines])

    def compare(self) -> None:
        """Show the parts that were looked at so far."""
        output = Output()
        parts = self.desk.parts
        grades = [self._grades[part_id] for part_id in parts if part_id in self._grades]
        if not grades:
            output.say(messages.nothing_to_compare())
            return
        grade = grade_submission(Submission("notebook", Student("You"), {}), grades)
        output.show(comparison_fragment(grade, parts))

    def _examine(self, part_id: str, build_model: object, output: Output) -> _Examined:
        """Raises UsageError where there is no such part, or no cell of it."""
        part = self.desk.parts[find_part(self.desk.sheets, part_id).id]
        source, notices = self._cells.source(part.id, build_model, self.desk.parts)
        output.say(messages.checking_message(part))
        if not self.desk.is_known(part, source, with_training=False):
            self.desk.start()
        evidence = self.desk.examine(part, [source])
        return _Examined(part, evidence, messages.notice_messages(notices))

    def _grade(self, examined: _Examined, training: Training | None) -> PartGrade:
        evidence = replace(examined.evidence, training=training)
        return grade_part(examined.part, evidence, self.desk.data.sha256)

    def _keep(self, examined: _Examined, training: Training | None) -> PartGrade:
        """The part's grade, kept for `compare`."""
        grade = self._grade(examined, training)
        self._grades[grade.part] = grade
        return grade

    def _show(self, output: Output, grade: PartGrade, lines: list[str]) -> None:
        told = [line for line in lines if line]
        output.show(part_fragment(grade, self._run, self.desk.parts, told, self._drawings))

    @contextmanager
    def _stoppable(self, on_stop: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Inside, an interrupt ends what runs; the next call begins with new processes."""
        try:
            yield
        except KeyboardInterrupt:
            self.desk.close()
            on_stop()
            raise StoppedError("Interrupted.") from None

    @cached_property
    def _run(self) -> Run:
        return self.desk.run()

    @cached_property
    def _drawings(self) -> Drawings:
        return Drawings(Album(self.desk.data.x_test))


@functools.cache
def session() -> Session:
    """The session of this kernel, which ends with it. Raises UsageError outside of notebooks."""
    cells = run_cells()
    if cells is None:
        raise UsageError(
            "check, train and compare work in a notebook. In a terminal `pytest exercises` makes "
            "the same checks."
        )
    found = Session(cells)
    atexit.register(found.desk.close)
    return found
