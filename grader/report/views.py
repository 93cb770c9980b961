"""Telling: a grade arranged for looking at; what page and terminal show, neither decides."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from types import MappingProxyType

from grader import messages
from grader.records import (
    AlignedRow,
    Hint,
    Match,
    Outcome,
    PartGrade,
    Shape,
    Target,
    Training,
    WrongImage,
)

_FOLD_FROM = 3  # a fold of fewer rows would hide less than it costs to open


class Status(StrEnum):
    """How an outcome is marked; grader trouble has a mark of its own and is never red."""

    DONE = "done"
    OPEN = "open"
    IDLE = "idle"
    TROUBLE = "trouble"


_STATUSES: Mapping[Outcome, Status] = MappingProxyType(
    {
        Outcome.PASSED: Status.DONE,
        Outcome.FAILED: Status.OPEN,
        Outcome.NOT_ATTEMPTED: Status.IDLE,
        Outcome.SKIPPED: Status.IDLE,
        Outcome.ERROR: Status.OPEN,
        Outcome.TIMED_OUT: Status.OPEN,
        Outcome.OUT_OF_MEMORY: Status.OPEN,
        Outcome.GRADER_ERROR: Status.TROUBLE,
    }
)


@dataclass(frozen=True)
class RowView:
    """An aligned row with its number from 1, its hints, and whether it is the first to differ."""

    number: int
    aligned: AlignedRow
    hints: tuple[Hint, ...]
    is_first_difference: bool


@dataclass(frozen=True)
class Segment:
    """Neighbouring rows that are shown together, or folded away because they are equal."""

    rows: tuple[RowView, ...]
    folded: bool


@dataclass(frozen=True)
class ConfusionCell:
    """A count of the confusion matrix; `level` from 0 to 9 is its share of the person's images."""

    count: int
    level: int
    is_right: bool


@dataclass(frozen=True)
class ConfusionRow:
    """All test images of one person by what they were called, and how many there are."""

    name: str
    cells: tuple[ConfusionCell, ...]
    total: int


@dataclass(frozen=True)
class Confused:
    """So many of a person's images, of so many in all, that were taken for another person's."""

    label: int
    said: int
    count: int
    total: int


def status(outcome: Outcome) -> Status:
    """The mark that an outcome gets."""
    return _STATUSES[outcome]


def segments(part_grade: PartGrade) -> tuple[Segment, ...]:
    """The rows of a part in order; equal rows are folded but for those beside a difference."""
    rows = _row_views(part_grade)
    shown = {
        neighbour
        for index, row in enumerate(rows)
        if row.hints or row.aligned.match is not Match.SAME
        for neighbour in (index - 1, index, index + 1)
    }
    found: list[Segment] = []
    for is_shown, run in groupby(enumerate(rows), key=lambda item: item[0] in shown):
        views = tuple(row for _, row in run)
        folded = not is_shown and len(views) >= _FOLD_FROM
        if found and not folded and not found[-1].folded:
            views = found.pop().rows + views
        found.append(Segment(views, folded))
    return tuple(found)


def is_as_table(part_grade: PartGrade) -> bool:
    """Whether rows and totals are those of the table, so that there is nothing to point out."""
    rows_match = all(row.match is Match.SAME for row in part_grade.rows)
    return rows_match and part_grade.submitted_totals.fit(part_grade.reference_totals)


def general_hints(part_grade: PartGrade) -> tuple[Hint, ...]:
    """The hints that stand beside no row, and say more than the check's own sentence."""
    num_rows = len(part_grade.rows)
    said = [check.message for check in part_grade.checks]
    general = (h for h in part_grade.hints if h.row is None or not 1 <= h.row <= num_rows)
    return tuple(h for h in general if not any(h.message in message for message in said))


