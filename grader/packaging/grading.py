"""Packages, where they run: grades the one submission, and writes Gradescope's results.json.

Started by `grader.packaging.autograder`, in a process that may be lost without harm.
"""

from __future__ import annotations

import sys
import time
import traceback
from pathlib import Path

from grader.batch import Batch, Facts, Listener
from grader.batch.capacity import Capacity, measured_capacity
from grader.batch.local import LocalExecutor
from grader.batch.tasks import Result, Task, TrainTask
from grader.errors import EightFacesError, GraderError, UsageError
from grader.export import gradescope
from grader.files import write_atomically
from grader.packaging.advice import TRAINING_MIB
from grader.packaging.endings import FAILED, GRADED, MEMORY, SETUP, say
from grader.packaging.record import Package, read_package
from grader.packaging.shipped import ShippedTrainings, alike
from grader.packaging.upload import Places, Upload, read_upload
from grader.records import Grade, Outcome, Part, PartGrade, Rule, Submission, Training
from grader.sandbox.rungs import means, require_confinement, sentence
from grader.sheets import calibrated_parts, load_sheets, stubs_of
from grader.submissions import read_folder
from grader.text import printable_line
from grader.training.cache import TrainingCache
from grader.training.key import versions
from grader.training.process import count_oom_kills

# Rules by which a file is told that its process ended; so it does where the container is too small.
_LOSSES = {Rule.SILENT_EXIT, Rule.MEMORY_LIMIT}


def main(arguments: list[str]) -> int:
    """Grade what lies in the autograder's folder, the only argument; the exit code.

    All that is printed is for the instructor.
    """
    places = Places(Path(arguments[0]))
    try:
        return _graded(places, read_package(places.source))
    except UsageError as error:
        say(str(error))
        return SETUP
    except EightFacesError as error:
        say(str(error))
        return FAILED
    except Exception:  # noqa: BLE001 - whatever it is, it is ours
        say(traceback.format_exc())
        return FAILED


def _graded(places: Places, package: Package) -> int:
    kills = count_oom_kills()
    confinement, capacity = means(), measured_capacity()
    require_confinement(confinement)
    upload = read_upload(places.metadata)
    _tell_place(sentence(confinement), capacity, package)
    data_path = places.source / package.data_file if package.data_file else None
    grade = _grade(places, package, upload, data_path, capacity)
    was_short = count_oom_kills() > kills
    if was_short and any(_is_loss(part) for part in grade.parts):
        say("The system ended processes for want of memory.")
        return MEMORY
    troubled = [part for part in grade.parts if part.outcome is Outcome.GRADER_ERROR]
    if troubled:
        for part in troubled:
            say(f"{part.part}: {' '.join(check.message for check in part.checks[:1])}")
        return FAILED
    write_atomically(places.results, gradescope.results(grade))
    _tell_grade(grade, upload)
    return GRADED


def _grade(
    places: Places,
    package: Package,
    upload: Upload,
    data_path: Path | None,
    capacity: Capacity,
) -> Grade:
    sheets = load_sheets()
    parts = calibrated_parts(sheets, data_path)
    submission = _submission(places, upload, parts)
    installed = versions()
    memory = ShippedTrainings(TrainingCache(), package.versions, installed)
    slots = capacity.num_slots
    listener = _Told()
    with LocalExecutor(
        slots, data_path, listener.progressed, is_tight=capacity.is_tight(slots)
    ) as executor:
        facts = Facts(package.data_sha256, installed)
        return next(iter(Batch(parts, facts, executor, memory, listener).run([submission])))


def _submission(places: Places, upload: Upload, parts: tuple[Part, ...]) -> Submission:
    """What was handed in. Raises GraderError where it cannot be read."""
    submission = read_folder(
        places.submission,
        upload.id,
        [part.id for part in parts],
        sheet_ids=list({part.sheet for part in parts}),
        stubs=stubs_of(parts),
    )
    if submission.trouble:
        raise GraderError(submission.trouble)
    return Submission(
        id=upload.id,
        student=upload.student,
        sources=submission.sources,
        notices=submission.notices,
        attempt=upload.attempt,
        submitted_at=upload.submitted_at,
        place=submission.place,
    )


class _Told(Listener):
    """Says what takes long, and what went wrong."""

    def __init__(self) -> None:
        self._began: dict[str, float] = {}

    def started(self, task: Task) -> None:
        """Trainings are what takes long; the package had no result of this one."""
        self._began[task.key] = time.monotonic()
        if isinstance(task, TrainTask):
            say(f"{printable_line(task.title)}: is trained, since the package has no result of it")

    def done(self, task: Task, result: Result) -> None:
        """With its time, by which timeouts can be chosen."""
        if isinstance(result, Training):
            seconds = time.monotonic() - self._began[task.key]
            say(f"{printable_line(task.title)}: training took {seconds:.0f} s")

    def retried(self, task: Task, reason: str) -> None:
        """Where a process was lost, say."""
        say(f"{printable_line(task.title)}: once more, since {reason}")

    def failed(self, submission: Submission, trace: str) -> None:
        """What is to be mended."""
        del submission
        say(trace)


def _is_loss(part: PartGrade) -> bool:
    """Whether the part came to nothing in a way in which too little memory shows."""
    lost = part.outcome in {Outcome.OUT_OF_MEMORY, Outcome.GRADER_ERROR}
    return lost or any(hint.rule in _LOSSES for hint in part.hints)


def _tell_place(sandbox: str, capacity: Capacity, package: Package) -> None:
    say(f"Students' files are confined by: {sandbox}.")
    free = capacity.memory_mib
    memory = "unknown" if free is None else f"{free:.0f} MiB"
    say(f"Cores: {capacity.cores:g}; free memory: {memory}")
    if free is not None and free < TRAINING_MIB:
        say(
            f"That does for networks whose training is in the package. To train any other may take "
            f"{TRAINING_MIB} MiB: choose 3 GB in the autograder's settings."
        )
    if not alike(package.versions, versions()):
        say(f"The package's trainings are of other versions and not used: {package.versions}.")


def _tell_grade(grade: Grade, upload: Upload) -> None:
    for part in grade.parts:
        say(f"{part.part}: {part.outcome}, {part.score:g} of {part.max_score:g} points")
    total = upload.total_points
    if total is not None and total != grade.max_score:
        say(
            f"The assignment has {total:g} points, these sheets have {grade.max_score:g}. Set its "
            f"autograder points to {grade.max_score:g}."
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
