"""Face of the program: what the items of one pytest process share, and the run of one part."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import pytest

from data import DataError
from grader.batch.desk import Desk, Live
from grader.errors import UsageError
from grader.grading import Evidence, grade_part, grade_submission
from grader.records import (
    Check,
    CheckName,
    Grade,
    Part,
    PartGrade,
    Student,
    Submission,
    Training,
)
from grader.report.drawings import Drawings
from grader.report.images import Album
from grader.report.writing import write_student_page
from grader.submissions import source_at
from grader.training.task import asked_kernels
from grader.training.worker import available_threads

SHEET_FOLDERS = ("exercises", "solutions")
REPORT_FOLDER = "report"


class GradingSession:
    """What one pytest process grades with, and what it found out so far."""

    KEY = pytest.StashKey["GradingSession"]()

    def __init__(self, config: pytest.Config) -> None:
        self.root = config.rootpath
        self.with_training = not config.option.no_train
        self.desk = Desk(config.option.data, _num_threads())
        self.grades: dict[str, PartGrade] = {}
        self.report: Path | None = None
        self.is_worker = hasattr(config, "workerinput")
        self.is_controller = config.pluginmanager.has_plugin("dsession")

    @property
    def parts(self) -> dict[str, Part]:
        """All parts of all sheets, by id."""
        return self.desk.parts

    def part_of(self, path: Path) -> Part | None:
        """The part whose file this is, in exercises/ or its mirror solutions/; else None."""
        sheet_folder = path.parent
        if path.suffix != ".py" or sheet_folder.parent not in self._sheet_roots():
            return None
        part = self.parts.get(path.stem)
        return part if part and part.sheet == sheet_folder.name else None

    def _sheet_roots(self) -> list[Path]:
        return [self.root / name for name in SHEET_FOLDERS]

    def start(self, paths: Iterable[Path]) -> None:
        """Let the processes start while pytest goes on, if one of these files is a part.

        Raises pytest's UsageError where the data set cannot be had or the environment asks for
        what there is not. Under pytest-xdist the controller calls this too: only there does pytest
        tell a UsageError in a sentence.
        """
        files = {path: part for path in paths if (part := self.part_of(path))}
        if not files:
            return
        if not (self.is_controller or all(map(self._is_known, files.values(), files))):
            self.desk.start()
        if not self.is_worker:
            try:
                self._require_data(files.values())
                # A wrong word in the environment is a wrong call, and told before any training.
                asked_kernels()
            except (DataError, UsageError) as error:
                raise pytest.UsageError(str(error)) from error

    def _is_known(self, part: Part, path: Path) -> bool:
        """Whether this file's checks can be told from what was found before."""
        source = source_at(path, part.id)
        try:
            return self.desk.is_known(part, source, with_training=self.with_training)
        except (DataError, UsageError):
            # Told in a sentence by `start`.
            return False

    def _require_data(self, parts: Iterable[Part]) -> None:
        """Load the data set while the processes start, and see that it goes with these parts."""
        _ = self.desk.data
        if self.with_training:
            self.desk.require_fitting(parts)

    def is_anything_open(self) -> bool:
        """Whether a part was looked at and is not done, as far as its checks were asked for."""
        return any(not grade.outcome.is_settled for grade in self.grades.values())

    def grade(self) -> Grade:
        """The parts seen so far as one submission."""
        order = [self.grades[name] for name in self.parts if name in self.grades]
        return grade_submission(Submission("report", Student("Your report"), {}), order)

    def finish(self) -> None:
        """End the processes and write the report of what was graded."""
        self.close()
        if self.grades and not self.is_worker:
            grade = replace(self.grade(), report=f"{REPORT_FOLDER}/index.html")
            run = self.desk.run()
            drawings = Drawings(Album(self.desk.data.x_test))
            self.report = write_student_page(grade, run, self.root, self.parts, drawings)

    def close(self) -> None:
        """End the processes; nothing is waited for."""
        self.desk.close()


def _num_threads() -> int:
    """Threads of a training: all cores, shared fairly between the workers of pytest-xdist."""
    num_workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    return max(1, available_threads() // num_workers)


def session_of(config: pytest.Config) -> GradingSession:
    """The grading session of this pytest process."""
    return config.stash[GradingSession.KEY]


class PartRun:
    """One part of one pytest run: steps are taken when a check needs them, and only once."""

    def __init__(self, part: Part, path: Path, session: GradingSession) -> None:
        self.part = part
        self._path = path
        self._session = session
        self._training: Training | None = None
        self.was_interrupted = False

    def check(self, name: CheckName, live: Live) -> Check:
        """The result of one check, with the steps before it.

        What interrupts it (pytest-timeout, say) is remembered: steps are not begun once more.
        """
        try:
            return self._check(name, live)
        except BaseException:
            self.was_interrupted = True
            raise

    def _check(self, name: CheckName, live: Live) -> Check:
        needs_training = name in {CheckName.TRAINING, CheckName.ACCURACY}
        if needs_training and self._session.with_training and self._training is None:
            self._train(live)
        grade = self.grade()
        return next(check for check in grade.checks if check.name is name)

    def grade(self) -> PartGrade:
        """The part's grade as far as it is known; kept in the session for the report."""
        evidence = replace(self._examined, training=self._training)
        grade = grade_part(
            self.part,
            evidence,
            self._session.desk.data.sha256,
            with_training=self._session.with_training,
        )
        self._session.grades[self.part.id] = grade
        return grade

    @cached_property
    def _examined(self) -> Evidence:
        """All that is known without training."""
        source = source_at(self._path, self.part.id)
        return self._session.desk.examine(self.part, [source])

    def _train(self, live: Live) -> None:
        self._training = self._session.desk.train(self.part, self._examined, live)