def notes(part_grade: PartGrade) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The notes on what counts as the same, without these words, and the others."""
    same = [note for note in part_grade.notes if note.startswith(messages.SAME)]
    others = tuple(note for note in part_grade.notes if note not in same)
    return tuple(messages.sentence(note.removeprefix(messages.SAME)) for note in same), others


def confusion(training: Training, names: Sequence[str]) -> tuple[ConfusionRow, ...]:
    """The confusion matrix with names, row by row."""
    return tuple(
        ConfusionRow(
            name=class_name(names, person),
            cells=tuple(
                ConfusionCell(count, _level(count, sum(counts)), person == said)
                for said, count in enumerate(counts)
            ),
            total=sum(counts),
        )
        for person, counts in enumerate(training.confusion)
    )


def most_confused(training: Training) -> Confused | None:
    """The two persons, this one taken for that one, that were confused most; None for no two."""
    found = [
        Confused(label, said, count, sum(counts))
        for label, counts in enumerate(training.confusion)
        for said, count in enumerate(counts)
        if said != label and count
    ]
    return max(found, key=lambda one: one.count, default=None)


def class_name(names: Sequence[str], label: int) -> str:
    """The name of the person with this label, or the label where there is no name."""
    return names[label] if 0 <= label < len(names) else str(label)


def keras_shape(shape: Shape | None) -> str:
    """A shape as Keras prints it: `(None, 48, 48, 32)`; a question mark where there is none."""
    if shape is None:
        return "?"
    comma = "," if len(shape) == 1 else ""
    return f"({', '.join(str(size) for size in shape)}{comma})"


def sentence_and_lines(message: str) -> tuple[str, str]:
    """A check's sentence, and the lines of the student's file that may stand below it."""
    sentence, _, lines = message.partition("\n")
    return sentence, textwrap.dedent(lines)


def number(value: float | None) -> str:
    """A count with its thousands apart, or points without needless zeros; a dash for None."""
    if value is None:
        return "—"
    return f"{value:,}" if isinstance(value, int) else f"{round(value, 2):,g}"


def share(value: float | None) -> str:
    """An accuracy, loss or probability with three decimals; a dash for None."""
    return "—" if value is None else f"{value:.3f}"


def measured(part_grade: PartGrade) -> str:
    """The test accuracy of a part, or its test error with that word; a dash where there is none."""
    training = part_grade.training
    test = part_grade.target.measured(training).test if training else None
    return threshold_text(part_grade.target, test)


def threshold_text(target: Target, value: float | None) -> str:
    """A figure like those of `measured`."""
    if value is None or not target.has_error:
        return share(value)
    return f"error {messages.error_text(value)}"


def class_names(training: Training, names: Sequence[str]) -> Sequence[str]:
    """What the labels of a training are called: by the part's own data set, else by `names`."""
    return names if training.data is None else training.data.names


def difference(value: float | None) -> str:
    """A difference of two shares with its sign; a dash for None."""
    return "—" if value is None else f"{value:+.3f}".replace("-", "\u2212")


def percent(part: float, whole: float) -> float:
    """So many of a hundred, from 0 to 100; 0 of nothing."""
    return round(100 * min(max(part / whole, 0.0), 1.0), 1) if whole else 0.0


def surest(training: Training, at_most: int) -> tuple[WrongImage, ...]:
    """The wrong test images of which the network was surest, those first."""
    return tuple(sorted(training.wrong, key=lambda image: -image.probability)[:at_most])


def _row_views(part_grade: PartGrade) -> list[RowView]:
    first = next(
        (i for i, row in enumerate(part_grade.rows) if row.match is not Match.SAME),
        None,
    )
    return [
        RowView(
            number=index + 1,
            aligned=aligned,
            hints=tuple(hint for hint in part_grade.hints if hint.row == index + 1),
            is_first_difference=index == first,
        )
        for index, aligned in enumerate(part_grade.rows)
    ]


def _level(count: int, total: int) -> int:
    # any count above none is to be seen, so only 0 has level 0
    return 0 if count == 0 else max(1, min(9, round(9 * count / total)))
