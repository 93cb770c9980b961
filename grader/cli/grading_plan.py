"""Face of the program: what a run of `grader grade` is about, before any work is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from data import DataSet
from grader import messages
from grader.cli.loading import load_data
from grader.errors import UsageError
from grader.export.moodle_hand_ins import completed
from grader.gradebook import known_ids, read_roster
from grader.grading import require_fitting
from grader.records import LateRule, Part, Sheet, Student, Submission
from grader.sandbox.rungs import means, require_confinement, sentence
from grader.sheets import (
    calibrated_parts,
    find_part,
    find_sheet,
    load_sheets,
    read_late_rule,
    stubs_of,
)
from grader.submissions import EXPECTED, Found, find_submissions
from grader.text import printable_name
from grader.training.task import asked_kernels


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line; `is_tight` is `Capacity.is_tight` of its slots."""

    paths: tuple[Path, ...]
    out: Path
    data: Path | None
    num_slots: int
    sheets: tuple[str, ...]
    parts: tuple[str, ...]
    with_training: bool
    fresh: bool
    quiet: bool
    is_tight: bool = False
    unconfined: bool = False
    roster: Path | None = None
    scheduler: str | None = None


@dataclass(frozen=True)
class Plan:
    """What was found for a request: `parts` are to be graded, of `all_parts` that there are."""

    found: Found
    parts: tuple[Part, ...]
    all_parts: tuple[Part, ...]
    data: DataSet
    sandbox: str
    roster: tuple[Student, ...] | None
    late_rule: LateRule | None
    remarks: tuple[str, ...]


def make_plan(request: Request) -> Plan:
    """What the request comes to; `OUT` is there then. Raises UsageError for a wrong call."""
    confinement = means()
    # With a scheduler students' files run on its workers.
    if not request.unconfined and request.scheduler is None:
        require_confinement(confinement)
    sheets = load_sheets()
    late_rule = read_late_rule(request.out, sheets)
    all_parts = calibrated_parts(sheets, request.data)
    found = find_submissions(
        request.paths,
        [part.id for part in all_parts],
        sheet_ids=[sheet.id for sheet in sheets],
        stubs=stubs_of(all_parts),
        known_ids=known_ids(request.out),
    )
    told = messages.notice_messages(found.notices)
    if not found.submissions:
        where = ", ".join(printable_name(str(path)) for path in request.paths)
        raise UsageError(" ".join([f"Nothing to grade in {where}.", *told, EXPECTED]))
    chosen = {part.id for part in choose_parts(sheets, found.submissions, request)}
    parts = tuple(part for part in all_parts if part.id in chosen)
    data = load_data(request.data)
    if request.with_training:
        require_fitting(parts, data.x_train.shape[1:], len(data.names))
        # A wrong word in the environment is a wrong call, and told before any work.
        asked_kernels()
    roster = None if request.roster is None else read_roster(request.roster)
    if request.roster is not None:
        zone = late_rule.time_zone if late_rule else None
        listed = completed(
            found.submissions, request.roster.read_bytes(), str(request.roster), zone
        )
        found = replace(found, submissions=listed.submissions)
        told = (*told, *listed.remarks)
    _make_folder(request.out)
    return Plan(
        found=found,
        parts=parts,
        all_parts=tuple(all_parts),
        data=data,
        sandbox=sentence(confinement),
        roster=roster,
        late_rule=late_rule,
        remarks=(*told, *_without_threshold(parts, data, request)),
    )


def choose_parts(
    sheets: Sequence[Sheet], submissions: Sequence[Submission], request: Request
) -> list[Part]:
    """Parts asked for, else those of all sheets of which anyone handed in a part.

    Raises UsageError for a sheet or part that there is not.
    """
    if request.parts or request.sheets:
        asked = [find_sheet(sheets, name) for name in request.sheets]
        wanted = {part.id for sheet in asked for part in sheet.parts}
        wanted |= {find_part(sheets, name).id for name in request.parts}
    else:
        handed_in = {part for submission in submissions for part in submission.sources}
        touched = [s for s in sheets if handed_in & {part.id for part in s.parts}] or sheets
        wanted = {part.id for sheet in touched for part in sheet.parts}
    return [part for sheet in sheets for part in sheet.parts if part.id in wanted]


def _without_threshold(parts: Sequence[Part], data: DataSet, request: Request) -> list[str]:
    """What is to be said where the accuracy, or the error, cannot be checked."""
    if not request.with_training:
        return []
    trained = [part for part in parts if part.is_trained]
    without = [part for part in trained if part.calibration_for(data.sha256) is None]
    told = []
    if names := [part.id for part in without if part.data is None]:
        option = "" if request.data is None else f" --data {request.data}"
        told.append(
            f"No accuracy threshold has been measured on the data set '{data.name}' for "
            f"{', '.join(names)}: their accuracy is shown and takes no points. "
            f"`grader calibrate{option}` measures one."
        )
    if names := [part.id for part in without if part.data]:
        told.append(
            f"No threshold has been measured for {', '.join(names)} on the data that they bring: "
            "what is reached is shown and takes no points. `grader calibrate "
            f"{' '.join(names)}` measures one."
        )
    return told


def _make_folder(out: Path) -> None:
    """Make the folder of the results before any work is done; raises UsageError."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{out}: no folder can be made here ({error.strerror}). Name another with -o."
        ) from error
